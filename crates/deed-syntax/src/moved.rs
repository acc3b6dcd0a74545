//! What an edit leaves as it is: where it stands afterwards, and whether the tree says the same of it.

use text_size::{TextRange, TextSize};

use crate::parse::Parse;
use crate::tree::{Node, NodeData, NodeKind};

/// The difference between two texts as one stretch that was replaced: all before it and behind it is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    pub(crate) start: TextSize,
    pub(crate) end_before: TextSize,
    end_after: TextSize,
}

impl Moved {
    /// Finds the shortest such stretch.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Self {
        let (old, new) = (before.as_bytes(), after.as_bytes());
        let start = common_start(old, new);
        let most = old.len().min(new.len()) - start;
        let (old_rest, new_rest) = (&old[old.len() - most..], &new[new.len() - most..]);
        let behind = common_end(old_rest, new_rest);
        let size = |offset: usize| TextSize::try_from(offset).unwrap_or_default();
        Self { start: size(start), end_before: size(old.len() - behind), end_after: size(new.len() - behind) }
    }

    /// Returns where a range stands afterwards; `None` if something in it was replaced, or may have been.
    #[must_use]
    pub fn range(&self, range: TextRange) -> Option<TextRange> {
        let (start, end) = (range.start(), range.end());
        // Nothing tells on which side of an edit an empty range at its edge belongs.
        let is_at_edge = range.is_empty() && (start == self.start || start == self.end_before);
        if is_at_edge {
            None
        } else if end <= self.start {
            Some(range)
        } else if start >= self.end_before {
            Some(TextRange::new(start - self.end_before + self.end_after, end - self.end_before + self.end_after))
        } else {
            None
        }
    }
}

/// How many bytes two texts have in common at their start.
fn common_start(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    blocks + a[blocks..].iter().zip(&b[blocks..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes two texts have in common at their end.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = |bytes: &[u8]| bytes.len() - blocks;
    blocks + a[..rest(a)].iter().rev().zip(b[..rest(b)].iter().rev()).take_while(|(a, b)| a == b).count()
}

/// So many bytes are compared at once where nothing differs.
const BLOCK: usize = 256;

impl Parse {
    /// Returns whether an alias stands anywhere in it, so that what is said at one place may hold at another.
    #[must_use]
    pub fn has_aliases(&self) -> bool {
        self.nodes.iter().any(|node| node.kind == NodeKind::Alias)
    }
}

impl Node<'_> {
    /// Returns whether the node and all in it are what another node was before an edit, moved by it at most. One with an
    /// alias in it never is.
    #[must_use]
    pub fn is_moved(self, before: Node<'_>, moved: &Moved) -> bool {
        let (old, new) = (before.id.0, self.id.0);
        let size = self.data().after(new) - new;
        if before.data().after(old) - old != size {
            return false;
        }
        (0..size).all(|step| {
            let (was, is) = (before.sibling(old + step), self.sibling(new + step));
            is.is_moved_alone(was, moved)
        })
    }

    /// The same, of the node without what is in it.
    fn is_moved_alone(self, before: Node<'_>, moved: &Moved) -> bool {
        let (was, is) = (before.data(), self.data());
        if was.kind != is.kind || was.flags != is.flags || moved.range(was.range()) != Some(is.range()) {
            return false;
        }
        let is_same = match is.kind {
            NodeKind::Alias => false,
            NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => was.a - before.id.0 == is.a - self.id.0,
            NodeKind::Scalar(_) if is.has(NodeData::POOLED) => {
                before.parse.scalar_text(was) == self.parse.scalar_text(is)
            }
            NodeKind::Scalar(_) => was.b == is.b && was.a.wrapping_sub(was.start) == is.a.wrapping_sub(is.start),
        };
        is_same && (!is.has(NodeData::PROPS) || before.anchor() == self.anchor() && before.tag() == self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, parse};

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(TextSize::new(start), TextSize::new(end))
    }

    fn value<'p>(parse: &'p Parse, key: &str) -> Option<Node<'p>> {
        Some(parse.root()?.get(key)?.value())
    }

    #[test]
    fn what_stands_before_and_behind_an_edit_is_moved() {
        let moved = Moved::between("abc def ghi", "abc XY ghi");
        assert_eq!(moved.range(range(0, 3)), Some(range(0, 3)));
        assert_eq!(moved.range(range(8, 11)), Some(range(7, 10)));
        assert_eq!(moved.range(range(3, 5)), None);
        assert_eq!(moved.range(range(0, 11)), None);
        assert_eq!(moved.range(range(4, 4)), None, "on which side of the edit is not known");
        assert_eq!(moved.range(range(2, 2)), Some(range(2, 2)));
        let long = "x".repeat(1000);
        for (before, after) in
            [(long.clone(), format!("{long}y")), (long.clone(), format!("y{long}")), (long.clone(), long)]
        {
            let moved = Moved::between(&before, &after);
            let whole = range(0, 1000);
            let at = moved.range(whole).expect("all of it is there still");
            assert_eq!(&after[at], &before[whole]);
        }
        assert_eq!(Moved::between("aaa", "aa").range(range(0, 2)), Some(range(0, 2)));
        assert_eq!(Moved::between("", "a").range(range(0, 0)), None);
    }

    #[test]
    fn a_node_is_the_same_wherever_it_stands_unless_something_of_it_changed() {
        let same = |before: &str, after: &str, key: &str| {
            let (before, after) = (parse(before, Format::Yaml), parse(after, Format::Yaml));
            let moved = Moved::between(before.text(), after.text());
            value(&after, key).zip(value(&before, key)).is_some_and(|(after, before)| after.is_moved(before, &moved))
        };
        let text = "a: {x: 1}\nb:\n  c: [1, \"t\\x41\"]\n  d: !!str 5\n";
        assert!(same(text, &format!("# more\n{text}"), "b") && same(text, text, "a"));
        assert!(same(text, &text.replace("x: 1", "x: 1, y: 2"), "b"));
        assert!(!same(text, &text.replace("x: 1", "x: 12"), "a"));
        assert!(!same(text, &text.replace("x41", "x42"), "b"));
        assert!(!same(text, &text.replace("!!str", "!!int"), "b"));
        assert!(!same(text, &text.replace("  d:", "d:"), "b"), "another mapping has what it had");
        assert!(!same("a: &x 1\nb: *x\n", "a: &x 2\nb: *x\n", "b"), "an alias is what it stands for");
    }
}
