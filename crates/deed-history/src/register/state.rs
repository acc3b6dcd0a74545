//! The register at one commit, with where each value came from. States share what they have in common.

use std::collections::BTreeMap;
use std::rc::Rc;

use deed_model::{Date, Verb, is_root_manifest};

use super::canonical::Hash;
use super::facts::{DecisionFacts, FieldId, FileFacts, SubjectFacts, SubjectId};
use crate::Oid;

/// A path below the root.
pub(crate) type Path = Rc<[u8]>;

/// The register at one commit.
#[derive(Clone, Default)]
pub(crate) struct State {
    /// Every manifest of the root, in the order of reading: the root manifest, then by path.
    pub(crate) files: Rc<BTreeMap<FileKey, FileState>>,
    /// The files that policies name as their documents; `None` where there is no such file.
    pub(crate) documents: Rc<BTreeMap<String, Option<Oid>>>,
    /// Directories below the root that are roots of their own, by how many root manifests they have.
    pub(crate) nested: Rc<BTreeMap<Path, usize>>,
    /// Decisions that were there once.
    pub(crate) gone: Rc<BTreeMap<(SubjectId, FieldId), Rc<Gone>>>,
    /// A directory is not here, so that not even the manifests are known.
    pub(crate) is_gap: bool,
    subjects: Vec<Rc<Chunk>>,
}

const CHUNK: usize = 32;
type Chunk = [Option<Rc<SubjectState>>; CHUNK];

/// A manifest's path, ordered as manifests are read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct FileKey(bool, pub(crate) Path);

impl FileKey {
    pub(crate) fn new(path: Path) -> Self {
        Self(!std::str::from_utf8(&path).is_ok_and(is_root_manifest), path)
    }
}

/// A manifest at one commit.
#[derive(Clone)]
pub(crate) struct FileState {
    /// The latest version that could be read: this one, unless it is broken or missing.
    pub(crate) readable: Option<Oid>,
    pub(crate) facts: Rc<FileFacts>,
    /// A version since the readable one is not here, so that origins cannot be told.
    pub(crate) is_gap: bool,
}

/// A subject at one commit.
#[derive(Clone)]
pub(crate) struct SubjectState {
    pub(crate) facts: Rc<SubjectFacts>,
    /// The manifests that define it; the first one counts.
    pub(crate) files: Rc<[FileKey]>,
    /// By field.
    pub(crate) fields: Vec<FieldState>,
}

/// A field's value at one commit.
#[derive(Clone)]
pub(crate) struct FieldState {
    pub(crate) field: FieldId,
    pub(crate) hash: Hash,
    /// The commit that gave it this value.
    pub(crate) origin: u32,
    /// The commit of the evidence branch that brought the value in; [`crate::MISSING`] where none has.
    pub(crate) adoption: u32,
    /// Nothing is missing between the origin and its parents.
    pub(crate) is_certain: bool,
    /// The same act was recorded differently before.
    pub(crate) altered: Option<Rc<Alteration>>,
}

/// A decision was changed without being made anew.
pub(crate) struct Alteration {
    /// The commit that changed it.
    pub(crate) commit: u32,
    /// The commit that had recorded it.
    pub(crate) original: u32,
    /// As it had been recorded.
    pub(crate) before: DecisionFacts,
    /// Which of its fields are others now.
    pub(crate) parts: Vec<String>,
}

/// A decision that was there once.
#[derive(Clone)]
pub(crate) struct Gone {
    /// The commit that removed it.
    pub(crate) commit: u32,
    pub(crate) by_merge: bool,
    /// The commit that had recorded it.
    pub(crate) origin: u32,
    pub(crate) verb: Verb,
    pub(crate) by: String,
    pub(crate) date: Option<Date>,
    pub(crate) is_certain: bool,
}

impl State {
    pub(crate) fn get(&self, subject: SubjectId) -> Option<&Rc<SubjectState>> {
        let at = subject.0 as usize;
        self.subjects.get(at / CHUNK)?[at % CHUNK].as_ref()
    }

    pub(crate) fn set(&mut self, subject: SubjectId, state: Option<Rc<SubjectState>>) {
        let at = subject.0 as usize;
        while self.subjects.len() <= at / CHUNK {
            self.subjects.push(Rc::new([const { None }; CHUNK]));
        }
        Rc::make_mut(&mut self.subjects[at / CHUNK])[at % CHUNK] = state;
    }

    pub(crate) fn field(&self, subject: SubjectId, field: FieldId) -> Option<&FieldState> {
        self.get(subject)?.field(field)
    }

    /// The subjects of this state that are not the very same in another.
    pub(crate) fn subjects_unlike<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = &'s Rc<SubjectState>> {
        let chunks = self.subjects.iter().enumerate();
        let unlike = chunks.filter(|(at, chunk)| !other.subjects.get(*at).is_some_and(|that| Rc::ptr_eq(that, chunk)));
        unlike.flat_map(move |(at, chunk)| {
            let other = other.subjects.get(at);
            chunk.iter().enumerate().filter_map(move |(nth, subject)| {
                let subject = subject.as_ref()?;
                let same = other.and_then(|chunk| chunk[nth].as_ref()).is_some_and(|that| Rc::ptr_eq(that, subject));
                (!same).then_some(subject)
            })
        })
    }

    pub(crate) fn subjects(&self) -> impl Iterator<Item = &Rc<SubjectState>> {
        self.subjects.iter().flat_map(|chunk| chunk.iter().flatten())
    }

    /// Whether a manifest's version is not here.
    pub(crate) fn has_gap(&self) -> bool {
        self.is_gap || self.files.values().any(|file| file.is_gap)
    }

    /// Whether a path lies in a root of its own.
    pub(crate) fn is_nested(&self, path: &[u8]) -> bool {
        self.nested.keys().any(|root| path.strip_prefix(&**root).is_some_and(|rest| rest.first() == Some(&b'/')))
    }
}

impl SubjectState {
    pub(crate) fn field(&self, field: FieldId) -> Option<&FieldState> {
        self.fields.binary_search_by_key(&field, |state| state.field).ok().map(|at| &self.fields[at])
    }

    pub(crate) fn has(&self, verb: Verb) -> bool {
        self.facts.decisions.iter().any(|decision| decision.verb == verb)
    }
}
