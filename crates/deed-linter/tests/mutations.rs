//! A realistic manifest, broken at random: the rules never panic, say the same twice, and their fixes mend and harm nothing.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use deed_linter::difference::{self, State};
use deed_linter::{Applicability, Diagnostic, Inputs, apply_fixes, lint, tasks};
use deed_model::{FileRange, Manifest, Verb, Workspace, parse_date};
use deed_syntax::{Format, Node};
use proptest::prelude::*;

const REALISTIC: &str = include_str!("manifests/realistic.yaml");

/// What somebody may type in place of a line.
const TYPED: &[&str] = &[
    "",
    "  ",
    "\t",
    "~",
    "-",
    "- {}",
    "{",
    "}",
    "key: [",
    "\"",
    "  ? a",
    "<<<<<<< HEAD",
    "---",
    "...",
    "%YAML 1.2",
    "&a",
    "*a",
    "<<: *member",
    "  owner: nobody",
    "    owner: head_of_it",
    "    held_by: [ada, ben]",
    "  ceo: { held_by: chen }",
    "  held_by: ceo",
    "    reports_to: head-of-it",
    "    date: 2026-13-01",
    "    accepted: { by: chen, date: 2026-03-01 }",
    "    accepted: { by: adda, date: 2026-03-01, as: coe }",
    "    aprroved: { by: ada, date: 2026-03-01 }",
    "    accepted: { date: 2026-03-01, by: ben, date: 2026-03-02 }",
    "    residual: { likelihood: 99999999999999999999, impact: -1 }",
    "    levels: { low: 9, medium: 5, high: 5 }",
    "    controls: [A.9.2.3, A.9.2.3, A.99]",
    "    treatment: modify",
    "    plan: [{ due: 2026-01-01 }, text, ~, [[]]]",
    "  authority: { accept_risk: critical }",
    "    # deed: ignore[unowned-risk] later",
    "    # deed: ignore[]",
    "  D-2: { from: head-of-it, to: ceo, authority: { accept_risk: medium }, granted: { by: chen, date: 2026-01-01 } }",
    "  A.5.15: { applicable: false }",
    "    because: []",
    "    until: 9999-12-31",
    "    max_acceptance: { high: 100000y }",
    "    joined: 2027-01-01",
    "    left: 2020-01-01",
];

