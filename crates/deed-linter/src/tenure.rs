//! Who decided, against who held the role it took, as far as one register can tell.
//!
//! A register names present holders only. Where it cannot tell who held a role on a past day, nothing is said: history
//! will.

use deed_model::authority::{Party, Via};
use deed_model::{Date, Decision, Delegation, Layer, Person, PersonKind, Register, Role, Spanned};

use crate::Context;

/// What there is to say about a decision.
#[derive(Clone, Copy)]
pub(crate) enum Verdict<'r> {
    /// The decider could decide.
    Fine,
    /// The decider had not joined yet, or had left.
    NotThere,
    /// The decision names a role that another person held.
    NotTheirs(&'r Role, &'r Person),
    /// The decider held the role it takes, but decided expressly in another one.
    InOther(&'r Role),
    /// Another person held the role it takes.
    NotHolder(&'r Role, &'r Person),
    /// Another person is named.
    NotNamed(&'r Person),
    /// None of the roles that could decide was the decider's.
    NoneOfThem,
    /// By today's register they could; by the one before the decision they could not: why.
    NotThen(&'r str),
}

/// A decision that somebody made who could not, and why not.
pub(crate) struct Judged<'r> {
    pub(crate) decision: &'r Decision,
    pub(crate) person: &'r Person,
    pub(crate) on: Date,
    pub(crate) verdict: Verdict<'r>,
}

/// Judges decisions made by today: nothing, if one of them is fine or cannot be judged; else the latest.
///
/// Where history knows who could decide then, it has the word; the register says why somebody could not, if it can tell.
/// A decider nobody knows, one who is a team, and a role nobody knows are told by other rules.
pub(crate) fn judge<'r>(
    ctx: &Context<'r>,
    decisions: impl IntoIterator<Item = &'r Decision>,
    verdict: impl Fn(&'r Decision, &'r Person, Date) -> Option<Verdict<'r>>,
) -> Option<Judged<'r>> {
    let (register, today) = (ctx.register, ctx.today);
    let mut wrong: Option<Judged<'_>> = None;
    for decision in decisions.into_iter().filter(|decision| decision.made_by(today)) {
        let on = decision.date.as_ref()?.value;
        let person = register.people.get(decision.by.as_ref()?).filter(|person| person.kind == PersonKind::Person)?;
        let by_register = || {
            if !person.is_active(on) {
                return Some(Verdict::NotThere);
            }
            match named_but_not_held(register, decision)? {
                Some(role) => Some(Verdict::NotTheirs(role, held_by_other(register, role, person, on, today)?)),
                None => verdict(decision, person, on),
            }
        };
        let verdict = match (ctx.entitled(decision), by_register()) {
            (Some(true), _) => Verdict::Fine,
            (Some(false), None | Some(Verdict::Fine)) => {
                ctx.not_entitled(decision).map_or(Verdict::Fine, Verdict::NotThen)
            }
            (_, verdict) => verdict?,
        };
        if matches!(verdict, Verdict::Fine) {
            return None;
        }
        if wrong.as_ref().is_none_or(|last| last.on <= on) {
            wrong = Some(Judged { decision, person, on, verdict });
        }
    }
    wrong
}

/// Judges decisions that take the holder of a role, or a person, that a field names.
pub(crate) fn judge_by_party<'r>(ctx: &Context<'r>, decisions: &'r [Decision], party: &str) -> Option<Judged<'r>> {
    let (register, today) = (ctx.register, ctx.today);
    judge(ctx, decisions, |decision, person, on| {
        // Most decisions are by the holder, which is cheap to see.
        let holds = register.accountable(party, on).is_some_and(|holder| holder.head.id == person.head.id);
        if holds && decision.as_role.is_none() || register.is_by_holder(decision, party) {
            return Some(Verdict::Fine);
        }
        match register.party(party)? {
            Party::Role(role) if holds => Some(Verdict::InOther(role)),
            Party::Role(role) => Some(Verdict::NotHolder(role, held_by_other(register, role, person, on, today)?)),
            Party::Person(named) => (named.kind == PersonKind::Person).then_some(Verdict::NotNamed(named)),
        }
    })
}

