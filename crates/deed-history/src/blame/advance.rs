//! From what is known of one commit to a later one, by the commits between.
//!
//! Only files that changed on the line of first parents are looked at; the others are as they were. The walk stops at
//! commits that the earlier one stands on. A leaf that comes to the earlier commit itself is looked up in what is known;
//! one that comes to a commit before it, as by a branch that forked off there, needs all of history.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use deed_syntax::{Format, parse_sound};
use rustc_hash::FxHashMap;

use super::cache::Stored;
use super::compare::Head;
use super::document::Version;
use super::{Blame, BlameEntry, BlameRequest, Commits, FileBlame, TREE_CACHE, cold, is_readable, walk};
use crate::value::{Twig, Values};
use crate::{Filter, Graph, HistoryError, Oid, Repository, Trees};

/// Where a walk stops, and what is known there.
pub(super) struct Boundary<'s> {
    /// The commit of which all is known.
    pub(super) commit: u32,
    /// By commit, whether it is that one or one that it stands on.
    known: Vec<bool>,
    stored: &'s Stored,
    /// The files of it that were asked for.
    files: Mutex<FxHashMap<Vec<u8>, Option<Arc<FileBlame>>>>,
}

/// With more new commits than this, reading all of history is hardly more work.
const MANY: usize = 5_000;

/// Returns the blame of a later commit and the new commits it stands on; `None` when too little of it is known.
pub(super) fn advance(
    repository: &Repository,
    request: &BlameRequest,
    stored: &Stored,
    known: &dyn Fn(&[u8], Oid) -> bool,
) -> Result<Option<(Blame, Vec<Oid>)>, HistoryError> {
    let objects = repository.objects()?;
    let graph = Graph::load_until(&objects, request.at, |id| stored.knows(id))?;
    let known_commits: Vec<bool> = (0..graph.len()).map(|commit| stored.knows(graph.id(commit as u32))).collect();
    let Some(commit) = graph.find(stored.at).filter(|commit| graph.first_parents().any(|line| line == *commit)) else {
        return Ok(None);
    };
    if known_commits.iter().filter(|known| !**known).count() > MANY || !graph.is_complete() {
        return Ok(None);
    }
    let trees = Trees::new(&objects, TREE_CACHE);
    let Some(changed) = changed(&graph, &trees, commit, &request.paths) else { return Ok(None) };
    let files = changed.iter().filter_map(|(path, blob)| Some((path.clone(), (*blob)?))).collect();
    let boundary = Boundary { commit, known: known_commits, stored, files: Mutex::default() };
    let mut commits = Commits::known(&stored.commits);
    let mut walked = walk(repository, request.threads, &graph, &objects, files, Some(&boundary), &mut commits)?;
    if !walked.deep.is_empty() {
        let paths = walked.deep.iter().map(|index| walked.files[*index].path.clone()).collect();
        let (deep, _) = cold(repository, &BlameRequest { paths, ..request.clone() })?;
        replace(&mut walked.files, &mut commits, deep);
    }
    let mut blame = Blame { all: vec![], files: vec![], commits: commits.with_authors(&objects)?, complete: true };
    let mut found = walked.files.into_iter().peekable();
    let mut before = stored.files.iter().enumerate().peekable();
    loop {
        let is_next = |file: &FileBlame, before: Option<&(usize, &(Vec<u8>, Oid))>| {
            before.is_none_or(|(_, (path, _))| file.path <= *path)
        };
        if let Some(file) = found.next_if(|file| is_next(file, before.peek())) {
            before.next_if(|(_, (path, _))| *path == file.path);
            blame.all.push((file.path.clone(), request.at));
            blame.files.push(file);
        } else if let Some((place, (path, since))) = before.next() {
            // What changed and was not found is gone.
            if !changed.contains_key(path) {
                blame.all.push((path.clone(), *since));
                if !known(path, *since) {
                    let Some(file) = stored.read(place) else { return Ok(None) };
                    blame.files.push(file);
                }
            }
        } else {
            break;
        }
    }
    let new = (0..graph.len() as u32).filter(|commit| !boundary.is_known(*commit)).map(|commit| graph.id(commit));
    Ok(Some((blame, new.collect())))
}

