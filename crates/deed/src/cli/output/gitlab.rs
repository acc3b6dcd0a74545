//! GitLab's Code Quality report: a list of violations.

use std::io::{self, Write};

use deed_linter::{Diagnostic, Severity};
use serde::Serialize;

use super::Report;
use super::view::{View, below, repository_root};
use crate::cli::lines::Places;

#[derive(Serialize)]
struct Violation<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Span,
}

#[derive(Serialize)]
struct Span {
    begin: u32,
    end: u32,
}

/// Writes a report as one JSON list, paths from the top of the working tree.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let top = repository_root(report);
    let views = View::all(report, &top);
    let found = views.iter().flat_map(|view| view.judged.diagnostics.iter().map(|it| violation(view, it)));
    let unread = report.unreadable.iter().map(|it| {
        let path = below(&top, &it.path);
        Violation {
            description: format!("cannot be read: {}; its workspace was not judged", it.reason),
            check_name: "unreadable",
            fingerprint: format!("unreadable:{path}"),
            severity: "blocker",
            location: Location { path, lines: Span { begin: 1, end: 1 } },
        }
    });
    let all: Vec<Violation<'_>> = found.chain(unread).collect();
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

fn violation<'a>(view: &View<'_>, diagnostic: &'a Diagnostic) -> Violation<'a> {
    let Places { start, end } = view.places(diagnostic.span);
    let help = diagnostic.help.first().map(|help| format!(" ({help})")).unwrap_or_default();
    Violation {
        description: format!("{}{help}", diagnostic.message),
        check_name: diagnostic.rule.id,
        fingerprint: view.fingerprint(diagnostic),
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location { path: view.path(diagnostic.span.file), lines: Span { begin: start.line, end: end.line } },
    }
}
