//! Ranges are exactly a node's own text.

use deed_syntax::{Format, Node, NodeKind, parse};

#[path = "support/invariants.rs"]
mod invariants;

/// Lists the nodes in document order, each by its source; what is missing is shown by what is before it.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let parse = parse(text, Format::Yaml);
    assert_eq!(parse.errors(), []);
    invariants::assert_invariants(&parse);
    let mut found = Vec::new();
    for root in parse.documents() {
        list(root, &mut found);
    }
    assert_eq!(found, expected);
}

fn list(node: Node<'_>, found: &mut Vec<String>) {
    let before = &node.parse().text()[..node.range().end().into()];
    found.push(if node.is_missing() {
        format!("…{}", before.lines().last().unwrap_or_default())
    } else {
        node.source().to_owned()
    });
    if node.kind() == NodeKind::Alias {
        return;
    }
    for entry in node.entries() {
        list(entry.key(), found);
        list(entry.value(), found);
    }
    node.items().for_each(|item| list(item, found));
}

#[test]
fn collections_end_with_their_last_value() {
    check(
        "a:\n  - x   # c\n\n  # c\n\nb:\n  c: 1\n\n",
        &["a:\n  - x   # c\n\n  # c\n\nb:\n  c: 1", "a", "- x", "x", "b", "c: 1", "c", "1"],
    );
}

#[test]
fn a_sequence_starts_with_its_first_dash_in_the_column_of_its_key_too() {
    check("a: # - c\n- x\n- y\n", &["a: # - c\n- x\n- y", "a", "- x\n- y", "x", "y"]);
    check("a: &b-c\n- - x\n", &["a: &b-c\n- - x", "a", "- - x", "- x", "x"]);
    check("- - x\n  - y\n-   k: v\n", &["- - x\n  - y\n-   k: v", "- x\n  - y", "x", "y", "k: v", "k", "v"]);
}

#[test]
fn missing_values_are_right_behind_their_indicator() {
    check(
        "a: # c\nb:\n\n  # c\nc: &x # c\nd: !!str\n",
        &["a: # c\nb:\n\n  # c\nc: &x # c\nd: !!str", "a", "…a:", "b", "…b:", "c", "…c: &x", "d", "…d: !!str"],
    );
    check("- # c\n-\n\n- &x\n", &["- # c\n-\n\n- &x", "…-", "…-", "…- &x"]);
    check("{a, b: , c: d}", &["{a, b: , c: d}", "a", "…{a", "b", "…{a, b:", "c", "d"]);
    check("? a\n? b\n: c\n: d\n", &["? a\n? b\n: c\n: d", "a", "…? a", "b", "c", "…: c", "d"]);
    check("? a\n:] b: c\n", &["? a\n:] b: c", "a", "…? a", ":] b", "c"]);
    check("? a\n:&b : c\n", &["? a\n:&b : c", "a", "…? a", ":&b", "c"]);
    check("{? 'a' :, 'b':}", &["{? 'a' :, 'b':}", "'a'", "…{? 'a' :", "'b'", "…{? 'a' :, 'b':"]);
    check("---\n--- # c\n", &["…---", "…---"]);
}

#[test]
fn quotes_belong_to_a_scalar_and_blanks_do_not() {
    check(
        "a:  \"x\n  y\"  # c\nb: 'z'\t\nc: plain\n  more  \n\n",
        &["a:  \"x\n  y\"  # c\nb: 'z'\t\nc: plain\n  more", "a", "\"x\n  y\"", "b", "'z'", "c", "plain\n  more"],
    );
}

#[test]
fn block_scalars_range_from_their_header_to_their_last_line() {
    check(
        "a: !!str &b >- # | c\n\n\n  t | u\n\n   v\n\n\nb: |+\n\n\nc: |2\n    x\n",
        &[
            "a: !!str &b >- # | c\n\n\n  t | u\n\n   v\n\n\nb: |+\n\n\nc: |2\n    x",
            "a",
            ">- # | c\n\n\n  t | u\n\n   v",
            "b",
            "|+",
            "c",
            "|2\n    x",
        ],
    );
    check("- |\n x\n- >\n y", &["- |\n x\n- >\n y", "|\n x", ">\n y"]);
}

#[test]
fn anchors_and_tags_are_outside_a_node_and_inside_its_entry() {
    let text = "? &k key\n: !!str v\n&q r : &s {a: b}\n";
    check(text, &["? &k key\n: !!str v\n&q r : &s {a: b}", "key", "v", "r", "{a: b}", "a", "b"]);
    let parse = parse(text, Format::Yaml);
    let entries = parse.root().expect("there is one").entries();
    let sources: Vec<&str> = entries.map(|entry| &text[entry.range()]).collect();
    assert_eq!(sources, ["? &k key\n: !!str v", "&q r : &s {a: b}"]);
}

#[test]
fn a_question_mark_before_a_key_is_not_always_its_own() {
    let text = "a: b?\nc: d ?\n# e?\nf: g\n? h\n: [? i : j, k?, l]\n";
    let parse = parse(text, Format::Yaml);
    let entries = parse.root().expect("there is one").entries();
    let sources: Vec<&str> = entries.map(|entry| &text[entry.range()]).collect();
    assert_eq!(sources, ["a: b?", "c: d ?", "f: g", "? h\n: [? i : j, k?, l]"]);
}

#[test]
fn brackets_belong_to_a_collection_and_single_pairs_have_none() {
    check(
        "a: [ x , {y: z} , u: v , ]\n",
        &["a: [ x , {y: z} , u: v , ]", "a", "[ x , {y: z} , u: v , ]", "x", "{y: z}", "y", "z", "u: v", "u", "v"],
    );
}

#[test]
fn line_breaks_may_be_of_any_kind() {
    check(
        "a: 1\r\nb:\r\n  - 'x'\r\nc: |\r\n  t\r\nd:\r- y\r",
        &[
            "a: 1\r\nb:\r\n  - 'x'\r\nc: |\r\n  t\r\nd:\r- y",
            "a",
            "1",
            "b",
            "- 'x'",
            "'x'",
            "c",
            "|\r\n  t",
            "d",
            "- y",
            "y",
        ],
    );
}
