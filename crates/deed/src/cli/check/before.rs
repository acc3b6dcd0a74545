//! What was wrong before: `--since` and `--staged` report the difference of diagnostics, not of lines.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use deed_linter::Diagnostic;
use deed_model::Date;
use rayon::prelude::*;

use crate::load::history::Proof;
use crate::load::{Loaded, State, stored};

/// How many diagnostics there were with a fingerprint, by workspace.
#[derive(Default)]
pub(super) struct Before(HashMap<PathBuf, HashMap<String, usize>>);

impl Before {
    /// Judges a state of the past on the day of the present: every workspace of the repository that a path lies in, since
    /// what is asked for now may have been elsewhere or nowhere.
    pub(super) fn at(state: &State, path: &Path, proof: Option<&Proof>, today: Date) -> Result<Self> {
        let Loaded { projects, .. } = stored::whole(path, state, proof)?;
        let fingerprints = projects.into_par_iter().map(|project| {
            let mut all: HashMap<String, usize> = HashMap::new();
            for diagnostic in project.lint(today).diagnostics {
                *all.entry(diagnostic.fingerprint).or_default() += 1;
            }
            (project.root, all)
        });
        Ok(Self(fingerprints.collect()))
    }

    /// Takes out of the diagnostics of a workspace what was there before, and returns that.
    pub(super) fn split(&self, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
        let Some(before) = self.0.get(root) else { return Vec::new() };
        let mut left: HashMap<&str, usize> = before.iter().map(|(it, count)| (it.as_str(), *count)).collect();
        let was_there = |diagnostic: &mut Diagnostic| match left.get_mut(diagnostic.fingerprint.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        diagnostics.extract_if(.., was_there).collect()
    }
}
