//! Keys, sections and whole entries.

use crate::{Editor, chosen, lists};

const OF_EXCEPTION: &[&str] = &["control", "reason", "owner", "requested_by", "granted", "closed", "note"];

const NEW_EXCEPTION: &[&str] =
    &["fill in exception", "control", "reason", "owner", "requested_by", "granted", "closed", "note"];

#[test]
fn the_fields_of_a_mapping_are_offered_wherever_its_next_key_may_stand() {
    lists(&[
        ("exceptions:\n  X-1:\n    $0", NEW_EXCEPTION),
        ("exceptions:\n  X-1:\n    $0\n", NEW_EXCEPTION),
        ("exceptions:\n  X-1:\n      $0\n", NEW_EXCEPTION),
        ("exceptions:\n  X-1: { $0", OF_EXCEPTION),
        ("exceptions:\n  X-1: {$0}\n", OF_EXCEPTION),
        ("exceptions: { X-1: {$0} }\n", OF_EXCEPTION),
        ("{ \"exceptions\": { \"X-1\": { $0 } } }", OF_EXCEPTION),
        ("{ \"exceptions\": { \"X-1\": { \"$0\" } } }", OF_EXCEPTION),
        ("exceptions:\r\n  X-1:\r\n    $0\r\n", NEW_EXCEPTION),
        // What is typed already.
        ("exceptions:\n  X-1:\n    contr$0", NEW_EXCEPTION),
        ("exceptions:\n  X-1:\n    \"contr$0", NEW_EXCEPTION),
        ("exceptions:\n  X-1: { contr$0", OF_EXCEPTION),
        ("exceptions:\n  X-1: { contr$0 }", OF_EXCEPTION),
        ("exceptions:\n  X-1:\n    contr$0: A.5.1\n", OF_EXCEPTION),
    ]);
}

#[test]
fn keys_that_are_there_are_left_out_be_they_before_or_behind() {
    let rest: &[&str] = &["owner", "requested_by", "granted", "closed", "note"];
    lists(&[
        ("exceptions:\n  X-1:\n    control: A.5.15\n    $0\n    reason: x\n", rest),
        ("exceptions:\n  X-1:\n    control: A.5.15\n    reason: x\n    $0\n  X-2:\n    owner: it\n", rest),
        ("exceptions:\n  X-1:\n    control: A.5.15\n    ow$0\n    reason: x\nroles: {}\n", rest),
        ("exceptions:\n  X-1: { control: A.5.15, reason: x, $0 }\n", rest),
        ("exceptions:\n  X-1: { control: A.5.15, $0, reason: x }\n", rest),
        ("exceptions:\n  X-1: { $0 control: A.5.15, reason: x }\n", rest),
        ("exceptions:\n  X-1: { control: A.5.15, reason: x, $0\n  X-2:\n    owner: it\n", rest),
        ("{ \"exceptions\": { \"X-1\": { \"control\": \"A.5.15\", $0\n \"reason\": \"x\" } } }", rest),
        ("{ \"exceptions\": { \"X-1\": { \"control\": \"A.5.15\", \"ow$0\n \"reason\": \"x\" } } }", rest),
        ("{ \"exceptions\": { \"X-1\": { \"control\": \"A.5.15\",\n \"reason\": \"x\"\n$0 } } }", rest),
    ]);
}

#[test]
fn indentation_says_which_mapping_a_blank_line_is_in() {
    let delegation = "delegations:\n  D-1:\n    from: ceo\n    granted:\n      by: ada\n";
    let at = |line: &str| format!("{delegation}{line}\n");
    let of = |line: &str| Editor::yaml(&at(line)).labels();
    assert_eq!(of("      $0"), ["date", "until", "as", "note"]);
    assert_eq!(of("    $0"), ["to", "authority", "note"]);
    assert_eq!(of("  $0"), ["add delegation"]);
    assert!(of("$0").contains(&"risks".to_owned()));
    // Between two lines of one mapping it cannot be outside of it.
    let between = format!("{delegation}$0\n      date: 2026-06-30\n");
    assert_eq!(Editor::yaml(&between).labels(), ["until", "as", "note"]);
    let written = Editor::yaml(&between).choose("note");
    assert!(written.contains("\n      note: \n      date"), "{written}");
}

