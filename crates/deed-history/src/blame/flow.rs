//! The way of a file's leaves back through its versions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::rc::Rc;

use deed_syntax::Format;
use rustc_hash::{FxHashMap, FxHashSet};

use super::MAX_SIZE;
use super::advance::Boundary;
use super::compare::{Head, lacking};
use super::document::Version;
use super::leaf_set::LeafSet;
use super::lineage::Lineage;
use crate::{MISSING, ObjectError, ObjectKind, Objects, Oid};

/// Where a leaf came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Source {
    /// `None` where history is missing.
    pub(super) origin: Option<Origin>,
    /// The commit by which it came to the line of first parents.
    pub(super) adoption: Option<u32>,
}

/// What first had a leaf so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A version.
    Point(u32),
    /// What is known of a leaf of that version, by index.
    Stored(u32, u32),
}

/// A version, as far as it can be read.
#[derive(Clone)]
enum Read {
    Sound(Rc<Version>),
    /// Looked through, as if it were not there.
    Broken,
    Unknown,
}

pub(super) struct Flow<'a, 'r> {
    objects: &'a Objects<'r>,
    lineage: &'a Lineage,
    boundary: Option<&'a Boundary<'a>>,
    head: &'a Head,
    deep: bool,
    read: FxHashMap<u32, Read>,
    waiting: BTreeMap<(u32, u32), LeafSet>,
    sources: Vec<Source>,
}

impl<'a, 'r> Flow<'a, 'r> {
    /// Follows all leaves of a file from a version of it. They are on the line of first parents. Says as well whether more
    /// of history is needed.
    pub(super) fn run(
        objects: &'a Objects<'r>,
        lineage: &'a Lineage,
        boundary: Option<&'a Boundary<'a>>,
        head: &'a Head,
        from: u32,
        version: Version,
        leaves: usize,
    ) -> (Vec<Source>, bool) {
        let mut flow = Self {
            objects,
            lineage,
            boundary,
            head,
            deep: false,
            read: FxHashMap::from_iter([(from, Read::Sound(Rc::new(version)))]),
            waiting: BTreeMap::new(),
            sources: vec![Source::default(); leaves],
        };
        flow.waiting.insert((lineage.point(from).commit, from), LeafSet::full(leaves));
        // Children come before parents, so each version is met once, with all leaves that come to it.
        while let Some(((commit, point), set)) = flow.waiting.pop_first() {
            match boundary {
                Some(boundary) if boundary.is_known(commit) => flow.arrive(boundary, commit, point, &set),
                _ => flow.version(commit, point, set),
            }
        }
        (flow.sources, flow.deep)
    }

    fn version(&mut self, commit: u32, point: u32, mut set: LeafSet) {
        let Some(Read::Sound(version)) = self.read.remove(&point) else { return };
        // Those it may have its values from, in order, the next one last. What is broken is looked through.
        let edges = |lineage: &'a Lineage, point, on_line: bool| {
            lineage.edges(point).iter().rev().map(move |edge| (edge.to, on_line && edge.first))
        };
        let mut pending: Vec<(u32, bool)> = edges(self.lineage, point, true).collect();
        let mut seen = FxHashSet::default();
        while let Some((parent, on_line)) = pending.pop() {
            if set.is_empty() {
                return;
            }
            if parent == MISSING {
                return;
            }
            if !seen.insert(parent) {
                continue;
            }
            let before = match self.read(parent, point, &version) {
                Read::Sound(before) => before,
                Read::Unknown => return,
                // What it came of lies beyond what the walk has seen.
                Read::Broken if self.boundary.is_some_and(|it| it.is_known(self.lineage.point(parent).commit)) => {
                    self.deep = true;
                    return;
                }
                Read::Broken => {
                    pending.extend(edges(self.lineage, parent, on_line));
                    continue;
                }
            };
            let rest = lacking(self.head, &version, &before, &set);
            set.subtract(&rest);
            if set.is_empty() && !self.waiting.contains_key(&(self.lineage.point(parent).commit, parent)) {
                // Another version may ask for it again, but most are done with.
                self.read.remove(&parent);
            }
            if !set.is_empty() {
                if !on_line {
                    self.adopt(&set, commit);
                }
                match self.waiting.entry((self.lineage.point(parent).commit, parent)) {
                    Slot::Vacant(slot) => {
                        slot.insert(set);
                    }
                    Slot::Occupied(mut slot) => slot.get_mut().unite(&set),
                }
            }
            set = rest;
        }
        self.adopt(&set, commit);
        for leaf in set.iter() {
            self.sources[leaf].origin = Some(Origin::Point(point));
        }
    }

    /// The leaves come to a commit of which all is known, or to one before it.
    fn arrive(&mut self, boundary: &Boundary<'_>, commit: u32, point: u32, set: &LeafSet) {
        self.read.remove(&point);
        let path = &self.lineage.paths[self.lineage.point(point).path as usize];
        let known = (commit == boundary.commit).then(|| boundary.leaves(path, self.head)).flatten();
        for leaf in set.iter() {
            match known.as_ref().and_then(|known| known[leaf]) {
                Some(there) => self.sources[leaf].origin = Some(Origin::Stored(point, there)),
                None => self.deep = true,
            }
        }
    }

    /// The leaves leave the line of first parents here, unless they did before.
    fn adopt(&mut self, set: &LeafSet, commit: u32) {
        for leaf in set.iter() {
            self.sources[leaf].adoption.get_or_insert(commit);
        }
    }

    fn read(&mut self, point: u32, child: u32, near: &Rc<Version>) -> Read {
        if let Some(read) = self.read.get(&point) {
            return read.clone();
        }
        let (own, others) = (self.lineage.point(point), self.lineage.point(child));
        let read = if own.blob == others.blob && own.path == others.path {
            Read::Sound(near.clone())
        } else {
            read(self.objects, &self.lineage.paths[own.path as usize], own.blob, Some(near))
        };
        self.read.insert(point, read.clone());
        read
    }
}

fn read(objects: &Objects<'_>, path: &[u8], blob: Oid, near: Option<&Version>) -> Read {
    let object = match objects.read_up_to(blob, ObjectKind::Blob, MAX_SIZE) {
        Ok(object) => object,
        Err(ObjectError::Missing(_) | ObjectError::Damaged(..) | ObjectError::TooLarge(..)) => return Read::Unknown,
    };
    let format = Format::of_path(&String::from_utf8_lossy(path));
    match Version::read(object.data(), format, near) {
        Some(version) => Read::Sound(Rc::new(version)),
        None => Read::Broken,
    }
}
