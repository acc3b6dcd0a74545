//! Edits of mappings and sequences: entries and items come and go.

use text_size::{TextRange, TextSize};

use crate::edit::Edit;
use crate::edit::quote::styled;
use crate::edit::scalar::context;
use crate::entry::Entry;
use crate::tree::{Node, NodeKind, ScalarStyle};

/// Where a new entry goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place<'a> {
    /// Behind the last entry.
    End,
    /// Behind the entry of that name; behind the last when there is none.
    After(&'a str),
}

/// Adds an entry to a mapping. The value is source, as in [`replace_value`](super::replace_value). `None` when the node
/// is not a mapping, an alias included, or the value does not fit: several lines into braces on one line.
#[must_use]
pub fn insert_entry(mapping: Node<'_>, place: Place<'_>, key: &str, value: &str) -> Option<Edit> {
    let NodeKind::Mapping { flow } = mapping.kind() else { return None };
    let mut context = context(mapping);
    context.flow |= flow;
    let key = styled(key, ScalarStyle::Plain, context);
    let named = match place {
        Place::After(name) => mapping.entries().find(|entry| entry.name() == Some(name)),
        Place::End => None,
    };
    let before = named.or_else(|| mapping.entries().last()).map(|entry| (entry.range(), entry.value()));
    if flow {
        return flow_insert(mapping, before.map(|(range, _)| range), &format!("{key}: {value}"));
    }
    let (range, last) = before?;
    let text = mapping.parse().text();
    let indent = column(text, mapping.range().start());
    let value = indented(value, indent + 2, text);
    let nested = value.contains('\n') && !value.starts_with(['|', '>']);
    let break_or_blank =
        if nested { format!("{}{}", line_break(text), " ".repeat(indent + 2)) } else { " ".to_owned() };
    Some(new_line(text, range.end(), last, indent, &format!("{key}:{break_or_blank}{value}")))
}

/// Adds an item at the end of a sequence. The value is source, as in [`replace_value`](super::replace_value). `None` when
/// the node is not a sequence, an alias included, or the value does not fit: several lines into brackets on one line.
#[must_use]
pub fn append_item(sequence: Node<'_>, value: &str) -> Option<Edit> {
    let NodeKind::Sequence { flow } = sequence.kind() else { return None };
    let last = sequence.items().last();
    if flow {
        return flow_insert(sequence, last.map(Node::range), value);
    }
    let last = last?;
    let text = sequence.parse().text();
    let indent = column(text, sequence.range().start());
    let value = indented(value, indent + 2, text);
    Some(new_line(text, last.range().end(), last, indent, &format!("- {value}")))
}

/// Removes an entry: its lines with the comment at their end, or its part between braces with its comma. The only
/// entry of a mapping leaves `{}`.
#[must_use]
pub fn remove_entry(entry: Entry<'_>) -> Edit {
    let Some(mapping) = entry.key().parent() else { return Edit::remove(entry.range()) };
    let entries: Vec<Entry<'_>> = mapping.entries().collect();
    let index = entries.iter().position(|other| *other == entry).unwrap_or(0);
    let ranges = |index: usize| entries.get(index).map(|entry| entry.range());
    let neighbours = Neighbours {
        collection: mapping,
        own: entry.range(),
        before: index.checked_sub(1).and_then(ranges),
        after: ranges(index + 1),
    };
    neighbours.remove("{}")
}

/// Removes an item of a sequence: its lines with the comment at their end, or its part between brackets with its
/// comma. The only item leaves `[]`.
#[must_use]
pub fn remove_item(item: Node<'_>) -> Edit {
    let Some(sequence) = item.parent() else { return Edit::remove(item.range()) };
    let items: Vec<Node<'_>> = sequence.items().collect();
    let index = items.iter().position(|other| *other == item).unwrap_or(0);
    let block = matches!(sequence.kind(), NodeKind::Sequence { flow: false });
    let ranges = |index: usize| {
        let item = items.get(index)?;
        let start = if block { dash_before(sequence, &items, index) } else { item.full_start() };
        Some(TextRange::new(start.min(item.range().end()), item.range().end()))
    };
    let neighbours = Neighbours {
        collection: sequence,
        own: ranges(index).unwrap_or(item.range()),
        before: index.checked_sub(1).and_then(ranges),
        after: ranges(index + 1),
    };
    neighbours.remove("[]")
}

