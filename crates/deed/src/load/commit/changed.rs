//! Manifests with a change in them, as the last commit, the index and the working tree have them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Git;
use crate::exit::Mistake;
use crate::load::save::save;
use crate::load::without_links;

/// A text before a change and after.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) before: String,
    pub(crate) after: String,
}

/// A manifest with a change in it.
pub(crate) struct ChangedFile {
    /// Its path from the top, with `/` between the parts.
    pub(crate) path: String,
    /// The mode that the commit has it with.
    pub(crate) mode: String,
    /// As the last commit has it.
    pub(crate) committed: Change,
    pub(crate) staged: Staged,
    /// As it lies here; `None` where a sparse checkout leaves it out.
    pub(crate) here: Option<Change>,
}

/// A file as the index has it.
pub(crate) struct Staged {
    /// The blob before the change.
    pub(crate) id: String,
    pub(crate) mode: String,
    /// `S` or `h`: it is not looked at here.
    pub(crate) tag: char,
    pub(crate) change: Change,
}

impl ChangedFile {
    /// Reads a manifest as the last commit, the index and the working tree have it, with the text to be the same in each:
    /// `change` makes it, and is told where a text is from.
    pub(crate) fn read(
        git: &Git,
        top: &Path,
        upon: &str,
        path: &str,
        change: &dyn Fn(&str, Place) -> Result<String>,
    ) -> Result<Self> {
        let tree = git.ask(&["ls-tree", "-z", upon, "--", path])?;
        let tree = String::from_utf8_lossy(&tree).into_owned();
        let fields: Vec<&str> = tree.split([' ', '\t']).collect();
        let [mode, "blob", id, ..] = fields.as_slice() else {
            return Err(Mistake::new(format!("`{path}` is not committed")).hint("commit it first").into());
        };
        if *mode == "120000" {
            return Err(linked(path));
        }
        let blob = |id: &str, place: Place| -> Result<Change> {
            let before = text(git.ask(&["cat-file", "blob", id])?, path)?;
            Ok(Change { after: change(&before, place)?, before })
        };
        let id = id.trim_end_matches('\0');
        let committed = blob(id, Place::Committed)?;
        let listed = git.ask(&["ls-files", "-v", "--stage", "-z", "--", path])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let fields: Vec<&str> = listed.split([' ', '\t', '\0']).collect();
        let [tag, staged_mode, staged, stage, ..] = fields.as_slice() else {
            return Err(Mistake::new(format!("`{path}` is removed, or renamed, by what is staged"))
                .hint("commit that first, or take it back with `git restore --staged`")
                .into());
        };
        if *stage != "0" {
            return Err(Mistake::new(format!("`{path}` has a conflict that is not solved"))
                .hint("solve it and `git add` the file")
                .into());
        }
        let tag = tag.chars().next().unwrap_or('H');
        let staged_change = if *staged == id { committed.clone() } else { blob(staged, Place::Staged)? };
        let staged = Staged { id: (*staged).to_owned(), mode: (*staged_mode).to_owned(), tag, change: staged_change };
        let file = top.join(path);
        let here = match file.symlink_metadata() {
            Err(_) if tag == 'S' => None,
            Err(_) => {
                return Err(Mistake::new(format!("`{path}` is deleted here"))
                    .hint("commit that first, or take it back with `git restore`")
                    .into());
            }
            Ok(_) if without_links(&file).ok() != Some(file.clone()) => return Err(linked(path)),
            Ok(_) => {
                let bytes = fs::read(&file).with_context(|| format!("cannot read `{path}`"))?;
                let before = text(bytes, path)?;
                Some(if before == committed.before {
                    committed.clone()
                } else {
                    Change { after: change(&before, Place::Here)?, before }
                })
            }
        };
        Ok(Self { path: path.to_owned(), mode: (*mode).to_owned(), committed, staged, here })
    }
}

/// Where a text is from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The last commit.
    Committed,
    /// The index.
    Staged,
    /// The working tree.
    Here,
}

fn linked(path: &str) -> anyhow::Error {
    Mistake::new(format!("`{path}` is a symbolic link, or lies behind one, so a commit has no decision in it"))
        .hint("put the manifest itself in its place")
        .into()
}

fn text(bytes: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Mistake::new(format!("`{path}` is not UTF-8")).into())
}

/// Writes a file back if it is what it was when it was read.
pub(crate) fn write(file: &Path, change: &Change) -> Result<()> {
    let within = file.parent().unwrap_or(file);
    save(file, within, &change.before, &change.after).with_context(|| format!("cannot write `{}`", file.display()))
}
