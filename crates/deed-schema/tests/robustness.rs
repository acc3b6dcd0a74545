//! Whatever the text, violations come back, point into it, and are one for each mistake.

use std::collections::HashSet;
use std::fmt::Write as _;

use deed_schema::{Violation, violations};
use deed_syntax::{Format, parse};
use proptest::prelude::*;

/// Checks what holds for any text, and returns the violations.
fn sound(text: &str, format: Format) -> Vec<Violation> {
    let parse = parse(text, format);
    let found = parse.root().map(violations).unwrap_or_default().to_vec();
    let mut seen = HashSet::new();
    for violation in &found {
        assert!(parse.text().get(violation.range.into_range()).is_some(), "{violation:?}");
        assert!(seen.insert((violation.range, violation.kind)), "twice: {violation:?}");
        assert!(!violation.message.is_empty() && !violation.message.contains('\n'));
        let fix = violation.suggestion.as_ref();
        assert!(fix.is_none_or(|fix| parse.text().get(fix.range.into_range()).is_some()));
    }
    assert!(found.is_sorted_by_key(|violation| violation.range.start()));
    found
}

trait IntoRange {
    fn into_range(self) -> std::ops::Range<usize>;
}

impl IntoRange for deed_syntax::TextRange {
    fn into_range(self) -> std::ops::Range<usize> {
        self.start().into()..self.end().into()
    }
}

const CONTRACT: &str = include_str!("manifests/contract.yaml");

/// A value of any sort, in flow style.
fn value() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "ada",
        "3",
        "1.5",
        "true",
        "~",
        "",
        "yes",
        "2026-03-01",
        "2026-02-30",
        "12mo",
        "\"\"",
        "'a b'",
        "[]",
        "{}",
        "*a",
        "*nobody",
        "&a ceo",
        "!!str 3",
        "implemented",
        "medium",
        ".nan",
        "-1",
        "1e400",
        "é`\u{1f600}",
    ]);
    word.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "by",
            "date",
            "until",
            "owner",
            "ownr",
            "likelihood",
            "impact",
            "key",
            "x-own",
            "<<",
            "",
            "\"a b\"",
            "severity",
            "low",
            "rule",
            "from",
            "to",
            "[k]",
            "path",
            "held_by",
            "approve",
        ]);
        let entry = (key, inner.clone()).prop_map(|(key, value)| format!("? {key} : {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(entry, 0..4).prop_map(|items| format!("{{{}}}", items.join(", "))),
        ]
    })
}

