//! Rule `acceptance-without-expiry`.

use deed_model::Decision;

use crate::acceptance::{Level, in_force};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "acceptance-without-expiry",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 8.2; ISO/IEC 27005:2022",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk is accepted without an end, or for too long",
    options: &[],
    docs: include_str!("acceptance_without_expiry.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let level = Level::accepted(register, risk);
        let several = risk.accepted.len() > 1;
        for accepted in in_force(risk, today) {
            check_acceptance(ctx, &risk.head.id, accepted, level, several);
        }
    }
}

fn check_acceptance(ctx: &mut Context<'_>, id: &str, accepted: &Decision, level: Option<Level<'_>>, several: bool) {
    let register = ctx.register;
    let Some(date) = &accepted.date else { return };
    // The longest the level allows, and the last day that gives.
    let max = level.and_then(|level| {
        let limits = &register.risk_criteria()?.max_acceptance;
        let (name, period) = limits.iter().find(|(name, _)| **name == level.name)?;
        Some((level, name, *period, period.after(**date)))
    });
    match (&accepted.until, max) {
        (None, _) if ctx.is_written_in(accepted.range.file, accepted.node, "until") => {}
        (None, max) => {
            let place = if several { accepted.range } else { accepted.key };
            let diagnostic = ctx.report(place, format!("risk `{id}` is accepted without an end"));
            match max {
                Some((level, name, period, last)) => diagnostic
                    .label(name.span, format!("`{}` may be accepted for {period}", level.name))
                    .help(format!("have it accepted anew with an `until`, {last} at the latest")),
                None => {
                    diagnostic.help("have it accepted anew with an `until`: the last day before it is looked at again")
                }
            };
        }
        (Some(until), Some((level, name, period, last))) if **until > last => {
            let message = format!(
                "risk `{id}` of level `{}` is accepted until {}, for longer than {period}",
                level.name, until.value
            );
            let diagnostic = ctx.report(until.span, message);
            diagnostic
                .label(date.span, format!("{period} from this day is {last}"))
                .label(name.span, format!("the longest `{}` may be accepted", level.name));
            level.label(diagnostic);
            diagnostic.help(format!("have it accepted anew until {last} at the latest, and looked at again then"));
        }
        _ => {}
    }
}
