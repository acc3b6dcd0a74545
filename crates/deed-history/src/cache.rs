//! Where what was read of history is kept: below the Git directory that all worktrees share.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::Repository;

/// The directory below the common Git directory.
pub(crate) const DIRECTORY: &str = "deed";

/// Forgets what was read before. Returns how many bytes that were.
///
/// # Errors
/// Fails where a file is there and cannot be removed.
pub fn clear_cache(repository: &Repository) -> io::Result<u64> {
    let entries = match fs::read_dir(repository.common_dir().join(DIRECTORY)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            bytes += entry.metadata()?.len();
            fs::remove_file(entry.path())?;
        }
    }
    Ok(bytes)
}

/// Writes a file beside and renames it, so that nobody ever reads half of it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    let renamed = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if renamed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    renamed
}
