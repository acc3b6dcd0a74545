//! A light look at a manifest's text: where in its structure the cursor is.
//!
//! The tree leaves out what is broken, and what somebody is typing is broken. So this reads no values and reports no errors:
//! it goes through the text line by line, keeps which mappings and lists are open by their indentation and brackets, and says
//! what it was in when it came by the cursor. A bracket that nobody closed ends where a line is not indented under its key.

use deed_syntax::{Format, KeyPath, Segment};

use super::spot::{Sort, Spot};

/// Returns what may be written at an offset; `None` in comments, in blocks of text, and where a value has ended.
pub(crate) fn spot_at(text: &str, format: Format, cursor: usize) -> Option<Spot> {
    let mut scan =
        Scan { text, json: format == Format::Json, cursor, frames: Vec::new(), names: Vec::new(), ids: 0, found: None };
    if scan.json {
        scan.braces_only()
    } else {
        scan.lines()
    }
    scan.finish()
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

    // Lines.

    fn lines(&mut self) {
        let mut at = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        while at <= self.text.len() && !self.is_done() {
            at = self.line(at);
        }
    }

    /// Reads what begins on a line; returns where the next line begins.
    fn line(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        let content = self.after_blanks(start, end);
        let rest = &self.text[content..end];
        if rest.is_empty() || rest.starts_with('#') {
            if (start..=content).contains(&self.cursor) {
                self.blank_line(start, content);
            } else if (content..=end).contains(&self.cursor) {
                self.found.get_or_insert(Found::Nothing);
            }
            return self.next_line(end);
        }
        if rest.starts_with("---") || rest.starts_with("...") {
            self.frames.clear();
            return self.next_line(end);
        }
        if (start..content).contains(&self.cursor) {
            self.found.get_or_insert(Found::Nothing);
        }
        let behind = self.content(start, content);
        let end = self.line_end(behind);
        if (behind..=end).contains(&self.cursor) {
            self.found.get_or_insert(Found::Nothing);
        }
        self.next_line(end)
    }

    /// Reads what stands on a line behind its indentation; returns where that ends, which may be on a later line.
    fn content(&mut self, line: usize, mut at: usize) -> usize {
        let end = self.line_end(at);
        loop {
            let rest = &self.text[at..end];
            if !(rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t")) {
                break;
            }
            let column = at - line;
            self.enter_list(column);
            let item = self.after_blanks(at + 1, end);
            if item == end || self.text[item..].starts_with('#') {
                if (at + 1..=item).contains(&self.cursor) {
                    let lead = if self.cursor == at + 1 { " " } else { "" };
                    let tail = if item == end { "" } else { " " };
                    let range = (self.cursor, if item == end { item } else { self.cursor });
                    let spot = self.spot(Sort::Value { own_line: true }, range, None, column + 2);
                    self.capture(Spot { lead: lead.to_owned(), tail, ..spot });
                }
                return item;
            }
            at = item;
        }
        let column = at - line;
        let start = self.after_properties(at, end);
        let Some(first) = self.text[start..end].chars().next() else { return end };
        match first {
            '{' | '[' => {
                self.settle(column);
                return self.brackets(start);
            }
            '|' | '>' => return self.block_text(start),
            '?' if self.text[start..end].starts_with("? ") => return end,
            _ => {}
        }
        let token = self.token(start, end);
        let behind = self.after_blanks(token.end, end);
        let colon = self.text[behind..end].starts_with(':') && self.ends_word(behind + 1, end);
        if !colon {
            return self.line_of_text(token, column);
        }
        self.enter_mapping(column);
        self.name_key(token);
        if (token.start..=token.end).contains(&self.cursor) {
            let spot = self.spot(Sort::Key { has_colon: true }, (token.start, token.end), token.quote, column);
            self.capture(spot);
        }
        self.value(behind + 1)
    }

    /// A line without a key: a key without its colon, a value below its key, or more of a text.
    fn line_of_text(&mut self, token: Token, column: usize) -> usize {
        let ahead = self.ahead(token.end);
        let siblings_follow = ahead.is_some_and(|ahead| ahead.indent == column && !ahead.dash);
        let sort = match self.settle(column) {
            Settled::Key => Some(Sort::Key { has_colon: false }),
            Settled::Value if siblings_follow => {
                self.enter_mapping(column);
                Some(Sort::Key { has_colon: false })
            }
            Settled::Value => Some(Sort::Value { own_line: true }),
            Settled::More => None,
        };
        if (token.start..=token.end).contains(&self.cursor) {
            match sort {
                Some(sort) => {
                    let spot = self.spot(sort, (token.start, token.end), token.quote, column);
                    self.capture(spot);
                }
                None => drop(self.found.get_or_insert(Found::Nothing)),
            }
        }
        if let (Some(Sort::Value { .. }), Some(frame)) = (sort, self.frames.last_mut()) {
            frame.open = false;
            if frame.list {
                let id = frame.id;
                self.names.push((id, token));
            }
        }
        token.end
    }

    /// What stands behind a key's colon.
    fn value(&mut self, colon: usize) -> usize {
        let end = self.line_end(colon);
        let start = self.after_blanks(colon, end);
        let column = self.frames.last().map_or(0, |frame| frame.column);
        let at_cursor = |start: usize| if (colon..start).contains(&self.cursor) { self.cursor } else { start };
        let lead = |from: usize| if from == colon { " " } else { "" };
        if start == end || self.text[start..].starts_with('#') {
            let below = |ahead: Ahead| ahead.indent > column || ahead.dash && ahead.indent == column;
            if (colon..=start).contains(&self.cursor) && !self.ahead(end).is_some_and(below) {
                let (to, tail) = if start == end { (end, "") } else { (self.cursor, " ") };
                let spot = self.spot(Sort::Value { own_line: false }, (self.cursor, to), None, column);
                let lead = lead(self.cursor).to_owned();
                self.capture(Spot { lead, tail, ..spot });
            }
            return start;
        }
        let value = self.after_properties(start, end);
        let Some(first) = self.text[value..end].chars().next() else { return end };
        match first {
            '{' | '[' => self.brackets(value),
            '|' | '>' => self.block_text(value),
            _ => {
                let mut token = self.token(value, end);
                if token.quote.is_none() {
                    token.end = token.start + self.plain_line(token.start, end);
                }
                let from = at_cursor(value);
                if (from..=token.end).contains(&self.cursor) {
                    let spot = self.spot(Sort::Value { own_line: false }, (from, token.end), token.quote, column);
                    let lead = lead(from).to_owned();
                    self.capture(Spot { lead, ..spot });
                }
                if let Some(frame) = self.frames.last_mut() {
                    frame.open = false;
                }
                token.end
            }
        }
    }

    /// The cursor is on a line without anything: its column says where it belongs, as far as what stands around it allows.
    fn blank_line(&mut self, start: usize, content: usize) {
        let at = self.cursor - start;
        let ahead = self.ahead(self.line_end(content));
        let mut column = at.max(ahead.map_or(0, |ahead| ahead.indent));
        let dash_at = |column: usize| ahead.is_some_and(|ahead| ahead.dash && ahead.indent == column);
        while self.frames.last().is_some_and(|frame| frame.column > column) {
            self.frames.pop();
        }
        let mut sort = Sort::Key { has_colon: false };
        let mut dash = "";
        match self.frames.last() {
            None => {
                column = ahead.map_or(0, |ahead| ahead.indent);
                self.enter_mapping(column);
            }
            Some(list) if list.list => {
                let parent = self.frames.len().checked_sub(2).map(|parent| &self.frames[parent]);
                let beside_key = parent.is_some_and(|parent| !parent.list && parent.column == list.column);
                if list.column == column && beside_key && !dash_at(column) {
                    self.frames.pop();
                } else if list.column < column && list.open {
                    sort = Sort::Value { own_line: true };
                } else {
                    column = list.column;
                    self.enter_list(column);
                    (sort, dash) = (Sort::Value { own_line: true }, "- ");
                }
            }
            Some(mapping) if mapping.open && (mapping.column < column || dash_at(column)) => {
                let below =
                    ahead.filter(|ahead| ahead.indent > mapping.column || ahead.dash && ahead.indent == mapping.column);
                match below {
                    Some(Ahead { indent, dash: true }) => {
                        column = indent;
                        self.enter_list(column);
                        (sort, dash) = (Sort::Value { own_line: true }, "- ");
                    }
                    Some(Ahead { indent, dash: false }) => {
                        column = indent;
                        self.enter_mapping(column);
                    }
                    None => sort = Sort::Value { own_line: true },
                }
            }
            Some(mapping) => column = mapping.column,
        }
        let from = if column < at { start + column } else { self.cursor };
        let to = if self.text[content..].starts_with('#') { self.cursor } else { content };
        let lead = format!("{}{dash}", " ".repeat(column.saturating_sub(at)));
        let tail = if to < content || self.text[to..].starts_with('#') { " " } else { "" };
        let spot = self.spot(sort, (from, to), None, column + dash.len());
        self.capture(Spot { typed: String::new(), lead, tail, ..spot });
        if let (Sort::Key { .. }, Some(frame)) = (sort, self.frames.last_mut()) {
            (frame.name, frame.open) = (None, false);
        }
    }

    /// A text of several lines; returns where its last line ends.
    fn block_text(&mut self, start: usize) -> usize {
        let base = self.frames.last_mut().map(|frame| {
            frame.open = false;
            frame.column
        });
        let mut end = self.line_end(start);
        loop {
            let line = self.next_line(end);
            if line > self.text.len() {
                break;
            }
            let line_end = self.line_end(line);
            let content = self.after_blanks(line, line_end);
            let column = if content == line_end && (line..=line_end).contains(&self.cursor) {
                self.cursor - line
            } else if content == line_end {
                usize::MAX
            } else {
                content - line
            };
            if base.is_some_and(|base| column <= base) {
                break;
            }
            end = line_end;
        }
        if (start..=end).contains(&self.cursor) {
            self.found.get_or_insert(Found::Nothing);
        }
        end
    }

    // Brackets.

    fn braces_only(&mut self) {
        let start = self.text.find(['{', '[']).unwrap_or(self.text.len());
        if start < self.text.len() {
            self.brackets(start);
        }
    }

    /// Reads a mapping or list in brackets; returns where it ends.
    fn brackets(&mut self, start: usize) -> usize {
        let base = self.frames.len();
        let under = self.frames.last().map(|frame| frame.column);
        self.open_bracket(start);
        let mut at = start + 1;
        while !self.is_done() {
            let gap = at;
            let Some(next) = self.after_gap(gap, under) else {
                let end = self.line_end(gap);
                self.gap(gap, end, false);
                self.frames.truncate(base);
                return end;
            };
            let first = self.text[next..].chars().next();
            let is_token = first.is_some_and(|c| !matches!(c, '{' | '[' | '}' | ']' | ',' | ':'));
            if self.cursor < next || !is_token {
                self.gap(gap, next, is_token || matches!(first, Some('{' | '[')));
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
        let (id, before) = (frame.id, frame.end.take());
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
            let column = self.indentation(token.start);
            let spot = self.spot(sort, (token.start, token.end), token.quote, column);
            let tail = if follows && !colon { "," } else { "" };
            self.capture(Spot { flow: true, tail, comma_before: before, ..spot });
        }
        if let (Sort::Key { .. }, Some(frame)) = (sort, self.frames.last_mut()) {
            // The colon itself comes next.
            frame.open = false;
        }
        token.end
    }

    /// The cursor may be between two tokens in brackets.
    fn gap(&mut self, from: usize, to: usize, token_follows: bool) {
        if !(from..=to).contains(&self.cursor) || self.found.is_some() {
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        let comma_before = frame.end;
        // Behind a value on its line nothing but a comma is due.
        if comma_before.is_some() && !self.text[from..self.cursor].contains('\n') {
            self.found = Some(Found::Nothing);
            return;
        }
        let sort = match (&frame.name, frame.open) {
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
        let tight = self.text[..self.cursor].ends_with([':', ',']);
        let lead = if tight { " " } else { "" }.to_owned();
        let tail = if token_follows { "," } else { "" };
        self.capture(Spot { flow: true, lead, tail, comma_before, ..spot });
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

    // Frames.

    fn push(&mut self, column: usize, list: bool, flow: bool) {
        if self.frames.len() >= deed_syntax::MAX_DEPTH {
            self.found.get_or_insert(Found::Nothing);
        }
        self.ids += 1;
        self.frames.push(Frame { id: self.ids, column, flow, list, name: None, index: 0, open: list, end: None });
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
            comma_before: None,
        }
    }

    fn capture(&mut self, spot: Spot) {
        let container = self.frames.last().map_or(0, |frame| frame.id);
        self.found.get_or_insert(Found::Spot { spot, container });
    }

    // Characters.

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = rest.find('\n').unwrap_or(rest.len());
        at + rest[..end].strip_suffix('\r').map_or(end, str::len)
    }

    fn next_line(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        end + if rest.starts_with("\r\n") { 2 } else { 1 }
    }

    fn after_blanks(&self, from: usize, end: usize) -> usize {
        from + self.text[from..end].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Behind anchors and tags.
    fn after_properties(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        while self.text[at..end].starts_with(['&', '!']) {
            at += self.text[at..end].find([' ', '\t']).unwrap_or(end - at);
            at = self.after_blanks(at, end);
        }
        at
    }

    fn ends_word(&self, at: usize, end: usize) -> bool {
        at == end || self.text[at..].starts_with([' ', '\t', '\r', '\n'])
    }

    /// A scalar that begins on a line, up to its colon if it is a key.
    fn token(&self, start: usize, end: usize) -> Token {
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

    /// The length of a text without quotes, up to the end of its line or its comment.
    fn plain_line(&self, start: usize, end: usize) -> usize {
        let line = &self.text[start..end];
        let comment = line.find(" #").or_else(|| line.find("\t#")).unwrap_or(line.len());
        line[..comment].trim_end().len()
    }

    fn token_in_brackets(&self, start: usize, under: Option<usize>) -> Token {
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
    fn quoted(&self, start: usize, under: Option<usize>) -> Option<Token> {
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

    fn indentation(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.after_blanks(line, self.line_end(line)).min(at) - line
    }

    /// The next line behind the one that ends at `end` that is not blank and no comment.
    fn ahead(&self, end: usize) -> Option<Ahead> {
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

/// What a line without a key is.
enum Settled {
    Key,
    Value,
    More,
}
