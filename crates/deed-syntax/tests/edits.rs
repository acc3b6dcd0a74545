//! Edits by example; `properties.rs` has them at random.

use deed_syntax::edit::{self, Edit, Place};
use deed_syntax::{Entry, Format, Node, TextRange, parse};

/// Makes an edit of the node at a path of keys.
#[track_caller]
fn check(text: &str, path: &[&str], edit: impl Fn(Node<'_>) -> Edit, expected: &str) {
    let format = if text.starts_with('{') && text.contains('"') { Format::Json } else { Format::Yaml };
    let parse = parse(text, format);
    let node = parse.node_at(&path.iter().copied().collect()).expect("the node is there");
    let found = edit::apply(text, &[edit(node)]).expect("one edit does not overlap");
    assert_eq!(found, expected);
}

fn entry(node: Node<'_>) -> Entry<'_> {
    let parent = node.parent().expect("it is a value");
    parent.entries().find(|entry| entry.value() == node).expect("it is a value")
}

#[test]
fn a_value_keeps_its_style() {
    check("a: b # c\n", &["a"], |node| edit::replace_scalar(node, "x"), "a: x # c\n");
    check("a: 'b'\n", &["a"], |node| edit::replace_scalar(node, "it's"), "a: 'it''s'\n");
    check("a: \"b\"\n", &["a"], |node| edit::replace_scalar(node, "x"), "a: \"x\"\n");
    check("a: |\n  b\n  c\nd: 1\n", &["a"], |node| edit::replace_scalar(node, "x\ny\n"), "a: |\n  x\n  y\nd: 1\n");
    check("{\"a\": 1}", &["a"], |node| edit::replace_scalar(node, "x"), "{\"a\": \"x\"}");
}

#[test]
fn a_value_is_quoted_where_it_has_to_be() {
    check("a: b\n", &["a"], |node| edit::replace_scalar(node, "true"), "a: \"true\"\n");
    check("a: b\n", &["a"], |node| edit::replace_scalar(node, "x: y"), "a: \"x: y\"\n");
    check("a: b\n", &["a"], |node| edit::replace_scalar(node, "x, y"), "a: x, y\n");
    check(
        "a: [b]\n",
        &["a"],
        |node| edit::replace_scalar(node.items().next().expect("one"), "x, y"),
        "a: [\"x, y\"]\n",
    );
    check("a: b\n", &["a"], |node| edit::replace_scalar(node, "2026-01-15"), "a: 2026-01-15\n");
    check("a: b\n", &["a"], |node| edit::replace_scalar(node, ""), "a: \"\"\n");
    check("a: 'b'\n", &["a"], |node| edit::replace_scalar(node, "x\ny"), "a: \"x\\ny\"\n");
}

#[test]
fn a_missing_value_is_filled_in() {
    check("a:\nb: 1\n", &["a"], |node| edit::replace_scalar(node, "x"), "a: x\nb: 1\n");
    check("a: # c\nb: 1\n", &["a"], |node| edit::replace_scalar(node, "x"), "a: x # c\nb: 1\n");
    check("a: &n\nb: 1\n", &["a"], |node| edit::replace_scalar(node, "x"), "a: &n x\nb: 1\n");
    check("a: {b, c: 1}\n", &["a", "b"], |node| edit::replace_scalar(node, "x"), "a: {b: x, c: 1}\n");
    let source = "by: ada\ndate: 2026-01-15";
    let expected = "r:\n  accepted:\n    by: ada\n    date: 2026-01-15\n  b: 1\n";
    check("r:\n  accepted:\n  b: 1\n", &["r", "accepted"], |node| edit::replace_value(node, source), expected);
}

#[test]
fn a_collection_can_be_replaced() {
    check("a:\n- b\n- c\nd: 1\n", &["a"], |node| edit::replace_value(node, "[x]"), "a:\n  [x]\nd: 1\n");
    check("a: {b: c}\nd: 1\n", &["a"], |node| edit::replace_value(node, "2026-01-15"), "a: 2026-01-15\nd: 1\n");
}

#[test]
fn a_key_is_renamed_in_its_style() {
    check("a: b\n", &["a"], |node| edit::rename_key(entry(node), "x"), "x: b\n");
    check("'a' : b\n", &["a"], |node| edit::rename_key(entry(node), "x y"), "'x y' : b\n");
    check("{\"a\": 1}", &["a"], |node| edit::rename_key(entry(node), "x"), "{\"x\": 1}");
    check("A.5.15: b\n", &["A.5.15"], |node| edit::rename_key(entry(node), "A.5.16"), "A.5.16: b\n");
}

#[test]
fn an_entry_goes_with_its_lines_and_its_comment() {
    let remove = |node: Node<'_>| edit::remove_entry(entry(node));
    check("a: 1\nb: # c\n  d: 2\n  e: 3 # f\n\ng: 4\n", &["b"], remove, "a: 1\n\ng: 4\n");
    check("a: 1\nb: 2", &["b"], remove, "a: 1");
    check("a: 1\r\nb: 2\r\n", &["a"], remove, "b: 2\r\n");
    check(
        "- a: 1\n  b: 2\n",
        &[],
        |node| remove(node.items().next().expect("one").get("a").expect("it").value()),
        "- b: 2\n",
    );
    check("x: {a: 1, b: 2}\n", &["x", "a"], remove, "x: {b: 2}\n");
    check("x: {a: 1, b: 2}\n", &["x", "b"], remove, "x: {a: 1}\n");
    check("x: {a: 1}\n", &["x", "a"], remove, "x: {}\n");
    check("x:\n  a: 1\ny: 1\n", &["x", "a"], remove, "x:\n  {}\ny: 1\n");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["b"], remove, "{\n  \"a\": 1\n}\n");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["a"], remove, "{\n  \"b\": 2\n}\n");
}