/// What is removed, and what stands around it.
struct Neighbours<'t> {
    collection: Node<'t>,
    own: TextRange,
    before: Option<TextRange>,
    after: Option<TextRange>,
}

impl Neighbours<'_> {
    fn remove(&self, empty: &str) -> Edit {
        let text = self.collection.parse().text();
        let source = self.collection.source();
        let flow =
            matches!(self.collection.kind(), NodeKind::Mapping { flow: true } | NodeKind::Sequence { flow: true });
        if flow && source.starts_with(['[', '{']) {
            return self.remove_from_flow(text);
        }
        if self.before.is_none() && self.after.is_none() {
            let pad = " ".repeat(pad_of_inline(self.collection));
            return Edit::replace(self.own, format!("{pad}{empty}"));
        }
        let start = line_start(text, self.own.start());
        let end = line_end(text, self.own.end());
        let first_on_line = text[start.into()..self.own.start().into()].trim().is_empty();
        if !first_on_line {
            // Behind a dash: what follows moves up to it.
            let rest = &text[end.into()..];
            let blank = rest.len() - rest.trim_start().len();
            return Edit::remove(TextRange::new(self.own.start(), end + size(blank)));
        }
        let rest = &text[end.into()..];
        let newline = rest.len() - rest.strip_prefix("\r\n").or(rest.strip_prefix(['\n', '\r'])).unwrap_or(rest).len();
        if newline > 0 {
            return Edit::remove(TextRange::new(start, end + size(newline)));
        }
        // The last line of the text has no line break to take along: take the one before.
        let before = &text[..start.into()];
        let kept = before.strip_suffix("\r\n").or(before.strip_suffix(['\n', '\r'])).unwrap_or(before);
        Edit::remove(TextRange::new(TextSize::of(kept), end))
    }

    fn remove_from_flow(&self, text: &str) -> Edit {
        if let Some(after) = self.after {
            let between = &text[self.own.end().into()..after.start().into()];
            if !between.contains(['#', '/']) {
                return Edit::remove(TextRange::new(self.own.start(), after.start()));
            }
            let comma = between.find(',').map_or(0, |comma| comma + 1);
            return Edit::remove(TextRange::new(self.own.start(), self.own.end() + size(comma)));
        }
        if let Some(before) = self.before {
            return Edit::remove(TextRange::new(before.end(), self.own.end()));
        }
        let rest = &text[self.own.end().into()..];
        let comma = rest.trim_start().strip_prefix(',').map_or(0, |after| rest.len() - after.len());
        Edit::remove(TextRange::new(self.own.start(), self.own.end() + size(comma)))
    }
}

/// Finds the dash of an item in a block sequence.
fn dash_before(sequence: Node<'_>, items: &[Node<'_>], index: usize) -> TextSize {
    let Some(before) = index.checked_sub(1) else { return sequence.range().start() };
    let text = sequence.parse().text();
    let mut at = usize::from(items[before].range().end());
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        at += blank;
        match text.as_bytes().get(at) {
            Some(b'#') => at += text[at..].find(['\n', '\r']).unwrap_or(text.len() - at),
            Some(b'-') => return size(at),
            _ => return items[index].full_start(),
        }
    }
}

