//! What to give up so that reading can go on: the repairs that might do around a failure.

use std::ops::Range;

use granit_parser::ErrorKind;
use text_size::TextRange;

use crate::yaml::lines::{MARKER, dashes, is_marker};
use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Recovery, size};
use crate::yaml::scan::{Scan, end_of_flow_entry, open_at_end};
use crate::yaml::trial::WINDOW_BYTES;

/// How many lines before a failure may be the culprit.
const LINES_BEFORE: usize = 3;

/// One way to go on.
#[derive(Debug)]
pub(super) enum Repair {
    /// Gives up what is not complete, and goes on at a line.
    Resume { line: usize },
    /// Completes the lines from one to another, and goes on behind them.
    Patch { line: usize, next: usize, patch: Patch, blank: Range<usize> },
    /// Takes a line for a key as it is written, and goes on with its value.
    Key { line: usize, key: TextRange, text: TextRange },
    /// Replaces something by blanks, and goes on at a line before or around it.
    Blank { ranges: Vec<Range<usize>>, line: usize },
}

impl Repair {
    /// The line to go back to.
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Resume { line } | Self::Patch { line, .. } | Self::Key { line, .. } | Self::Blank { line, .. } => {
                *line
            }
        }
    }

    pub(super) fn blank(range: Range<usize>, line: usize) -> Self {
        Self::Blank { ranges: std::iter::once(range).collect(), line }
    }
}

/// A text that is read in the place of a part of the whole.
#[derive(Debug)]
pub(super) struct Patch {
    /// The text from the start of its first line on.
    pub(super) text: String,
    /// How much of it is in the whole text as well.
    pub(super) limit: usize,
    /// What the value that is missing at its end is read as.
    pub(super) value: Missing,
    /// The comments that are not in it any more.
    pub(super) comments: Vec<TextRange>,
}

/// What becomes of a value that is missing at the end of a [`Patch`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Missing {
    /// It stays missing.
    Stay,
    /// It may follow in the next lines.
    Wait,
    /// It is that node with that text.
    Raw { node: TextRange, text: TextRange },
}

