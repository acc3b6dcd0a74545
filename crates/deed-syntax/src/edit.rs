//! Format-preserving edits: returned as data, never applied in place.

use std::fmt;

use text_size::TextRange;

/// A replacement of a stretch of text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub range: TextRange,
    /// What takes its place; empty to remove.
    pub new_text: String,
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
