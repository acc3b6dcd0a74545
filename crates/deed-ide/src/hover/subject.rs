//! Controls, risks, policies and what else is owned.

use deed_model::catalogue::{self, AnnexControl};
use deed_model::{
    Control, ControlStatus, Delegation, Exception, Isms, LevelBound, Policy, Rating, Review, ReviewKind, Risk, Section,
    Treatment,
};

use super::party::powers_named;
use crate::Analysis;
use crate::distance::from_today;
use crate::markdown::{Card, code, escape, few, prose};

impl Analysis<'_> {
    pub(super) fn control_card(&self, control: &Control) -> Card {
        let id = &control.head.id;
        let known = catalogue::control(id);
        let mut card = Card::new(control_heading(id));
        match known {
            Some(known) => card.line(attributes(known)),
            None => {
                if let Some(successors) = successors(id) {
                    card = successors;
                }
            }
        }
        if control.is_excluded() {
            let because: Vec<String> = control.because.iter().map(|why| escape(why)).collect();
            card.field("Not applicable", because.join(", "));
            return card;
        }
        self.owner_lines(&mut card, "Accountable", &control.owner);
        if let Some(sponsor) = &control.sponsor {
            card.field("Sponsor", prose(&deed_linter::words::party(self.register(), sponsor, self.today)));
        }
        let status = control.status.as_ref().map(|status| match status.value {
            ControlStatus::Planned => "planned",
            ControlStatus::Partial => "implemented in part",
            ControlStatus::Implemented => "implemented",
        });
        card.field("Status", status.unwrap_or_default());
        self.decision_line(&mut card, "Accepted", &control.accepted);
        self.decision_line(&mut card, "Reviewed", &control.reviewed);
        self.review_due(&mut card, control.review.as_ref().map(|it| it.value), &[&control.reviewed, &control.accepted]);
        card.field("Named in", self.uses_line(&control.head, USERS_OF_CONTROLS));
        card
    }

    /// The day by which something is to be reviewed again.
    fn review_due(&self, card: &mut Card, period: Option<deed_model::Period>, made: &[&[deed_model::Decision]]) {
        let days = made.iter().flat_map(|decisions| decisions.iter()).filter_map(|it| Some(it.date.as_ref()?.value));
        if let (Some(period), Some(last)) = (period, days.max()) {
            let due = period.after(last);
            let what = if due < self.today { "Review overdue since" } else { "Next review by" };
            card.field(what, format!("{due} ({})", from_today(self.today, due)));
        }
    }

    pub(super) fn policy_card(&self, policy: &Policy) -> Card {
        let mut card = Card::new(self.heading(&policy.head));
        let version = policy.version.as_ref().map(|version| format!("version {}", escape(version)));
        let class = policy.classification.as_ref().map(|class| escape(class));
        let document = policy.document.as_ref().map(|document| code(document));
        card.field("Document", [document, version, class].into_iter().flatten().collect::<Vec<_>>().join(", "));
        self.owner_lines(&mut card, "Owner", &policy.owner);
        self.decision_line(&mut card, "Approved", &policy.approved);
        self.decision_line(&mut card, "Reviewed", &policy.reviewed);
        self.review_due(&mut card, policy.review.as_ref().map(|it| it.value), &[&policy.approved, &policy.reviewed]);
        card
    }

    pub(super) fn risk_card(&self, risk: &Risk) -> Card {
        let mut card = Card::new(self.heading(&risk.head));
        if let Some(closed) = &risk.closed {
            card.field("Closed", format!("{} ({})", closed.value, from_today(self.today, closed.value)));
        }
        let rating = |rating: &Option<Rating>| rating.as_ref().and_then(|rating| self.rating_in_words(rating));
        card.field("Inherent", rating(&risk.inherent).unwrap_or_default());
        let treatment = risk.treatment.as_ref().map(|treatment| match treatment.value {
            Treatment::Mitigate => "mitigate",
            Treatment::Accept => "accept",
            Treatment::Transfer => "transfer",
            Treatment::Avoid => "avoid",
        });
        let controls = few(risk.controls.iter().map(|control| control.as_str()));
        let by = if controls.is_empty() { String::new() } else { format!(", by {controls}") };
        card.field("Treatment", treatment.map(|treatment| format!("{treatment}{by}")).unwrap_or_default());
        if !risk.plan.is_empty() {
            let open = risk.plan.iter().filter(|action| action.done.is_none());
            let next = open.filter_map(|action| Some(action.due.as_ref()?.value)).min();
            let is = |due| if due < self.today { "overdue since" } else { "next due" };
            let next = next.map(|due| format!(", {} {due} ({})", is(due), from_today(self.today, due)));
            let done = risk.plan.iter().filter(|action| action.done.is_some()).count();
            card.field("Plan", format!("{done} of {} done{}", risk.plan.len(), next.unwrap_or_default()));
        }
        card.field("Residual", rating(&risk.residual).unwrap_or_default());
        self.owner_lines(&mut card, "Owner", &risk.owner);
        self.decision_line(&mut card, "Plan approved", &risk.approved);
        self.decision_line(&mut card, "Accepted", &risk.accepted);
        card
    }

    /// A rating with its level, as in "4 × 4 = 16, high".
    pub(crate) fn rating_in_words(&self, rating: &Rating) -> Option<String> {
        let score = rating.score()?;
        let (likelihood, impact) = (rating.likelihood.as_ref()?.value, rating.impact.as_ref()?.value);
        let criteria = self.register().risk_criteria();
        let level = criteria.and_then(|criteria| Some(criteria.level_name(criteria.rank_of(rating)?)));
        let level = level.map(|level| format!(", **{}**", escape(level))).unwrap_or_default();
        Some(format!("{likelihood} × {impact} = {score}{level}"))
    }

    pub(super) fn exception_card(&self, exception: &Exception) -> Card {
        let mut card = Card::new(self.heading(&exception.head));
        if let Some(control) = &exception.control {
            let title = catalogue::control(control).map(|control| control.title).unwrap_or_default();
            card.field("From", format!("{} {}", code(control), escape(title)));
        }
        self.owner_lines(&mut card, "Owner", &exception.owner);
        self.decision_line(&mut card, "Granted", &exception.granted);
        if let Some(closed) = &exception.closed {
            card.field("Closed", format!("{} ({})", closed.value, from_today(self.today, closed.value)));
        }
        card
    }

    pub(super) fn delegation_card(&self, delegation: &Delegation) -> Card {
        let mut card = Card::new(format!("{} delegation", self.heading(&delegation.head)));
        let register = self.register();
        let party = |id: &str| prose(&deed_linter::words::party(register, id, self.today));
        if let Some(from) = &delegation.from {
            card.field("From", format!("{}, who stays accountable", party(from)));
        }
        if let Some(to) = &delegation.to {
            card.field("To", party(to));
        }
        card.field("May", delegation.authority.as_ref().map(powers_named).unwrap_or_default());
        self.decision_line(&mut card, "Granted", &delegation.granted);
        if !delegation.granted.is_empty() && !delegation.in_force(self.today) {
            card.line("not in force today");
        }
        card
    }

    pub(super) fn review_card(&self, review: &Review) -> Card {
        let kind = review.kind.as_ref().map_or("review", |kind| match kind.value {
            ReviewKind::ManagementReview => "management review (9.3)",
            ReviewKind::InternalAudit => "internal audit (9.2)",
        });
        let mut card = Card::new(format!("**{}** {kind}", escape(&review.head.id)));
        for (what, who) in [("Chair", &review.chair), ("Lead", &review.lead)] {
            if let Some(who) = who {
                card.field(what, prose(&deed_linter::words::party(self.register(), who, self.today)));
            }
        }
        card.field("Document", review.document.as_ref().map(|document| code(document)).unwrap_or_default());
        card.field("Covers", few(review.covers.iter().map(|it| it.as_str())));
        self.decision_line(&mut card, "Held", &review.held);
        card
    }

    pub(super) fn isms_card(&self, isms: &Isms) -> Card {
        let organization = isms.organization.as_ref().map(|name| format!(" of {}", escape(name)));
        let mut card = Card::new(format!("**ISMS**{}", organization.unwrap_or_default()));
        let model = isms.model.as_ref().map(|model| format!("{} model", model.name()));
        let framework = isms.framework.as_ref().map(|framework| escape(framework));
        card.field("Framework", [framework, model].into_iter().flatten().collect::<Vec<_>>().join(", "));
        self.owner_lines(&mut card, "Accountable", &isms.owner);
        if let Some(manager) = &isms.manager {
            card.field("Custodian", prose(&deed_linter::words::party(self.register(), manager, self.today)));
        }
        self.decision_line(&mut card, "Model adopted", &isms.adopted);
        self.decision_line(&mut card, "Scope approved", &isms.approved);
        let held = self
            .register()
            .reviews
            .iter()
            .filter(|review| review.kind.as_ref().is_some_and(|kind| kind.value == ReviewKind::ManagementReview));
        let held: Vec<_> = held.map(|review| review.held.as_slice()).collect();
        self.review_due(&mut card, isms.review.as_ref().map(|it| it.value), &held);
        card
    }

    pub(super) fn level_card(&self, level: &LevelBound) -> Card {
        let mut card = Card::new(format!("**{}** risk level", escape(&level.name)));
        let Some(criteria) = self.register().risk_criteria() else { return card };
        let above = criteria.levels.iter().find(|other| other.from > level.from);
        let to = above.map_or_else(|| " and more".to_owned(), |above| format!(" to {}", above.from - 1));
        card.field("Likelihood × impact", format!("{}{to}", level.from));
        if let Some(rank) = criteria.rank(&level.name) {
            let tolerance = criteria.tolerance.as_ref().and_then(|tolerance| criteria.rank(tolerance));
            let who = self.register().who_may(deed_model::authority::Power::AcceptRisk(rank), self.today);
            let above = tolerance.is_some_and(|tolerance| rank > tolerance);
            let may = who.iter().filter(|(role, _)| !above || role.is_in(deed_model::Layer::Executive));
            let may: Vec<String> = may.map(|(role, _)| self.role_in_words(role)).collect();
            let more = if may.len() > 3 { format!(" and {} more", may.len() - 3) } else { String::new() };
            card.field("May accept it", may.iter().take(3).cloned().collect::<Vec<_>>().join(", ") + &more);
            if above {
                card.line("Above the tolerance: executives only");
            }
        }
        if let Some(period) = criteria.max_acceptance(&level.name) {
            card.field("Accepted for", format!("{} at most", period.words()));
        }
        let is_here = |risk: &&Risk| {
            let rating = risk.accepted_rating().filter(|_| risk.is_open(self.today));
            rating.and_then(|it| criteria.rank_of(it)).is_some_and(|it| *criteria.level_name(it) == **level.name)
        };
        let risks: Vec<&str> = self.register().risks.iter().filter(is_here).map(|risk| risk.head.id.as_str()).collect();
        card.field("Open risks", few(risks));
        card
    }
}

