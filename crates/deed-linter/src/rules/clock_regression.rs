//! Rule `clock-regression`.

use deed_model::evidence::Problem;

use crate::account::commit;
use crate::proof::{Proven, by_origin};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "clock-regression",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "a commit that recorded a decision is older than its parent, or lies in the future",
    options: &[],
    docs: include_str!("clock_regression.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let regressed = |proven: &&Proven<'_>| proven.is_current && proven.told.contains(&&Problem::ClockRegression);
    for (origin, recorded) in by_origin(ctx.proven().iter().filter(regressed)) {
        let Some((first, others)) = recorded.split_first() else { continue };
        let message = format!(
            "{}, but the clock of {} ran behind its parent's or ahead of time, so that its time proves nothing",
            first.decided(register),
            commit(origin)
        );
        let diagnostic = ctx.report(first.date_place(), message);
        for other in others {
            diagnostic.label(other.date_place(), "recorded by the same commit");
        }
        diagnostic.help("set the clock of the machine that made it; decide anew where the day matters");
    }
}
