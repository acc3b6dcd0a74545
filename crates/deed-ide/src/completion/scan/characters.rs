//! Lines, blanks and scalars.

use crate::completion::scan::{Ahead, Scan, Token};

impl Scan<'_> {
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = rest.find('\n').unwrap_or(rest.len());
        at + rest[..end].strip_suffix('\r').map_or(end, str::len)
    }

    pub(super) fn next_line(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        end + if rest.starts_with("\r\n") { 2 } else { 1 }
    }

    pub(super) fn after_blanks(&self, from: usize, end: usize) -> usize {
        from + self
            .text
            .get(from..end)
            .unwrap_or_default()
            .bytes()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count()
    }

    /// Behind anchors and tags.
    pub(super) fn after_properties(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        while self.text[at..end].starts_with(['&', '!']) {
            at += self.text[at..end].find([' ', '\t']).unwrap_or(end - at);
            at = self.after_blanks(at, end);
        }
        at
    }

    pub(super) fn ends_word(&self, at: usize, end: usize) -> bool {
        at == end || self.text[at..].starts_with([' ', '\t', '\r', '\n'])
    }

    /// A scalar that begins on a line, up to its colon if it is a key.
    pub(super) fn token(&self, start: usize, end: usize) -> Token {
        let under = self.frames.last().map(|frame| frame.column);
        if let Some(token) = self.quoted(start, under) {
            return token;
        }
        let length = self.plain_line(start, end);
        let text = &self.text[start..start + length];
        let colon = text.char_indices().position(|(at, c)| c == ':' && self.ends_word(start + at + 1, end));
        let length = match colon {
            Some(colon) => text.char_indices().nth(colon).map_or(length, |(at, _)| text[..at].trim_end().len()),
            None => length,
        };
        Token { start, end: start + length, quote: None }
    }

    /// A text without quotes up to its first blank.
    pub(super) fn first_word(&self, token: Token) -> Token {
        let blank = self.text[token.start..token.end].find([' ', '\t']);
        Token { end: blank.map_or(token.end, |at| token.start + at), ..token }
    }

    /// The length of a text without quotes, up to the end of its line or its comment.
    pub(super) fn plain_line(&self, start: usize, end: usize) -> usize {
        let line = &self.text[start..end];
        let comment = line.find(" #").or_else(|| line.find("\t#")).unwrap_or(line.len());
        line[..comment].trim_end().len()
    }

    pub(super) fn token_in_brackets(&self, start: usize, under: Option<usize>) -> Token {
        if let Some(token) = self.quoted(start, under) {
            return token;
        }
        let end = self.line_end(start);
        let length = self.plain_line(start, end);
        let text = &self.text[start..start + length];
        let stops = |&(at, c): &(usize, char)| match c {
            ',' | '[' | ']' | '{' | '}' => true,
            ':' => {
                let rest = &self.text[start + at + 1..];
                self.json || rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'])
            }
            _ => false,
        };
        let length = text.char_indices().find(stops).map_or(length, |(at, _)| text[..at].trim_end().len());
        // Whatever stands here, it is at least one character.
        let length = length.max(self.text[start..].chars().next().map_or(0, char::len_utf8));
        Token { start, end: start + length, quote: None }
    }

    /// A scalar in quotes. One that nobody closed ends with its line, or before the comma there.
    pub(super) fn quoted(&self, start: usize, under: Option<usize>) -> Option<Token> {
        let quote = self.text[start..].chars().next().filter(|c| *c == '"' || !self.json && *c == '\'')?;
        let line_end = self.line_end(start);
        let mut chars = self.text[start + 1..].char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let at = start + 1 + at;
            match c {
                '\\' if quote == '"' => drop(chars.next()),
                '\'' if quote == '\'' && chars.peek().is_some_and(|(_, c)| *c == '\'') => drop(chars.next()),
                '\n' => {
                    let end = self.line_end(at + 1);
                    let content = self.after_blanks(at + 1, end);
                    let outside = content < end && under.is_none_or(|under| content - (at + 1) <= under);
                    if self.json || outside {
                        break;
                    }
                }
                c if c == quote => return Some(Token { start, end: at + 1, quote: Some(quote) }),
                _ => {}
            }
        }
        let line = self.text[start..line_end].trim_end();
        let line = line.strip_suffix(',').filter(|line| line.len() > 1).unwrap_or(line);
        Some(Token { start, end: start + line.len(), quote: Some(quote) })
    }

    pub(super) fn indentation(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.after_blanks(line, self.line_end(line)).min(at) - line
    }

    /// The next line behind the one that ends at `end` that is not blank and no comment.
    pub(super) fn ahead(&self, end: usize) -> Option<Ahead> {
        let mut at = self.next_line(self.line_end(end));
        while at <= self.text.len() {
            let end = self.line_end(at);
            let content = self.after_blanks(at, end);
            let line = &self.text[content..end];
            if line.starts_with("---") || line.starts_with("...") {
                return None;
            }
            if !line.is_empty() && !line.starts_with('#') {
                return Some(Ahead { indent: content - at, dash: line == "-" || line.starts_with("- ") });
            }
            at = self.next_line(end);
        }
        None
    }
}
