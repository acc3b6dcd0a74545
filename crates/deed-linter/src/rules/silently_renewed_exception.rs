//! Rule `silently-renewed-exception`.

use deed_model::evidence::Problem;

use crate::account::{field_place, short};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "silently-renewed-exception",
    group: Group::Exceptions,
    source: "ISO/IEC 27001:2022 A.5.36, 7.5.3 e)",
    severity: ByModel::all(Setting::ERROR),
    summary: "the end of an exception was moved without another decision",
    options: &[],
    docs: include_str!("silently_renewed_exception.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten() {
        let renewed = proven.told.iter().find_map(|problem| match problem {
            Problem::Renewed { by, author, from, to } => Some((by, author, from, to)),
            _ => None,
        });
        let Some((by, author, from, to)) = renewed else { continue };
        let message = format!(
            "{} until {from}, and {author} moved its end to {to} in commit {}",
            proven.decided(register),
            short(by)
        );
        let anew = proven.anew(ctx);
        ctx.report(field_place(ctx, proven.decision, "until"), message)
            .help(format!("{anew} if it is to last until {to}, with the day of that decision"))
            .help(format!("or put the end back to {from}"));
    }
}
