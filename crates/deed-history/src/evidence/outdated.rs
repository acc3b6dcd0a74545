//! Whether what a decision covers still is what it was decided on.

use std::sync::Arc;

use deed_model::evidence::{Change, CommitFacts, DecisionEvidence, covers, is_covered_elsewhere};
use deed_model::{FileId, FileRange, Head, Section, Verb, Workspace};
use deed_syntax::Node;

use super::archive::Archive;
use crate::register::canonical::Hash;
use crate::register::facts::{FieldName, SubjectId, canonical_field};
use crate::register::flow::EventKind;
use crate::register::state::{FieldState, State};

/// Finds covered content that changed after a decision: in history, and in the working tree.
pub(super) fn outdated(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    workspace: &Workspace,
    head: &Head,
    subject: SubjectId,
    decided_in: u32,
    now: &State,
) {
    let (section, verb) = (head.section, evidence.decision.verb);
    own_fields(archive, evidence, workspace, head, subject, decided_in, now, &|field| covers(section, verb, field));
    if section == Section::Policies && verb == Verb::Approved {
        document(archive, evidence, subject, decided_in, now);
    }
    if section != Section::Soa || verb != Verb::Approved {
        return;
    }
    for control in workspace.register().controls.iter() {
        let covered = |field: &str| is_covered_elsewhere(section, verb, Section::Controls, field);
        match archive.timeline.names.known_subject(Section::Controls, &control.head.id) {
            Some(id) if now.get(id).is_some() => {
                own_fields(archive, evidence, workspace, &control.head, id, decided_in, now, &covered);
            }
            _ => evidence.outdated_here.push(control.head.address()),
        }
    }
    // A control that was part of the statement and is none any more.
    for then in archive.state(decided_in).subjects() {
        let (of, id) = archive.timeline.names.of_subject(then.facts.subject);
        if of == Section::Controls && workspace.register().controls.get(id).is_none() {
            let what = of.address(id);
            match last_change(archive, then.facts.subject, None) {
                Some(commit) => evidence.outdated_by.push(Change { what, at: None, commit, why: "removed".to_owned() }),
                None => evidence.outdated_here.push(what),
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one question with all its circumstances")]
fn own_fields(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    workspace: &Workspace,
    head: &Head,
    subject: SubjectId,
    decided_in: u32,
    now: &State,
    covered: &dyn Fn(&str) -> bool,
) {
    let node = node_of(workspace, head.key.file, head);
    let mut present = Vec::new();
    for entry in node.fields() {
        let Some(name) = entry.name().filter(|name| covered(name)) else { continue };
        let field = archive.timeline.names.known_field(&FieldName::Plain(name.to_owned()));
        present.extend(field);
        let what = format!("{}.{name}", head.address());
        let hash = Hash::of(&canonical_field(head.section, name, entry.value()));
        let at = FileRange { file: head.key.file, range: entry.value().range() };
        match field.and_then(|field| now.field(subject, field)) {
            Some(value) if value.hash == hash => later(archive, evidence, value, decided_in, what, Some(at)),
            _ => evidence.outdated_here.push(what),
        }
    }
    let Some(then) = archive.state(decided_in).get(subject).cloned() else { return };
    for gone in then.fields.iter().filter(|field| !present.contains(&field.field)) {
        let FieldName::Plain(name) = archive.timeline.names.of_field(gone.field) else { continue };
        if !covered(name) {
            continue;
        }
        let what = format!("{}.{name}", head.address());
        match last_change(archive, subject, Some(gone.field)) {
            Some(commit) if now.field(subject, gone.field).is_none() => {
                evidence.outdated_by.push(Change { what, at: None, commit, why: "removed".to_owned() });
            }
            _ => evidence.outdated_here.push(what),
        }
    }
}

/// The bytes of a policy's document.
fn document(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    subject: SubjectId,
    decided_in: u32,
    now: &State,
) {
    let Some(field) = archive.timeline.names.known_field(&FieldName::FileBytes) else { return };
    let Some(value) = now.field(subject, field) else { return };
    let path = now.get(subject).and_then(|state| state.facts.files.first().cloned()).unwrap_or_default();
    later(archive, evidence, value, decided_in, path, None);
}

/// Notes a value that did not exist when the decision was made.
fn later(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    value: &FieldState,
    decided_in: u32,
    what: String,
    at: Option<FileRange>,
) {
    if !value.is_certain || value.origin == decided_in || archive.is_ancestor(value.origin, decided_in) {
        return;
    }
    if let Some(record) = archive.commit(value.origin) {
        let commit = Arc::new(record.facts.clone());
        evidence.outdated_by.push(Change { what, at, commit, why: "changed".to_owned() });
    }
}

/// The commit that last took a field, or a whole subject, away.
fn last_change(
    archive: &mut Archive<'_, '_>,
    subject: SubjectId,
    field: Option<crate::register::facts::FieldId>,
) -> Option<Arc<CommitFacts>> {
    let matches = |event: &&crate::register::flow::Event| {
        event.subject == subject && event.kind == EventKind::Removed && field.is_none_or(|field| event.field == field)
    };
    let commit = archive.timeline.events.iter().rev().find(matches)?.commit;
    Some(Arc::new(archive.commit(commit)?.facts.clone()))
}

/// The node of a subject's value.
fn node_of<'w>(workspace: &'w Workspace, file: FileId, head: &Head) -> Node<'w> {
    workspace.manifest(file).parse.node(head.node)
}
