//! The files of a repository as the index or a commit has them: what is judged where that is not the working tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use git2::{Index, IndexEntryExtendedFlag};

use crate::tree::MAX_DEPTH;
use crate::{Commit, HistoryError, Oid, Repository, TreeEntries, Trees};

/// The mode of a symbolic link, and the bits that tell what an entry is.
const LINK: u32 = 0o120_000;
const FILE: u32 = 0o100_000;
const KIND: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const SUBMODULE: u32 = 0o160_000;
/// A commit with more entries than this is none that people work on.
const MAX_ENTRIES: usize = 2_000_000;
/// How many links in a row are followed, as by Linux.
const LINKS: usize = 40;

/// Files by their paths from the top of the repository, with `/` between the parts.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    entries: BTreeMap<String, (Oid, u32)>,
    /// Names that a directory has twice, which only a crafted one does.
    twice: BTreeSet<String>,
}

/// Files that Git tracks.
#[derive(Clone, Debug, Default)]
pub struct TrackedFiles {
    /// Their paths, as in [`Stored`].
    pub paths: Vec<String>,
    /// Those that a sparse checkout leaves out: they count as they are stored.
    pub left_out: Stored,
}

impl Repository {
    /// Returns the files that a commit has, as far as history looks into directories.
    ///
    /// # Errors
    /// Fails where the commit or one of its trees is not here, and where it has more files than anybody keeps.
    pub fn stored_at(&self, commit: Oid) -> Result<Stored, HistoryError> {
        let missing = |_| HistoryError::NoCommit { id: commit };
        let objects = self.objects()?;
        let tree = Commit::read(&objects, commit).map_err(missing)?.tree;
        let trees = Trees::new(&objects, 16 << 20);
        let mut stored = Stored::default();
        let mut count = 0;
        // Directories that are still to be looked into.
        let mut open = vec![(String::new(), tree, 0)];
        while let Some((directory, tree, depth)) = open.pop() {
            let object = trees.read(tree).map_err(missing)?;
            for (mode, name, id) in TreeEntries::new(object.data(), tree.as_bytes().len()).raw() {
                count += 1;
                if count > MAX_ENTRIES {
                    return Err(HistoryError::Huge { id: commit });
                }
                let path = format!("{directory}{}", String::from_utf8_lossy(name));
                match mode & KIND {
                    DIRECTORY if depth < MAX_DEPTH => open.push((path + "/", id, depth + 1)),
                    DIRECTORY | SUBMODULE => {}
                    _ if stored.entries.insert(path.clone(), (id, mode)).is_some() => drop(stored.twice.insert(path)),
                    _ => {}
                }
            }
        }
        Ok(stored)
    }

    /// Returns the files that the index has; `index` names another file than the repository's own, as Git does for a hook
    /// of a commit that takes in more than what is staged.
    ///
    /// # Errors
    /// Fails where the index cannot be read, as one that is split or sparse, or has conflicts that are not solved.
    pub fn staged(&self, index: Option<&Path>) -> Result<Stored, HistoryError> {
        let mut entries = BTreeMap::new();
        for entry in self.index(index)?.iter() {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            // The stage of an entry: other than 0 is one side of a conflict.
            if entry.flags >> 12 & 0b11 != 0 {
                return Err(HistoryError::Conflict { path });
            }
            // What is only meant to be added is not there yet.
            let is_intended = entry.flags_extended & IndexEntryExtendedFlag::INTENT_TO_ADD.bits() != 0;
            if !is_intended {
                entries.insert(path, (Oid::from_git(entry.id), entry.mode));
            }
        }
        Ok(Stored { entries, ..Stored::default() })
    }

    /// Returns the files that the index has whose paths are wanted: those in conflict, or only meant to be added, among them.
    ///
    /// # Errors
    /// Fails where the index cannot be read, as one that is split or sparse.
    pub fn tracked(&self, is_wanted: impl Fn(&str) -> bool) -> Result<TrackedFiles, HistoryError> {
        let mut tracked = TrackedFiles::default();
        for entry in self.index(None)?.iter() {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if is_wanted(&path) {
                let is_left_out = entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0;
                tracked.add(path, (Oid::from_git(entry.id), entry.mode), is_left_out);
            }
        }
        Ok(tracked)
    }

    fn index(&self, other: Option<&Path>) -> Result<Index, HistoryError> {
        let index = match other {
            Some(path) => Index::open_ext(path, self.git().object_format()),
            None => self.git().index(),
        };
        index.map_err(|error| HistoryError::Index {
            path: other.map_or_else(|| self.git_dir().join("index"), Path::to_path_buf),
            reason: error.message().to_owned(),
        })
    }

