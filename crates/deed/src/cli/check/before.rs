//! What was wrong before: `--since` and `--staged` report the difference of diagnostics, not of lines.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use deed_linter::Diagnostic;
use deed_model::Date;
use rayon::prelude::*;

use super::known::Known;
use crate::load::history::Proof;
use crate::load::{Loaded, Project, State, Unreadable, stored};

/// The diagnostics there were, by workspace.
#[derive(Default)]
pub(super) struct Before {
    known: HashMap<PathBuf, Known<Arc<str>>>,
    unreadable: Vec<Unreadable>,
}

impl Before {
    /// Judges a state of the past on the day of the present: every workspace of the repository that a path lies in, since
    /// what is asked for now may have been elsewhere or nowhere.
    pub(super) fn at(state: &State, path: &Path, proof: Option<&Proof>, today: Date) -> Result<Self> {
        let Loaded { projects, unreadable, .. } = stored::whole(path, state, proof)?;
        let judge = |project: Project| {
            let diagnostics = project.lint(today).diagnostics;
            (project.root.clone(), Known::of(diagnostics.into_iter().map(|diagnostic| diagnostic.fingerprint)))
        };
        Ok(Self { known: projects.into_par_iter().map(judge).collect(), unreadable })
    }

    /// What could not be read; a workspace with such a file was not judged.
    pub(super) fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }

    /// Takes out of the diagnostics of a workspace what was there before, and returns that.
    pub(super) fn split(&self, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
        let Some(mut before) = self.known.get(root).cloned() else { return Vec::new() };
        diagnostics.extract_if(.., |diagnostic| before.take(&diagnostic.fingerprint)).collect()
    }
}