/// A manifest with any value under real keys.
fn manifest() -> impl Strategy<Value = String> {
    let path = prop::sample::select(vec![
        "deed",
        "isms",
        "isms.owner",
        "isms.adopted",
        "risk_criteria",
        "risk_criteria.levels",
        "evidence.require",
        "evidence.forges",
        "lint.rules",
        "lint.rules.unowned-risk",
        "lint.ignore",
        "people",
        "people.ada",
        "people.ada.keys",
        "people.ada.emails",
        "people.ada.joined",
        "roles.ceo.authority",
        "controls.A51.because",
        "controls.A51.evidence",
        "controls.A51.applicable",
        "controls.A51",
        "policies.p.version",
        "policies.p.approved",
        "risks.R-1.plan",
        "risks.R-1.inherent",
        "risks.R-1.accepted",
        "delegations",
        "delegations.D-1",
        "reviews.M.covers",
        "nothing",
        "x-own",
    ]);
    prop::collection::vec((path, value()), 1..6).prop_map(|entries| {
        let mut text = String::new();
        for (path, value) in entries {
            for (depth, key) in path.split('.').enumerate() {
                let _ = write!(text, "\n{}{key}:", "  ".repeat(depth));
            }
            let _ = write!(text, " {value}");
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "[a-z:{}\\[\\]\\-&*?,#'\"| \n\t0-9]{0,200}") {
        sound(&text, Format::Yaml);
        sound(&text, Format::Json);
    }

    #[test]
    fn any_value_under_real_keys_is_answered(text in manifest()) {
        sound(&text, Format::Yaml);
    }

    #[test]
    fn an_edited_manifest_is_answered_as_by_itself(
        wrong in value(),
        strokes in prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, value()), 2..8),
    ) {
        // One that has something wrong in it to begin with.
        let mut text = CONTRACT.replacen("  owner: ", &format!("  ownr: {wrong}\n  owner: "), 1);
        let mut before = parse(text.as_str(), Format::Yaml);
        for (line, sort, value) in strokes {
            prop_assert_eq!(before.root().map(violations), parse(text.as_str(), Format::Yaml).root().map(violations), "{}", text);
            let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            let line = line.index(lines.len());
            let key = lines[line].split_once(": ").map_or("", |(key, _)| key).to_owned();
            match sort {
                0 => drop(lines.remove(line)),
                1 => lines[line] += " # x",
                _ if key.is_empty() => lines[line].push('x'),
                2 => lines[line] = format!("{key}: {value}"),
                _ => lines[line] = format!("{key}x: {value}"),
            }
            text = lines.join("\n");
            before = before.edited(text.as_str());
        }
        prop_assert_eq!(before.root().map(violations), parse(text.as_str(), Format::Yaml).root().map(violations), "{}", text);
    }

    #[test]
    fn a_real_manifest_with_a_hole_is_answered(from in 0..CONTRACT.len(), len in 0..200_usize) {
        let to = (from + len).min(CONTRACT.len());
        if let (Some(before), Some(after)) = (CONTRACT.get(..from), CONTRACT.get(to..)) {
            sound(&format!("{before}{after}"), Format::Yaml);
        }
    }
}

#[track_caller]
fn answered(text: &str, expected: std::ops::RangeInclusive<usize>) {
    let parse = parse(text, Format::Yaml);
    let found = parse.root().map(violations).unwrap_or_default();
    // Generous: a debug build on a busy machine. What it rules out is the square of the size.
    assert!(expected.contains(&found.len()), "{} violations", found.len());
}

#[test]
fn deep_nesting_is_answered() {
    answered(&format!("isms: {}{}", "[".repeat(100_000), "]".repeat(100_000)), 0..=1);
    answered(&format!("x-deep: {}{}", "{a: ".repeat(150), "}".repeat(150)), 0..=0);
    answered(&format!("risks: {}{}", "{a: ".repeat(150), "}".repeat(150)), 1..=1);
}

#[test]
fn an_alias_bomb_is_answered() {
    let mut text = String::from("x-0: &x0 { likelihood: high, impact: high }\n");
    for level in 1..12 {
        let below = format!("*x{}", level - 1);
        let _ = writeln!(text, "x-{level}: &x{level} [{}]", [below.as_str(); 10].join(", "));
    }
    text += "risks: { R-1: { plan: *x11, inherent: *x0 } }\n";
    answered(&text, 1..=20);
}

#[test]
fn one_broken_decision_behind_many_aliases_is_one_violation() {
    let mut text = String::from("x-d: &d { by: ada, dte: 2026-03-01 }\nrisks:\n");
    for risk in 0..4_000 {
        let _ = writeln!(text, "  R-{risk}: {{ accepted: *d }}");
    }
    answered(&text, 1..=1);
}

#[test]
fn a_mistake_in_each_of_many_subjects_is_answered() {
    let mut text = String::from("risks:\n");
    for risk in 0..4_000 {
        let _ = writeln!(text, "  R-{risk}: {{ ownr: ceo, accepted: {{ by: ada }}, controls: A.8.8 }}");
    }
    answered(&text, 12_000..=12_000);
}

#[test]
fn a_mapping_of_many_unknown_fields_is_answered() {
    let mut text = String::from("isms:\n");
    for field in 0..10_000 {
        let _ = writeln!(text, "  field{field}: 1");
    }
    answered(&text, 10_000..=10_000);
}

#[test]
fn a_long_list_of_wrong_items_is_answered() {
    answered(&format!("people: {{ ada: {{ emails: [{}] }} }}", "x, ".repeat(10_000)), 10_000..=10_000);
}
