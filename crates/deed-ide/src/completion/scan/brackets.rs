//! Mappings and lists in brackets.

use crate::completion::scan::{Found, Scan};
use crate::completion::spot::{Sort, Spot};

/// What comes behind a gap in brackets, if it is no comma or bracket that closes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    Nothing,
    Key,
    Value,
}

impl Scan<'_> {
    pub(super) fn braces_only(&mut self) {
        let start = self.text.find(['{', '[']).unwrap_or(self.text.len());
        if start < self.text.len() {
            self.brackets(start);
        }
    }

    /// Reads a mapping or list in brackets; returns where it ends.
    pub(super) fn brackets(&mut self, start: usize) -> usize {
        let base = self.frames.len();
        let under = self.frames.last().map(|frame| frame.column);
        self.open_bracket(start);
        let mut at = start + 1;
        while !self.is_done() {
            let gap = at;
            let Some(next) = self.after_gap(gap, under) else {
                let end = self.line_end(gap);
                self.gap(gap, end, under, Follows::Nothing);
                self.frames.truncate(base);
                return end;
            };
            let first = self.text[next..].chars().next();
            let is_token = first.is_some_and(|c| !matches!(c, '{' | '[' | '}' | ']' | ',' | ':'));
            if (gap..=next).contains(&self.cursor) && (self.cursor < next || !is_token) {
                let follows = match first {
                    Some('{' | '[') => Follows::Value,
                    _ if !is_token => Follows::Nothing,
                    _ if self.is_key(next, under) => Follows::Key,
                    _ => Follows::Value,
                };
                self.gap(gap, next, under, follows);
            }
            match first {
                None => {
                    self.frames.truncate(base);
                    return next;
                }
                Some('{' | '[') => {
                    self.open_bracket(next);
                    at = next + 1;
                }
                Some(bracket @ ('}' | ']')) => {
                    at = next + 1;
                    self.close_bracket(bracket == ']', base, at);
                    if self.frames.len() == base {
                        return at;
                    }
                }
                Some(',') => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.end = None;
                        frame.name = None;
                        frame.half = None;
                        frame.open = frame.list;
                        frame.index += 1;
                    }
                    at = next + 1;
                }
                Some(':') => {
                    if let Some(frame) = self.frames.last_mut().filter(|frame| frame.name.is_some()) {
                        frame.open |= frame.end.is_none();
                    }
                    at = next + 1;
                }
                Some(_) => at = self.bracket_token(next, under),
            }
        }
        self.frames.truncate(base);
        self.text.len()
    }

    /// A scalar in brackets.
    fn bracket_token(&mut self, start: usize, under: Option<usize>) -> usize {
        let token = self.token_in_brackets(start, under);
        let next = self.after_gap(token.end, under).unwrap_or(token.end);
        let colon = self.text[next..].starts_with(':');
        let touched = (token.start..=token.end).contains(&self.cursor);
        let follows = self.text[next..].chars().next().is_some_and(|c| !matches!(c, '}' | ']' | ',' | ':'));
        let follows = follows && next > token.end;
        let Some(frame) = self.frames.last_mut() else { return token.end };
        let (id, before, half) = (frame.id, frame.end.take(), frame.half.take());
        let column = self.indentation(start);
        let word = self.first_word(token);
        let Some(frame) = self.frames.last_mut() else { return token.end };
        if !frame.list && !frame.open && !colon {
            let is_behind = token.quote.is_none() && word.end < self.cursor && self.cursor <= token.end;
            match half {
                // Behind a word on its line that is no key yet.
                Some(half) if !self.text[half.end..start].contains('\n') => {
                    if touched {
                        self.without_colon(half, (start, token.end), column);
                    }
                    return token.end;
                }
                _ if is_behind => {
                    self.without_colon(word, (self.after_blanks(word.end, token.end), token.end), column);
                    return token.end;
                }
                _ => frame.half = Some(token),
            }
        }
        let sort = if frame.list || frame.open {
            frame.open = false;
            frame.end = Some(token.end);
            Sort::Value { own_line: false }
        } else {
            Sort::Key { has_colon: colon }
        };
        match sort {
            Sort::Value { .. } if frame.list => self.names.push((id, token)),
            Sort::Key { has_colon: true } => self.name_key(token),
            Sort::Key { .. } => frame.name = None,
            Sort::Value { .. } => {}
        }
        if touched {
            let spot = self.spot(sort, (token.start, token.end), token.quote, column);
            let tail = if follows && !colon { "," } else { "" };
            let missing = before.map(|at| (at, ","));
            self.capture(Spot { flow: true, tail, missing, ..spot });
        }
        if let (Sort::Key { .. }, Some(frame)) = (sort, self.frames.last_mut()) {
            // The colon itself comes next.
            frame.open = false;
        }
        token.end
    }

    /// Whether a scalar in brackets has a colon behind it.
    fn is_key(&mut self, start: usize, under: Option<usize>) -> bool {
        let end = self.token_in_brackets(start, under).end;
        self.after_gap(end, under).is_some_and(|next| self.text[next..].starts_with(':'))
    }

    /// The cursor may be between two tokens in brackets.
    fn gap(&mut self, from: usize, to: usize, under: Option<usize>, follows: Follows) {
        if !(from..=to).contains(&self.cursor) || self.found.is_some() {
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some(half) = frame.half.filter(|half| !self.text[half.end..self.cursor].contains('\n')) {
            let column = self.indentation(self.cursor);
            return self.without_colon(half, (self.cursor, self.cursor), column);
        }
        let comma_before = frame.end;
        // Behind a value on its line nothing but a comma is due.
        if comma_before.is_some() && !self.text[from..self.cursor].contains('\n') {
            self.found = Some(Found::Nothing);
            return;
        }
        let sort = match (&frame.name, frame.open) {
            // The value is there already.
            (_, true) if !frame.list && follows == Follows::Value => {
                self.found = Some(Found::Nothing);
                return;
            }
            (_, true) => Sort::Value { own_line: false },
            _ if comma_before.is_some() && frame.list => {
                frame.index += 1;
                Sort::Value { own_line: false }
            }
            (None, _) => Sort::Key { has_colon: false },
            (Some(_), _) if comma_before.is_some() => Sort::Key { has_colon: false },
            _ => {
                self.found = Some(Found::Nothing);
                return;
            }
        };
        let column = self.indentation(self.cursor);
        let spot = self.spot(sort, (self.cursor, self.cursor), None, column);
        let before = &self.text[from..self.cursor];
        let lead = match (before.rfind('\n'), under) {
            // On a later line it has to be indented further than the key.
            (Some(newline), Some(under)) => " ".repeat((under + 2).saturating_sub(before.len() - newline - 1)),
            _ if self.text[..self.cursor].ends_with([':', ',']) => " ".to_owned(),
            _ => String::new(),
        };
        let tail = if follows == Follows::Nothing { "" } else { "," };
        let missing = comma_before.map(|at| (at, ","));
        self.capture(Spot { flow: true, lead, tail, missing, ..spot });
    }

    fn open_bracket(&mut self, at: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.open = false;
        }
        let list = self.text[at..].starts_with('[');
        self.push(0, list, true);
    }

    fn close_bracket(&mut self, list: bool, base: usize, end: usize) {
        if let Some(frame) = self.frames[base..].iter().rposition(|frame| frame.list == list) {
            self.frames.truncate(base + frame);
            if let Some(frame) = self.frames.last_mut() {
                frame.open = false;
                frame.end = frame.flow.then_some(end);
            }
        }
    }

    /// Returns where the next thing in brackets begins; `None` where a line is not indented enough to be in them.
    fn after_gap(&mut self, from: usize, under: Option<usize>) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\r') => at += 1,
                Some(b'\n') => {
                    let end = self.line_end(at + 1);
                    let content = self.after_blanks(at + 1, end);
                    let outside = |under: usize| {
                        content - (at + 1) <= under
                            && !matches!(bytes.get(content), None | Some(b'\r' | b'\n' | b'#' | b'}' | b']' | b','))
                    };
                    if under.is_some_and(outside) {
                        return None;
                    }
                    at = content;
                }
                Some(b'#') if !self.json && (at == 0 || bytes[at - 1].is_ascii_whitespace()) => {
                    let end = self.line_end(at);
                    if (at + 1..=end).contains(&self.cursor) {
                        self.found.get_or_insert(Found::Nothing);
                    }
                    at = end;
                }
                _ => return Some(at),
            }
        }
    }
}
