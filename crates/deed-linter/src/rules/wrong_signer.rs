//! Rule `wrong-signer`.

use std::sync::Arc;

use deed_model::evidence::{CommitFacts, Problem};

use crate::account::{commit, name};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "wrong-signer",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "somebody else signed the commit that records a decision",
    options: &[],
    docs: include_str!("wrong_signer.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current) {
        let signer = proven.told.iter().find_map(|problem| match problem {
            Problem::WrongSigner { signer } => Some(signer),
            _ => None,
        });
        let Some(signer) = signer else { continue };
        let signed = name(register, signer);
        // Of the commit that recorded it, or of the merge that adopted it in the decider's name.
        let commits = [&proven.evidence.origin, &proven.evidence.adoption].into_iter().flatten();
        let signed_by = |facts: &&Arc<CommitFacts>| facts.signature.person.as_deref() == Some(signer.as_str());
        let of = commits.clone().find(signed_by).or(commits.clone().next());
        let of = of.map(|facts| format!(" of {}", commit(facts))).unwrap_or_default();
        let message = format!("{}, but the signature{of} is {signed}'s", proven.decided(register));
        let anew = proven.anew(ctx);
        let diagnostic = ctx.report(proven.by_place(), message);
        if let Some(person) = register.people.get(signer) {
            diagnostic.label(person.head.key, "whose key signed it");
        }
        diagnostic.help(format!("{anew}, in a commit signed with a key of their own"));
    }
}
