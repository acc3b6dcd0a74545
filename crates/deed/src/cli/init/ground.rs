//! What lies where a register is to begin.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use deed_history::{HistoryError, Repository, general_setting};
use deed_model::{Manifest, ROOT_MANIFESTS, Section, Workspace};

use super::answers::{Mailbox, organization};
use super::{Forge, hook};
use crate::cli::first::{self, typed};
use crate::cli::history_mistake;
use crate::cli::output::shown;
use crate::exit::Mistake;
use crate::load::{self, Tree, is_there};

/// A directory that is to be a root, and all around it that counts.
pub(super) struct Ground {
    /// The directory, symbolic links resolved.
    pub(super) root: PathBuf,
    /// The top of the working tree, or the root where there is none.
    pub(super) top: PathBuf,
    pub(super) repository: Option<Repository>,
    /// The manifests that are there, or will be part of the register once it has a root.
    pub(super) workspace: Workspace,
    /// What lies in the directory, by name; listed before it was read, so that whatever comes later is in the way.
    names: HashSet<String>,
    here: PathBuf,
}

impl Ground {
    /// Looks at a directory, which need not be there.
    pub(super) fn survey(path: &Path) -> Result<Self> {
        let here = load::current_directory()?;
        let root = load::future_directory(&here.join(path))
            .with_context(|| format!("`{}` cannot be a root", shown(&here.join(path), &here)))?;
        let repository = match Repository::open(&root) {
            Ok(repository) => Some(repository),
            Err(HistoryError::NoRepository { .. }) => None,
            Err(error) => return Err(history_mistake(&error).into()),
        };
        let top = repository.as_ref().map(|repository| top_of(repository, &root)).transpose()?;
        let top = top.unwrap_or_else(|| root.clone());
        if let Some(place) = root_above(&root) {
            return Err(above(&root, place, &here).into());
        }
        let names = load::names_in(&root);
        let workspace = workspace(&root, &here)?;
        Ok(Self { root, top, repository, workspace, names, here })
    }

    /// Whether no manifest has that section.
    pub(super) fn is_missing(&self, section: Section) -> bool {
        self.holders(section).next().is_none()
    }

    /// The manifests that have a section, from the root.
    pub(super) fn holders(&self, section: Section) -> impl Iterator<Item = &str> {
        let has =
            move |manifest: &&Manifest| manifest.parse.root().is_some_and(|root| root.get(section.key()).is_some());
        self.workspace.manifests().iter().filter(has).map(|manifest| manifest.path.as_str())
    }

    /// The root manifest, if there is one.
    pub(super) fn root_manifest(&self) -> Option<&'static str> {
        ROOT_MANIFESTS.into_iter().find(|name| self.has(name))
    }

    /// Whether something in the directory has that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// A name for the organisation: that of the directory.
    pub(super) fn name(&self) -> Option<String> {
        organization(self.root.file_name()?.to_str()?).ok()
    }

    /// Who Git says I am.
    pub(super) fn me(&self) -> Option<Mailbox> {
        let setting = |name| match &self.repository {
            Some(repository) => repository.setting(name),
            None => general_setting(name),
        };
        Mailbox::parse(&format!("{} <{}>", setting("user.name")?, setting("user.email")?)).ok()
    }

    /// The branch that decisions are to be adopted on.
    pub(super) fn branch(&self) -> String {
        let known = self.repository.as_ref().and_then(Repository::main_branch);
        known.or_else(|| general_setting("init.defaultBranch")).unwrap_or_else(|| "main".to_owned())
    }

    /// Where pull requests are, as far as can be told.
    pub(super) fn forge(&self) -> Forge {
        let origin = self.repository.as_ref().and_then(|repository| repository.setting("remote.origin.url"));
        match origin.unwrap_or_default() {
            _ if self.is_there(".github") => Forge::Github,
            _ if self.is_there(".gitlab-ci.yml") => Forge::Gitlab,
            origin if origin.contains("github") => Forge::Github,
            origin if origin.contains("gitlab") => Forge::Gitlab,
            _ => Forge::None,
        }
    }

    /// Whether a hook of Deed's checks commits here already.
    pub(super) fn has_hook(&self) -> Result<bool> {
        self.repository.as_ref().map_or(Ok(false), hook::is_installed)
    }

    /// Whether a hook that is installed here would run in other repositories, too.
    pub(super) fn shares_hooks(&self) -> bool {
        self.repository.as_ref().is_some_and(hook::is_shared)
    }

    /// Whether something lies at a path from the top.
    pub(super) fn is_there(&self, path: &str) -> bool {
        is_there(&self.top.join(path))
    }

    /// A path as it is shown.
    pub(super) fn shown(&self, path: &Path) -> String {
        shown(path, &self.here)
    }

    /// A path as it is typed in a command.
    pub(super) fn typed(&self, path: &Path) -> String {
        typed(path, &self.here)
    }

    /// The commands that commit files of the register for the first time.
    pub(super) fn first_commit(&self, files: &[&Path], is_hooked: bool) -> [String; 2] {
        first::commit(files, &self.top, &self.here, is_hooked)
    }
}

