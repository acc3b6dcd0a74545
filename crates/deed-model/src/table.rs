//! The subjects of one section: shared between registers that differ elsewhere, so that a register after an edit costs what
//! changed.
//!
//! In: the subjects of each manifest, in order. Out: a look-up by id and iteration, which are recorded ([`crate::reads`]).

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::reads::{self, Read};
use crate::{FileId, Head, Section};

/// A subject of some section.
pub trait Subject {
    /// The section.
    const SECTION: Section;

    /// Its address and place.
    fn head(&self) -> &Head;
}

/// Where a subject stands in its table: the part of a manifest, and its number there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Row {
    part: u32,
    nth: u32,
}

/// Which definition a subject is: of which manifest, and which of its section there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The manifest.
    pub file: FileId,
    /// Counted from zero, those of an id that an earlier one has included.
    pub nth: u32,
}

/// The subjects of one section, in the order of files and text.
#[derive(Debug)]
pub struct Table<T> {
    parts: Vec<(FileId, Arc<[T]>)>,
    index: Arc<Index>,
}

/// Which rows have which id.
#[derive(Default, Debug)]
struct Index {
    by_id: HashMap<Box<str>, Row, RandomState>,
    /// The rows whose id an earlier one has, ascending.
    again: Vec<Row>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), index: self.index.clone() }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), index: Arc::default() }
    }
}

impl<T: Subject> Table<T> {
    /// Makes a table of the subjects of each manifest that has some, in the order of manifests.
    pub(crate) fn of(parts: Vec<(FileId, Arc<[T]>)>) -> Self {
        let mut index = Index::default();
        index.by_id.reserve(parts.iter().map(|(_, part)| part.len()).sum());
        for ((_, subjects), part) in parts.iter().zip(0..) {
            for (subject, nth) in subjects.iter().zip(0..) {
                let row = Row { part, nth };
                if *index.by_id.entry(subject.head().id.as_str().into()).or_insert(row) != row {
                    index.again.push(row);
                }
            }
        }
        Self { parts, index: Arc::new(index) }
    }

    /// Returns the table with the subjects of some manifests replaced.
    pub(crate) fn with(&self, changed: &[(FileId, Option<Arc<[T]>>)]) -> Self {
        let mut parts = self.parts.clone();
        let mut same_ids = true;
        for (file, part) in changed {
            match (parts.binary_search_by_key(file, |(file, _)| *file), part) {
                (Ok(at), Some(part)) => {
                    let ids = |part: &[T]| part.iter().map(|subject| subject.head().id.clone()).collect::<Vec<_>>();
                    same_ids &= ids(&parts[at].1) == ids(part);
                    parts[at].1 = part.clone();
                }
                (Err(at), Some(part)) => {
                    same_ids = false;
                    parts.insert(at, (*file, part.clone()));
                }
                (Ok(at), None) => {
                    same_ids = false;
                    parts.remove(at);
                }
                (Err(_), None) => {}
            }
        }
        if same_ids { Self { parts, index: self.index.clone() } } else { Self::of(parts) }
    }

    fn row(&self, row: Row) -> &T {
        &self.parts[row.part as usize].1[row.nth as usize]
    }

    /// Returns the subject with an id: the first one, where several claim it.
    pub fn get(&self, id: &str) -> Option<&T> {
        reads::note(Read::Subject(T::SECTION, id));
        self.index.by_id.get(id).map(|row| self.row(*row))
    }

    /// Returns the first subject there is: the one that counts of a section that is one subject by itself.
    pub(crate) fn first(&self) -> Option<&T> {
        reads::note(Read::Subject(T::SECTION, ""));
        self.parts.first().and_then(|(_, part)| part.first())
    }

    /// Lets the subject with an id be another one.
    pub(crate) fn alter(&mut self, id: &str, alter: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        let Some(row) = self.index.by_id.get(id) else { return };
        alter(&mut Arc::make_mut(&mut self.parts[row.part as usize].1)[row.nth as usize]);
    }

