//! Values: ids, words, days, periods, numbers.

use crate::{Editor, chosen, lists};

#[test]
fn a_field_offers_the_ids_it_may_name() {
    let parties: &[&str] = &["ceo", "it", "ada", "ben", "eve"];
    lists(&[
        ("risks:\n  R-1:\n    owner: $0\n", parties),
        ("risks:\n  R-1:\n    owner:$0\n", parties),
        ("risks:\n  R-1:\n    owner: ce$0\n", parties),
        ("risks:\n  R-1:\n    owner: \"ce$0\n", parties),
        ("risks:\n  R-1:\n    owner: $0 # who?\n", parties),
        ("risks:\n  R-1:\n    owner:\n      $0\n", parties),
        ("risks:\n  R-1: { owner: $0 }\n", parties),
        ("risks:\n  R-1: { owner:$0 }\n", parties),
        ("risks:\n  R-1: { owner: ce$0, title: x }\n", parties),
        ("{ \"risks\": { \"R-1\": { \"owner\": $0 } } }", parties),
        ("{ \"risks\": { \"R-1\": { \"owner\": \"$0\" } } }", parties),
        ("{ \"risks\": { \"R-1\": { \"owner\": \"c$0\n  } } }", parties),
        ("controls:\n  A.5.1:\n    responsible: $0\n", parties),
        ("controls:\n  A.5.1:\n    responsible: [$0]\n", parties),
        ("controls:\n  A.5.1:\n    responsible: [ceo, $0]\n", &["it", "ada", "ben", "eve"]),
        ("controls:\n  A.5.1:\n    responsible:\n      - ceo\n      - $0\n", &["it", "ada", "ben", "eve"]),
        ("controls:\n  A.5.1:\n    responsible:\n      - ceo\n      -$0\n", &["it", "ada", "ben", "eve"]),
        ("controls:\n  A.5.1:\n    responsible:\n    - ceo\n    - $0\n    - it\n", &["ada", "ben", "eve"]),
        ("controls:\n  A.5.1:\n    responsible:\n      $0\n", parties),
        ("isms:\n  policy: $0\n", &["security"]),
        ("isms:\n  manager: $0\n", &["ceo", "it"]),
        ("roles:\n  cfo:\n    department: $0\n", &["ops"]),
        ("roles:\n  cfo:\n    held_by: $0\n", &["ada", "ben", "eve"]),
        ("roles:\n  cfo: { authority: { accept_risk: $0 } }\n", &["low", "medium", "high"]),
        (
            "roles:\n  cfo:\n    authority:\n      approve: [$0]\n",
            &["isms", "soa", "risk_criteria", "policies", "policies.security"],
        ),
        ("roles:\n  cfo:\n    authority:\n      grant: [$0]\n", &["exceptions", "delegations"]),
        ("risks:\n  R-1: { controls: [$0] }\n", &["A.5.15", "…"]),
        ("risks:\n  R-1: {}\ncontrols:\n  A.5.1: { because: [$0] }\n", &["risks.R-1", "policies.security"]),
        ("reviews:\n  IA-1: { covers: [$0] }\n", &["A.5.15", "A.5.1", "…"]),
        ("lint:\n  ignore:\n    - { rule: vacant-role, subject: $0 }\n", &["isms", "soa", "…"]),
    ]);
}

