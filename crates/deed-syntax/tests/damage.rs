//! What of a broken text is not in the tree is known, and what follows from a mistake is not reported beside it.

use deed_syntax::{Format, KeyPath, Parse, TextSize, parse};

fn broken(parse: &Parse) -> Vec<&str> {
    parse.damage().iter().map(|range| &parse.text()[*range]).collect()
}

#[track_caller]
fn check(text: &str, format: Format, expected: &[&str]) {
    let parse = parse(text, format);
    assert_eq!(broken(&parse), expected, "{:?}", parse.errors());
}

#[test]
fn a_good_text_has_no_damage() {
    check("a: &x 1 # comment\nb: !!str x\ne: *x\n--- # more\nc: |\n  d\n", Format::Yaml, &[]);
    check("{ \"a\": [1, true] }", Format::Json, &[]);
    check("a: 1\na: 2\n", Format::Yaml, &[]);
}

#[test]
fn damage_is_the_line_of_an_error_and_what_is_lost() {
    check("a:\n  b: 1\n  c d\n  e: 2\n", Format::Yaml, &["c d"]);
    check("a:\n    b: 1\n  c: 2\n  d: 3\n", Format::Yaml, &["b: 1", "c: 2"]);
    check("a: 1\n<<<<<<< x\nb: 2\n=======\nb: 3\n>>>>>>> y\n", Format::Yaml, &["<<<<<<< x", "b: 3\n>>>>>>> y"]);
}

#[test]
fn behind_a_bracket_that_closes_too_much_nothing_is_certain() {
    check("{\n \"a\": {\n  \"b\": 1 } },\n  \"c\": 2\n }\n}\n", Format::Json, &["\"b\": 1 } },\n  \"c\": 2\n }\n}\n"]);
}

#[test]
fn a_mapping_is_cut_short_by_what_is_lost_in_it_or_behind_it() {
    let parse = parse("a:\n  b: { c: 1 }\n  d e\n  f: { g: 1 }\nh: { i: 1 }\n", Format::Yaml);
    let is_cut_short = |path: &[&str]| {
        let path: KeyPath = path.iter().copied().collect();
        parse.node_at(&path).expect("a node").is_cut_short()
    };
    assert!(is_cut_short(&["a"]) && is_cut_short(&["a", "b"]));
    assert!(!is_cut_short(&["a", "f"]) && !is_cut_short(&["h"]));
}

#[test]
fn what_stands_in_brackets_that_are_not_closed_is_astray() {
    let text = "a: { b: [x, c: 1,\n     d: 2 }\ne: { f: 3 }\n";
    let parse = parse(text, Format::Yaml);
    let offsets = ["d", "f"].map(|key| TextSize::of(&text[..text.find(key).expect("a key")]));
    assert_eq!(parse.astray(&offsets), [true, false]);
}

#[test]
fn equal_keys_with_damage_between_them_may_be_of_two_mappings() {
    let count = |text: &str| parse(text, Format::Yaml).errors().len();
    assert_eq!(count("R-1:\n  a: 1\n\tR-2:\n  a: 2\n"), 1);
    assert_eq!(count("R-1:\n  a: 1\n  a: 2\nR-2 x\n"), 2);
}

#[test]
fn an_anchor_on_a_broken_line_is_not_missing() {
    let parse = parse("x:\n\ta: &all [1]\nb: *all\nc: *none\n", Format::Yaml);
    let messages: Vec<_> = parse.errors().iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["a tab is used for indentation", "there is no anchor `&none` before this alias"]);
}
