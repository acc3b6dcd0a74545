//! Who can do what there is to do.

use std::sync::Arc;

use deed_model::authority::Party;
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Head, Layer, Level, Person, Register, Role, Section, Spanned, Verb};

use super::asked::{Asked, field, nth};
use super::{Act, Doer};
use crate::Diagnostic;

/// Finds people, by the register as it stands today.
pub(super) struct Whom<'r> {
    register: &'r Register,
    history: Option<&'r History>,
    today: Date,
    /// Everybody who may act in a role today, in the order of the roles; then the others.
    people: Vec<&'r Person>,
}

impl<'r> Whom<'r> {
    pub(super) fn new(register: &'r Register, history: Option<&'r History>, today: Date) -> Self {
        let holders = register.roles.iter().filter_map(|role| register.holder(role, today).person());
        let receivers = register.delegations.iter().filter(|delegation| delegation.in_force(today));
        let receivers = receivers.filter_map(|delegation| register.accountable(delegation.to.as_ref()?, today));
        let mut people: Vec<&Person> = Vec::new();
        for person in holders.chain(receivers) {
            if !people.iter().any(|known| known.head.id == person.head.id) {
                people.push(person);
            }
        }
        Self { register, history, today, people }
    }

    /// Returns who can do what a diagnostic asks for; nobody where nobody can. `last` is the latest decision of its kind.
    pub(super) fn can(&self, asked: &Asked, diagnostic: &Diagnostic, last: Option<&Decision>) -> Vec<Doer> {
        let Some(head) = self.register.at_address(&diagnostic.subject) else { return self.keepers() };
        match asked.act {
            Act::Decide(verb) if diagnostic.rule.id == "insufficient-approvers" => self.missing(head, verb),
            Act::Decide(verb) => self.may_decide(head, verb, last),
            Act::Commit(verb) => {
                let by = last.filter(|last| last.verb == verb).and_then(|last| last.by.as_ref());
                by.and_then(|by| self.party(by)).into_iter().collect()
            }
            Act::Appoint => self.may_appoint(head),
            Act::Hold => self.first(self.register.isms().map_or(&[][..], |isms| &isms.owner)),
            Act::Audit => self.auditors(),
            Act::Collect => self.collectors(head),
            Act::Finish => self.finishers(head, field(diagnostic)),
            Act::Exercise => self.party(&head.id).into_iter().collect(),
            Act::Settle => self.settler(field(diagnostic)),
            Act::Renew => Vec::new(),
        }
    }

    /// Returns who may make a decision: the owner, where it is the owner's to make; else whoever made it last, if they still
    /// may; else the owner and those above who may, nearest first; else everybody who may.
    pub(super) fn may_decide(&self, head: &Head, verb: Verb, last: Option<&Decision>) -> Vec<Doer> {
        let owner = self.owner(head);
        let takes_owner = matches!((head.section, verb), (Section::Controls, _) | (_, Verb::Reviewed))
            || (head.section, verb) == (Section::Risks, Verb::Approved);
        let own = owner.filter(|_| takes_owner).and_then(|owner| self.register.accountable(owner, self.today));
        let again = last.and_then(|last| self.register.people.get(last.by.as_ref()?));
        let again = again.filter(|person| person.can_decide(self.today));
        if let Some(doer) = own.into_iter().chain(again).find_map(|person| self.decider(head, verb, person)) {
            return vec![doer];
        }
        let line = self.line(owner);
        let nearness = |person: &Person| line.iter().position(|above| above.head.id == person.head.id);
        let mut may: Vec<(Option<usize>, Doer)> = Vec::new();
        for person in &self.people {
            if let Some(doer) = self.decider(head, verb, person) {
                may.push((nearness(person), doer));
            }
        }
        if may.iter().any(|(near, _)| near.is_some()) {
            may.retain(|(near, _)| near.is_some());
            may.sort_by_key(|(near, _)| *near);
        }
        may.into_iter().map(|(_, doer)| doer).collect()
    }

    /// Those who are named as deciders together, and of whom history does not prove it.
    fn missing(&self, head: &Head, verb: Verb) -> Vec<Doer> {
        let decisions = self.history.into_iter().flat_map(|history| &history.decisions);
        let weak = decisions.filter(|evidence| {
            let decision = &evidence.decision;
            (decision.section, decision.verb) == (head.section, verb)
                && decision.id == head.id
                && evidence.level < Level::Attributed
        });
        let by = |evidence: &Arc<DecisionEvidence>| self.register.people.get(evidence.decision.by.as_ref()?);
        weak.filter_map(by).filter_map(|person| self.decider(head, verb, person)).collect()
    }

    /// Whether a person may make a decision today, and in which role.
    fn decider(&self, head: &Head, verb: Verb, person: &'r Person) -> Option<Doer> {
        let decider = self.register.decider(self.register, head, verb, person, self.today)?;
        Some(Doer { person: person.head.id.clone(), role: decider.role.map(|role| role.head.id.clone()) })
    }

