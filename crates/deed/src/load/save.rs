//! Writes a manifest back: whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::find::without_links;
use super::read::is_there;

/// Writes a file that Deed itself makes, in the place of what is there.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let permissions = fs::metadata(path).ok().map(|there| there.permissions());
    put(path, bytes, permissions)
}

/// Replaces the text of a file by way of a new file beside it, keeping its permissions.
///
/// A symbolic link stays one; its target is written. Refuses when the file is not what it was when it was read, is
/// read-only, or lies outside of the root.
pub(crate) fn save(path: &Path, root: &Path, before: &str, after: &str) -> Result<()> {
    let target = without_links(path)?;
    if !target.starts_with(root) {
        bail!("it is a symbolic link that leads out of the workspace");
    }
    if fs::read(&target)? != before.as_bytes() {
        bail!("somebody changed it in the meantime");
    }
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        bail!("it is read-only");
    }
    put(&target, after.as_bytes(), Some(permissions))
}

/// A directory that one process holds while others wait for it.
pub(crate) struct Held {
    _lock: Option<File>,
    made: Vec<PathBuf>,
}

/// Makes a directory and holds it, once nobody else does. Nobody waits where the system knows no locks of directories.
pub(crate) fn hold(directory: &Path) -> Held {
    let mut made = Vec::new();
    // Whoever needs the directory says why it cannot be.
    let _ = make(directory, &mut made);
    let lock = File::open(directory).and_then(|directory| directory.lock().map(|()| directory));
    Held { _lock: lock.ok(), made }
}

impl Drop for Held {
    /// Takes away what was made and nothing came into.
    fn drop(&mut self) {
        self.made.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
    }
}

/// Makes a directory with those above it that are missing, and notes which it made.
fn make(directory: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing = directory.ancestors().take_while(|directory| !is_there(directory));
    let missing: Vec<_> = missing.filter(|directory| !directory.as_os_str().is_empty()).collect();
    for directory in missing.into_iter().rev() {
        match fs::create_dir(directory) {
            Ok(()) => made.push(directory.to_owned()),
            // Somebody else was quicker.
            Err(_) if directory.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Writes files that are not there yet, with the directories it takes: all of them, or none. What is there is left as it is,
/// whenever it came; returns what came in the meantime, be it from another run of ours, which would miss what was taken away.
pub(crate) fn create_all(files: &[(PathBuf, String)]) -> Result<Vec<PathBuf>> {
    let mut made = Made::default();
    let written = files
        .iter()
        .map(|(path, text)| made.beside(path, text.as_bytes()).with_context(|| cannot_write(path)))
        .collect::<Result<Vec<_>>>()
        .and_then(|ready| {
            let mut there = Vec::new();
            for ((path, _), beside) in files.iter().zip(&ready) {
                match name(beside, path) {
                    Ok(()) => made.files.push(path.clone()),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => there.push(path.clone()),
                    Err(error) => return Err(error).with_context(|| cannot_write(path)),
                }
            }
            Ok(there)
        });
    made.end(written.is_ok());
    written
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}

/// What was made on the way.
#[derive(Default)]
struct Made {
    directories: Vec<PathBuf>,
    beside: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    /// Writes a file beside a path, and returns where.
    fn beside(&mut self, path: &Path, bytes: &[u8]) -> Result<PathBuf> {
        make(path.parent().unwrap_or(path), &mut self.directories)?;
        let beside = beside(path)?;
        let written = fill(&beside, bytes, None);
        self.beside.push(beside.clone());
        written?;
        Ok(beside)
    }

    /// Takes away what was only on the way and, unless all is well, everything else too. Whether this succeeds does not
    /// matter: the error to report is another.
    fn end(self, is_well: bool) {
        let files = if is_well { Vec::new() } else { self.files };
        self.beside.iter().chain(&files).for_each(|file| drop(fs::remove_file(file)));
        if !is_well {
            self.directories.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
        }
    }
}

/// Gives a file the name of another path, unless something has that name.
fn name(file: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(file, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // Not every file system has links: there the name is taken first.
            let taken = OpenOptions::new().write(true).create_new(true).open(path);
            taken.and_then(|_| fs::rename(file, path).inspect_err(|_| drop(fs::remove_file(path))))
        }
        other => other,
    }
}

/// Writes a file beside a path, then gives it that name: nobody sees half of it.
fn put(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<()> {
    let beside = beside(path)?;
    let written = fill(&beside, bytes, permissions).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // Whether this succeeds does not matter: the error to report is the one above.
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}

fn beside(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().context("it has no name")?.to_string_lossy().into_owned();
    Ok(path.with_file_name(format!(".{name}.{}.tmp", std::process::id())))
}

fn fill(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes what processes that are no more have left beside a file.
pub(super) fn sweep(path: &Path, is_dead: &dyn Fn(u32) -> bool) -> Result<()> {
    let name = path.file_name().context("it has no name")?.to_string_lossy().into_owned();
    for entry in fs::read_dir(path.parent().context("it lies nowhere")?)? {
        let entry = entry?;
        let found = entry.file_name().to_string_lossy().into_owned();
        let process = found.strip_prefix(&format!(".{name}.")).and_then(|rest| rest.strip_suffix(".tmp")?.parse().ok());
        if process.is_some_and(is_dead) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_came_in_the_meantime_is_left_and_the_rest_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let [one, two, three] = ["one", "two", "below/three"].map(|name| dir.path().join(name));
        fs::write(&two, "theirs").unwrap();
        let files = [&one, &two, &three].map(|path| (path.clone(), "ours".to_owned()));
        assert_eq!(create_all(&files).unwrap(), std::slice::from_ref(&two));
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        assert_eq!((read(&one), read(&two), read(&three)), ("ours".into(), "theirs".into(), "ours".into()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3, "nothing is left beside them");
    }

    #[test]
    fn a_directory_that_nothing_came_into_is_gone_again() {
        let dir = tempfile::tempdir().unwrap();
        let (used, unused) = (dir.path().join("a/used"), dir.path().join("b/unused"));
        let (first, second) = (hold(&used), hold(&unused));
        fs::write(used.join("x"), "").unwrap();
        drop((first, second));
        assert!(used.exists() && !dir.path().join("b").exists());
    }
}
