//! Who may decide what, on which day.
//!
//! A person acts under a [`Hat`]: a role they hold, a role they hold for the time being, or a role that a delegation in
//! force lends them. What a hat carries is computed for one day and one register, so that history can ask the same of
//! the register before a commit.
//!
//! A delegation lends the standing of the role it comes from, and of that role's powers what it names. Powers pass
//! through any number of delegations; standing passes from a role only once. Deputies hold nothing by being deputies.

mod carry;
mod custodian;
mod decider;
mod entitled;
mod line;
mod links;

pub use carry::Power;
pub use decider::{Decider, LastDay};
pub use entitled::Entitlement;
pub use line::{Chain, ChainEnd};
pub(crate) use links::Links;

use std::collections::HashSet;

use crate::{Date, Decision, Delegation, Layer, Person, PersonKind, Register, Role};

/// How a person comes to act in a role.
#[derive(Clone, Copy, Debug)]
pub enum Via<'r> {
    /// The role names them as its holder.
    Holder,
    /// The role names them as its holder until a day.
    Acting,
    /// A delegation from the role's holder, limited to what it names.
    Delegation(&'r Delegation),
}

/// A role somebody may act in on a day.
#[derive(Clone, Copy, Debug)]
pub struct Hat<'r> {
    /// The role.
    pub role: &'r Role,
    /// How they come to it.
    pub via: Via<'r>,
}

