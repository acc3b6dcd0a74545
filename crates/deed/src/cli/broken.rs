//! Manifests of which a part cannot be read: what stands there is missing from whatever is said of them.

use deed_model::Workspace;
use deed_syntax::{SyntaxError, SyntaxErrorKind};

use super::lines::Lines;

/// Returns the first mistake of each manifest that hides something, with its place, as in "`a.deed.yaml:3` cannot be read: …".
pub(super) fn broken(workspace: &Workspace) -> Vec<String> {
    let lines = Lines::new(workspace);
    // Of two equal keys the first is read.
    let hides = |error: &&SyntaxError| error.kind != SyntaxErrorKind::DuplicateKey;
    let broken = workspace.files().filter_map(|(file, manifest)| {
        let error = manifest.parse.errors().iter().find(hides)?;
        let line = lines.line(file, error.range.start()) + 1;
        Some(format!("`{}:{line}` cannot be read: {}", manifest.path, error.message))
    });
    broken.collect()
}
