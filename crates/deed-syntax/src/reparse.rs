//! The tree of a text that an edit made of another one: what the edit did not touch is taken over.
//!
//! Only plain cases are taken: a sound YAML text of one document without anchors, aliases and tags, of which an edit changed
//! whole entries of one block mapping, or the inside of a comment. Whatever else there is, is read anew.

use std::ops::Range;
use std::sync::Arc;

use text_size::{TextRange, TextSize};

use crate::build::Builder;
use crate::duplicate;
use crate::entry::Entry;
use crate::event::{Event, Shape};
use crate::moved::Moved;
use crate::parse::{Parse, Tree};
use crate::tree::{Node, NodeData, NodeKind};
use crate::yaml::reader::Reader;
use crate::{Format, MAX_DEPTH, MAX_LEN};

/// Returns the tree of a text that is much like one that was read before; `None` where it has to be read whole.
pub(crate) fn reparse(old: &Parse, text: &Arc<str>) -> Option<Tree> {
    if old.format() != Format::Yaml || !old.is_plain() || text.len() > MAX_LEN {
        return None;
    }
    let edit = Edit::between(old.text(), text);
    if edit.is_in_comment(old, text) {
        return Some(edit.shifted(old));
    }
    let window = Window::around(old, &edit)?;
    let part = read(text, window.text.start..edit.moved(window.text.end), window.column, window.depth)?;
    let written: Vec<&str> = children(&part.nodes, 0).step_by(2).map(|id| name_in(&part, text, id)).collect();
    let kept = window.mapping.entries().filter(|entry| !window.nodes.contains(&entry.key().id.0));
    if kept.filter_map(Entry::name).any(|name| written.contains(&name)) {
        return None;
    }
    Some(Splice::new(old, &edit, &window, part).tree())
}

/// What changed from one text to another: all between what they start and end with.
struct Edit {
    /// Where what changed starts, in both.
    start: usize,
    /// Where it ends in the old text.
    end: usize,
    /// How much longer the new text is.
    longer: isize,
}

impl Edit {
    fn between(old: &str, new: &str) -> Self {
        let Moved { start, end_before, .. } = Moved::between(old, new);
        let longer = new.len().cast_signed() - old.len().cast_signed();
        Self { start: start.into(), end: end_before.into(), longer }
    }

    /// Where an offset behind what changed is now.
    fn moved(&self, offset: usize) -> usize {
        offset.wrapping_add_signed(self.longer)
    }

    /// Says whether nothing changed but the inside of a comment, which stays one.
    fn is_in_comment(&self, old: &Parse, text: &str) -> bool {
        let written = &text.as_bytes()[self.start..self.moved(self.end)];
        // Whatever is not plain may end a line, or may not be written at all.
        let is_plain = written.iter().all(|byte| (b' '..=b'~').contains(byte));
        let holds =
            |comment: TextRange| usize::from(comment.start()) < self.start && self.end <= usize::from(comment.end());
        is_plain && old.comments().any(holds)
    }

    /// The old tree with all that is behind what changed moved: no node starts, ends or lies within.
    fn shifted(&self, old: &Parse) -> Tree {
        let (end, by) = (size(self.end), length(self.longer));
        let moved = |at: u32| if at < end { at } else { at.wrapping_add(by) };
        let node = |node: &NodeData| {
            let is_in_text = matches!(node.kind, NodeKind::Scalar(_)) && !node.has(NodeData::POOLED);
            let a = if is_in_text { moved(node.a) } else { node.a };
            NodeData { start: moved(node.start), end: moved(node.end), a, ..*node }
        };
        let comment = |it: TextRange| TextRange::new(moved(it.start().into()).into(), moved(it.end().into()).into());
        Tree {
            nodes: old.nodes.iter().map(node).collect(),
            pool: old.pool.to_string(),
            documents: old.documents.to_vec(),
            comments: old.comments().map(comment).collect(),
            distinct: true,
            ..Tree::default()
        }
    }
}

fn size(at: usize) -> u32 {
    u32::try_from(at).expect("offsets are bounded by `MAX_LEN`")
}

/// A difference of offsets, to be added with wrapping.
fn length(difference: isize) -> u32 {
    i32::try_from(difference).expect("texts are bounded by `MAX_LEN`").cast_unsigned()
}

/// The entries of a block mapping that an edit touched.
struct Window<'t> {
    mapping: Node<'t>,
    /// The first node, and the first behind them.
    nodes: Range<u32>,
    /// From the start of the line of the first to that of the line of the next entry, in the old text.
    text: Range<usize>,
    /// How far the entries are indented.
    column: usize,
    /// How deep the mapping is.
    depth: usize,
}

impl<'t> Window<'t> {
    /// Finds the innermost one.
    fn around(old: &'t Parse, edit: &Edit) -> Option<Self> {
        let mut found: Option<Self> = None;
        let (mut mapping, mut end, mut depth) = (old.root()?, old.text().len(), 1);
        while let Some(window) = Self::within(mapping, edit, end, depth) {
            let key = mapping.sibling(window.nodes.start);
            let value = key.sibling(key.data().after(key.id.0));
            let is_one = value.data().after(value.id.0) == window.nodes.end;
            (mapping, end, depth) = (value, window.text.end, depth + 1);
            found = Some(window);
            if !is_one {
                break;
            }
        }
        found
    }

