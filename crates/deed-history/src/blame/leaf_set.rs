//! Sets of a file's leaves.

use std::ops::Range;

/// A set of leaves, by index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LeafSet {
    words: Box<[u64]>,
}

impl LeafSet {
    /// All of that many leaves.
    pub(super) fn full(len: usize) -> Self {
        let mut words = vec![u64::MAX; len.div_ceil(64)].into_boxed_slice();
        if let Some(last) = words.last_mut().filter(|_| !len.is_multiple_of(64)) {
            *last = (1 << (len % 64)) - 1;
        }
        Self { words }
    }

    /// None of as many leaves as this set could hold.
    pub(super) fn empty(&self) -> Self {
        Self { words: vec![0; self.words.len()].into() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Says whether any leaf of a range is in the set.
    pub(super) fn any(&self, range: &Range<u32>) -> bool {
        masks(range).any(|(word, mask)| self.words[word] & mask != 0)
    }

    /// Adds those leaves of a range that are in another set.
    pub(super) fn add(&mut self, other: &Self, range: &Range<u32>) {
        for (word, mask) in masks(range) {
            self.words[word] |= other.words[word] & mask;
        }
    }

    /// Adds all leaves of another set.
    pub(super) fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// Takes the leaves of another set away.
    pub(super) fn subtract(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    /// Returns the leaves in the set.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let rest = |word: &u64| Some(*word & (*word - 1)).filter(|word| *word != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
            words.map(move |word| index * 64 + word.trailing_zeros() as usize)
        })
    }
}

/// The words that hold a range, each with the bits in it.
fn masks(range: &Range<u32>) -> impl Iterator<Item = (usize, u64)> {
    let (start, end) = (range.start as usize, range.end as usize);
    (start / 64..end.div_ceil(64)).map(move |word| {
        let low = u64::MAX << start.saturating_sub(word * 64);
        let high = end - word * 64;
        (word, if high < 64 { low & ((1 << high) - 1) } else { low })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cross_words() {
        let all = LeafSet::full(150);
        assert_eq!(all.iter().count(), 150);
        let mut some = all.empty();
        for range in [3..5, 60..70, 127..129, 149..150] {
            assert!(!some.any(&range));
            some.add(&all, &range);
            assert!(some.any(&range));
        }
        assert!(!some.any(&(70..127)) && !some.any(&(0..3)) && !some.any(&(64..64)));
        assert_eq!(
            some.iter().collect::<Vec<_>>(),
            [3, 4].into_iter().chain(60..70).chain(127..129).chain([149]).collect::<Vec<_>>()
        );
        let mut rest = all.clone();
        rest.subtract(&some);
        assert_eq!(rest.iter().count(), 150 - 15);
        rest.unite(&some);
        assert_eq!(rest, all);
        assert!(LeafSet::full(0).is_empty() && all.empty().is_empty());
    }
}
