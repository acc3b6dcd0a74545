//! Why history could not be read at all.

use std::fmt;
use std::path::PathBuf;

/// Why a repository or a revision of it cannot be read. Missing history is no error: it is told where it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryError {
    /// Neither the path nor any directory above it is a repository.
    NoRepository {
        /// Where the search started.
        path: PathBuf,
    },
    /// The repository belongs to another user of this machine.
    Owner {
        /// Where the search started.
        path: PathBuf,
    },
    /// References are in a format this build cannot read.
    Reftable {
        /// Where the search started.
        path: PathBuf,
    },
    /// The repository needs something this build does not know.
    Unsupported {
        /// Where the search started.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// The repository is there and cannot be opened.
    Damaged {
        /// Where the search started.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// There is no commit yet.
    Unborn,
    /// The revision names no commit.
    NoRevision {
        /// What was asked for.
        revision: String,
        /// What libgit2 says.
        reason: String,
    },
    /// The index cannot be read: it is split or sparse, which Git alone can read, or damaged.
    Index {
        /// The file.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// The index has a conflict that is not solved.
    Conflict {
        /// The file in conflict, from the top of the repository.
        path: String,
    },
    /// What was asked for is further back than history reaches here.
    Cut,
    /// A commit has more files than are looked at.
    Huge {
        /// Its id.
        id: crate::Oid,
    },
    /// A commit that must be there is missing or is no commit.
    NoCommit {
        /// Its id.
        id: crate::Oid,
    },
}

impl HistoryError {
    /// Returns what to do about it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Owner { path } => Some(format!(
                "if you trust its owner, run `git config --global --add safe.directory {}`",
                path.display()
            )),
            Self::Reftable { .. } => Some(
                "convert a clone with `git refs migrate --ref-format=files`, or clone with `--ref-format=files`".into(),
            ),
            Self::Unsupported { .. } => {
                Some("clone the repository without that extension and read the clone".to_owned())
            }
            Self::Damaged { .. } => Some("`git fsck` says more".to_owned()),
            Self::Cut => Some("fetch all of it: `git fetch --unshallow`, in CI `fetch-depth: 0`".to_owned()),
            Self::Index { .. } => Some("`git status` says more".to_owned()),
            Self::NoCommit { .. } => Some(
                "`git fsck` says more; in a shallow or partial clone, `git fetch --unshallow` or `--refetch`".into(),
            ),
            Self::Conflict { .. } => Some("solve the conflict and `git add` the file".to_owned()),
            Self::NoRepository { .. } | Self::Unborn | Self::NoRevision { .. } | Self::Huge { .. } => None,
        }
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepository { path } => {
                write!(f, "neither {} nor any directory above it is a Git repository", path.display())
            }
            Self::Owner { path } => {
                write!(f, "the repository at {} belongs to somebody else", path.display())
            }
            Self::Reftable { path } => {
                write!(
                    f,
                    "the repository at {} keeps its references in reftables, which cannot be read",
                    path.display()
                )
            }
            Self::Unsupported { path, reason } => {
                write!(f, "the repository at {} cannot be read: {reason}", path.display())
            }
            Self::Damaged { path, reason } => {
                write!(f, "the repository at {} cannot be opened: {reason}", path.display())
            }
            Self::Huge { id } => write!(f, "the commit {id} has more files than are looked at"),
            Self::Cut => f.write_str("history does not reach that far back here"),
            Self::Unborn => f.write_str("the repository has no commit yet"),
            Self::NoRevision { revision, reason } => write!(f, "`{revision}` names no commit: {reason}"),
            Self::Index { path, reason } => write!(f, "the index {} cannot be read: {reason}", path.display()),
            Self::Conflict { path } => write!(f, "`{path}` has a conflict that is not solved"),
            Self::NoCommit { id } => write!(f, "the commit {id} is missing or damaged"),
        }
    }
}

impl std::error::Error for HistoryError {}
