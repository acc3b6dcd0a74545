//! Rule `expired-acceptance`.

use crate::acceptance::{Acceptors, Level, needs_acceptance};
use crate::decided::any_in_force;
use crate::elapsed::{tense, when};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "expired-acceptance",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 8.2",
    severity: ByModel::all(Setting::ERROR),
    summary: "the acceptance of an open risk has ended",
    options: &[],
    docs: include_str!("expired_acceptance.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        if any_in_force(&risk.accepted, ctx.horizon) || !needs_acceptance(risk, today) {
            continue;
        }
        let made = risk.accepted.iter().filter(|accepted| accepted.made_by(today));
        let Some(until) = made.filter_map(|accepted| accepted.until.as_ref()).max_by_key(|until| until.value) else {
            continue;
        };
        let id = &risk.head.id;
        let level = Level::accepted(register, risk);
        let help = level.map(|level| acceptors.ask(risk, &level));
        let to_come = risk.accepted.iter().filter_map(|accepted| accepted.date.as_ref()).find(|date| ***date > today);
        let ended = tense(**until, today, "ended", "ends");
        let message = format!("the acceptance of risk `{id}` {ended} {}", when(**until, today));
        let diagnostic = ctx.report(until.span, message).due(**until);
        if let Some(date) = to_come {
            diagnostic.label(date.span, format!("accepted anew, but not before {}", date.value));
        }
        diagnostic.help("rate it again: much may have changed since");
        if let Some(help) = help {
            diagnostic.help(format!("{help} anew, or say since when it is no risk any more: `closed: …`"));
        }
    }
}
