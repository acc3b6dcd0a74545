//! From what is known of one commit to a later one, by the commits between.
//!
//! The walk stops at commits that the earlier one stands on. A leaf that comes to the earlier commit itself is looked up
//! in what is known; one that comes to a commit before it, as by a branch that forked off there, needs all of history.

use deed_syntax::{Format, parse_sound};
use rustc_hash::FxHashMap;

use super::cache::Stored;
use super::compare::Head;
use super::document::Version;
use super::{Blame, BlameRequest, FileBlame, cold, walk};
use crate::value::{Twig, Values};
use crate::{Graph, HistoryError, Oid, Repository};

/// Where a walk stops, and what is known there.
pub(super) struct Boundary<'s> {
    /// The commit of which all is known.
    pub(super) commit: u32,
    /// By commit, whether it is that one or one that it stands on.
    known: Vec<bool>,
    pub(super) stored: &'s Stored,
}

/// With more new commits than this, reading all of history is hardly more work.
const MANY: usize = 5_000;

/// Returns the blame of a later commit and the commits it stands on; `None` when too little of it is known.
pub(super) fn advance(
    repository: &Repository,
    request: &BlameRequest,
    stored: Stored,
) -> Result<Option<(Blame, Vec<Oid>)>, HistoryError> {
    let objects = repository.objects()?;
    let graph = Graph::load_until(&objects, request.at, |id| stored.knows(id))?;
    let known: Vec<bool> = (0..graph.len()).map(|commit| stored.knows(graph.id(commit as u32))).collect();
    let Some(commit) = graph.find(stored.at).filter(|commit| graph.first_parents().any(|line| line == *commit)) else {
        return Ok(None);
    };
    if known.iter().filter(|known| !**known).count() > MANY || !graph.is_complete() {
        return Ok(None);
    }
    let boundary = Boundary { commit, known, stored: &stored };
    let mut walked = walk(repository, request, &graph, Some(&boundary))?;
    if !walked.deep.is_empty() {
        let paths = walked.deep.iter().map(|index| walked.blame.files[*index].path.clone()).collect();
        let (deep, _) = cold(repository, &BlameRequest { paths, ..request.clone() })?;
        replace(&mut walked.blame, deep);
    }
    let new = (0..graph.len() as u32).filter(|commit| !boundary.is_known(*commit)).map(|commit| graph.id(commit));
    let ids = new.chain(stored.ids()).collect();
    Ok(Some((walked.blame, ids)))
}

/// Puts files of another blame in the place of those that are there.
fn replace(blame: &mut Blame, other: Blame) {
    let mut index: FxHashMap<Oid, u32> = (0..).zip(&blame.commits).map(|(at, (id, _))| (*id, at)).collect();
    let places: Vec<u32> = other
        .commits
        .into_iter()
        .map(|(id, author)| {
            *index.entry(id).or_insert_with(|| {
                blame.commits.push((id, author));
                blame.commits.len() as u32 - 1
            })
        })
        .collect();
    for mut file in other.files {
        for entry in file.outcome.iter_mut().flatten() {
            entry.commit = entry.commit.map(|commit| places[commit as usize]);
            entry.adoption = entry.adoption.map(|commit| places[commit as usize]);
        }
        if let Ok(at) = blame.files.binary_search_by(|other: &FileBlame| other.path.cmp(&file.path)) {
            blame.files[at] = file;
        }
    }
}

impl Boundary<'_> {
    pub(super) fn is_known(&self, commit: u32) -> bool {
        self.known[commit as usize]
    }

    /// Returns for each leaf of a file which one of a known file it is.
    pub(super) fn leaves(&self, path: &[u8], head: &Head) -> Option<Vec<Option<u32>>> {
        let file = self.stored.file(path)?;
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
