//! What somebody who begins gets: few diagnostics, in order, one for each thing that is missing.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::sync::Arc;

use deed_linter::{Diagnostic, Group, Inputs, lint};
use deed_model::{Manifest, Workspace, parse_date};
use deed_syntax::Format;

fn workspace(path: &str, text: &str) -> Workspace {
    let parse = Arc::new(deed_syntax::parse(text, Format::of_path(path)));
    Workspace::new(vec![Manifest { path: path.to_owned(), parse }])
}

/// What every rule says; what it says is in order and nothing is said twice.
#[track_caller]
fn reported(path: &str, text: &str) -> Vec<Diagnostic> {
    let workspace = workspace(path, text);
    let exists = |_: &str| true;
    let inputs = Inputs {
        workspace: &workspace,
        today: parse_date("2026-06-30").unwrap(),
        exists: Some(&exists),
        history: None,
    };
    let diagnostics = lint(&inputs).diagnostics;
    let place = |d: &Diagnostic| (d.span.file, d.span.range.start(), d.span.range.end());
    assert!(diagnostics.is_sorted_by_key(place), "in the order of the text");
    let mut said = HashSet::new();
    for diagnostic in &diagnostics {
        assert!(said.insert((place(diagnostic), &diagnostic.message)), "twice: {}", diagnostic.message);
        // What is malformed often says itself what is wanted instead.
        let form = diagnostic.rule.group == Group::Form;
        assert!(form || !diagnostic.help.is_empty(), "what to do? {}", diagnostic.message);
    }
    diagnostics
}

fn log(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| format!("\n{}: {}", d.rule.id, d.message)).collect()
}

/// At most so many diagnostics, and no rule more than once.
#[track_caller]
fn few(text: &str, most: usize) -> Vec<Diagnostic> {
    let diagnostics = reported("deed.yaml", text);
    assert!(diagnostics.len() <= most, "{} of them:{}", diagnostics.len(), log(&diagnostics));
    let rules: HashSet<_> = diagnostics.iter().map(|d| d.rule.id).collect();
    assert_eq!(rules.len(), diagnostics.len(), "a rule more than once:{}", log(&diagnostics));
    diagnostics
}

#[test]
fn an_empty_workspace_says_nothing_of_risks_and_little_else() {
    for text in
        ["", "\n\n", "# nothing yet\n", "deed: 1\n", "{}", "deed:\n", "people:\n", "risks: {}\n", "controls:\nrisks:\n"]
    {
        few(text, 2);
    }
    assert!(
        lint(&Inputs {
            workspace: &Workspace::new(Vec::new()),
            today: parse_date("2026-06-30").unwrap(),
            exists: None,
            history: None,
        })
        .diagnostics
        .is_empty()
    );
}

#[test]
fn what_is_no_manifest_is_one_mistake() {
    for text in ["just text", "- a\n- b\n", "42", "\"", "deed: 1\n---\ndeed: 1\n"] {
        few(text, 2);
    }
    for text in ["", "{", "[]", "{\"deed\": 1}", "null"] {
        let diagnostics = reported("deed.json", text);
        assert!(diagnostics.len() <= 2, "{text}:{}", log(&diagnostics));
    }
}

/// A workspace grows as people write it; each step may say no more than its bound.
#[test]
fn a_workspace_that_grows_is_told_the_next_steps() {
    let steps = [
        ("deed: 1\n", 1),
        ("isms:\n  organization: Acme Pay Ltd\n", 12),
        ("people:\n  ada: { name: Ada Moreau }\n", 12),
        ("roles:\n  ceo: { title: Chief Executive Officer, layer: executive, held_by: ada }\n", 13),
        ("risks:\n  R-1: { title: Unpatched payment terminals }\n", 16),
    ];
    let mut text = String::new();
    for (step, most) in steps {
        text.push_str(step);
        few(&text, most);
    }
}

/// A fragment without an `isms` section is about what stands in it.
#[test]
fn a_fragment_is_judged_by_itself() {
    for text in ["people:\n  ada: { name: Ada Moreau }\n", "risks:\n  R-1: { closed: 2026-01-01 }\n"] {
        let diagnostics = few(text, 1);
        // That the ISMS itself stands nowhere is said once.
        assert!(diagnostics.iter().all(|d| d.rule.id == "undeclared-model"), "{}", log(&diagnostics));
    }
}

/// A risk goes from a title to an acceptance; each step is told the next one or two.
#[test]
fn a_risk_is_told_one_step_after_the_other() {
    let rest = "
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10 }
  tolerance: medium
  approved: { by: ada, date: 2026-01-15 }
people: { ada: { name: Ada Moreau }, chen: { name: Chen Li } }
roles:
  ceo:
    layer: executive
    held_by: ada
    deputy: chen
    responsibilities: [leads]
    authority: { accept_risk: high, approve: [risk_criteria] }
    acknowledged: { by: ada, date: 2026-01-15 }
  head-of-it:
    layer: owner
    held_by: chen
    deputy: ada
    reports_to: ceo
    responsibilities: [runs IT]
    authority: { accept_risk: medium }
    acknowledged: { by: chen, date: 2026-01-15 }
controls: { A.8.8: { applicable: true, because: [risks.R-1], status: implemented, owner: head-of-it, accepted: { by: chen, date: 2026-02-11 } } }
risks:
  R-1:
";
    let of_risk = |fields: &str| {
        let diagnostics = reported("deed.yaml", &format!("{rest}{fields}"));
        let mut rules: Vec<_> = diagnostics.iter().filter(|d| &*d.subject == "risks.R-1").map(|d| d.rule.id).collect();
        rules.sort_unstable();
        rules.join(" ")
    };
    let mut fields = String::new();
    let steps = [
        ("    title: Unpatched payment terminals\n", "unowned-risk unrated-risk"),
        ("    owner: head-of-it\n", "unrated-risk"),
        ("    inherent: { likelihood: 4, impact: 4 }\n", "invalid-treatment"),
        ("    treatment: mitigate\n", "invalid-treatment unrated-risk"),
        ("    controls: [A.8.8]\n", "unapproved-treatment-plan unrated-risk"),
        ("    approved: { by: chen, date: 2026-02-20 }\n", "unrated-risk"),
        ("    residual: { likelihood: 2, impact: 3 }\n", "unaccepted-risk"),
        ("    accepted: { by: chen, date: 2026-03-01, until: 2027-02-28, note: terminals retired in Q4 }\n", ""),
    ];
    for (field, expected) in steps {
        fields.push_str(field);
        assert_eq!(of_risk(&fields), expected, "{fields}");
    }
}

/// A hundred risks that lack the same give a hundred of each rule, not more, and the rest of the workspace no more for it.
#[test]
fn many_risks_make_no_flood() {
    let of = |count: usize| {
        let risks: String =
            (0..count).map(|n| format!("  R-{n}: {{ title: Something, owner: nobody-{n} }}\n")).collect();
        reported("deed.yaml", &format!("deed: 1\nisms: {{ organization: Acme }}\nrisks:\n{risks}"))
    };
    let (one, many) = (of(1), of(100));
    assert!(many.len() <= one.len() + 99 * 2, "{} became {}", one.len(), many.len());
    let elsewhere = |all: &[Diagnostic]| all.iter().filter(|d| !d.subject.starts_with("risks.")).count();
    assert_eq!(elsewhere(&one), elsewhere(&many));
}
