//! The format for programs: version 1, described by `schemas/check.schema.json`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use deed_linter::{Applicability, Diagnostic};
use deed_model::{FileId, FileRange};
use serde::Serialize;

use super::{Judged, Report, Tally};
use crate::cli::lines::{Lines, Places};
use crate::load::{common_directory, slashed};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    root: String,
    today: String,
    diagnostics: Vec<Entry<'a>>,
    unreadable: Vec<Unreadable<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    path: String,
    range: Places,
    subject: &'a str,
    key_path: &'a str,
    fingerprint: &'a str,
    labels: Vec<Label<'a>>,
    help: Option<String>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Label<'a> {
    message: &'a str,
    path: String,
    range: Places,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    path: String,
    range: Places,
    new_text: &'a str,
}

#[derive(Serialize)]
struct Unreadable<'a> {
    path: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    baselined: usize,
}

/// Writes a report as one JSON document.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let root = root(report);
    let tally = Tally::of(report);
    let diagnostics = report.judged.iter().flat_map(|judged| {
        let view =
            View { judged, lines: Lines::new(&judged.project.workspace), prefix: below(&root, &judged.project.root) };
        judged.diagnostics.iter().map(|diagnostic| view.entry(diagnostic)).collect::<Vec<_>>()
    });
    let unreadable = report.unreadable.iter();
    let document = Document {
        version: 1,
        root: slashed(&root),
        today: report.today.to_string(),
        diagnostics: diagnostics.collect(),
        unreadable: unreadable.map(|it| Unreadable { path: below(&root, &it.path), reason: &it.reason }).collect(),
        summary: Summary {
            errors: tally.all.errors,
            warnings: tally.all.warnings,
            infos: tally.all.infos,
            suppressed: tally.suppressed,
            baselined: 0,
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The directory all paths are given from: the root, or what several roots have in common.
fn root(report: &Report) -> PathBuf {
    // `common_directory` looks at what holds a path.
    let roots = report.judged.iter().map(|judged| judged.project.root.join("deed.yaml"));
    let all: Vec<_> = roots.chain(report.unreadable.iter().map(|it| it.path.clone())).collect();
    common_directory(all.iter())
}

fn below(root: &Path, path: &Path) -> String {
    slashed(path.strip_prefix(root).unwrap_or(path))
}

/// One workspace, seen from the root of the document.
struct View<'a> {
    judged: &'a Judged,
    lines: Lines<'a>,
    prefix: String,
}

impl<'a> View<'a> {
    fn entry(&self, diagnostic: &'a Diagnostic) -> Entry<'a> {
        let labels = diagnostic.labels.iter().map(|label| Label {
            message: &label.message,
            path: self.path(label.span.file),
            range: self.range(label.span),
        });
        let fixes = diagnostic.fixes.iter().map(|fix| Fix {
            title: &fix.title,
            applicability: match fix.applicability {
                Applicability::Display => "display",
                Applicability::Unsafe => "unsafe",
                Applicability::Safe => "safe",
            },
            edits: fix.edits.iter().map(|edit| self.edit(edit)).collect(),
        });
        Entry {
            rule: diagnostic.rule.id,
            severity: diagnostic.severity.name(),
            message: &diagnostic.message,
            path: self.path(diagnostic.span.file),
            range: self.range(diagnostic.span),
            subject: &diagnostic.subject,
            key_path: &diagnostic.key_path,
            fingerprint: &diagnostic.fingerprint,
            labels: labels.collect(),
            help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
            fixes: fixes.collect(),
        }
    }

    fn edit(&self, edit: &'a deed_linter::FileEdit) -> Edit<'a> {
        let range = FileRange { file: edit.file, range: edit.edit.range };
        Edit { path: self.path(edit.file), range: self.range(range), new_text: &edit.edit.new_text }
    }

    fn path(&self, file: FileId) -> String {
        let path = &self.judged.project.workspace.manifest(file).path;
        if self.prefix.is_empty() { path.clone() } else { format!("{}/{path}", self.prefix) }
    }

    fn range(&self, at: FileRange) -> Places {
        self.lines.places(at)
    }
}