    /// Returns the last commit that two have in common; `None` where there is none.
    #[must_use]
    pub fn merge_base(&self, one: Oid, other: Oid) -> Option<Oid> {
        self.git().merge_base(one.to_git(), other.to_git()).ok().map(Oid::from_git)
    }
}

impl Stored {
    /// Reads what `git ls-files -t --stage -z` prints; `is_intended` says what is only meant to be added.
    ///
    /// # Errors
    /// Fails where there are conflicts that are not solved.
    pub fn listed(text: &str, is_intended: impl Fn(&str) -> bool) -> Result<Self, HistoryError> {
        let mut entries = BTreeMap::new();
        for Listed { path, file, is_solved, .. } in listed(text) {
            if !is_solved {
                return Err(HistoryError::Conflict { path: path.to_owned() });
            }
            if !is_intended(path) {
                entries.insert(path.to_owned(), file);
            }
        }
        Ok(Self { entries, ..Self::default() })
    }

    /// Returns the paths of all files and symbolic links.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Returns whether a file, a directory or a link that leads to one is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let is_directory = |path: &str| {
            let below = format!("{path}/");
            self.entries.range(below.clone()..).next().is_some_and(|(first, _)| first.starts_with(&below))
        };
        self.entries.contains_key(path) || is_directory(path)
    }

    /// Returns the bytes of a file; symbolic links to other files of the same state are followed.
    ///
    /// # Errors
    /// Says why, as in "its content is not in this clone".
    pub fn read(&self, repository: &Repository, path: &str) -> Result<Vec<u8>, String> {
        let mut path = path.to_owned();
        for _ in 0..LINKS {
            let Some((id, mode)) = self.entries.get(&path) else {
                return Err("it is a symbolic link to what is not there".to_owned());
            };
            let blob = |_| "its content is not in this clone".to_owned();
            match mode & KIND {
                FILE => return Ok(repository.git().find_blob(id.to_git()).map_err(blob)?.content().to_vec()),
                LINK => {
                    let target = repository.git().find_blob(id.to_git()).map_err(blob)?;
                    let target = String::from_utf8_lossy(target.content()).into_owned();
                    path = linked(&path, &target).ok_or("it is a symbolic link that leads out of the repository")?;
                }
                _ => return Err("it is no file".to_owned()),
            }
        }
        Err("it is a symbolic link that leads nowhere".to_owned())
    }

    /// Says why history has no file at a path, though there is one to read; `None` where it has.
    #[must_use]
    pub fn unseen(&self, path: &str) -> Option<&'static str> {
        let (_, mode) = self.entries.get(path)?;
        if mode & KIND == LINK {
            Some("it is a symbolic link")
        } else if mode & KIND != FILE {
            Some("it is no plain file")
        } else if path.contains(char::REPLACEMENT_CHARACTER) {
            Some("its name is not UTF-8")
        } else if self.twice.contains(path) {
            Some("its directory has that name twice")
        } else {
            None
        }
    }

    /// Says whether a path is a symbolic link, or lies behind one.
    pub(crate) fn is_linked(&self, path: &str) -> bool {
        self.entries.get(path).is_some_and(|(_, mode)| mode & KIND == LINK)
    }
}

impl TrackedFiles {
    /// Reads what `git ls-files -t --stage -z` prints.
    pub fn listed(text: &str, is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut tracked = Self::default();
        for Listed { path, file, is_left_out, .. } in listed(text).filter(|listed| is_wanted(listed.path)) {
            tracked.add(path.to_owned(), file, is_left_out);
        }
        tracked
    }

    fn add(&mut self, path: String, file: (Oid, u32), is_left_out: bool) {
        if is_left_out {
            self.left_out.entries.insert(path.clone(), file);
        }
        self.paths.push(path);
    }
}

/// An entry of the index, as Git prints it.
struct Listed<'t> {
    path: &'t str,
    file: (Oid, u32),
    is_solved: bool,
    is_left_out: bool,
}

fn listed(text: &str) -> impl Iterator<Item = Listed<'_>> {
    text.split_terminator('\0').filter_map(|entry| {
        let (about, path) = entry.split_once('\t')?;
        let mut words = about.split(' ');
        let is_left_out = words.next()? == "S";
        let mode = u32::from_str_radix(words.next()?, 8).ok()?;
        let id = Oid::from_hex(words.next()?.as_bytes())?;
        Some(Listed { path, file: (id, mode), is_solved: words.next()? == "0", is_left_out })
    })
}

/// Where a link at a path leads to.
fn linked(path: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_in_the_repository() {
        assert_eq!(linked("a/b/c", "../d"), Some("a/d".to_owned()));
        assert_eq!(linked("c", "./d/e"), Some("d/e".to_owned()));
        assert_eq!(linked("a/c", "../../d"), None);
        assert_eq!(linked("a/c", "/d"), None);
    }
}
