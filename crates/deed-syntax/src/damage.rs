//! What of a broken text is not in the tree, or not as it was meant.

use text_size::{TextRange, TextSize};

use crate::parse::Tree;
use crate::tree::{Node, NodeKind};
use crate::{Parse, Step, SyntaxError, SyntaxErrorKind};

/// How far behind a collection damage is looked for; the tree is not searched in vain for each of many.
const NEAR: TextSize = TextSize::new(4096);

/// Returns the lines that an error is about, and the stretches with words in them that no part of the tree holds. Sorted,
/// none overlapping another; none where there is no error.
pub(crate) fn find(text: &str, tree: &Tree, errors: &[SyntaxError]) -> Vec<TextRange> {
    // Both entries of a duplicate key are in the tree.
    let harmful = errors.iter().filter(|error| error.kind != SyntaxErrorKind::DuplicateKey);
    let mut damage: Vec<TextRange> = Vec::new();
    for error in harmful {
        match damage.last_mut() {
            // Behind another one of the same line, and no line is looked at for each of many.
            Some(last) if error.range.end() <= last.end() => {}
            _ => damage.push(lines(text, error.range)),
        }
    }
    if let Some(first) = damage.first_mut() {
        if tree.is_shifted {
            *first = TextRange::new(first.start(), TextSize::of(text));
        }
        damage.extend(lost(text, tree));
    }
    damage.sort_by_key(|range| range.start());
    damage.dedup_by(|next, last| {
        let overlap = next.start() <= last.end();
        if overlap {
            *last = last.cover(*next);
        }
        overlap
    });
    damage
}

/// The lines that a range is on, without what they are indented by.
fn lines(text: &str, range: TextRange) -> TextRange {
    let newline = ['\n', '\r'];
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let first = text[..start].rfind(newline).map_or(0, |newline| newline + 1);
    let last = text[end..].find(newline).map_or(text.len(), |newline| end + newline);
    let line = &text[first..last];
    let indent = line.len() - line.trim_start().len();
    TextRange::new(TextSize::of(&text[..(first + indent).min(start)]), TextSize::of(&text[..last]))
}

fn lost(text: &str, tree: &Tree) -> Vec<TextRange> {
    let range = |start, end| TextRange::new(TextSize::new(start), TextSize::new(end));
    let leaves = tree.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Alias));
    let props = tree.props.iter().map(|props| {
        let node = tree.nodes[props.node as usize].start;
        range(props.start.min(node), node)
    });
    let mut kept: Vec<TextRange> = leaves.map(|leaf| leaf.range()).chain(props).chain(tree.comments.clone()).collect();
    kept.push(TextRange::empty(TextSize::of(text)));
    kept.sort_by_key(|range| range.start());
    let mut end = TextSize::new(0);
    let mut lost = Vec::new();
    for kept in kept {
        if end < kept.start() {
            let gap = &text[TextRange::new(end, kept.start())];
            let trimmed = gap.trim_start_matches(|c: char| !c.is_alphanumeric());
            let start = end + TextSize::of(gap) - TextSize::of(trimmed);
            let words = TextSize::of(trimmed.trim_end_matches(|c: char| !c.is_alphanumeric()));
            if words > TextSize::new(0) {
                lost.push(TextRange::at(start, words));
            }
        }
        end = end.max(kept.end());
    }
    lost
}

impl Parse {
    /// Returns the stretches of the text that are broken: what an error is about, and what is not in the tree because of
    /// one. Sorted, none overlapping another.
    #[must_use]
    pub fn damage(&self) -> &[TextRange] {
        &self.damage
    }

    /// Says whether damage stands in a range.
    #[must_use]
    pub fn is_damaged(&self, range: TextRange) -> bool {
        let touches =
            |damage: &TextRange| damage.is_empty() || (damage.start() < range.end() && range.start() < damage.end());
        self.damage_from(range.start()).iter().take_while(|damage| damage.start() <= range.end()).any(touches)
    }

    /// Says of each of some offsets, which ascend, whether it is within brackets that open where the text is broken: if they
    /// are not closed, nobody knows what belongs inside.
    #[must_use]
    pub fn astray(&self, offsets: &[TextSize]) -> Vec<bool> {
        if self.damage.is_empty() {
            return vec![false; offsets.len()];
        }
        let opens_in_damage = |step: &Step<'_>| {
            let node = step.node();
            let is_flow = matches!(node.kind(), NodeKind::Mapping { flow: true } | NodeKind::Sequence { flow: true });
            is_flow && self.is_damaged(TextRange::at(node.range().start(), TextSize::new(1)))
        };
        self.paths_at(offsets).iter().map(|steps| steps.iter().any(opens_in_damage)).collect()
    }

    /// Says nothing of equal keys where the second may be that of another mapping: its own key is lost, or brackets are not
    /// closed.
    pub(crate) fn doubt_duplicates(&mut self) {
        let is_duplicate = |error: &&SyntaxError| error.kind == SyntaxErrorKind::DuplicateKey;
        let places: Vec<_> = self.errors.iter().filter(is_duplicate).map(|error| error.range.start()).collect();
        if self.damage.is_empty() || places.is_empty() {
            return;
        }
        let mut astray = self.astray(&places).into_iter();
        let mut errors = std::mem::take(&mut self.errors).into_vec();
        errors.retain(|error| {
            let Some((first, _)) = error.related.as_ref().filter(|_| is_duplicate(&error)) else { return true };
            let between = TextRange::new(first.start(), error.range.end());
            astray.next() == Some(false) && !self.is_damaged(between)
        });
        self.errors = errors.into();
    }

    fn damage_from(&self, offset: TextSize) -> &[TextRange] {
        &self.damage[self.damage.partition_point(|damage| damage.end() < offset)..]
    }
}

impl Node<'_> {
    /// Says whether damage stands in a collection, or behind it and not behind the next thing in the tree: what is not there
    /// may have been written, and lost.
    #[must_use]
    pub fn is_cut_short(self) -> bool {
        let node = self.resolve();
        let range = node.range();
        let Some(first) = node.parse.damage_from(range.start()).first() else { return false };
        if first.start() <= range.end() {
            return true;
        }
        first.start() - range.end() < NEAR && next_start(node).is_none_or(|next| first.start() <= next)
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
