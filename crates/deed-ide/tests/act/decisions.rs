//! Recording decisions: by whoever sits there, where they may.

use deed_ide::ActionKind;

use crate::Editor;

const PEOPLE: &str = "\
isms: { model: centralized, organization: Acme }
risk_criteria: { likelihood: 5, impact: 5, levels: { low: 1, high: 10 }, tolerance: high, max_acceptance: { low: 2y, high: 6mo } }
people:
  ada: { name: Ada Moreau }
  ben: { name: Ben Okafor }
roles:
  ceo: { title: Chief Executive, layer: executive, held_by: ada, authority: { accept_risk: high, approve: [policies, isms], grant: [exceptions] } }
  it: { title: Head of IT, layer: owner, held_by: ben, reports_to: ceo }
";

fn editor(text: &str, me: &'static str) -> Editor {
    Editor::open(&[("deed.yaml", PEOPLE), ("open.deed.yaml", text)]).me(me)
}

fn decisions(text: &str, me: &'static str) -> Vec<String> {
    editor(text, me).titles(|kind| matches!(kind, ActionKind::Decide(_)))
}

#[track_caller]
fn taken(me: &'static str, cases: &[(&str, &str, &str)]) {
    for (before, title, after) in cases {
        assert_eq!(editor(before, me).take(title, "open.deed.yaml"), *after);
    }
}

#[test]
fn who_may_decide_what_is_offered() {
    let risk = "risks:\n  R-1$0: { owner: it, treatment: accept, inherent: { likelihood: 1, impact: 2 } }\n";
    assert_eq!(decisions(risk, "ada"), ["Accept risk `R-1` as Ada Moreau"]);
    assert_eq!(decisions(risk, "ben"), ["Confirm after review risk `R-1` as Ben Okafor"]);
    let treated = "risks:\n  R-1: { owner: it, treat$0ment: mitigate }\n";
    assert_eq!(
        decisions(treated, "ben"),
        ["Approve the treatment plan of risk `R-1` as Ben Okafor", "Confirm after review risk `R-1` as Ben Okafor"]
    );
    assert!(decisions("risks:\n  R-1: { owner: it, $0closed: 2026-01-01 }\n", "ben").is_empty());
    assert!(decisions("controls:\n  A.5.15: { applicable: false,$0 owner: it }\n", "ben").is_empty());
    assert!(decisions(risk, "eve").is_empty());
    let control = "controls:\n  A.5.15: { applicable: true,$0 owner: it }\n";
    assert!(decisions(control, "ada").is_empty());
    assert_eq!(
        decisions(control, "ben"),
        ["Take on control `A.5.15` as Ben Okafor", "Confirm after review control `A.5.15` as Ben Okafor"]
    );
    let asked = "exceptions:\n  X-1: { control: A.5.15, owner: it, $0requested_by: ada }\n";
    assert!(decisions(asked, "ada").is_empty(), "whoever asks does not answer");
}

#[test]
fn a_decision_is_written_into_its_subject() {
    taken(
        "ada",
        &[
            (
                "policies:\n  p:\n    title: x$0\n    owner: it\n",
                "Approve policy `p` as Ada Moreau",
                "policies:\n  p:\n    title: x\n    owner: it\n    approved: { by: ada, date: 2026-06-30 }\n",
            ),
            (
                "policies:\n  p: { title: $0x }\n",
                "Approve policy `p` as Ada Moreau",
                "policies:\n  p: { title: x, approved: { by: ada, date: 2026-06-30 } }\n",
            ),
            (
                "exceptions:\n  X-1:\n    control: A.5.15$0\n    owner: it\n",
                "Grant exception `X-1` as Ada Moreau",
                "exceptions:\n  X-1:\n    control: A.5.15\n    owner: it\n    granted: { by: ada, date: 2026-06-30, until: 2026-12-30 }\n",
            ),
        ],
    );
    let json = "{ \"policies\": { \"p\": { \"title\": \"x\"$0 } } }";
    let editor = Editor::open(&[("deed.yaml", PEOPLE), ("open.deed.json", json)]).me("ada");
    assert_eq!(
        editor.take("Approve policy `p` as Ada Moreau", "open.deed.json"),
        "{ \"policies\": { \"p\": { \"title\": \"x\", \"approved\": { \"by\": \"ada\", \"date\": \"2026-06-30\" } } } }"
    );
}

