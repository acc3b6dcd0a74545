//! What is wrong with a text.

use text_size::TextRange;

/// One thing that is wrong with a text, in words for the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What sort of error it is.
    pub kind: SyntaxErrorKind,
    /// The culprit, not the place where the parser noticed.
    pub range: TextRange,
    /// What is wrong: one sentence, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that matters, such as the first of two equal keys, and what it is.
    pub related: Option<(TextRange, String)>,
}

/// Sorts of [`SyntaxError`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text is not YAML, or not JSON.
    Syntax,
    /// The bytes are not UTF-8, or hold characters that no text file should.
    Encoding,
    /// A mapping has a key twice. Both entries are in the tree, look-ups take the first.
    DuplicateKey,
    /// An alias names no anchor, or one around itself.
    Alias,
    /// Lines that a merge with conflicts left behind. The side above `=======` is in the tree.
    Conflict,
    /// The text is too large, too deep, or expands too far.
    Limit,
}

impl SyntaxError {
    pub(crate) fn new(kind: SyntaxErrorKind, range: TextRange, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into(), help: None, related: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, range: TextRange, text: impl Into<String>) -> Self {
        self.related = Some((range, text.into()));
        self
    }
}
