//! What a hat carries: a role's own authority, and what delegations lend.

use std::collections::HashSet;

use super::{Hat, Party, Via};
use crate::{Authority, Date, Delegation, Person, Register, Role, Section, Spanned};

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
    /// Returns whether a hat carries a power on a day.
    ///
    /// A delegated hat carries what the delegation names, and never more than the role it comes from carries itself:
    /// nobody can pass on more than they have.
    pub fn carries(&self, hat: &Hat<'_>, power: Power<'_>, on: Date) -> bool {
        match hat.via {
            Via::Holder | Via::Acting => self.role_carries(hat.role, power, on),
            Via::Delegation(delegation) => {
                self.passes_on(delegation, hat.role, power, on) && self.role_carries(hat.role, power, on)
            }
        }
    }

    /// Returns whether a role carries a power on a day, by its own authority or one delegated to it.
    ///
    /// Follows delegations back to where the power comes from, each role and person once: a circle lends nothing.
    pub fn role_carries(&self, role: &Role, power: Power<'_>, on: Date) -> bool {
        let mut met: HashSet<&str> = HashSet::new();
        let mut pending = Vec::new();
        let carries = |role: &Role| role.authority.as_ref().is_some_and(|authority| self.names(authority, power));
        if carries(role) {
            return true;
        }
        self.push_givers(&role.head.id, power, on, &mut pending);
        while let Some(party) = pending.pop() {
            match party {
                Party::Role(giver) if met.insert(&giver.head.id) => {
                    if carries(giver) {
                        return true;
                    }
                    self.push_givers(&giver.head.id, power, on, &mut pending);
                }
                Party::Person(giver) if met.insert(&giver.head.id) && giver.can_decide(on) => {
                    pending.extend(self.roles_held(&giver.head.id, on).map(Party::Role));
                    self.push_givers(&giver.head.id, power, on, &mut pending);
                }
                _ => {}
            }
        }
        false
    }

    /// Whoever passes a power on to a role or person on a day.
    fn push_givers<'r>(&'r self, to: &str, power: Power<'_>, on: Date, givers: &mut Vec<Party<'r>>) {
        let lent = self.delegations_to(to, on).filter(|delegation| self.lends(delegation, power));
        givers.extend(lent.filter_map(|delegation| self.party(delegation.from.as_ref()?)));
    }

    /// Whether a delegation names a power.
    fn lends(&self, delegation: &Delegation, power: Power<'_>) -> bool {
        delegation.authority.as_ref().is_some_and(|authority| self.names(authority, power))
    }

    /// Whether a power of a role comes down by a delegation, be it through people to whom it was delegated before.
    fn passes_on(&self, delegation: &Delegation, role: &Role, power: Power<'_>, on: Date) -> bool {
        let mut met: HashSet<&str> = HashSet::new();
        let mut pending = vec![delegation];
        while let Some(delegation) = pending.pop() {
            if !self.lends(delegation, power) || !met.insert(&delegation.head.id) {
                continue;
            }
            match delegation.from.as_ref().and_then(|from| self.party(from)) {
                Some(Party::Role(from)) if from.head.id == role.head.id => return true,
                Some(Party::Person(from)) if from.can_decide(on) => {
                    if self.roles_held(&from.head.id, on).any(|held| held.head.id == role.head.id) {
                        return true;
                    }
                    pending.extend(self.delegations_to(&from.head.id, on));
                }
                _ => {}
            }
        }
        false
    }

    /// Whether an `authority` mapping names a power.
    fn names(&self, authority: &Authority, power: Power<'_>) -> bool {
        let named = |list: &[Spanned<String>], section: Section, id: &str| {
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

    /// Returns the roles with a power on a day and who holds them, for help that names who may decide.
    pub fn who_may(&self, power: Power<'_>, on: Date) -> Vec<(&Role, &Person)> {
        self.roles
            .iter()
            .filter(|role| self.role_carries(role, power, on))
            .filter_map(|role| Some((role, self.holder(role, on).person()?)))
            .collect()
    }
}
