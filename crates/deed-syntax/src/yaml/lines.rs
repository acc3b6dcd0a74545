//! The lines of a broken text, and how deep each is indented: what recovery goes by.

use std::ops::Range;

/// Of a line without content.
const BLANK: u32 = u32::MAX;

/// Of a document marker.
pub(super) const MARKER: u32 = 0;

/// Starts and depths of all lines.
pub(super) struct Lines {
    starts: Vec<u32>,
    /// See [`depth_at`]; blank lines and comments have none.
    depths: Vec<u32>,
    /// The depths at first, before anything was blanked.
    original: Vec<u32>,
    /// The next line with content that is less deep; for a blank line the next with content.
    next: Vec<u32>,
    len: u32,
}

/// How deep something stands that starts in a column: a list item is a bit deeper than a key in the same column, so
/// that a list indented as its key is lies within it.
pub(super) fn depth_at(column: usize, is_item: bool) -> u32 {
    u32::try_from(2 * (column + 1) + usize::from(is_item)).unwrap_or(BLANK - 1)
}

/// Says whether a depth is that of a list item.
pub(super) fn is_item_depth(depth: u32) -> bool {
    depth % 2 == 1
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![number(start)];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let breaks = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if breaks && at + 1 < bytes.len() {
                starts.push(number(at + 1));
            }
        }
        let count = starts.len();
        let mut lines = Self {
            starts,
            depths: vec![BLANK; count],
            original: Vec::new(),
            next: vec![0; count],
            len: number(text.len()),
        };
        for line in 0..count {
            lines.update(line, text);
        }
        lines.original = lines.depths.clone();
        for line in (0..count).rev() {
            lines.next[line] = number(lines.below(line + 1, lines.depths[line]));
        }
        lines
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// Takes note of a changed line.
    pub(super) fn update(&mut self, line: usize, text: &str) {
        self.depths[line] = depth(&text[self.range(line)]);
        // Always right, if not far.
        self.next[line] = number(line + 1);
    }

    /// Returns the line with its line break.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        self.start(line)..self.start(line + 1)
    }

    /// Returns where a line starts; behind the last line, where the text ends.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).map_or(self.len, |start| *start) as usize
    }

    /// Returns the line that an offset is on.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1)
    }

    /// Returns how deep a line is; `None` for blank lines and comments.
    pub(super) fn depth(&self, line: usize) -> Option<u32> {
        self.depths.get(line).copied().filter(|depth| *depth != BLANK)
    }

    /// Returns how deep a line was before it was blanked.
    pub(super) fn original_depth(&self, line: usize) -> Option<u32> {
        self.original.get(line).copied().filter(|depth| *depth != BLANK)
    }

    /// Returns the first line from there on that has content.
    pub(super) fn content(&self, mut line: usize) -> Option<usize> {
        while line < self.count() && self.depths[line] == BLANK {
            line = self.next[line] as usize;
        }
        (line < self.count()).then_some(line)
    }

    /// Returns the last line before that has content.
    pub(super) fn content_before(&self, line: usize) -> Option<usize> {
        (0..line).rev().find(|line| self.depths[*line] != BLANK)
    }

    /// Returns the first line from there on that is less deep.
    pub(super) fn below(&self, mut line: usize, depth: u32) -> usize {
        while line < self.count() && (self.depths[line] == BLANK || self.depths[line] >= depth) {
            line = self.next[line] as usize;
        }
        line.min(self.count())
    }
}

/// Returns the depth of a line by its indentation. A tab counts as eight, as it looks.
fn depth(line: &str) -> u32 {
    let content = line.trim_start_matches([' ', '\t']);
    let indent = &line[..line.len() - content.len()];
    let content = content.trim_end_matches([' ', '\t', '\r', '\n']);
    match content.as_bytes() {
        // A bracket that only ends what came before does not start anything.
        [] | [b'#' | b']' | b'}', ..] => BLANK,
        _ if indent.is_empty() && is_marker(content) => MARKER,
        _ => {
            let column = indent.bytes().map(|byte| if byte == b'\t' { 8 } else { 1 }).sum();
            depth_at(column, is_item(content))
        }
    }
}

/// Says whether a line's content starts a list item.
pub(super) fn is_item(content: &str) -> bool {
    content.strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// The length of the dashes that start list items at the start of a line's content, with the blanks behind.
pub(super) fn dashes(content: &str) -> usize {
    let mut rest = content;
    while is_item(rest) {
        rest = rest[1..].trim_start_matches([' ', '\t']);
    }
    content.len() - rest.len()
}

/// Says whether a line separates documents.
pub(super) fn is_marker(line: &str) -> bool {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn number(offset: usize) -> u32 {
    u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`")
}
