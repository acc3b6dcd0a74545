//! What the cursor points at, in the terms of the notation.

use deed_syntax::KeyPath;

/// A place where something may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Spot {
    /// Of the mapping, where a key goes; of the value itself, where a value goes.
    pub(crate) path: KeyPath,
    /// What goes there.
    pub(crate) sort: Sort,
    /// The bytes that what is chosen takes the place of, quotes included.
    pub(crate) range: (usize, usize),
    /// What is typed between the start of `range` and the cursor.
    pub(crate) typed: String,
    /// The quote that `range` begins with.
    pub(crate) quote: Option<char>,
    /// The other keys of the mapping, or the other scalars of the list.
    pub(crate) beside: Vec<String>,
    /// In braces or brackets, as all of JSON is.
    pub(crate) flow: bool,
    /// The column that a block mapping's keys have here, or its parent's where the value goes behind a key; the indentation
    /// of the line in braces.
    pub(crate) column: usize,
    /// What has to stand before what is chosen: indentation, a dash, the blank behind a colon.
    pub(crate) lead: String,
    /// What has to stand behind it: a comma, or the blank before a comment.
    pub(crate) tail: &'static str,
    /// A comma or colon that is missing before it, and where.
    pub(crate) missing: Option<(usize, &'static str)>,
}

/// What goes to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    /// A key.
    Key {
        /// Its colon is there.
        has_colon: bool,
    },
    /// A value.
    Value {
        /// On a line of its own or behind a dash, where a block mapping could begin as well.
        own_line: bool,
    },
}
