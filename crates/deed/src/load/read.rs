//! Reads one manifest, and looks whether files that manifests refer to exist.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use deed_history::{Repository, Stored};

use super::find::{FoundFile, plain, without_links};
use super::index;

/// Reads a manifest's bytes, or says why it cannot be read.
///
/// A symbolic link is followed as long as it stays below the root: what lies elsewhere is not part of the repository,
/// and excerpts of it do not belong into a log.
pub(super) fn read(file: &FoundFile, root: &Path) -> Result<Vec<u8>, String> {
    if file.path.to_str().is_none() {
        return Err("its name is not UTF-8".to_owned());
    }
    if let Some(text) = &file.left_out {
        return Ok(text.to_vec());
    }
    let Some(mut kind) = file.kind else { return Err("it is gone".to_owned()) };
    if kind.is_symlink() {
        let target = without_links(&file.path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "it is a symbolic link to something that does not exist".to_owned(),
            _ => plain(&error),
        })?;
        if !target.starts_with(root) {
            return Err("it is a symbolic link that leads out of the workspace".to_owned());
        }
        kind = fs::metadata(&target).map_err(|error| plain(&error))?.file_type();
    }
    if kind.is_dir() {
        return Err("it is a directory, and a manifest is a file".to_owned());
    }
    // Opening a pipe would wait for somebody to write to it.
    if !kind.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    fs::read(&file.path).map_err(|error| plain(&error))
}

/// Which files exist below a root.
pub(crate) enum Existing {
    /// On disk; what was looked for is remembered.
    Disk { root: PathBuf, seen: Mutex<HashMap<String, bool>>, left_out: LeftOut },
    /// In the index or a commit, below a directory of it.
    Stored { stored: Arc<Stored>, root: String },
}

impl Existing {
    pub(crate) fn below(root: PathBuf) -> Self {
        Self::Disk { root, seen: Mutex::default(), left_out: LeftOut::default() }
    }

    pub(super) fn stored(stored: Arc<Stored>, root: &str) -> Self {
        Self::Stored { stored, root: root.to_owned() }
    }

    /// Returns whether something lies at a path below the root. What leads out of it, by `..`, a leading `/` or a
    /// symbolic link, does not exist.
    pub(crate) fn has(&self, path: &str) -> bool {
        let parts = || Path::new(path).components();
        let stays = parts().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !stays || path.is_empty() {
            return false;
        }
        match self {
            Self::Disk { root, seen, left_out } => {
                if let Some(known) = seen.lock().ok().and_then(|seen| seen.get(path).copied()) {
                    return known;
                }
                let exists = lies_below(root, path) || left_out.has(root, path);
                if let Ok(mut seen) = seen.lock() {
                    seen.insert(path.to_owned(), exists);
                }
                exists
            }
            Self::Stored { stored, root } => {
                let plain: PathBuf = parts().filter(|part| *part != Component::CurDir).collect();
                stored.has(&super::slashed(&Path::new(root).join(plain)))
            }
        }
    }

    /// Reads what lies at a path below the root; `repository` is that of what is stored.
    pub(crate) fn read(&self, path: &str, repository: Option<&Repository>) -> Option<Vec<u8>> {
        if !self.has(path) {
            return None;
        }
        match self {
            Self::Disk { root, left_out, .. } => match fs::read(root.join(path)) {
                Err(_) => left_out.read(root, path, repository?),
                bytes => bytes.ok(),
            },
            Self::Stored { stored, root } => {
                let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
                let path = super::slashed(&Path::new(root).join(parts.collect::<PathBuf>()));
                stored.read(repository?, &path).ok()
            }
        }
    }

    /// Returns whether everything that was asked is still so.
    pub(crate) fn holds(&self) -> bool {
        match self {
            Self::Disk { root, seen, left_out } => {
                let exists = |path: &str| lies_below(root, path) || left_out.has(root, path);
                seen.lock().is_ok_and(|seen| seen.iter().all(|(path, known)| exists(path) == *known))
            }
            // What is stored does not change.
            Self::Stored { .. } => true,
        }
    }
}

/// What a sparse checkout leaves out of a root; looked up where something is not on disk, and once.
#[derive(Default)]
pub(crate) struct LeftOut(OnceLock<Option<(Stored, PathBuf)>>);

impl LeftOut {
    /// The files, and the path of one among them.
    fn find(&self, root: &Path, path: &str) -> Option<(&Stored, String)> {
        let (stored, below) = self.0.get_or_init(|| index::left_out(root)).as_ref()?;
        let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
        let path = super::slashed(&below.join(parts.collect::<PathBuf>()));
        stored.has(&path).then_some((stored, path))
    }

    fn has(&self, root: &Path, path: &str) -> bool {
        self.find(root, path).is_some()
    }

    fn read(&self, root: &Path, path: &str, repository: &Repository) -> Option<Vec<u8>> {
        let (stored, path) = self.find(root, path)?;
        stored.read(repository, &path).ok()
    }
}

/// Whether something lies at a path below a root, symbolic links followed.
fn lies_below(root: &Path, path: &str) -> bool {
    without_links(&root.join(path)).is_ok_and(|target| target.starts_with(root))
}

/// Returns whether something lies at a path, be it a symbolic link to nowhere.
pub(crate) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Returns the names of what lies in a directory; of one that is not there, none.
pub(crate) fn names_in(directory: &Path) -> HashSet<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Reads a file that Deed itself makes; `None` where there is none.
pub(crate) fn file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}
