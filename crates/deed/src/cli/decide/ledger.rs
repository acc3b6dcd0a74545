//! The repository that decisions are recorded in, and the register as its last commit has it.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use deed_history::Repository;
use deed_history::evidence::branch_names;
use deed_model::evidence::History;
use deed_model::{FileId, Workspace};

use crate::cli::evidence::history_mistake;
use crate::cli::log::outside;
use crate::cli::output::counted;
use crate::cli::{self, first, hook, say};
use crate::exit::Mistake;
use crate::load::git::Git;
use crate::load::history::{self, Proof};
use crate::load::{self, Project, State, current_directory, stored};

/// Where a decision is recorded.
pub(super) struct Ledger {
    pub(super) git: Git,
    pub(super) top: PathBuf,
    /// The root's directory below the top.
    below: String,
    /// The last commit.
    pub(super) head: String,
    pub(super) branch: Option<String>,
    /// The register as that commit has it.
    pub(super) committed: Arc<Workspace>,
    history: OnceCell<Option<History>>,
}

impl Ledger {
    pub(super) fn open(here: &Project) -> Result<Self> {
        let Some((repository, below)) = history::open(&here.root).map_err(|error| history_mistake(&error))? else {
            return Err(outside(&here.root).hint("`--no-commit` writes without one").into());
        };
        let Some(top) = repository.workdir().and_then(|top| load::without_links(top).ok()) else {
            bail!(
                Mistake::new("this repository is bare: there is nothing to decide in").hint("decide in a clone of it")
            );
        };
        if let Some((what, command)) = repository.under_way() {
            let ways = match command {
                "bisect" => "`git bisect reset` ends it".to_owned(),
                command => {
                    format!("finish it with `git {command} --continue`, or drop it with `git {command} --abort`")
                }
            };
            return Err(Mistake::new(format!("{what} is under way here, and a decision is a commit of its own"))
                .hint(ways)
                .into());
        }
        let head = repository.head().map_err(|error| history_mistake(&error))?;
        let Some(id) = head.id else {
            let branch = head.branch.map_or("this branch".to_owned(), |branch| format!("branch `{branch}`"));
            let what =
                format!("{branch} has no commit yet, and who may decide is judged by the register before a decision");
            return Err(uncommitted(what, here, &top, &repository)?.into());
        };
        let state = State::Commit(id.to_string());
        let mut loaded = stored::whole(&here.root, &state, None)?;
        let unreadable: Vec<_> =
            loaded.unreadable.iter().filter(|it| it.path.starts_with(&here.root)).cloned().collect();
        if let Some(mistake) = cli::unreadable(&unreadable) {
            return Err(mistake.hint("that is how it is in the last commit").into());
        }
        loaded.projects.retain(|project| project.root == here.root);
        let Some(project) = loaded.projects.pop() else {
            let what = "the last commit has none of these manifests, and who may decide is judged by the register before a \
                        decision";
            return Err(uncommitted(what.to_owned(), here, &top, &repository)?.into());
        };
        let git = Git::at(&top);
        let committed = project.workspace;
        Ok(Self { git, top, below, head: id.to_string(), branch: head.branch, committed, history: OnceCell::new() })
    }

    /// Says how far the evidence branch at `origin` is ahead, as it was fetched last: what is decided on may be another thing
    /// there.
    pub(super) fn note_what_is_ahead(&self) {
        for name in branch_names(&self.committed) {
            let there = format!("refs/remotes/origin/{name}");
            // One that is not there says nothing.
            let Ok(counts) = self.git.line(&["rev-list", "--left-right", "--count", &format!("HEAD...{there}"), "--"])
            else {
                continue;
            };
            let is_on_it = self.branch.as_deref() == Some(name);
            let mut counts = counts.split_whitespace().filter_map(|count| count.parse::<usize>().ok());
            if let (Some(own), Some(ahead @ 1..)) = (counts.next(), counts.next())
                && (own == 0 || is_on_it)
            {
                let first = if is_on_it { "git pull".to_owned() } else { format!("git merge origin/{name}") };
                let ahead = counted(ahead, "commit");
                say(
                    "note",
                    &format!(
                        "`origin/{name}` has {ahead} that you have not: `{first}` first, or decide on what may be outdated"
                    ),
                );
            }
            return;
        }
    }

    /// A manifest's path from the top.
    pub(super) fn path(&self, file: FileId) -> String {
        let path = &self.committed.manifest(file).path;
        if self.below.is_empty() { path.clone() } else { format!("{}/{path}", self.below) }
    }

    /// What history proves of the last commit, whatever lies here; it is read when it is first asked for.
    pub(super) fn history(&self, root: &Path) -> Result<Option<&History>> {
        if self.history.get().is_none() {
            let proof = Proof { revision: Some(self.head.clone()), ..Proof::default() };
            let read = history::of(root, &self.committed, &proof).map_err(|error| history_mistake(&error))?;
            return Ok(self.history.get_or_init(|| read).as_ref());
        }
        Ok(self.history.get().and_then(Option::as_ref))
    }

    /// The text of a file of the last commit, by its path below the root.
    pub(super) fn committed_file(&self, path: &str) -> Option<String> {
        let below = if self.below.is_empty() { String::new() } else { format!("{}/", self.below) };
        let bytes = self.git.ask(&["cat-file", "blob", &format!("{}:{below}{}", self.head, path.trim())]).ok()?;
        String::from_utf8(bytes).ok()
    }
}

/// That there is no register to judge a decision by, and how to get one.
fn uncommitted(what: String, here: &Project, top: &Path, repository: &Repository) -> Result<Mistake> {
    let files: Vec<PathBuf> = here.workspace.files().map(|(file, _)| here.path(file)).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let [add, commit] = first::commit(&files, top, &current_directory()?, hook::is_installed(repository)?);
    Ok(Mistake::new(what).hint(format!("commit the register: `{add}`, then `{commit}`")).hint(
        "then decide; `--no-commit` writes the decision at once, and nothing before it will vouch for who you are",
    ))
}
