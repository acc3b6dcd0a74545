//! Edits of one node: another value, another name.

use crate::Format;
use crate::edit::quote::{Context, styled};
use crate::edit::{Edit, collection};
use crate::entry::Entry;
use crate::tree::{Node, NodeKind, ScalarStyle};

/// Gives a node a text as its value. The style stays if it can hold the text; an anchor or tag stays. Whatever else
/// the node was, an alias or a collection, it is a scalar then.
#[must_use]
pub fn replace_scalar(node: Node<'_>, text: &str) -> Edit {
    let style = match node.kind() {
        NodeKind::Scalar(style) => style,
        _ => ScalarStyle::Plain,
    };
    if let (ScalarStyle::Literal | ScalarStyle::Folded, true) = (style, fits_block(text)) {
        return Edit::replace(node.range(), literal(node, text));
    }
    put(node, &styled(text, style, context(node)))
}

/// Gives a node a value that is written down already, such as a date, a number or a collection in brackets. Lines
/// behind the first are indented as the place needs it. That the source is right is the caller's business.
#[must_use]
pub fn replace_value(node: Node<'_>, source: &str) -> Edit {
    put(node, source)
}

/// Gives an entry another key. The style stays if it can hold the name.
#[must_use]
pub fn rename_key(entry: Entry<'_>, name: &str) -> Edit {
    let key = entry.key();
    let style = match key.kind() {
        NodeKind::Scalar(style @ (ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)) => style,
        _ => ScalarStyle::Plain,
    };
    let mut name = styled(name, style, context(key));
    if key.is_missing() {
        // `: value` and `? : value` alike: the colon follows, maybe behind a blank.
        let before = &key.parse().text()[..key.range().end().into()];
        if before.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '{' | '[' | ',')) {
            name.insert(0, ' ');
        }
        if !key.parse().text()[key.range().end().into()..].starts_with([' ', ':', '\n', '\r']) {
            name.push(' ');
        }
    }
    Edit::replace(key.range(), name)
}

/// The place of a node, as far as quoting goes.
pub(super) fn context(node: Node<'_>) -> Context {
    let flow =
        |node: Node<'_>| matches!(node.kind(), NodeKind::Mapping { flow: true } | NodeKind::Sequence { flow: true });
    let flow = std::iter::successors(node.parent(), |node| node.parent()).any(flow);
    Context { format: node.parse().format(), flow }
}

fn put(node: Node<'_>, source: &str) -> Edit {
    let text = node.parse().text();
    let range = node.range();
    let indent = collection::indent_of_value(node);
    let source = collection::indented(source, indent, text);
    if !node.is_missing() {
        return Edit::replace(range, format!("{}{source}", " ".repeat(collection::pad_of_inline(node))));
    }
    let before = &text[..range.end().into()];
    let after = &text[range.end().into()..];
    let mut new_text = String::new();
    let entry = node.parent().and_then(|parent| parent.entries().find(|entry| entry.value() == node));
    let key = entry.map(Entry::key).filter(|key| key.range().end() == range.end());
    if let Some(key) = key.filter(|_| !has_properties(node)) {
        // A key alone, `{a}` or `? a`: there is no colon yet.
        let parent = node.parent().map(Node::kind);
        if matches!(parent, Some(NodeKind::Mapping { flow: false })) {
            new_text = format!("{}{}:", collection::line_break(text), " ".repeat(indent.saturating_sub(2)));
        } else {
            // Behind a name or a tag the colon would be part of it.
            new_text.push_str(if key.is_missing() || key.kind() == NodeKind::Alias { " :" } else { ":" });
        }
    }
    let multi_line = source.contains('\n') && !matches!(source.as_bytes().first(), Some(b'|' | b'>'));
    if multi_line && node.parse().format() == Format::Yaml {
        new_text.push_str(collection::line_break(text));
        new_text.push_str(&" ".repeat(indent));
    } else if !before.is_empty() && !before.ends_with([' ', '\n']) || !new_text.is_empty() {
        new_text.push(' ');
    }
    new_text.push_str(&source);
    if after.starts_with(|c: char| !c.is_whitespace() && !matches!(c, ',' | ']' | '}')) {
        new_text.push(' ');
    }
    Edit::insert(range.end(), new_text)
}

fn has_properties(node: Node<'_>) -> bool {
    node.full_start() < node.range().start() || node.anchor().is_some() || node.tag().is_some()
}

/// Says whether a text can be a block scalar of several lines without an indentation indicator.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with("\n\n")
        && text.lines().all(|line| line.trim() != "" || line.is_empty())
        && text.chars().all(|c| c == '\n' || matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FEFE}'))
}

/// Writes a text as a block scalar in the place of another.
fn literal(node: Node<'_>, text: &str) -> String {
    let source = node.source();
    let content = source.lines().skip(1).find(|line| !line.trim().is_empty());
    let indent = content.map(|line| line.len() - line.trim_start_matches(' ').len()).filter(|indent| *indent > 0);
    let indent = " ".repeat(indent.unwrap_or_else(|| collection::indent_of_value(node)));
    let line_break = collection::line_break(node.parse().text());
    let mut out = String::from(if text.ends_with('\n') { "|" } else { "|-" });
    for line in text.lines() {
        out.push_str(line_break);
        if !line.is_empty() {
            out.push_str(&indent);
            out.push_str(line);
        }
    }
    out
}
