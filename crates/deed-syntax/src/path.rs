//! Key paths: where in a document a node stands, in words.

use std::fmt;

use text_size::TextSize;

use crate::tree::{Entry, Node};
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
    fn node(self) -> Node<'t> {
        match self {
            Self::Entry(entry) => entry.value(),
            Self::Item(_, node) => node,
        }
    }
}

/// A key that needs quotes to be read back unambiguously gets them.
impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) => {
                    let dot = if index > 0 { "." } else { "" };
                    if is_simple(key) { write!(f, "{dot}{key}")? } else { write!(f, "{dot}{key:?}")? }
                }
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn is_simple(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '@' | '+'))
}

impl<'a> FromIterator<&'a str> for KeyPath {
    fn from_iter<I: IntoIterator<Item = &'a str>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| Segment::Key(key.to_owned())).collect())
    }
}

/// Walks down from the root whose document holds the offset. An offset right behind an entry is still in it.
pub(crate) fn path_at(parse: &Parse, offset: TextSize) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut documents = parse.documents();
    let Some(mut node) = documents.find(|root| root.range().contains_inclusive(offset)) else {
        return steps;
    };
    loop {
        // The last that holds the offset: behind the comma of `[a,b]` it is `b`.
        let inside: Option<Step<'_>> = match node.kind() {
            NodeKind::Mapping { .. } => node
                .entries()
                .take_while(|entry| entry.range().start() <= offset)
                .filter(|entry| entry.range().contains_inclusive(offset))
                .last()
                .map(Step::Entry),
            NodeKind::Sequence { .. } => node
                .items()
                .enumerate()
                .take_while(|(_, item)| item.full_start() <= offset)
                .filter(|(_, item)| item.range().end() >= offset)
                .last()
                .map(|(index, item)| Step::Item(index, item)),
            NodeKind::Scalar(_) | NodeKind::Alias => None,
        };
        let Some(step) = inside else { return steps };
        steps.push(step);
        node = step.node();
    }
}

/// Walks down by keys and indices, merge keys and aliases included.
pub(crate) fn node_at<'t>(parse: &'t Parse, path: &KeyPath) -> Option<Node<'t>> {
    path.0.iter().try_fold(parse.root()?, |node, segment| match segment {
        Segment::Key(key) => node.get(key).map(Entry::value),
        Segment::Index(index) => node.items().nth(*index),
    })
}
