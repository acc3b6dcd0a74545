//! Events to the arena.

use std::borrow::Cow;

use text_size::{TextRange, TextSize};

use crate::MAX_DEPTH;
use crate::event::{Event, Shape, Tag};
use crate::parse::Tree;
use crate::tree::{NONE, NodeData, NodeId, NodeKind, Props, ScalarStyle};

/// Builds the arena. Whatever the events, the result is a tree: each mapping has as many values as keys, ranges nest.
pub(crate) struct Builder<'t> {
    text: &'t str,
    pub(crate) tree: Tree,
    pub(crate) stack: Vec<Open>,
    /// The end of the last node: where a block collection that ends now ends.
    pub(crate) last_end: u32,
    /// The first node that can belong to the current document.
    pub(crate) document: u32,
}

/// A collection that is not yet ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) node: u32,
    pub(crate) shape: Shape,
    /// A key was read and its value was not.
    pub(crate) pending: bool,
}

/// Collections nest deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(crate) struct TooDeep;

impl<'t> Builder<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self::with_room(text, text.len())
    }

    /// Begins a tree of a part of a text that has so many bytes.
    pub(crate) fn with_room(text: &'t str, bytes: usize) -> Self {
        // A node takes about ten bytes of text; a long text is not bet on.
        let nodes = Vec::with_capacity((bytes / 8).min(1 << 16));
        Self { text, tree: Tree { nodes, ..Tree::default() }, stack: Vec::new(), last_end: 0, document: 0 }
    }

    pub(crate) fn event(&mut self, event: Event<'_>) -> Result<(), TooDeep> {
        match event {
            Event::DocumentStart => self.start_document(),
            Event::DocumentEnd => self.close_to(0),
            Event::Comment(range) => self.tree.comments.push(range),
            Event::Scalar { range, style, missing, value, tag } => {
                let (a, b, pooled) = self.intern(range, value);
                let mut flags = if missing { NodeData::MISSING } else { 0 };
                flags |= if pooled { NodeData::POOLED } else { 0 };
                self.push(range, NodeKind::Scalar(style), a, b, flags, tag);
            }
            Event::Alias(range) => self.push(range, NodeKind::Alias, NONE, 0, 0, None),
            Event::Start { shape, flow, start, tag } => {
                if self.stack.len() >= MAX_DEPTH {
                    return Err(TooDeep);
                }
                let kind = match shape {
                    Shape::Mapping => NodeKind::Mapping { flow },
                    Shape::Sequence => NodeKind::Sequence { flow },
                };
                let node = self.next_id();
                self.push(TextRange::empty(start), kind, NONE, 0, 0, tag);
                self.stack.push(Open { node, shape, pending: false });
            }
            Event::End(end) => self.close(end),
            Event::Anchor(range) => self.anchor(range),
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Tree {
        self.close_to(0);
        self.tree
    }

    /// Whatever comes next belongs to a new document.
    pub(crate) fn start_document(&mut self) {
        self.close_to(0);
        self.document = self.next_id();
    }

    fn next_id(&self) -> u32 {
        // The text is shorter than `MAX_LEN`, and no byte makes more than two nodes.
        u32::try_from(self.tree.nodes.len()).expect("nodes are bounded by the text's length")
    }

    fn push(&mut self, range: TextRange, kind: NodeKind, a: u32, b: u32, mut flags: u8, tag: Option<Tag>) {
        let node = self.next_id();
        let parent = match self.stack.last_mut() {
            Some(open) => {
                if open.shape == Shape::Mapping {
                    open.pending = !open.pending;
                    flags |= if open.pending { NodeData::KEY } else { 0 };
                }
                open.node
            }
            None => {
                self.tree.documents.push(NodeId(node));
                NONE
            }
        };
        if let Some(Tag { name, range }) = tag {
            flags |= NodeData::PROPS;
            self.tree.props.push(Props { node, anchor: None, tag: Some(name), start: range.start().into() });
        }
        let (start, end) = (range.start().into(), range.end().into());
        self.last_end = end;
        self.tree.nodes.push(NodeData { start, end, parent, a, b, kind, flags });
    }

    /// Anchors the last node pushed.
    fn anchor(&mut self, range: TextRange) {
        let Some((last, node)) = self.tree.nodes.len().checked_sub(1).zip(self.next_id().checked_sub(1)) else {
            return;
        };
        let name = TextRange::new(range.start() + TextSize::new(1), range.end());
        self.tree.nodes[last].flags |= NodeData::PROPS;
        match self.tree.props.last_mut() {
            Some(props) if props.node == node => {
                props.anchor = Some(name);
                props.start = props.start.min(range.start().into());
            }
            _ => {
                self.tree.props.push(Props { node, anchor: Some(name), tag: None, start: range.start().into() });
            }
        }
    }

    /// Where a scalar's text is: in the source if it is there as it is, else in the pool.
    fn intern(&mut self, range: TextRange, value: Cow<'_, str>) -> (u32, u32, bool) {
        let len = u32::try_from(value.len()).expect("a scalar's text is bounded by its source's");
        if let Cow::Borrowed(value) = value {
            let inside = (value.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
            if let Some(start) = inside.filter(|start| self.text.get(*start..*start + value.len()) == Some(value)) {
                return (u32::try_from(start).expect("offsets fit"), len, false);
            }
        }
        // Plain text and quoted text without escapes are where they stand.
        for skip in [0, 1] {
            let start = usize::from(range.start()) + skip;
            if self.text.get(start..start + value.len()) == Some(&*value) {
                return (u32::try_from(start).expect("offsets fit"), len, false);
            }
        }
        let start = u32::try_from(self.tree.pool.len()).expect("the pool is bounded by the text's length");
        self.tree.pool.push_str(&value);
        (start, len, true)
    }

    /// Gives the key that waits for one a value that is nothing at all, right behind its colon.
    pub(crate) fn push_missing(&mut self) {
        let key = self.last_end as usize;
        let behind = self.text[key..].trim_start_matches([' ', '\t']);
        let colon = if behind.starts_with(':') { self.text.len() - behind.len() + 1 } else { key };
        let at = u32::try_from(colon).expect("offsets fit");
        let kind = NodeKind::Scalar(ScalarStyle::Plain);
        self.push(TextRange::empty(TextSize::new(at)), kind, at, 0, NodeData::MISSING, None);
    }

    /// Adds a scalar that is taken as it is written.
    pub(crate) fn push_raw(&mut self, node: TextRange, text: TextRange) {
        let kind = NodeKind::Scalar(ScalarStyle::Plain);
        self.push(node, kind, text.start().into(), text.len().into(), 0, None);
    }

    /// Ends the innermost collection.
    pub(crate) fn close(&mut self, end: Option<TextSize>) {
        let Some(open) = self.stack.last().copied() else { return };
        if open.pending {
            self.push_missing();
        }
        self.stack.pop();
        let after = self.next_id();
        let data = &mut self.tree.nodes[open.node as usize];
        data.a = after;
        data.end = end.map_or(self.last_end.max(data.start), Into::into);
        self.last_end = data.end;
    }

    /// Ends collections until so many are left.
    pub(crate) fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            self.close(None);
        }
    }
}