/// Returns the files that some commit on the line of first parents changed since an earlier one, as they are at the tip.
fn changed(
    graph: &Graph,
    trees: &Trees<'_, '_>,
    since: u32,
    paths: &[Vec<u8>],
) -> Option<BTreeMap<Vec<u8>, Option<Oid>>> {
    let filter = Filter { name: &is_readable, below: paths, hidden: true };
    let line: Vec<u32> = graph.first_parents().take_while(|commit| *commit != since).chain([since]).collect();
    let mut changed = BTreeMap::new();
    for step in line.windows(2) {
        for change in trees.changes(Some(graph.tree(step[1])), Some(graph.tree(step[0])), &filter).ok()? {
            changed.entry(change.path).or_insert(change.new);
        }
    }
    Some(changed)
}

/// Puts files of another blame in the place of those that are there.
fn replace(files: &mut [FileBlame], commits: &mut Commits, other: Blame) {
    let places: Vec<u32> = other.commits.into_iter().map(|(id, author)| commits.add(id, author)).collect();
    for mut file in other.files {
        for entry in file.outcome.iter_mut().flatten() {
            entry.commit = entry.commit.map(|commit| places[commit as usize]);
            entry.adoption = entry.adoption.map(|commit| places[commit as usize]);
        }
        if let Ok(at) = files.binary_search_by(|other: &FileBlame| other.path.cmp(&file.path)) {
            files[at] = file;
        }
    }
}

impl Boundary<'_> {
    pub(super) fn is_known(&self, commit: u32) -> bool {
        self.known[commit as usize]
    }

    /// The blame of a file at that commit.
    fn file(&self, path: &[u8]) -> Option<Arc<FileBlame>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(path.to_vec()).or_insert_with(|| self.stored.file(path).map(Arc::new)).clone()
    }

    /// What is known of a leaf of a file.
    pub(super) fn leaf(&self, path: &[u8], leaf: u32) -> Option<BlameEntry> {
        self.file(path)?.outcome.as_ref().ok()?.get(leaf as usize).cloned()
    }

    /// Returns for each leaf of a file which one of a known file it is.
    pub(super) fn leaves(&self, path: &[u8], head: &Head) -> Option<Vec<Option<u32>>> {
        let file = self.file(path)?;
        file.outcome.as_ref().ok()?;
        let format = Format::of_path(&String::from_utf8_lossy(path));
        let parse = parse_sound(&*file.text, format)?;
        let version = Version::read(file.text.as_bytes(), format, None)?;
        let (mut values, mut leaves) = (Values::new(&parse), Vec::new());
        let twigs: Vec<Twig> = parse.documents().map(|root| values.outline(root, &mut leaves)).collect();
        let identities: Vec<Option<u64>> = head.documents.iter().map(|(identity, _)| *identity).collect();
        // Which document of an older version is which depends on what these are: only among the same are leaves the same.
        if identities != version.identities() {
            return None;
        }
        let total = head.documents.last().map_or(0, |(_, twig)| twig.leaves.end);
        let mut found = vec![None; total as usize];
        for ((_, twig), other) in head.documents.iter().zip(&twigs) {
            find(twig, other, &mut found);
        }
        Some(found)
    }
}

fn find(twig: &Twig, other: &Twig, found: &mut [Option<u32>]) {
    if twig.children.is_empty() && other.children.is_empty() {
        found[twig.leaves.start as usize] = Some(other.leaves.start);
    }
    for child in &twig.children {
        if let Ok(at) = other.children.binary_search_by_key(&child.step, |twig| twig.step) {
            find(child, &other.children[at], found);
        }
    }
}
