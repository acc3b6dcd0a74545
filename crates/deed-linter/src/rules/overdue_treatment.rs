//! Rule `overdue-treatment`.

use deed_model::authority::Party;
use deed_model::{Action, Date, Layer, OwnershipModel, Person, Risk, Role, Spanned};

use crate::acceptance::action_in_words;
use crate::elapsed::{tense, when};
use crate::ownership::{named, owner_in_words};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "overdue-treatment",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 8.3, 6.1.3 e)",
    severity: ByModel::all(Setting::ERROR),
    summary: "an action of a treatment plan is late",
    options: &[],
    docs: include_str!("overdue_treatment.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        for action in &risk.plan {
            let Some(due) = action.due.as_ref().filter(|due| ctx.is_over(***due)) else { continue };
            let done = match &action.done {
                Some(done) => **done <= today,
                None => ctx.is_written_in(action.span.file, action.node, "done"),
            };
            if !done {
                report(ctx, risk, action, due);
            }
        }
    }
}

fn report(ctx: &mut Context<'_>, risk: &Risk, action: &Action, due: &Spanned<Date>) {
    let (register, today, id) = (ctx.register, ctx.today, &risk.head.id);
    let what = action_in_words(action);
    let escalate = if ctx.model() == Some(OwnershipModel::ExecutiveLed) { named(executives(ctx, risk)) } else { None };
    let was = tense(**due, today, "was", "is");
    let message = format!("{what}, for risk `{id}`, {was} due {}", when(**due, today));
    let diagnostic = ctx.report(due.span, message).due(**due);
    if let Some(done) = &action.done {
        diagnostic.label(done.span, "this day is still to come");
    }
    if let Some(by) = &action.by {
        let who = owner_in_words(register, by, today).unwrap_or_else(|| format!("`{}`", by.value));
        diagnostic.label(by.span, format!("{who} does it"));
    }
    if let [owner] = risk.owner.as_slice()
        && let Some(holder) = owner_in_words(register, owner, today)
    {
        diagnostic.label(owner.span, format!("{holder} answers for it"));
    }
    diagnostic
        .help("if it is finished, say since when: `done: …`; if not, agree on a new date and have the plan approved");
    if let Some(executives) = escalate {
        diagnostic.help(format!("escalate to {executives}, who stands behind it"));
    }
}

/// The executives behind a risk: the sponsors of its controls, else the first executive above its owner.
fn executives<'r>(ctx: &Context<'r>, risk: &Risk) -> Vec<(&'r Role, &'r Person)> {
    let (register, today) = (ctx.register, ctx.today);
    let held = |role: &'r Role| Some((role, register.holder(role, today).person()?));
    let mut found: Vec<(&Role, &Person)> = Vec::new();
    for sponsor in risk.controls.iter().filter_map(|control| register.controls.get(control)?.sponsor.as_ref()) {
        let Some(Party::Role(role)) = register.party(sponsor) else { continue };
        if !found.iter().any(|(known, _)| known.head.id == role.head.id) {
            found.extend(held(role));
        }
    }
    if found.is_empty()
        && let Some(owner) = risk.owner.first()
    {
        let roles = register.roles_of(owner, today);
        let line = roles.into_iter().flat_map(|role| std::iter::once(role).chain(register.reporting_line(role).above));
        found.extend(line.filter(|role| role.is_in(Layer::Executive)).filter_map(held).take(1));
    }
    found
}
