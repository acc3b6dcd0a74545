//! What the formats for programs share: paths from one directory, and places in texts.

use std::path::{Path, PathBuf};

use deed_linter::Diagnostic;
use deed_model::{FileId, FileRange};

use super::{Judged, Report};
use crate::cli::lines::{Lines, Places};
use crate::load::{common_directory, slashed, top_of};

/// One workspace, with paths as a document names them.
pub(super) struct View<'a> {
    pub(super) judged: &'a Judged,
    /// The path of the workspace from the directory that the document counts from; empty where that is its root.
    pub(super) prefix: String,
    lines: Lines<'a>,
}

impl<'a> View<'a> {
    /// Each workspace of a report, its paths from a directory.
    pub(super) fn all(report: &'a Report, from: &Path) -> Vec<Self> {
        let view = |judged: &'a Judged| Self {
            judged,
            prefix: below(from, &judged.project.root),
            lines: Lines::new(&judged.project.workspace),
        };
        report.judged.iter().map(view).collect()
    }

    pub(super) fn path(&self, file: FileId) -> String {
        let path = &self.judged.project.workspace.manifest(file).path;
        if self.prefix.is_empty() { path.clone() } else { format!("{}/{path}", self.prefix) }
    }

    /// What identifies a diagnostic in the whole document: the same in two workspaces is two things.
    pub(super) fn fingerprint(&self, diagnostic: &Diagnostic) -> String {
        let fingerprint = &diagnostic.fingerprint;
        if self.prefix.is_empty() { fingerprint.to_string() } else { format!("{}:{fingerprint}", self.prefix) }
    }

    pub(super) fn places(&self, at: FileRange) -> Places {
        self.lines.places(at)
    }
}

/// All diagnostics, the worst first, and among those the order of the report.
pub(super) fn worst_first<'v, 'a>(views: &'v [View<'a>]) -> Vec<(&'v View<'a>, &'a Diagnostic)> {
    let of_one = |view: &'v View<'a>| view.judged.diagnostics.iter().map(move |diagnostic| (view, diagnostic));
    let mut all: Vec<_> = views.iter().flat_map(of_one).collect();
    all.sort_by_key(|(_, diagnostic)| std::cmp::Reverse(diagnostic.severity));
    all
}

/// The directory that the roots of a report have in common; with one root, that.
pub(super) fn common_root(report: &Report) -> PathBuf {
    // `common_directory` looks at what holds a path.
    let roots = report.judged.iter().map(|judged| judged.project.root.join("deed.yaml"));
    let all: Vec<_> = roots.chain(report.unreadable.iter().map(|it| it.path.clone())).collect();
    common_directory(all.iter())
}

/// The top of the working tree that a report is about, which forges count paths from; outside of Git, the roots' common
/// directory.
pub(super) fn repository_root(report: &Report) -> PathBuf {
    let root = common_root(report);
    top_of(&root).map(Path::to_path_buf).unwrap_or(root)
}

/// A path below a directory, with `/`; a path that lies elsewhere stays whole.
pub(super) fn below(from: &Path, path: &Path) -> String {
    slashed(path.strip_prefix(from).unwrap_or(path))
}
