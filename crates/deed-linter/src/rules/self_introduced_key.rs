//! Rule `self-introduced-key`.

use deed_model::evidence::Problem;

use crate::account::{commit, infinitive};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "self-introduced-key",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 A.5.3, A.5.16",
    severity: ByModel::all(Setting::ERROR),
    summary: "a decision leans on a key, a person or a role that the same commit brought",
    options: &[],
    docs: include_str!("self_introduced_key.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current) {
        let introduced = proven.told.iter().find_map(|problem| match problem {
            Problem::SelfIntroduced { what } => Some(what),
            _ => None,
        });
        let (Some(what), Some(origin)) = (introduced, &proven.evidence.origin) else { continue };
        let message = format!(
            "{}, and `{what}`, on which it leans, came with {} or its branch",
            proven.decided(register),
            commit(origin)
        );
        let who = proven.doer(ctx);
        let verb = infinitive(proven.decision.verb);
        let whole = register.at_address(what);
        let subject = whole.or_else(|| register.at_address(what.rsplit_once('.')?.0));
        let diagnostic = ctx.report(proven.by_place(), message);
        if let Some(subject) = subject {
            diagnostic.label(subject.key, "came with the decision, so that nobody vouched for it before");
        }
        diagnostic.help(format!("now that it is registered, let {who} {verb} it anew, in another commit"));
    }
}
