//! Who may decide what, on which day.
//!
//! A person acts under a [`Hat`]: a role they hold, a role they hold for the time being, or a role that a delegation in
//! force lends them. What a hat carries is computed for one day and one register, so that history can ask the same of
//! the register before a commit.

use crate::{Date, Decision, Delegation, Layer, Person, PersonKind, Register, Role, Section};

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

/// What a decision's authority is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Power<'a> {
    /// Approve a section or one of its subjects.
    Approve(Section, &'a str),
    /// Grant an exception or a delegation.
    Grant(Section, &'a str),
    /// Accept residual risk of a rank of the risk criteria.
    AcceptRisk(usize),
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
    pub fn accountable(&self, owner: &str, on: Date) -> Option<&Person> {
        match self.party(owner)? {
            Party::Role(role) => self.holder(role, on).person(),
            Party::Person(person) => (person.kind == PersonKind::Person && person.is_active(on)).then_some(person),
        }
    }

    /// Returns every role a person may act in on a day, own roles first, then delegations in force.
    pub fn hats(&self, person: &str, on: Date) -> Vec<Hat<'_>> {
        let holds = |role: &&Role| self.holder(role, on).person().is_some_and(|p| p.head.id == person);
        let mut hats: Vec<_> = self
            .roles
            .iter()
            .filter(holds)
            .map(|role| Hat { role, via: if role.acting_until.is_some() { Via::Acting } else { Via::Holder } })
            .collect();
        for delegation in self.delegations.iter().filter(|delegation| delegation.in_force(on)) {
            let (Some(from), Some(to)) = (&delegation.from, &delegation.to) else { continue };
            if self.accountable(to, on).is_some_and(|receiver| receiver.head.id == person) {
                let lent = self.roles_of(from, on).into_iter();
                hats.extend(lent.map(|role| Hat { role, via: Via::Delegation(delegation) }));
            }
        }
        hats
    }

    /// Returns the roles an owner field stands for: the role itself, or every role a person holds on a day.
    pub fn roles_of(&self, id: &str, on: Date) -> Vec<&Role> {
        match self.party(id) {
            Some(Party::Role(role)) => vec![role],
            Some(Party::Person(person)) => {
                let holds = |role: &&Role| self.holder(role, on).person().is_some_and(|p| p.head.id == person.head.id);
                self.roles.iter().filter(holds).collect()
            }
            None => Vec::new(),
        }
    }

    /// Returns the hats a decision may have been made under: all of the decider's on its date, or those of its `as` role.
    ///
    /// Empty where the decision has no decider or no date.
    pub fn hats_of(&self, decision: &Decision) -> Vec<Hat<'_>> {
        let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return Vec::new() };
        let mut hats = self.hats(by, **date);
        if let Some(role) = &decision.as_role {
            hats.retain(|hat| hat.role.head.id == **role);
        }
        hats
    }

    /// Returns whether a hat carries a power on a day.
    ///
    /// A delegated hat carries what the delegation names, and never more than the role it comes from carries itself:
    /// nobody can pass on more than they have.
    pub fn carries(&self, hat: &Hat<'_>, power: Power<'_>, on: Date) -> bool {
        let own = match hat.via {
            Via::Holder | Via::Acting => return self.role_carries(hat.role, power, on),
            Via::Delegation(delegation) => delegation.authority.as_ref(),
        };
        own.is_some_and(|authority| self.names(authority, power)) && self.role_carries(hat.role, power, on)
    }

    /// Returns whether a role carries a power on a day, by its own authority or one delegated to it.
    pub fn role_carries(&self, role: &Role, power: Power<'_>, on: Date) -> bool {
        self.role_carries_unless(role, power, on, &mut Vec::new())
    }

    /// Follows delegations to the role, each role once, so that a circle of delegations lends nothing.
    fn role_carries_unless<'r>(&'r self, role: &'r Role, power: Power<'_>, on: Date, seen: &mut Vec<&'r str>) -> bool {
        if seen.contains(&role.head.id.as_str()) {
            return false;
        }
        if role.authority.as_ref().is_some_and(|authority| self.names(authority, power)) {
            return true;
        }
        seen.push(&role.head.id);
        self.delegations.iter().any(|delegation| {
            let to_role = delegation.to.as_ref().is_some_and(|to| **to == role.head.id);
            to_role
                && delegation.in_force(on)
                && delegation.authority.as_ref().is_some_and(|authority| self.names(authority, power))
                && delegation.from.as_ref().is_some_and(|from| {
                    self.roles_of(from, on).into_iter().any(|from| self.role_carries_unless(from, power, on, seen))
                })
        })
    }

    /// Whether an `authority` mapping names a power.
    fn names(&self, authority: &crate::Authority, power: Power<'_>) -> bool {
        let named = |list: &[crate::Spanned<String>], section: Section, id: &str| {
            list.iter().any(|entry| **entry == section.key() || **entry == section.address(id))
        };
        match power {
            Power::Approve(section, id) => named(&authority.approve, section, id),
            Power::Grant(section, id) => named(&authority.grant, section, id),
            Power::AcceptRisk(rank) => self
                .risk_criteria()
                .zip(authority.accept_risk.as_ref())
                .and_then(|(criteria, limit)| criteria.rank(limit))
                .is_some_and(|limit| rank <= limit),
        }
    }

    /// Returns a hat under which a decision carries a power, if the decider had one on its date.
    pub fn hat_for(&self, decision: &Decision, power: Power<'_>) -> Option<Hat<'_>> {
        let date = **decision.date.as_ref()?;
        self.hats_of(decision).into_iter().find(|hat| self.carries(hat, power, date))
    }

    /// Returns a hat of a layer the decider had on the decision's date.
    pub fn hat_in(&self, decision: &Decision, layer: Layer) -> Option<Hat<'_>> {
        self.hats_of(decision).into_iter().find(|hat| hat.role.is_in(layer))
    }

    /// Returns whether a decision was made by the holder of an owner field on its date: the person named, the holder of
    /// the role named, or somebody whom a delegation in force makes stand for it.
    pub fn is_by_holder(&self, decision: &Decision, owner: &str) -> bool {
        match self.party(owner) {
            Some(Party::Role(role)) => self.hats_of(decision).iter().any(|hat| hat.role.head.id == role.head.id),
            Some(Party::Person(person)) => {
                decision.is_by(&person.head.id) && decision.date.as_ref().is_some_and(|date| person.is_active(**date))
            }
            None => false,
        }
    }

    /// Returns the highest rank of residual risk a decider could accept on the decision's date.
    pub fn acceptance_limit(&self, decision: &Decision) -> Option<usize> {
        let ranks = self.risk_criteria()?.levels.len();
        (0..ranks).rev().find(|rank| self.hat_for(decision, Power::AcceptRisk(*rank)).is_some())
    }

    /// Returns the roles with a power on a day and who holds them, for help that names who may decide.
    pub fn who_may(&self, power: Power<'_>, on: Date) -> Vec<(&Role, &Person)> {
        self.roles
            .iter()
            .filter(|role| self.role_carries(role, power, on))
            .filter_map(|role| Some((role, self.holder(role, on).person()?)))
            .collect()
    }

    /// Follows `reports_to` from a role upwards: the roles above it, nearest first, each once.
    ///
    /// Ends at a role that reports to nobody, to an unknown role, or to one already met (a circle; see [`Chain`]).
    pub fn reporting_line(&self, role: &Role) -> Chain<'_> {
        let mut above: Vec<&Role> = Vec::new();
        let mut next = role.reports_to.as_ref();
        while let Some(id) = next {
            let Some(superior) = self.roles.get(id) else {
                return Chain { above, end: ChainEnd::Unknown };
            };
            if superior.head.id == role.head.id || above.iter().any(|met| met.head.id == superior.head.id) {
                return Chain { above, end: ChainEnd::Circle };
            }
            above.push(superior);
            next = superior.reports_to.as_ref();
        }
        Chain { above, end: ChainEnd::Top }
    }

    /// Returns the departments a role heads.
    pub fn departments_headed_by<'r>(&'r self, role: &'r str) -> impl Iterator<Item = &'r crate::Department> {
        self.departments
            .iter()
            .filter(move |department| department.headed_by.as_ref().is_some_and(|head| **head == role))
    }
}

/// A reporting line.
#[derive(Debug)]
pub struct Chain<'r> {
    /// The roles above, nearest first.
    pub above: Vec<&'r Role>,
    /// How it ends.
    pub end: ChainEnd,
}

/// How a reporting line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChainEnd {
    /// At a role that reports to nobody.
    Top,
    /// At a role nobody defined.
    Unknown,
    /// In a circle.
    Circle,
}
