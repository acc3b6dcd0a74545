//! Rule `altered-decision`.

use deed_model::evidence::Problem;

use crate::account::{field_place, short};
use crate::ownership::listed;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "altered-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3 e)",
    severity: ByModel::all(Setting::ERROR),
    summary: "somebody changed another person's recorded decision",
    options: &[],
    docs: include_str!("altered_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.each_proven().flatten() {
        let altered = proven.told.iter().find_map(|problem| match problem {
            Problem::Altered { by, author, fields } => Some((by, author, fields)),
            _ => None,
        });
        let Some((by, author, fields)) = altered else { continue };
        let changed = if fields.is_empty() { "it".to_owned() } else { listed(fields.iter().map(String::as_str), 3) };
        let message = format!("{}, but {author} changed {changed} in commit {}", proven.decided(register), short(by));
        let place = fields.first().map_or(proven.decision.range, |field| field_place(ctx, proven.decision, field));
        let anew = proven.anew(ctx);
        ctx.report(place, message)
            .help(format!("{anew}: a decision is followed by another one, never changed"))
            .help(format!("or put back what was decided: `git show {}` shows it", short(by)));
    }
}