#[test]
fn items_of_lists_have_fields_too() {
    let of_action: &[&str] = &["action", "by", "due", "done", "note"];
    lists(&[
        ("risks:\n  R-1:\n    plan:\n      - $0\n", of_action),
        ("risks:\n  R-1:\n    plan:\n    - $0\n", of_action),
        ("risks:\n  R-1:\n    plan:\n      $0\n", of_action),
        ("risks:\n  R-1:\n    plan:\n      - action: x\n        $0\n", &["by", "due", "done", "note"]),
        (
            "risks:\n  R-1:\n    plan:\n      - action: x\n        b$0\n      - by: ben\n",
            &["by", "due", "done", "note"],
        ),
        ("risks:\n  R-1:\n    plan: [{ action: x, $0 }]\n", &["by", "due", "done", "note"]),
        ("risks:\n  R-1:\n    plan:\n      - { action: x, $0\n", &["by", "due", "done", "note"]),
        ("risks:\n  R-1:\n    accepted:\n      - by: ada\n        $0\n", &["date", "until", "as", "note"]),
        ("risks:\n  R-1:\n    accepted:\n      - { by: ada, $0 }\n", &["date", "until", "as", "note"]),
    ]);
    chosen(&[("risks:\n  R-1:\n    plan:\n      $0\n", "by", "risks:\n  R-1:\n    plan:\n      - by: \n")]);
}

#[test]
fn a_key_is_written_as_its_place_needs_it() {
    chosen(&[
        ("exceptions:\n  X-1:\n    $0\n", "owner", "exceptions:\n  X-1:\n    owner: \n"),
        (
            "exceptions:\n  X-1:\n  $0\n",
            "add exception",
            "exceptions:\n  X-1:\n  X-2:\n    control: \n    reason: \n    owner: \n    requested_by: \n",
        ),
        ("exceptions:\n  X-1:\n    ow$0\n", "owner", "exceptions:\n  X-1:\n    owner: \n"),
        ("exceptions:\n  X-1:\n    ow$0: it\n", "owner", "exceptions:\n  X-1:\n    owner: it\n"),
        ("exceptions:\n  X-1:\n    'ow$0\n", "owner", "exceptions:\n  X-1:\n    'owner': \n"),
        ("exceptions:\n  X-1: {$0}\n", "owner", "exceptions:\n  X-1: {owner: }\n"),
        ("exceptions:\n  X-1: { $0reason: x }\n", "owner", "exceptions:\n  X-1: { owner: x }\n"),
        ("exceptions:\n  X-1: { $0 reason: x }\n", "owner", "exceptions:\n  X-1: { owner: , reason: x }\n"),
        ("exceptions:\n  X-1: { reason: x,$0 }\n", "owner", "exceptions:\n  X-1: { reason: x, owner:  }\n"),
        ("{\"exceptions\": {\"X-1\": {$0}}}", "owner", "{\"exceptions\": {\"X-1\": {\"owner\": \"\"}}}"),
        ("{\"exceptions\": {\"X-1\": {\"$0\"}}}", "owner", "{\"exceptions\": {\"X-1\": {\"owner\": \"\"}}}"),
        ("{\"exceptions\": {\"X-1\": {\"o$0\": 1}}}", "owner", "{\"exceptions\": {\"X-1\": {\"owner\": 1}}}"),
        // The commas around it are not forgotten.
        (
            "{\"exceptions\": {\"X-1\": {\n  \"reason\": \"x\"\n  $0\n}}}",
            "owner",
            "{\"exceptions\": {\"X-1\": {\n  \"reason\": \"x\",\n  \"owner\": \"\"\n}}}",
        ),
        (
            "{\"exceptions\": {\"X-1\": {\n  $0\n  \"reason\": \"x\"\n}}}",
            "owner",
            "{\"exceptions\": {\"X-1\": {\n  \"owner\": \"\",\n  \"reason\": \"x\"\n}}}",
        ),
        ("roles:\n  cfo:\n    $0\n", "responsibilities", "roles:\n  cfo:\n    responsibilities: []\n"),
        ("roles:\n  cfo:\n    $0\n", "authority", "roles:\n  cfo:\n    authority:\n      \n"),
        ("roles:\n  cfo: { $0 }\n", "authority", "roles:\n  cfo: { authority: {  } }\n"),
        ("risks:\n  R-1:\n    $0\n", "plan", "risks:\n  R-1:\n    plan:\n      - \n"),
        ("risks:\r\n  R-1:\r\n    $0\r\n", "plan", "risks:\r\n  R-1:\r\n    plan:\r\n      - \r\n"),
    ]);
}

