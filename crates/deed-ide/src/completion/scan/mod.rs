//! A light look at a manifest's text: where in its structure the cursor is.
//!
//! The tree leaves out what is broken, and what somebody is typing is broken. So this reads no values and reports no errors:
//! it goes through the text line by line, keeps which mappings and lists are open by their indentation and brackets, and says
//! what it was in when it came by the cursor. A bracket that nobody closed ends where a line is not indented under its key.

mod brackets;
mod characters;
mod lines;

use deed_syntax::{Format, KeyPath, Segment};

use crate::completion::spot::{Sort, Spot};

/// Returns what may be written at an offset; `None` in comments, in blocks of text, and where a value has ended.
pub(crate) fn spot_at(text: &str, format: Format, cursor: usize) -> Option<Spot> {
    let mut scan =
        Scan { text, json: format == Format::Json, cursor, frames: Vec::new(), names: Vec::new(), ids: 0, found: None };
    if scan.json && text.trim().is_empty() {
        return Some(around_all(cursor));
    }
    if scan.json {
        scan.braces_only()
    } else {
        scan.lines()
    }
    scan.finish()
}

/// The spot in an empty text of JSON: what is chosen brings the braces along.
fn around_all(cursor: usize) -> Spot {
    Spot {
        path: KeyPath::default(),
        sort: Sort::Key { has_colon: false },
        range: (cursor, cursor),
        typed: String::new(),
        quote: None,
        beside: Vec::new(),
        flow: true,
        column: 0,
        lead: "{ ".to_owned(),
        tail: " }",
        missing: None,
    }
}

/// A mapping or list that is open.
struct Frame {
    id: usize,
    /// Of its keys or dashes; nothing that counts, in brackets.
    column: usize,
    flow: bool,
    list: bool,
    /// The key whose value is at hand.
    name: Option<String>,
    /// The item at hand.
    index: usize,
    /// The value at hand has not begun.
    open: bool,
    /// Where the value at hand ended; in brackets only.
    end: Option<usize>,
    /// What may be a key without its colon; in brackets only.
    half: Option<Token>,
}

/// What was found at the cursor.
enum Found {
    Nothing,
    Spot { spot: Spot, container: usize },
}

struct Scan<'t> {
    text: &'t str,
    json: bool,
    cursor: usize,
    frames: Vec<Frame>,
    /// Keys and scalar items: what they stand in, and where.
    names: Vec<(usize, Token)>,
    ids: usize,
    found: Option<Found>,
}

/// A scalar on one line or in quotes.
#[derive(Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    quote: Option<char>,
}

/// The next line that says something.
#[derive(Clone, Copy)]
struct Ahead {
    indent: usize,
    dash: bool,
}

impl Token {
    fn text(self, text: &str) -> &str {
        let whole = &text[self.start..self.end];
        match self.quote {
            Some(quote) => {
                let inside = &whole[1..];
                inside.strip_suffix(quote).unwrap_or(inside)
            }
            None => whole,
        }
    }
}

impl<'t> Scan<'t> {
    fn finish(self) -> Option<Spot> {
        let Some(Found::Spot { mut spot, container }) = self.found else { return None };
        let beside = self.names.iter().filter(|(id, token)| *id == container && token.start != spot.range.0);
        spot.beside = beside.map(|(_, token)| token.text(self.text).to_owned()).collect();
        Some(spot)
    }

    /// Whether nothing that follows matters.
    fn is_done(&self) -> bool {
        match &self.found {
            None => false,
            Some(Found::Nothing) => true,
            Some(Found::Spot { container, .. }) => !self.frames.iter().any(|frame| frame.id == *container),
        }
    }

    fn push(&mut self, column: usize, list: bool, flow: bool) {
        if self.frames.len() >= deed_syntax::MAX_DEPTH {
            self.found.get_or_insert(Found::Nothing);
        }
        self.ids += 1;
        self.frames.push(Frame {
            id: self.ids,
            column,
            flow,
            list,
            name: None,
            index: 0,
            open: list,
            end: None,
            half: None,
        });
    }

