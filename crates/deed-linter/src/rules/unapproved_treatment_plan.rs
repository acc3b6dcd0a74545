//! Rule `unapproved-treatment-plan`.

use deed_model::authority::{Hat, Party, Power, Via};
use deed_model::{Date, Decision, Layer, OwnershipModel, Risk, Treatment, Verb};

use crate::acceptance::Level;
use crate::decided::{ended, is_undecided};
use crate::elapsed::tense;
use crate::mandate::{Mandate, by_register, mandate, unmandated};
use crate::ownership::{named, owner_in_words};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "unapproved-treatment-plan",
    group: Group::Risks,
    source: "ISO/IEC 27001:2022 6.1.3 f)",
    severity: ByModel::all(Setting::ERROR),
    summary: "the owner of a risk did not approve how it is treated",
    options: &[],
    docs: include_str!("unapproved_treatment_plan.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let treated = risk.treatment.as_ref().is_some_and(|treatment| **treatment != Treatment::Accept);
        if treated && (!risk.plan.is_empty() || !risk.controls.is_empty()) {
            check_risk(ctx, risk);
        }
    }
}

fn check_risk(ctx: &mut Context<'_>, risk: &Risk) {
    let (register, today, id) = (ctx.register, ctx.today, &risk.head.id);
    // No owner, several owners, an unknown one or a vacant role: each is reported as that.
    let [owner] = risk.owner.as_slice() else { return };
    let Some(holder) = owner_in_words(register, owner, today) else { return };
    if is_undecided(ctx, &risk.head, Verb::Approved, &risk.approved) {
        let diagnostic = ctx.report(risk.head.key, format!("nobody approved the treatment plan of risk `{id}`"));
        for date in risk.approved.iter().filter_map(|approved| approved.date.as_ref()) {
            diagnostic.label(date.span, format!("not in force before {}", date.value));
        }
        diagnostic.label(owner.span, "the owner approves it").help(format!("ask {holder} to approve it"));
        return;
    }
    if let Some(until) = ended(&risk.approved, ctx.horizon) {
        let ended = tense(**until, today, "ended", "ends");
        let message = format!("the approval of the treatment plan of risk `{id}` {ended} on {}", until.value);
        ctx.report(until.span, message).due(**until).help(format!("ask {holder} to approve it anew"));
        return;
    }
    // Others may approve beside the owner, before or after: an executive, say.
    let approved_by_owner = |approved: &Decision| !matches!(by_owner(ctx, risk, approved), Mandate::Lacking(()));
    if risk.approved.iter().filter(|approved| approved.made_by(today)).any(approved_by_owner) {
        if ctx.model() == Some(OwnershipModel::ExecutiveLed) {
            check_executive(ctx, risk);
        }
    } else if let Some((approved, ())) = unmandated(&risk.approved, today, |approved| by_owner(ctx, risk, approved)) {
        let (Some(by), Some(date)) = (&approved.by, &approved.date) else { return };
        let who = register.people.get(by).map_or(by.as_str(), |person| person.display());
        // The owner too can decide expressly as something else.
        let in_other = approved
            .as_role
            .as_ref()
            .filter(|_| register.accountable(owner, **date).is_some_and(|holder| approved.is_by(&holder.head.id)));
        let message = match in_other {
            Some(role) => format!(
                "{who} approved the treatment plan of risk `{id}` on {} as `{}`, and not as its owner",
                date.value, role.value
            ),
            None => format!("{who} approved the treatment plan of risk `{id}` on {}, but is not its owner", date.value),
        };
        let owns = format!("it is owned by {holder}");
        ctx.report(by.span, message).label(owner.span, owns).help(format!("ask {holder} to approve it"));
    }
}

/// Whether an approval is by the risk owner.
fn by_owner(ctx: &Context<'_>, risk: &Risk, approved: &Decision) -> Mandate<()> {
    let register = ctx.register;
    let Some(owner) = risk.owner.first() else { return Mandate::Unknown };
    match register.party(owner) {
        Some(Party::Role(role)) => mandate(ctx, approved, |hat, _| hat.role.head.id == role.head.id),
        Some(Party::Person(_)) if register.is_by_holder(approved, owner) => Mandate::Given,
        Some(Party::Person(_)) => mandate(ctx, approved, |_, _| false),
        None => Mandate::Unknown,
    }
}

/// Under the executive-led model an executive stands behind the plan too.
fn check_executive(ctx: &mut Context<'_>, risk: &Risk) {
    let (register, today) = (ctx.register, ctx.today);
    let rank = Level::of(register, risk.inherent.as_ref()).map(|level| level.rank);
    // A delegation makes an executive of somebody for what it names only.
    let executive = |hat: &Hat<'_>, on: Date| {
        let stands = match hat.via {
            Via::Delegation(_) => rank.is_some_and(|rank| register.carries(hat, Power::AcceptRisk(rank), on)),
            Via::Holder | Via::Acting => true,
        };
        hat.role.is_in(Layer::Executive) && stands
    };
    let made = risk.approved.iter().filter(|approved| approved.made_by(today));
    let mut last: Option<&Decision> = None;
    for approved in made {
        if !matches!(by_register(register, approved, today, executive), Mandate::Lacking(())) {
            return;
        }
        last = last
            .filter(|last| last.date.as_ref().map(|d| d.value) > approved.date.as_ref().map(|d| d.value))
            .or(Some(approved));
    }
    let Some(by) = last.and_then(|last| last.by.as_ref()) else { return };
    let executives = register.roles.iter().filter(|role| role.is_in(Layer::Executive));
    let executives = executives.filter_map(|role| Some((role, register.holder(role, today).person()?)));
    let ask = named(executives).map_or_else(
        || "give the executives a role in layer `executive`, and ask one of them to approve it too".to_owned(),
        |may| format!("ask {may} to approve it too; `approved` may be a list of decisions"),
    );
    let message =
        format!("the treatment plan of risk `{}` is approved by its owner, but by no executive", risk.head.id);
    ctx.report(by.span, message).help(ask);
}