/// The sections whose subjects name controls by what they do.
const USERS_OF_CONTROLS: &[Section] = &[Section::Policies, Section::Risks, Section::Exceptions, Section::Reviews];

/// A control's id and the catalogue's title.
pub(crate) fn control_heading(id: &str) -> String {
    let title = catalogue::control(id).map(|control| format!(" {}", escape(control.title))).unwrap_or_default();
    format!("**{}**{title}", escape(id))
}

/// A control's theme and attributes.
pub(crate) fn attributes(control: &AnnexControl) -> String {
    let words = |word: &str| word.replace('_', " ");
    let lists = [&control.control_type, &control.properties, &control.concepts, &control.capabilities];
    let lists = lists.into_iter().map(|list| list.iter().map(|it| words(it)).collect::<Vec<_>>().join(", "));
    let all: Vec<String> = std::iter::once(control.theme.to_owned()).chain(lists).collect();
    format!("*{}*", escape(&all.join(" · ")))
}

/// What took up a control of the 2013 edition.
pub(super) fn successors(id: &str) -> Option<Card> {
    let successors = catalogue::successors_of_2013(id);
    if successors.is_empty() {
        return None;
    }
    let mut card = Card::new(format!("**{}** of the 2013 edition", escape(id)));
    for control in successors {
        card.field("Now", format!("{} {}", code(control.id), escape(control.title)));
    }
    Some(card)
}
