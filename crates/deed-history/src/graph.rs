//! The commits a revision stands on.

use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::commit::Header;
use crate::{HistoryError, ObjectKind, Objects, Oid};

/// A parent whose commit is not here: the clone is shallow, or damaged.
pub const MISSING: u32 = u32::MAX;

/// All commits that can be reached from one, by index: the tip is 0, and children come before their parents.
///
/// What links them are the parents that the commits themselves name.
#[derive(Debug)]
pub struct Graph {
    ids: Vec<Oid>,
    trees: Vec<Oid>,
    times: Vec<i64>,
    /// Where each commit's parents start in `parents`; one more than there are commits.
    starts: Vec<u32>,
    parents: Vec<u32>,
    index: FxHashMap<Oid, u32>,
    complete: bool,
}

impl Graph {
    /// Reads the commits that `tip` stands on.
    pub fn load(objects: &Objects<'_>, tip: Oid) -> Result<Self, HistoryError> {
        Self::load_until(objects, tip, |_| false)
    }

    /// Reads the commits that any of several tips stands on; find each by its id.
    pub fn load_all(objects: &Objects<'_>, tips: &[Oid]) -> Result<Self, HistoryError> {
        Self::load_linked(tips, &mut |id| link(objects, id))
    }

    /// Puts the commits that any of several tips stands on together, as `link` knows each: its tree, its parents, the
    /// committer's time.
    pub(crate) fn load_linked(
        tips: &[Oid],
        link: &mut dyn FnMut(Oid) -> Option<CommitLink>,
    ) -> Result<Self, HistoryError> {
        let found = Found::collect(tips, link, |_| false)?;
        let order = found.order();
        Ok(found.sorted(&order))
    }

    /// Reads the commits that `tip` stands on, without going beyond those that are `known`. These are part of the
    /// graph, and seem to have no parents.
    pub fn load_until(objects: &Objects<'_>, tip: Oid, known: impl Fn(Oid) -> bool) -> Result<Self, HistoryError> {
        let found = Found::collect(&[tip], &mut |id| link(objects, id), known)?;
        let order = found.order();
        Ok(found.sorted(&order))
    }

    /// Returns how many commits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Says whether there is no commit, which cannot be.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Says whether no commit's parent is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Returns a commit's id.
    #[must_use]
    pub fn id(&self, commit: u32) -> Oid {
        self.ids[commit as usize]
    }

    /// Returns the directory a commit holds.
    #[must_use]
    pub fn tree(&self, commit: u32) -> Oid {
        self.trees[commit as usize]
    }

    /// Returns the committer's time in seconds, whatever it is worth.
    #[must_use]
    pub fn time(&self, commit: u32) -> i64 {
        self.times[commit as usize]
    }

    /// Returns a commit's parents in order; some may be [`MISSING`].
    #[must_use]
    pub fn parents(&self, commit: u32) -> &[u32] {
        let commit = commit as usize;
        &self.parents[self.starts[commit] as usize..self.starts[commit + 1] as usize]
    }

    /// Returns the index of a commit.
    #[must_use]
    pub fn find(&self, id: Oid) -> Option<u32> {
        self.index.get(&id).copied()
    }

    /// Says whether `descendant` is `ancestor` or stands on it, as far as history is here.
    #[must_use]
    pub fn is_ancestor(&self, ancestor: u32, descendant: u32) -> bool {
        // Parents have larger indices, so what is larger than the ancestor cannot lead to it.
        let mut seen = vec![false; (ancestor as usize + 1).saturating_sub(descendant as usize)];
        let mut pending = vec![descendant];
        while let Some(commit) = pending.pop() {
            if commit == ancestor {
                return true;
            }
            if commit < ancestor && !std::mem::replace(&mut seen[(commit - descendant) as usize], true) {
                pending.extend(self.parents(commit).iter().filter(|parent| **parent <= ancestor));
            }
        }
        false
    }

    /// Returns the first parents' line from the tip to its root.
    pub fn first_parents(&self) -> impl Iterator<Item = u32> {
        self.first_parents_of(0)
    }

