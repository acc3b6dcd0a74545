//! Applies fixes to texts.

use std::collections::{BTreeMap, HashSet};

use deed_model::{FileId, Manifest, Workspace};
use deed_syntax::SyntaxErrorKind;
use deed_syntax::edit::Edit;

use crate::{Applicability, Diagnostic, FileEdit, Fix};

/// What applying fixes gives.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The manifests that change, with their new text.
    pub texts: BTreeMap<FileId, String>,
    /// How many fixes were applied.
    pub applied: usize,
    /// How many were left for another round, because they touch the same text as one that was applied.
    pub conflicting: usize,
    /// How many were left because of syntax errors in a manifest they change.
    pub withheld: usize,
}

/// The edits of some fixes, which can be made at once.
#[derive(Debug, Default)]
pub struct Collected {
    /// The edits, by manifest.
    pub edits: BTreeMap<FileId, Vec<Edit>>,
    /// How many fixes they are.
    pub applied: usize,
    /// As in [`Fixed`].
    pub conflicting: usize,
    /// As in [`Fixed`].
    pub withheld: usize,
}

/// Applies the first fix of each diagnostic that is at least as sure as `at_least`; see [`collect_fixes`].
///
/// Fixes that touch the same text are left for another round: run the rules again on the result.
pub fn apply_fixes(workspace: &Workspace, diagnostics: &[Diagnostic], at_least: Applicability) -> Fixed {
    let Collected { edits, applied, conflicting, withheld } = collect_fixes(workspace, diagnostics, at_least);
    let mut fixed = Fixed { texts: BTreeMap::new(), applied, conflicting, withheld };
    for (file, edits) in edits {
        let text = workspace.manifest(file).parse.text();
        match deed_syntax::edit::apply(text, &edits) {
            Ok(text) => drop(fixed.texts.insert(file, text)),
            Err(_) => fixed.conflicting += edits.len(),
        }
    }
    fixed
}

/// Returns the edits of the first fix of each diagnostic that is at least as sure as `at_least`.
///
/// A manifest with syntax errors is changed only by fixes for these: what seems to be missing from it may stand in what
/// could not be read.
///
/// A fix is taken whole or not at all; one that touches the same text as an earlier one is not.
pub fn collect_fixes<'d>(
    workspace: &Workspace,
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    at_least: Applicability,
) -> Collected {
    let mut collected = Collected::default();
    let mut written: HashSet<(&str, String)> = HashSet::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.applicability >= at_least) else { continue };
        if is_withheld(workspace, diagnostic, fix) {
            collected.withheld += 1;
            continue;
        }
        let edits = &mut collected.edits;
        let clashes = fix
            .edits
            .iter()
            .any(|new| edits.get(&new.file).is_some_and(|taken| taken.iter().any(|edit| touches(edit, &new.edit))));
        // One that adds a key and one that gives another key that name are each right, and not both.
        let keys: Vec<_> = fix.edits.iter().flat_map(|new| keys(workspace, new)).collect();
        let is_written = |key: &String| written.contains(&(&*diagnostic.subject, key.clone()));
        if clashes || keys.iter().any(is_written) {
            collected.conflicting += 1;
            continue;
        }
        written.extend(keys.into_iter().map(|key| (&*diagnostic.subject, key)));
        collected.applied += 1;
        for new in &fix.edits {
            edits.entry(new.file).or_default().push(new.edit.clone());
        }
    }
    collected
}

/// Returns whether a fix has to wait until the syntax errors of a manifest it changes are mended.
pub fn is_withheld(workspace: &Workspace, diagnostic: &Diagnostic, fix: &Fix) -> bool {
    diagnostic.rule.id != "syntax-error" && fix.edits.iter().any(|new| is_unread(workspace.manifest(new.file)))
}

/// Whether there is text in a manifest that its tree may lack; of a key that is there twice both entries are in the tree.
fn is_unread(manifest: &Manifest) -> bool {
    manifest.parse.errors().iter().any(|error| error.kind != SyntaxErrorKind::DuplicateKey)
}

/// The keys that an edit writes: what stands before the first colon of each of its lines, or before the one that follows it.
fn keys(workspace: &Workspace, new: &FileEdit) -> Vec<String> {
    let after = &workspace.manifest(new.file).parse.text()[usize::from(new.edit.range.end())..];
    let is_name = after.trim_start_matches(['"', '\'']).starts_with(':');
    let lines = new.edit.new_text.lines();
    let key = |line: &str| {
        let (key, _) = line.split_once(':').or(is_name.then_some((line, "")))?;
        let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '{' | ',' | '-');
        Some(key.trim_matches(around).to_owned()).filter(|key| !key.is_empty())
    };
    lines.filter_map(key).collect()
}

/// Whether two edits touch the same text; two insertions at one place do, as their order would matter.
fn touches(a: &Edit, b: &Edit) -> bool {
    a.range == b.range || a.range.intersect(b.range).is_some_and(|both| !both.is_empty())
}
