//! The index, and one beside it for a commit of its own.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{Git, Plan};
use crate::exit::Mistake;
use crate::load::{file, is_running, save};

/// What our files beside the index begin with.
const OURS: &str = "deed-";
/// What our lock of the index says, and then whose it is.
const MARK: &str = "locked by `deed decide` ";

/// The index, locked against everybody else, and files beside it that are gone when the run ends.
pub(super) struct Index {
    pub(super) git: Git,
    path: PathBuf,
    lock: PathBuf,
}

impl Index {
    /// Locks the index as Git does.
    pub(super) fn lock(git: &Git) -> Result<Self> {
        let path = path_of(git)?;
        let lock = lock_of(&path);
        let ours = beside(&path, "lock", std::process::id());
        let text = format!("{MARK}{}\n", std::process::id());
        // Nobody sees it without what it says, where there are links.
        let made = fs::write(&ours, &text).and_then(|()| match fs::hard_link(&ours, &lock) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                fs::File::create_new(&lock).and_then(|mut file| file.write_all(text.as_bytes()))
            }
            other => other,
        });
        let _ = fs::remove_file(&ours);
        match made {
            Ok(()) => Ok(Self { git: git.clone(), path, lock }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Mistake::new(format!("another Git process is at work here: there is `{}`", lock.display()))
                    .hint("wait for it; if there is none, remove the file")
                    .into())
            }
            Err(error) => Err(error).with_context(|| format!("cannot lock `{}`", path.display())),
        }
    }

    pub(super) fn beside(&self, what: &str) -> PathBuf {
        beside(&self.path, what, std::process::id())
    }

    /// Makes an index that has what the last commit has, and the changes.
    pub(super) fn own(&self, plan: &Plan<'_>, blobs: &[String]) -> Result<Git> {
        let path = self.beside("own");
        let own = self.git.with_index(&path);
        // What is known of the files here is worth keeping: else all of them would be read again.
        let is_copied = fs::copy(&self.path, &path).is_ok() && own.ask(&["read-tree", "-m", plan.upon]).is_ok();
        if !is_copied {
            let _ = fs::remove_file(&path);
            own.ask(&["read-tree", plan.upon])?;
        }
        let lines: String =
            plan.files.iter().zip(blobs).map(|(file, blob)| entry(&file.mode, blob, &file.path)).collect();
        own.tell(&["update-index", "-z", "--index-info"], lines.as_bytes())?;
        Ok(own)
    }

    /// Gives the files' entries these blobs; keeps the index as it was beside it.
    pub(super) fn stage(&self, plan: &Plan<'_>, blobs: &[String]) -> Result<()> {
        for file in plan.files {
            let now = self.git.line(&["ls-files", "--stage", "-z", "--", &file.path])?;
            if !now.starts_with(&format!("{} {} 0\t", file.staged.mode, file.staged.id)) {
                bail!("something else was staged of `{}` in the meantime", file.path);
            }
        }
        let (before, next) = (self.beside("before"), self.beside("next"));
        let copied = fs::copy(&self.path, &before).and_then(|_| fs::copy(&self.path, &next));
        copied.with_context(|| format!("cannot copy `{}`", self.path.display()))?;
        let git = self.git.with_index(&next);
        let files = || plan.files.iter().zip(blobs);
        let lines: String = files().map(|(file, blob)| entry(&file.staged.mode, blob, &file.path)).collect();
        git.tell(&["update-index", "-z", "--index-info"], lines.as_bytes())?;
        for (tag, flag) in [('S', "--skip-worktree"), ('h', "--assume-unchanged")] {
            let paths: Vec<&str> =
                files().filter(|(file, _)| file.staged.tag == tag).map(|(file, _)| file.path.as_str()).collect();
            if !paths.is_empty() {
                git.ask(&[&["update-index", flag, "--"], paths.as_slice()].concat())?;
            }
        }
        fs::rename(&next, &self.path).with_context(|| format!("cannot write `{}`", self.path.display()))
    }

    /// Puts the index back as it was.
    pub(super) fn unstage(&self) -> Result<()> {
        fs::rename(self.beside("before"), &self.path).with_context(|| format!("cannot write `{}`", self.path.display()))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let _ = sweep(&self.path, &|process| process == std::process::id());
        // Last, so that until now nobody saw what is not finished. Where it is gone already there is nothing to do.
        let _ = fs::remove_file(&self.lock);
    }
}

/// Removes what killed runs have left: their lock of the index, and files beside it and beside manifests.
pub(crate) fn recover<'p>(git: &Git, manifests: impl IntoIterator<Item = &'p Path>) -> Result<()> {
    let path = path_of(git)?;
    let lock = lock_of(&path);
    let is_dead = |process: u32| is_running(process) == Some(false);
    let text = file(&lock).ok().flatten().map(|text| String::from_utf8_lossy(&text).into_owned());
    let holder = text.as_deref().and_then(|text| text.strip_prefix(MARK)?.trim().parse().ok());
    // What cannot be removed stops nobody but those who need it, and they say so.
    if holder.is_some_and(is_dead) {
        let _ = fs::remove_file(&lock);
    }
    let _ = sweep(&path, &is_dead);
    for manifest in manifests {
        let _ = save::sweep(manifest, &is_dead);
    }
    Ok(())
}

fn path_of(git: &Git) -> Result<PathBuf> {
    Ok(PathBuf::from(git.line(&["rev-parse", "--path-format=absolute", "--git-path", "index"])?))
}

fn lock_of(index: &Path) -> PathBuf {
    PathBuf::from(format!("{}.lock", index.display()))
}

fn beside(index: &Path, what: &str, process: u32) -> PathBuf {
    index.with_file_name(format!("{OURS}{process}-{what}"))
}

/// Removes the files that some processes of ours have beside the index.
fn sweep(index: &Path, is_meant: &dyn Fn(u32) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(index.parent().unwrap_or(index))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let process = name.strip_prefix(OURS).and_then(|rest| rest.split_once('-')?.0.parse().ok());
        if process.is_some_and(is_meant) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

pub(super) fn entry(mode: &str, blob: &str, path: &str) -> String {
    format!("{mode} {blob} 0\t{path}\0")
}

pub(super) fn hash(git: &Git, text: &str) -> Result<String> {
    let id = git.tell(&["hash-object", "-w", "-t", "blob", "--stdin"], text.as_bytes())?;
    Ok(String::from_utf8_lossy(&id).trim().to_owned())
}
