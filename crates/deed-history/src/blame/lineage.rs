//! One walk back over history for all files: which versions each file had, and which one came of which.
//!
//! Each commit on the way has a set of files that wait for the commit that last changed them. Whatever a commit's first
//! parent has the same moves there as a whole; only what differs is taken out, and is a version. So the first parent is
//! asked first, for values too, even where another parent has the file as it is.

use rustc_hash::{FxHashMap, FxHashSet};

use super::rename::Renames;
use crate::tree::Scope;
use crate::{Graph, MISSING, Objects, Oid, Trees};

/// Versions of files, each with those it may have its values from.
pub(super) struct Lineage {
    points: Vec<Point>,
    edges: Vec<Edge>,
    pub(super) paths: Vec<Box<[u8]>>,
    /// The versions that were asked for.
    pub(super) heads: Vec<u32>,
}

/// A version of a file, and the commit that made it.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) path: u32,
    pub(super) blob: Oid,
    pub(super) commit: u32,
    edges: (u32, u32),
}

/// A version that one of the commit's parents has.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    /// Whether it is the first parent.
    pub(super) first: bool,
    /// [`MISSING`] where history is.
    pub(super) to: u32,
}

impl Lineage {
    pub(super) fn point(&self, point: u32) -> &Point {
        &self.points[point as usize]
    }

    pub(super) fn edges(&self, point: u32) -> &[Edge] {
        let (start, end) = self.point(point).edges;
        &self.edges[start as usize..end as usize]
    }
}

/// What a parent has of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// The file, under this path.
    File(Box<[u8]>, Oid),
    /// Nothing that could be it.
    Nothing,
    /// That cannot be told.
    Unknown,
}

/// Up to so many files are looked up one by one.
const FEW: usize = 4;

pub(super) struct Walk<'a, 'r> {
    graph: &'a Graph,
    trees: Trees<'r, 'a>,
    renames: Renames<'a, 'r>,
    points: Vec<Point>,
    /// Where a point is one with another.
    forward: Vec<u32>,
    edges: Vec<Edge>,
    paths: Paths,
    /// By commit: path to point.
    sets: Vec<Option<FxHashMap<u32, u32>>>,
}

#[derive(Default)]
struct Paths {
    names: Vec<Box<[u8]>>,
    index: FxHashMap<Box<[u8]>, u32>,
    directories: FxHashSet<Box<[u8]>>,
}

impl Paths {
    fn add(&mut self, path: &[u8]) -> u32 {
        if let Some(index) = self.index.get(path) {
            return *index;
        }
        for (end, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
            if !self.directories.contains(&path[..end]) {
                self.directories.insert(path[..end].into());
            }
        }
        let index = self.names.len() as u32;
        self.names.push(path.into());
        self.index.insert(path.into(), index);
        index
    }
}

/// Directories that hold files of interest.
impl Scope for Paths {
    fn enters(&self, directory: &[u8]) -> bool {
        self.directories.contains(directory)
    }

    fn keeps(&self, path: &[u8], _: &[u8]) -> bool {
        self.index.contains_key(path)
    }
}

impl<'a, 'r> Walk<'a, 'r> {
    pub(super) fn new(graph: &'a Graph, objects: &'a Objects<'r>, trees: Trees<'r, 'a>) -> Self {
        Self {
            graph,
            trees,
            renames: Renames::new(objects),
            points: Vec::new(),
            forward: Vec::new(),
            edges: Vec::new(),
            paths: Paths::default(),
            sets: (0..graph.len()).map(|_| None).collect(),
        }
    }

    /// Walks back from the tip, where those files are.
    pub(super) fn run(mut self, files: &[(Vec<u8>, Oid)]) -> Lineage {
        let heads: Vec<u32> = files.iter().map(|(path, blob)| self.wait(0, path, *blob)).collect();
        for commit in 0..self.graph.len() {
            if let Some(set) = self.sets[commit].take() {
                self.commit(commit as u32, set);
            }
        }
        let forward = &mut self.forward;
        let mut end = |point: u32| {
            let mut end = point;
            while forward[end as usize] != end {
                end = forward[end as usize];
            }
            let mut at = point;
            while forward[at as usize] != end {
                at = std::mem::replace(&mut forward[at as usize], end);
            }
            end
        };
        for edge in self.edges.iter_mut().filter(|edge| edge.to != MISSING) {
            edge.to = end(edge.to);
        }
        let heads = heads.into_iter().map(end).collect();
        Lineage { points: self.points, edges: self.edges, paths: self.paths.names, heads }
    }

