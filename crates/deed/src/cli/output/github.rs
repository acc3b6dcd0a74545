//! Annotations and the job summary of GitHub Actions.
//!
//! GitHub shows ten annotations of each kind for one step; the worst are sent as such, the rest stands in the log. Where a
//! job summary is wanted (`GITHUB_STEP_SUMMARY`), it gets the report in Markdown.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, Write};

use deed_linter::{Diagnostic, Severity};

use super::view::{View, below, repository_root, worst_first};
use super::{Report, markdown};

/// How many annotations of one kind GitHub shows for a step.
const SHOWN: usize = 10;

/// Writes a report to the log of a job, and its summary to the file that the environment names for it.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let top = repository_root(report);
    for it in &report.unreadable {
        let path = property(&below(&top, &it.path));
        let text = data(&format!("cannot be read: {}; its workspace was not judged", it.reason));
        writeln!(out, "::error file={path},title=unreadable::{text}")?;
    }
    let views = View::all(report, &top);
    let mut sent: HashMap<Severity, usize> = HashMap::new();
    let mut rest = Vec::new();
    for (view, diagnostic) in worst_first(&views) {
        let sent = sent.entry(diagnostic.severity).or_default();
        if *sent < SHOWN {
            *sent += 1;
            annotate(view, diagnostic, out)?;
        } else {
            rest.push(line(view, diagnostic));
        }
    }
    if !rest.is_empty() {
        // What manifests say must not be taken for commands.
        let token = RandomState::new().build_hasher().finish();
        writeln!(out, "::group::{} more\n::stop-commands::deed-{token:x}", rest.len())?;
        rest.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out, "::deed-{token:x}::\n::endgroup::")?;
    }
    match std::env::var_os("GITHUB_STEP_SUMMARY") {
        Some(path) if !path.is_empty() => summary(report, &path),
        _ => Ok(()),
    }
}

fn summary(report: &Report, path: &OsStr) -> io::Result<()> {
    let mut text = Vec::new();
    markdown::write(report, &mut text)?;
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(&text));
    written
        .map_err(|error| io::Error::new(error.kind(), format!("the job summary `{}`: {error}", path.to_string_lossy())))
}

fn annotate(view: &View<'_>, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let places = view.places(diagnostic.span);
    let (start, end) = (places.start, places.end);
    let path = property(&view.path(diagnostic.span.file));
    write!(out, "::{command} file={path},line={},endLine={}", start.line, end.line)?;
    if start.line == end.line {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    let text: String = diagnostic.told().collect();
    writeln!(out, ",title={}::{}", property(diagnostic.rule.id), data(&text))
}

/// One line of the log.
fn line(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let start = view.places(diagnostic.span).start;
    let Diagnostic { severity, rule, message, span, .. } = diagnostic;
    let path = view.path(span.file);
    let line = format!("{}[{}]: {path}:{}:{}: {message}", severity.name(), rule.id, start.line, start.column);
    line.replace(char::is_control, " ")
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("50 % of: a\r\nb"), "50 %25 of: a%0D%0Ab");
        assert_eq!(property("a,b:c%.yaml"), "a%2Cb%3Ac%25.yaml");
    }
}
