//! A list as people read it: tasks that differ in nothing but their subject are one entry.

use std::collections::HashMap;

use deed_linter::Task;
use deed_linter::words::described;
use deed_model::Head;

use super::{Agenda, bare, command};

/// From so many on, tasks that are alike are one entry.
const MANY: usize = 5;
/// How many of their subjects its line names.
const NAMED: usize = 3;

/// What stands on a list.
pub(super) struct Entry<'t> {
    /// The task, or the first of those that are alike.
    pub(super) task: &'t Task,
    /// What to do and why, in a line.
    pub(super) line: String,
    /// What more there is to say.
    pub(super) more: Vec<String>,
    /// The command that does it, where there is somebody who can.
    pub(super) command: Option<String>,
}

/// Makes entries of tasks, in their order; what is alike stands where the first of it stood.
pub(super) fn entries<'t>(agenda: &'t Agenda<'_>, tasks: &'t [Task]) -> Vec<Entry<'t>> {
    // All that a list says of a task but for its subject.
    let likeness = |task: &'t Task| {
        let Task { act, because, due, waits_for, escalates_to, .. } = task;
        let (_, words) = around_subject(agenda, task)?;
        Some((words, act, because, due, waits_for, escalates_to))
    };
    let mut alike: HashMap<_, Vec<&Task>> = HashMap::new();
    for task in tasks {
        if let Some(likeness) = likeness(task) {
            alike.entry(likeness).or_default().push(task);
        }
    }
    let entry = |task| match likeness(task).and_then(|likeness| alike.get(&likeness)) {
        // Put in words once, not for each of them.
        Some(alike) if alike.len() >= MANY => {
            let is_first = alike.first().is_some_and(|first| std::ptr::eq(*first, task));
            if is_first { many(agenda, alike) } else { None }
        }
        _ => Some(one(agenda, task)),
    };
    tasks.iter().filter_map(entry).collect()
}

/// The subject of a task, and the words before and behind it in what there is to do.
fn around_subject<'t>(agenda: &'t Agenda<'_>, task: &'t Task) -> Option<(&'t Head, [&'t str; 2])> {
    let head = agenda.register().at_address(&task.subject).filter(|head| !head.section.is_singleton())?;
    let (before, behind) = task.what.split_once(&described(head))?;
    Some((head, [before, behind]))
}

fn one<'t>(agenda: &Agenda<'_>, task: &'t Task) -> Entry<'t> {
    let more = task.reasons.iter().map(|reason| bare(&reason.message)).collect();
    Entry { task, line: bare(&agenda.line(task)), more, command: command(&agenda.project.workspace, &[task]) }
}

/// Says of tasks that are alike what they are, how many, and about what.
fn many<'t>(agenda: &Agenda<'_>, tasks: &[&'t Task]) -> Option<Entry<'t>> {
    let task = tasks.first()?;
    let (head, [before, behind]) = around_subject(agenda, task)?;
    let ids: Vec<&str> = tasks.iter().filter_map(|task| Some(around_subject(agenda, task)?.0.id.as_str())).collect();
    let because = match (task.because.strip_prefix("it "), task.because.strip_suffix(" it")) {
        (Some(end), _) => format!(": each {end}"),
        (None, Some(start)) => format!(": {start} them"),
        (None, None) if task.because.is_empty() => String::new(),
        (None, None) => format!(": {}", task.because),
    };
    let (some, more) =
        (ids.iter().take(NAMED).copied().collect::<Vec<_>>().join(", "), ids.len().saturating_sub(NAMED));
    let what = format!("{before}{} {}{behind} ({some} and {more} more){because}", ids.len(), head.section.key());
    // The command takes all of them.
    let command = command(&agenda.project.workspace, tasks);
    Some(Entry { task, line: bare(&what), more: vec![ids.join(", ")], command })
}
