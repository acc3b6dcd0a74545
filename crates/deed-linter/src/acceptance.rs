//! Risks: their level, who accepted them at it, and who may.

use std::collections::HashMap;

use deed_model::authority::{Hat, Power, Via};
use deed_model::{
    Action, Date, Decision, Delegation, FileRange, Layer, OwnershipModel, Person, Rating, Register, Risk, Role,
    Spanned, Treatment,
};

use crate::mandate::{Mandate, mandate};
use crate::ownership::named;
use crate::pass::Gathered;
use crate::{Context, Diagnostic};

/// The level of the risk criteria that a rating reaches.
#[derive(Clone, Copy)]
pub(crate) struct Level<'r> {
    /// 0 is the lowest.
    pub(crate) rank: usize,
    /// Its name.
    pub(crate) name: &'r str,
    /// The rating it follows from.
    rating: &'r Rating,
}

impl<'r> Level<'r> {
    /// Returns the level of a rating; `None` where there are no criteria, or the rating is not on their scale.
    pub(crate) fn of(register: &'r Register, rating: Option<&'r Rating>) -> Option<Self> {
        let (criteria, rating) = (register.risk_criteria()?, rating?);
        if !criteria.is_on_scale(rating) {
            return None;
        }
        let rank = criteria.rank_of(rating)?;
        Some(Self { rank, name: criteria.level_name(rank), rating })
    }

    /// Returns the level at which a risk is accepted.
    pub(crate) fn accepted(register: &'r Register, risk: &'r Risk) -> Option<Self> {
        Self::of(register, risk.accepted_rating())
    }

    /// Shows how the level follows from the rating.
    pub(crate) fn label(&self, diagnostic: &mut Diagnostic) {
        if let (Some(likelihood), Some(impact)) = (&self.rating.likelihood, &self.rating.impact) {
            let score = likelihood.saturating_mul(**impact);
            let text =
                format!("likelihood {} × impact {} = {score} is `{}`", likelihood.value, impact.value, self.name);
            diagnostic.label(self.rating.span, text);
        }
    }

    /// Returns the tolerance, if the level is above it; unknown levels are nobody's tolerance.
    pub(crate) fn above_tolerance(&self, register: &'r Register) -> Option<&'r Spanned<String>> {
        let criteria = register.risk_criteria()?;
        let tolerance = criteria.tolerance.as_ref()?;
        (self.rank > criteria.rank(tolerance)?).then_some(tolerance)
    }
}

/// Returns what an action of a treatment plan is called in a sentence, on one line and cut where it is long.
pub(crate) fn action_in_words(action: &Action) -> String {
    let Some(text) = &action.action else { return "an action".to_owned() };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(60).collect();
    format!("\"{}{}\"", cut.trim_end(), if cut.len() < text.len() { "…" } else { "" })
}

/// Returns whether a risk needs somebody to accept it: what remains of it is rated, or it is accepted as it is.
///
/// A risk that is avoided, with every action done, has nothing left to accept.
pub(crate) fn needs_acceptance(risk: &Risk, today: Date) -> bool {
    let treatment = risk.treatment.as_ref().map(|treatment| treatment.value);
    let done = |action: &Action| action.done.as_ref().is_some_and(|done| **done <= today);
    let avoided = treatment == Some(Treatment::Avoid) && !risk.plan.is_empty() && risk.plan.iter().all(done);
    !avoided && (risk.residual.is_some() || treatment == Some(Treatment::Accept))
}

/// Returns the acceptances of a risk that hold on a day.
pub(crate) fn in_force(risk: &Risk, today: Date) -> impl Iterator<Item = &Decision> {
    risk.accepted.iter().filter(move |accepted| accepted.in_force(today))
}

/// What an acceptance is worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is by somebody who may.
    Good,
    /// The register cannot tell.
    Unknown,
    /// It is by somebody who acts as a custodian of the ISMS only; `custodian-owns-risk` says so.
    Custodian,
    /// The level is above the tolerance, and it is not by an executive.
    NotExecutive,
    /// The level is above the limit of who made it.
    BeyondLimit,
}