#[test]
fn an_item_goes_with_its_dash() {
    let remove = |index: usize| move |node: Node<'_>| edit::remove_item(node.items().nth(index).expect("it is there"));
    check("a:\n  - x # c\n  - y: 1\n    z: 2\n  - w\n", &["a"], remove(1), "a:\n  - x # c\n  - w\n");
    check("a:\n  - x # c\n  - y\n", &["a"], remove(0), "a:\n  - y\n");
    check("a:\n- x\nb: 1\n", &["a"], remove(0), "a:\n  []\nb: 1\n");
    check("a: [x, y]\n", &["a"], remove(0), "a: [y]\n");
    check("- - x\n  - y\n", &[], |node| remove(0)(node.items().next().expect("one")), "- - y\n");
}

#[test]
fn an_entry_is_added_in_the_manner_of_its_mapping() {
    let add = |place: Place<'static>| {
        move |node: Node<'_>| edit::insert_entry(node, place, "x", "1").expect("it is a mapping")
    };
    check("a:\n    b: 2 # c\n\nd: 3\n", &["a"], add(Place::End), "a:\n    b: 2 # c\n    x: 1\n\nd: 3\n");
    check("a: 1\nb:\n  c: 2\nd: 3\n", &[], add(Place::After("b")), "a: 1\nb:\n  c: 2\nx: 1\nd: 3\n");
    check("a: 1", &[], add(Place::End), "a: 1\nx: 1");
    check("a: {b: 1}\n", &["a"], add(Place::End), "a: {b: 1, x: 1}\n");
    check("a: {}\n", &["a"], add(Place::End), "a: {x: 1}\n");
    check("{\n  \"a\": 1\n}\n", &[], add(Place::End), "{\n  \"a\": 1,\n  \"x\": 1\n}\n");
    check("a: |+\n  t\n\n\n", &[], add(Place::End), "a: |+\n  t\n\n\nx: 1\n");
    let decision = |node: Node<'_>| edit::insert_entry(node, Place::End, "held", "by: a\ndate: b").expect("it fits");
    check("r:\n  a: 1\ns: 1\n", &["r"], decision, "r:\n  a: 1\n  held:\n    by: a\n    date: b\ns: 1\n");
}

#[test]
fn an_item_is_added_in_the_manner_of_its_sequence() {
    let add = |node: Node<'_>| edit::append_item(node, "x").expect("it is a sequence");
    check("a:\n- b\nc: 1\n", &["a"], add, "a:\n- b\n- x\nc: 1\n");
    check("a: [b]\n", &["a"], add, "a: [b, x]\n");
    check("a: []\n", &["a"], add, "a: [x]\n");
    check("a: [\n  b\n  ]\n", &["a"], add, "a: [\n  b,\n  x\n  ]\n");
    let two = |node: Node<'_>| edit::append_item(node, "k: v\nl: w").expect("it fits");
    check("a:\n  - b\n", &["a"], two, "a:\n  - b\n  - k: v\n    l: w\n");
}

#[test]
fn what_does_not_fit_is_no_edit() {
    let parse = parse("a: {b: 1}\nc: &x [1]\nd: *x\n", Format::Yaml);
    let root = parse.root().expect("there is one");
    let at = |key: &str| root.get(key).expect("it is there").value();
    assert_eq!(edit::insert_entry(at("a"), Place::End, "x", "y: 1\nz: 2"), None);
    assert_eq!(edit::insert_entry(at("c"), Place::End, "x", "1"), None);
    assert_eq!(edit::append_item(at("d"), "1"), None);
}

#[test]
fn edits_apply_in_any_order_but_not_on_top_of_each_other() {
    let range = |start: u32, end: u32| TextRange::new(start.into(), end.into());
    let edits = [Edit::replace(range(3, 4), "y"), Edit::remove(range(0, 1)), Edit::insert(3.into(), "+")];
    assert_eq!(edit::apply("abcdé", &edits).as_deref(), Ok("bc+yé"));
    assert!(edit::apply("abc", &[Edit::remove(range(0, 2)), Edit::remove(range(1, 3))]).is_err());
    assert!(edit::apply("abc", &[Edit::remove(range(2, 9))]).is_err());
    assert!(edit::apply("é", &[Edit::remove(range(1, 2))]).is_err());
}
