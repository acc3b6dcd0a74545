//! What an edit changed in a register, and where the rest stands now.
//!
//! In: a workspace before and after. Out: [`Changes`]: what was changed, as [`Reads`], and the new places of what was not. A
//! subject that only stands elsewhere has not changed.

use std::collections::HashMap;
use std::sync::Arc;

use deed_syntax::{Moved, TextRange};

use crate::reads::{Read, Reads};
use crate::{
    Date, Decision, FileId, FileRange, Head, Manifest, Place, Reference, Register, Section, Spanned, Workspace,
};

/// What an edit changed.
pub struct Changes {
    /// What is not as it was.
    pub reads: Reads,
    /// The manifests with another text.
    pub files: HashMap<FileId, OfFile>,
}

/// What an edit changed in one manifest.
pub struct OfFile {
    moved: Moved,
    /// For each subject of a section, duplicates included, its number before, if it is what it was.
    pub kept: HashMap<Section, Vec<Option<u32>>>,
}

impl Changes {
    /// Compares two states of a workspace; `None` if they have not the same manifests.
    pub fn between(before: &Workspace, after: &Workspace) -> Option<Self> {
        if !before.has_paths_of(after) {
            return None;
        }
        let (old, new) = (before.manifests(), after.manifests());
        let mut changes = Self { reads: Reads::default(), files: HashMap::new() };
        let mut found = Found { before, after, reads: Vec::new() };
        for ((old, new), file) in old.iter().zip(new).zip(0..).filter(|((old, new), _)| !is_same(old, new)) {
            let moved = Moved::between(old.parse.text(), new.parse.text());
            let kept = found.compare(FileId(file), &moved);
            changes.files.insert(FileId(file), OfFile { moved, kept });
        }
        found.compare_custodians(&changes);
        if !changes.files.is_empty() {
            found.reads.push(Read::Files);
        }
        found.reads.extend(after.register().with_other_ids(before.register()).into_iter().map(Read::Ids));
        changes.reads = Reads::of(found.reads);
        Some(changes)
    }

    /// Returns where something stands now; `None` if it was changed, or may have been.
    pub fn place(&self, at: FileRange) -> Option<FileRange> {
        Some(FileRange { file: at.file, range: self.range(at.file, at.range)? })
    }

    /// Returns the same of a range in a manifest.
    pub fn range(&self, file: FileId, range: TextRange) -> Option<TextRange> {
        self.files.get(&file).map_or(Some(range), |of_file| of_file.moved.range(range))
    }
}

fn is_same(before: &Manifest, after: &Manifest) -> bool {
    Arc::ptr_eq(&before.parse, &after.parse)
}

/// Collects what changed.
struct Found<'w> {
    before: &'w Workspace,
    after: &'w Workspace,
    reads: Vec<Read<'w>>,
}

impl<'w> Found<'w> {
    /// Compares a manifest; returns the number that each subject had before, if it is what it was.
    fn compare(&mut self, file: FileId, moved: &Moved) -> HashMap<Section, Vec<Option<u32>>> {
        let (before, after) = (self.before, self.after);
        let (old, new) = (before.manifest(file), after.manifest(file));
        self.reads.push(Read::File(file));
        let mut known: HashMap<(Section, &str), Vec<(u32, &Head)>> = HashMap::new();
        let mut number = Numbers::default();
        for head in before.register().heads_in(file) {
            known.entry((head.section, &head.id)).or_default().push((number.next(head.section), head));
        }
        known.values_mut().for_each(|same_id| same_id.reverse());
        // What an alias stands for may change without a change of what it stands in.
        let has_aliases = old.parse.has_aliases() || new.parse.has_aliases();
        let is_kept = |was: &Head, is: &Head| {
            !has_aliases
                && moved.range(was.key.range) == Some(is.key.range)
                && moved.range(was.range.range) == Some(is.range.range)
                && after.node(file, is.node).is_moved(before.node(file, was.node), moved)
        };
        let mut kept: HashMap<Section, Vec<Option<u32>>> = HashMap::new();
        let mut numbers = Numbers::default();
        for head in after.register().heads_in(file) {
            let nth = numbers.next(head.section);
            let was = known.get_mut(&(head.section, head.id.as_str())).and_then(Vec::pop);
            let same = was.filter(|(_, was)| is_kept(was, head));
            kept.entry(head.section).or_default().push(same.map(|(nth, _)| nth));
            if same.is_none() {
                self.changed(after, head, nth);
                if let Some((nth, was)) = was {
                    self.changed(before, was, nth);
                }
            }
        }
        for (nth, head) in known.into_values().flatten() {
            self.changed(before, head, nth);
        }
        if !self.has_same_names(file, moved) {
            self.reads.push(Read::Names);
        }
        if !self.has_same_owners(file, moved) {
            self.reads.push(Read::Owners);
        }
        if !self.has_same_decisions(file, moved) {
            self.reads.push(Read::Decisions);
        }
        kept
    }

    /// Notes that a subject is not what it was, as it is before or after.
    fn changed(&mut self, workspace: &'w Workspace, head: &'w Head, nth: u32) {
        let (register, file, nth) = (workspace.register(), head.key.file, nth as usize);
        self.reads.extend([Read::Subject(head.section, &head.id), Read::Section(head.section)]);
        match head.section {
            Section::Roles => {
                if let [holder] = register.roles.in_file(file)[nth].held_by.as_slice() {
                    self.reads.push(Read::Held(holder));
                }
            }
            Section::Delegations => {
                let to = &register.delegations.in_file(file)[nth].to;
                self.reads.extend(to.iter().map(|to| Read::Received(to)));
            }
            _ => {}
        }
    }