    /// Goes to the mapping whose keys stand in a column, or into a new one.
    fn enter_mapping(&mut self, column: usize) {
        while self.frames.last().is_some_and(|top| top.column > column || top.list && top.column == column) {
            self.frames.pop();
        }
        if self.frames.last().is_none_or(|top| top.column != column) {
            if let Some(parent) = self.frames.last_mut() {
                parent.open = false;
            }
            self.push(column, false, false);
        }
    }

    /// Goes to the next item of the list whose dashes stand in a column, or into a new one.
    fn enter_list(&mut self, column: usize) {
        while self.frames.last().is_some_and(|top| top.column > column) {
            self.frames.pop();
        }
        match self.frames.last_mut() {
            Some(top) if top.list && top.column == column => {
                top.index += 1;
                top.open = true;
            }
            top => {
                if let Some(parent) = top {
                    parent.open = false;
                }
                self.push(column, true, false);
            }
        }
    }

    /// Goes to what a line without a key belongs to.
    fn settle(&mut self, column: usize) -> Settled {
        while self.frames.last().is_some_and(|top| top.column > column) {
            self.frames.pop();
        }
        match self.frames.last() {
            Some(top) if top.column < column => {
                if top.open {
                    Settled::Value
                } else {
                    Settled::More
                }
            }
            _ => {
                self.enter_mapping(column);
                if let Some(frame) = self.frames.last_mut() {
                    (frame.name, frame.open) = (None, false);
                }
                Settled::Key
            }
        }
    }

    /// Reads a word with something behind it as a key whose colon is missing: the cursor is at its value then.
    fn without_colon(&mut self, key: Token, value: (usize, usize), column: usize) {
        let from = value.0.min(self.cursor);
        let to = if (value.0..=value.1).contains(&self.cursor) { value.1 } else { self.cursor };
        let quote = self.text[from..to].chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(frame) = self.frames.last_mut() {
            frame.name = Some(key.text(self.text).to_owned());
        }
        let spot = self.spot(Sort::Value { own_line: false }, (from, to), quote, column);
        self.capture(Spot { missing: Some((key.end, ":")), ..spot });
    }

    fn name_key(&mut self, token: Token) {
        let name = token.text(self.text).to_owned();
        if let Some(frame) = self.frames.last_mut() {
            (frame.name, frame.open, frame.end) = (Some(name), true, None);
            self.names.push((frame.id, token));
        }
    }

    fn path(&self, sort: Sort) -> KeyPath {
        let depth = match sort {
            Sort::Key { .. } => self.frames.len().saturating_sub(1),
            Sort::Value { .. } => self.frames.len(),
        };
        let segment = |frame: &Frame| match frame.list {
            true => Segment::Index(frame.index),
            false => Segment::Key(frame.name.clone().unwrap_or_default()),
        };
        KeyPath(self.frames[..depth].iter().map(segment).collect())
    }

    fn spot(&self, sort: Sort, range: (usize, usize), quote: Option<char>, column: usize) -> Spot {
        let typed = self.text[range.0..self.cursor.clamp(range.0, range.1)].to_owned();
        Spot {
            path: self.path(sort),
            sort,
            range,
            typed,
            quote,
            beside: Vec::new(),
            flow: self.frames.last().is_some_and(|frame| frame.flow),
            column,
            lead: String::new(),
            tail: "",
            missing: None,
        }
    }

    fn capture(&mut self, spot: Spot) {
        // An editor takes the place of what stands on one line.
        if self.text[spot.range.0..spot.range.1].contains('\n') {
            self.found.get_or_insert(Found::Nothing);
            return;
        }
        let container = self.frames.last().map_or(0, |frame| frame.id);
        self.found.get_or_insert(Found::Spot { spot, container });
    }
}

/// What a line without a key is.
enum Settled {
    Key,
    Value,
    More,
}