#[test]
fn a_snippet_has_places_to_fill_in() {
    let new = |text: &str, label: &str| Editor::yaml(text).snippets().offer(label).edit.new_text;
    assert_eq!(new("roles:\n  cfo:\n    $0\n", "responsibilities"), "responsibilities: [$1]");
    assert_eq!(
        new("exceptions:\n  $0\n", "add exception"),
        "${1:X-1}:\n    control: ${2:control}\n    reason: ${3:reason}\n    owner: ${4:owner}\n    requested_by: ${5:who}"
    );
    let json = Editor::json("{ \"departments\": { $0 } }").snippets().offer("add department").edit.new_text;
    assert_eq!(json, "\"${1:new-department}\": { \"title\": \"${2:title}\", \"head\": \"${3:head}\" }");
}

#[test]
fn sections_stand_at_the_top() {
    lists(&[
        ("$0", &["soa", "evidence", "lint", "people", "departments", "roles", "…"]),
        ("roles: {}\n$0", &["soa", "evidence", "lint", "people", "departments", "controls", "…"]),
        ("risks:\n  R-1: {}\n\nro$0\n", &["soa", "evidence", "lint", "people", "departments", "roles", "…"]),
    ]);
    chosen(&[("$0", "risks", "risks:\n  "), ("{$0}", "risks", "{\"risks\": {  }}")]);
    assert!(!Editor::yaml("$0").labels().contains(&"isms".to_owned()), "there is one already");
}

#[test]
fn controls_without_an_entry_are_added_whole() {
    let editor = Editor::yaml("controls:\n  $0\n");
    let labels = editor.labels();
    assert!(!labels.contains(&"A.5.15".to_owned()), "it has an entry");
    assert_eq!(&labels[..3], ["A.5.1", "A.5.2", "A.5.3"]);
    let offer = editor.offer("A.8.9");
    assert_eq!(offer.detail, "Configuration management");
    assert!(offer.documentation.contains("Preventive"), "{}", offer.documentation);
    assert_eq!(
        editor.choose("A.8.9"),
        "controls:\n  A.8.9:\n    applicable: true\n    because: []\n    status: planned\n    owner: \n"
    );
    chosen(&[(
        "{ \"controls\": { \"A.8$0\" } }",
        "A.8.9",
        "{ \"controls\": { \"A.8.9\": { \"applicable\": true, \"because\": [\"\"], \"status\": \"planned\", \"owner\": \"\" } } }",
    )]);
}

#[test]
fn an_id_of_the_2013_edition_leads_to_its_successor() {
    let editor = Editor::yaml("controls:\n  A.9.2.3$0\n");
    let offer = editor.offer("A.9.2.3");
    assert!(offer.deprecated && offer.detail.contains("A.8.2"), "{offer:?}");
    assert!(editor.choose("A.9.2.3").starts_with("controls:\n  A.8.2:\n    applicable: true\n"));
}

#[test]
fn what_something_refers_to_is_offered_as_a_new_subject() {
    let editor = Editor::yaml("risks:\n  R-1: { owner: cfo }\nroles:\n  $0\n");
    assert_eq!(editor.labels(), ["cfo", "add role"]);
    assert_eq!(editor.offer("cfo").detail, "named by `risks.R-1`");
}