/// Judges decisions that take an executive.
pub(crate) fn judge_executive<'r>(ctx: &Context<'r>, decisions: &'r [Decision]) -> Option<Judged<'r>> {
    let (register, today) = (ctx.register, ctx.today);
    let executives: Vec<_> = register.roles.iter().filter(|role| role.is_in(Layer::Executive)).collect();
    // Without any `missing-top-management` speaks.
    if executives.is_empty() {
        return None;
    }
    judge(ctx, decisions, |decision, person, on| {
        if register.hat_in(decision, Layer::Executive).is_some() {
            return Some(Verdict::Fine);
        }
        none_of_them(register, &executives, person, on, today)
    })
}

/// The verdict that none of some roles was a person's, if that is known of each.
pub(crate) fn none_of_them<'r>(
    register: &'r Register,
    roles: &[&'r Role],
    person: &Person,
    on: Date,
    today: Date,
) -> Option<Verdict<'r>> {
    let known = |role: &&&Role| {
        let own = register.holder(role, on).person().is_some_and(|holder| holder.head.id == person.head.id);
        own || held_by_other(register, role, person, on, today).is_some()
    };
    (roles.iter().filter(known).count() == roles.len()).then_some(Verdict::NoneOfThem)
}

/// The role a decision names in `as`, if the decider had no such hat; `None` where nobody knows the role.
#[expect(clippy::option_option, reason = "not known, nothing to say, and something to say")]
fn named_but_not_held<'r>(register: &'r Register, decision: &Decision) -> Option<Option<&'r Role>> {
    let Some(named) = &decision.as_role else { return Some(None) };
    let role = register.roles.get(named)?;
    Some(register.hats_of(decision).is_empty().then_some(role))
}

/// Returns who held a role on a past day, if not `decider`: the present holder, unless they may have come to it later.
///
/// They had it by then if they acknowledged it by then. Where they never did, it is theirs since ever, unless `decider`
/// may have been the one before them: acknowledged it, or has left since.
pub(crate) fn held_by_other<'r>(
    register: &'r Register,
    role: &Role,
    decider: &Person,
    on: Date,
    today: Date,
) -> Option<&'r Person> {
    let holder = register.holder(role, on).person().filter(|holder| holder.head.id != decider.head.id)?;
    let own = role.acknowledged.iter().filter(|decision| decision.is_by(&holder.head.id));
    let held = match own.filter_map(|decision| decision.date.as_ref()).map(|date| date.value).min() {
        Some(day) => day <= on,
        None => decider.is_active(today) && !role.was_taken_on_by(&decider.head.id, on),
    };
    held.then_some(holder)
}

/// Returns the roles a person holds, as holder or acting one, if they did so on a day.
pub(crate) fn roles_of_their_own<'r>(
    register: &'r Register,
    person: &Person,
    on: Date,
) -> impl Iterator<Item = &'r Role> {
    let own = register.hats(&person.head.id, on).into_iter().filter(|hat| !matches!(hat.via, Via::Delegation(_)));
    own.map(|hat| hat.role)
}

/// Returns the delegation that explains why somebody else than the owner decided: the owner is who receives it, the
/// decider who passes it on.
pub(crate) fn handed_over<'r>(
    register: &'r Register,
    owner: &str,
    decision: &Decision,
    today: Date,
) -> Option<&'r Delegation> {
    // Most decisions are by the owner, which is cheap to see.
    let by_owner = |date: &Spanned<Date>| register.accountable(owner, date.value);
    if decision.date.as_ref().and_then(by_owner).is_some_and(|holder| decision.is_by(&holder.head.id)) {
        return None;
    }
    let mut to_owner = register
        .delegations
        .iter()
        .filter(|delegation| delegation.to.as_ref().is_some_and(|to| to.value == owner) && delegation.in_force(today));
    let delegation = to_owner
        .find(|delegation| delegation.from.as_ref().is_some_and(|from| register.is_by_holder(decision, from)))?;
    (!register.is_by_holder(decision, owner)).then_some(delegation)
}
