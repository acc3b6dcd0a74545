//! The examples in every rule's documentation are run: each marked line gives exactly one diagnostic of the rule, of the
//! marked severity, and nothing else does.
#![allow(clippy::unwrap_used, reason = "tests")]

mod played;

use deed_linter::{Applicability, Inputs, RULES, Rule, apply_fixes, lint_only, rule};
use deed_test::fixture::{Expected, examples, without_markers};

use crate::played::State;

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// What a rule reports, by place and in words.
fn reported(state: &State, rule: &'static Rule) -> (Vec<Expected>, String) {
    let inputs: Inputs<'_> = state.inputs(state.history.as_ref());
    let mut log = String::new();
    let mut found: Vec<_> = lint_only(&inputs, rule)
        .iter()
        .map(|diagnostic| {
            let manifest = inputs.workspace.manifest(diagnostic.span.file);
            let line = line_of(manifest.parse.text(), diagnostic.span.range.start().into());
            log += &format!("{}:{line}: {}\n", manifest.path, diagnostic.message);
            assert!(!diagnostic.message.ends_with('.') && !diagnostic.message.is_empty(), "{}", diagnostic.message);
            Expected { path: manifest.path.clone(), line, severity: diagnostic.severity.name().to_owned() }
        })
        .collect();
    found.sort();
    (found, log)
}

#[test]
fn every_example_gives_exactly_what_it_says() {
    let mut wrong = String::new();
    for rule in RULES {
        for example in examples(rule.docs).iter().filter(|example| example.heading != "Fixed") {
            let state = State::of(example);
            let (found, log) = reported(&state, rule);
            let mut expected = state.expected;
            expected.sort();
            if found != expected {
                wrong += &format!("{} / {}: expected {expected:#?}\nfound\n{log}\n", rule.id, example.heading);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_shows_what_it_reports_and_what_it_does_not() {
    for rule in RULES {
        let all = examples(rule.docs);
        let has = |heading: &str, marked: bool| {
            let found = all.iter().find(|example| example.heading == heading);
            found.is_some_and(|example| example.expected.is_empty() != marked)
        };
        assert!(has("Example", true), "{}: `## Example` with a marked line", rule.id);
        assert!(has("Use instead", false), "{}: `## Use instead` without one", rule.id);
    }
}

/// An example in the documentation of another rule is a manifest that could be written.
#[test]
fn examples_are_well_formed_manifests() {
    let forms = ["syntax-error", "duplicate-key", "schema-violation"].map(|id| rule(id).unwrap());
    let mut wrong = String::new();
    for documented in RULES {
        for example in examples(documented.docs) {
            let state = State::of(&example);
            for form in forms.into_iter().filter(|form| form.id != documented.id) {
                let (_, log) = reported(&state, form);
                if !log.is_empty() {
                    wrong += &format!("{} / {}: {log}", documented.id, example.heading);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// `## Fixed` shows what applying every fix of `## Example` gives.
#[test]
fn fixes_give_what_the_documentation_shows() {
    for rule in RULES {
        let all = examples(rule.docs);
        let Some(fixed) = all.iter().find(|example| example.heading == "Fixed") else { continue };
        let broken = all.iter().find(|example| example.heading == "Example").unwrap();
        let state = State::of(broken);
        let workspace = &state.workspace;
        let diagnostics = lint_only(&Inputs { exists: None, ..state.inputs(state.history.as_ref()) }, rule);
        let mut texts = apply_fixes(workspace, &diagnostics, Applicability::Unsafe).texts;
        for (path, expected) in &fixed.files {
            let text = texts.remove(&workspace.file_of(path).unwrap()).unwrap_or_default();
            assert_eq!(without_markers(&text), *expected, "{}: {path}", rule.id);
        }
        assert!(texts.is_empty(), "{}: changes another file", rule.id);
    }
}

/// A rule counts as one that has fixes by its `## Fixed`: it is there when an example has a fix that can be applied.
#[test]
fn rules_with_fixes_show_what_they_give() {
    let mut wrong = String::new();
    for rule in RULES {
        let all = examples(rule.docs);
        let shows = all.iter().any(|example| example.heading == "Fixed");
        let state = State::of(all.iter().find(|example| example.heading == "Example").unwrap());
        let diagnostics = lint_only(&Inputs { exists: None, ..state.inputs(state.history.as_ref()) }, rule);
        let texts = apply_fixes(&state.workspace, &diagnostics, Applicability::Unsafe).texts;
        if texts.is_empty() == shows {
            let texts: Vec<_> = texts.values().map(|text| without_markers(text)).collect();
            wrong += &format!("{}: `## Fixed` should show\n{}\n", rule.id, texts.join("\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
