//! Rule `self-requested-acceptance`.

use deed_model::{Decision, Layer, OwnershipModel, Risk};

use crate::acceptance::{Acceptors, Level, in_force};
use crate::{ByModel, Check, Context, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "self-requested-acceptance",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 A.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a risk was accepted by the person who asked for it",
    options: &[],
    docs: include_str!("self_requested_acceptance.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let mut acceptors = Acceptors::new(ctx);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        for accepted in in_force(risk, today) {
            report(ctx, risk, accepted, &mut acceptors);
        }
    }
}

fn report(ctx: &mut Context<'_>, risk: &Risk, accepted: &Decision, acceptors: &mut Acceptors<'_>) {
    let register = ctx.register;
    let (Some(asks), Some(by), Some(date)) = (&risk.requested_by, &accepted.by, &accepted.date) else { return };
    let Some(person) = register.accountable(asks, **date).filter(|person| accepted.is_by(&person.head.id)) else {
        return;
    };
    let level = Level::accepted(register, risk);
    // `custodian-owns-risk` speaks of it.
    if register.custodian_hat(accepted, level.map(|level| level.rank)).is_some() {
        return;
    }
    let id = &risk.head.id;
    let countersigned = in_force(risk, ctx.today)
        .find(|other| !other.is_by(&person.head.id) && register.hat_in(other, Layer::Executive).is_some());
    let countersigned = countersigned.filter(|_| ctx.model() == Some(OwnershipModel::ExecutiveLed));
    let help = level.map(|level| acceptors.ask(risk, &level));
    let message =
        format!("{} asked for risk `{id}` to be accepted, and accepted it on {}", person.display(), date.value);
    let diagnostic = ctx.report(by.span, message);
    let as_role = if **asks == person.head.id { String::new() } else { format!(", a role of {}", person.display()) };
    diagnostic.label(asks.span, format!("asked for by `{}`{as_role}", asks.value));
    if let Some(by) = countersigned.and_then(|other| other.by.as_ref()) {
        diagnostic.graded(Severity::Warning).label(by.span, "another executive accepted it too");
        diagnostic.help("leave the decision to the other one, or name who really asked for it: `requested_by`");
        return;
    }
    diagnostic.help(help.unwrap_or_else(|| "ask somebody else who may to accept it".to_owned()));
}