    /// Finds the entries of one mapping whose lines an edit touched; `None` where they are not told apart by lines.
    fn within(mapping: Node<'t>, edit: &Edit, end: usize, depth: usize) -> Option<Self> {
        if mapping.kind() != (NodeKind::Mapping { flow: false }) {
            return None;
        }
        let text = mapping.parse().text();
        let mapping_start = usize::from(mapping.range().start());
        let column = mapping_start - line_start(text, mapping_start);
        // Where the line of an entry starts, if nothing else is on it before.
        let starts_line = |key: Node<'_>| {
            let at = usize::from(key.range().start());
            let line = at.checked_sub(column)?;
            let is_alone = text.as_bytes()[line..at].iter().all(|byte| *byte == b' ')
                && (line == 0 || matches!(text.as_bytes()[line - 1], b'\n' | b'\r'));
            (is_alone && !key.range().is_empty()).then_some(line)
        };
        let (mut first, mut behind) = (None, None);
        for entry in mapping.entries() {
            let key = entry.key();
            let line = starts_line(key)?;
            if line < edit.start {
                first = Some((key.id.0, line));
            } else if edit.end < line {
                behind = Some((key.id.0, line));
                break;
            }
        }
        let (first, start) = first?;
        let (behind, end) = behind.unwrap_or((mapping.data().a, end));
        Some(Self { mapping, nodes: first..behind, text: start..end, column, depth })
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
}

/// Reads entries of a block mapping by themselves; `None` where they are not just that.
fn read(text: &str, range: Range<usize>, column: usize, depth: usize) -> Option<Tree> {
    let part = text.get(range.clone())?;
    // Markers of documents, wherever they stand, and directives are not for a part, nor are lines of what is around it.
    let is_foreign = |line: &str| {
        let content = line.trim_start_matches(' ');
        let is_content = !content.trim_start_matches('\t').is_empty() && !content.starts_with('#');
        line.starts_with("---") || line.starts_with("...") || is_content && line.len() - content.len() < column
    };
    if part.starts_with(['%', '\u{feff}']) || part.split(['\n', '\r']).any(is_foreign) {
        return None;
    }
    let mut builder = Builder::with_room(text, part.len());
    let mut reader = Reader::new(part, range.start, part.len());
    let (mut open, mut begun) = (depth, false);
    while let Some(event) = reader.next() {
        let event = event.ok()?;
        match &event {
            Event::Anchor(_) | Event::Alias(_) => return None,
            Event::Start { shape, flow, start, .. } => {
                let is_first = !std::mem::replace(&mut begun, true);
                if is_first && (*shape != Shape::Mapping || *flow || usize::from(*start) != range.start + column) {
                    return None;
                }
                open += 1;
                if open >= MAX_DEPTH {
                    return None;
                }
            }
            Event::End(_) => open -= 1,
            Event::Scalar { .. } if !begun => return None,
            _ => {}
        }
        builder.event(event).ok()?;
    }
    let mut tree = builder.finish();
    duplicate::find(text, &mut tree);
    let is_plain =
        begun && tree.errors.is_empty() && tree.distinct && tree.props.is_empty() && tree.documents.len() == 1;
    is_plain.then_some(tree)
}

/// The nodes that stand in a collection themselves.
fn children(nodes: &[NodeData], parent: u32) -> impl Iterator<Item = u32> {
    let end = nodes[parent as usize].a;
    let first = Some(parent + 1).filter(|first| *first < end);
    std::iter::successors(first, move |id| Some(nodes[*id as usize].after(*id)).filter(|next| *next < end))
}

fn name_in<'t>(tree: &'t Tree, text: &'t str, id: u32) -> &'t str {
    let data = &tree.nodes[id as usize];
    let source = if data.has(NodeData::POOLED) { &tree.pool } else { text };
    match data.kind {
        NodeKind::Scalar(_) => &source[data.a as usize..(data.a + data.b) as usize],
        _ => "",
    }
}

/// An old tree of which the nodes of a window are replaced by those of a part, without its root.
struct Splice<'s> {
    old: &'s Parse,
    window: &'s Window<'s>,
    part: Tree,
    /// How much further that is which is behind the window: in the arena, in the text, in the pool. To be added with wrapping.
    ids: u32,
    bytes: u32,
    pool: u32,
    /// Where the texts of the window's nodes are in the pool.
    pooled: Range<u32>,
}