/// Judges an acceptance at a level, on its own date.
pub(crate) fn standing(ctx: &Context<'_>, accepted: &Decision, level: &Level<'_>) -> Standing {
    let register = ctx.register;
    if register.custodian_hat(accepted, Some(level.rank)).is_some() {
        return Standing::Custodian;
    }
    let executives_only = level.above_tolerance(register).is_some();
    let executive = |hat: &Hat<'_>| hat.role.is_in(Layer::Executive);
    match mandate(ctx, accepted, |hat, on| suffices(register, level, hat, on)) {
        Mandate::Given => return Standing::Good,
        Mandate::Unknown => return Standing::Unknown,
        Mandate::Lacking(()) => {}
    }
    let hats = register.hats_of(accepted);
    // Under a delegation somebody is an executive for what it names only.
    let own = |hat: &Hat<'_>| executive(hat) && !matches!(hat.via, Via::Delegation(_));
    if executives_only && !hats.iter().any(own) { Standing::NotExecutive } else { Standing::BeyondLimit }
}

/// Whether a hat is enough to accept a risk at a level.
fn suffices(register: &Register, level: &Level<'_>, hat: &Hat<'_>, on: Date) -> bool {
    let executives_only = level.above_tolerance(register).is_some();
    (!executives_only || hat.role.is_in(Layer::Executive)) && register.carries(hat, Power::AcceptRisk(level.rank), on)
}

/// In whose name a risk was accepted.
pub(crate) struct Principal<'r> {
    /// The person's id; that of the role, where nobody is known to hold it.
    pub(crate) person: &'r str,
    /// What made somebody else stand in for them.
    pub(crate) lent: Option<&'r Delegation>,
}

/// Returns in whose name somebody accepted a risk at a level: their own, or that of whoever holds a role they stand in for.
pub(crate) fn principals<'r>(register: &'r Register, accepted: &'r Decision, level: &Level<'_>) -> Vec<Principal<'r>> {
    let (Some(by), Some(date)) = (&accepted.by, &accepted.date) else { return Vec::new() };
    let hats = register.hats_of(accepted).into_iter().filter(|hat| suffices(register, level, hat, **date));
    let of_hat = |hat: Hat<'r>| match hat.via {
        Via::Delegation(delegation) => {
            let holder = register.holder(hat.role, **date).person();
            Principal { person: &holder.map_or(&hat.role.head, |person| &person.head).id, lent: Some(delegation) }
        }
        Via::Holder | Via::Acting => Principal { person: by, lent: None },
    };
    let mut all: Vec<_> = hats.map(of_hat).collect();
    // A former role: only history knows which.
    if all.is_empty() {
        all.push(Principal { person: by, lent: None });
    }
    all
}

/// Returns the acceptance in force that counts, if it lacks something: the latest, unless a good one was made on the same
/// day or later.
///
/// `None` too where one cannot be judged: it may be the one that counts.
pub(crate) fn flawed<'r>(ctx: &Context<'_>, risk: &'r Risk, level: &Level<'_>) -> Option<(&'r Decision, Standing)> {
    let date = |accepted: &Decision| accepted.date.as_ref().map(|date| date.value);
    let judged: Vec<_> = in_force(risk, ctx.today).map(|accepted| (accepted, standing(ctx, accepted, level))).collect();
    if judged.iter().any(|(_, standing)| *standing == Standing::Unknown) {
        return None;
    }
    let good = judged.iter().filter(|(_, standing)| *standing == Standing::Good).map(|(good, _)| date(good)).max();
    let lacking = judged.into_iter().filter(|(_, standing)| !matches!(standing, Standing::Good | Standing::Custodian));
    lacking
        .max_by_key(|(accepted, _)| date(accepted))
        .filter(|(accepted, _)| good.is_none_or(|good| date(accepted) > good))
}

/// Who may accept risk today, for help; who may at a level is worked out once.
pub(crate) struct Acceptors<'r> {
    register: &'r Register,
    today: Date,
    executive_led: bool,
    by_rank: HashMap<usize, Gathered<Vec<(&'r Role, &'r Person)>>>,
}

impl<'r> Acceptors<'r> {
    pub(crate) fn new(ctx: &Context<'r>) -> Self {
        let executive_led = ctx.model() == Some(OwnershipModel::ExecutiveLed);
        Self { register: ctx.register, today: ctx.today, executive_led, by_rank: HashMap::new() }
    }

