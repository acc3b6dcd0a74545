//! Rule `custodian-owns-risk`.

use deed_model::authority::{Party, Power, Via};
use deed_model::{FileRange, Layer, OwnershipModel, Risk, Role};

use crate::acceptance::Level;
use crate::ownership::named;
use crate::{ByModel, Check, Context, Diagnostic, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "custodian-owns-risk",
    group: Group::People,
    source: "ISO/IEC 27001:2022 6.1.2 c) 2), 6.1.3 f)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a custodian of the ISMS owns a risk, or accepts one",
    options: &[],
    docs: include_str!("custodian_owns_risk.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        owned_by_custodian(ctx, risk);
        accepted_by_custodian(ctx, risk);
    }
}

fn owned_by_custodian(ctx: &mut Context<'_>, risk: &Risk) {
    let register = ctx.register;
    let [owner] = risk.owner.as_slice() else { return };
    let (who, custodian) = match register.party(owner) {
        Some(Party::Role(role)) if role.is_in(Layer::Isms) => (format!("`{}`", role.head.id), role),
        Some(Party::Person(person)) => {
            let roles = register.roles_of(owner, ctx.today);
            let Some(role) = only_custodian(&roles) else { return };
            (person.display().to_owned(), role)
        }
        _ => return,
    };
    let help = candidates(ctx, risk).map_or_else(
        || "name the role that answers for what the risk threatens, of layer `owner` or `executive`".to_owned(),
        |names| {
            format!(
                "name the role that answers for what the risk threatens: {names} may accept it at its inherent level"
            )
        },
    );
    let grade = graded(ctx, risk);
    let diagnostic =
        ctx.report(owner.span, format!("risk `{}` is owned by {who}, a custodian of the ISMS", risk.head.id));
    explain(diagnostic, custodian, grade);
    diagnostic.help(help);
}

fn accepted_by_custodian(ctx: &mut Context<'_>, risk: &Risk) {
    let (register, today) = (ctx.register, ctx.today);
    for accepted in risk.accepted.iter().filter(|accepted| accepted.in_force(today)) {
        let (Some(by), Some(date)) = (&accepted.by, &accepted.date) else { continue };
        let Some(person) = register.people.get(by) else { continue };
        let level = Level::accepted(register, risk);
        let Some(hat) = register.custodian_hat(accepted, level.map(|level| level.rank)) else { continue };
        let own = register.hats(by, **date).into_iter().map(|hat| hat.role).find(|role| role.is_in(Layer::Isms));
        let Some(custodian) = own.or(Some(hat.role)).filter(|role| role.is_in(Layer::Isms)) else { continue };
        let help = candidates(ctx, risk).map_or_else(
            || "let somebody accept it who may: an executive, or an owner with the authority".to_owned(),
            |names| format!("let {names} accept it; a custodian can be named in `requested_by`"),
        );
        let grade = graded(ctx, risk);
        let message = format!(
            "risk `{}` was accepted on {} by {}, a custodian of the ISMS",
            risk.head.id,
            date.value,
            person.display()
        );
        let diagnostic = ctx.report(by.span, message);
        explain(diagnostic, custodian, grade);
        if let (Via::Delegation(delegation), false) = (hat.via, hat.role.is_in(Layer::Isms)) {
            let text = format!("what `{}` lends is not for a custodian to accept risk with", delegation.head.id);
            diagnostic.label(delegation.head.key, text);
        }
        diagnostic.help(help);
    }
}

/// A custodian's role, if somebody has no other roles than such.
fn only_custodian<'r>(roles: &[&'r Role]) -> Option<&'r Role> {
    let all = roles.iter().all(|role| role.is_in(Layer::Isms));
    roles.first().copied().filter(|_| all)
}

/// A central function may carry the risks of the ISMS itself, though it is better not to.
fn graded(ctx: &Context<'_>, risk: &Risk) -> Severity {
    let internal = risk.scope.as_ref().is_some_and(|scope| scope.value == "isms");
    if internal && ctx.model() == Some(OwnershipModel::Centralized) { Severity::Warning } else { Severity::Error }
}

fn explain(diagnostic: &mut Diagnostic, custodian: &Role, grade: Severity) {
    if grade == Severity::Warning {
        diagnostic.graded(grade);
    }
    let layer: FileRange = custodian.layer.as_ref().map_or(custodian.head.key, |layer| layer.span);
    diagnostic.label(layer, format!("`{}` coordinates the ISMS; it does not carry its risks", custodian.head.id));
}

/// Who could accept the risk as it came, custodians aside.
fn candidates(ctx: &Context<'_>, risk: &Risk) -> Option<String> {
    let register = ctx.register;
    let rank = register.risk_criteria()?.rank_of(risk.inherent.as_ref().or(risk.residual.as_ref())?)?;
    let may = register.who_may(Power::AcceptRisk(rank), ctx.today);
    named(may.into_iter().filter(|(role, _)| !role.is_in(Layer::Isms)))
}