#[test]
fn a_decision_that_is_over_is_replaced_and_one_that_holds_is_not() {
    let risk = |accepted: &str| {
        format!(
            "risks:\n  R-1:\n    $0owner: it\n    treatment: accept\n    inherent: {{ likelihood: 1, impact: 2 }}\n{accepted}"
        )
    };
    let accept = "Accept risk `R-1` as Ada Moreau";
    let new = "{ by: ada, date: 2026-06-30, until: 2028-06-30 }";
    let cases = [
        ("    accepted: { by: ben, date: 2025-01-01, until: 2026-01-01 }\n", format!("    accepted: {new}\n")),
        (
            "    accepted:\n      by: ada\n      date: 2025-01-01\n      until: 2026-01-01\n",
            format!("    accepted: {new}\n"),
        ),
        (
            "    accepted: # as agreed\n      by: ada\n      date: 2025-01-01\n      until: 2026-01-01\n",
            format!("    accepted: # as agreed\n      {new}\n"),
        ),
        (
            "    accepted:\n      - { by: ben, date: 2025-01-01, until: 2026-01-01 }\n      - { by: ada, date: 2025-01-01, until: 2026-01-01 }\n",
            format!("    accepted:\n      - {{ by: ben, date: 2025-01-01, until: 2026-01-01 }}\n      - {new}\n"),
        ),
        (
            "    accepted:\n      - { by: ben, date: 2025-01-01, until: 2026-01-01 }\n",
            format!("    accepted:\n      - {{ by: ben, date: 2025-01-01, until: 2026-01-01 }}\n      - {new}\n"),
        ),
        ("    accepted:\n", format!("    accepted: {new}\n")),
    ];
    for (before, after) in cases {
        let text = editor(&risk(before), "ada").take(accept, "open.deed.yaml");
        assert_eq!(text, risk(&after).replace("$0", ""), "{before}");
    }
    let holds = "    accepted: { by: ada, date: 2026-01-01, until: 2027-01-01 }\n";
    assert!(decisions(&risk(holds), "ada").is_empty());
}

#[test]
fn a_second_approval_stands_beside_the_first() {
    let text = "policies:\n  p:\n    title: x\n    owner: it\n    author: ada\n    approved: { by: ada, $0date: 2026-06-01 }\n";
    let people = PEOPLE.replace("held_by: ben", "held_by: ben, authority: { approve: [policies] }");
    let editor = Editor::open(&[("deed.yaml", &people), ("open.deed.yaml", text)]).me("ben");
    assert_eq!(
        editor.take("Approve policy `p` as Ben Okafor", "open.deed.yaml"),
        "policies:\n  p:\n    title: x\n    owner: it\n    author: ada\n    approved: [{ by: ada, date: 2026-06-01 }, { by: ben, date: 2026-06-30 }]\n"
    );
}

#[test]
fn a_second_approval_stands_below_one_on_lines_of_its_own() {
    let text = "policies:\n  p:\n    title: x\n    author: ada\n    approved:\n      by: ada\n      $0date: 2026-06-01 # at last\n    owner: it\n";
    let people = PEOPLE.replace("held_by: ben", "held_by: ben, authority: { approve: [policies] }");
    let editor = Editor::open(&[("deed.yaml", &people), ("open.deed.yaml", text)]).me("ben");
    assert_eq!(
        editor.take("Approve policy `p` as Ben Okafor", "open.deed.yaml"),
        "policies:\n  p:\n    title: x\n    author: ada\n    approved:\n      - by: ada\n        date: 2026-06-01 # at last\n      - { by: ben, date: 2026-06-30 }\n    owner: it\n"
    );
}

#[test]
fn a_new_holder_takes_a_role_on_whoever_had_it_before() {
    let text = "roles:\n  hr:\n    held_by: ben$0\n    acknowledged: { by: ada, date: 2025-01-01 }\n";
    let taken = "roles:\n  hr:\n    held_by: ben\n    acknowledged: { by: ben, date: 2026-06-30 }\n";
    assert_eq!(editor(text, "ben").take("Take on role `hr` as Ben Okafor", "open.deed.yaml"), taken);
    assert!(decisions(text, "ada").is_empty());
}

#[test]
fn nothing_is_decided_in_broken_text() {
    let text = "policies:\n  p: { title: $0x }\n  q: { title: \"x }\n";
    assert!(decisions(text, "ada").is_empty());
}