    /// Returns up to three who may accept a risk at a level: the owner and those above the owner first; never a custodian,
    /// nor the one who asks.
    pub(crate) fn of(&mut self, risk: &Risk, level: &Level<'_>) -> Vec<(&'r Role, &'r Person)> {
        let (register, today) = (self.register, self.today);
        let power = Power::AcceptRisk(level.rank);
        let may = self.by_rank.entry(level.rank).or_default().get(|| register.who_may(power, today));
        let executives_only = level.above_tolerance(register).is_some();
        let asks = risk.requested_by.as_ref().and_then(|asks| register.accountable(asks, today));
        let suits = |role: &Role, person: &Person| {
            let layer = if executives_only { role.is_in(Layer::Executive) } else { !role.is_in(Layer::Isms) };
            layer && asks.is_none_or(|asks| asks.head.id != person.head.id)
        };
        let mut found: Vec<(&Role, &Person)> = Vec::new();
        let owners = risk.owner.iter().take(1).flat_map(|owner| register.roles_of(owner, today));
        let line = owners.flat_map(|role| std::iter::once(role).chain(register.reporting_line(role).above));
        let near = line.filter_map(|role| Some((role, register.holder(role, today).person()?)));
        let near = near.filter(|(role, _)| register.role_carries(role, power, today));
        for (role, person) in near.chain(may.iter().copied()) {
            if found.len() == 3 {
                break;
            }
            if suits(role, person) && !found.iter().any(|(known, _)| known.head.id == role.head.id) {
                found.push((role, person));
            }
        }
        found
    }

    /// Returns what to do to have a risk accepted, as in "ask `ceo` (Ada Moreau) to accept it".
    pub(crate) fn ask(&mut self, risk: &Risk, level: &Level<'_>) -> String {
        let executives_only = level.above_tolerance(self.register).is_some();
        match named(self.of(risk, level)) {
            Some(may) if executives_only && self.executive_led => {
                format!("it takes two executives: ask {may} to accept it")
            }
            Some(may) => format!("ask {may} to accept it"),
            None => format!(
                "nobody may accept it: a role{} needs `accept_risk: {}` in its `authority`",
                if executives_only { " in layer `executive`" } else { "" },
                level.name
            ),
        }
    }
}

/// Shows up to which level somebody could accept risk on the day of a decision, and the delegations that did not hold then.
pub(crate) fn label_limit(register: &Register, accepted: &Decision, level: &Level<'_>, diagnostic: &mut Diagnostic) {
    let (Some(by), Some(date)) = (&accepted.by, &accepted.date) else { return };
    let hats = register.hats_of(accepted);
    for hat in hats.iter().take(3) {
        let (place, text) = limit(hat);
        diagnostic.label(place, text);
    }
    let receives = |to: &str| **by == to || hats.iter().any(|hat| hat.role.head.id == to);
    let reaches = |limit: &Spanned<String>| {
        register.risk_criteria().and_then(|criteria| criteria.rank(limit)).is_some_and(|rank| rank >= level.rank)
    };
    for delegation in register.delegations.iter().filter(|delegation| !delegation.in_force(**date)) {
        let named = delegation.authority.as_ref().and_then(|authority| authority.accept_risk.as_ref());
        let helps = named.is_some_and(reaches) && delegation.to.as_ref().is_some_and(|to| receives(to));
        let Some(granted) = delegation.granted.first().filter(|_| helps) else { continue };
        let id = &delegation.head.id;
        match (&granted.date, &granted.until) {
            (Some(from), _) if **from > **date => {
                diagnostic.label(from.span, format!("delegation `{id}` was granted later, on {}", from.value));
            }
            (_, Some(until)) if **until < **date => {
                diagnostic.label(until.span, format!("delegation `{id}` was over by then, on {}", until.value));
            }
            _ => {}
        }
    }
}

/// Up to which level a hat may accept risk, and where that is written.
pub(crate) fn limit(hat: &Hat<'_>) -> (FileRange, String) {
    let id = &hat.role.head.id;
    let limit = hat.role.authority.as_ref().and_then(|authority| authority.accept_risk.as_ref());
    match (hat.via, limit) {
        (Via::Delegation(delegation), _) => {
            let lent = delegation.authority.as_ref().and_then(|authority| authority.accept_risk.as_ref());
            match lent {
                Some(lent) => (lent.span, format!("`{}` passes on up to `{}`", delegation.head.id, lent.value)),
                None => (delegation.head.key, format!("`{}` from `{id}` passes on nothing of it", delegation.head.id)),
            }
        }
        (_, Some(limit)) => (limit.span, format!("`{id}` may accept risk up to `{}`", limit.value)),
        (_, None) => (hat.role.head.key, format!("`{id}` may accept no risk")),
    }
}