    /// Returns every subject once: of several with the same id only the first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.numbered().map(|(_, subject)| subject)
    }

    /// Returns every subject once with its row.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (Row, &T)> {
        reads::note(Read::Section(T::SECTION));
        self.once()
    }

    /// Returns every subject once with its place. Nothing is noted: who asks notes each.
    pub fn placed(&self) -> impl Iterator<Item = (Place, &T)> {
        self.once().map(|(row, subject)| (self.place(row), subject))
    }

    /// Returns every definition with its place. Nothing is noted: who asks notes each.
    pub fn placed_definitions(&self) -> impl Iterator<Item = (Place, &T)> {
        self.rows().map(|(row, subject)| (self.place(row), subject))
    }

    fn place(&self, row: Row) -> Place {
        Place { file: self.parts[row.part as usize].0, nth: row.nth }
    }

    /// Returns the subject at a place, if it is the first with its id. Nothing is noted: who asks notes it.
    pub fn at(&self, place: Place) -> Option<&T> {
        let subject = self.definition_at(place)?;
        self.index.by_id.get(subject.head().id.as_str()).filter(|row| self.place(**row) == place)?;
        Some(subject)
    }

    /// Returns the definition at a place. Nothing is noted: who asks notes it.
    pub fn definition_at(&self, place: Place) -> Option<&T> {
        let part = self.parts.binary_search_by_key(&place.file, |(file, _)| *file).ok()?;
        self.parts[part].1.get(place.nth as usize)
    }

    fn once(&self) -> impl Iterator<Item = (Row, &T)> {
        let again = &self.index.again;
        self.rows().filter(|(row, _)| again.is_empty() || again.binary_search(row).is_err())
    }

    fn rows(&self) -> impl Iterator<Item = (Row, &T)> {
        let parts = (0..).zip(&self.parts);
        parts.flat_map(|(part, (_, subjects))| (0..).zip(&**subjects).map(move |(nth, one)| (Row { part, nth }, one)))
    }

    /// Returns the subjects in some rows.
    pub(crate) fn in_rows(&self, rows: &[Row]) -> impl Iterator<Item = &T> {
        rows.iter().map(|row| {
            let subject = self.row(*row);
            reads::note(Read::Subject(T::SECTION, &subject.head().id));
            subject
        })
    }

    /// Returns every definition, those of an id that an earlier one has included.
    pub fn definitions(&self) -> impl Iterator<Item = &T> {
        reads::note(Read::Section(T::SECTION));
        self.rows().map(|(_, subject)| subject)
    }

    /// Returns whether it has the ids of another, in the same rows.
    pub(crate) fn has_ids_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index)
    }

    /// Returns the subjects of one manifest, those of an id that an earlier one has included.
    pub(crate) fn in_file(&self, file: FileId) -> &[T] {
        let part = self.parts.binary_search_by_key(&file, |(file, _)| *file);
        part.map_or(&[], |at| &self.parts[at].1)
    }

    /// Returns the subjects whose id an earlier one has, each with that earlier one.
    pub fn duplicates(&self) -> impl Iterator<Item = (&T, &T)> {
        reads::note(Read::Ids(T::SECTION));
        let again = self.index.again.iter().map(|row| self.row(*row));
        again.map(|subject| {
            let id = subject.head().id.as_str();
            reads::note(Read::Subject(T::SECTION, id));
            (subject, self.row(self.index.by_id[id]))
        })
    }

    /// Returns how many different ids there are.
    pub fn len(&self) -> usize {
        reads::note(Read::Ids(T::SECTION));
        self.index.by_id.len()
    }

    /// Returns whether the section has no subject.
    pub fn is_empty(&self) -> bool {
        reads::note(Read::Ids(T::SECTION));
        self.parts.is_empty()
    }
}
