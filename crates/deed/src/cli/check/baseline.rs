//! The baseline: diagnostics that were there when Deed came, and are put up with until somebody mends them.
//!
//! One file a workspace, beside its root manifest, in the order of the register so that it reads and merges well. What counts
//! of an entry is its fingerprint, which knows no line numbers; the rest is for readers.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use deed_linter::Diagnostic;
use deed_model::Workspace;
use serde::{Deserialize, Serialize};

use crate::exit::Mistake;
use crate::load;

/// What it is called beside a root manifest.
pub(crate) const BASELINE: &str = "deed-baseline.json";

/// Diagnostics that are put up with.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    version: u32,
    diagnostics: Vec<Entry>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    /// The key path of the place, or the manifest where it is in none.
    place: String,
    rule: String,
    message: String,
    fingerprint: String,
}

impl Baseline {
    /// A baseline of all of these but syntax errors: what stands behind one was not looked at.
    pub(super) fn of(workspace: &Workspace, diagnostics: &[Diagnostic]) -> Self {
        let lasting = diagnostics.iter().filter(|diagnostic| can_be_put_up_with(diagnostic));
        let mut diagnostics: Vec<Entry> = lasting.map(|diagnostic| entry(workspace, diagnostic)).collect();
        diagnostics.sort();
        Self { version: 1, diagnostics }
    }

    /// Reads one; `None` where there is no file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let shown = path.display();
        let text = load::file(path).with_context(|| format!("cannot read the baseline `{shown}`"))?;
        let Some(text) = text else { return Ok(None) };
        let mistake = |what: String| {
            let hint = "`deed check --write-baseline` writes it anew; `--no-baseline` leaves it out of account";
            Mistake::new(format!("`{shown}` is no baseline: {what}")).hint(hint)
        };
        let baseline: Self = serde_json::from_slice(&text).map_err(|error| mistake(error.to_string()))?;
        if baseline.version != 1 {
            return Err(mistake(format!("its version is {}, this Deed knows 1", baseline.version)).into());
        }
        Ok(Some(baseline))
    }

    /// Writes it, whole or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        load::create(path, &text).with_context(|| format!("cannot write the baseline `{}`", path.display()))
    }

    /// Takes what it has out of some diagnostics and returns that.
    pub(super) fn split(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
        let known: HashSet<&str> = self.diagnostics.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let is_known = |it: &mut Diagnostic| known.contains(&*it.fingerprint) && can_be_put_up_with(it);
        diagnostics.extract_if(.., is_known).collect()
    }

    /// Returns it without what is not among these any more.
    pub(super) fn pruned(mut self, diagnostics: &[Diagnostic]) -> Self {
        let there = fingerprints(diagnostics);
        self.diagnostics.retain(|entry| there.contains(entry.fingerprint.as_str()));
        self
    }

    /// How many of its entries are among these.
    pub(super) fn count_in(&self, diagnostics: &[Diagnostic]) -> usize {
        let there = fingerprints(diagnostics);
        self.diagnostics.iter().filter(|entry| there.contains(entry.fingerprint.as_str())).count()
    }

    /// How many entries it has.
    pub(super) const fn len(&self) -> usize {
        self.diagnostics.len()
    }
}

/// Where the baseline of a workspace lies.
pub(super) fn path_of(root: &Path, named: Option<&PathBuf>) -> PathBuf {
    named.cloned().unwrap_or_else(|| root.join(BASELINE))
}

fn fingerprints(diagnostics: &[Diagnostic]) -> HashSet<&str> {
    diagnostics.iter().map(|diagnostic| &*diagnostic.fingerprint).collect()
}

fn can_be_put_up_with(diagnostic: &Diagnostic) -> bool {
    diagnostic.rule.id != "syntax-error"
}

fn entry(workspace: &Workspace, diagnostic: &Diagnostic) -> Entry {
    let manifest = || workspace.manifest(diagnostic.span.file).path.clone();
    Entry {
        place: if diagnostic.key_path.is_empty() { manifest() } else { diagnostic.key_path.to_string() },
        rule: diagnostic.rule.id.to_owned(),
        message: diagnostic.message.to_string(),
        fingerprint: diagnostic.fingerprint.to_string(),
    }
}
