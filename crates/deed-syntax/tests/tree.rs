//! The tree as its users see it: look-ups, paths, merge keys, aliases, documents.

use deed_syntax::{
    Format, KeyPath, Node, NodeKind, Parse, ScalarStyle, Segment, Step, SyntaxErrorKind, TextSize, Value, parse,
};

fn yaml(text: &str) -> Parse {
    let parse = parse(text, Format::Yaml);
    assert_eq!(parse.errors(), []);
    parse
}

fn names(node: Node<'_>) -> Vec<&str> {
    node.fields().filter_map(|entry| entry.name()).collect()
}

fn text<'t>(node: Node<'t>, key: &str) -> Option<&'t str> {
    node.get(key)?.value().scalar_text()
}

const MANIFEST: &str = "\
controls:
  A.5.15:
    owner: head-of-it
    evidence:
      - path: a.pdf
        date: 2026-07-01
      - { path: b.pdf }
";

#[test]
fn scalars_are_typed_and_dates_stay_text() {
    let parse = yaml("a: 1\nb: '1'\nc: 2026-01-15\nd:\ne: 0x10\nf: yes\ng: !!str 12\nh: 1.5\ni: True\n");
    let root = parse.root().expect("there is one");
    let value = |key: &str| root.get(key).and_then(|entry| entry.value().value());
    assert_eq!(value("a"), Some(Value::Int(1)));
    assert_eq!(value("b"), Some(Value::Str("1")));
    assert_eq!(value("c"), Some(Value::Str("2026-01-15")));
    assert_eq!(value("d"), Some(Value::Null));
    assert_eq!(value("e"), Some(Value::Int(16)));
    assert_eq!(value("f"), Some(Value::Str("yes")));
    assert_eq!(value("g"), Some(Value::Str("12")));
    assert_eq!(value("h"), Some(Value::Float(1.5)));
    assert_eq!(value("i"), Some(Value::Bool(true)));
    assert!(root.get("d").is_some_and(|entry| entry.value().is_missing()));
    assert_eq!(root.value(), None);
}

#[test]
fn a_node_knows_its_path_and_is_found_by_it() {
    let parse = yaml(MANIFEST);
    let keys = |keys: &[&str]| keys.iter().map(|key| Segment::Key((*key).to_owned())).collect::<Vec<_>>();
    let mut path = KeyPath(keys(&["controls", "A.5.15", "evidence"]));
    path.0.push(Segment::Index(1));
    path.0.extend(keys(&["path"]));
    assert_eq!(path.to_string(), "controls.A.5.15.evidence[1].path");
    let node = parse.node_at(&path).expect("it is there");
    assert_eq!(node.as_str(), Some("b.pdf"));
    assert_eq!(node.path(), path);
    path.0.push(Segment::Index(0));
    assert_eq!(parse.node_at(&path), None);
}

