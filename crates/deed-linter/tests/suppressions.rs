//! What a suppression holds back, what it does not, and what is said about those that are wrong.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use deed_linter::{Applicability, Diagnostic, Inputs, Outcome, apply_fixes, lint};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let manifest = |(path, text): &(&str, &str)| Manifest {
        path: (*path).to_owned(),
        parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

fn outcome(workspace: &Workspace) -> Outcome {
    lint(&Inputs { workspace, today: parse_date("2026-06-30").unwrap(), exists: None, history: None })
}

/// What these tests look at: one rule to suppress, and everything said about suppressions.
fn is_of_interest(diagnostic: &Diagnostic) -> bool {
    diagnostic.rule.id == "unowned-control" || diagnostic.rule.id.ends_with("-suppression")
}

/// What is reported, and what is held back with which reason: a line each, places as the text they hold.
fn told(files: &[(&str, &str)]) -> String {
    let workspace = workspace(files);
    let outcome = outcome(&workspace);
    let mut lines = String::new();
    for diagnostic in outcome.diagnostics.iter().filter(|diagnostic| is_of_interest(diagnostic)) {
        lines += &format!("{} | {}\n", workspace.text(diagnostic.span), diagnostic.message);
        let help = diagnostic.help.iter().filter(|help| help.starts_with("did you mean"));
        help.for_each(|help| lines += &format!("  = {help}\n"));
    }
    for held in outcome.suppressed.iter().filter(|held| is_of_interest(&held.diagnostic)) {
        let reason = held.reason.as_deref().unwrap_or("no reason");
        lines += &format!("({}) {reason}\n", workspace.text(held.diagnostic.span));
    }
    lines
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &str) {
    let told = told(files);
    assert_eq!(told.trim(), expected.trim(), "\n{told}");
}

#[track_caller]
fn check(text: &str, expected: &str) {
    check_files(&[("deed.yaml", text)], expected);
}

/// The text after every fix of the rules about suppressions.
fn fixed(path: &str, text: &str) -> String {
    let workspace = workspace(&[(path, text)]);
    let mut diagnostics = outcome(&workspace).diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.rule.id.ends_with("-suppression"));
    let texts = apply_fixes(&workspace, &diagnostics, Applicability::Unsafe).texts;
    texts.into_values().next().unwrap_or_else(|| text.to_owned())
}

#[test]
fn a_comment_holds_back_what_begins_in_its_line() {
    check(
        "controls:\n  A.5.1: {} # deed: ignore[unowned-control] June\n  A.5.2: {}\n",
        "A.5.2 | control `A.5.2` (Information security roles and responsibilities) has no owner\n(A.5.1) June",
    );
}

#[test]
fn a_comment_on_a_line_of_its_own_holds_back_what_begins_in_the_next_one() {
    let expected =
        "A.5.2 | control `A.5.2` (Information security roles and responsibilities) has no owner\n(A.5.1) June";
    check("controls:\n  # deed: ignore[unowned-control] June\n  A.5.1:\n    status: planned\n  A.5.2: {}\n", expected);
    // Other comments and blank lines may stand between.
    check("controls:\n  # deed: ignore[unowned-control] June\n  # as agreed\n\n  A.5.1: {}\n  A.5.2: {}\n", expected);
}

#[test]
fn several_comments_in_a_row_speak_of_the_same_line() {
    check(
        "controls:\n  # deed: ignore[unowned-control] one\n  # deed: ignore[unowned-control] two\n  A.5.1: {}\n",
        "(A.5.1) one",
    );
}

#[test]
fn one_comment_may_name_several_rules() {
    check(
        "controls:\n  A.5.1: {} # deed: ignore[ unowned-control ,unapproved-soa ] June\n",
        "unapproved-soa | nothing here to suppress for `unapproved-soa`\n(A.5.1) June",
    );
}

#[test]
fn a_comment_in_the_first_or_the_last_line_counts() {
    check("\u{feff}# deed: ignore[unowned-control] June\ncontrols: { A.5.1: {} }\n", "(A.5.1) June");
    check(
        "controls: { A.5.1: { owner: ada } }\n# deed: ignore[unowned-control] June",
        "# deed: ignore[unowned-control] June | nothing here to suppress for `unowned-control`",
    );
}

#[test]
fn every_line_break_ends_a_line() {
    for newline in ["\r\n", "\r"] {
        let text = "controls:\n  # deed: ignore[unowned-control] June\n\n  A.5.1: {}\n  A.5.2: {}\n  A.5.3: {} # deed: ignore[unowned-control] May\n";
        check(
            &text.replace('\n', newline),
            "A.5.2 | control `A.5.2` (Information security roles and responsibilities) has no owner\n(A.5.1) June\n(A.5.3) May",
        );
    }
}

