//! A commit, merge or tag that is about to be made.

use std::fs;

use crate::repo::{run, said, text};
use crate::{Identity, Key, Repo};

/// What a draft becomes.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A commit on the current branch.
    Commit,
    /// A merge into the current branch.
    Merge {
        /// What is merged, separated by spaces.
        branch: String,
        /// Git's merge strategy, if not the default one.
        strategy: Option<String>,
    },
    /// An annotated tag at HEAD.
    Tag {
        /// The tag's name.
        name: String,
    },
}

/// One change to the working tree.
#[derive(Debug)]
enum Change {
    Write(String, Vec<u8>),
    Remove(String),
    Rename(String, String),
}

/// A commit, merge or tag under construction; nothing happens before [`Draft::create`].
///
/// Author and committer default to [`Identity::default`], times to a clock that moves on by an hour a commit.
#[derive(Debug)]
#[must_use = "nothing is committed before `create`"]
pub struct Draft<'r> {
    repo: &'r Repo,
    kind: Kind,
    message: String,
    author: Identity,
    committer: Option<Identity>,
    time: Option<String>,
    commit_time: Option<String>,
    key: Option<Key>,
    changes: Vec<Change>,
}

impl<'r> Draft<'r> {
    pub(crate) fn new(repo: &'r Repo, kind: Kind, message: &str) -> Self {
        Self {
            repo,
            kind,
            message: message.to_owned(),
            author: Identity::default(),
            committer: None,
            time: None,
            commit_time: None,
            key: None,
            changes: Vec::new(),
        }
    }

    /// Names the author, who is the committer too unless [`Draft::committer`] names another; a tag's tagger.
    pub fn author(mut self, author: &Identity) -> Self {
        self.author = author.clone();
        self
    }

    /// Names a committer other than the author.
    pub fn committer(mut self, committer: &Identity) -> Self {
        self.committer = Some(committer.clone());
        self
    }

    /// Sets author and committer time, in any form Git reads: `2026-03-01T10:00:00+0100`, `@1772355600 +0100`.
    pub fn at(mut self, time: &str) -> Self {
        self.time = Some(time.to_owned());
        self
    }

    /// Sets the committer time where it differs from the author's: backdating, rebasing.
    pub fn committed_at(mut self, time: &str) -> Self {
        self.commit_time = Some(time.to_owned());
        self
    }

    /// Signs with `key`, whoever the author claims to be.
    pub fn signed(mut self, key: &Key) -> Self {
        self.key = Some(key.clone());
        self
    }

    /// Merges with one of Git's strategies, such as `ours`.
    pub fn strategy(mut self, name: &str) -> Self {
        match &mut self.kind {
            Kind::Merge { strategy, .. } => *strategy = Some(name.to_owned()),
            Kind::Commit | Kind::Tag { .. } => panic!("only a merge has a strategy"),
        }
        self
    }

    /// Writes a file, making its directories.
    pub fn write(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.changes.push(Change::Write(path.to_owned(), content.as_ref().to_owned()));
        self
    }

    /// Removes a file.
    pub fn remove(mut self, path: &str) -> Self {
        self.changes.push(Change::Remove(path.to_owned()));
        self
    }

    /// Renames a file, making the directories of its new place.
    pub fn rename(mut self, from: &str, to: &str) -> Self {
        self.changes.push(Change::Rename(from.to_owned(), to.to_owned()));
        self
    }

    /// Makes the commit, merge or tag and returns its id.
    pub fn create(mut self) -> String {
        let clock = format!("{} +0000", self.repo.tick());
        let time = self.time.take().unwrap_or(clock);
        let commit_time = self.commit_time.take().unwrap_or_else(|| time.clone());
        let conflicts = self.start_merge(&time);
        for change in &self.changes {
            self.apply(change);
        }
        for path in conflicts {
            let resolved = self.changes.iter().any(|change| change.touches(&path));
            assert!(resolved, "the merge conflicts in {path}: write or remove it in the merge");
        }

        let mut arguments = self.key.as_ref().map_or_else(Vec::new, |key| self.repo.signing(key).to_vec());
        match &self.kind {
            Kind::Tag { name } => {
                let sign = if self.key.is_some() { "--sign" } else { "--annotate" };
                arguments.extend(["tag", sign, "--cleanup=verbatim", "--file=-", name].map(str::to_owned));
                // Git finds a signature only where it begins a line.
                if !self.message.ends_with('\n') {
                    self.message.push('\n');
                }
            }
            Kind::Commit | Kind::Merge { .. } => {
                // Forced: what a test writes is meant, whatever `.gitignore` says.
                self.repo.git(["add", "--all", "--force"]);
                let plain = ["commit", "--quiet", "--allow-empty", "--allow-empty-message", "--no-verify"];
                arguments.extend(plain.map(str::to_owned));
                arguments.extend(["--cleanup=verbatim", "--file=-"].map(str::to_owned));
                arguments.extend(self.key.as_ref().map(|_| "--gpg-sign".to_owned()));
            }
        }
        let mut command = self.repo.command(&arguments);
        let committer = self.committer.as_ref().unwrap_or(&self.author);
        command
            .env("GIT_AUTHOR_NAME", &self.author.name)
            .env("GIT_AUTHOR_EMAIL", &self.author.email)
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_NAME", &committer.name)
            .env("GIT_COMMITTER_EMAIL", &committer.email)
            .env("GIT_COMMITTER_DATE", &commit_time);
        text(&mut command, self.message.as_bytes());
        match &self.kind {
            Kind::Tag { name } => self.repo.id(&format!("refs/tags/{name}")),
            Kind::Commit | Kind::Merge { .. } => self.repo.id("HEAD"),
        }
    }

    /// Brings the other side into index and working tree and returns the paths in conflict.
    fn start_merge(&self, time: &str) -> Vec<String> {
        let Kind::Merge { branch, strategy } = &self.kind else { return Vec::new() };
        let strategy = strategy.as_ref().map(|name| format!("--strategy={name}"));
        let mut arguments = vec!["merge", "--quiet", "--no-ff", "--no-commit", "--allow-unrelated-histories"];
        arguments.extend(strategy.as_deref());
        arguments.extend(branch.split(' '));
        let mut command = self.repo.command(arguments);
        // An octopus looks at the clock of its intermediate merges.
        command.env("GIT_COMMITTER_DATE", time);
        let output = run(&mut command, b"");
        if output.status.success() {
            return Vec::new();
        }
        let unmerged = self.repo.git(["diff", "--name-only", "--diff-filter=U", "-z"]);
        let conflicts: Vec<String> = unmerged.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        assert!(!conflicts.is_empty(), "{}", said(&command, &output));
        conflicts
    }

    fn apply(&self, change: &Change) {
        let done = match change {
            Change::Write(path, content) => {
                let path = self.repo.on_disk(path);
                let parent = path.parent().expect("a file of the working tree has a directory");
                fs::create_dir_all(parent).and_then(|()| fs::write(&path, content))
            }
            Change::Remove(path) => fs::remove_file(self.repo.on_disk(path)),
            Change::Rename(from, to) => {
                let to = self.repo.on_disk(to);
                let parent = to.parent().expect("a file of the working tree has a directory");
                fs::create_dir_all(parent).and_then(|()| fs::rename(self.repo.on_disk(from), &to))
            }
        };
        done.unwrap_or_else(|error| panic!("{change:?}: {error}"));
    }
}

impl Change {
    fn touches(&self, path: &str) -> bool {
        match self {
            Self::Write(written, _) => written == path,
            Self::Remove(removed) => removed == path,
            Self::Rename(from, to) => from == path || to == path,
        }
    }
}