#[test]
fn odd_keys_are_quoted_in_paths() {
    let path: KeyPath = ["a b", "", "x.y", "say \"hi\"", "é"].into_iter().collect();
    assert_eq!(path.to_string(), r#""a b"."".x.y."say \"hi\"".é"#);
}

/// The way to a marked offset, in words.
fn way(marked: &str) -> String {
    let at = marked.find('^').expect("it is marked");
    let parse = yaml(&marked.replacen('^', "", 1));
    let steps = parse.path_at(TextSize::new(u32::try_from(at).expect("it is short")));
    let words = steps.into_iter().map(|step| match step {
        Step::Entry(entry) => entry.name().unwrap_or("?").to_owned(),
        Step::Item(index, _) => format!("[{index}]"),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_offset_leads_to_the_innermost_entry() {
    assert_eq!(way("a: 1\nb:\n  c: ^d\n"), "b c");
    assert_eq!(way("a: 1\nb:\n  c: d^\n"), "b c");
    assert_eq!(way("a: 1\n^b:\n  c: d\n"), "b");
    assert_eq!(way("a:^\nb:\n  c: d\n"), "a");
    assert_eq!(way("a:\n  - x\n  - k: v^v\n"), "a [1] k");
    assert_eq!(way("a: [x,^y]\n"), "a [1]");
    assert_eq!(way("a: {b: &x ^c}\n"), "a b");
    assert_eq!(way("a: 1\n\n^\nb: 2\n"), "");
    assert_eq!(way("a: 1\n---\nb:\n- ^c\n"), "b [0]");
}

#[test]
fn own_keys_win_over_merged_ones_and_earlier_merges_over_later() {
    let parse = yaml(
        "x: &x {a: x, b: x, c: x}\ny: &y {b: y, c: y, d: y}\nz:\n  <<: [*y, *x]\n  c: own\nw:\n  <<: *x\nquoted: {'<<': *x}\n",
    );
    let root = parse.root().expect("there is one");
    let at = |key: &str| root.get(key).expect("it is there").value();
    let z = at("z");
    assert_eq!(names(z), ["c", "b", "d", "a"]);
    assert_eq!(text(z, "c"), Some("own"));
    assert_eq!(text(z, "b"), Some("y"));
    assert_eq!(text(z, "a"), Some("x"));
    assert_eq!(z.entries().count(), 2);
    assert_eq!(names(at("w")), ["a", "b", "c"]);
    assert_eq!(names(at("quoted")), ["<<"]);
}

#[test]
fn merges_go_through_merges_and_end_in_circles() {
    let parse = yaml(
        "a: &a {k: 1}\nb: &b {<<: *a, l: 2}\nc: {<<: *b, <<: *b, m: 3}\n"
            .replacen("<<: *b, <<: *b", "<<: [*b, *b]", 1)
            .as_str(),
    );
    let c = parse.root().and_then(|root| root.get("c")).expect("it is there").value();
    assert_eq!(names(c), ["m", "l", "k"]);
    let circle = deed_syntax::parse("a: &a\n  <<: *a\n  k: 1\n", Format::Yaml);
    assert_eq!(circle.errors()[0].kind, SyntaxErrorKind::Alias);
    assert_eq!(names(circle.root().and_then(|root| root.get("a")).expect("it is there").value()), ["k"]);
}

#[test]
fn aliases_are_followed_except_by_kind_and_range() {
    let parse = yaml("a: &x [1, 2]\nb: *x\nc: &x y\nd: *x\n");
    let root = parse.root().expect("there is one");
    let at = |key: &str| root.get(key).expect("it is there").value();
    assert_eq!(at("b").kind(), NodeKind::Alias);
    assert_eq!(at("b").source(), "*x");
    assert!(at("b").is_sequence());
    assert_eq!(at("b").items().count(), 2);
    assert_eq!(at("b").resolve(), at("a"));
    assert_eq!(at("d").as_str(), Some("y"));
    assert_eq!(at("a").anchor(), Some("x"));
}

#[test]
fn anchors_end_with_their_document() {
    let parse = parse("a: &x 1\n---\nb: *x\n", Format::Yaml);
    assert_eq!(parse.errors().len(), 1);
    assert_eq!(parse.errors()[0].kind, SyntaxErrorKind::Alias);
    let second = parse.documents().nth(1).expect("there are two");
    let alias = second.get("b").expect("it is there").value();
    assert_eq!((alias.value(), alias.resolve()), (None, alias));
}

#[test]
fn the_first_of_equal_keys_counts_and_both_are_there() {
    let parse = parse("a: 1\n\"\\x61\": 2\nb: 3\n", Format::Yaml);
    let root = parse.root().expect("there is one");
    assert_eq!(root.entries().count(), 3);
    assert_eq!(root.get("a").and_then(|entry| entry.value().as_int()), Some(1));
    assert_eq!(names(root), ["a", "b"]);
    let [error] = parse.errors() else { panic!("{:?}", parse.errors()) };
    assert_eq!(error.kind, SyntaxErrorKind::DuplicateKey);
    assert_eq!(&parse.text()[error.range], "\"\\x61\"");
    assert_eq!(error.related.as_ref().map(|(range, _)| &parse.text()[*range]), Some("a"));
}

#[test]
fn documents_are_read_one_by_one() {
    let parse = yaml("# nothing\n---\na: 1\n...\n---\n- b\n---\n---\nc\n");
    let kinds: Vec<NodeKind> = parse.documents().map(Node::kind).collect();
    let scalar = NodeKind::Scalar(ScalarStyle::Plain);
    assert_eq!(kinds, [NodeKind::Mapping { flow: false }, NodeKind::Sequence { flow: false }, scalar, scalar]);
    assert_eq!(parse.root().map(Node::source), Some("a: 1"));
}

#[test]
fn nothing_has_no_root() {
    for text in ["", "\n\n", "# only\n", "\u{feff}", "   "] {
        assert!(yaml(text).root().is_none(), "{text:?}");
    }
}

#[test]
fn comments_are_listed_in_order() {
    let text = "# a\nb: 1 # c\n\nd: | # e\n  # not one\n  text\nf: [ # g\n  1 ]\n#h";
    let parse = yaml(text);
    let comments: Vec<&str> = parse.comments().map(|range| &text[range]).collect();
    assert_eq!(comments, ["# a", "# c", "# e", "# g", "#h"]);
}

#[test]
fn a_byte_order_mark_is_skipped_and_offsets_stay_true() {
    let parse = yaml("\u{feff}a: 1\n");
    let entry = parse.root().and_then(|root| root.get("a")).expect("it is there");
    assert_eq!(u32::from(entry.range().start()), 3);
    let broken = deed_syntax::parse("\u{feff}a: @b\nc: 1\n", Format::Yaml);
    assert_eq!(broken.errors().len(), 1);
    assert_eq!(names(broken.root().expect("there is one")), ["a", "c"]);
}

#[test]
fn a_parse_can_be_shared_between_threads() {
    fn is_shareable<T: Send + Sync>(_: &T) {}
    is_shareable(&yaml("a: 1\n"));
}
