//! Suppressing: the reason is for somebody to give.

use deed_ide::ActionKind;
use deed_linter::{Inputs, lint};
use deed_model::{Manifest, Workspace};
use deed_syntax::Format;
use std::sync::Arc;

use crate::{Editor, today};

const RISK: &str = "risks:\n  R$0-1: { title: x }\n";
const TITLE: &str = "Ignore `unowned-risk` for `risks.R-1`, with a reason to fill in";

/// The root manifest with the diagnostic of [`RISK`] suppressed in it.
#[track_caller]
fn ignored(root: &str) -> String {
    let editor = Editor::open(&[("deed.yaml", root), ("risks.deed.yaml", RISK)]).me("ada");
    let text = editor.take(TITLE, "deed.yaml");
    // It holds the diagnostic back, and is reported itself until it has a reason.
    let manifest = |path: &str, text: &str| Manifest {
        path: path.to_owned(),
        parse: Arc::new(deed_syntax::parse(text.replace("$0", ""), Format::of_path(path))),
    };
    let workspace =
        Workspace::new(vec![manifest("deed.yaml", &text), manifest("risks.deed.yaml", &RISK.replace("$0", ""))]);
    let inputs = Inputs { workspace: &workspace, today: today(), exists: None, history: None };
    let rules: Vec<_> = lint(&inputs).diagnostics.iter().map(|diagnostic| diagnostic.rule.id).collect();
    assert!(!rules.contains(&"unowned-risk") && rules.contains(&"unreasoned-suppression"), "{rules:?}");
    text
}

#[test]
fn an_entry_of_the_settings_is_written_in_their_style() {
    let lines = "- rule: unowned-risk\n      subject: risks.R-1\n      reason: \"$0\"\n      owner: ada\n      until: 2026-09-30\n";
    let braces = "{ rule: unowned-risk, subject: risks.R-1, reason: \"$0\", owner: ada, until: 2026-09-30 }";
    assert_eq!(ignored("deed: 1\n"), format!("deed: 1\nlint:\n  ignore:\n    {lines}"));
    assert_eq!(
        ignored("deed: 1\nlint:\n  rules: {}\n"),
        format!("deed: 1\nlint:\n  rules: {{}}\n  ignore:\n    {lines}")
    );
    let other = "rule: paper-role\n      reason: so it is\n";
    assert_eq!(
        ignored(&format!("lint:\n  ignore:\n    - {other}")),
        format!("lint:\n  ignore:\n    - {other}    {lines}")
    );
    let other = "{ rule: paper-role, reason: so it is }";
    assert_eq!(
        ignored(&format!("lint:\n  ignore:\n    - {other}\n")),
        format!("lint:\n  ignore:\n    - {other}\n    - {braces}\n")
    );
    assert_eq!(
        ignored(&format!("lint: {{ ignore: [{other}] }}\n")),
        format!("lint: {{ ignore: [{other}, {braces}] }}\n")
    );
    assert_eq!(ignored("lint:\n  ignore:\n"), format!("lint:\n  ignore: [{braces}]\n"));
}

#[test]
fn json_gets_quotes() {
    let root = "{\n  \"deed\": 1\n}\n";
    let editor = Editor::open(&[("deed.json", root), ("risks.deed.yaml", RISK)]);
    assert_eq!(
        editor.take(TITLE, "deed.json"),
        "{\n  \"deed\": 1,\n  \"lint\": { \"ignore\": [{ \"rule\": \"unowned-risk\", \"subject\": \"risks.R-1\", \"reason\": \"$0\", \"until\": \"2026-09-30\" }] }\n}\n"
    );
}

#[test]
fn a_comment_goes_above_the_line() {
    let editor = Editor::open(&[("deed.yaml", RISK)]);
    assert_eq!(
        editor.take("Ignore `unowned-risk` on this line, with a reason to fill in", "deed.yaml"),
        "risks:\n  # deed: ignore[unowned-risk] $0\n  R-1: { title: x }\n"
    );
}

#[test]
fn what_cannot_be_suppressed_is_not_offered_to_be() {
    let suppress = |kind| kind == ActionKind::Suppress;
    // The suppression itself.
    let text = "lint:\n  ignore: [{ rule: $0unowned-risk, subject: risks.R-9 }]\n";
    let titles = Editor::open(&[("deed.yaml", text)]).titles(suppress);
    assert!(titles.is_empty(), "{titles:?}");
    // What is broken; and settings that are are not written to.
    let titles = Editor::open(&[("deed.yaml", "risks: $0[\n")]).titles(suppress);
    assert!(titles.is_empty(), "{titles:?}");
    let titles = Editor::open(&[("deed.yaml", "lint: [\n"), ("risks.deed.yaml", RISK)]).titles(suppress);
    assert!(titles.iter().all(|title| title.ends_with("on this line, with a reason to fill in")), "{titles:?}");
}