#[test]
fn a_subject_that_has_nothing_yet_is_filled_in() {
    chosen(&[
        ("departments:\n  ops:\n    $0\n", "fill in department", "departments:\n  ops:\n    title: \n    head: \n"),
        ("departments:\n  ops: $0\n", "fill in department", "departments:\n  ops: \n    title: \n    head: \n"),
        (
            "{\"departments\": {\"ops\": $0}}",
            "fill in department",
            "{\"departments\": {\"ops\": { \"title\": \"\", \"head\": \"\" }}}",
        ),
    ]);
    let filled = Editor::yaml("controls:\n  A.8.9:\n    $0\n").choose("fill in control");
    assert!(filled.contains("\n    applicable: true\n    because: []\n    status: planned\n    owner: \n"), "{filled}");
}

#[test]
fn new_ids_follow_those_that_are_there() {
    let id = |text: &str, label: &str| {
        let text = Editor::yaml(text).offer(label).edit.new_text;
        text.split(':').next().unwrap_or_default().to_owned()
    };
    assert_eq!(id("risks:\n  R-7: {}\n  R-12: {}\n  $0", "add risk"), "R-13");
    assert_eq!(id("reviews:\n  MR-2026-1: {}\n  $0", "add management review"), "MR-2026-2");
    assert_eq!(id("people:\n  $0", "add person"), "new-person");
}

#[test]
fn levels_are_keys_of_what_is_set_for_each() {
    lists(&[
        ("risk_criteria:\n  max_acceptance:\n    low: 2y\n    $0\n", &["medium", "high"]),
        ("evidence:\n  require: { $0 }\n", &["default", "isms.adopted", "…"]),
        ("lint:\n  rules:\n    own$0\n", &["acceptance-above-tolerance", "…"]),
    ]);
}

#[test]
fn nothing_is_offered_where_nothing_can_stand() {
    let none: &[&str] = &[];
    lists(&[
        ("risks:\n  R-1:\n    title: x # note $0\n", none),
        ("# note $0\n", none),
        ("isms:\n  scope: |\n    text\n    $0\n", none),
        ("isms:\n  scope: >-\n    text $0\n", none),
        ("risks:\n  R-1:\n    title: some words $0\n", none),
        ("risks:\n  R-1: { owner: it } $0\n", none),
        ("x-teams:\n  a:\n    $0\n", none),
        // In quotes that go over several lines.
        ("risks:\n  'R-\n   1$0': { owner: it }\n", none),
        ("risks:\n  R-1:\n    title: \"some $0 words\"\n", none),
        ("{ \"risks\": {} } $0", none),
    ]);
}

#[test]
fn an_empty_text_of_json_gets_its_braces() {
    for text in ["$0", "\n$0\n"] {
        let editor = Editor::json(text);
        assert_eq!(editor.choose("risks"), text.replace("$0", "{ \"risks\": {  } }"));
    }
    let snippet = Editor::json("$0").snippets().offer("risks");
    assert_eq!(snippet.edit.new_text, "{ \"risks\": { $0 } }");
}

#[test]
fn numbers_and_truths_to_fill_in_stand_in_no_quotes() {
    let control = "{ \"controls\": { \"A.5.1\": { $0 } } }";
    assert_eq!(Editor::json(control).snippets().offer("applicable").edit.new_text, "\"applicable\": $1");
    assert_eq!(Editor::json(control).offer("applicable").edit.new_text, "\"applicable\": null");
    assert_eq!(Editor::json(control).snippets().offer("owner").edit.new_text, "\"owner\": \"$1\"");
    let yaml = "controls:\n  A.5.1:\n    $0\n";
    assert_eq!(Editor::yaml(yaml).snippets().offer("applicable").edit.new_text, "applicable: $1");
    assert_eq!(Editor::yaml(yaml).offer("applicable").edit.new_text, "applicable: ");
    let risk = Editor::json("{ \"risks\": { $0 } }").snippets().offer("add risk").edit.new_text;
    assert!(risk.starts_with("\"${1:R-"), "{risk}");
    assert!(risk.contains("\"likelihood\": ${"), "{risk}");
}

#[test]
fn a_rule_among_the_settings_says_what_it_finds() {
    let rule = Editor::yaml("lint:\n  rules:\n    $0\n").offer("paper-role");
    assert!(rule.detail.contains(' '), "{}", rule.detail);
}
