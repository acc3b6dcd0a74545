//! Who may decide what: the table of the manifest format, as one question.

use super::{Hat, Power, Via};
use crate::{Date, Decision, Layer, OwnershipModel, Policy, Register, ReviewKind, Risk, Section, Spanned, Verb};

/// Whether somebody could decide something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entitlement {
    /// A role of theirs, or a delegation, let them.
    Given,
    /// Nothing did: why, to follow the decider's name, as in "held no role".
    Lacking(String),
    /// The register does not say enough to tell.
    Unknown,
}

impl Register {
    /// Returns whether the decider of a decision could decide it on its date.
    ///
    /// `self` says who holds which role with what authority; `of` has the subject the decision is about, which may be a
    /// later register: history asks the register before a commit about what the commit brought.
    pub fn entitlement(&self, of: &Self, section: Section, id: &str, decision: &Decision) -> Entitlement {
        let (Some(by), Some(date)) = (&decision.by, &decision.date) else { return Entitlement::Unknown };
        let on = **date;
        let held = |party: Option<&str>, as_what: &str| {
            let Some(party) = party else { return Entitlement::Unknown };
            if self.is_by_holder(decision, party) {
                Entitlement::Given
            } else if self.party(party).is_none() {
                Entitlement::Lacking(format!("could not be {as_what} `{party}`, which did not exist"))
            } else {
                Entitlement::Lacking(format!("was not {as_what} `{party}`"))
            }
        };
        let hat = |suffices: &dyn Fn(&Hat<'_>) -> bool, what: String| {
            let hats = self.hats_of(decision);
            if hats.iter().any(suffices) {
                Entitlement::Given
            } else if self.people.get(by).is_none() {
                Entitlement::Lacking("was not in the register".to_owned())
            } else if hats.is_empty() {
                Entitlement::Lacking("held no role".to_owned())
            } else {
                Entitlement::Lacking(format!("held no role that may {what}"))
            }
        };
        let executive = |hat: &Hat<'_>| hat.role.is_in(Layer::Executive);
        let own = |hat: &Hat<'_>| !matches!(hat.via, Via::Delegation(_));
        // Whoever asks does not answer.
        let asks = |asker: Option<&str>| {
            asker.and_then(|asker| self.accountable(asker, on)).is_some_and(|person| decision.is_by(&person.head.id))
        };
        match (section, decision.verb) {
            // No delegation can name the adoption.
            (Section::Isms, Verb::Adopted) => {
                hat(&|hat| executive(hat) && own(hat), "adopt the ownership model".to_owned())
            }
            (Section::Isms | Section::Soa | Section::RiskCriteria, Verb::Approved) => {
                let power = Power::Approve(section, id);
                hat(&|hat| self.may_approve(hat, power, on, None), format!("approve `{}`", section.key()))
            }
            (Section::Policies, Verb::Approved) => {
                let policy = of.policies.get(id);
                let power = Power::Approve(section, id);
                if self.isms().and_then(|isms| isms.policy.as_ref()).is_some_and(|policy| **policy == id) {
                    let suffices = |hat: &Hat<'_>| executive(hat) && (own(hat) || self.carries(hat, power, on));
                    return hat(&suffices, "approve the information security policy".to_owned());
                }
                hat(&|hat| self.may_approve(hat, power, on, policy), format!("approve policy `{id}`"))
            }
            (Section::Risks, Verb::Accepted) => match of.risks.get(id).and_then(|risk| self.rank_accepted(risk)) {
                None => Entitlement::Unknown,
                Some((rank, ..)) if self.custodian_hat(decision, Some(rank)).is_some() => {
                    Entitlement::Lacking("was a custodian of the ISMS".to_owned())
                }
                Some(_) if asks(asker(of.risks.get(id).map(|risk| &risk.requested_by))) => {
                    Entitlement::Lacking("had asked for it".to_owned())
                }
                Some((rank, level, above)) => {
                    let power = Power::AcceptRisk(rank);
                    let suffices = |hat: &Hat<'_>| (!above || executive(hat)) && self.carries(hat, power, on);
                    hat(&suffices, format!("accept a {level} risk"))
                }
            },
            (Section::Risks, _) => held(sole(of.risks.get(id).map(|risk| &risk.owner)), "the owner"),
            (Section::Controls, _) => held(sole(of.controls.get(id).map(|control| &control.owner)), "the owner"),
            (Section::Policies, _) => held(sole(of.policies.get(id).map(|policy| &policy.owner)), "the owner"),
            (Section::Exceptions, _) => {
                let exception = of.exceptions.get(id);
                let owner = sole(exception.map(|exception| &exception.owner));
                if asks(asker(exception.map(|exception| &exception.requested_by)).or(owner)) {
                    return Entitlement::Lacking("had asked for it".to_owned());
                }
                let led = self.model() == Some(OwnershipModel::ExecutiveLed);
                let power = Power::Grant(section, id);
                hat(&|hat| (!led || executive(hat)) && self.carries(hat, power, on), "grant exceptions".to_owned())
            }
            (Section::Delegations, _) => {
                let from = of.delegations.get(id).and_then(|delegation| delegation.from.as_ref());
                let is_from = |role: &str| from.is_some_and(|from| **from == role);
                if self.roles.get(by).is_none() && is_from(by) && self.people.get(by).is_some_and(|p| p.can_decide(on))
                {
                    return Entitlement::Given;
                }
                let suffices = |hat: &Hat<'_>| {
                    // What a delegation lends cannot be what it was granted by.
                    let by_itself = matches!(hat.via, Via::Delegation(delegation) if delegation.head.id == id);
                    !by_itself && (is_from(&hat.role.head.id) || self.carries(hat, Power::Grant(section, id), on))
                };
                hat(&suffices, "grant this delegation".to_owned())
            }
            (Section::Reviews, _) => {
                let Some(review) = of.reviews.get(id) else { return Entitlement::Unknown };
                let chairs = review.kind.as_ref().is_some_and(|kind| kind.value == ReviewKind::ManagementReview);
                let (party, what) = if chairs { (&review.chair, "the chair") } else { (&review.lead, "the lead") };
                match held(party.as_ref().map(|party| party.as_str()), what) {
                    Entitlement::Given if chairs => hat(&executive, "hold a management review".to_owned()),
                    other => other,
                }
            }
            // Who takes a role on is who the same commit makes its holder: ask the register that names them.
            (Section::Roles, _) => match of.roles.get(id) {
                Some(role) if of.holder(role, on).person().is_some_and(|person| decision.is_by(&person.head.id)) => {
                    Entitlement::Given
                }
                Some(_) => Entitlement::Lacking("was not the holder".to_owned()),
                None => Entitlement::Unknown,
            },
            _ => Entitlement::Unknown,
        }
    }

    /// Returns whether a hat may approve something on a day, under the ownership model: executives only where executives
    /// lead, heads of departments their own policies where departments own.
    pub fn may_approve(&self, hat: &Hat<'_>, power: Power<'_>, on: Date, policy: Option<&Policy>) -> bool {
        let carries = self.carries(hat, power, on);
        match self.model() {
            Some(OwnershipModel::ExecutiveLed) => carries && hat.role.is_in(Layer::Executive),
            Some(OwnershipModel::Federated) => carries || policy.is_some_and(|policy| self.is_own_policy(hat, policy)),
            Some(OwnershipModel::Centralized) | None => carries,
        }
    }

    /// Whether a head of department may approve a topic policy: one that the head owns, or a role of the department does.
    fn is_own_policy(&self, hat: &Hat<'_>, policy: &Policy) -> bool {
        if matches!(hat.via, Via::Delegation(_)) {
            return false;
        }
        let [owner] = policy.owner.as_slice() else { return false };
        let is_hat =
            |party: &str| party == hat.role.head.id || hat.role.held_by.iter().any(|person| person.as_str() == party);
        let heads = |department: &crate::Department| department.headed_by.as_ref().is_some_and(|head| is_hat(head));
        let of_owner = self.roles.get(owner).and_then(|role| role.department.as_ref());
        of_owner.and_then(|department| self.departments.get(department)).is_some_and(heads)
            || is_hat(owner) && self.departments.iter().any(heads)
    }

    /// The rank and name of the level a risk is accepted at, and whether it is above the tolerance.
    fn rank_accepted(&self, risk: &Risk) -> Option<(usize, &str, bool)> {
        let criteria = self.risk_criteria()?;
        let rating = risk.accepted_rating()?;
        if !criteria.is_on_scale(rating) {
            return None;
        }
        let rank = criteria.rank_of(rating)?;
        let tolerance = criteria.tolerance.as_ref().and_then(|tolerance| criteria.rank(tolerance));
        Some((rank, criteria.level_name(rank), tolerance.is_some_and(|tolerance| rank > tolerance)))
    }
}

/// Who is named as asking for something.
fn asker(requested_by: Option<&Option<Spanned<String>>>) -> Option<&str> {
    Some(requested_by?.as_ref()?.as_str())
}

/// The one party a field names.
fn sole(owner: Option<&Vec<Spanned<String>>>) -> Option<&str> {
    match owner.map(Vec::as_slice) {
        Some([owner]) => Some(owner),
        _ => None,
    }
}