/// The top of a repository's working tree, in which a root can be.
fn top_of(repository: &Repository, root: &Path) -> Result<PathBuf> {
    let top = repository.workdir().and_then(|top| load::without_links(top).ok());
    let inside = load::without_links(repository.git_dir()).is_ok_and(|git_dir| root.starts_with(git_dir));
    top.filter(|top| root.starts_with(top) && !inside).ok_or_else(|| {
        let mistake = Mistake::new(format!("`{}` is in no working tree", root.display()));
        mistake.hint("begin the register in a clone: manifests are files that people edit").into()
    })
}

/// The manifests that belong to a root, or will.
fn workspace(root: &Path, here: &Path) -> Result<Workspace> {
    let trees = load::survey(&[root.to_owned()], &BTreeMap::new(), &HashMap::new());
    let mut manifests = Vec::new();
    for Tree { root: place, files, unreadable, .. } in trees {
        // A root further down is a register of its own.
        if place != root && has_root_manifest(&place) {
            continue;
        }
        if let Some(it) = unreadable.first() {
            let mistake = Mistake::new(format!("cannot read `{}`: {}", shown(&it.path, here), it.reason));
            return Err(mistake.hint("without it nobody knows what is there already").into());
        }
        for (path, parse) in files {
            if !parse.errors().is_empty() {
                let path = typed(&path, here);
                let mistake = Mistake::new(format!("`{path}` has errors, so nobody knows what is there already"));
                return Err(mistake.hint(format!("`deed check {path}` shows them")).into());
            }
            let below = path.strip_prefix(root).unwrap_or(&path);
            manifests.push(Manifest { path: load::slashed(below), parse });
        }
    }
    Ok(Workspace::new(manifests))
}

fn has_root_manifest(directory: &Path) -> bool {
    ROOT_MANIFESTS.into_iter().any(|name| is_there(&directory.join(name)))
}

/// The root whose register a directory would belong to, in the same repository.
fn root_above(root: &Path) -> Option<&Path> {
    let is_top = |directory: &Path| is_there(&directory.join(".git"));
    if is_top(root) {
        return None;
    }
    let mut is_beyond = false;
    let above = root.ancestors().skip(1);
    let mut within = above.take_while(|directory| !std::mem::replace(&mut is_beyond, is_top(directory)));
    within.find(|directory| has_root_manifest(directory))
}

fn above(root: &Path, place: &Path, here: &Path) -> Mistake {
    let (root, place) = (shown(root, here), typed(place, here));
    Mistake::new(format!("`{root}` belongs to the register that has its root in `{place}`"))
        .hint(format!("add manifests to that one; `deed init {place}` writes what it lacks"))
}
