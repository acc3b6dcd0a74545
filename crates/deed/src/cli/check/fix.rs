//! Applies fixes until nothing more can be fixed.

use std::collections::BTreeMap;

use deed_linter::{Applicability, Diagnostic, Outcome, apply_fixes};
use deed_model::{Date, FileId};
use deed_syntax::SyntaxErrorKind;

use super::known::Known;
use crate::load::Project;

/// A fix may make room for another; more rounds than this mean that two undo each other.
const ROUNDS: usize = 20;

/// What fixing did to a workspace, in memory.
#[derive(Default)]
pub(crate) struct Changes {
    /// The texts as they were.
    pub(crate) before: BTreeMap<FileId, String>,
    /// How many diagnostics of each rule are gone, by manifest.
    pub(crate) fixed: BTreeMap<FileId, BTreeMap<&'static str, usize>>,
    /// Rules whose fixes were not applied because they break the text or never come to an end.
    pub(crate) refused: Vec<&'static str>,
}

impl Changes {
    /// Returns how many diagnostics are gone.
    pub(crate) fn count(&self) -> usize {
        self.fixed.values().flat_map(BTreeMap::values).sum()
    }

    /// Returns the manifests that are not what they were.
    pub(crate) fn texts<'p>(&'p self, project: &'p Project) -> impl Iterator<Item = (FileId, &'p str, &'p str)> {
        self.before.iter().filter_map(|(file, before)| {
            let after = project.workspace.manifest(*file).parse.text();
            (before != after).then_some((*file, before.as_str(), after))
        })
    }
}

/// Fixes what is at least as sure as `at_least` in the manifests that were asked for, round by round, and returns what
/// is left. `only_there`: do not touch other manifests either.
pub(super) fn fix(project: &mut Project, today: Date, at_least: Applicability, only_there: bool) -> (Changes, Outcome) {
    let mut changes = Changes::default();
    let mut outcome = project.lint(today);
    for round in 0.. {
        let candidates = candidates(project, &outcome.diagnostics, at_least, only_there);
        let fixed = apply_fixes(&project.workspace, &candidates, at_least);
        if fixed.texts.is_empty() {
            break;
        }
        let errors = |project: &Project, file: &FileId| project.workspace.manifest(*file).parse.errors().len();
        let errors_before: Vec<_> = fixed.texts.keys().map(|file| errors(project, file)).collect();
        let texts_before: BTreeMap<_, _> = fixed.texts.keys().map(|file| (*file, text(project, *file))).collect();
        project.replace(&fixed.texts);
        let broken = fixed.texts.keys().zip(errors_before).any(|(file, before)| errors(project, file) > before);
        if broken || round == ROUNDS {
            project.replace(&texts_before);
            changes.refused = candidates.iter().map(|diagnostic| diagnostic.rule.id).collect();
            changes.refused.sort_unstable();
            changes.refused.dedup();
            break;
        }
        for (file, text) in texts_before {
            changes.before.entry(file).or_insert(text);
        }
        outcome = project.lint(today);
        for gone in gone(&candidates, &outcome.diagnostics) {
            let rules = changes.fixed.entry(gone.span.file).or_default();
            *rules.entry(gone.rule.id).or_default() += 1;
        }
    }
    (changes, outcome)
}

/// The diagnostics with a fix that may be applied, and only the fixes that may.
fn candidates(project: &Project, all: &[Diagnostic], at_least: Applicability, only_there: bool) -> Vec<Diagnostic> {
    // Bytes that are not UTF-8 are not in the text, so writing it back would lose them.
    let is_whole = |file: FileId| {
        let errors = project.workspace.manifest(file).parse.errors();
        errors.iter().all(|error| error.kind != SyntaxErrorKind::Encoding)
    };
    let asked = all.iter().filter(|diagnostic| project.is_asked(diagnostic.span.file));
    asked
        .filter_map(|diagnostic| {
            let mut diagnostic = diagnostic.clone();
            diagnostic.fixes.retain(|fix| {
                fix.applicability >= at_least
                    && fix.edits.iter().all(|edit| is_whole(edit.file) && (!only_there || project.is_asked(edit.file)))
            });
            (!diagnostic.fixes.is_empty()).then_some(diagnostic)
        })
        .collect()
}

/// Those of the candidates that are not among what is left.
fn gone<'c>(candidates: &'c [Diagnostic], left: &[Diagnostic]) -> Vec<&'c Diagnostic> {
    let mut still = Known::of(left.iter().map(|diagnostic| &diagnostic.fingerprint));
    candidates.iter().filter(|diagnostic| !still.take(&&diagnostic.fingerprint)).collect()
}

fn text(project: &Project, file: FileId) -> String {
    project.workspace.manifest(file).parse.text().to_owned()
}
