//! The time line of one subject.

use std::collections::BTreeMap;
use std::sync::Arc;

use deed_model::evidence::CommitFacts;
use deed_model::{Section, Verb};
use deed_syntax::Node;

use super::archive::Archive;
use super::judged::Judged;
use super::{Request, with_past};
use crate::register::facts::{FieldId, FieldName, SubjectId, hash_of_decision};
use crate::register::flow::EventKind;
use crate::{HistoryError, MISSING};

/// A commit that changed a subject.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// The commit.
    pub commit: Arc<CommitFacts>,
    /// The first-parent commit of the evidence branch that brought it in; `None` where none has yet, and where it is cut.
    pub adoption: Option<Arc<CommitFacts>>,
    /// What it changed, decisions last.
    pub changes: Vec<LogChange>,
    /// What was before it is not here, so what it seems to have changed may be older, and anybody's.
    pub is_cut: bool,
}

/// A field that a commit changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogChange {
    /// The field as written, as in `owner` or `accepted`.
    pub field: String,
    /// It is a decision.
    pub verb: Option<Verb>,
    /// Who made that, before or after; of anything else nobody.
    pub deciders: Vec<String>,
    /// What became of it.
    pub kind: LogKind,
    /// The value before, as written, on one line.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// What became of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogKind {
    /// It is new.
    Added,
    /// It has another value.
    Changed,
    /// It is gone.
    Removed,
}

/// Returns every commit that changed a subject, the newest first. Empty where history does not know it.
///
/// # Errors
/// Fails where the repository cannot be read at all.
pub fn log(request: &Request<'_>, section: Section, id: &str) -> Result<Vec<LogEntry>, HistoryError> {
    with_past(request, |past| {
        let archive = &mut *past.archive;
        let Some(subject) = archive.timeline.names.known_subject(section, id) else { return Vec::new() };
        let mut commits: BTreeMap<u32, Vec<(FieldId, EventKind)>> = BTreeMap::new();
        for event in archive.timeline.events.iter().filter(|event| event.subject == subject) {
            // A commit of the evidence branch that the revision does not have is none of its past.
            if event.commit >= past.head {
                commits.entry(event.commit).or_default().push((event.field, event.kind));
            }
        }
        let head = past.head;
        let mut entries = Vec::new();
        for (commit, events) in commits {
            if commit != head && !archive.is_ancestor(commit, head) {
                continue;
            }
            let parents = archive.graph.parents(commit);
            let is_cut = parents.iter().any(|parent| *parent == MISSING || archive.state(*parent).has_gap());
            let adoption = archive.line.landed(commit).unwrap_or(MISSING);
            let Some(judged) = Judged::of(archive, commit, adoption) else { continue };
            let adoption = (adoption != MISSING && !is_cut).then(|| Judged::of(archive, adoption, adoption)).flatten();
            entries.push(LogEntry {
                commit: Arc::new(judged.facts()),
                adoption: adoption.map(|adoption| Arc::new(adoption.facts())),
                changes: changes(archive, commit, subject, &events),
                is_cut,
            });
        }
        entries
    })
}

