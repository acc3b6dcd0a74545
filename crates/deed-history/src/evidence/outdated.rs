//! Whether what a decision covers still is what it was decided on.

use std::sync::Arc;

use deed_model::evidence::{Change, CommitFacts, DecisionEvidence, Problem, covers, is_covered_elsewhere};
use deed_model::{FileRange, Head, Section, Verb, Workspace};

use super::Request;
use super::archive::Archive;
use crate::register::canonical::Hash;
use crate::register::facts::{FieldName, SubjectId, canonical_field};
use crate::register::flow::{EventKind, normal};
use crate::register::state::{FieldState, State};
use crate::repository::WorkingFile;
use crate::{ObjectKind, Repository};

/// A decision that is compared with what stands now, and where.
pub(super) struct Comparison<'c, 'a, 'r> {
    pub(super) archive: &'c mut Archive<'a, 'r>,
    /// What is known of the decision; what is found is added to it.
    pub(super) evidence: &'c mut DecisionEvidence,
    /// The register as it stands now.
    pub(super) workspace: &'c Workspace,
    /// The register as it is committed.
    pub(super) now: &'c State,
    /// The commit that stands for the act.
    pub(super) decided_in: u32,
    pub(super) texts: &'c Texts<'c>,
}

impl Comparison<'_, '_, '_> {
    /// Finds covered content that changed after the decision: in history, and in the working tree.
    pub(super) fn run(&mut self, head: &Head, subject: SubjectId) {
        let (section, verb) = (head.section, self.evidence.decision.verb);
        self.fields(head, subject, &|field| covers(section, verb, field));
        if section == Section::Policies && verb == Verb::Approved {
            self.text(subject);
        }
        if section == Section::Soa && verb == Verb::Approved {
            self.controls();
        }
    }

    /// What the Statement of Applicability says of every control.
    fn controls(&mut self) {
        let names = &self.archive.timeline.names;
        let covered = |field: &str| is_covered_elsewhere(Section::Soa, Verb::Approved, Section::Controls, field);
        for control in self.workspace.register().controls.iter() {
            match names.known_subject(Section::Controls, &control.head.id) {
                Some(id) if self.now.get(id).is_some() => self.fields(&control.head, id, &covered),
                _ => self.evidence.outdated_here.push(control.head.address()),
            }
        }
        // A control that was part of the statement and is none any more.
        for then in self.archive.state(self.decided_in).subjects() {
            let (of, id) = names.of_subject(then.facts.subject);
            if of == Section::Controls && self.workspace.register().controls.get(id).is_none() {
                let commit = last_change(self.archive, then.facts.subject, None);
                self.removed(of.address(id), commit);
            }
        }
    }

    fn fields(&mut self, head: &Head, subject: SubjectId, covered: &dyn Fn(&str) -> bool) {
        let names = &self.archive.timeline.names;
        let node = self.workspace.manifest(head.key.file).parse.node(head.node);
        let mut present = Vec::new();
        for entry in node.fields() {
            let Some(name) = entry.name().filter(|name| covered(name)) else { continue };
            let field = names.known_field(&FieldName::Plain(name.to_owned()));
            present.extend(field);
            let what = format!("{}.{name}", head.address());
            let hash = Hash::of(&canonical_field(head.section, name, entry.value()));
            let at = FileRange { file: head.key.file, range: entry.value().range() };
            match field.and_then(|field| self.now.field(subject, field)) {
                Some(value) if value.hash == hash => self.later(value, what, Some(at)),
                _ => self.evidence.outdated_here.push(what),
            }
        }
        let Some(then) = self.archive.state(self.decided_in).get(subject) else { return };
        for gone in then.fields.iter().filter(|field| !present.contains(&field.field)) {
            let FieldName::Plain(name) = names.of_field(gone.field) else { continue };
            if covered(name) {
                let is_gone = self.now.field(subject, gone.field).is_none();
                let commit = last_change(self.archive, subject, Some(gone.field)).filter(|_| is_gone);
                self.removed(format!("{}.{name}", head.address()), commit);
            }
        }
    }

    /// The bytes of a policy's document.
    fn text(&mut self, subject: SubjectId) {
        let field = self.archive.timeline.names.known_field(&FieldName::FileBytes);
        let Some(value) = field.and_then(|field| self.now.field(subject, field)) else { return };
        let path = self.now.get(subject).and_then(|state| state.facts.files.first().cloned()).unwrap_or_default();
        let committed = self.now.documents.get(&path).copied().flatten();
        let object = committed.and_then(|id| self.archive.objects.read(id, ObjectKind::Blob).ok());
        match (object, self.texts.at(&path)) {
            (Some(object), WorkingFile::Bytes(bytes)) if self.texts.is_edited(&path, object.data(), &bytes) => {
                self.evidence.outdated_here.push(path);
            }
            (Some(_), WorkingFile::Link) => self.evidence.outdated_here.push(path),
            (None, WorkingFile::Link) if value.is_certain && committed.is_none() => {
                self.evidence.problems.push(Problem::TextNotInHistory { path, is_link: true });
            }
            (None, WorkingFile::Bytes(_) | WorkingFile::Unknown) if value.is_certain && committed.is_none() => {
                self.evidence.problems.push(Problem::TextNotInHistory { path, is_link: false });
            }
            // That it is missing is for others to say.
            _ => self.later(value, path, None),
        }
    }

    /// Notes what was taken away, by a commit or in the working tree.
    fn removed(&mut self, what: String, by: Option<Arc<CommitFacts>>) {
        match by {
            Some(commit) => {
                self.evidence.outdated_by.push(Change { what, at: None, commit, why: "removed".to_owned() });
            }
            None => self.evidence.outdated_here.push(what),
        }
    }

    /// Notes a value that did not exist when the decision was made.
    fn later(&mut self, value: &FieldState, what: String, at: Option<FileRange>) {
        let (origin, decided_in) = (value.origin, self.decided_in);
        if !value.is_certain || origin == decided_in || self.archive.is_ancestor(origin, decided_in) {
            return;
        }
        if let Some(record) = self.archive.commit(origin) {
            let commit = Arc::new(record.facts.clone());
            self.evidence.outdated_by.push(Change { what, at, commit, why: "changed".to_owned() });
        }
    }
}

/// The texts of policies, as they lie in the working tree.
pub(super) struct Texts<'t> {
    /// `None` where what is judged is not what lies there.
    repository: Option<&'t Repository>,
    /// The root's directory below the top of the repository.
    root: &'t str,
}

impl<'t> Texts<'t> {
    pub(super) fn of(request: &Request<'t>) -> Self {
        Self { repository: Some(request.repository).filter(|_| request.revision == "HEAD"), root: request.root }
    }

    fn path(&self, path: &str) -> String {
        normal(&format!("{}/{path}", self.root))
    }

    fn at(&self, path: &str) -> WorkingFile {
        self.repository.map_or(WorkingFile::Unknown, |repository| repository.working_file(&self.path(path)))
    }

    /// Whether a text is another one than that in history. Line endings do not count, since a checkout may change them.
    fn is_edited(&self, path: &str, committed: &[u8], here: &[u8]) -> bool {
        let is_same = committed == here || lines(committed).eq(lines(here));
        !is_same && self.repository.is_some_and(|repository| !repository.is_converted(&self.path(path)))
    }
}

/// The lines of a text without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
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
