//! One root that is looked at again and again: what is known of it is not worked out anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deed_linter::{Memo, Outcome};
use deed_model::evidence::History;
use deed_model::{Date, Manifest, Workspace};
use deed_syntax::Parse;

use super::prover::{Prover, State};
use super::{Existing, Tree, Unreadable, slashed};

/// What is known of a root, from one look to the next.
pub(crate) struct Standing {
    root: PathBuf,
    files: BTreeMap<PathBuf, Arc<Parse>>,
    unreadable: Vec<Unreadable>,
    existing: Existing,
    prover: Option<Prover>,
    memo: Memo,
    workspace: Option<Arc<Workspace>>,
    /// The texts that came since the workspace was made; `None` if all of it is to be made anew.
    edited: Option<BTreeMap<PathBuf, Arc<Parse>>>,
}

/// What the rules and history say of a root.
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    pub(crate) history: Option<Arc<History>>,
    pub(crate) state: Option<State>,
    /// What could not be read, so that nothing was judged.
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Standing {
    /// Takes in what was read, with what was known `before`: where the same files were found, what is known of those with
    /// the same text holds.
    pub(crate) fn of(tree: Tree, before: Option<Self>) -> Self {
        let Tree { root, files, unreadable, .. } = tree;
        match before {
            Some(mut old) if old.files.keys().eq(files.keys()) && old.existing.holds() => {
                let other = files.iter().filter(|(path, parse)| !Arc::ptr_eq(&old.files[*path], parse));
                let other: Vec<_> = other.map(|(path, parse)| (path.clone(), parse.clone())).collect();
                old.edited.iter_mut().for_each(|edited| edited.extend(other.iter().cloned()));
                Self { files, unreadable, ..old }
            }
            old => Self {
                existing: Existing::below(root.clone()),
                root,
                files,
                unreadable,
                prover: old.and_then(|old| old.prover),
                memo: Memo::default(),
                workspace: None,
                edited: None,
            },
        }
    }

    /// The manifests by where they lie.
    pub(crate) const fn files(&self) -> &BTreeMap<PathBuf, Arc<Parse>> {
        &self.files
    }

    /// Whether every file that was looked for, manifests aside, is there or missing as it was.
    pub(crate) fn holds(&self) -> bool {
        self.existing.holds()
    }

    /// Takes in another text of a manifest.
    pub(crate) fn take(&mut self, path: &Path, parse: &Arc<Parse>) {
        if let Some(known) = self.files.get_mut(path).filter(|known| !Arc::ptr_eq(known, parse)) {
            *known = parse.clone();
            self.edited.iter_mut().for_each(|edited| drop(edited.insert(path.to_owned(), parse.clone())));
        }
    }

    /// Returns the workspace, made anew if a text is another.
    pub(crate) fn workspace(&mut self) -> Arc<Workspace> {
        let below = |path: &Path| slashed(path.strip_prefix(&self.root).unwrap_or(path));
        let workspace = match (&self.workspace, self.edited.replace(BTreeMap::new())) {
            (Some(workspace), Some(edited)) if edited.is_empty() => workspace.clone(),
            (Some(workspace), Some(edited)) => {
                let edited =
                    edited.into_iter().filter_map(|(path, parse)| Some((workspace.file_of(&below(&path))?, parse)));
                Arc::new(workspace.edited(edited))
            }
            _ => {
                let manifest =
                    |(path, parse): (&PathBuf, &Arc<Parse>)| Manifest { path: below(path), parse: parse.clone() };
                Arc::new(Workspace::new(self.files.iter().map(manifest).collect()))
            }
        };
        self.workspace = Some(workspace.clone());
        workspace
    }

    /// Begins to look at history, if nobody did yet. `changed` is called whenever it says something else.
    pub(crate) fn look_at_history(&mut self, trust_root: Option<&String>, changed: impl Fn() + Send + 'static) {
        if self.prover.is_none() {
            let workspace = self.workspace();
            self.prover = Some(Prover::start(self.root.clone(), workspace, trust_root.cloned(), changed));
        }
    }

    /// Has history read again.
    pub(crate) fn read_history(&self) {
        self.prover.iter().for_each(Prover::again);
    }

    /// How far history is, where it is looked at.
    pub(crate) fn state(&self) -> Option<State> {
        self.prover.as_ref().map(Prover::state)
    }

    /// Asks history and the rules.
    pub(crate) fn judge(&mut self, today: Date) -> Judgement {
        let workspace = self.workspace();
        let state = self.state();
        let history = self.prover.as_ref().and_then(|prover| prover.judge(&workspace));
        let exists = |path: &str| self.existing.has(path);
        let outcome = if self.unreadable.is_empty() {
            self.memo.lint(&workspace, today, Some(&exists), history.as_ref())
        } else {
            // Judged without what cannot be read, every reference into it would look wrong.
            Outcome::default()
        };
        Judgement { outcome, history, state, unreadable: self.unreadable.clone() }
    }
}
