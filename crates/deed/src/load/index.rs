//! What is staged, and what is tracked. Where libgit2 cannot read the index, since it is split or sparse, Git itself does.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use deed_history::{HistoryError, Repository, Stored, TrackedFiles};

use super::git::Git;
use super::stored::{is_manifest_path, top};
use crate::cli::history_mistake;

/// What an empty file is called, by SHA-1 and by SHA-256.
const EMPTY: [&str; 2] =
    ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"];

/// Returns the files that are staged.
pub(super) fn staged(repository: &Repository) -> Result<Stored> {
    // In a hook Git may name another index: that of the commit in the making.
    let other = std::env::var_os("GIT_INDEX_FILE").map(std::path::absolute).transpose()?;
    let stored = match repository.staged(other.as_deref()) {
        Err(HistoryError::Index { path, .. }) => listed(repository, other.as_deref())
            .map_err(|error| HistoryError::Index { path, reason: error.to_string() })
            .and_then(|(listed, intended)| Stored::listed(&listed, |path| intended.contains(path))),
        stored => stored,
    };
    stored.map_err(|error| history_mistake(&error).into())
}

/// What Git says of the index, and which files are only meant to be added.
fn listed(repository: &Repository, other: Option<&Path>) -> Result<(String, HashSet<String>)> {
    let git = Git::at(&top(repository));
    let git = other.map_or_else(|| git.clone(), |index| git.with_index(index));
    let ask = |arguments: &[&str]| Ok::<_, anyhow::Error>(String::from_utf8_lossy(&git.ask(arguments)?).into_owned());
    let listed = ask(&["ls-files", "-t", "--stage", "-z"])?;
    // What is only meant to be added is listed like an empty file. Only that is new here and not in the index.
    let added = match EMPTY.iter().any(|id| listed.contains(id)) {
        true => ask(&["diff-files", "--name-only", "--diff-filter=A", "--no-renames", "-z"])?,
        false => String::new(),
    };
    Ok((listed, added.split_terminator('\0').map(str::to_owned).collect()))
}

/// Manifests that Git tracks.
#[derive(Default)]
pub(super) struct Manifests {
    /// Where they lie, or would lie.
    pub(super) paths: Vec<PathBuf>,
    /// The texts of those that a sparse checkout leaves out.
    pub(super) left_out: BTreeMap<PathBuf, Arc<[u8]>>,
}

/// Returns the manifests that a repository tracks, by a directory of its working tree; none where it cannot be read.
pub(super) fn manifests(directory: &Path) -> Manifests {
    let Some((repository, tracked)) = tracked(directory, &is_manifest_path) else {
        return Manifests::default();
    };
    let top = top(&repository);
    let text = |path: &str| Some((top.join(path), tracked.left_out.read(&repository, path).ok()?.into()));
    Manifests {
        left_out: tracked.left_out.paths().filter_map(text).collect(),
        paths: tracked.paths.iter().map(|path| top.join(path)).collect(),
    }
}

/// Returns what a sparse checkout leaves out of the repository around a directory, and where that directory is in it.
pub(super) fn left_out(directory: &Path) -> Option<(Stored, PathBuf)> {
    let (repository, tracked) = tracked(directory, &|_| true)?;
    Some((tracked.left_out, directory.strip_prefix(top(&repository)).ok()?.to_owned()))
}

fn tracked(directory: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Option<(Repository, TrackedFiles)> {
    let repository = Repository::open(directory).ok()?;
    let tracked = repository.tracked(is_wanted).or_else(|_| {
        let listed = Git::at(&top(&repository)).ask(&["ls-files", "-t", "--stage", "-z"])?;
        Ok::<_, anyhow::Error>(TrackedFiles::listed(&String::from_utf8_lossy(&listed), is_wanted))
    });
    Some((repository, tracked.ok()?))
}