#[derive(Clone, Debug)]
enum Mutation {
    Delete(usize),
    Duplicate(usize),
    Swap(usize, usize),
    Replace(usize, &'static str),
    Insert(usize, &'static str),
    /// The beginning of a line, as while it is typed.
    Cut(usize, usize),
    Indent(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let (line, typed) = (0..10_000_usize, proptest::sample::select(TYPED));
    prop_oneof![
        line.clone().prop_map(Mutation::Delete),
        line.clone().prop_map(Mutation::Duplicate),
        (line.clone(), line.clone()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (line.clone(), typed.clone()).prop_map(|(at, text)| Mutation::Replace(at, text)),
        (line.clone(), typed).prop_map(|(at, text)| Mutation::Insert(at, text)),
        (line.clone(), 0..80_usize).prop_map(|(at, length)| Mutation::Cut(at, length)),
        line.prop_map(Mutation::Indent),
    ]
}

fn mutated(mutations: &[Mutation]) -> String {
    let mut lines: Vec<String> = REALISTIC.lines().map(str::to_owned).collect();
    for mutation in mutations {
        let count = lines.len().max(1);
        if lines.is_empty() {
            lines.push(String::new());
        }
        match *mutation {
            Mutation::Delete(at) => drop(lines.remove(at % count)),
            Mutation::Duplicate(at) => lines.insert(at % count, lines[at % count].clone()),
            Mutation::Swap(a, b) => lines.swap(a % count, b % count),
            Mutation::Replace(at, text) => lines[at % count] = text.to_owned(),
            Mutation::Insert(at, text) => lines.insert(at % count, text.to_owned()),
            Mutation::Cut(at, length) => lines[at % count] = lines[at % count].chars().take(length).collect(),
            Mutation::Indent(at) => lines[at % count].insert(0, ' '),
        }
    }
    lines.join("\n") + "\n"
}

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let manifest = |(path, text): &(&str, &str)| Manifest {
        path: (*path).to_owned(),
        parse: Arc::new(deed_syntax::parse(*text, Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

fn diagnostics(workspace: &Workspace) -> Vec<Diagnostic> {
    let exists = |path: &str| !path.contains("missing");
    lint(&Inputs { workspace, today: parse_date("2026-06-30").unwrap(), exists: Some(&exists), history: None })
        .diagnostics
}

/// Everything a diagnostic says, but for the files' numbers in the fixes.
fn said(workspace: &Workspace) -> Vec<String> {
    let place = |at: FileRange| format!("{}:{:?}", workspace.manifest(at.file).path, at.range);
    let one = |d: &Diagnostic| {
        let labels: Vec<_> = d.labels.iter().map(|label| format!("{} {}", place(label.span), label.message)).collect();
        let fixes: Vec<_> = d.fixes.iter().map(|fix| format!("{} {:?}", fix.title, fix.edits)).collect();
        let (id, severity, at) = (d.rule.id, d.severity, place(d.span));
        format!(
            "{id} {severity:?} {at} {} {} {} {labels:?} {:?} {fixes:?}",
            d.message, d.subject, d.fingerprint, d.help
        )
    };
    diagnostics(workspace).iter().map(one).collect()
}

/// The places of `by` and `date` in everything under a decision key, and of that key, which says what was decided.
fn attested(node: Node<'_>, decision: bool, all: &mut Vec<(std::ops::Range<usize>, String)>) {
    for entry in node.entries() {
        let name = entry.name().unwrap_or_default();
        if Verb::of_key(name).is_some() {
            all.push((entry.key().range().into(), name.to_owned()));
        }
        if decision && matches!(name, "by" | "date") {
            all.push((entry.value().range().into(), entry.value().source().to_owned()));
        }
        if entry.value().id() == entry.value().resolve().id() {
            attested(entry.value(), Verb::of_key(name).is_some(), all);
        }
    }
    for item in node.items().filter(|item| item.id() == item.resolve().id()) {
        attested(item, decision, all);
    }
}

/// Applies fixes again and again, as the command line does; returns the text where no fix is left.
fn mended(text: &str, at_least: Applicability) -> Result<String, TestCaseError> {
    let mut text = text.to_owned();
    let mut trail: Vec<String> = Vec::new();
    for round in 0..50 {
        let workspace = workspace(&[("deed.yaml", &text)]);
        let diagnostics = diagnostics(&workspace);
        let mut decided = Vec::new();
        workspace.manifests()[0].parse.documents().for_each(|root| attested(root, false, &mut decided));
        for fix in diagnostics.iter().flat_map(|d| &d.fixes).filter(|fix| fix.applicability >= at_least) {
            for edit in fix.edits.iter().map(|edit| &edit.edit) {
                let range = std::ops::Range::<usize>::from(edit.range);
                prop_assert!(text.get(range.clone()).is_some(), "{} lies outside the text", fix.title);
                for (place, value) in &decided {
                    let apart = range.end <= place.start || range.start >= place.end;
                    // An entry written twice may be removed whole, with the decisions in it.
                    let removed = range.start < place.start && range.end >= place.end && !edit.new_text.contains("by:");
                    prop_assert!(apart || removed, "{} touches the attested `{value}` in\n{text}", fix.title);
                }
            }
        }
        if round > 40 {
            let titles = diagnostics.iter().flat_map(|d| {
                d.fixes
                    .iter()
                    .filter(|f| f.applicability >= at_least)
                    .map(move |f| format!("{}: {}", d.rule.id, f.title))
            });
            trail.push(titles.collect::<Vec<_>>().join("; "));
        }
        let fixed = apply_fixes(&workspace, &diagnostics, at_least);
        let Some(after) = fixed.texts.into_values().next() else { return Ok(text) };
        let errors = |text: &str| deed_syntax::parse(text, Format::Yaml).errors().len();
        if errors(&text) == 0 {
            prop_assert_eq!(errors(&after), 0, "fixes broke\n{}\nthat is now\n{}", text, after);
        }
        prop_assert_ne!(&after, &text, "a fix that changes nothing");
        text = after;
    }
    Err(TestCaseError::fail(format!("fixes never end: {trail:#?}\n{text}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_say_the_same_of_the_same_text(mutations in prop::collection::vec(mutation(), 0..12)) {
        let text = mutated(&mutations);
        let parts = [("deed.yaml", text.as_str()), ("more.deed.yaml", REALISTIC), ("people.deed.json", "{\"people\": {\"ada\": {}}}")];
        let one = workspace(&parts);
        let mut turned = parts;
        turned.reverse();
        prop_assert_eq!(said(&one), said(&workspace(&turned)));
        for diagnostic in diagnostics(&one) {
            let spans = std::iter::once(diagnostic.span).chain(diagnostic.labels.iter().map(|label| label.span));
            for span in spans {
                let text = one.manifest(span.file).parse.text();
                prop_assert!(text.get(std::ops::Range::<usize>::from(span.range)).is_some(), "{}", diagnostic.message);
            }
            prop_assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{}", diagnostic.message);
        }
    }

    #[test]
    fn what_is_to_be_done_has_a_place_and_comes_once(mutations in prop::collection::vec(mutation(), 0..12)) {
        let workspace = workspace(&[("deed.yaml", &mutated(&mutations)), ("more.deed.yaml", REALISTIC)]);
        let (today, until) = (parse_date("2026-06-30").unwrap(), parse_date("9999-12-31").unwrap());
        let tasks = tasks(&Inputs { workspace: &workspace, today, exists: None, history: None }, until);
        let ids: BTreeSet<_> = tasks.iter().map(|task| &task.id).collect();
        prop_assert_eq!(ids.len(), tasks.len());
        for task in &tasks {
            let text = workspace.manifest(task.span.file).parse.text();
            prop_assert!(text.get(std::ops::Range::<usize>::from(task.span.range)).is_some(), "{}", task.line());
            prop_assert!(!task.line().ends_with(['.', ':', ' ']) && !task.reasons.is_empty(), "{}", task.line());
            let known = |person: &str| workspace.register().people.get(person).is_some_and(|it| it.can_decide(today));
            prop_assert!(task.waits_for.iter().all(|doer| known(&doer.person)), "{}", task.line());
        }
    }

    #[test]
    fn a_difference_has_two_sides_and_moving_is_none(mutations in prop::collection::vec(mutation(), 0..12)) {
        let text = mutated(&mutations);
        let (was, is) = (workspace(&[("deed.yaml", REALISTIC)]), workspace(&[("deed.yaml", &text)]));
        let elsewhere = workspace(&[("sub/other.deed.yaml", &text)]);
        let compare = |before: &Workspace, after: &Workspace| {
            let (day, text) = (parse_date("2026-06-30").unwrap(), |_: &str| None);
            let state = |workspace| State { workspace, day, history: None, text: &text };
            difference::compare(&state(before), &state(after))
        };
        for (one, other) in [(&is, &is), (&is, &elsewhere), (&elsewhere, &is)] {
            let nothing = compare(one, other);
            prop_assert!(nothing.differences.is_empty() && nothing.people.is_empty(), "{nothing:#?}\n{text}");
        }
        let (forth, back) = (compare(&was, &is), compare(&is, &was));
        prop_assert_eq!(forth.people.len(), back.people.len());
        // Each side names things by the ids it ends with.
        let is_renamed = forth.differences.iter().any(|it| it.kind == "subject-renamed");
        for turnover in forth.people.iter().filter(|_| !is_renamed) {
            let turned = back.people.iter().find(|it| it.person == turnover.person);
            prop_assert!(turned.is_some_and(|it| it.gained == turnover.lost && it.lost == turnover.gained), "{turnover:?}");
        }
        prop_assert!(forth.differences.iter().all(|it| !it.what.trim().is_empty()));
    }

    #[test]
    fn fixes_break_nothing_attest_nothing_and_come_to_an_end(mutations in prop::collection::vec(mutation(), 0..6)) {
        let text = mutated(&mutations);
        let safe = mended(&text, Applicability::Safe)?;
        mended(&safe, Applicability::Unsafe)?;
    }
}

#[test]
fn the_manifest_itself_is_well_formed_and_gives_the_rules_something_to_say() {
    let workspace = workspace(&[("deed.yaml", REALISTIC)]);
    assert!(workspace.manifests()[0].parse.errors().is_empty());
    let rules: BTreeSet<_> = diagnostics(&workspace).iter().map(|d| d.rule.id).collect();
    assert!(rules.len() >= 10, "{rules:?}");
    let mut decided = Vec::new();
    attested(workspace.manifests()[0].parse.root().unwrap(), false, &mut decided);
    assert!(decided.len() >= 30, "{}", decided.len());
}

#[test]
fn a_field_whose_value_is_not_typed_yet_is_filled_in_and_not_doubled() {
    let text = REALISTIC.replace("  policy: information-security\n", "  policy:\n");
    assert!(mended(&text, Applicability::Unsafe).unwrap().contains("  policy: information-security\n"));
}

/// Only the first document of a manifest is read: what a fix writes into another one would be missing still.
#[test]
fn fixes_of_a_manifest_of_two_documents_come_to_an_end() {
    for line in ["controls:", "policies:", "people:"] {
        mended(&REALISTIC.replace(&format!("\n{line}\n"), "\n---\n"), Applicability::Unsafe).unwrap();
    }
}

/// A mapping under another section is misspelt all over, and still nobody decided anything else than what is written.
#[test]
fn no_fix_makes_another_decision_of_one() {
    let role = "roles:\n  head-of-it: { owner: chen, accepted: { by: chen, date: 2026-02-11 } }\n";
    let text = mended(role, Applicability::Unsafe).unwrap();
    assert!(text.contains("accepted: { by: chen, date: 2026-02-11 }") && !text.contains("acknowledged"), "{text}");
    let listed = mended("isms: {}\ncontrols:\n  - A.5.1\n", Applicability::Unsafe).unwrap();
    assert_eq!(listed.matches("controls:").count(), 1, "{listed}");
}
