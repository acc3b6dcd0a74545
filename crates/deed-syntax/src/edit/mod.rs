//! Format-preserving edits: returned as data, never applied in place.

mod collection;
mod quote;
mod scalar;

use std::fmt;

use text_size::{TextRange, TextSize};

pub use crate::edit::collection::{Place, append_item, insert_entry, remove_entry, remove_item};
pub use crate::edit::quote::quote;
pub use crate::edit::scalar::{rename_key, replace_scalar, replace_value};

/// A replacement of a stretch of text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub range: TextRange,
    /// What takes its place; empty to remove.
    pub new_text: String,
}

impl Edit {
    /// Replaces a range by a text.
    #[must_use]
    pub fn replace(range: TextRange, new_text: impl Into<String>) -> Self {
        Self { range, new_text: new_text.into() }
    }

    /// Inserts a text at an offset.
    #[must_use]
    pub fn insert(at: TextSize, new_text: impl Into<String>) -> Self {
        Self::replace(TextRange::empty(at), new_text)
    }

    /// Removes a range.
    #[must_use]
    pub fn remove(range: TextRange) -> Self {
        Self::replace(range, "")
    }
}

/// Two edits touch the same text, or one lies outside of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OverlappingEdits;

impl fmt::Display for OverlappingEdits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the edits overlap or lie outside the text")
    }
}

impl std::error::Error for OverlappingEdits {}

/// Applies edits, in whatever order they come. Insertions at the same place are made in the order given.
///
/// # Errors
///
/// When two edits overlap, or one does not lie on character boundaries of the text.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, OverlappingEdits> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.new_text.len()).sum::<usize>());
    let mut at = 0;
    for edit in sorted {
        out.push_str(text.get(at..edit.range.start().into()).ok_or(OverlappingEdits)?);
        out.push_str(&edit.new_text);
        at = edit.range.end().into();
    }
    out.push_str(text.get(at..).ok_or(OverlappingEdits)?);
    Ok(out)
}
