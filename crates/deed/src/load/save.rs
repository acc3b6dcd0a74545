//! Writes a manifest back: whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

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
    let target = path.canonicalize()?;
    if !target.starts_with(root) {
        bail!("it is a symbolic link that leads out of the workspace");
    }
    if fs::read(&target)? != before.as_bytes() {
        bail!("it changed while it was being checked");
    }
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        bail!("it is read-only");
    }
    put(&target, after.as_bytes(), Some(permissions))
}

/// Writes a file beside a path, then gives it that name: nobody sees half of it.
fn put(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<()> {
    let name = path.file_name().context("it has no name")?.to_string_lossy().into_owned();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // Whether this succeeds does not matter: the error to report is the one above.
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}
