//! Rule `uncommitted-decision`.

use deed_model::evidence::Problem;

use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "uncommitted-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3",
    severity: ByModel::all(Setting::INFO),
    summary: "a decision in the working tree is not in history yet",
    options: &[],
    docs: include_str!("uncommitted_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten() {
        if !matches!(proven.told.as_slice(), [Problem::Uncommitted]) {
            continue;
        }
        let message = format!("{}, which is not in history yet", proven.decided(register));
        let who = proven.who(register);
        ctx.report(proven.by_place(), message)
            .help(format!("let {who} commit it: until then nothing shows that {who} decided"));
    }
}
