//! Ranges are exactly a node's own text.

use deed_syntax::{Format, Node, NodeKind, parse};

/// Shows the tree, one node a line: its kind and its source.
fn show(text: &str) -> String {
    let parse = parse(text, Format::Yaml);
    assert_eq!(parse.errors(), []);
    let mut out = String::new();
    for root in parse.documents() {
        node(root, 0, &mut out);
    }
    out
}

fn node(at: Node<'_>, depth: usize, out: &mut String) {
    let kind = match at.kind() {
        NodeKind::Scalar(_) if at.is_missing() => "missing",
        NodeKind::Scalar(_) => "scalar",
        NodeKind::Mapping { .. } => "mapping",
        NodeKind::Sequence { .. } => "sequence",
        NodeKind::Alias => "alias",
    };
    let start = usize::from(at.range().start());
    *out += &format!("{}{kind} {start} {:?}\n", "  ".repeat(depth), at.source());
    if at.kind() == NodeKind::Alias {
        return;
    }
    for entry in at.entries() {
        node(entry.key(), depth + 1, out);
        node(entry.value(), depth + 1, out);
    }
    for item in at.items() {
        node(item, depth + 1, out);
    }
}

#[test]
fn collections_end_with_their_last_value() {
    let text = "a:\n  - x   # c\n\n  # c\n\nb:\n  c: 1\n\n";
    let expected = "mapping 0 \"a:\\n  - x   # c\\n\\n  # c\\n\\nb:\\n  c: 1\"
  scalar 0 \"a\"
  sequence 5 \"- x\"
    scalar 7 \"x\"
  scalar 23 \"b\"
  mapping 28 \"c: 1\"
    scalar 28 \"c\"
    scalar 31 \"1\"
";
    assert_eq!(show(text), expected);
}

#[test]
fn values_are_typed() {
    let parse = parse("a: 1\nb: '1'\nc: 2026-01-15\n", Format::Yaml);
    let root = parse.root().expect("there is one");
    let value = |key| root.get(key).expect("there is one").value();
    assert_eq!(value("a").as_int(), Some(1));
    assert_eq!(value("b").as_str(), Some("1"));
    assert_eq!(value("c").as_str(), Some("2026-01-15"));
}