    /// Whether the subjects of a manifest name what they named, decisions aside.
    fn has_same_names(&self, file: FileId, moved: &Moved) -> bool {
        fn of(workspace: &Workspace, file: FileId) -> Vec<Reference<'_>> {
            let (register, mut all, mut numbers) = (workspace.register(), Vec::new(), Numbers::default());
            for head in register.heads_in(file) {
                let place = Place { file, nth: numbers.next(head.section) };
                register.visit_references_of(head.section, place, &mut |reference| all.push(reference));
            }
            all.retain(|reference| reference.verb().is_none());
            all
        }
        let same = |was: &Reference<'_>, is: &Reference<'_>| {
            was.head.section == is.head.section
                && was.head.id == is.head.id
                && was.field == is.field
                && stays(was.text, is.text, moved)
        };
        let (old, new) = (of(self.before, file), of(self.after, file));
        old.len() == new.len() && old.iter().zip(&new).all(|(was, is)| same(was, is))
    }

    /// Whether everything in a manifest is owned by whom it was, and in use until when it was.
    fn has_same_owners(&self, file: FileId, moved: &Moved) -> bool {
        type Owned<'r> = (&'r Head, &'r [Spanned<String>], Option<Date>, bool);
        fn of(register: &Register, file: FileId) -> Vec<Owned<'_>> {
            let closed = |closed: &Option<Spanned<Date>>| closed.as_ref().map(|closed| closed.value);
            let isms = register.isms.in_file(file).iter().map(|it| (&it.head, &*it.owner, None, false));
            let controls = register.controls.in_file(file).iter();
            let controls = controls.map(|it| (&it.head, &*it.owner, None, it.is_excluded()));
            let policies = register.policies.in_file(file).iter().map(|it| (&it.head, &*it.owner, None, false));
            let risks = register.risks.in_file(file).iter();
            let risks = risks.map(|it| (&it.head, &*it.owner, closed(&it.closed), false));
            let exceptions = register.exceptions.in_file(file).iter();
            let exceptions = exceptions.map(|it| (&it.head, &*it.owner, closed(&it.closed), false));
            isms.chain(controls).chain(policies).chain(risks).chain(exceptions).collect()
        }
        let same = |(was, is): (Owned<'_>, Owned<'_>)| {
            (was.0.section, &was.0.id, was.2, was.3) == (is.0.section, &is.0.id, is.2, is.3)
                && moved.range(was.0.key.range) == Some(is.0.key.range)
                && was.1.len() == is.1.len()
                && was.1.iter().zip(is.1).all(|(was, is)| stays(was, is, moved))
        };
        let (old, new) = (of(self.before.register(), file), of(self.after.register(), file));
        old.len() == new.len() && old.into_iter().zip(new).all(same)
    }

    /// Whether the decisions of a manifest say what they said.
    fn has_same_decisions(&self, file: FileId, moved: &Moved) -> bool {
        fn is_same<T: PartialEq>(was: &Option<Spanned<T>>, is: &Option<Spanned<T>>, moved: &Moved) -> bool {
            match (was, is) {
                (None, None) => true,
                (Some(was), Some(is)) => stays(was, is, moved),
                _ => false,
            }
        }
        let (old, new) = (self.before.register().decisions_in(file), self.after.register().decisions_in(file));
        let same = |(was_of, was): &(&Head, &Decision), (is_of, is): &(&Head, &Decision)| {
            was_of.section == is_of.section
                && was_of.id == is_of.id
                && was.verb == is.verb
                && moved.range(was.key.range) == Some(is.key.range)
                && is_same(&was.by, &is.by, moved)
                && is_same(&was.date, &is.date, moved)
                && is_same(&was.until, &is.until, moved)
                && is_same(&was.as_role, &is.as_role, moved)
        };
        old.len() == new.len() && old.iter().zip(&new).all(|(was, is)| same(was, is))
    }

    /// The role that the ISMS makes a custodian is another than the same role without that.
    fn compare_custodians(&mut self, changes: &Changes) {
        let (old, new) = (self.before.register().implied_custodian(), self.after.register().implied_custodian());
        let is_same = match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => old.value == new.value && changes.place(old.span) == Some(new.span),
            _ => false,
        };
        if !is_same {
            self.reads.extend(old.into_iter().chain(new).map(|role| Read::Subject(Section::Roles, role)));
            self.reads.push(Read::Section(Section::Roles));
        }
    }
}

/// Whether a value is what it was, moved by an edit at most.
fn stays<T: PartialEq>(was: &Spanned<T>, is: &Spanned<T>, moved: &Moved) -> bool {
    was.value == is.value && moved.range(was.span.range) == Some(is.span.range)
}

/// Numbers the subjects of each section.
#[derive(Default)]
struct Numbers(HashMap<Section, u32>);

impl Numbers {
    fn next(&mut self, section: Section) -> u32 {
        let next = self.0.entry(section).or_default();
        *next += 1;
        *next - 1
    }
}
