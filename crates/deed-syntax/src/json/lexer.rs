//! JSON text to tokens. Whatever the text, each byte belongs to a token or to the blanks between two.

use std::borrow::Cow;

use text_size::{TextRange, TextSize};

use crate::tree::ScalarStyle;
use crate::{SyntaxError, SyntaxErrorKind};

/// What an error about a quote that is not closed on its line says.
pub(super) const UNCLOSED_QUOTE: &str = "this quote is never closed";

/// A piece of the text.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) range: TextRange,
    pub(super) kind: TokenKind<'t>,
}

/// What a piece is.
#[derive(Debug)]
pub(super) enum TokenKind<'t> {
    /// `{`, `}`, `[`, `]`, `:` or `,`.
    Punctuation(u8),
    /// Quoted text, or a bare word such as a number, with errors where it is not JSON.
    Scalar { style: ScalarStyle, value: Cow<'t, str>, errors: Vec<SyntaxError> },
    /// A comment, in whatever notation.
    Comment,
    /// Anything else.
    Unknown,
}

/// The tokens of a text.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at }
    }

    pub(super) fn next(&mut self) -> Option<Token<'t>> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let start = self.at;
        let kind = match *bytes.get(start)? {
            byte @ (b'{' | b'}' | b'[' | b']' | b':' | b',') => {
                self.at += 1;
                TokenKind::Punctuation(byte)
            }
            quote @ (b'"' | b'\'') => self.quoted(quote),
            b'/' if matches!(bytes.get(start + 1), Some(b'/' | b'*')) => self.comment(),
            b'#' => self.comment(),
            byte if is_word(byte) => self.word(),
            _ => self.unknown(),
        };
        Some(Token { range: range(start, self.at), kind })
    }

    fn comment(&mut self) -> TokenKind<'t> {
        let rest = &self.text[self.at..];
        let block = rest.strip_prefix("/*").map(|rest| rest.find("*/").map_or(rest.len() + 2, |end| end + 4));
        self.at += block.unwrap_or_else(|| rest.find(['\n', '\r']).unwrap_or(rest.len()));
        TokenKind::Comment
    }

    /// Characters that start nothing, all in a row.
    fn unknown(&mut self) -> TokenKind<'t> {
        let starts = |c: char| c.is_ascii() && (is_word(c as u8) || b" \t\n\r{}[]:,\"'#/".contains(&(c as u8)));
        let rest = &self.text[self.at..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at += first + rest[first..].find(starts).unwrap_or(rest.len() - first);
        TokenKind::Unknown
    }

    fn word(&mut self) -> TokenKind<'t> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while bytes.get(self.at).is_some_and(|byte| is_word(*byte)) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let mut errors = Vec::new();
        if !matches!(word, "null" | "true" | "false") && !is_number(word) {
            errors.push(bad_word(word, range(start, self.at)));
        }
        TokenKind::Scalar { style: ScalarStyle::Plain, value: word.into(), errors }
    }

    fn quoted(&mut self, quote: u8) -> TokenKind<'t> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        self.at += 1;
        let mut from = self.at;
        let mut text = String::new();
        let mut errors = Vec::new();
        let closed = loop {
            match bytes.get(self.at) {
                Some(byte) if *byte == quote => break true,
                None | Some(b'\n' | b'\r') => break false,
                Some(b'\\') => {
                    text.push_str(&self.text[from..self.at]);
                    self.escape(&mut text, &mut errors);
                    from = self.at;
                }
                Some(byte) if *byte < b' ' => {
                    errors.push(control(*byte, range(self.at, self.at + 1)));
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        };
        let rest = &self.text[from..self.at];
        // An unclosed text ends with its line; the comma there is likely not part of it.
        let trimmed = if closed { rest } else { rest.trim_end_matches([' ', '\t', ',']) };
        self.at = from + trimmed.len();
        let value = if from == start + 1 { Cow::Borrowed(trimmed) } else { Cow::Owned(text + trimmed) };
        if closed {
            self.at += 1;
        } else {
            let error = SyntaxError::new(SyntaxErrorKind::Syntax, range(start, self.at), UNCLOSED_QUOTE);
            errors.push(error.help("close it with `\"` on the same line; a line break in the text is written `\\n`"));
        }
        if quote == b'\'' {
            let message = "JSON texts are in double quotes";
            errors.insert(0, SyntaxError::new(SyntaxErrorKind::Syntax, range(start, self.at), message));
        }
        let style = if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        TokenKind::Scalar { style, value, errors }
    }

    fn escape(&mut self, text: &mut String, errors: &mut Vec<SyntaxError>) {
        let start = self.at;
        let c = self.text[start + 1..].chars().next();
        self.at += 1 + c.filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        let plain = match c {
            Some('"' | '\\' | '/') => c,
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.unicode(),
            _ => None,
        };
        if let Some(c) = plain {
            text.push(c);
            return;
        }
        let written = &self.text[start..self.at];
        text.push_str(written);
        let message = format!("`{written}` is not an escape of JSON");
        let error = SyntaxError::new(SyntaxErrorKind::Syntax, range(start, self.at), message);
        errors.push(
            error.help("a backslash is written `\\\\`; a character by number is `\\u` and four hexadecimal digits"),
        );
    }

    /// Reads the digits behind `\u`, and the other half of a surrogate pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        let end = self.at;
        self.at += self.text[self.at..].strip_prefix("\\u").map(|_| 2)?;
        let second = self.four_digits().filter(|second| (0xDC00..0xE000).contains(second));
        let Some(second) = second else {
            self.at = end;
            return None;
        };
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Bytes of numbers and of what people write without quotes. Everything that is not ASCII counts.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.' | b'$' | 0x80..)
}

/// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][-+]?[0-9]+)?`
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word).as_bytes();
    let digits = |from: usize| unsigned[from.min(unsigned.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    if at == 0 || (at > 1 && unsigned[0] == b'0') {
        return false;
    }
    if unsigned.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(unsigned.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(unsigned.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == unsigned.len()
}

fn bad_word(word: &str, range: TextRange) -> SyntaxError {
    let unsigned = word.trim_start_matches(['-', '+', '.']);
    let (message, help) = match word.to_ascii_lowercase().as_str() {
        "true" | "false" | "null" => (format!("`{word}` is written in small letters in JSON"), "".into()),
        "none" | "nil" | "undefined" => (format!("`{word}` is no value of JSON"), "write `null`".into()),
        "nan" | "infinity" | "-infinity" => (format!("`{word}` is no number of JSON"), "".into()),
        _ if unsigned.starts_with(|c: char| c.is_ascii_digit()) || unsigned.is_empty() => {
            let help = "a number is digits without leading zeros, with `-`, a fraction or an exponent; anything else needs double quotes";
            (format!("`{word}` is not a number as JSON writes them"), help.to_owned())
        }
        _ => (format!("text needs double quotes in JSON: `{word}`"), format!("write `\"{word}\"`")),
    };
    let error = SyntaxError::new(SyntaxErrorKind::Syntax, range, message);
    if help.is_empty() { error } else { error.help(help) }
}

fn control(byte: u8, range: TextRange) -> SyntaxError {
    let escape = if byte == b'\t' { "\\t".to_owned() } else { format!("\\u{byte:04x}") };
    let message = format!("the control character U+{byte:04X} must be escaped in JSON");
    SyntaxError::new(SyntaxErrorKind::Syntax, range, message).help(format!("write `{escape}`"))
}

pub(super) fn range(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).expect("offsets are bounded by `MAX_LEN`"));
    TextRange::new(size(start), size(end))
}
