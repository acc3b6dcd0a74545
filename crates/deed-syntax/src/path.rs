//! Key paths: where in a document a node stands, in words.

use std::fmt::{self, Write};

use text_size::TextSize;

use crate::entry::Entry;
use crate::tree::Node;
use crate::{NodeKind, Parse};

/// One step of a [`KeyPath`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Segment {
    /// Into a mapping.
    Key(String),
    /// Into a sequence, from zero.
    Index(usize),
}

/// A path of keys and indices, shown as `controls.A.5.15.evidence[0].path`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct KeyPath(pub Vec<Segment>);

/// One step on the way from the root to an offset, with the nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step<'t> {
    /// Into an entry of a mapping.
    Entry(Entry<'t>),
    /// Into an item of a sequence.
    Item(usize, Node<'t>),
}

impl<'t> Step<'t> {
    pub(crate) fn node(self) -> Node<'t> {
        match self {
            Self::Entry(entry) => entry.value(),
            Self::Item(_, node) => node,
        }
    }
}

/// A key that needs quotes to be read back unambiguously gets them.
impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(nth, segment)| match segment {
            Segment::Key(key) => write_key(f, nth, key),
            Segment::Index(index) => write!(f, "[{index}]"),
        })
    }
}

/// Returns the [`KeyPath`] of a way from the root as it is shown; keys that are collections have no name.
#[must_use]
pub fn shown_path(steps: &[Step<'_>]) -> String {
    let mut text = String::new();
    let shown = steps.iter().enumerate().try_for_each(|(nth, step)| match step {
        Step::Entry(entry) => write_key(&mut text, nth, entry.name().unwrap_or_default()),
        Step::Item(index, _) => write!(text, "[{index}]"),
    });
    shown.expect("a text takes all that is written");
    text
}

fn write_key(out: &mut impl Write, nth: usize, key: &str) -> fmt::Result {
    out.write_str(if nth > 0 { "." } else { "" })?;
    if is_simple(key) { out.write_str(key) } else { write!(out, "{key:?}") }
}

fn is_simple(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '@' | '+'))
}

impl<'a> FromIterator<&'a str> for KeyPath {
    fn from_iter<I: IntoIterator<Item = &'a str>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| Segment::Key(key.to_owned())).collect())
    }
}

/// Walks down to each offset from the root whose document holds it. An offset right behind an entry is still in it, and
/// one between two that touch is in the second: behind the comma of `[a,b]` it is `b`.
///
/// Each node is looked at once, however many offsets there are; they ascend.
pub(crate) fn paths_at<'t>(parse: &'t Parse, offsets: &[TextSize]) -> Vec<Vec<Step<'t>>> {
    let mut found = Found { steps: Vec::new(), paths: Vec::with_capacity(offsets.len()) };
    let roots = parse.documents().map(|root| (root.range().start(), root.range().end(), root));
    found.share(roots, offsets, |found, root, offsets| found.descend(root, offsets));
    found.paths
}

struct Found<'t> {
    /// The way to where the walk stands.
    steps: Vec<Step<'t>>,
    paths: Vec<Vec<Step<'t>>>,
}

impl<'t> Found<'t> {
    fn descend(&mut self, node: Node<'t>, offsets: &[TextSize]) {
        match node.kind() {
            NodeKind::Mapping { .. } => {
                let entries = node.entries().map(|entry| (entry.range().start(), entry.range().end(), entry));
                self.share(entries, offsets, |found, entry, offsets| found.step(Step::Entry(entry), offsets));
            }
            NodeKind::Sequence { .. } => {
                let items = node.items().enumerate();
                let items = items.map(|(index, item)| (item.full_start(), item.range().end(), (index, item)));
                self.share(items, offsets, |found, (index, item), offsets| {
                    found.step(Step::Item(index, item), offsets);
                });
            }
            NodeKind::Scalar(_) | NodeKind::Alias => self.stop(offsets.len()),
        }
    }

    fn step(&mut self, step: Step<'t>, offsets: &[TextSize]) {
        self.steps.push(step);
        self.descend(step.node(), offsets);
        self.steps.pop();
    }

    /// Ends the way of some offsets here.
    fn stop(&mut self, count: usize) {
        self.paths.extend(std::iter::repeat_n(self.steps.clone(), count));
    }

    /// Gives each child, with its start and end, the offsets that lie in it.
    fn share<T>(
        &mut self,
        children: impl Iterator<Item = (TextSize, TextSize, T)>,
        mut offsets: &[TextSize],
        mut descend: impl FnMut(&mut Self, T, &[TextSize]),
    ) {
        let mut children = children.peekable();
        while let Some((start, end, child)) = children.next() {
            if offsets.is_empty() {
                return;
            }
            let before = offsets.partition_point(|offset| *offset < start);
            self.stop(before);
            let next = children.peek().map(|(start, ..)| *start);
            let inside = |offset: &TextSize| *offset <= end && next.is_none_or(|next| *offset < next);
            let (here, rest) = offsets[before..].split_at(offsets[before..].partition_point(inside));
            if !here.is_empty() {
                descend(self, child, here);
            }
            offsets = rest;
        }
        self.stop(offsets.len());
    }
}

/// Walks down by keys and indices, merge keys and aliases included.
pub(crate) fn node_at<'t>(parse: &'t Parse, path: &KeyPath) -> Option<Node<'t>> {
    path.0.iter().try_fold(parse.root()?, |node, segment| match segment {
        Segment::Key(key) => node.get(key).map(Entry::value),
        Segment::Index(index) => node.items().nth(*index),
    })
}
