//! Where what was read of history is kept: below the Git directory that all worktrees share.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use tempfile::NamedTempFile;

use crate::Repository;

/// The directory below the common Git directory.
pub(crate) const DIRECTORY: &str = "deed";
/// How files end that are being written.
const UNFINISHED: &str = ".tmp";
/// Nobody writes for so long: whoever began such a file was killed.
const STALE: Duration = Duration::from_secs(60 * 60);

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
        let removed = || {
            let (kind, len) = (entry.file_type()?, entry.metadata()?.len());
            if kind.is_file() { fs::remove_file(entry.path()).map(|()| len) } else { Ok(0) }
        };
        match removed() {
            // Another process was first.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => bytes += other?,
        }
    }
    Ok(bytes)
}

/// Writes a file beside and renames it, so that nobody ever reads half of it. What others began and never finished is
/// removed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = begin(path)?;
    beside.write_all(bytes)?;
    beside.persist(path)?;
    Ok(())
}

/// Begins a file that is to take the place of another.
pub(crate) fn begin(path: &Path) -> io::Result<NamedTempFile> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    sweep(directory);
    let mut builder = tempfile::Builder::new();
    builder.suffix(UNFINISHED);
    // Others who share the repository may read it, as their umask has it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(directory)
}

/// Removes what killed processes left. That it cannot be removed is no error: it does no harm.
fn sweep(directory: &Path) {
    let is_stale = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|it| it.modified()).unwrap_or_else(|_| SystemTime::now());
        entry.path().extension() == Some(OsStr::new(&UNFINISHED[1..]))
            && modified.elapsed().is_ok_and(|age| age > STALE)
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten().filter(is_stale) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Leaves only so many files whose names start like that, the newest.
pub(crate) fn prune(directory: &Path, prefix: &str, most: usize) -> io::Result<()> {
    let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
    for file in fs::read_dir(directory)?.flatten() {
        if file.file_name().to_string_lossy().starts_with(prefix) {
            files.push((file.metadata()?.modified()?, file.path()));
        }
    }
    files.sort();
    let many = files.len().saturating_sub(most);
    files[..many].iter().try_for_each(|(_, path)| fs::remove_file(path))
}