    /// Returns the first parents' line from a commit to its root.
    pub fn first_parents_of(&self, commit: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(commit), |commit| {
            self.parents(*commit).first().copied().filter(|&parent| parent != MISSING)
        })
    }
}

/// A commit's tree, parents and committer's time.
pub(crate) type CommitLink = (Oid, Vec<Oid>, i64);

/// Reads what links a commit to others.
pub(crate) fn link(objects: &Objects<'_>, id: Oid) -> Option<CommitLink> {
    let object = objects.read(id, ObjectKind::Commit).ok()?;
    let header = Header::parse(object.data())?;
    let time = header.time();
    Some((header.tree, header.parents, time))
}

/// Commits in the order they were found.
struct Found {
    ids: Vec<Oid>,
    trees: Vec<Oid>,
    times: Vec<i64>,
    parents: Vec<Vec<u32>>,
    complete: bool,
}

impl Found {
    fn collect(
        tips: &[Oid],
        link: &mut dyn FnMut(Oid) -> Option<CommitLink>,
        known: impl Fn(Oid) -> bool,
    ) -> Result<Self, HistoryError> {
        let mut found = Self { ids: vec![], trees: vec![], times: vec![], parents: vec![], complete: true };
        // Where each commit is, or `MISSING`.
        let mut index: FxHashMap<Oid, u32> = FxHashMap::default();
        let mut read = |found: &mut Self, id: Oid| -> Option<Vec<Oid>> {
            let (tree, parents, time) = link(id)?;
            found.ids.push(id);
            found.trees.push(tree);
            found.times.push(time);
            Some(if known(id) { Vec::new() } else { parents })
        };
        let mut pending = Vec::new();
        for &tip in tips {
            if let Entry::Vacant(entry) = index.entry(tip) {
                entry.insert(pending.len() as u32);
                pending.push(read(&mut found, tip).ok_or(HistoryError::NoCommit { id: tip })?);
            }
        }
        let mut next = 0;
        while next < pending.len() {
            let parents = std::mem::take(&mut pending[next]);
            let mut indices = Vec::with_capacity(parents.len());
            for id in parents {
                let parent = *index.entry(id).or_insert_with(|| match read(&mut found, id) {
                    Some(parents) => {
                        pending.push(parents);
                        pending.len() as u32 - 1
                    }
                    None => MISSING,
                });
                found.complete &= parent != MISSING;
                indices.push(parent);
            }
            found.parents.push(indices);
            next += 1;
        }
        Ok(found)
    }

    /// Children before parents, and of those that could be next the newest.
    fn order(&self) -> Vec<u32> {
        let mut children = vec![0u32; self.ids.len()];
        for &parent in self.parents.iter().flatten().filter(|&&parent| parent != MISSING) {
            children[parent as usize] += 1;
        }
        let tips = (0..self.ids.len()).filter(|commit| children[*commit] == 0);
        let mut ready: BinaryHeap<_> = tips.map(|tip| (self.times[tip], tip as u32)).collect();
        let mut order = Vec::with_capacity(self.ids.len());
        while let Some((_, commit)) = ready.pop() {
            order.push(commit);
            for &parent in self.parents[commit as usize].iter().filter(|&&parent| parent != MISSING) {
                children[parent as usize] -= 1;
                if children[parent as usize] == 0 {
                    ready.push((self.times[parent as usize], parent));
                }
            }
        }
        order
    }

    fn sorted(&self, order: &[u32]) -> Graph {
        let mut place = vec![MISSING; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let pick = |old: &u32| *old as usize;
        let (mut starts, mut parents) = (vec![0], Vec::new());
        for old in order {
            let moved = |&parent: &u32| if parent == MISSING { MISSING } else { place[parent as usize] };
            parents.extend(self.parents[pick(old)].iter().map(moved));
            starts.push(parents.len() as u32);
        }
        let ids: Vec<Oid> = order.iter().map(|old| self.ids[pick(old)]).collect();
        Graph {
            trees: order.iter().map(|old| self.trees[pick(old)]).collect(),
            times: order.iter().map(|old| self.times[pick(old)]).collect(),
            starts,
            parents,
            index: ids.iter().enumerate().map(|(index, id)| (*id, index as u32)).collect(),
            complete: self.complete,
            ids,
        }
    }
}
