//! What Git says about a workspace.

use std::path::Path;

use deed_history::evidence::{Request, judge};
use deed_history::{HistoryError, Repository};
use deed_model::Workspace;
use deed_model::evidence::History;

use super::slashed;

/// How history is looked at.
#[derive(Clone, Default, Debug)]
pub(crate) struct Proof {
    /// The revision a workspace is compared with.
    pub(crate) revision: Option<String>,
    /// A commit that was pinned out of band.
    pub(crate) trust_root: Option<String>,
}

/// Finds the evidence of every decision of the workspace in a directory; `None` outside of any repository.
pub(crate) fn of(root: &Path, workspace: &Workspace, proof: &Proof) -> Result<Option<History>, HistoryError> {
    let repository = match Repository::open(root) {
        Err(HistoryError::NoRepository { .. }) => return Ok(None),
        other => other?,
    };
    let top = repository.workdir().and_then(|top| top.canonicalize().ok());
    let below = top.as_deref().and_then(|top| root.strip_prefix(top).ok()).map(slashed).unwrap_or_default();
    let request = Request {
        repository: &repository,
        root: &below,
        workspace,
        revision: proof.revision.as_deref().unwrap_or("HEAD"),
        trust_root: proof.trust_root.as_deref(),
    };
    judge(&request).map(Some)
}