#[test]
fn the_reason_may_be_set_off() {
    for reason in [": June", " - June", " — June", "   June  "] {
        check(&format!("controls: {{ A.5.1: {{}} }} # deed: ignore[unowned-control]{reason}\n"), "(A.5.1) June");
    }
}

#[test]
fn a_comment_without_a_reason_suppresses_and_is_reported_once() {
    check(
        "controls: { A.5.1: {} } # deed: ignore[unowned-control, unowned-control]\n",
        "# deed: ignore[unowned-control, unowned-control] | `unowned-control`, `unowned-control` are suppressed without a reason\n(A.5.1) no reason",
    );
}

#[test]
fn a_misspelt_rule_is_said_with_the_one_that_is_meant() {
    check(
        "controls: { A.5.1: {} } # deed: ignore[unowend-control] June\n",
        "A.5.1 | control `A.5.1` (Policies for information security) has no owner\nunowend-control | there is no rule `unowend-control`\n  = did you mean `unowned-control`?",
    );
    check(
        "lint: { ignore: [ { rule: \"unowned_control\", reason: June } ] }\n",
        "\"unowned_control\" | there is no rule `unowned_control`\n  = did you mean `unowned-control`?",
    );
}

#[test]
fn what_was_meant_as_a_suppression_is_not_passed_over() {
    for (comment, why) in [
        ("# deed: ignore unowned-control", "this suppression names no rule in brackets"),
        ("# deed: ignore[unowned-control", "this suppression names no rule in brackets"),
        ("# deed: ignore[] June", "this suppression names no rule in brackets"),
        ("# deed: ingore[unowned-control] June", "`ingore` is nothing Deed knows in a comment"),
        ("# deed: allow[unowned-control] June", "`allow` is nothing Deed knows in a comment"),
    ] {
        check(
            &format!("controls: {{ A.5.1: {{}} }} {comment}\n"),
            &format!("A.5.1 | control `A.5.1` (Policies for information security) has no owner\n{comment} | {why}"),
        );
    }
    check(
        "controls: { A.5.1: {} } # deed: who wrote this?\n",
        "A.5.1 | control `A.5.1` (Policies for information security) has no owner",
    );
}

#[test]
fn text_that_is_no_comment_suppresses_nothing() {
    check(
        "controls:\n  A.5.1:\n    note: |\n      # deed: ignore[unowned-control] June\n  A.5.2: { note: \"# deed: ignore[unowned-control] June\" }\n",
        "A.5.1 | control `A.5.1` (Policies for information security) has no owner\nA.5.2 | control `A.5.2` (Information security roles and responsibilities) has no owner",
    );
}

#[test]
fn an_entry_holds_back_what_is_about_its_subject_in_any_manifest() {
    check_files(
        &[
            (
                "deed.yaml",
                "lint: { ignore: [ { rule: unowned-control, subject: controls.A.5.1, reason: June, until: 2026-06-30 } ] }\n",
            ),
            ("it/controls.deed.yaml", "controls: { A.5.1: {}, A.5.10: {} }\n"),
        ],
        "A.5.10 | control `A.5.10` (Acceptable use of information and other associated assets) has no owner\n(A.5.1) June",
    );
}

#[test]
fn an_entry_without_a_subject_holds_everywhere() {
    check(
        "lint: { ignore: [ { rule: unowned-control, reason: June } ] }\ncontrols: { A.5.1: {}, A.5.2: {} }\n",
        "(A.5.1) June\n(A.5.2) June",
    );
}

#[test]
fn an_address_that_begins_like_another_is_another() {
    check(
        "lint: { ignore: [ { rule: unowned-control, subject: controls.A.5, reason: June } ] }\ncontrols: { A.5.1: {} }\n",
        "{ rule: unowned-control, subject: controls.A.5, reason: June } | nothing here to suppress for `unowned-control`\nA.5.1 | control `A.5.1` (Policies for information security) has no owner",
    );
}

#[test]
fn an_entry_may_name_a_place_in_a_subject() {
    let held = |place: &str| {
        let text = format!(
            "lint: {{ ignore: [ {{ rule: approval-without-authority, subject: {place}, reason: June }} ] }}
people: {{ ben: {{ name: Ben Okafor }} }}
soa: {{ approved: [ {{ by: ben, date: 2026-01-01 }} ] }}
"
        );
        let workspace = workspace(&[("deed.yaml", &text)]);
        outcome(&workspace).suppressed.iter().map(|held| held.diagnostic.key_path.to_string()).collect::<Vec<_>>()
    };
    for place in ["soa", "soa.approved", "'soa.approved[0]'", "'soa.approved[0].by'"] {
        assert_eq!(held(place), ["soa.approved[0].by"], "{place}");
    }
    for place in ["soa.approve", "soa.version", "'soa.approved[1]'", "'soa.approved[0].by.x'", "so"] {
        assert!(held(place).is_empty(), "{place}");
    }
}

