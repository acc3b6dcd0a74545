//! Rule `backdated-decision`.

use deed_model::evidence::Problem;

use crate::account::{commit, days, grace};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "backdated-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a decision bears a much earlier day than the commit that recorded it",
    options: &[],
    docs: include_str!("backdated_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current && !proven.is_anybodys()) {
        let early = proven.told.iter().find_map(|problem| match problem {
            Problem::Backdated { days } => Some(*days),
            _ => None,
        });
        let (Some(early), Some(act)) = (early, proven.evidence.act()) else { continue };
        let message = format!(
            "{}, it says, but was recorded {} later, in {}",
            proven.decided(register),
            days(early),
            commit(act)
        );
        let grace = grace(ctx);
        let anew = proven.anew(ctx);
        let diagnostic = ctx.report(proven.date_place(), message);
        if let Some(grace) = grace {
            diagnostic.label(grace.span, "how long recording may take");
        }
        diagnostic.help(format!("{anew}, with the day it happens on"));
    }
}