fn changes(
    archive: &mut Archive<'_, '_>,
    commit: u32,
    subject: SubjectId,
    events: &[(FieldId, EventKind)],
) -> Vec<LogChange> {
    let timeline = archive.timeline;
    let (section, _) = timeline.names.of_subject(subject);
    let parents: Vec<u32> = archive.graph.parents(commit).iter().copied().filter(|parent| *parent != MISSING).collect();
    let mut changes: Vec<LogChange> = Vec::new();
    for (field, kind) in events {
        let name = timeline.names.of_field(*field);
        let (verb, deciders) = match name {
            FieldName::Decision(verb, by, _) => (Some(*verb), vec![by.clone()]),
            _ => (None, Vec::new()),
        };
        let written = match name {
            FieldName::Plain(name) => name.clone(),
            FieldName::Decision(verb, ..) => verb.key().to_owned(),
            FieldName::FileBytes if section == Section::Policies => "document (its text)".to_owned(),
            FieldName::FileBytes => "keys (in files)".to_owned(),
        };
        let before = parents.iter().find_map(|parent| value(archive, *parent, subject, name));
        let after = value(archive, commit, subject, name);
        let kind = match kind {
            EventKind::Added => LogKind::Added,
            EventKind::Changed => LogKind::Changed,
            EventKind::Removed => LogKind::Removed,
        };
        // A decision in the place of an earlier one is a change to whoever reads it.
        let opposite = match kind {
            LogKind::Added => LogKind::Removed,
            _ => LogKind::Added,
        };
        let replaced = changes.iter_mut().find(|it| it.verb.is_some() && (it.verb, it.kind) == (verb, opposite));
        let replaced = replaced.filter(|_| kind != LogKind::Changed);
        match replaced {
            Some(other) => {
                other.kind = LogKind::Changed;
                other.deciders.extend(deciders);
                match kind {
                    LogKind::Added => other.after = after,
                    _ => other.before = before,
                }
            }
            None => changes.push(LogChange { field: written, verb, deciders, kind, before, after }),
        }
    }
    for change in changes.iter_mut().filter(|change| change.kind == LogKind::Added) {
        // In a merge, only one of the parents may have had the earlier one: then nothing was removed from all of them.
        if let Some(before) = change.verb.and_then(|verb| replaced(archive, commit, &parents, subject, verb)) {
            (change.kind, change.before) = (LogKind::Changed, Some(before));
        }
    }
    changes.sort_by(|a, b| (a.verb.is_some(), &a.field).cmp(&(b.verb.is_some(), &b.field)));
    changes
}

/// A decision of a kind that a parent has and the commit has not, as it is written.
fn replaced(
    archive: &mut Archive<'_, '_>,
    commit: u32,
    parents: &[u32],
    subject: SubjectId,
    verb: Verb,
) -> Option<String> {
    let now = archive.state(commit).get(subject)?.clone();
    parents.iter().find_map(|parent| {
        let there = archive.state(*parent).get(subject)?.clone();
        let lost = there.facts.decisions.iter().find(|it| it.verb == verb && now.facts.decision(it.field).is_none())?;
        value(archive, *parent, subject, archive.timeline.names.of_field(lost.field))
    })
}

/// A field's value as it is written at a commit, on one line.
fn value(archive: &mut Archive<'_, '_>, commit: u32, subject: SubjectId, name: &FieldName) -> Option<String> {
    let state = archive.state(commit);
    let found = state.get(subject)?;
    let (section, id) = archive.timeline.names.of_subject(subject);
    let workspace = archive.subject(state, subject)?;
    let root = workspace.manifests().first()?.parse.root()?;
    let entry = root.get(section.key())?.value();
    let node = if section.is_singleton() { entry } else { entry.get(id)?.value() };
    match name {
        FieldName::Plain(name) => Some(one_line(node.get(name)?.value())),
        FieldName::Decision(verb, _, hash) => {
            let value = node.get(verb.key())?.value();
            let mut several = value.items().chain(Some(value).filter(|value| !value.is_sequence()));
            several.find(|decision| hash_of_decision(*decision) == *hash).map(one_line)
        }
        FieldName::FileBytes => {
            let path = found.facts.files.first()?;
            state.documents.get(path).copied().flatten().map(|id| format!("{path} {}", id.short()))
        }
    }
}

/// A value on one line: block style is written as flow, and comments are left out.
fn one_line(node: Node<'_>) -> String {
    if node.is_mapping() {
        let entries: Vec<String> = node
            .entries()
            .map(|entry| {
                format!("{}: {}", entry.name().unwrap_or_else(|| entry.key().source()), one_line(entry.value()))
            })
            .collect();
        format!("{{ {} }}", entries.join(", "))
    } else if node.is_sequence() {
        let items: Vec<String> = node.items().map(one_line).collect();
        format!("[{}]", items.join(", "))
    } else {
        node.scalar_text().map_or_else(String::new, |text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