    /// Has a file of a commit wait for the commit that made it so.
    fn wait(&mut self, commit: u32, path: &[u8], blob: Oid) -> u32 {
        let path = self.paths.add(path);
        let set = self.sets[commit as usize].get_or_insert_default();
        *set.entry(path).or_insert_with(|| {
            let point = self.points.len() as u32;
            self.points.push(Point { path, blob, commit: MISSING, edges: (0, 0) });
            self.forward.push(point);
            point
        })
    }

    fn commit(&mut self, commit: u32, mut set: FxHashMap<u32, u32>) {
        let graph = self.graph;
        // A commit that is known has no parents in the graph.
        let Some(&first) = graph.parents(commit).first() else {
            set.into_values().for_each(|point| self.settle(point, commit, &Found::Nothing));
            return;
        };
        if first == MISSING {
            set.into_values().for_each(|point| self.settle(point, commit, &Found::Unknown));
            return;
        }
        for (path, old) in self.changed(commit, first, &set) {
            if let Some(point) = set.remove(&path) {
                self.settle(point, commit, &old);
            }
        }
        if !set.is_empty() {
            self.hand_on(set, first);
        }
    }

    /// Returns what of a set differs in the first parent, with what that has.
    fn changed(&self, commit: u32, parent: u32, set: &FxHashMap<u32, u32>) -> Vec<(u32, Found)> {
        let (old, new) = (self.graph.tree(parent), self.graph.tree(commit));
        let found = |path: u32, old: Option<Oid>| match old {
            Some(blob) => (path, Found::File(self.paths.names[path as usize].clone(), blob)),
            None => (path, Found::Nothing),
        };
        if set.len() > FEW {
            let mut changed = Vec::new();
            let looked = self.trees.differing(Some(old), Some(new), &self.paths, &mut |path, old, _| {
                let path = self.paths.index[path];
                if set.contains_key(&path) {
                    changed.push(found(path, old));
                }
            });
            if looked.is_ok() {
                return changed;
            }
        }
        // Where a directory cannot be read, that concerns the files below it.
        let look = |path: &u32| match self.trees.differs_at(old, new, &self.paths.names[*path as usize]) {
            Ok(None) => None,
            Ok(Some(blob)) => Some(found(*path, blob)),
            Err(_) => Some((*path, Found::Unknown)),
        };
        let mut changed: Vec<_> = set.keys().filter_map(look).collect();
        changed.sort_unstable_by_key(|(path, _)| *path);
        changed
    }

    /// A commit made a version; what its parents have waits there.
    fn settle(&mut self, point: u32, commit: u32, first: &Found) {
        let graph = self.graph;
        let start = self.edges.len() as u32;
        for (index, &parent) in graph.parents(commit).iter().enumerate() {
            let found = if parent == MISSING {
                Found::Unknown
            } else if index == 0 && *first != Found::Nothing {
                first.clone()
            } else {
                self.find(point, commit, parent, index > 0)
            };
            let to = match found {
                Found::File(path, blob) => self.wait(parent, &path, blob),
                Found::Unknown => MISSING,
                Found::Nothing => continue,
            };
            self.edges.push(Edge { first: index == 0, to });
        }
        let edges = (start, self.edges.len() as u32);
        let point = &mut self.points[point as usize];
        (point.commit, point.edges) = (commit, edges);
    }

    /// Looks for what a parent has of a file, under its name if it may be there, or else under another.
    fn find(&mut self, point: u32, commit: u32, parent: u32, here: bool) -> Found {
        let Point { path, blob, .. } = self.points[point as usize];
        let name = &self.paths.names[path as usize];
        if here {
            match self.trees.file_at(self.graph.tree(parent), name) {
                Ok(Some(blob)) => return Found::File(name.clone(), blob),
                Ok(None) => {}
                Err(_) => return Found::Unknown,
            }
        }
        self.renames.source(&self.trees, self.graph.tree(parent), self.graph.tree(commit), name, blob)
    }

    /// Moves a set to a commit, the smaller into the larger where there is one.
    fn hand_on(&mut self, set: FxHashMap<u32, u32>, to: u32) {
        let there = self.sets[to as usize].get_or_insert_default();
        let (mut set, forward) = (set, &mut self.forward);
        if set.len() > there.len() {
            std::mem::swap(&mut set, there);
        }
        for (path, point) in set {
            let other = *there.entry(path).or_insert(point);
            if other != point {
                forward[point as usize] = other;
            }
        }
    }
}
