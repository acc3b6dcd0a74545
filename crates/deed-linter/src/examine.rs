//! For tests: what one rule says of a few lines of manifest.

use std::sync::Arc;

use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;

use crate::{Applicability, Diagnostic, Inputs, apply_fixes, lint_only, rule};

/// The day it is judged on.
const TODAY: &str = "2026-06-30";

/// Builds a workspace of files: path and text.
pub(crate) fn workspace(files: &[(&str, &str)]) -> Workspace {
    let manifest = |(path, text): &(&str, &str)| Manifest {
        path: (*path).to_owned(),
        parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

/// Returns what a rule reports; a file exists unless its path has `missing` in it.
pub(crate) fn diagnostics(id: &str, workspace: &Workspace) -> Vec<Diagnostic> {
    let exists = |path: &str| !path.contains("missing");
    let today = parse_date(TODAY).expect("a date");
    lint_only(&Inputs { workspace, today, exists: Some(&exists), history: None }, rule(id).expect("a rule"))
}

/// Returns the messages of a rule about one manifest.
pub(crate) fn messages(id: &str, text: &str) -> Vec<String> {
    let workspace = workspace(&[("deed.yaml", text)]);
    diagnostics(id, &workspace).into_iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}

/// Returns the text of one manifest after the fixes of a rule that are at least as sure as `at_least`.
pub(crate) fn fixed(id: &str, path: &str, text: &str, at_least: Applicability) -> String {
    let workspace = workspace(&[(path, text)]);
    let fixed = apply_fixes(&workspace, &diagnostics(id, &workspace), at_least);
    fixed.texts.into_values().next().unwrap_or_else(|| text.to_owned())
}
