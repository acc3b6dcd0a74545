//! JUnit XML, as Jenkins, GitLab and others read it: a suite for each manifest, a test case for each diagnostic. What is not
//! bad enough for the exit code to be 1 is a case that passes, with what was said as its output.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use deed_linter::Diagnostic;
use deed_model::FileId;

use super::Report;
use super::view::{View, below, repository_root};

/// Test cases of one suite.
#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
}

/// Writes a report as one XML document.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let top = repository_root(report);
    let mut suites: Vec<(String, Suite)> = Vec::new();
    for it in &report.unreadable {
        let path = below(&top, &it.path);
        let (name, text) = (escape(&path), escape(&it.reason));
        let cases = format!(
            "    <testcase name=\"can be read\" classname=\"{name}\">\n      <error type=\"unreadable\" message=\"cannot be read: {text}\"/>\n    </testcase>\n"
        );
        suites.push((path, Suite { cases, tests: 1, failures: 0, errors: 1 }));
    }
    for view in View::all(report, &top) {
        let mut by_file: BTreeMap<FileId, Suite> =
            view.judged.project.asked_files().map(|file| (file, Suite::default())).collect();
        for diagnostic in &view.judged.diagnostics {
            by_file.entry(diagnostic.span.file).or_default().add(report, &view, diagnostic);
        }
        for (file, mut suite) in by_file {
            let path = view.path(file);
            if suite.tests == 0 {
                suite.tests = 1;
                suite.cases = format!("    <testcase name=\"nothing to say\" classname=\"{}\"/>\n", escape(&path));
            }
            suites.push((path, suite));
        }
    }
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(|(_, suite)| of(suite)).sum::<usize>();
    let (tests, failures, errors) = (sum(|it| it.tests), sum(|it| it.failures), sum(|it| it.errors));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"deed\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    for (path, Suite { cases, tests, failures, errors }) in &suites {
        let name = escape(path);
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
        writeln!(out, "{cases}  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

impl Suite {
    fn add(&mut self, report: &Report, view: &View<'_>, diagnostic: &Diagnostic) {
        let path = view.path(diagnostic.span.file);
        let start = view.places(diagnostic.span).start;
        let (severity, rule) = (diagnostic.severity.name(), diagnostic.rule.id);
        // The name must stay what it is while lines move.
        let place = if diagnostic.key_path.is_empty() { &diagnostic.subject } else { &diagnostic.key_path };
        let name = if place.is_empty() { rule.to_owned() } else { format!("{rule} at {place}") };
        let told: String = diagnostic.told().collect();
        let text = format!("{path}:{}:{}: {told}", start.line, start.column);
        let (name, path, message, text) = (escape(&name), escape(&path), escape(&diagnostic.message), escape(&text));
        self.tests += 1;
        self.cases += &format!("    <testcase name=\"{name}\" classname=\"{path}\">\n");
        if diagnostic.severity >= report.fail_on {
            self.failures += 1;
            // Writing to a string cannot fail.
            let _ = writeln!(self.cases, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>");
        } else {
            let _ = writeln!(self.cases, "      <system-out>{severity}: {text}</system-out>");
        }
        self.cases += "    </testcase>\n";
    }
}

/// A text between tags or quotes; characters that XML 1.0 has no way to write are replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' => escaped += "&#10;",
            '\t' => escaped += "&#9;",
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_stays_well_formed() {
        assert_eq!(escape("<a & \"b\">\u{1b}\n"), "&lt;a &amp; &quot;b&quot;&gt;\u{fffd}&#10;");
    }
}