/// Adds something behind the last entry or item in brackets: on a line of its own if that one is.
fn flow_insert(collection: Node<'_>, before: Option<TextRange>, new: &str) -> Option<Edit> {
    let text = collection.parse().text();
    let Some(before) = before else {
        let bracket = collection.range().start() + TextSize::new(1);
        return (!new.contains('\n')).then(|| Edit::insert(bracket, new));
    };
    let start = line_start(text, before.start());
    let indent = &text[start.into()..before.start().into()];
    if indent.trim().is_empty() && start > collection.range().start() {
        let new = indented(new, indent.len(), text);
        return Some(Edit::insert(before.end(), format!(",{}{indent}{new}", line_break(text))));
    }
    (!new.contains('\n')).then(|| Edit::insert(before.end(), format!(", {new}")))
}

/// Adds a line behind the one that something ends on.
fn new_line(text: &str, end: TextSize, last: Node<'_>, indent: usize, new: &str) -> Edit {
    let mut at = line_end(text, end);
    // Blank lines below a text that keeps them are part of it.
    let leaf = std::iter::successors(Some(last), |node| {
        node.items()
            .last()
            .or_else(|| node.entries().last().map(Entry::value))
            .filter(|_| node.kind() != NodeKind::Alias)
    });
    let keeps = leaf.last().is_some_and(|leaf| {
        let header = leaf.source().lines().next().unwrap_or_default();
        let block = matches!(leaf.kind(), NodeKind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded));
        block && header.split('#').next().is_some_and(|header| header.contains('+'))
    });
    if keeps {
        let rest = &text[at.into()..];
        let blank = rest.len() - rest.trim_start().len();
        let lines = rest[..blank].rfind(['\n', '\r']).unwrap_or(0);
        let lines = if rest[..lines].ends_with('\r') { lines - 1 } else { lines };
        at += size(lines);
    }
    Edit::insert(at, format!("{}{}{new}", line_break(text), " ".repeat(indent)))
}

/// How far the lines of a node's value are indented when it starts on a line of its own.
pub(super) fn indent_of_value(node: Node<'_>) -> usize {
    let text = node.parse().text();
    let block =
        |node: &Node<'_>| matches!(node.kind(), NodeKind::Mapping { flow: false } | NodeKind::Sequence { flow: false });
    let around = std::iter::successors(node.parent(), |node| node.parent()).find(block);
    around.map_or(0, |around| column(text, around.range().start()) + 2)
}

/// How much further something on one line has to be indented than the block collection that it replaces: a sequence
/// may stand in the column of its key, nothing else can.
pub(super) fn pad_of_inline(node: Node<'_>) -> usize {
    let text = node.parse().text();
    let block = matches!(node.kind(), NodeKind::Sequence { flow: false });
    let parent = node.parent().filter(|parent| block && matches!(parent.kind(), NodeKind::Mapping { flow: false }));
    let Some(parent) = parent else { return 0 };
    let (own, key) = (column(text, node.range().start()), column(text, parent.range().start()));
    let own_line = text[line_start(text, node.range().start()).into()..node.range().start().into()].trim().is_empty();
    if own_line && own <= key { key + 2 - own } else { 0 }
}

/// Indents all lines but the first.
pub(super) fn indented(source: &str, indent: usize, text: &str) -> String {
    let mut lines = source.trim_end_matches('\n').split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push_str(line_break(text));
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
    out
}

/// The line break that a text uses.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn line_start(text: &str, at: TextSize) -> TextSize {
    size(text[..at.into()].rfind(['\n', '\r']).map_or(0, |newline| newline + 1))
}

fn line_end(text: &str, at: TextSize) -> TextSize {
    at + size(text[at.into()..].find(['\n', '\r']).unwrap_or(text.len() - usize::from(at)))
}

fn column(text: &str, at: TextSize) -> usize {
    let line = &text[line_start(text, at).into()..at.into()];
    line.trim_start_matches('\u{feff}').chars().count()
}

fn size(len: usize) -> TextSize {
    TextSize::new(u32::try_from(len).expect("offsets are bounded by `MAX_LEN`"))
}
