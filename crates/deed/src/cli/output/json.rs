//! The format for programs: version 1, described by `schemas/check.schema.json`.

use std::io::{self, Write};

use deed_linter::{Applicability, Diagnostic};
use deed_model::FileRange;
use serde::Serialize;

use super::view::{View, below, common_root};
use super::{Report, Tally};
use crate::cli::lines::Places;
use crate::load::slashed;

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
    before: usize,
}

/// Writes a report as one JSON document.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let root = common_root(report);
    let tally = Tally::of(report);
    let views = View::all(report, &root);
    let diagnostics = views.iter().flat_map(|view| view.judged.diagnostics.iter().map(|it| entry(view, it)));
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
            baselined: tally.baselined,
            before: tally.old,
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry<'a>(view: &View<'a>, diagnostic: &'a Diagnostic) -> Entry<'a> {
    let labels = diagnostic.labels.iter().map(|label| Label {
        message: &label.message,
        path: view.path(label.span.file),
        range: view.places(label.span),
    });
    let fixes = diagnostic.fixes.iter().map(|fix| Fix {
        title: &fix.title,
        applicability: match fix.applicability {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        },
        edits: fix.edits.iter().map(|it| edit(view, it)).collect(),
    });
    Entry {
        rule: diagnostic.rule.id,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        path: view.path(diagnostic.span.file),
        range: view.places(diagnostic.span),
        subject: &diagnostic.subject,
        key_path: &diagnostic.key_path,
        fingerprint: &diagnostic.fingerprint,
        labels: labels.collect(),
        help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
        fixes: fixes.collect(),
    }
}

fn edit<'a>(view: &View<'_>, edit: &'a deed_linter::FileEdit) -> Edit<'a> {
    let range = FileRange { file: edit.file, range: edit.edit.range };
    Edit { path: view.path(edit.file), range: view.places(range), new_text: &edit.edit.new_text }
}
