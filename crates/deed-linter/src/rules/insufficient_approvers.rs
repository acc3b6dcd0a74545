//! Rule `insufficient-approvers`.

use std::collections::BTreeSet;

use deed_model::{OwnershipModel, Section, Verb};

use crate::acceptance::Level;
use crate::account::{name, what};
use crate::proof::Proven;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "insufficient-approvers",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 A.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "fewer people provably decided than the decision names or takes",
    options: &[],
    docs: include_str!("insufficient_approvers.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for together in ctx.each_proven() {
        let current: Vec<_> = together.iter().filter(|proven| proven.is_current).collect();
        let named: BTreeSet<_> = together.iter().filter(|p| counts(ctx, p)).map(Proven::by).collect();
        let Some(first) = current.first() else { continue };
        let stand: BTreeSet<_> = current.iter().map(|proven| proven.by()).collect();
        // Where one decides alone, and where history could not look, other rules have the word.
        let takes = if takes_two(ctx, first) { named.len().min(2) } else { 0 }.max(stand.len());
        let is_told = current.iter().any(|proven| !proven.is_sound());
        let is_unknown = current.iter().any(|proven| !proven.is_proven() && proven.is_unknown());
        if takes < 2 || is_told || is_unknown {
            continue;
        }
        let proved: BTreeSet<_> =
            current.iter().filter(|proven| proven.is_proven()).map(|proven| proven.by()).collect();
        if proved.len() >= takes {
            continue;
        }
        let names: Vec<_> = proved.iter().map(|by| name(register, by)).collect();
        let message = format!(
            "{} was {} by {takes} people, it says, but history proves it of {}",
            what(first.head, first.decision.verb),
            first.decision.verb.key(),
            if names.is_empty() { "none of them".to_owned() } else { format!("{} only", names.join(" and ")) }
        );
        let missing = together.iter().filter(|proven| !proved.contains(proven.by()) && named.contains(proven.by()));
        let missing: Vec<_> = missing.collect();
        let diagnostic = ctx.report(first.decision.key, message);
        for proven in &missing {
            let who = proven.who(register);
            diagnostic.label(proven.by_place(), format!("nothing shows that {who} decided"));
            diagnostic.help(format!("let {who} commit, or merge, a decision of {who}'s own"));
        }
    }
}

/// Whether a decision is one of those that were made together, be it that another one has superseded it.
fn counts(ctx: &Context<'_>, proven: &Proven<'_>) -> bool {
    proven.decision.in_force(ctx.today)
}

/// Whether the ownership model asks for two: executives who accept a risk above the tolerance.
fn takes_two(ctx: &Context<'_>, proven: &Proven<'_>) -> bool {
    let accepts = (proven.head.section, proven.decision.verb) == (Section::Risks, Verb::Accepted);
    let risk = ctx.register.risks.get(&proven.head.id).filter(|_| accepts);
    let level = risk.and_then(|risk| Level::accepted(ctx.register, risk));
    ctx.model() == Some(OwnershipModel::ExecutiveLed)
        && level.is_some_and(|level| level.above_tolerance(ctx.register).is_some())
}
