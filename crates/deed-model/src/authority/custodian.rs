//! Custodians of the ISMS, who accept no risk.

use super::{Hat, Power, Via};
use crate::{Date, Decision, Layer, Register, Role};

impl Register {
    /// Returns the hat under which somebody accepted a risk as a custodian of the ISMS, if they did.
    ///
    /// They did if every role of their own is one of layer `isms`: what others delegate to a custodian makes them nothing
    /// else. Of somebody with other roles too, those that may accept a risk of `rank` count, where that is known.
    pub fn custodian_hat(&self, accepted: &Decision, rank: Option<usize>) -> Option<Hat<'_>> {
        let (Some(by), Some(date)) = (&accepted.by, &accepted.date) else { return None };
        let is_custodian = |hat: &Hat<'_>| hat.role.is_in(Layer::Isms);
        let is_own = |hat: &Hat<'_>| !matches!(hat.via, Via::Delegation(_));
        let hats = self.hats_of(accepted);
        let first = hats.first().copied()?;
        let all = self.hats(by, **date);
        let mut own = all.iter().filter(|hat| is_own(hat)).peekable();
        if own.peek().is_some() && own.all(is_custodian) {
            // Before they became one they had another role.
            let was_other = |role: &Role| !role.is_in(Layer::Isms) && role.was_taken_on_by(by, **date);
            if self.roles.iter().any(was_other) {
                return None;
            }
            return hats.into_iter().find(|hat| !is_own(hat)).or(Some(first));
        }
        if hats.iter().all(is_custodian) {
            return Some(first);
        }
        let power = Power::AcceptRisk(rank?);
        let mut carrying = hats.into_iter().filter(|hat| self.carries(hat, power, **date));
        let first = carrying.next()?;
        (is_custodian(&first) && carrying.all(|hat| is_custodian(&hat))).then_some(first)
    }
}

impl Role {
    /// Returns whether somebody had acknowledged the role by a day, be it theirs or another's today.
    pub fn was_taken_on_by(&self, person: &str, on: Date) -> bool {
        self.acknowledged.iter().any(|decision| decision.is_by(person) && decision.made_by(on))
    }
}
