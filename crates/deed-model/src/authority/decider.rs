//! Who may make a decision, and until when it may hold.

use super::Entitlement;
use crate::{Control, Date, Decision, Head, Period, Person, Register, Role, Section, Treatment, Verb};

/// Somebody who may make a decision.
#[derive(Clone, Copy, Debug)]
pub struct Decider<'r> {
    /// The person.
    pub person: &'r Person,
    /// The role that lets them; `None` where they are named themselves.
    pub role: Option<&'r Role>,
}

impl Register {
    /// Returns everybody who may make a decision about a subject on a day; `of` has the subject, as for
    /// [`Register::entitlement`].
    pub fn deciders(&self, of: &Self, head: &Head, verb: Verb, on: Date) -> Vec<Decider<'_>> {
        let may = |person: &&Person| person.can_decide(on);
        self.people.iter().filter(may).filter_map(|person| self.decider(of, head, verb, person, on)).collect()
    }

    /// Returns a person with the first role that lets them make a decision on a day; `None` where nothing does.
    pub fn decider<'r>(
        &'r self,
        of: &Self,
        head: &Head,
        verb: Verb,
        person: &'r Person,
        on: Date,
    ) -> Option<Decider<'r>> {
        let may = |decision: &Decision| self.entitlement(of, head.section, &head.id, decision) == Entitlement::Given;
        let proposed = Decision::proposed(head, verb, &person.head.id, on);
        if !may(&proposed) {
            return None;
        }
        let lets = |role: &&Role| may(&proposed.clone().in_role(&role.head.id));
        let role = self.hats(&person.head.id, on).into_iter().map(|hat| hat.role).find(lets);
        Some(Decider { person, role })
    }

    /// Returns why there is nothing to decide about a subject on a day, to follow its name; `None` where there is.
    pub fn closed_to(&self, section: Section, id: &str, verb: Verb, on: Date) -> Option<&'static str> {
        match section {
            Section::Controls => self.controls.get(id).is_some_and(Control::is_excluded).then_some("is not applicable"),
            Section::Exceptions => self.exceptions.get(id).is_some_and(|it| !it.is_open(on)).then_some("is closed"),
            Section::Risks => {
                let risk = self.risks.get(id)?;
                let treatment = risk.treatment.as_ref().map(|treatment| treatment.value);
                if !risk.is_open(on) {
                    Some("is closed")
                } else if verb != Verb::Approved {
                    None
                } else if treatment == Some(Treatment::Accept) {
                    Some("is to be accepted, so it has no treatment plan")
                } else {
                    treatment.is_none().then_some("has no treatment yet")
                }
            }
            _ => None,
        }
    }

    /// Returns the last day that a decision made on a day should hold, and why that one; `None` where it needs no end.
    pub fn last_day(&self, section: Section, id: &str, verb: Verb, on: Date) -> Option<LastDay> {
        let after = |text: &str, why: &str| {
            Some(LastDay { day: Period::parse(text)?.after(on), why: why.to_owned(), is_limit: false })
        };
        match (section, verb) {
            (Section::Risks, Verb::Accepted) => {
                let limit = || {
                    let criteria = self.risk_criteria()?;
                    let rank = criteria.rank_of(self.risks.get(id)?.accepted_rating()?)?;
                    let level = criteria.level_name(rank);
                    let period = criteria.max_acceptance(level)?;
                    let why = format!("a {level} risk may be accepted for {}", period.words());
                    Some(LastDay { day: period.after(on), why, is_limit: true })
                };
                limit().or_else(|| after("12mo", "in a year"))
            }
            (Section::Exceptions, Verb::Granted) => after("6mo", "in six months"),
            (Section::Delegations, Verb::Granted) => after("12mo", "in a year"),
            _ => None,
        }
    }
}

/// The last day that a decision should hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastDay {
    /// The day.
    pub day: Date,
    /// Why that one.
    pub why: String,
    /// The register sets it; else it is by custom.
    pub is_limit: bool,
}
