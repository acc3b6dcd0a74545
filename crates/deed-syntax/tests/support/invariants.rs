//! What holds for every parse, whatever the text. Used by the tests and by the fuzz target.

use deed_syntax::{Node, NodeKind, Parse, TextRange};

/// Panics when something does not hold.
pub(crate) fn assert_invariants(parse: &Parse) {
    let text = parse.text();
    let inside = |range: TextRange| {
        assert!(text.get(range.start().into()..range.end().into()).is_some(), "{range:?} is not in the text");
    };
    let mut count = 0;
    let mut end = 0.into();
    for root in parse.documents() {
        assert!(root.parent().is_none());
        assert!(root.range().start() >= end, "documents follow one another");
        end = root.range().end();
        assert_node(root, &mut count);
    }
    for pair in parse.errors().windows(2) {
        assert!(pair[0].range.start() <= pair[1].range.start(), "errors are sorted");
    }
    for error in parse.errors() {
        inside(error.range);
        error.related.iter().for_each(|(range, _)| inside(*range));
        assert!(!error.message.is_empty());
    }
    let mut end = 0.into();
    for comment in parse.comments() {
        inside(comment);
        assert!(comment.start() >= end, "comments are sorted");
        end = comment.end();
        assert!(text[comment].starts_with('#') && !text[comment].contains(['\n', '\r']));
    }
}

fn assert_node(node: Node<'_>, count: &mut usize) {
    *count += 1;
    let range = node.range();
    assert!(node.parse().text().get(range.start().into()..range.end().into()).is_some());
    assert_eq!(node.is_missing(), range.is_empty() && matches!(node.kind(), NodeKind::Scalar(_)), "{node:?}");
    match node.kind() {
        NodeKind::Scalar(_) => {
            assert!(node.value().is_some() && node.scalar_text().is_some());
        }
        NodeKind::Alias => {
            let target = node.resolve();
            assert!(target == node || target.id() < node.id(), "aliases point back");
        }
        NodeKind::Mapping { .. } => {
            let mut end = range.start();
            for entry in node.entries() {
                let (key, value) = (entry.key(), entry.value());
                assert!(key.is_key() && !value.is_key());
                assert!(entry.range().start() >= end, "entries follow one another");
                assert!(key.range().end() <= value.range().start(), "a value is behind its key");
                end = entry.range().end();
                for child in [key, value] {
                    assert_child(node, child, count);
                }
            }
            assert!(end <= range.end());
        }
        NodeKind::Sequence { .. } => {
            let mut end = range.start();
            for item in node.items() {
                assert!(item.range().start() >= end, "items follow one another");
                end = item.range().end();
                assert_child(node, item, count);
            }
        }
    }
}

fn assert_child(parent: Node<'_>, child: Node<'_>, count: &mut usize) {
    assert_eq!(child.parent(), Some(parent));
    assert!(parent.range().contains_range(child.range()), "{child:?} is not inside {parent:?}");
    assert_node(child, count);
}
