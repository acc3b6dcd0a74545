//! What Git says about a workspace.

use std::path::Path;
use std::sync::Arc;

use deed_history::evidence::{self, Foreseen, Intended, LogEntry, Request, Snapshot, Stranger, Unfit, judge};
use deed_history::{HistoryError, Oid, Repository};
use deed_model::evidence::History;
use deed_model::{Date, FileId, Section, Workspace};

use super::find::{top_of, without_links};
use super::prover::State;
use super::{Project, slashed, stored};
use crate::cli::day::today;

/// How history is looked at.
#[derive(Clone, Default, Debug)]
pub(crate) struct Proof {
    /// The revision a workspace is compared with.
    pub(crate) revision: Option<String>,
    /// A commit that was pinned out of band.
    pub(crate) trust_root: Option<String>,
    /// Read everything from Git, and keep nothing.
    pub(crate) no_cache: bool,
}

/// What history says of a workspace.
pub(crate) enum Past {
    /// Nobody asked.
    LeftOut,
    /// The workspace is in no repository.
    Outside,
    /// The repository cannot be read.
    Unreadable(HistoryError),
    /// The repository could not be read when somebody looked who stays.
    Failed {
        /// Why, as a sentence without a full stop.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// This.
    Read(Arc<History>),
}

impl Past {
    /// Looks at the history of the workspace in a directory.
    pub(super) fn of(root: &Path, workspace: &Workspace, proof: Option<&Proof>) -> Self {
        let Some(proof) = proof else { return Self::LeftOut };
        match of(root, workspace, proof) {
            Ok(Some(history)) => Self::Read(Arc::new(history)),
            Ok(None) => Self::Outside,
            Err(error) => Self::Unreadable(error),
        }
    }

    /// Looks at the history of a workspace as it is at a revision; `below` is the directory of its root.
    pub(super) fn at(
        repository: &Repository,
        below: &str,
        workspace: &Workspace,
        revision: &str,
        proof: Option<&Proof>,
    ) -> Self {
        let Some(proof) = proof else { return Self::LeftOut };
        judged(repository, below, workspace, revision, proof)
            .map_or_else(Self::Unreadable, |history| Self::Read(Arc::new(history)))
    }

    /// What somebody who stays knows by now.
    pub(super) fn known(root: &Path, state: Option<State>, history: Option<Arc<History>>) -> Self {
        match (state, history) {
            (None, _) => Self::LeftOut,
            (_, Some(history)) => Self::Read(history),
            (Some(State::None { why, hint }), None) if top_of(root).is_some() => Self::Failed { why, hint },
            _ => Self::Outside,
        }
    }

    /// Returns what there is to judge by.
    pub(crate) fn history(&self) -> Option<&History> {
        match self {
            Self::Read(history) => Some(history),
            _ => None,
        }
    }
}

/// Finds the evidence of every decision of the workspace in a directory; `None` outside of any repository.
pub(crate) fn of(root: &Path, workspace: &Workspace, proof: &Proof) -> Result<Option<History>, HistoryError> {
    let Some((repository, below)) = open(root)? else { return Ok(None) };
    let revision = proof.revision.as_deref().unwrap_or("HEAD");
    judged(&repository, &below, workspace, revision, proof).map(Some)
}

fn judged(
    repository: &Repository,
    below: &str,
    workspace: &Workspace,
    revision: &str,
    proof: &Proof,
) -> Result<History, HistoryError> {
    let request = request(repository, below, workspace, revision);
    judge(&Request { trust_root: proof.trust_root.as_deref(), cache: !proof.no_cache, ..request })
}

/// The question about a workspace as it is at a revision; `root` is its directory.
fn request<'a>(repository: &'a Repository, root: &'a str, workspace: &'a Workspace, revision: &'a str) -> Request<'a> {
    Request { repository, root, workspace, revision, trust_root: None, cache: true, today: Some(today()) }
}

/// Returns what is known of decisions before they are committed; see [`evidence::foresee`]. `workspace` is what lies in the
/// working tree.
pub(crate) fn foresee(
    root: &Path,
    workspace: &Workspace,
    committed: &Workspace,
    changed: &[FileId],
    decisions: &[Intended<'_>],
) -> Result<Vec<Option<Foreseen>>, HistoryError> {
    let Some((repository, below)) = open(root)? else { return Ok(vec![None; decisions.len()]) };
    evidence::foresee(&request(&repository, &below, workspace, "HEAD"), committed, changed, decisions)
}

/// Returns what is missing for a person to be known to the register that judges the next commit; see [`evidence::stranger`].
pub(crate) fn stranger(
    root: &Path,
    committed: &Workspace,
    person: &str,
    email: &str,
) -> Result<Option<Stranger>, HistoryError> {
    let Some((repository, below)) = open(root)? else { return Ok(None) };
    evidence::stranger(&request(&repository, &below, committed, "HEAD"), person, email)
}

/// Returns the time line of a subject, the newest change first; `None` outside of any repository.
pub(crate) fn log(
    root: &Path,
    workspace: &Workspace,
    section: Section,
    id: &str,
) -> Result<Option<Vec<LogEntry>>, HistoryError> {
    let Some((repository, below)) = open(root)? else { return Ok(None) };
    evidence::log(&request(&repository, &below, workspace, "HEAD"), section, id).map(Some)
}

/// The register at the end of a day with what history proved of it then; `None` outside of any repository, or where the
/// branch had no commit yet.
pub(crate) fn on_day(
    root: &Path,
    workspace: &Workspace,
    day: Date,
) -> Result<Option<(Snapshot, History)>, HistoryError> {
    let Some((repository, below)) = open(root)? else { return Ok(None) };
    let Some(commit) = evidence::on_day(&repository, workspace, day)? else { return Ok(None) };
    let snapshot = evidence::snapshot(&repository, &below, commit)?;
    let revision = commit.to_string();
    let history = judge(&request(&repository, &snapshot.root, &snapshot.workspace, &revision))?;
    Ok(Some((snapshot, history)))
}

/// Says why a tag would be no checkpoint of what a repository is about to receive, as a workspace that it has by now sees it;
/// see [`evidence::unfit`].
pub(crate) fn unfit(
    repository: &Repository,
    project: &Project,
    tip: Oid,
    name: &str,
    tag: Oid,
) -> Result<Option<Unfit>, HistoryError> {
    let below = slashed(project.root.strip_prefix(stored::top(repository)).unwrap_or(Path::new("")));
    let revision = tip.to_string();
    evidence::unfit(&request(repository, &below, &project.workspace, &revision), name, tag)
}

/// Removes what was kept below the Git directory around a path; returns how many bytes that were.
pub(crate) fn clear_cache(path: &Path) -> Result<std::io::Result<u64>, HistoryError> {
    let repository = Repository::open(path)?;
    Ok(deed_history::clear_cache(&repository))
}

/// Opens the repository around a root; `None` where there is none. Also returns where the root is in it.
pub(crate) fn open(root: &Path) -> Result<Option<(Repository, String)>, HistoryError> {
    let repository = match Repository::open(root) {
        Err(HistoryError::NoRepository { .. }) => return Ok(None),
        other => other?,
    };
    let top = repository.workdir().and_then(|top| without_links(top).ok());
    let below = top.as_deref().and_then(|top| root.strip_prefix(top).ok()).map(slashed).unwrap_or_default();
    Ok(Some((repository, below)))
}
