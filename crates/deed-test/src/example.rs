//! The example organisation, Acme Pay Ltd.

use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use crate::{Repo, Story};

/// Lies in the Git directory of what [`generate`] made, which it may therefore replace.
const MARKER: &str = "deed-example";

/// Returns the directory with the story, the files and the list of what is wrong in them on purpose.
pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/example")
}

/// Plays the example's story into `dir`, which must be empty, missing, or made by an earlier call.
pub fn generate(dir: &Path) -> Result<Repo> {
    let marker = dir.join(".git").join(MARKER);
    if marker.exists() {
        fs::remove_dir_all(dir)?;
    } else if dir.exists() && fs::read_dir(dir)?.next().is_some() {
        return Err(Error::other(format!("{} is neither empty nor an earlier example", dir.display())));
    }
    let story = Story::read(&source())?;
    let repo = Repo::init(dir);
    fs::write(marker, "Made by example-org, which may replace it.\n")?;
    story.play(&repo);
    // Hundreds of loose objects are slow to read and say nothing about the reader.
    repo.git(["repack", "-a", "-d", "--quiet"]);
    repo.git(["prune", "--expire=now"]);
    Ok(repo)
}