    /// Who says who holds a role or owns something: the one above in the reporting line, else top management, else the
    /// keepers of the register.
    fn may_appoint(&self, head: &Head) -> Vec<Doer> {
        let of = match head.section {
            Section::Roles => Some(head.id.as_str()),
            _ => self.owner(head),
        };
        let roles = of.map(|of| self.register.roles_of(of, self.today)).unwrap_or_default();
        let former = of.and_then(|of| self.register.people.get(of));
        let held = former.into_iter().flat_map(|person| self.register.roles.iter().filter(|role| names(role, person)));
        let above = roles.into_iter().chain(held).flat_map(|role| self.register.reporting_line(role).above);
        let above = above.filter_map(|role| self.party(&role.head.id)).next();
        match above {
            Some(above) if head.section == Section::Roles => vec![above],
            _ => {
                let keepers = self.keepers();
                if keepers.is_empty() { above.into_iter().collect() } else { keepers }
            }
        }
    }

    /// Those who keep the register: the manager of the ISMS, else its owner.
    fn keepers(&self) -> Vec<Doer> {
        let isms = self.register.isms();
        let manager = isms.and_then(|isms| isms.manager.as_ref()).and_then(|manager| self.party(manager));
        let owner = || isms.and_then(|isms| isms.owner.first()).and_then(|owner| self.party(owner));
        manager.or_else(owner).into_iter().collect()
    }

    fn auditors(&self) -> Vec<Doer> {
        let audit = self.register.roles.iter().filter(|role| role.is_in(Layer::Audit));
        let auditors: Vec<_> = audit.filter_map(|role| self.party(&role.head.id)).collect();
        if auditors.is_empty() { self.keepers() } else { auditors }
    }

    /// Who does the work of a control, else who answers for it.
    fn collectors(&self, head: &Head) -> Vec<Doer> {
        let Some(control) = self.register.controls.get(&head.id) else { return Vec::new() };
        let at_work = self.first(&control.responsible);
        if at_work.is_empty() { self.first(&control.owner) } else { at_work }
    }

    /// Who does an action of a treatment plan, else who answers for the risk.
    fn finishers(&self, head: &Head, place: &str) -> Vec<Doer> {
        let Some(risk) = self.register.risks.get(&head.id) else { return Vec::new() };
        let by = nth(place, "plan").and_then(|at| risk.plan.get(at)).and_then(|action| action.by.as_ref());
        let doer: Vec<_> = by.and_then(|by| self.party(by)).into_iter().collect();
        if doer.is_empty() { self.first(&risk.owner) } else { doer }
    }

    fn settler(&self, place: &str) -> Vec<Doer> {
        let ignored = self.register.lint().map_or(&[][..], |lint| &lint.ignore);
        let owner = nth(place, "ignore").and_then(|at| ignored.get(at)).and_then(|entry| entry.owner.as_ref());
        let owner: Vec<_> = owner.and_then(|owner| self.party(owner)).into_iter().collect();
        if owner.is_empty() { self.keepers() } else { owner }
    }

    /// Returns who has to see to something that nobody can do: the nearest above its owner, else who keeps the register.
    pub(super) fn above(&self, subject: &str) -> Option<Doer> {
        let head = self.register.at_address(subject);
        let of = head.and_then(|head| match head.section {
            Section::Roles => Some(head.id.as_str()),
            _ => self.owner(head),
        });
        let roles = of.map(|of| self.register.roles_of(of, self.today)).unwrap_or_default();
        let line = roles.into_iter().flat_map(|role| self.register.reporting_line(role).above);
        let above = line.filter_map(|role| self.party(&role.head.id)).next();
        let top = || self.register.isms().and_then(|isms| isms.owner.first()).and_then(|owner| self.party(owner));
        above.or_else(top).or_else(|| self.keepers().into_iter().next())
    }

    /// The first of some parties behind whom a person stands today.
    fn first(&self, parties: &[Spanned<String>]) -> Vec<Doer> {
        parties.iter().find_map(|party| self.party(party)).into_iter().collect()
    }

    /// Who a field comes down to today.
    pub(super) fn party(&self, party: &str) -> Option<Doer> {
        let person = self.register.accountable(party, self.today)?;
        let role = matches!(self.register.party(party), Some(Party::Role(_))).then(|| party.to_owned());
        Some(Doer { person: person.head.id.clone(), role })
    }

    /// The party that owns a subject, or stands for it.
    fn owner(&self, head: &Head) -> Option<&'r str> {
        let register = self.register;
        let first = |owners: &'r [Spanned<String>]| owners.first().map(|owner| owner.as_str());
        match head.section {
            Section::Controls => first(&register.controls.get(&head.id)?.owner),
            Section::Policies => first(&register.policies.get(&head.id)?.owner),
            Section::Risks => first(&register.risks.get(&head.id)?.owner),
            Section::Exceptions => first(&register.exceptions.get(&head.id)?.owner),
            Section::Delegations => register.delegations.get(&head.id)?.from.as_ref().map(|from| from.as_str()),
            Section::Reviews => {
                let review = register.reviews.get(&head.id)?;
                review.chair.as_ref().or(review.lead.as_ref()).map(|party| party.as_str())
            }
            _ => first(&register.isms()?.owner),
        }
    }

    /// Whoever stands behind an owner and above it, nearest first.
    fn line(&self, owner: Option<&str>) -> Vec<&'r Person> {
        let roles = owner.map(|owner| self.register.roles_of(owner, self.today)).unwrap_or_default();
        let line =
            roles.into_iter().flat_map(|role| std::iter::once(role).chain(self.register.reporting_line(role).above));
        line.filter_map(|role| self.register.holder(role, self.today).person()).collect()
    }
}

/// Whether a role names a person as its holder.
fn names(role: &Role, person: &Person) -> bool {
    role.held_by.iter().any(|holder| **holder == person.head.id)
}