/// Who stands behind a role on a day.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'r> {
    /// One active natural person.
    Held(&'r Person),
    /// Nobody is named.
    Nobody,
    /// More than one is named.
    Several,
    /// The id is nobody's.
    Unknown,
    /// The person named had not joined yet, or has left.
    Inactive(&'r Person),
    /// A team or a service account, not a natural person.
    Impersonal(&'r Person),
    /// The acting holder's time is over.
    ActingOver(&'r Person),
}

impl<'r> Holder<'r> {
    /// Returns the person who holds the role.
    pub const fn person(self) -> Option<&'r Person> {
        match self {
            Self::Held(person) => Some(person),
            _ => None,
        }
    }
}

/// What an owner field names.
#[derive(Clone, Copy, Debug)]
pub enum Party<'r> {
    /// A role.
    Role(&'r Role),
    /// A person.
    Person(&'r Person),
}

impl Register {
    /// Returns what an owner field names; a role is preferred where both exist.
    pub fn party(&self, id: &str) -> Option<Party<'_>> {
        self.roles.get(id).map(Party::Role).or_else(|| self.people.get(id).map(Party::Person))
    }

    /// Returns who holds a role on a day.
    pub fn holder<'r>(&'r self, role: &Role, on: Date) -> Holder<'r> {
        let [id] = role.held_by.as_slice() else {
            return if role.held_by.is_empty() { Holder::Nobody } else { Holder::Several };
        };
        match self.people.get(id) {
            None => Holder::Unknown,
            Some(person) if person.kind != PersonKind::Person => Holder::Impersonal(person),
            Some(person) if !person.is_active(on) => Holder::Inactive(person),
            Some(person) if role.acting_until.as_ref().is_some_and(|until| **until < on) => Holder::ActingOver(person),
            Some(person) => Holder::Held(person),
        }
    }

    /// Returns the natural person an owner field comes down to on a day: the holder of the role, or the person named.
    ///
    /// Accountability stays where it is, so delegations make no difference.
    pub fn accountable(&self, owner: &str, on: Date) -> Option<&Person> {
        match self.party(owner)? {
            Party::Role(role) => self.holder(role, on).person(),
            Party::Person(person) => person.can_decide(on).then_some(person),
        }
    }

    /// Returns every role a person may act in on a day, own roles first, then delegations in force.
    pub fn hats(&self, person: &str, on: Date) -> Vec<Hat<'_>> {
        let mut received = self.links.received(person).to_vec();
        if !self.people.get(person).is_some_and(|person| person.can_decide(on)) || self.roles.get(person).is_some() {
            received.clear();
        }
        let mut hats = Vec::new();
        for role in self.roles_held(person, on) {
            hats.push(Hat { role, via: if role.acting_until.is_some() { Via::Acting } else { Via::Holder } });
            received.extend_from_slice(self.links.received(&role.head.id));
        }
        received.sort_unstable();
        for delegation in self.delegations.in_rows(&received).filter(|delegation| delegation.in_force(on)) {
            let lent = self.roles_lent(delegation, on).into_iter();
            hats.extend(lent.map(|role| Hat { role, via: Via::Delegation(delegation) }));
        }
        hats
    }

    /// The roles a person holds on a day.
    fn roles_held<'r>(&'r self, person: &str, on: Date) -> impl Iterator<Item = &'r Role> {
        let named = self.roles.in_rows(self.links.held(person));
        named.filter(move |role| self.holder(role, on).person().is_some())
    }

    /// The delegations to an id in force on a day.
    fn delegations_to<'r>(&'r self, id: &str, on: Date) -> impl Iterator<Item = &'r Delegation> {
        let received = self.delegations.in_rows(self.links.received(id));
        received.filter(move |delegation| delegation.in_force(on))
    }

    /// The roles a delegation lends: the one it comes from, or those of the person it comes from, be they held by or
    /// delegated to that person.
    fn roles_lent<'r>(&'r self, delegation: &'r Delegation, on: Date) -> Vec<&'r Role> {
        let mut lent: Vec<&Role> = Vec::new();
        let mut met: HashSet<&str> = HashSet::new();
        let mut pending = vec![delegation];
        while let Some(delegation) = pending.pop() {
            if !met.insert(&delegation.head.id) {
                continue;
            }
            match delegation.from.as_ref().and_then(|from| self.party(from)) {
                Some(Party::Role(role)) => lent.push(role),
                Some(Party::Person(person)) if person.can_decide(on) => {
                    lent.extend(self.roles_held(&person.head.id, on));
                    pending.extend(self.delegations_to(&person.head.id, on));
                }
                _ => {}
            }
        }
        lent
    }

    /// Returns the roles an owner field stands for: the role itself, or every role a person holds on a day.
    pub fn roles_of(&self, id: &str, on: Date) -> Vec<&Role> {
        match self.party(id) {
            Some(Party::Role(role)) => vec![role],
            Some(Party::Person(person)) => self.roles_held(&person.head.id, on).collect(),
            None => Vec::new(),
        }
    }

    /// Returns the hats a decision may have been made under: all of the decider's on its date, or those of its `as` role
    /// with what is delegated to that role.
    ///
    /// Empty where the decision has no decider or no date.
    pub fn hats_of(&self, decision: &Decision) -> Vec<Hat<'_>> {
        let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return Vec::new() };
        let mut hats = self.hats(by, **date);
        if let Some(role) = &decision.as_role {
            hats.retain(|hat| {
                let to_role = match hat.via {
                    Via::Delegation(delegation) => delegation.to.as_ref(),
                    Via::Holder | Via::Acting => None,
                };
                hat.role.head.id == **role || to_role.is_some_and(|to| **to == **role)
            });
        }
        hats
    }

    /// Returns a hat under which a decision carries a power, if the decider had one on its date.
    pub fn hat_for(&self, decision: &Decision, power: Power<'_>) -> Option<Hat<'_>> {
        let date = **decision.date.as_ref()?;
        self.hats_of(decision).into_iter().find(|hat| self.carries(hat, power, date))
    }

    /// Returns a hat of a layer the decider had on the decision's date.
    ///
    /// A delegated hat has the layer of its role, be it that the delegation names something else: ask [`Self::carries`]
    /// of the hat too where the decision takes a power.
    pub fn hat_in(&self, decision: &Decision, layer: Layer) -> Option<Hat<'_>> {
        self.hats_of(decision).into_iter().find(|hat| hat.role.is_in(layer))
    }

    /// Returns whether a decision was made by the holder of an owner field on its date: the person named, the holder of
    /// the role named, or somebody whom a delegation in force makes stand for either.
    pub fn is_by_holder(&self, decision: &Decision, owner: &str) -> bool {
        let Some(date) = &decision.date else { return false };
        match self.party(owner) {
            Some(Party::Role(role)) => self.hats_of(decision).iter().any(|hat| hat.role.head.id == role.head.id),
            Some(Party::Person(person)) => {
                person.is_active(**date) && (decision.is_by(&person.head.id) || self.stands_for(decision, owner))
            }
            None => false,
        }
    }

    /// Whether a delegation from a person, in force on the decision's date, reaches the decider.
    fn stands_for(&self, decision: &Decision, person: &str) -> bool {
        let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return false };
        let from_person = |delegation: &Delegation| delegation.from.as_ref().is_some_and(|from| **from == person);
        let to = self.roles_held(by, **date).map(|role| role.head.id.as_str()).chain([by.as_str()]);
        to.filter(|to| decision.as_role.as_ref().is_none_or(|role| **role == *to))
            .filter(|to| self.accountable(to, **date).is_some_and(|receiver| decision.is_by(&receiver.head.id)))
            .any(|to| self.delegations_to(to, **date).any(from_person))
    }

    /// Returns the highest rank of residual risk a decider could accept on the decision's date.
    pub fn acceptance_limit(&self, decision: &Decision) -> Option<usize> {
        let ranks = self.risk_criteria()?.levels.len();
        (0..ranks).rev().find(|rank| self.hat_for(decision, Power::AcceptRisk(*rank)).is_some())
    }

    /// Returns the departments a role heads.
    pub fn departments_headed_by<'r>(&'r self, role: &'r str) -> impl Iterator<Item = &'r crate::Department> {
        self.departments
            .iter()
            .filter(move |department| department.headed_by.as_ref().is_some_and(|head| **head == role))
    }
}
