//! Lines and columns of byte ranges.

use std::sync::OnceLock;

use deed_model::{FileId, FileRange, Workspace};
use deed_syntax::{TextRange, TextSize};
use line_index::{LineIndex, WideEncoding};

/// The lines of a workspace's manifests; each is looked through once, when first asked for.
pub(crate) struct Lines<'w> {
    workspace: &'w Workspace,
    indexes: Vec<OnceLock<LineIndex>>,
}

/// A place in a text as people count: from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// The line.
    pub(crate) line: u32,
    /// The column.
    pub(crate) column: u32,
    /// The byte.
    pub(crate) offset: u32,
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
        let start = self.range(file, line).start();
        let mark = if line == 0 && self.text(file).starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        start + TextSize::try_from(mark).unwrap_or_default()
    }

    /// Returns the bytes of a line with its line break; past the last line, nothing at the end.
    pub(crate) fn range(&self, file: FileId, line: u32) -> TextRange {
        let end = TextSize::of(self.text(file));
        self.index(file).line(line).unwrap_or(TextRange::empty(end))
    }

    /// Returns how people name the place at an offset.
    pub(crate) fn place(&self, file: FileId, offset: TextSize) -> Place {
        let index = self.index(file);
        let narrow = index.try_line_col(offset).unwrap_or(line_index::LineCol { line: 0, col: 0 });
        let column = index.to_wide(WideEncoding::Utf32, narrow).map_or(narrow.col, |wide| wide.col);
        let unseen = u32::from(self.start(file, narrow.line) > self.range(file, narrow.line).start());
        Place { line: narrow.line + 1, column: column.saturating_sub(unseen) + 1, offset: offset.into() }
    }

    /// Returns both ends of a range.
    pub(crate) fn places(&self, at: FileRange) -> (Place, Place) {
        (self.place(at.file, at.range.start()), self.place(at.file, at.range.end()))
    }
}
