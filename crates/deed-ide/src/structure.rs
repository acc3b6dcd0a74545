//! What belongs together in a manifest's text: folding, and what a growing selection takes in.

use deed_model::{FileId, FileRange};
use deed_syntax::{Node, Step, TextRange, TextSize};

use crate::{Analysis, Place};

impl Analysis<'_> {
    /// Returns the stretches of a manifest that may be folded to their first line: entries and items that go over several
    /// lines, blocks of comments. An end is that of the last line's text; a bracket that closes on a line of its own stays.
    pub fn folds(&self, file: FileId) -> Vec<TextRange> {
        let parse = self.parse(file);
        let text = parse.text();
        let mut all = Vec::new();
        for root in parse.documents() {
            collect(root, &mut all);
        }
        let comments: Vec<TextRange> = parse.comments().filter(|at| is_alone(text, at.start())).collect();
        let only_blank = |from: TextSize, to: TextSize| text[TextRange::new(from, to)].trim().is_empty();
        for block in comments.chunk_by(|a, b| {
            only_blank(a.end(), b.start()) && text[TextRange::new(a.end(), b.start())].matches('\n').count() == 1
        }) {
            if let [first, .., last] = block {
                all.push(first.cover(*last));
            }
        }
        let trim = |range: TextRange| {
            let all = text[range].trim_end();
            let bare = all.trim_end_matches(['}', ']']);
            let closes_alone =
                bare.len() < all.len() && bare.ends_with([' ', '\n']) && bare.trim_end_matches(' ').ends_with('\n');
            let end = if closes_alone { bare.trim_end().len() } else { all.len() };
            TextRange::at(range.start(), TextSize::try_from(end).unwrap_or_default())
        };
        let mut folds: Vec<TextRange> = all.into_iter().map(trim).filter(|range| text[*range].contains('\n')).collect();
        folds.sort_by_key(|range| (range.start(), range.end()));
        folds.dedup();
        folds
    }

    /// Returns what holds a place, from the innermost to the whole text.
    pub fn selections(&self, place: Place) -> Vec<TextRange> {
        let parse = self.parse(place.file);
        let mut ranges = vec![TextRange::up_to(TextSize::of(parse.text()))];
        for step in parse.path_at(place.offset) {
            match step {
                Step::Entry(entry) => {
                    ranges.push(entry.range());
                    let inside = [entry.key(), entry.value()].into_iter().map(Node::range);
                    ranges.extend(inside.filter(|range| range.contains_inclusive(place.offset)));
                }
                Step::Item(_, node) => ranges.push(node.range()),
            }
        }
        // What stands between quotes is less than the quotes with it.
        if let Some(innermost) = ranges.last() {
            let bare = self.bare(FileRange { file: place.file, range: *innermost }).range;
            ranges.extend(Some(bare).filter(|bare| bare.contains_inclusive(place.offset)));
        }
        ranges.dedup();
        // Each holds the next.
        let mut nested: Vec<TextRange> = Vec::new();
        for range in ranges {
            if nested.last().is_none_or(|outer| outer.contains_range(range) && *outer != range) {
                nested.push(range);
            }
        }
        nested.reverse();
        nested
    }
}

fn collect(node: Node<'_>, all: &mut Vec<TextRange>) {
    for entry in node.entries() {
        all.push(entry.range());
        collect(entry.value(), all);
    }
    for item in node.items() {
        all.push(item.range());
        collect(item, all);
    }
}

/// Whether nothing but space stands before an offset in its line.
fn is_alone(text: &str, at: TextSize) -> bool {
    let before = &text[TextRange::up_to(at)];
    before.rsplit('\n').next().unwrap_or_default().trim().is_empty()
}
