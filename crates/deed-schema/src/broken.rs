//! What the syntax has reported already.

use deed_syntax::{Node, Parse, SyntaxErrorKind, TextRange, TextSize};

/// The stretches of a text that the tree may have lost something of, sorted, none overlapping another.
pub(crate) struct Broken(Vec<TextRange>);

/// How far behind a collection an error is looked for; the tree is not searched in vain for each of many.
const NEAR: TextSize = TextSize::new(4096);

impl Broken {
    pub(crate) fn of(parse: &Parse) -> Self {
        let errors = parse.errors().iter();
        // Both entries of a duplicate key are in the tree.
        let mut ranges: Vec<TextRange> =
            errors.filter(|error| error.kind != SyntaxErrorKind::DuplicateKey).map(|error| error.range).collect();
        ranges.sort_by_key(|range| range.start());
        let mut merged: Vec<TextRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start() <= last.end() => *last = last.cover(range),
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// Says whether an error stands in a range.
    pub(crate) fn touches(&self, range: TextRange) -> bool {
        self.from(range.start())
            .take_while(|error| error.start() <= range.end())
            .any(|error| error.is_empty() || (error.start() < range.end() && range.start() < error.end()))
    }

    /// Says whether an error stands in a collection, or behind it and not behind the next thing in the tree: what is not
    /// there may have been written, and lost.
    pub(crate) fn cuts_short(&self, collection: Node<'_>) -> bool {
        let collection = collection.resolve();
        let range = collection.range();
        let Some(first) = self.from(range.start()).next() else { return false };
        if first.start() <= range.end() {
            return true;
        }
        first.start() - range.end() < NEAR && next_start(collection).is_none_or(|next| first.start() <= next)
    }

    fn from(&self, offset: TextSize) -> impl Iterator<Item = TextRange> {
        let first = self.0.partition_point(|error| error.end() < offset);
        self.0[first..].iter().copied()
    }
}

/// Returns where the next thing behind a node starts.
fn next_start(node: Node<'_>) -> Option<TextSize> {
    let behind = |other: &Node<'_>| other.range().start() > node.range().end();
    let mut around = node.parent();
    while let Some(parent) = around {
        let key = parent.entries().map(|entry| entry.key()).find(behind);
        if let Some(next) = key.or_else(|| parent.items().find(behind)) {
            return Some(next.range().start());
        }
        around = parent.parent();
    }
    None
}
