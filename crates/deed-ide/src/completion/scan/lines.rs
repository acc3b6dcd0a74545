//! Mappings and lists by indentation.

use crate::completion::scan::{Ahead, Found, Scan, Settled, Token};
use crate::completion::spot::{Sort, Spot};

impl Scan<'_> {
    pub(super) fn lines(&mut self) {
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
        // In quotes it may go on over several lines.
        let end = self.line_end(token.end);
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
        let end = self.line_end(token.end);
        let word = self.first_word(token);
        let is_behind = word.end < self.cursor && self.cursor <= self.after_blanks(token.end, end);
        if sort.is_some() && token.quote.is_none() && is_behind {
            self.enter_mapping(column);
            self.without_colon(word, (self.after_blanks(word.end, end), token.end), column);
        } else if (token.start..=token.end).contains(&self.cursor) {
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
}
