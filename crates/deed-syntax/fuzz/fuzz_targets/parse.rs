//! Any bytes, in both notations: what must hold for every parse holds, and edits of what is read without errors read
//! back as what they wrote.
#![no_main]

use deed_syntax::edit::{self, Edit};
use deed_syntax::{Format, Node, NodeKind, Parse, parse, parse_bytes};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/invariants.rs"]
mod invariants;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Yaml, Format::Json] {
        let parse = parse_bytes(bytes, format);
        invariants::assert_invariants(&parse);
        if let Ok(text) = std::str::from_utf8(bytes) {
            assert!(parse.text() == text || parse.text().is_empty());
        }
        if parse.errors().is_empty() {
            assert_edits(&parse);
        }
    }
});

/// Replaces and removes each of the first nodes.
fn assert_edits(parse: &Parse) {
    let mut nodes = Vec::new();
    parse.documents().for_each(|root| collect(root, &mut nodes));
    if nodes.len() > 200 {
        return;
    }
    for (index, node) in nodes.iter().enumerate().take(40) {
        if node.is_key() {
            continue;
        }
        let after = apply(parse, edit::replace_scalar(*node, "x y"));
        let mut found = Vec::new();
        after.documents().for_each(|root| collect(root, &mut found));
        let context = (parse.text(), after.text());
        // An alias to what was replaced is broken now, and only that.
        let broken = |message: &str| message.contains("no anchor") || message.contains("stands inside");
        assert!(after.errors().iter().all(|error| broken(&error.message)), "{:?} {context:?}", after.errors());
        let value = found.get(index).and_then(|node| node.scalar_text());
        assert_eq!(value, Some("x y"), "{context:?}");
        let inside = nodes.iter().skip(index + 1).take_while(|other| is_inside(**other, *node)).count();
        assert_eq!(found.len(), nodes.len() - inside, "{context:?}");
    }
}

fn is_inside(node: Node<'_>, around: Node<'_>) -> bool {
    std::iter::successors(node.parent(), |node| node.parent()).any(|node| node == around)
}

/// All nodes in document order.
fn collect<'t>(node: Node<'t>, nodes: &mut Vec<Node<'t>>) {
    nodes.push(node);
    if node.kind() == NodeKind::Alias {
        return;
    }
    for entry in node.entries() {
        collect(entry.key(), nodes);
        collect(entry.value(), nodes);
    }
    node.items().for_each(|item| collect(item, nodes));
}

fn apply(before: &Parse, edit: Edit) -> Parse {
    let text = edit::apply(before.text(), &[edit]).expect("one edit does not overlap");
    parse(text, before.format())
}
