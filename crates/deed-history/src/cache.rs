//! Where what was read of history is kept: below the Git directory that all worktrees share.

use std::collections::BTreeMap;
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

/// Leaves only what belongs to so many names that start like that, the newest. To a name belongs the file that is called so
/// and those with an extension more.
pub(crate) fn prune(directory: &Path, prefix: &str, most: usize) -> io::Result<()> {
    let mut files: BTreeMap<PathBuf, SystemTime> = BTreeMap::new();
    for file in fs::read_dir(directory)?.flatten() {
        if file.file_name().to_string_lossy().starts_with(prefix) {
            let newest = files.entry(file.path().with_extension("")).or_insert(SystemTime::UNIX_EPOCH);
            *newest = file.metadata()?.modified()?.max(*newest);
        }
    }
    let mut names: Vec<_> = files.into_iter().map(|(name, newest)| (newest, name)).collect();
    names.sort();
    names.truncate(names.len().saturating_sub(most));
    for (_, name) in names {
        leave_one(&name, None);
        // Of a file that was never finished there may be no more than what belongs to it.
        let _ = fs::remove_file(name);
    }
    Ok(())
}

/// Removes the files with a name and an extension more, but for one.
pub(crate) fn leave_one(name: &Path, one: Option<&Path>) {
    let beside = fs::read_dir(name.parent().unwrap_or(Path::new("."))).into_iter().flatten().flatten();
    let is_of_it = |path: &PathBuf| path.as_path() != name && path.with_extension("") == name;
    for path in beside.map(|file| file.path()).filter(|path| is_of_it(path) && Some(path.as_path()) != one) {
        let _ = fs::remove_file(path);
    }
}
