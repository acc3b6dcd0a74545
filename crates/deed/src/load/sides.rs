//! Reads one workspace as it was and as it is, for whoever compares.

use std::path::Path;

use anyhow::Result;
use deed_history::Repository;
use deed_model::Date;

use super::history::Proof;
use super::stored::commit_and_day;
use super::{Loaded, Project, Request, State, load};
use crate::cli::{history_mistake, unreadable};
use crate::exit::{Exit, Mistake, is_no_manifest};

/// A workspace in one of two states.
pub(crate) struct Side {
    /// The workspace; `None` where there was none.
    pub(crate) project: Option<Project>,
    /// The commit that it is, and its day; `None` for the working tree, for the index and before the first commit.
    pub(crate) commit: Option<(String, Date)>,
    repository: Repository,
}

impl Side {
    /// Reads a file below the root as it is in this state.
    pub(crate) fn text(&self, path: &str) -> Option<Vec<u8>> {
        self.project.as_ref()?.existing.read(path, Some(&self.repository))
    }
}

/// Reads the workspace at a directory in two states; without one it is the working tree.
pub(crate) fn sides(
    directory: &Path,
    (before, after): (Option<&State>, Option<&State>),
    proof: Option<&Proof>,
) -> Result<(Side, Side)> {
    let read = |state: Option<&State>| -> Result<Vec<Project>> {
        let request = Request {
            paths: vec![directory.to_owned()],
            state: state.cloned(),
            proof: proof.cloned(),
            ..Request::default()
        };
        match load(&request, &|| ()) {
            Ok(Loaded { projects, unreadable: files, .. }) => match unreadable(&files) {
                None => Ok(projects),
                Some(mistake) => Err(mistake.into()),
            },
            // There may be one in the other state.
            Err(error) if is_no_manifest(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    };
    let (was, is) = (read(before)?, read(after)?);
    if was.is_empty() && is.is_empty() {
        return Err(Mistake::new("there is no manifest here in either state").exit(Exit::NoManifest).into());
    }
    let root = only(&is).or_else(|| only(&was)).ok_or_else(|| several(if is.is_empty() { &was } else { &is }))?;
    let pick = |mut projects: Vec<Project>| match projects.len() {
        // One that was elsewhere is the same.
        1 => projects.pop(),
        _ => projects.into_iter().find(|project| project.root == root),
    };
    let side = |project: Option<Project>, state: Option<&State>| -> Result<Side> {
        let repository = Repository::open(directory).map_err(|error| history_mistake(&error))?;
        let commit = state.map(|state| commit_and_day(&repository, state)).transpose()?.flatten();
        Ok(Side { project, commit, repository })
    };
    Ok((side(pick(was), before)?, side(pick(is), after)?))
}

fn only(projects: &[Project]) -> Option<std::path::PathBuf> {
    match projects {
        [one] => Some(one.root.clone()),
        _ => None,
    }
}

/// That it is not known which of several workspaces is meant.
pub(crate) fn several(projects: &[Project]) -> Mistake {
    let roots: Vec<_> = projects.iter().map(|project| format!("`{}`", project.root.display())).collect();
    Mistake::new("there are several workspaces here")
        .hint(format!("name one of them with `--directory`: {}", roots.join(", ")))
}
