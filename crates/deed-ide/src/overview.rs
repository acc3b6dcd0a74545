//! Everything that was decided, with its proof; what waits for somebody; what nobody owns.

use std::collections::HashMap;

use deed_linter::words;
use deed_model::authority::Party;
use deed_model::evidence::DecisionEvidence;
use deed_model::{Date, Decision, FileRange, Head, Level, Section, Spanned, Treatment, Verb};
use foldhash::fast::RandomState;

use crate::Analysis;
use crate::decide::Standing;

/// What history shows of decisions, by where they stand.
type ByPlace<'h> = HashMap<FileRange, &'h DecisionEvidence, RandomState>;

/// What a view of the evidence shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overview {
    /// The commit everything was judged at, if history is known and has one.
    pub head: Option<String>,
    /// The branch decisions are adopted on.
    pub branch: Option<String>,
    /// Every decision, section by section.
    pub decisions: Vec<DecisionRow>,
    /// What the person whom Git names may decide, and what of it has to be decided anew.
    pub waiting: Vec<Item>,
    /// Controls, risks and policies that nobody answers for.
    pub unowned: Vec<Item>,
}

/// A decision with what history proves of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionRow {
    /// Its address, as in `risks.R-12.accepted`; with the decider in brackets where several decide together.
    pub address: String,
    /// What its subject is called.
    pub title: String,
    /// Who decided, by name.
    pub by: Option<String>,
    /// The day it bears.
    pub date: Option<Date>,
    /// How far its proof goes; `None` while that is not known.
    pub level: Option<Level>,
    /// What speaks against it, a sentence each.
    pub problems: Vec<String>,
    /// Whether what it covers has changed since.
    pub outdated: bool,
    /// The commit that stands for the act.
    pub commit: Option<String>,
    /// The day of that commit.
    pub recorded: Option<Date>,
    /// Where it stands.
    pub at: FileRange,
}

/// Something that somebody has to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The address of the decision or subject.
    pub address: String,
    /// What the subject is called.
    pub title: String,
    /// Why it is here: a few words.
    pub why: String,
    /// Where it stands.
    pub at: FileRange,
}

impl<'a> Analysis<'a> {
    /// Returns what a view of the evidence shows.
    pub fn overview(&self) -> Overview {
        let evidence: ByPlace<'_> =
            self.history.into_iter().flat_map(|history| &history.decisions).map(|it| (it.at, &**it)).collect();
        let decisions: Vec<DecisionRow> = self
            .register()
            .decisions()
            .map(|(head, decision)| self.row(head, decision, evidence.get(&decision.range).copied()))
            .collect();
        Overview {
            head: self.history.and_then(|history| history.head.clone()),
            branch: self.history.and_then(|history| history.branch.found.clone()),
            decisions,
            waiting: self.waiting(&evidence),
            unowned: self.unowned(),
        }
    }

    fn row(&self, head: &Head, decision: &Decision, evidence: Option<&DecisionEvidence>) -> DecisionRow {
        let register = self.register();
        let act = evidence.and_then(DecisionEvidence::act);
        DecisionRow {
            address: address(head, decision.verb, evidence),
            title: self.name_of(head),
            by: decision.by.as_ref().map(|by| words::name(by, register).to_owned()),
            date: decision.date.as_ref().map(|date| date.value),
            level: evidence.map(|evidence| evidence.level),
            problems: evidence.map(|evidence| words::against(evidence, register)).unwrap_or_default(),
            outdated: evidence.is_some_and(is_outdated),
            commit: act.map(|commit| commit.id.clone()),
            recorded: act.map(|commit| commit.committer.day()),
            at: decision.by.as_ref().map_or(decision.key, |by| by.span),
        }
    }

    /// A subject's title, or what it is called in a sentence.
    fn name_of(&self, head: &Head) -> String {
        let title = self.title(head);
        if title.is_empty() { head.section.noun().to_owned() } else { title }
    }

