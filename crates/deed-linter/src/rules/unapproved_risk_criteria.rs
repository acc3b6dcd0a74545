//! Rule `unapproved-risk-criteria`.

use deed_model::authority::Power;
use deed_model::{Section, Verb};

use crate::decided::{any_in_force, is_undecided, latest};
use crate::elapsed::tense;
use crate::ownership::named;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unapproved-risk-criteria",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 a) 1)",
    severity: ByModel::all(Setting::ERROR),
    summary: "there are no approved criteria to accept risk by",
    options: &[],
    docs: include_str!("unapproved_risk_criteria.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let may = named(register.who_may(Power::Approve(Section::RiskCriteria, ""), today));
    let ask = may.map_or_else(
        || "nobody may approve them: name `risk_criteria` in the `authority.approve` of an executive role".to_owned(),
        |may| format!("ask {may} to approve them"),
    );
    let Some(criteria) = register.risk_criteria() else {
        let open = register.risks.iter().find(|risk| risk.is_open(today));
        let (Some(_), Some(risk)) = (register.isms(), open) else { return };
        let place = ctx.root_span();
        ctx.report(place, "there are risks, but no `risk_criteria` to judge them by")
            .label(risk.head.key, "the first of them")
            .help(
                "say how risk is rated, from which score each level begins, and what may be accepted: `risk_criteria`",
            )
            .help(ask);
        return;
    };
    if is_undecided(ctx, &criteria.head, Verb::Approved, &criteria.approved) {
        let diagnostic = ctx.report(criteria.head.key, "nobody approved the risk criteria");
        for date in criteria.approved.iter().filter_map(|approved| approved.date.as_ref()) {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
        diagnostic.help(ask);
    } else if !any_in_force(&criteria.approved, ctx.horizon)
        && let Some(until) = latest(&criteria.approved, today).and_then(|approved| approved.until.as_ref())
    {
        let message =
            format!("the approval of the risk criteria {} on {}", tense(**until, today, "ended", "ends"), until.value);
        ctx.report(until.span, message).due(**until).help(ask);
    }
}
