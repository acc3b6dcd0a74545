//! What waits for whom: the diagnostics that ask somebody to do something, with the day it was or will be due.
//!
//! The rules say what there is to do, today and by a day to come; here it is put as a task, and given to a person. So what is
//! reported as wrong and what is on somebody's list are the same, on any day.

mod asked;
mod beside;
mod say;
mod whom;

use std::collections::HashMap;

use deed_model::{Date, FileRange, Register, Verb, Workspace};

use self::whom::Whom;
use crate::engine::{self, fnv1a};
use crate::rules::acceptance_without_rationale;
use crate::{Diagnostic, Inputs, Rule, Severity};

/// Something that somebody has to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// Names it over time: the same as long as it is the same thing to do.
    pub id: String,
    /// What sort of thing it is.
    pub act: Act,
    /// The address of the subject, as in `risks.R-12`.
    pub subject: String,
    /// What the subject is called; empty where it has no title.
    pub title: String,
    /// What to do: imperative, ids in backticks.
    pub what: String,
    /// Why, in a few words that follow a colon; empty where `what` says it all.
    pub because: String,
    /// The last day for it; `None` where it should be done already, without a day that could be named.
    pub due: Option<Date>,
    /// Who can do it, who is nearest to it first.
    pub waits_for: Vec<Doer>,
    /// Who has to see to it where nobody can.
    pub escalates_to: Option<Doer>,
    /// What is wrong, or will be.
    pub reasons: Vec<Reason>,
    /// The place to look at.
    pub span: FileRange,
}

/// A sort of thing to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Act {
    /// Make a decision.
    Decide(Verb),
    /// Commit a decision that stands in the working tree only.
    Commit(Verb),
    /// Name who holds a role, or who owns something.
    Appoint,
    /// Hold a management review.
    Hold,
    /// Audit controls.
    Audit,
    /// Collect evidence.
    Collect,
    /// Finish an action of a treatment plan.
    Finish,
    /// Use a role that exists on paper.
    Exercise,
    /// Mend what was suppressed, or decide anew that it is.
    Settle,
    /// Register another key.
    Renew,
}

impl Act {
    /// Returns the name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decide(_) => "decide",
            Self::Commit(_) => "commit",
            Self::Appoint => "appoint",
            Self::Hold => "hold",
            Self::Audit => "audit",
            Self::Collect => "collect",
            Self::Finish => "finish",
            Self::Exercise => "exercise",
            Self::Settle => "settle",
            Self::Renew => "renew",
        }
    }

    /// Returns the decision it is about.
    pub const fn verb(self) -> Option<Verb> {
        match self {
            Self::Decide(verb) | Self::Commit(verb) => Some(verb),
            _ => None,
        }
    }
}

/// Somebody who can do something, and what makes them so.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Doer {
    /// The person's id.
    pub person: String,
    /// The role they do it in; `None` where they are named themselves.
    pub role: Option<String>,
}

/// Why there is something to do.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule that says so; `None` where nothing is wrong yet.
    pub rule: Option<&'static Rule>,
    /// How bad it is, or will be.
    pub severity: Severity,
    /// What is wrong: one sentence without a full stop.
    pub message: String,
    /// The fingerprint of the diagnostic; empty where there is none.
    pub fingerprint: String,
}

impl Task {
    /// Returns whether it was due before a day, or has no day and is therefore to be done now.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due.is_some_and(|due| due < today)
    }

    /// Returns the decision it asks for as the command line names it, as in `accepted` and `risks.R-12`.
    pub fn decision(&self) -> Option<(Verb, &str)> {
        match self.act {
            Act::Decide(verb) => Some((verb, &self.subject)),
            _ => None,
        }
    }

    /// Returns whether the decision it asks for would be an error without a note.
    pub fn asks_for_note(&self, workspace: &Workspace) -> bool {
        self.decision()
            .is_some_and(|(verb, subject)| acceptance_without_rationale::asks_for_note(workspace, subject, verb))
    }

    /// Returns what to do and why, as in "Accept risk `R-12` again: its rating changed on 2026-06-29".
    pub fn line(&self) -> String {
        if self.because.is_empty() { self.what.clone() } else { format!("{}: {}", self.what, self.because) }
    }

    /// Returns whether somebody can do it, or has to see to it.
    pub fn concerns(&self, person: &str) -> bool {
        self.waits_for.iter().chain(&self.escalates_to).any(|doer| doer.person == person)
    }
}

