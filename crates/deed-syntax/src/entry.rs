//! What collections hold: entries and items.

use std::iter::FusedIterator;

use text_size::{TextRange, TextSize};

use crate::Format;
use crate::parse::Parse;
use crate::tree::{Node, NodeId, NodeKind};

/// A key and its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'t> {
    key: Node<'t>,
    value: Node<'t>,
}

impl<'t> Entry<'t> {
    /// Returns the key.
    #[must_use]
    pub fn key(self) -> Node<'t> {
        self.key
    }

    /// Returns the key's text; `None` when the key is a collection.
    #[must_use]
    pub fn name(self) -> Option<&'t str> {
        self.key.scalar_text()
    }

    /// Says whether the key's text is `name`; most keys are told apart by their length.
    #[must_use]
    pub fn is_named(self, name: &str) -> bool {
        let data = self.key.resolve().data();
        matches!(data.kind, NodeKind::Scalar(_))
            && data.b as usize == name.len()
            && self.key.parse.scalar_text(data) == name
    }

    /// Returns the value; it is [missing](Node::is_missing) when nothing stands behind the colon.
    #[must_use]
    pub fn value(self) -> Node<'t> {
        self.value
    }

    /// Returns the text from the key, its `?`, anchor and tag included, to the end of the value.
    #[must_use]
    pub fn range(self) -> TextRange {
        TextRange::new(self.start(), self.value.range().end().max(self.key.range().end()))
    }

    fn start(self) -> TextSize {
        let Self { key, .. } = self;
        let start = key.full_start();
        let before = key.parse.text()[..start.into()].trim_end();
        if !before.ends_with('?') || key.parse.format() == Format::Json {
            return start;
        }
        // It may be the end of the text or comment before, rather than an indicator.
        let question = before.len() - 1;
        let previous = key.parse.nodes[key.id.0 as usize - 1];
        let first = Some(previous.start) == key.parent().map(|parent| parent.range().start().into());
        let free = if first { previous.start } else { previous.end } as usize;
        let line = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1).max(free);
        match before.get(line..question) {
            Some(gap) if !gap.contains('#') => TextSize::of(&before[..question]),
            _ => start,
        }
    }
}

/// The entries of a mapping, see [`Node::entries`].
#[derive(Clone)]
pub struct Entries<'t> {
    parse: &'t Parse,
    next: u32,
    end: u32,
}

impl<'t> Entries<'t> {
    pub(crate) fn new(parse: &'t Parse, next: u32, end: u32) -> Self {
        Self { parse, next, end }
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        if self.next >= self.end {
            return None;
        }
        let key = self.parse.node(NodeId(self.next));
        let value = key.sibling(key.data().after(self.next));
        self.next = value.data().after(value.id.0);
        Some(Entry { key, value })
    }
}

impl FusedIterator for Entries<'_> {}

/// The items of a sequence, see [`Node::items`].
#[derive(Clone)]
pub struct Items<'t> {
    parse: &'t Parse,
    next: u32,
    end: u32,
}

impl<'t> Items<'t> {
    pub(crate) fn new(parse: &'t Parse, next: u32, end: u32) -> Self {
        Self { parse, next, end }
    }
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let item = self.parse.node(NodeId(self.next));
        self.next = item.data().after(self.next);
        Some(item)
    }
}

impl FusedIterator for Items<'_> {}
