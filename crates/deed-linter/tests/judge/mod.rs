//! What rules say of a manifest, and whether that is what its markers ask for.

use std::sync::Arc;

use deed_linter::{Diagnostic, Inputs, lint_only, rule};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;
use deed_test::fixture::examples;

/// The day everything is judged on.
const TODAY: &str = "2026-06-30";

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let manifest = |(path, text): &(&str, &str)| Manifest {
        path: (*path).to_owned(),
        parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

fn reported(id: &str, text: &str) -> (Workspace, Vec<Diagnostic>) {
    let workspace = workspace(&[("deed.yaml", text)]);
    let errors = workspace.manifests()[0].parse.errors();
    assert!(errors.is_empty(), "{errors:?}");
    let inputs =
        Inputs { workspace: &workspace, today: parse_date(TODAY).expect("a date"), exists: None, history: None };
    let diagnostics = lint_only(&inputs, rule(id).expect("a rule"));
    (workspace, diagnostics)
}

/// Lines marked `# error`, `# warning` or `# info` give one diagnostic of the rule each, and no other line gives one.
#[track_caller]
pub(crate) fn check(id: &str, text: &str) {
    let (workspace, diagnostics) = reported(id, text);
    let line = |diagnostic: &Diagnostic| {
        let text = workspace.manifest(diagnostic.span.file).parse.text();
        text[..diagnostic.span.range.start().into()].matches('\n').count() + 1
    };
    let mut found: Vec<_> = diagnostics.iter().map(|d| (line(d), d.severity.name().to_owned())).collect();
    found.sort();
    let example = examples(&format!("# one\n```yaml\n{text}\n```\n")).remove(0);
    let mut expected: Vec<_> = example.expected.into_iter().map(|e| (e.line, e.severity)).collect();
    expected.sort();
    let log: Vec<_> = diagnostics.iter().map(|d| format!("{}: {}", line(d), d.message)).collect();
    assert_eq!(found, expected, "\n{}", log.join("\n"));
}

/// Everything a rule says of a manifest, places as the text they hold.
#[track_caller]
pub(crate) fn check_said(id: &str, text: &str, expected: &str) {
    let (workspace, diagnostics) = reported(id, text);
    let mut said = String::new();
    for diagnostic in &diagnostics {
        said += &format!("{} | {}\n", workspace.text(diagnostic.span), diagnostic.message);
        for label in &diagnostic.labels {
            said += &format!("  {} | {}\n", workspace.text(label.span), label.message);
        }
        diagnostic.help.iter().for_each(|help| said += &format!("  = {help}\n"));
    }
    assert_eq!(said.trim(), expected.trim(), "\n{said}");
}