    /// What the person whom Git names may decide and nobody has decided, or has to be decided anew.
    fn waiting(&self, evidence: &ByPlace<'_>) -> Vec<Item> {
        let register = self.register();
        let Some(me) = self.me.filter(|me| register.people.get(me).is_some_and(|me| me.can_decide(self.today))) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        let mut add = |head: &Head, verb: Verb, decisions: &[Decision]| {
            let Some((why, at)) = self.pending(verb, decisions, evidence) else { return };
            if self.may(head, verb) {
                let address = format!("{}.{}", head.address(), verb.key());
                items.push(Item { address, title: self.name_of(head), why, at: at.unwrap_or(head.key) });
            }
        };
        if let Some(isms) = register.isms() {
            add(&isms.head, Verb::Adopted, &isms.adopted);
            add(&isms.head, Verb::Approved, &isms.approved);
        }
        if let Some(criteria) = register.risk_criteria() {
            add(&criteria.head, Verb::Approved, &criteria.approved);
        }
        if let Some(soa) = register.soa() {
            add(&soa.head, Verb::Approved, &soa.approved);
        }
        for role in register.roles.iter() {
            let own: Vec<Decision> = role.acknowledged.iter().filter(|decision| decision.is_by(me)).cloned().collect();
            add(&role.head, Verb::Acknowledged, &own);
        }
        for control in register.controls.iter().filter(|control| !control.is_excluded()) {
            add(&control.head, Verb::Accepted, &control.accepted);
        }
        for policy in register.policies.iter() {
            add(&policy.head, Verb::Approved, &policy.approved);
        }
        for risk in register.risks.iter().filter(|risk| risk.is_open(self.today)) {
            let is_treated = risk.treatment.as_ref().is_some_and(|treatment| treatment.value != Treatment::Accept);
            if is_treated {
                add(&risk.head, Verb::Approved, &risk.approved);
            }
            if risk.accepted_rating().is_some() {
                add(&risk.head, Verb::Accepted, &risk.accepted);
            }
        }
        for exception in register.exceptions.iter().filter(|exception| exception.is_open(self.today)) {
            add(&exception.head, Verb::Granted, &exception.granted);
        }
        for delegation in register.delegations.iter().filter(|delegation| delegation.granted.is_empty()) {
            add(&delegation.head, Verb::Granted, &delegation.granted);
        }
        for review in register.reviews.iter() {
            add(&review.head, Verb::Held, &review.held);
        }
        for (head, verb, why, at) in self.overdue() {
            let address = format!("{}.{}", head.address(), verb.key());
            if !items.iter().any(|item: &Item| item.address == address) && self.may(head, verb) {
                items.push(Item { address, title: self.name_of(head), why, at });
            }
        }
        items
    }

    /// Why decisions of one kind have to be made: nobody has, or none of them counts any more. With where that stands.
    fn pending(
        &self,
        verb: Verb,
        decisions: &[Decision],
        evidence: &ByPlace<'_>,
    ) -> Option<(String, Option<FileRange>)> {
        let date = |decision: &&Decision| decision.date.as_ref().map(|date| date.value);
        let made = decisions.iter().filter(|decision| decision.made_by(self.today));
        let Some(latest) = made.max_by_key(date) else {
            // One with a day to come, or that cannot be read, is somebody's already.
            return decisions.is_empty().then(|| (format!("not {} yet", verb.key()), None));
        };
        let at = Some(latest.key);
        if let Some(until) = latest.until.as_ref().filter(|until| until.value < self.today) {
            return Some((format!("ended on {}", until.value), at));
        }
        let outdated = evidence.get(&latest.range).filter(|evidence| is_outdated(evidence));
        outdated.map(|evidence| (format!("outdated: {}", crate::lens::since(evidence)), at))
    }

    /// The reviews that the rules call overdue.
    fn overdue(&self) -> Vec<(&'a Head, Verb, String, FileRange)> {
        let of = |diagnostic: &deed_linter::Diagnostic| {
            let verb = match diagnostic.rule.id {
                "overdue-policy-review" | "overdue-ownership-review" => Verb::Reviewed,
                _ => return None,
            };
            let head = self.register().at_address(&diagnostic.subject)?;
            Some((head, verb, "review overdue".to_owned(), diagnostic.span))
        };
        self.diagnostics.iter().filter_map(of).collect()
    }

    /// Whether the person whom Git names may make a decision today, by the register as it stands.
    fn may(&self, head: &Head, verb: Verb) -> bool {
        matches!(self.standing(head.section, &head.id, verb), Standing::May(_))
    }

    /// The controls, risks and policies in use that come down to nobody.
    fn unowned(&self) -> Vec<Item> {
        let register = self.register();
        let shown = [Section::Controls, Section::Policies, Section::Risks];
        let why = |owners: &'a [Spanned<String>]| match owners {
            [] => Some("nobody owns it".to_owned()),
            [owner] if register.accountable(owner, self.today).is_some() => None,
            [owner] => Some(match register.party(owner) {
                Some(Party::Role(role)) => {
                    format!("`{}` is held by {}", owner.value, words::holder(register.holder(role, self.today)))
                }
                Some(Party::Person(person)) => format!("{} cannot answer for anything today", person.display()),
                None => format!("nobody knows `{}`", owner.value),
            }),
            _ => Some("several are named, so that none is accountable".to_owned()),
        };
        let owned = words::owned(register, self.today).into_iter().filter(|it| shown.contains(&it.head.section));
        let mut items = Vec::new();
        for owned in owned {
            if let Some(why) = why(owned.owners) {
                let at = owned.owners.first().map_or(owned.head.key, |owner| owner.span);
                items.push(Item { address: owned.head.address(), title: self.name_of(owned.head), why, at });
            }
        }
        items
    }
}

fn is_outdated(evidence: &DecisionEvidence) -> bool {
    !evidence.outdated_by.is_empty() || !evidence.outdated_here.is_empty()
}

/// The address of a decision, as history gives it where it is known.
fn address(head: &Head, verb: Verb, evidence: Option<&DecisionEvidence>) -> String {
    evidence.map_or_else(|| format!("{}.{}", head.address(), verb.key()), |evidence| evidence.decision.to_string())
}