/// Returns what is to be done now and up to a day, soonest first: what is overdue by the day it was due, then what should be
/// done already, then what is to come.
pub fn tasks(inputs: &Inputs<'_>, until: Date) -> Vec<Task> {
    let mut list = List::new(inputs);
    list.add_all(&engine::lint(inputs).diagnostics);
    let horizon = until.tomorrow().unwrap_or(until);
    if horizon > inputs.today {
        list.add_all(&engine::ahead(inputs, horizon));
        beside::ending(inputs, &list.whom, until).into_iter().for_each(|task| list.put(task));
    }
    let mut tasks = list.sorted();
    // What is reported long before it is due can wait.
    tasks.retain(|task| task.due.is_none_or(|due| due <= until));
    tasks
}

/// Returns what is to be done now, where it is known what the rules report.
pub fn tasks_now(inputs: &Inputs<'_>, diagnostics: &[Diagnostic]) -> Vec<Task> {
    let mut list = List::new(inputs);
    list.add_all(diagnostics);
    list.sorted()
}

/// The tasks so far, each once.
struct List<'a> {
    inputs: &'a Inputs<'a>,
    whom: Whom<'a>,
    tasks: Vec<Task>,
    known: HashMap<String, usize>,
}

impl<'a> List<'a> {
    /// Begins with what nobody calls wrong.
    fn new(inputs: &'a Inputs<'a>) -> Self {
        let whom = Whom::new(inputs.workspace.register(), inputs.history, inputs.today);
        let mut list = Self { inputs, whom, tasks: Vec::new(), known: HashMap::new() };
        beside::open(inputs, &list.whom).into_iter().for_each(|task| list.put(task));
        list
    }

    fn add_all(&mut self, diagnostics: &[Diagnostic]) {
        diagnostics.iter().for_each(|diagnostic| self.add(diagnostic));
    }

    fn sorted(self) -> Vec<Task> {
        let (today, mut tasks) = (self.inputs.today, self.tasks);
        let rank = |task: &Task| match task.due {
            Some(due) if due < today => (0, due),
            None => (1, today),
            Some(due) => (2, due),
        };
        let place = |task: &Task| (task.span.file, task.span.range.start());
        tasks.sort_by(|a, b| {
            let ranks = rank(a).cmp(&rank(b)).then_with(|| place(a).cmp(&place(b)));
            ranks.then_with(|| (&a.subject, &a.id).cmp(&(&b.subject, &b.id)))
        });
        tasks
    }

    /// Adds what a diagnostic asks for, if it asks somebody for something.
    fn add(&mut self, diagnostic: &Diagnostic) {
        let Some(asked) = asked::of(diagnostic, self.inputs) else { return };
        let register = self.inputs.workspace.register();
        let last = asked.act.verb().and_then(|verb| say::latest(register, &diagnostic.subject, verb));
        let waits_for = self.whom.can(&asked, diagnostic, last);
        let escalates_to = if waits_for.is_empty() { self.whom.above(&diagnostic.subject) } else { None };
        let reason = Reason {
            rule: Some(diagnostic.rule),
            severity: diagnostic.severity,
            message: diagnostic.message.to_string(),
            fingerprint: diagnostic.fingerprint.to_string(),
        };
        let (subject, act) = (diagnostic.subject.to_string(), asked.act);
        self.put(Task {
            id: id(register, act, &subject, &asked.item),
            title: crate::words::title(register, &subject).unwrap_or_default().to_owned(),
            what: say::what(register, act, &subject, &asked.item, last.is_some()),
            because: say::because(self.inputs, diagnostic, act),
            due: diagnostic.due,
            act,
            subject,
            waits_for,
            escalates_to,
            reasons: vec![reason],
            span: diagnostic.span,
        });
    }

    /// Adds a task, or another reason to one that is there.
    fn put(&mut self, mut task: Task) {
        match self.known.get(&task.id) {
            None => {
                self.known.insert(task.id.clone(), self.tasks.len());
                self.tasks.push(task);
            }
            Some(at) => {
                let known = &mut self.tasks[*at];
                // What is to be done now is not told again as what is to come.
                let is_ahead = |task: &Task| task.due.is_some_and(|due| due >= self.inputs.today);
                if is_ahead(known) || !is_ahead(&task) {
                    task.reasons.retain(|reason| known.reasons.iter().all(|told| told.rule != reason.rule));
                    known.reasons.append(&mut task.reasons);
                }
            }
        }
    }
}

/// What names a task over time. Calendars of several organisations come together in one place, so theirs differ.
fn id(register: &Register, act: Act, subject: &str, item: &str) -> String {
    let organization = register.isms().and_then(|isms| isms.organization.as_ref()).map_or("", |name| name.as_str());
    let verb = act.verb().map_or("", Verb::key);
    let parts = [organization, act.name(), verb, subject, item];
    format!("{:032x}", fnv1a(parts.into_iter().flat_map(|part| part.bytes().chain([0]))))
}