#[test]
fn a_value_is_written_as_its_place_needs_it() {
    chosen(&[
        ("risks:\n  R-1:\n    owner:$0\n", "ceo", "risks:\n  R-1:\n    owner: ceo\n"),
        ("risks:\n  R-1:\n    owner: $0 # who?\n", "ceo", "risks:\n  R-1:\n    owner: ceo  # who?\n"),
        ("risks:\n  R-1:\n    owner: i$0t\n", "ceo", "risks:\n  R-1:\n    owner: ceo\n"),
        ("risks:\n  R-1:\n    owner: 'i$0t'\n", "ceo", "risks:\n  R-1:\n    owner: 'ceo'\n"),
        ("risks:\n  R-1: { owner:$0 }\n", "ceo", "risks:\n  R-1: { owner: ceo }\n"),
        ("{ \"risks\": { \"R-1\": { \"owner\": $0 } } }", "ceo", "{ \"risks\": { \"R-1\": { \"owner\": \"ceo\" } } }"),
        (
            "{ \"risks\": { \"R-1\": { \"owner\": $0\n \"title\": \"x\" } } }",
            "ceo",
            "{ \"risks\": { \"R-1\": { \"owner\": \"ceo\",\n \"title\": \"x\" } } }",
        ),
        (
            "{ \"risks\": { \"R-1\": { \"owner\": \"c$0,\n \"title\": \"x\" } } }",
            "ceo",
            "{ \"risks\": { \"R-1\": { \"owner\": \"ceo\",\n \"title\": \"x\" } } }",
        ),
        ("controls:\n  A.5.1:\n    responsible: $0\n", "it", "controls:\n  A.5.1:\n    responsible: [it]\n"),
        (
            "controls:\n  A.5.1:\n    responsible:\n      $0\n",
            "it",
            "controls:\n  A.5.1:\n    responsible:\n      - it\n",
        ),
        (
            "controls:\n  A.5.1:\n    responsible:\n      -$0\n",
            "it",
            "controls:\n  A.5.1:\n    responsible:\n      - it\n",
        ),
        (
            "controls:\n  A.5.1:\n    responsible:\n      $0\n      - ceo\n",
            "it",
            "controls:\n  A.5.1:\n    responsible:\n      - it\n      - ceo\n",
        ),
        ("reviews:\n  IA-1: { covers: [$0] }\n", "9.2", "reviews:\n  IA-1: { covers: [\"9.2\"] }\n"),
        ("risks:\n  R-1: { controls: [A.9.2.3$0] }\n", "A.9.2.3", "risks:\n  R-1: { controls: [A.8.2] }\n"),
        ("controls:\n  A.5.1: { applicable: $0 }\n", "false", "controls:\n  A.5.1: { applicable: false }\n"),
        (
            "{ \"people\": { \"x\": { \"joined\": $0 } } }",
            "2026-06-30",
            "{ \"people\": { \"x\": { \"joined\": \"2026-06-30\" } } }",
        ),
    ]);
}

#[test]
fn a_colon_that_is_missing_is_put_in() {
    chosen(&[
        ("risks:\n  R-1:\n    owner ce$0\n", "ceo", "risks:\n  R-1:\n    owner: ceo\n"),
        ("risks:\n  R-1:\n    owner $0\n", "ceo", "risks:\n  R-1:\n    owner: ceo\n"),
        ("risks:\n  R-1:\n    owner $0\n    title: x\n", "ceo", "risks:\n  R-1:\n    owner: ceo\n    title: x\n"),
        ("risks:\n  R-1:\n    accepted:\n      by a$0\n", "ada", "risks:\n  R-1:\n    accepted:\n      by: ada\n"),
        ("risks:\n  R-1: { owner ce$0 }\n", "ceo", "risks:\n  R-1: { owner: ceo }\n"),
        ("risks:\n  R-1: { owner $0 }\n", "ceo", "risks:\n  R-1: { owner: ceo }\n"),
        (
            "risks:\n  R-1: { title: x, owner $0, note: y }\n",
            "ceo",
            "risks:\n  R-1: { title: x, owner: ceo, note: y }\n",
        ),
        ("{\"risks\": {\"R-1\": {\"owner\" $0}}}", "ceo", "{\"risks\": {\"R-1\": {\"owner\": \"ceo\"}}}"),
        ("{\"risks\": {\"R-1\": {\"owner\" \"c$0\"}}}", "ceo", "{\"risks\": {\"R-1\": {\"owner\": \"ceo\"}}}"),
    ]);
}

