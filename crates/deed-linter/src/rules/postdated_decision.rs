//! Rule `postdated-decision`.

use deed_model::evidence::Problem;

use crate::account::{commit, days};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "postdated-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a decision bears a later day than the commit that recorded it",
    options: &[],
    docs: include_str!("postdated_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten() {
        let late = proven.told.iter().find_map(|problem| match problem {
            Problem::Postdated { days } => Some(*days),
            _ => None,
        });
        let (Some(late), Some(act)) = (late, proven.evidence.act()) else { continue };
        let message = format!(
            "{}, it says, but was recorded {} before, in {}",
            proven.decided(register),
            days(late),
            commit(act)
        );
        let anew = proven.anew(ctx);
        ctx.report(proven.date_place(), message).help(format!("{anew}, on the day it is decided and with that day"));
    }
}
