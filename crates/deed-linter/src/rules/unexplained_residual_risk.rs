//! Rule `unexplained-residual-risk`.

use deed_model::{Control, ControlStatus, Risk, Treatment};

use crate::acceptance::Level;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unexplained-residual-risk",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.2 d), 6.1.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "nothing explains why less of a risk remains than there was, or more",
    options: &[],
    docs: include_str!("unexplained_residual_risk.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let (Some(inherent), Some(residual)) = (&risk.inherent, &risk.residual) else { continue };
        let on_scale =
            register.risk_criteria().is_none_or(|all| all.is_on_scale(inherent) && all.is_on_scale(residual));
        let (Some(before), Some(after)) = (inherent.score().filter(|_| on_scale), residual.score()) else { continue };
        let id = &risk.head.id;
        if after > before {
            ctx.report(
                residual.span,
                format!("risk `{id}` is higher after treatment ({after}) than before ({before})"),
            )
            .label(inherent.span, format!("before treatment: {before}"))
            .help("treatment makes a risk smaller or leaves it as it is: correct one of the two ratings");
        } else if after < before && !is_explained(ctx, risk) {
            report(ctx, risk, before, after);
        }
    }
}

/// Whether a control in place or an action done makes the risk smaller, or it is not for this rule to say.
fn is_explained(ctx: &Context<'_>, risk: &Risk) -> bool {
    let done = |action: &deed_model::Action| action.done.as_ref().is_some_and(|done| **done <= ctx.today);
    // Mitigated by no control is `invalid-treatment`.
    let none = risk.controls.is_empty() && risk.treatment.as_ref().is_none_or(|t| **t == Treatment::Mitigate);
    if none || risk.plan.iter().any(done) {
        return true;
    }
    let controls = risk.controls.iter().map(|id| ctx.register.controls.get(id));
    // That it is treated by a control that is excluded is `excluded-control-in-use`.
    let mut controls = controls.filter(|control| !control.is_some_and(Control::is_excluded)).peekable();
    !risk.controls.is_empty() && controls.peek().is_none() || controls.any(|control| control.is_none_or(works))
}

/// Whether a control is in place; of one without a status that is not known.
fn works(control: &Control) -> bool {
    control.status.as_ref().is_none_or(|status| **status == ControlStatus::Implemented)
}

fn report(ctx: &mut Context<'_>, risk: &Risk, before: i64, after: i64) {
    let (register, id) = (ctx.register, &risk.head.id);
    let Some(residual) = &risk.residual else { return };
    let lower = format!("risk `{id}` is rated lower after treatment ({after} instead of {before})");
    let accepted = risk.treatment.as_ref().filter(|treatment| treatment.value == Treatment::Accept);
    let why = match (risk.controls.as_slice(), accepted) {
        ([], Some(_)) => "it is accepted as it is".to_owned(),
        ([], None) => "no control and no action explains that".to_owned(),
        ([one], _) => format!("`{}` is not in place yet", one.value),
        _ => "none of its controls is in place yet".to_owned(),
    };
    let diagnostic = ctx.report(residual.span, format!("{lower}, but {why}"));
    for control in risk.controls.iter().filter_map(|control| register.controls.get(control)).take(3) {
        let (place, state) = match (&control.status, &control.applicable) {
            (_, Some(applicable)) if !**applicable => (applicable.span, "excluded"),
            (Some(status), _) if **status == ControlStatus::Partial => (status.span, "in place in part only"),
            (Some(status), _) => (status.span, "planned only"),
            (None, _) => continue,
        };
        diagnostic.label(place, format!("`{}` is {state}", control.head.id));
    }
    if let (Some(treatment), []) = (accepted, risk.controls.as_slice()) {
        diagnostic.label(treatment.span, "nothing is done about it");
    }
    diagnostic.help("rate what remains today; rate it lower once a control is in place or an action is `done`");
    if let Some(level) = Level::of(register, risk.inherent.as_ref()) {
        diagnostic.help(format!("until then it stays as it was, at level `{}`", level.name));
    }
}