#[test]
fn ids_come_with_titles_and_what_they_are() {
    let editor = Editor::yaml("risks:\n  R-1:\n    owner: $0\n");
    let it = editor.offer("it");
    assert_eq!(it.detail, "Head of IT");
    assert!(it.documentation.contains("Ben Okafor, as `it` (Head of IT)"), "{}", it.documentation);
    assert!(editor.offer("eve").documentation.contains("left on 2025-01-01"));
    let control = Editor::yaml("exceptions:\n  X-1:\n    control: $0\n").offer("A.5.15");
    assert_eq!((control.detail.as_str(), control.subject.as_deref()), ("Access control", Some("controls.A.5.15")));
    assert!(control.documentation.contains("Organizational"));
    // There is more to know of the one that somebody looks at.
    let more = editor.analysis().subject_documentation(&editor.offer("it").subject.unwrap()).unwrap();
    assert!(more.contains("Head of IT") && more.len() > it.documentation.len(), "{more}");
    assert_eq!(editor.analysis().subject_documentation("roles.nobody"), None);
}

#[test]
fn listed_values_come_with_their_meaning() {
    lists(&[
        ("controls:\n  A.5.1:\n    status: $0\n", &["planned", "partial", "implemented"]),
        ("controls:\n  A.5.1:\n    status:\n      pl$0\n", &["planned", "partial", "implemented"]),
        ("controls:\n  A.5.1: { applicable: $0 }\n", &["true", "false"]),
        ("roles:\n  cfo: { layer: $0 }\n", &["executive", "isms", "owner", "operator", "audit"]),
        ("lint:\n  rules:\n    paper-role: $0\n", &["allow", "info", "warning", "error"]),
        ("lint:\n  rules:\n    paper-role: { severity: $0 }\n", &["allow", "info", "warning", "error"]),
        ("isms: { framework: $0 }\n", &["iso27001-2022"]),
    ]);
    let status = Editor::yaml("controls:\n  A.5.1:\n    status: $0\n").offer("planned");
    assert!(!status.documentation.is_empty());
}

#[test]
fn days_and_periods_fit_their_field() {
    lists(&[
        ("people:\n  x: { joined: $0 }\n", &["2026-06-30"]),
        (
            "risks:\n  R-1: { plan: [{ due: $0 }] }\n",
            &["2027-06-30", "2026-12-30", "2026-09-30", "2026-07-30", "2026-06-30"],
        ),
        ("controls:\n  A.5.1: { review: $0 }\n", &["12mo", "6mo", "…"]),
    ]);
    let until = Editor::yaml(
        "risks:\n  R-1:\n    treatment: accept\n    inherent: { likelihood: 5, impact: 2 }\n    accepted: { until: $0 }\n",
    );
    let first = &until.offers()[0];
    assert_eq!((first.label.as_str(), first.preselect), ("2026-12-30", true));
    assert_eq!(first.detail, "a high risk may be accepted for 6 months");
}

#[test]
fn scores_are_the_steps_of_the_scale() {
    lists(&[
        ("risks:\n  R-1: { residual: { impact: $0 } }\n", &["1", "2", "3", "4", "5"]),
        ("risks:\n  R-1:\n    inherent:\n      likelihood: $0\n", &["1", "2", "3", "4", "5"]),
    ]);
}

#[test]
fn rules_are_offered_where_they_are_named() {
    for text in [
        "lint:\n  ignore:\n    - rule: $0\n",
        "controls:\n  # deed: ignore[$0] x\n  A.5.1: {}\n",
        "controls:\n  A.5.1: {} # deed: ignore[vacant-role, un$0\n",
    ] {
        let editor = Editor::yaml(text);
        assert!(editor.offer("unowned-control").detail.contains("control"), "{text}");
    }
    let comment = Editor::yaml("controls:\n  A.5.1: {} # deed: ignore[vacant-role, un$0] why\n");
    assert_eq!(
        comment.choose("unowned-control"),
        "controls:\n  A.5.1: {} # deed: ignore[vacant-role, unowned-control] why\n"
    );
}

#[test]
fn nobody_is_above_themselves() {
    let roles = Editor::yaml("roles:\n  it: { title: IT, reports_to: $0 }\n  x: { title: X }\n").labels();
    assert!(!roles.contains(&"it".to_owned()) && roles.contains(&"x".to_owned()), "{roles:?}");
}
