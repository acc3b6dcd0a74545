//! Bytes to lines and columns, and back: the only place that knows how the client counts columns.
//!
//! [LSP 3.17, Position](https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position)

use deed_syntax::{TextRange, TextSize};
use line_index::{LineCol, LineIndex, WideEncoding, WideLineCol};
use tower_lsp::ls_types::{InitializeParams, Position, PositionEncodingKind, Range};

/// How the client counts columns.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Encoding {
    /// By bytes.
    Utf8,
    /// By UTF-16 code units: what clients mean that say nothing.
    #[default]
    Utf16,
    /// By characters.
    Utf32,
}

impl Encoding {
    /// Picks what costs least of what a client offers.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let all = [Self::Utf8, Self::Utf32, Self::Utf16];
        all.into_iter().find(|encoding| offered.contains(&encoding.kind())).unwrap_or_default()
    }

    /// What it is called in the protocol.
    pub(super) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn len(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// How many of the client's units a text takes.
    pub(super) fn width(self, text: &str) -> u32 {
        u32::try_from(self.len(text)).unwrap_or(u32::MAX)
    }

    /// Returns the byte at a position. One behind the end of its line is that end, one behind the last line the end of the
    /// text, one within a character its start.
    pub(super) fn offset(self, text: &str, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match next_line(text, start) {
                Some(next) => start = next,
                None => return text.len(),
            }
        }
        let line = &text[start..line_end(text, start)];
        let mut units = 0;
        for (at, c) in line.char_indices() {
            let next = units + self.len(c.encode_utf8(&mut [0; 4]));
            if next > position.character as usize {
                return start + at;
            }
            units = next;
        }
        start + line.len()
    }
}

/// Where the line after the one at `start` begins: behind `\n`, `\r\n` or a lone `\r`.
fn next_line(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = start + memchr::memchr2(b'\n', b'\r', &bytes[start..])?;
    let is_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    Some(at + if is_pair { 2 } else { 1 })
}

fn line_end(text: &str, start: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at)
}

/// The lines of one text.
pub(super) struct Lines {
    index: LineIndex,
    /// A lone `\r` ends a line in the protocol, not in the index; such texts are counted by hand.
    has_lone_cr: bool,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let has_lone_cr = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
        Self { index: LineIndex::new(text), has_lone_cr }
    }

    /// Returns the position of a byte, which is that of the start of a character.
    pub(super) fn position(&self, text: &str, offset: TextSize, encoding: Encoding) -> Position {
        let offset = offset.min(TextSize::of(text));
        if self.has_lone_cr {
            return slow_position(text, usize::from(offset), encoding);
        }
        let at = self.index.line_col(offset);
        let LineCol { line, col } = at;
        let wide = |kind| self.index.to_wide(kind, at).map_or(col, |WideLineCol { col, .. }| col);
        let character = match encoding {
            Encoding::Utf8 => col,
            Encoding::Utf16 => wide(WideEncoding::Utf16),
            Encoding::Utf32 => wide(WideEncoding::Utf32),
        };
        // Between the two characters of a line break there is no place.
        let in_break = text.as_bytes().get(usize::from(offset)) == Some(&b'\n')
            && usize::from(offset) > 0
            && text.as_bytes()[usize::from(offset) - 1] == b'\r';
        Position { line, character: character - u32::from(in_break) }
    }

    pub(super) fn range(&self, text: &str, range: TextRange, encoding: Encoding) -> Range {
        Range { start: self.position(text, range.start(), encoding), end: self.position(text, range.end(), encoding) }
    }
}

fn slow_position(text: &str, offset: usize, encoding: Encoding) -> Position {
    let (mut line, mut start) = (0, 0);
    while let Some(next) = next_line(text, start).filter(|next| *next <= offset) {
        (line, start) = (line + 1, next);
    }
    let end = offset.min(line_end(text, start));
    Position { line, character: encoding.width(&text[start..end]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn each_client_counts_in_its_own_way() {
        let text = "a: \u{1f642}x\r\nb: é\n";
        let at = |needle: &str| TextSize::try_from(text.find(needle).expect("it is there")).expect("short");
        let lines = Lines::of(text);
        let columns = |needle| ALL.map(|encoding| lines.position(text, at(needle), encoding).character);
        assert_eq!(columns("x"), [7, 5, 4]);
        assert_eq!(lines.position(text, TextSize::of(text), Encoding::Utf16), Position { line: 2, character: 0 });
    }

    #[test]
    fn what_lies_outside_of_the_text_is_its_nearest_place() {
        let text = "ab\ncd";
        let offset = |line, character| Encoding::Utf16.offset(text, Position { line, character });
        assert_eq!([offset(0, 99), offset(1, 1), offset(1, 99), offset(7, 0)], [2, 4, 5, 5]);
        assert_eq!(Encoding::Utf16.offset("\u{1f642}", Position { line: 0, character: 1 }), 0);
    }

    proptest::proptest! {
        #[test]
        fn every_place_comes_back(text in "([a-z: é\u{1f642}\u{10ffff}]|\r\n|\n|\r){0,40}") {
            let lines = Lines::of(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let in_break = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                for encoding in ALL {
                    let size = TextSize::try_from(offset).expect("short");
                    let position = lines.position(&text, size, encoding);
                    let expected = if in_break { offset - 1 } else { offset };
                    proptest::prop_assert_eq!(encoding.offset(&text, position), expected);
                    proptest::prop_assert_eq!(slow_position(&text, offset, encoding), position);
                }
            }
        }
    }
}