impl Recovery<'_> {
    /// The repairs worth trying, the gentlest first.
    pub(super) fn repairs(&self, failure: &Failure) -> Vec<Repair> {
        let line = self.lines.line_of(failure.at);
        let token = self.token(failure);
        let flow = self.flow(failure, token);
        let mut repairs = Vec::new();
        repairs.extend(self.untab(line));
        if self.is_indented_too_far(failure) {
            self.without_line(line, &mut repairs);
        }
        repairs.extend(self.brackets(failure, flow));
        repairs.extend(self.join(token, flow));
        self.close(line, token, flow, &mut repairs);
        if self.lines.line_of(token) < line || flow.is_some() || self.content(line).start >= failure.at {
            repairs.push(Repair::Resume { line });
        }
        if let Some(flow) = flow {
            repairs.extend(self.without_flow_entry(flow, failure.at));
        }
        repairs.extend(self.raw(line));
        self.without_line(line, &mut repairs);
        let mut before = line;
        for _ in 0..LINES_BEFORE {
            if self.lines.depth(before) == Some(MARKER) {
                break;
            }
            let Some(line) = self.lines.content_before(before) else { break };
            before = line;
            self.without_line(line, &mut repairs);
        }
        // What began far before the failure may be the culprit as a whole.
        let start = self.lines.line_of(flow.unwrap_or(token));
        if start + LINES_BEFORE < line {
            repairs.push(Repair::Resume { line: start + 1 });
            self.without_line(start, &mut repairs);
        }
        if let Some(flow) = flow {
            for line in (self.lines.line_of(flow) + 1..=line).rev().take(LINES_BEFORE) {
                let line = self.content(line);
                repairs.push(Repair::blank(line, self.lines.line_of(flow)));
            }
        }
        let floor = self.floor.max(self.builder.end_of_settled());
        repairs.retain(|repair| self.lines.start(repair.line()) >= floor);
        repairs
    }

    /// A line's content, without indentation and trailing blanks.
    pub(super) fn content(&self, line: usize) -> Range<usize> {
        let range = self.lines.range(line);
        let text = &self.work[range.clone()];
        let start = range.start + text.len() - text.trim_start_matches([' ', '\t']).len();
        let end = range.start + text.trim_end_matches([' ', '\t', '\n', '\r']).len();
        start.min(end)..end
    }

    /// The first thing that the parser did not make sense of: behind the last token, past blanks, comments, and the
    /// indicators that only say that something comes.
    pub(super) fn token(&self, failure: &Failure) -> usize {
        let bytes = self.work.as_bytes();
        let mut at = failure.last;
        if let (Cause::Parser(ErrorKind::MappingValueNotAllowed), Some(leaf)) =
            (&failure.cause, self.builder.last_leaf())
        {
            // The text before the colon was taken for a value.
            return usize::from(leaf.start()).min(failure.at);
        }
        while at < failure.at {
            match bytes[at] {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'-' | b'.' if self.is_marker(at) => at += 3,
                b'#' => at += bytes[at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count(),
                b':' | b'-' | b'?' | b',' => match bytes.get(at + 1) {
                    None | Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
                    _ => break,
                },
                _ => break,
            }
        }
        at.min(failure.at)
    }

    fn is_marker(&self, at: usize) -> bool {
        let line = self.lines.line_of(at);
        self.lines.start(line) == at && self.lines.depth(line) == Some(MARKER)
    }

    /// The outermost bracket that is not yet closed.
    pub(super) fn flow(&self, failure: &Failure, token: usize) -> Option<usize> {
        let mut open = self.builder.open().iter().map(|open| self.builder.site(*open));
        let bracket = |at: &usize| matches!(self.work.as_bytes().get(*at), Some(b'[' | b'{'));
        let open = open.find(|(_, flow)| *flow).map(|(start, _)| start);
        open.or_else(|| Some(token).filter(bracket)).or_else(|| Some(failure.at).filter(bracket))
    }

    /// Says whether the line of the failure was read as going on with the value of a key on a line before.
    pub(super) fn is_indented_too_far(&self, failure: &Failure) -> bool {
        let Cause::Parser(ErrorKind::MappingValueNotAllowed) = failure.cause else { return false };
        let Some(scalar) = self.builder.last_leaf() else { return false };
        let line = self.lines.line_of(scalar.start().into());
        let content = self.content(line);
        let first = content.start + dashes(&self.work[content]);
        line < self.lines.line_of(failure.at) && first < scalar.start().into()
    }

    /// Tabs in the indentation count as one space each: right for files that use nothing else.
    fn untab(&self, line: usize) -> Option<Repair> {
        let indent = |line: usize| self.lines.start(line)..self.content(line).start;
        let tabs = |line: &usize| self.work[indent(*line)].contains('\t');
        let first = (line..self.lines.count().min(line + 2)).find(tabs)?;
        let ranges = (first..self.lines.count()).take_while(tabs).map(indent).collect();
        Some(Repair::Blank { ranges, line })
    }

    /// Leaves out a bracket that closes nothing, or puts in those that one should have waited for.
    fn brackets(&self, failure: &Failure, flow: Option<usize>) -> Option<Repair> {
        let line = self.lines.line_of(failure.at);
        match (&failure.cause, flow) {
            (Cause::Parser(ErrorKind::MisplacedFlowCollectionEnd), _) => {
                Some(Repair::blank(failure.at..failure.at + 1, line))
            }
            (Cause::Parser(ErrorKind::MismatchedFlowCollectionEnd { .. }), Some(flow)) => {
                let (end, closers) = open_at_end(&self.work[..failure.at], flow)?;
                let rest = self.work.get(failure.at..self.content(line).end)?;
                let first = self.lines.line_of(flow);
                if !rest.trim_start_matches([']', '}']).is_empty() || failure.at - flow > WINDOW_BYTES {
                    return None;
                }
                let from = self.lines.start(first);
                let text = format!("{}{closers}", &self.work[from..end]);
                let patch = Patch { text, limit: end - from, value: Missing::Stay, comments: Vec::new() };
                Some(Repair::Patch { line: first, next: line + 1, patch, blank: 0..0 })
            }
            _ => None,
        }
    }

    /// Takes lines between brackets or quotes as one, however they are indented.
    fn join(&self, token: usize, flow: Option<usize>) -> Option<Repair> {
        let quote = matches!(self.work.as_bytes().get(token), Some(b'"' | b'\''));
        let start = flow.or(quote.then_some(token))?;
        let end = Scan::end(&self.work, start, start + WINDOW_BYTES)?;
        let (first, last) = (self.lines.line_of(start), self.lines.line_of(end));
        if first == last {
            return None;
        }
        let from = self.lines.start(first);
        let (text, comments) = without_breaks(&self.work[from..self.content(last).end.max(end)], from);
        let patch = Patch { limit: text.len(), text, value: Missing::Stay, comments };
        Some(Repair::Patch { line: first, next: last + 1, patch, blank: 0..0 })
    }

    /// Closes the quote and the brackets that the lines before the failure leave open.
    fn close(&self, line: usize, token: usize, flow: Option<usize>, repairs: &mut Vec<Repair>) {
        let quote = matches!(self.work.as_bytes().get(token), Some(b'"' | b'\''));
        let Some(start) = flow.or(quote.then_some(token)) else { return };
        let first = self.lines.line_of(start);
        let last = self.lines.content_before(line).filter(|last| *last > first);
        for last in [Some(first), last.filter(|_| flow.is_some())].into_iter().flatten() {
            let end = self.content(last).end;
            if end < start || end - start > WINDOW_BYTES {
                continue;
            }
            let Some((end, closers)) = open_at_end(&self.work[..end], start) else { continue };
            // The brackets may be there, but not indented enough.
            let content = self.content(last + 1);
            let there = &self.work[content.clone()];
            let closing = there.len() - there.trim_start_matches([']', '}', ' ', '\t', ',']).len();
            let closed: String = there[..closing].chars().filter(|c| matches!(c, ']' | '}')).collect();
            let blank = if closed == closers { content.start..content.start + closing } else { 0..0 };
            let from = self.lines.start(first);
            let text = format!("{}{closers}", &self.work[from..end]);
            let patch = Patch { text, limit: end - from, value: Missing::Stay, comments: Vec::new() };
            repairs.push(Repair::Patch { line: first, next: last + 1, patch, blank });
        }
    }

    /// Takes what stands behind the key, or the dash, as text.
    fn raw(&self, line: usize) -> Option<Repair> {
        let content = self.content(line);
        let bytes = self.work.as_bytes();
        let blanks = |at: usize| bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let start = match self.builder.last_key(content.start) {
            Some(key) => {
                let colon = usize::from(key.end()) + blanks(key.end().into());
                if bytes.get(colon) != Some(&b':') || key.end() > size(content.end) {
                    return None;
                }
                colon + 1
            }
            None => content.start + dashes(&self.work[content.clone()]),
        };
        let node = start + blanks(start)..content.end;
        if start == content.start || node.is_empty() || is_marker(&self.work[content]) {
            return None;
        }
        let value = &self.work[node.clone()];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        // Quotes that are closed, or not at all, are no part of the text.
        let inner = quote.map(|quote| value[1..].strip_suffix(quote).unwrap_or(&value[1..]));
        let comment = if quote.is_none() { comment_start(value) } else { None };
        let value = value[..comment.unwrap_or(value.len())].trim_end();
        if value.is_empty() {
            return None;
        }
        let text = inner.filter(|inner| quote.is_some_and(|quote| !inner.contains(quote))).unwrap_or(value);
        let offset = node.start + usize::from(text.len() < value.len());
        let range = |start: usize, len: usize| TextRange::at(size(start), size(len));
        let value = Missing::Raw { node: range(node.start, value.len()), text: range(offset, text.len()) };
        let from = self.lines.start(line);
        let patch = Patch { text: self.work[from..start].to_owned(), limit: start - from, value, comments: Vec::new() };
        Some(Repair::Patch { line, next: line + 1, patch, blank: 0..0 })
    }

    /// Leaves out a line: what is behind its dashes, or all of it; or takes it for a key that lacks its colon.
    fn without_line(&self, line: usize, repairs: &mut Vec<Repair>) {
        let content = self.content(line);
        let text = &self.work[content.clone()];
        let dashes = dashes(text);
        if dashes > 0 && dashes < text.len() {
            repairs.push(Repair::blank(content.start + dashes..content.end, line));
        }
        let next = self.lines.content(line + 1).and_then(|next| self.lines.depth(next));
        let depth = self.lines.depth(line);
        let key = comment_start(text).map_or(text, |comment| text[..comment].trim_end());
        if next > depth && dashes == 0 && key.len() > 1 && key.ends_with(':') {
            let key = &key[..key.len() - 1];
            let quoted = usize::from(key.starts_with(['"', '\'']));
            let inner = key[quoted..].trim_end_matches(['"', '\'']);
            let range = |start: usize, len: usize| TextRange::at(size(content.start + start), size(len));
            repairs.push(Repair::Key { line, key: range(0, key.len()), text: range(quoted, inner.len()) });
        } else if next > depth && dashes < key.len() && !key[dashes..].contains([' ', '\t']) {
            let from = self.lines.start(line);
            let text = format!("{}{key}:", &self.work[from..content.start]);
            let limit = text.len() - 1;
            let patch = Patch { text, limit, value: Missing::Wait, comments: Vec::new() };
            repairs.push(Repair::Patch { line, next: line + 1, patch, blank: 0..0 });
        }
        if !text.is_empty() {
            repairs.push(Repair::blank(content, line));
        }
    }

    /// Leaves out the entry or item in brackets that holds the failure.
    fn without_flow_entry(&self, flow: usize, at: usize) -> Option<Repair> {
        let scan = Scan::new(&self.work, flow, at)?;
        let start = scan.delimiter? + 1;
        let end = end_of_flow_entry(self.work.as_bytes(), at.max(start))?;
        let blank = self.work[start..end].trim().is_empty();
        (!blank).then(|| Repair::blank(start..end, self.lines.line_of(flow)))
    }

    /// What nests too deep is left out, together with the brackets around it.
    pub(super) fn cut_off(&self, failure: &Failure) -> Repair {
        let token = self.token(failure);
        let start = self.flow(failure, token).unwrap_or(token);
        let line = self.lines.line_of(start);
        let around = self.builder.open().iter().rev().find(|open| !self.builder.site(**open).1);
        let depth = around.map_or(MARKER + 1, |open| self.depth_of(*open) + 1);
        let end = self.lines.start(self.lines.below(line + 1, depth));
        Repair::blank(start..end.max(self.content(line).end), line)
    }

    /// Leaves out the line, or goes on behind it when there is nothing to leave out.
    pub(super) fn give_up(&self, failure: &Failure) -> Repair {
        let line = self.lines.line_of(failure.at);
        let content = self.content(line);
        if content.is_empty() || content.start < self.floor {
            return Repair::Resume { line: line + 1 };
        }
        Repair::blank(content, line)
    }
}

/// Where a comment starts on a line without quotes.
fn comment_start(line: &str) -> Option<usize> {
    let starts = |at: &usize| line[..*at].chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t'));
    line.match_indices('#').map(|(at, _)| at).find(starts)
}

/// The text on one line, without the comments on the lines before the last; those are returned beside it, as ranges
/// of the whole.
fn without_breaks(text: &str, base: usize) -> (String, Vec<TextRange>) {
    let mut out = String::with_capacity(text.len());
    let mut comments = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim_end_matches(['\n', '\r']);
        let comment = comment_start(content);
        let end = comment.filter(|_| content.len() < line.len()).unwrap_or(content.len());
        if end < content.len() {
            let start = base + out.len();
            comments.push(TextRange::new(size(start + end), size(start + content.len())));
        }
        out.push_str(&content[..end]);
        out.extend(std::iter::repeat_n(' ', line.len() - end));
    }
    (out, comments)
}
