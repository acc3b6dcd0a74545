//! Tokens to events, and on behind what is not JSON.

use text_size::{TextRange, TextSize};

use crate::build::Builder;
use crate::event::{Event, Shape};
use crate::json::lexer::{Lexer, Token, TokenKind, UNCLOSED_QUOTE, range};
use crate::parse::Tree;
use crate::tree::ScalarStyle;
use crate::{MAX_DEPTH, SyntaxError, SyntaxErrorKind};

/// How many errors are reported; what follows the last of them is left out.
const MAX_ERRORS: usize = 50_000;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Expect {
    /// A key or item, or the end of the collection.
    FirstOrEnd,
    /// A key or item, behind a comma.
    Next(TextRange),
    /// A colon, behind a key.
    Colon,
    /// A value, behind a colon.
    Value,
    /// A comma, or the end of the collection.
    CommaOrEnd,
}

/// A collection that is not yet ended.
struct Open {
    shape: Shape,
    bracket: TextRange,
    /// The line it begins on.
    line: Line,
    expect: Expect,
    /// How many errors there were before it.
    errors: usize,
}

/// Where a line starts, and how far it is indented.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    start: usize,
    indent: usize,
}

/// Reads tokens and builds the tree.
pub(super) struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    builder: Builder<'t>,
    open: Vec<Open>,
    /// The root is there.
    done: bool,
    /// The end of the last token.
    end: TextSize,
    line: Line,
    /// Something is wrong on this line since the last comma: what follows from it goes without saying.
    quiet: bool,
    /// Brackets that do not match are put right by the indentation.
    guided: bool,
    pub(super) has_bracket_errors: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, builder: Builder<'t>, guided: bool) -> Self {
        let end = TextSize::new(0);
        let lexer = Lexer::new(text);
        let open = Vec::new();
        let line = Line { start: 0, indent: 0 };
        Self { text, lexer, builder, open, done: false, end, line, quiet: false, guided, has_bracket_errors: false }
    }

    pub(super) fn errors(&self) -> usize {
        self.builder.tree.errors.len()
    }

    pub(super) fn run(&mut self) {
        while let Some(token) = self.lexer.next() {
            if self.errors() >= MAX_ERRORS {
                let rest = TextRange::new(token.range.start(), TextSize::of(self.text));
                let message = format!("more than {MAX_ERRORS} errors: the rest of the file was not read");
                self.builder.tree.errors.push(SyntaxError::new(SyntaxErrorKind::Limit, rest, message));
                break;
            }
            let end = token.range.end();
            self.follow_lines(token.range.start());
            self.token(token);
            self.end = self.end.max(end);
        }
        if !self.open.is_empty() {
            self.unclosed();
        }
        // That the others are not closed either goes without saying.
        while !self.open.is_empty() {
            self.end_collection(None);
        }
        if !self.done {
            self.error(range(0, 0), "the file is empty, which is not JSON", "write `{}`");
        }
    }

    pub(super) fn finish(self) -> Tree {
        let mut tree = self.builder.finish();
        // Behind the first error a bracket closed something too early: the others follow from that.
        tree.errors.truncate(if tree.is_shifted { 1 } else { tree.errors.len() });
        tree
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>, help: &str) {
        let error = SyntaxError::new(SyntaxErrorKind::Syntax, range, message);
        self.report(if help.is_empty() { error } else { error.help(help) });
    }

    fn report(&mut self, error: SyntaxError) {
        if !std::mem::replace(&mut self.quiet, true) {
            self.builder.tree.errors.push(error);
        }
    }

    /// The character behind which something is missing.
    fn last_character(&self) -> TextRange {
        let before = &self.text[..self.end.into()];
        let len = before.chars().next_back().map_or(0, char::len_utf8);
        range(before.len() - len, before.len())
    }

    fn token(&mut self, token: Token<'t>) {
        match token.kind {
            TokenKind::Comment => {
                let error = SyntaxError::new(SyntaxErrorKind::Syntax, token.range, "JSON has no comments");
                self.builder.tree.errors.push(error.help("remove it, or use YAML"));
                return;
            }
            TokenKind::Unknown => {
                let text = self.text[token.range].escape_debug().to_string();
                let text = if text.chars().count() > 20 { "this".to_owned() } else { format!("`{text}`") };
                self.error(token.range, format!("{text} is not JSON"), "remove it");
                return;
            }
            _ => {}
        }
        if self.guided && !self.follow_indentation(&token) {
            return;
        }
        match token.kind {
            TokenKind::Punctuation(byte @ (b'}' | b']')) => self.closer(byte, token.range),
            TokenKind::Punctuation(b',') => self.comma(token.range),
            TokenKind::Punctuation(b':') => self.colon(token.range),
            TokenKind::Punctuation(byte) => {
                if !self.before_value(token.range, false) {
                    return;
                }
                let shape = if byte == b'{' { Shape::Mapping } else { Shape::Sequence };
                self.start(shape, token.range);
            }
            TokenKind::Scalar { style, value, mut errors, .. } => {
                let is_key = self.expects_key();
                if !self.before_value(token.range, true) {
                    return;
                }
                if is_key && style == ScalarStyle::Plain {
                    errors.clear();
                    let help = format!("write `\"{value}\"`");
                    self.error(token.range, "keys are in double quotes in JSON", &help);
                }
                if !self.quiet {
                    self.quiet = !errors.is_empty();
                    self.builder.tree.errors.append(&mut errors);
                }
                self.send(Event::Scalar { range: token.range, style, missing: false, value, tag: None });
            }
            TokenKind::Comment | TokenKind::Unknown => {}
        }
    }

    /// Sends an event that is never too deep.
    fn send(&mut self, event: Event<'_>) {
        let _ = self.builder.event(event);
        self.done = true;
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            let before_key = !matches!(open.expect, Expect::Colon | Expect::Value);
            open.shape == Shape::Mapping && before_key
        })
    }

    /// Makes room for a key, value or item. Returns whether there is any.
    fn before_value(&mut self, at: TextRange, is_scalar: bool) -> bool {
        let end = self.last_character();
        let Some(open) = self.open.last_mut() else {
            if self.done {
                let rest = TextRange::new(at.start(), TextSize::of(self.text.trim_end()));
                self.error(rest, "there is text behind the end of the document", "remove it");
                self.has_bracket_errors = true;
                self.builder.tree.is_shifted = true;
                self.lexer = Lexer::new("");
                return false;
            }
            return true;
        };
        let before = open.expect;
        let is_mapping = open.shape == Shape::Mapping;
        open.expect = match before {
            Expect::Colon | Expect::Value => Expect::CommaOrEnd,
            _ if is_mapping => Expect::Colon,
            _ => Expect::CommaOrEnd,
        };
        // What is missing is missing on the line before.
        let first_on_line = self.line.start + self.line.indent == at.start().into();
        match before {
            Expect::CommaOrEnd => {
                let what = if is_mapping { "entries" } else { "items" };
                self.error(end, format!("a comma is missing between two {what}"), "put `,` here");
                self.quiet &= !first_on_line;
            }
            Expect::Colon => {
                self.error(end, "a colon is missing between a key and its value", "put `:` here");
                return true;
            }
            Expect::Value => return true,
            Expect::FirstOrEnd | Expect::Next(_) => {}
        }
        if is_mapping && !is_scalar {
            if before != Expect::CommaOrEnd {
                self.error(at, "here a key in double quotes is expected", "");
            }
            // The collection becomes the value of a key that is nothing.
            let missing = TextRange::empty(at.start());
            let style = ScalarStyle::Plain;
            self.send(Event::Scalar { range: missing, style, missing: true, value: "".into(), tag: None });
            if let Some(open) = self.open.last_mut() {
                open.expect = Expect::CommaOrEnd;
            }
        }
        true
    }

    fn start(&mut self, shape: Shape, bracket: TextRange) {
        if self.open.len() >= MAX_DEPTH {
            self.skip_too_deep(bracket);
            return;
        }
        self.send(Event::Start { shape, flow: true, start: bracket.start(), tag: None });
        self.open.push(Open { shape, bracket, line: self.line, expect: Expect::FirstOrEnd, errors: self.errors() });
    }

    /// Leaves out a collection that nests too deep.
    fn skip_too_deep(&mut self, bracket: TextRange) {
        let mut depth = 1_usize;
        let mut end = bracket.end();
        while depth > 0 {
            let Some(token) = self.lexer.next() else { break };
            end = token.range.end();
            match token.kind {
                TokenKind::Punctuation(b'{' | b'[') => depth += 1,
                TokenKind::Punctuation(b'}' | b']') => depth -= 1,
                _ => {}
            }
        }
        self.end = end;
        let error = SyntaxError::new(
            SyntaxErrorKind::Limit,
            TextRange::new(bracket.start(), end),
            format!("collections nest deeper than {MAX_DEPTH} levels: this one is left out"),
        );
        self.builder.tree.errors.push(error);
        if self.builder.top().is_some_and(|top| top.pending) {
            self.builder.push_missing();
        }
        self.done = true;
    }

    fn comma(&mut self, at: TextRange) {
        let Some(open) = self.open.last_mut() else {
            self.error(at, "there is no list or object that this comma stands in", "remove it");
            return;
        };
        let before = std::mem::replace(&mut open.expect, Expect::Next(at));
        if before == Expect::CommaOrEnd {
            self.quiet = false;
        }
        match before {
            Expect::CommaOrEnd => {}
            Expect::Colon | Expect::Value => {
                self.no_value();
                self.quiet = false;
            }
            Expect::FirstOrEnd | Expect::Next(_) => {
                self.error(at, "there is nothing before this comma", "remove it");
            }
        }
    }

    fn colon(&mut self, at: TextRange) {
        match self.open.last_mut() {
            Some(open) if open.expect == Expect::Colon => open.expect = Expect::Value,
            Some(open)
                if open.shape == Shape::Mapping && matches!(open.expect, Expect::FirstOrEnd | Expect::Next(_)) =>
            {
                open.expect = Expect::Value;
                let missing = TextRange::empty(at.start());
                self.error(at, "there is no key before this colon", "");
                let style = ScalarStyle::Plain;
                self.send(Event::Scalar { range: missing, style, missing: true, value: "".into(), tag: None });
            }
            _ => {
                self.error(at, "a colon stands between a key and its value, not here", "");
            }
        }
    }

    /// The key just read has no value: the builder gives it one that is missing.
    fn no_value(&mut self) {
        self.builder.push_missing();
        let end = self.last_character();
        self.error(end, "this key has no value", "write `null` if it is to have none");
    }

    fn closer(&mut self, byte: u8, at: TextRange) {
        let shape = if byte == b'}' { Shape::Mapping } else { Shape::Sequence };
        if !self.open.iter().any(|open| open.shape == shape) {
            self.no_opening(byte, at);
            return;
        }
        let outermost = self.open.iter().position(|open| open.shape == shape) == Some(0);
        let others = self.open.iter().filter(|open| open.shape == shape).count() > 1;
        if outermost && !others && self.open.len() > 1 && !self.text[at.end().into()..].trim().is_empty() {
            // It would end the document, but the document goes on: it is the wrong bracket.
            let right = if byte == b'}' { ']' } else { '}' };
            self.has_bracket_errors = true;
            let message = format!("this `{}` closes another kind of bracket", char::from(byte));
            self.error(at, message, &format!("write `{right}`"));
            self.end_collection(Some(at));
            return;
        }
        while self.open.last().is_some_and(|open| open.shape != shape) {
            self.unclosed();
        }
        self.end_collection(Some(at));
    }

    fn no_opening(&mut self, byte: u8, at: TextRange) {
        self.has_bracket_errors = true;
        self.builder.tree.is_shifted = true;
        let open = if byte == b'}' { '{' } else { '[' };
        let message = format!("there is no `{open}` that this `{}` closes", char::from(byte));
        self.error(at, message, "remove it");
    }

    /// Ends the innermost collection, with or without a bracket.
    fn end_collection(&mut self, closer: Option<TextRange>) {
        let Some(open) = self.open.pop() else { return };
        match open.expect {
            Expect::Colon | Expect::Value => self.no_value(),
            Expect::Next(comma) if closer.is_some() => {
                let message = "JSON has no comma behind the last value";
                self.error(comma, message, "remove it");
            }
            _ => {}
        }
        let end = closer.map_or(self.end.max(open.bracket.end()), |closer| closer.end());
        self.send(Event::End(Some(end)));
        self.end = self.end.max(end);
    }

    /// Ends a collection that lacks its closing bracket.
    fn unclosed(&mut self) {
        let Some(open) = self.open.last() else { return };
        let (start, end) = if open.shape == Shape::Mapping { ('{', '}') } else { ('[', ']') };
        let (bracket, before) = (open.bracket, open.expect);
        self.has_bracket_errors = true;
        // What is wrong inside may only be so because it does not belong there, and a quote may have swallowed the bracket.
        let inside = self.builder.tree.errors.split_off(open.errors);
        let quote = inside.into_iter().find(|error| error.message == UNCLOSED_QUOTE);
        self.builder.tree.errors.push(quote.unwrap_or_else(|| {
            let message = format!("this `{start}` is never closed");
            SyntaxError::new(SyntaxErrorKind::Syntax, bracket, message).help(format!("close it with `{end}`"))
        }));
        self.end_collection(None);
        // The comma before the missing bracket belongs behind it.
        if let (Expect::Next(_), Some(open)) = (before, self.open.last_mut()) {
            open.expect = before;
        }
    }

    /// Takes note of the line that the next token is on.
    fn follow_lines(&mut self, at: TextSize) {
        let between = &self.text[self.end.into()..at.into()];
        if let Some(newline) = between.rfind(['\n', '\r']) {
            self.quiet = false;
            let start = usize::from(self.end) + newline + 1;
            let line = &self.text[start..at.into()];
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            self.line = Line { start, indent };
        }
    }

    /// Ends the collections that a line cannot belong to, because it is not indented further than they are. Returns
    /// false for a closing bracket that is indented further than the one it would close.
    fn follow_indentation(&mut self, token: &Token<'t>) -> bool {
        let indent = self.line.indent;
        if self.line.start + indent != token.range.start().into() {
            return true;
        }
        let TokenKind::Punctuation(byte @ (b'}' | b']')) = token.kind else {
            while self.open.len() > 1 && self.open.last().is_some_and(|open| open.line.indent >= indent) {
                if self.open.last().is_some_and(|open| open.line == self.line) {
                    break;
                }
                self.unclosed();
            }
            return true;
        };
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.line.indent > indent) {
            self.unclosed();
        }
        let fits = self.open.last().is_none_or(|open| open.line.indent >= indent);
        if !fits {
            self.no_opening(byte, token.range);
        }
        fits
    }
}
