//! Rule `unaccepted-risk`.

use deed_model::{Treatment, Verb};

use crate::acceptance::{Acceptors, Level, needs_acceptance};
use crate::account::vanished;
use crate::decided::is_undecided;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unaccepted-risk",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.3 f), 8.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "nobody accepted what remains of a risk",
    options: &[],
    docs: include_str!("unaccepted_risk.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        // A risk without a rating cannot be accepted yet: `unrated-risk` speaks of that.
        if risk.accepted_rating().is_none()
            || !needs_acceptance(risk, today)
            || !is_undecided(ctx, &risk.head, Verb::Accepted, &risk.accepted)
        {
            continue;
        }
        let id = &risk.head.id;
        let level = Level::accepted(register, risk);
        let at = level.map(|level| format!(", level `{}`", level.name)).unwrap_or_default();
        let message = match &risk.treatment {
            Some(treatment) if **treatment == Treatment::Accept => {
                format!("risk `{id}`{at}, is to be accepted as it is, but nobody accepted it")
            }
            _ => format!("nobody accepted what remains of risk `{id}`{at}"),
        };
        let help = level.map(|level| acceptors.ask(risk, &level));
        let above = level.and_then(|level| level.above_tolerance(register));
        let lost = vanished(ctx, &risk.head, Verb::Accepted);
        let diagnostic = ctx.report(risk.head.key, message);
        if let Some(level) = &level {
            level.label(diagnostic);
        }
        if let Some(tolerance) = above {
            diagnostic.label(tolerance.span, "above this level only executives accept");
        }
        for date in risk.accepted.iter().filter_map(|accepted| accepted.date.as_ref()) {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
        if let Some(lost) = lost {
            diagnostic.help(lost);
        }
        diagnostic.help(help.unwrap_or_else(|| "ask who may accept it to do so: `accepted`".to_owned()));
        if risk.treatment.as_ref().is_some_and(|treatment| **treatment == Treatment::Avoid) && !risk.plan.is_empty() {
            diagnostic.help("or finish what avoids it, and record when each action was `done`");
        }
    }
}
