//! Lines and columns of byte ranges.

use std::sync::OnceLock;

use deed_model::{FileId, FileRange, Workspace};
use deed_syntax::{TextRange, TextSize};
use line_index::{LineCol, LineIndex, WideEncoding};
use serde::Serialize;

/// The lines of a workspace's manifests; each is looked through once, when first asked for.
pub(crate) struct Lines<'w> {
    workspace: &'w Workspace,
    indexes: Vec<OnceLock<LineIndex>>,
}

/// A place in a text as people count: from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Place {
    /// The line.
    pub(crate) line: u32,
    /// The column.
    pub(crate) column: u32,
    /// The byte.
    pub(crate) offset: u32,
}

/// Both ends of a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Places {
    /// Where it starts.
    pub(crate) start: Place,
    /// Where it ends.
    pub(crate) end: Place,
}

impl<'w> Lines<'w> {
    pub(crate) fn new(workspace: &'w Workspace) -> Self {
        Self { workspace, indexes: workspace.manifests().iter().map(|_| OnceLock::new()).collect() }
    }

    fn index(&self, file: FileId) -> &LineIndex {
        self.indexes[file.0 as usize].get_or_init(|| LineIndex::new(self.text(file)))
    }

    /// Returns a manifest's text.
    pub(crate) fn text(&self, file: FileId) -> &'w str {
        self.workspace.manifest(file).parse.text()
    }

    /// Returns the line an offset is in, from 0.
    pub(crate) fn line(&self, file: FileId, offset: TextSize) -> u32 {
        self.index(file).try_line_col(offset).map_or(0, |place| place.line)
    }

    /// Returns where a line begins to be seen: behind the byte order mark, which is no part of the text.
    pub(crate) fn start(&self, file: FileId, line: u32) -> TextSize {
        let mark = if line == 0 { mark(self.text(file)) } else { "" };
        self.range(file, line).start() + TextSize::of(mark)
    }

    /// Returns the bytes of a line with its line break; past the last line, nothing at the end.
    pub(crate) fn range(&self, file: FileId, line: u32) -> TextRange {
        let end = TextSize::of(self.text(file));
        self.index(file).line(line).unwrap_or(TextRange::empty(end))
    }

    /// Returns how people name the place at an offset.
    pub(crate) fn place(&self, file: FileId, offset: TextSize) -> Place {
        place(self.index(file), self.text(file), offset)
    }

    /// Returns both ends of a range.
    pub(crate) fn places(&self, at: FileRange) -> Places {
        places(self.index(at.file), self.text(at.file), at.range)
    }
}

/// Returns how people name both ends of a range of a text with that index.
fn places(index: &LineIndex, text: &str, range: TextRange) -> Places {
    Places { start: place(index, text, range.start()), end: place(index, text, range.end()) }
}

fn place(index: &LineIndex, text: &str, offset: TextSize) -> Place {
    let narrow = index.try_line_col(offset).unwrap_or(LineCol { line: 0, col: 0 });
    let column = index.to_wide(WideEncoding::Utf32, narrow).map_or(narrow.col, |wide| wide.col);
    let unseen = if narrow.line == 0 { mark(text).chars().count() as u32 } else { 0 };
    Place { line: narrow.line + 1, column: column.saturating_sub(unseen) + 1, offset: offset.into() }
}

/// A place in a text, from which others are counted. Places that are asked for in their order cost least.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: mark(text).len(), line: 1, column: 1 }
    }

    /// Returns how people name both ends of a range.
    pub(crate) fn places(&mut self, range: TextRange) -> Places {
        Places { start: self.place(range.start()), end: self.place(range.end()) }
    }

    fn place(&mut self, offset: TextSize) -> Place {
        let to = usize::from(offset);
        if to < self.at {
            *self = Self::new(self.text);
        }
        for byte in self.text.as_bytes().get(self.at..to).unwrap_or_default() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // What a character goes on with.
                0x80..0xc0 => {}
                _ => self.column += 1,
            }
        }
        self.at = to.max(self.at);
        Place { line: self.line, column: self.column, offset: offset.into() }
    }
}

/// The byte order mark at the start of a text, if there is one.
fn mark(text: &str) -> &str {
    &text[..if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_on_comes_to_where_an_index_says() {
        for text in ["", "a", "\u{feff}a: é\r\nb: 🦀x\n\n", "é\n\nä: \u{feff}\n", "\u{feff}"] {
            let index = LineIndex::new(text);
            let offsets: Vec<TextSize> =
                (0..=text.len()).filter(|at| text.is_char_boundary(*at)).map(|at| TextSize::new(at as u32)).collect();
            let mut cursor = Cursor::new(text);
            for start in &offsets {
                for end in offsets.iter().filter(|end| *end >= start) {
                    let range = TextRange::new(*start, *end);
                    assert_eq!(cursor.places(range), places(&index, text, range), "{text:?} {range:?}");
                }
            }
        }
    }
}
