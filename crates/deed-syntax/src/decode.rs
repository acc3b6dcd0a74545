//! Bytes to text with the same offsets.

use std::sync::Arc;

use text_size::{TextRange, TextSize};

use crate::{MAX_LEN, SyntaxError, SyntaxErrorKind};

/// Each stretch of bad bytes is one error; after this many the rest is replaced without a word.
const MAX_ERRORS: usize = 100;

/// Returns the text, with `?` for each byte that is not UTF-8, and the errors about it.
pub(crate) fn decode(bytes: &[u8]) -> (Arc<str>, Vec<SyntaxError>) {
    if bytes.len() > MAX_LEN {
        return ("".into(), vec![too_long(bytes.len())]);
    }
    // Before UTF-8: UTF-16 without a byte order mark is valid UTF-8 full of NULs.
    if let Some(name) = utf_16_or_32(bytes) {
        let error = SyntaxError::new(
            SyntaxErrorKind::Encoding,
            TextRange::empty(TextSize::new(0)),
            format!("the file is encoded in {name}, only UTF-8 is read"),
        );
        return ("".into(), vec![error.help("save the file as UTF-8")]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), Vec::new()),
        Err(_) => replace_bad_bytes(bytes),
    }
}

/// The error about a text that is longer than [`MAX_LEN`].
pub(crate) fn too_long(len: usize) -> SyntaxError {
    let message = format!("the file has {len} bytes, the limit is {MAX_LEN}");
    SyntaxError::new(SyntaxErrorKind::Limit, TextRange::empty(TextSize::new(0)), message)
        .help("split it into several files")
}

fn replace_bad_bytes(bytes: &[u8]) -> (Arc<str>, Vec<SyntaxError>) {
    let mut text = String::with_capacity(bytes.len());
    let mut errors: Vec<SyntaxError> = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let bad = chunk.invalid();
        if bad.is_empty() {
            continue;
        }
        let start = text.len();
        text.extend(std::iter::repeat_n('?', bad.len()));
        let range = range(start, text.len());
        let count = errors.len();
        match errors.last_mut() {
            Some(last) if last.range.end() == range.start() => last.range = last.range.cover(range),
            _ if count >= MAX_ERRORS => {}
            _ => {
                let hex: Vec<String> = bad.iter().map(|byte| format!("0x{byte:02X}")).collect();
                let message = format!("invalid UTF-8 at byte offset {start} ({})", hex.join(" "));
                let error = SyntaxError::new(SyntaxErrorKind::Encoding, range, message);
                errors.push(error.help("save the file as UTF-8; each bad byte is read as `?`"));
            }
        }
    }
    (text.into(), errors)
}

/// A byte order mark, or ASCII with every other byte zero: both are beyond doubt.
fn utf_16_or_32(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] if *a > 0 && *b > 0 => Some("UTF-16"),
        _ => None,
    }
}

fn range(start: usize, end: usize) -> TextRange {
    let size = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, messages: &[&str]) {
        let (actual, errors) = decode(bytes);
        assert_eq!(&*actual, text);
        let actual: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(actual, messages);
    }

    #[test]
    fn a_bad_byte_becomes_a_question_mark_and_offsets_stay_true() {
        check(b"a: \xFFb", "a: ?b", &["invalid UTF-8 at byte offset 3 (0xFF)"]);
        let first = "invalid UTF-8 at byte offset 0 (0xE2 0x82)";
        check(b"\xE2\x82b \xC0\xAF", "??b ??", &[first, "invalid UTF-8 at byte offset 4 (0xC0)"]);
    }

    #[test]
    fn a_byte_order_mark_stays() {
        check("\u{feff}a: 1".as_bytes(), "\u{feff}a: 1", &[]);
    }

    #[test]
    fn other_encodings_are_named_once() {
        let utf_16 = "the file is encoded in UTF-16, only UTF-8 is read";
        check(b"\xFF\xFEa\0:\0", "", &[utf_16]);
        check(b"d\0e\0e\0d\0", "", &[utf_16]);
        check(b"\0d\0e", "", &[utf_16]);
        check(b"\xFF\xFE\0\0a\0\0\0", "", &["the file is encoded in UTF-32, only UTF-8 is read"]);
    }

    #[test]
    fn a_binary_file_does_not_drown_the_reader() {
        let (text, errors) = decode(&b"\xFFa".repeat(10_000));
        assert_eq!((text.len(), errors.len()), (20_000, MAX_ERRORS));
    }
}
