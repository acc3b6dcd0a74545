//! Everything that was decided, with its proof; what waits for somebody; what nobody owns.

use std::collections::HashMap;

use deed_linter::{Inputs, Task, tasks_now, words};
use deed_model::authority::Party;
use deed_model::evidence::DecisionEvidence;
use deed_model::{Date, Decision, FileRange, Head, Level, Section, Spanned, Verb};
use foldhash::fast::RandomState;

use crate::Analysis;

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
    /// What waits for the person whom Git names to decide it.
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
            waiting: self.waiting(),
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
            outdated: evidence.is_some_and(DecisionEvidence::is_outdated),
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

    /// What waits for the person whom Git names to decide it, as `deed todo` lists it.
    fn waiting(&self) -> Vec<Item> {
        let Some(me) = self.me else { return Vec::new() };
        let inputs = Inputs { workspace: self.workspace, today: self.today, exists: None, history: self.history };
        let item = |task: Task| {
            let (verb, subject) = task.decision().filter(|_| task.waits_for.iter().any(|doer| doer.person == me))?;
            let head = self.register().at_address(subject)?;
            let address = format!("{subject}.{}", verb.key());
            let why = match (task.because.as_str(), task.due) {
                ("", Some(due)) => format!("due on {due}"),
                ("", None) => format!("not {} yet", verb.key()),
                (because, Some(due)) => format!("{because} ({due})"),
                (because, None) => because.to_owned(),
            };
            Some(Item { address, title: self.name_of(head), why, at: task.span })
        };
        tasks_now(&inputs, self.diagnostics).into_iter().filter_map(item).collect()
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

/// The address of a decision, as history gives it where it is known.
fn address(head: &Head, verb: Verb, evidence: Option<&DecisionEvidence>) -> String {
    evidence.map_or_else(|| format!("{}.{}", head.address(), verb.key()), |evidence| evidence.decision.to_string())
}
