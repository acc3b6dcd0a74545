//! The register as it was.

use std::cell::RefCell;
use std::sync::Arc;

use deed_model::evidence::day_of;
use deed_model::{Date, Manifest, Workspace, is_manifest};

use super::branch;
use super::clock::believed;
use crate::register::facts;
use crate::register::flow::MAX_BLOB;
use crate::register::memo::Memo;
use crate::register::roots::{join, roots};
use crate::{Commit, Filter, Graph, HistoryError, MISSING, ObjectKind, Oid, Repository, Trees};

/// A register of the past.
pub struct Snapshot {
    /// The commit.
    pub commit: Oid,
    /// The root's directory then.
    pub root: String,
    /// The manifests and the register.
    pub workspace: Workspace,
}

/// Returns the commit of the evidence branch that stood at the end of a day; `None` where there was none yet.
///
/// Days are those of the committers' own time zones, as everywhere. What counts is the order of adoption. Committer times are claims: the few that contradict the many are taken for the
/// time of the commit before, so that nobody slips a commit into the past, nor ends history with one from the future.
///
/// # Errors
/// Fails where the repository cannot be read at all, and where the history that is here begins later.
pub fn on_day(repository: &Repository, workspace: &Workspace, day: Date) -> Result<Option<Oid>, HistoryError> {
    let (_, tip) = branch(repository, workspace);
    let tip = tip.map_or_else(|| repository.resolve("HEAD"), Ok)?;
    let objects = repository.objects()?;
    let graph = Graph::load(&objects, tip)?;
    let mut line: Vec<u32> = graph.first_parents().collect();
    line.reverse();
    let times: Vec<i64> = line.iter().map(|commit| graph.time(*commit)).collect();
    let mut found = None;
    let is_later = |commit: u32| {
        let by_utc = day_of(graph.time(commit), 0);
        // No time zone moves a time by more than a day.
        if by_utc < day || by_utc > day.tomorrow().unwrap_or(day) {
            return by_utc > day;
        }
        Commit::read(&objects, graph.id(commit)).map_or(by_utc, |commit| commit.committer.time.day()) > day
    };
    for (commit, is_believed) in line.iter().zip(believed(&times)) {
        if is_believed && is_later(*commit) {
            break;
        }
        found = Some(graph.id(*commit));
    }
    let is_cut = line.first().is_some_and(|first| graph.parents(*first).contains(&MISSING));
    if found.is_none() && is_cut { Err(HistoryError::Cut) } else { Ok(found) }
}

/// Reads the register at a commit; the root is followed from where it is at the tip of history.
///
/// # Errors
/// Fails where the repository cannot be read at all, or a manifest of that commit is not here.
pub fn snapshot(repository: &Repository, root: &str, commit: Oid) -> Result<Snapshot, HistoryError> {
    let head = repository.resolve("HEAD")?;
    let objects = repository.objects()?;
    let graph = Graph::load_all(&objects, &[head, commit])?;
    let trees = Trees::new(&objects, 16 << 20);
    let index = graph.find(commit).unwrap_or(0);
    let root = roots(&graph, &trees, &RefCell::new(Memo::none()), root.as_bytes())[index as usize].clone();
    let by_name = |name: &[u8]| std::str::from_utf8(name).is_ok_and(is_manifest);
    let below = if root.is_empty() { Vec::new() } else { vec![root.to_vec()] };
    let missing = |_| HistoryError::NoCommit { id: commit };
    let files =
        trees.files(graph.tree(index), &Filter { name: &by_name, below: &below, hidden: false }).map_err(missing)?;
    let nested: Vec<Vec<u8>> = files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| is_root(path) && crate::register::roots::directory(path) != &*root)
        .map(|path| crate::register::roots::directory(path).to_vec())
        .collect();
    let is_nested = |path: &[u8]| nested.iter().any(|root| path.starts_with(&join(root, b"")));
    let mut manifests = Vec::new();
    for (path, id) in files.iter().filter(|(path, _)| !is_nested(path)) {
        let object = objects.read_up_to(*id, ObjectKind::Blob, MAX_BLOB).map_err(missing)?;
        let below = if root.is_empty() { path.as_slice() } else { &path[root.len() + 1..] };
        let path = String::from_utf8_lossy(below).into_owned();
        let parse = Arc::new(facts::parse(object.data(), &path));
        manifests.push(Manifest { path, parse });
    }
    let root = String::from_utf8_lossy(&root).into_owned();
    Ok(Snapshot { commit, root, workspace: Workspace::new(manifests) })
}

fn is_root(path: &[u8]) -> bool {
    let directory = crate::register::roots::directory(path);
    let name = if directory.is_empty() { path } else { &path[directory.len() + 1..] };
    std::str::from_utf8(name).is_ok_and(deed_model::is_root_manifest)
}