#[test]
fn an_expired_entry_suppresses_nothing_and_is_told_once() {
    let expired = "2026-06-29 | the suppression of `unowned-control` ended on 2026-06-29";
    let entry =
        "lint: { ignore: [ { rule: unowned-control, subject: controls.A.5.1, reason: June, until: 2026-06-29 } ] }\n";
    check(
        &format!("{entry}controls: {{ A.5.1: {{}} }}\n"),
        &format!("{expired}\nA.5.1 | control `A.5.1` (Policies for information security) has no owner"),
    );
    check(&format!("{entry}controls: {{ A.5.1: {{ owner: ada }} }}\n"), expired);
}

#[test]
fn a_suppression_in_force_counts_beside_an_expired_one() {
    check(
        "lint: { ignore: [ { rule: unowned-control, subject: controls.A.5.1, reason: May, until: 2026-06-29 } ] }\ncontrols: { A.5.1: {} } # deed: ignore[unowned-control] July\n",
        "2026-06-29 | the suppression of `unowned-control` ended on 2026-06-29\n(A.5.1) July",
    );
}

#[test]
fn json_manifests_suppress_through_lint_ignore() {
    check_files(
        &[(
            "deed.json",
            r#"{
  "lint": {"ignore": [
    {"rule": "unowned-control", "subject": "controls.A.5.1", "reason": "June"},
    {"rule": "unowned-contol", "subject": "controls.A.5.2", "reason": "June"},
    {"rule": "unowned-control", "subject": "controls.A.5.3", "reason": " "}
  ]},
  "controls": {"A.5.1": {}, "A.5.2": {}, "A.5.3": {}}
}"#,
        )],
        r#"
"unowned-contol" | there is no rule `unowned-contol`
  = did you mean `unowned-control`?
{"rule": "unowned-control", "subject": "controls.A.5.3", "reason": " "} | `unowned-control` is suppressed without a reason
"A.5.2" | control `A.5.2` (Information security roles and responsibilities) has no owner
("A.5.1") June
("A.5.3") no reason
"#,
    );
}

#[test]
fn a_fix_keeps_quotes() {
    assert_eq!(
        fixed("deed.json", r#"{"lint": {"ignore": [{"rule": "unowned_control", "reason": "June"}]}}"#),
        r#"{"lint": {"ignore": [{"rule": "unowned-control", "reason": "June"}]}}"#
    );
}

#[test]
fn what_suppresses_nothing_is_removed_with_its_line_and_no_more() {
    let cases = [
        ("a: 1 # deed: ignore[unowned-control] June\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\r\n  # deed: ignore[unowned-control] June\r\nb: 2\r\n", "a: 1\r\nb: 2\r\n"),
        ("a: 1\n# deed: ignore[unowned-control] June", "a: 1\n"),
        (
            "controls: { A.5.1: {} } # deed: ignore[unapproved-soa, unowned-control] June\n",
            "controls: { A.5.1: {} } # deed: ignore[unowned-control] June\n",
        ),
        (
            "controls: { A.5.1: {} } # deed: ignore[unowned-control , unapproved-soa] June\n",
            "controls: { A.5.1: {} } # deed: ignore[unowned-control] June\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(fixed("deed.yaml", before), after);
    }
}

#[test]
fn a_suppression_changes_no_other_fingerprint() {
    let text = "a: 1\nb: 2\nlint: { ignore: [ { rule: unowned-control, subject: controls.A.5.1, reason: June } ] }
controls: { A.5.1: {}, A.5.2: {} }\n";
    let fingerprints = |text: &str| {
        let workspace = workspace(&[("deed.yaml", text)]);
        let outcome = outcome(&workspace);
        let of_interest = outcome.diagnostics.iter().filter(|one| &*one.subject == "controls.A.5.2");
        of_interest.map(|one| one.fingerprint.clone()).collect::<Vec<_>>()
    };
    assert!(!fingerprints(text).is_empty());
    assert_eq!(fingerprints(text), fingerprints(&text.replace("unowned-control", "unapproved-soa")));
    // Of two diagnostics of one rule at one key path the second stays the second when the first is held back.
    let last_of_two = |comment: &str| {
        let text = format!("controls:\n  A.5.2: {{ }}\n  A.5.2: {{ }}{comment}\n  A.5.2: {{ }}\n");
        let workspace = workspace(&[("deed.yaml", &text)]);
        let all = outcome(&workspace);
        let found: Vec<_> = all.diagnostics.iter().filter(|one| one.rule.id == "duplicate-key").collect();
        (found.len() + all.suppressed.len(), found.last().map(|one| one.fingerprint.clone()))
    };
    assert_eq!(last_of_two("").0, 2);
    assert_eq!(last_of_two(""), last_of_two(" # deed: ignore[duplicate-key] June"));
}