impl<'s> Splice<'s> {
    fn new(old: &'s Parse, edit: &Edit, window: &'s Window<'s>, part: Tree) -> Self {
        let Range { start, end } = window.nodes;
        // Texts are in the pool in the order of their nodes.
        let pooled_from = |id: u32| {
            let first = old.nodes[id as usize..].iter().find(|node| node.has(NodeData::POOLED));
            first.map_or(size(old.pool.len()), |node| node.a)
        };
        let pooled = pooled_from(start)..pooled_from(end);
        let ids = size(part.nodes.len() - 1).wrapping_sub(end - start);
        let pool = size(part.pool.len()).wrapping_sub(pooled.end - pooled.start);
        Self { old, window, part, ids, bytes: length(edit.longer), pool, pooled }
    }

    fn tree(self) -> Tree {
        let (start, end) = (self.window.nodes.start as usize, self.window.nodes.end as usize);
        let old = &self.old.nodes;
        let mut nodes = Vec::with_capacity(start + self.part.nodes.len() + old.len() - end);
        nodes.extend(old[..start].iter().map(|node| self.before(*node)));
        nodes.extend(self.part.nodes.iter().skip(1).map(|node| self.within(*node)));
        nodes.extend(old[end..].iter().map(|node| self.behind(*node)));
        let (before, behind) = (self.pooled.start as usize, self.pooled.end as usize);
        Tree {
            nodes,
            pool: [&self.old.pool[..before], &self.part.pool, &self.old.pool[behind..]].concat(),
            documents: self.old.documents.to_vec(),
            comments: self.comments().collect(),
            distinct: true,
            ..Tree::default()
        }
    }

    /// A node before the window, or one that the window lies within.
    fn before(&self, mut node: NodeData) -> NodeData {
        let is_collection = matches!(node.kind, NodeKind::Mapping { .. } | NodeKind::Sequence { .. });
        let end = self.window.nodes.end;
        if is_collection && node.a >= end {
            // A block ends with its last entry.
            node.end = if node.a == end { self.part.nodes[0].end } else { node.end.wrapping_add(self.bytes) };
            node.a = node.a.wrapping_add(self.ids);
        }
        node
    }

    /// A node of the part.
    fn within(&self, mut node: NodeData) -> NodeData {
        let further = self.window.nodes.start - 1;
        node.parent = if node.parent == 0 { self.window.mapping.id.0 } else { node.parent + further };
        match node.kind {
            NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => node.a += further,
            NodeKind::Scalar(_) if node.has(NodeData::POOLED) => node.a += self.pooled.start,
            NodeKind::Scalar(_) | NodeKind::Alias => {}
        }
        node
    }

    /// A node behind the window.
    fn behind(&self, mut node: NodeData) -> NodeData {
        node.start = node.start.wrapping_add(self.bytes);
        node.end = node.end.wrapping_add(self.bytes);
        if node.parent >= self.window.nodes.end {
            node.parent = node.parent.wrapping_add(self.ids);
        }
        node.a = node.a.wrapping_add(match node.kind {
            NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => self.ids,
            NodeKind::Scalar(_) if node.has(NodeData::POOLED) => self.pool,
            NodeKind::Scalar(_) => self.bytes,
            NodeKind::Alias => 0,
        });
        node
    }

    fn comments(&self) -> impl Iterator<Item = TextRange> {
        let (start, end) = (size(self.window.text.start), size(self.window.text.end));
        let moved = |at: TextSize| TextSize::new(u32::from(at).wrapping_add(self.bytes));
        let before = self.old.comments().take_while(move |it| u32::from(it.start()) < start);
        let behind = self.old.comments().skip_while(move |it| u32::from(it.start()) < end);
        let behind = behind.map(move |it| TextRange::new(moved(it.start()), moved(it.end())));
        before.chain(self.part.comments.iter().copied()).chain(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# top\na:\n  b:\n    c: 1 # one\n    d: |\n      x\n  e: [1]\nf: 2\n";

    #[track_caller]
    fn is_taken_over(from: &str, to: &str) -> bool {
        let old = crate::parse(TEXT, Format::Yaml);
        let text: Arc<str> = TEXT.replacen(from, to, 1).into();
        assert_ne!(&*text, TEXT, "{from:?}");
        reparse(&old, &text).is_some()
    }

    #[test]
    fn what_an_edit_did_not_touch_is_taken_over() {
        for (from, to) in [
            ("# top", "# tap"),
            ("# one", "# o"),
            ("c: 1", "c: 12"),
            ("x\n", "xy\n"),
            ("[1]", "[1, {a: b}]"),
            ("f: 2\n", "f: 2\ng: 3\n"),
            ("e: [1]\n", ""),
            ("    c: 1", "    z: 1\n    c: 1"),
        ] {
            assert!(is_taken_over(from, to), "{from:?} -> {to:?}");
        }
    }

    #[test]
    fn what_is_not_plain_is_read_anew() {
        for (from, to) in [
            ("# top", "top"),
            ("# top", "# top\n? "),
            ("c: 1", "d: 1"),
            ("c: 1", "c: &a 1"),
            ("c: 1", "c 1"),
            ("[1]", "[1"),
            ("f: 2", "...\nf: 2"),
            ("    c: 1", "   c: 1"),
            ("  e: [1]", "a: [1]"),
        ] {
            assert!(!is_taken_over(from, to), "{from:?} -> {to:?}");
        }
    }
}
