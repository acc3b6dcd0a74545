//! The stream both readers emit and the tree builder takes: the only thing they share.

use std::borrow::Cow;

use text_size::{TextRange, TextSize};

use crate::tree::ScalarStyle;

/// One event. Ranges are offsets into the whole text and already exact, except where the builder must see the
/// children first: block collections end with their last child.
#[derive(Debug)]
pub(crate) enum Event<'t> {
    DocumentStart,
    DocumentEnd,
    Comment(TextRange),
    Scalar {
        range: TextRange,
        style: ScalarStyle,
        missing: bool,
        value: Cow<'t, str>,
        tag: Option<Tag>,
    },
    Alias(TextRange),
    Start {
        shape: Shape,
        flow: bool,
        start: TextSize,
        tag: Option<Tag>,
    },
    /// Ends the innermost collection. `Some` is the end of a flow collection, behind its bracket.
    End(Option<TextSize>),
    /// The anchor token of the node just begun, with its `&`.
    Anchor(TextRange),
}

impl Event<'_> {
    /// Returns where the event's node starts; zero for events without one.
    pub(crate) fn start(&self) -> TextSize {
        match self {
            Self::DocumentStart | Self::DocumentEnd | Self::End(_) => TextSize::new(0),
            Self::Comment(range) | Self::Alias(range) | Self::Anchor(range) => range.start(),
            Self::Scalar { range, .. } => range.start(),
            Self::Start { start, .. } => *start,
        }
    }
}

/// What a collection holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Mapping,
    Sequence,
}

/// A tag, resolved, and where it stands.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: Box<str>,
    pub(crate) range: TextRange,
}
