//! Taking an entry or an item out of a manifest, as an edit.

use deed_syntax::edit::Edit;
use deed_syntax::{Entry, Node, NodeKind, Parse, Step, TextRange, TextSize};

/// An edit that takes something out.
pub(crate) struct Removal {
    pub(crate) edit: Edit,
    /// Whether a comment goes with it, or stands right above it and stays behind.
    pub(crate) touches_comment: bool,
}

/// Returns the edit that removes the entry at a place, and with it each mapping around it that has no other entry.
///
/// `None` where it cannot be cut out: it has an anchor that others may refer to, or its lines hold something else as well.
pub(crate) fn entry(parse: &Parse, range: TextRange) -> Option<Removal> {
    let steps = parse.path_at(range.start());
    let at = steps.iter().position(|step| matches!(step, Step::Entry(entry) if entry.range() == range))?;
    let mut cut: Option<(Node<'_>, Entry<'_>)> = None;
    for step in steps[..=at].iter().rev() {
        let Step::Entry(entry) = step else { break };
        let mapping = entry.key().parent()?;
        cut = Some((mapping, *entry));
        if mapping.entries().nth(1).is_some() {
            break;
        }
    }
    let (mapping, entry) = cut?;
    if has_anchor(entry.key()) || has_anchor(entry.value()) {
        return None;
    }
    let NodeKind::Mapping { flow } = mapping.kind() else { return None };
    let ranges: Vec<_> = mapping.entries().map(|entry| entry.range()).collect();
    cut_out(parse, flow, &ranges, entry.range(), "")
}

/// Returns the edit that removes the item of a sequence at a place; `None` where it is no item or cannot be cut out.
pub(crate) fn item(parse: &Parse, range: TextRange) -> Option<Removal> {
    let steps = parse.path_at(range.start());
    let Some(Step::Item(_, item)) = steps.last() else { return None };
    if item.range() != range || has_anchor(*item) {
        return None;
    }
    let sequence = item.parent()?;
    let NodeKind::Sequence { flow } = sequence.kind() else { return None };
    let ranges: Vec<_> = sequence.items().map(|item| item.range()).collect();
    cut_out(parse, flow, &ranges, range, "-")
}

/// Cuts one of several neighbours out: its lines, or its part of a line with the comma. `mark` may stand before it.
fn cut_out(parse: &Parse, flow: bool, all: &[TextRange], one: TextRange, mark: &str) -> Option<Removal> {
    let text = parse.text();
    let at = all.iter().position(|range| *range == one)?;
    let range = if flow {
        match (at.checked_sub(1).map(|before| all[before]), all.get(at + 1)) {
            (Some(before), _) => TextRange::new(before.end(), one.end()),
            (None, Some(after)) => TextRange::new(one.start(), after.start()),
            (None, None) => one,
        }
    } else {
        let first = line_start(text, one.start().into());
        let end = usize::from(one.end());
        let last = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
        let rest = text[end..last].trim();
        let alone = text[first..usize::from(one.start())].trim() == mark && (rest.is_empty() || rest.starts_with('#'));
        if !alone || (mark == "-" && all.len() == 1) {
            return None;
        }
        TextRange::new(offset(first)?, offset(last)?)
    };
    let above = text[..line_start(text, range.start().into())].lines().next_back().unwrap_or_default();
    let inside = |comment: TextRange| range.intersect(comment).is_some_and(|both| !both.is_empty());
    let touches_comment = above.trim_start().starts_with('#') && !flow || parse.comments().any(inside);
    Some(Removal { edit: Edit { range, new_text: String::new() }, touches_comment })
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn offset(at: usize) -> Option<TextSize> {
    TextSize::try_from(at).ok()
}

fn has_anchor(node: Node<'_>) -> bool {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if node.anchor().is_some() {
            return true;
        }
        // An alias has no children of its own.
        if node.kind() != NodeKind::Alias {
            pending.extend(node.items().chain(node.entries().flat_map(|entry| [entry.key(), entry.value()])));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use deed_syntax::{Format, KeyPath, edit, parse};

    /// The text without the second entry of `risks`, and whether a comment is touched.
    fn without_second(text: &str) -> Option<(String, bool)> {
        let format = if text.starts_with('{') { Format::Json } else { Format::Yaml };
        let parse = parse(text, format);
        let risks = parse.node_at(&KeyPath::from_iter(["risks"]))?;
        let removal = super::entry(&parse, risks.entries().nth(1).or(risks.entries().next())?.range())?;
        Some((edit::apply(text, &[removal.edit]).expect("one edit"), removal.touches_comment))
    }

    #[test]
    fn an_entry_goes_with_its_lines_or_its_comma() {
        let cases = [
            ("risks:\n  a: 1\n  b:\n    c: 2\n  d: 3\n", "risks:\n  a: 1\n  d: 3\n", false),
            ("risks:\n  a: 1\n  b:\n    c: 2 # why\n", "risks:\n  a: 1\n", true),
            ("risks:\r\n  a: 1\r\n  b: 2\r\n", "risks:\r\n  a: 1\r\n", false),
            ("risks:\n  a: 1\n  # the second\n  b: 2", "risks:\n  a: 1\n  # the second\n", true),
            ("risks: { a: 1, b: 2, c: 3 }\n", "risks: { a: 1, c: 3 }\n", false),
            ("risks: { a: 1, b: 2 }\n", "risks: { a: 1 }\n", false),
            ("roles: {}\nrisks:\n  a: 1\n", "roles: {}\n", false),
            ("{\"risks\": {\n  \"a\": 1,\n  \"b\": 2\n}}", "{\"risks\": {\n  \"a\": 1\n}}", false),
        ];
        for (before, after, comment) in cases {
            assert_eq!(without_second(before), Some((after.to_owned(), comment)), "{before}");
        }
    }

    #[test]
    fn what_others_refer_to_stays() {
        assert_eq!(without_second("risks:\n  a: 1\n  b: &b 2\nroles: *b\n"), None);
    }

    #[test]
    fn an_item_goes_with_its_line_or_its_comma() {
        for (before, after) in [
            ("a: [x, y, z]\n", Some("a: [x, z]\n")),
            ("a:\n  - x\n  - y # why\n  - z\n", Some("a:\n  - x\n  - z\n")),
            ("a:\n- x\n- y\n", Some("a:\n- x\n")),
        ] {
            let parse = parse(before, Format::Yaml);
            let list = parse.node_at(&KeyPath::from_iter(["a"])).expect("a list");
            let removal = super::item(&parse, list.items().nth(1).expect("an item").range());
            let text = removal.map(|removal| edit::apply(before, &[removal.edit]).expect("one edit"));
            assert_eq!(text.as_deref(), after);
        }
    }
}
