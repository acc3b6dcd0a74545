//! Writes a manifest back: whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Error, Result, bail};

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

/// Writes files that are not there yet, with the directories it takes: all of them, or none. What is there is left as it is,
/// whenever it came.
pub(crate) fn create_all(files: &[(PathBuf, String)]) -> Result<()> {
    let mut made = Made::default();
    let written = files
        .iter()
        .map(|(path, text)| made.beside(path, text.as_bytes()).with_context(|| cannot_write(path)))
        .collect::<Result<Vec<_>>>()
        .and_then(|ready| {
            files.iter().zip(&ready).try_for_each(|((path, _), beside)| {
                name(beside, path).with_context(|| cannot_write(path))?;
                made.files.push(path.clone());
                Ok(())
            })
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
        let missing = path.ancestors().skip(1).take_while(|directory| !is_there(directory));
        let missing: Vec<_> = missing.filter(|directory| !directory.as_os_str().is_empty()).collect();
        for directory in missing.into_iter().rev() {
            fs::create_dir(directory)?;
            self.directories.push(directory.to_owned());
        }
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
fn name(file: &Path, path: &Path) -> Result<()> {
    let linked = match fs::hard_link(file, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // Not every file system has links: there the name is taken first.
            let taken = OpenOptions::new().write(true).create_new(true).open(path);
            taken.and_then(|_| fs::rename(file, path).inspect_err(|_| drop(fs::remove_file(path))))
        }
        other => other,
    };
    linked.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::msg("something has that name by now"),
        _ => error.into(),
    })
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
