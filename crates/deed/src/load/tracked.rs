//! Paths of the user's, as a repository knows them.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};
use deed_history::{HistoryError, Repository};

use super::find::without_links;
use super::read::is_there;

/// A repository, and what was asked for in it.
pub(crate) struct Tracked {
    pub(crate) repository: Repository,
    /// From the root of the repository, which itself is empty.
    pub(crate) paths: Vec<Vec<u8>>,
}

/// Opens the repository that the first path lies in, and finds the others in it. They need not exist any more.
///
/// In a bare repository there are no files to find: all paths but its own count from the root of its trees.
pub(crate) fn tracked(paths: &[PathBuf]) -> Result<Tracked, HistoryError> {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let start = if first.exists() { first } else { Path::new(".") };
    let repository = Repository::open(start)?;
    let top = repository.workdir().and_then(|top| without_links(top).ok());
    let git_dir = without_links(repository.git_dir()).ok();
    let found = paths.iter().map(|path| match &top {
        Some(top) => below(top, path),
        None if real(path) == git_dir => Some(PathBuf::new()),
        None => Some(plain(path)),
    });
    let paths = found.zip(paths).map(|(found, path)| match found {
        Some(found) => Ok(super::slashed(&found).into_bytes()),
        None => Err(HistoryError::NoRepository { path: path.clone() }),
    });
    Ok(Tracked { paths: paths.collect::<Result<_, _>>()?, repository })
}

fn below(top: &Path, path: &Path) -> Option<PathBuf> {
    Some(real(path)?.strip_prefix(top).ok()?.to_owned())
}

/// Returns where a directory lies or would lie, without symbolic links.
pub(crate) fn future_directory(path: &Path) -> Result<PathBuf> {
    let real = real(path).context("there is no such place")?;
    let there = real.ancestors().find(|place| is_there(place));
    match there.filter(|place| !place.is_dir()) {
        Some(file) => anyhow::bail!("`{}` is a file", file.display()),
        None => Ok(real),
    }
}

/// The path without links, of which the last parts need not exist.
fn real(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = without_links(path) {
        return Some(real);
    }
    let (parent, name) = (path.parent()?, path.file_name()?);
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    Some(real(parent)?.join(name))
}

/// The path without `.`.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}
