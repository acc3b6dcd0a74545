//! Any text gives a tree and errors. What takes the square of its size would not end here.

use deed_syntax::{Format, MAX_LEN, Parse, SyntaxErrorKind, parse, parse_bytes};

#[path = "support/invariants.rs"]
mod invariants;

/// Parses, and checks what must hold.
#[track_caller]
fn read(text: &str, format: Format) -> Parse {
    let parse = parse(text, format);
    invariants::assert_invariants(&parse);
    parse
}

#[test]
fn nesting_has_a_limit_and_the_rest_is_read() {
    let n = 100_000;
    let flow = |open: &str, close: &str| format!("a: {}{}\nb: 1\n", open.repeat(n), close.repeat(n));
    let cases = [
        flow("[", "]"),
        flow("{a: ", "}"),
        flow("[", ""),
        flow("{", ""),
        format!("a:\n  {}x\nb: 1\n", "- ".repeat(n)),
        format!("a:\n  {}x\nb: 1\n", "? ".repeat(n)),
        format!("a: {}1{}\nb: 1\n", "[\n ".repeat(n), "\n ]".repeat(n)),
    ];
    for text in cases {
        let parse = read(&text, Format::Yaml);
        assert_eq!(parse.errors().len(), 1, "{:?}", parse.errors());
        assert_eq!(parse.errors()[0].kind, SyntaxErrorKind::Limit);
        let root = parse.root().expect("there is one");
        assert_eq!(root.get("b").and_then(|entry| entry.value().as_int()), Some(1));
    }
    let mut deep = String::from("a:\n");
    for depth in 1..600 {
        deep += &format!("{}a:\n", " ".repeat(depth));
    }
    let parse = read(&(deep + "b: 1\n"), Format::Yaml);
    assert_eq!(parse.errors().len(), 1, "{:?}", parse.errors());
    assert!(parse.root().expect("there is one").get("b").is_some());
}

#[test]
fn aliases_expand_only_so_far() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{items}]\n");
    }
    let parse = read(&text, Format::Yaml);
    assert!(parse.errors().iter().any(|error| error.kind == SyntaxErrorKind::Limit));
    fn walk(node: deed_syntax::Node<'_>) -> usize {
        1 + node.entries().map(|entry| walk(entry.value())).sum::<usize>() + node.items().map(walk).sum::<usize>()
    }
    assert!(walk(parse.root().expect("there is one")) < 2_000_000);
}

#[test]
fn an_alias_to_what_it_stands_in_is_an_error() {
    let parse = read("a: &x\n  b: *x\n", Format::Yaml);
    assert_eq!(parse.errors().len(), 1);
    assert_eq!(parse.errors()[0].kind, SyntaxErrorKind::Alias);
}

#[test]
fn an_error_in_the_middle_of_a_large_file_costs_one_line() {
    let mut text = String::new();
    for line in 0..30_000 {
        text += &if line == 15_000 { "  x: @y\n".to_owned() } else { format!("k{line}: v\n") };
    }
    let parse = read(&text, Format::Yaml);
    assert_eq!(parse.errors().len(), 1, "{:?}", parse.errors());
    assert!(parse.root().expect("there is one").entries().count() >= 29_999);
}

#[test]
fn thousands_of_errors_are_all_reported() {
    let mut text = String::from("controls:\n");
    for item in 0..1_000 {
        text += &format!("  - id: {item}\n    owner: @ada\n    title: \"unclosed\n    tags: [x, y]\n");
    }
    let parse = read(&text, Format::Yaml);
    assert_eq!(parse.errors().len(), 2_000);
    let controls = parse.root().and_then(|root| root.get("controls")).expect("it is there").value();
    assert_eq!(controls.items().count(), 1_000);
    assert!(controls.items().all(|item| item.entries().count() == 4));
}

#[test]
fn one_giant_line_is_read() {
    let items = vec!["abc"; 60_000].join(", ");
    assert_eq!(read(&format!("a: [{items}]\n"), Format::Yaml).errors(), []);
    assert_eq!(read(&format!("a: [{items}\nb: 1\n"), Format::Yaml).errors().len(), 1);
    assert_eq!(read(&format!("a: \"{items}\nb: 1\n"), Format::Yaml).errors().len(), 1);
    assert_eq!(read(&"a".repeat(3_000_000), Format::Yaml).errors(), []);
    assert_eq!(read(&"a: ".repeat(100_000), Format::Yaml).errors().len(), 1);
}

#[test]
fn errors_that_reach_far_are_not_read_over_and_over() {
    let quotes = format!("'x\n{}", " a: b\n".repeat(50)).repeat(200);
    assert!(!read(&quotes, Format::Yaml).errors().is_empty());
    let entries: String =
        (0..5_000).map(|i| format!("  k{i}: {},\n", if i % 100 == 50 { "@x" } else { "v" })).collect();
    let parse = read(&format!("a: {{\n{entries} }}\nb: 1\n"), Format::Yaml);
    assert!(parse.root().expect("there is one").get("b").is_some());
}

#[test]
fn a_text_that_is_too_long_is_one_error() {
    for format in [Format::Yaml, Format::Json] {
        let parse = parse_bytes(&vec![0; MAX_LEN + 1], format);
        assert_eq!(parse.errors().len(), 1);
        assert_eq!(parse.errors()[0].kind, SyntaxErrorKind::Limit);
        assert_eq!(parse.errors()[0].message, "the file has 536870913 bytes, the limit is 536870912");
        assert!(parse.root().is_none());
    }
}

#[test]
fn garbage_ends() {
    for format in [Format::Yaml, Format::Json] {
        for byte in 0..=255_u8 {
            invariants::assert_invariants(&parse_bytes(&[byte; 1_000], format));
            invariants::assert_invariants(&parse_bytes(&[byte, b'\n'].repeat(300), format));
            invariants::assert_invariants(&parse_bytes(&[byte, b' ', b'\n', b' '].repeat(300), format));
        }
    }
}
