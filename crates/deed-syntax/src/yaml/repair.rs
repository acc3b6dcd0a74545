//! What to give up so that reading can go on.
//!
//! Each failure has a few repairs that might do. They are tried one after the other on the lines around it; the one
//! that gets furthest, and at the least loss, is made.

use std::ops::Range;

use granit_parser::ErrorKind;
use text_size::TextRange;

use crate::yaml::lines::{MARKER, dashes, is_marker};
use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Missing, Patch, Recovery, size};
use crate::yaml::scan::{Scan, end_of_flow_entry, open_at_end};

/// How far behind a failure a repair has to get to be as good as any.
const WINDOW_LINES: usize = 12;
const WINDOW_BYTES: usize = 4 << 10;

/// How many lines before a failure may be the culprit.
const LINES_BEFORE: usize = 3;

/// One way to go on.
#[derive(Debug)]
pub(super) enum Repair {
    /// Gives up what is not complete, and goes on at a line.
    Resume { line: usize },
    /// Completes the lines from one to another, and goes on behind them.
    Patch { line: usize, next: usize, patch: Patch, blank: Range<usize> },
    /// Replaces something by blanks, and goes on at a line before or around it.
    Blank { ranges: Vec<Range<usize>>, line: usize },
}

impl Repair {
    fn blank(range: Range<usize>, line: usize) -> Self {
        Self::Blank { ranges: std::iter::once(range).collect(), line }
    }
}

/// Where a trial stops.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    pub(super) at: usize,
}

impl Stop {
    /// Says whether a failure is only because the text stops there.
    pub(super) fn explains(self, failure: &Failure) -> bool {
        let unclosed = matches!(
            failure.cause,
            Cause::Parser(
                ErrorKind::UnclosedQuotedScalar
                    | ErrorKind::UnclosedFlowCollection { .. }
                    | ErrorKind::UnexpectedEof
                    | ErrorKind::UnexpectedEofFlowMapping
                    | ErrorKind::UnexpectedEofFlowSequence
                    | ErrorKind::UnexpectedEofImplicitFlowMapping
            )
        );
        unclosed || failure.at >= self.at
    }
}

impl Recovery<'_> {
    /// Finds the repair that loses least.
    pub(super) fn choose(&mut self, failure: &Failure) -> Repair {
        if matches!(failure.cause, Cause::TooDeep | Cause::Parser(ErrorKind::RecursionLimitExceeded)) {
            return self.cut_off(failure);
        }
        let stop = self.window(failure.at);
        let mut least = usize::MAX;
        let mut best = None;
        for repair in self.repairs(failure) {
            let loss = self.try_out(&repair, failure, stop, least);
            if loss < least {
                least = loss;
                best = Some(repair);
            }
            if loss == 0 {
                break;
            }
        }
        best.unwrap_or_else(|| self.give_up(failure))
    }

    /// Makes a repair and reads on to the next failure.
    pub(super) fn commit(&mut self, repair: &Repair) -> Result<(), Failure> {
        self.floor = match repair {
            Repair::Resume { line } => self.lines.start(*line),
            Repair::Patch { next, .. } => self.lines.start(*next),
            Repair::Blank { .. } => self.floor,
        }
        .max(self.floor);
        self.attempt(repair, None)
    }

    fn attempt(&mut self, repair: &Repair, stop: Option<Stop>) -> Result<(), Failure> {
        match repair {
            Repair::Resume { line } => {
                self.builder.rollback(size(self.lines.start(*line)));
                let kept = self.builder.last_end as usize;
                self.lost += self.lines_with_content(kept, self.lines.start(*line));
                self.settle(self.lines.line_of(kept) + 1..*line);
                self.resume(*line, stop)
            }
            Repair::Patch { line, next, patch, blank } => {
                self.builder.rollback(size(self.lines.start(*line)));
                self.blank(blank);
                self.read_patch(*line, patch)?;
                self.resume(*next, stop)
            }
            Repair::Blank { ranges, line } => {
                let line = self.start_of_text(*line);
                self.builder.rollback(size(self.lines.start(line)));
                self.lost += self.lines_with_content(self.builder.last_end as usize, self.lines.start(line));
                ranges.iter().for_each(|range| self.blank(range));
                self.resume(line, stop)
            }
        }
    }

    /// The line where a text starts that goes on in a line, or else that line.
    fn start_of_text(&self, line: usize) -> usize {
        let start = self.builder.start_of_leaf_at(size(self.lines.start(line)));
        start.map_or(line, |start| self.lines.line_of(start.into()).min(line))
    }

    /// Makes a repair, counts the lines that are lost up to the stop and the failures on the way, and takes all back.
    /// Gives up when it is as much as another repair loses, or does not get further than the failure.
    fn try_out(&mut self, repair: &Repair, failure: &Failure, stop: Stop, least: usize) -> usize {
        let (Repair::Resume { line } | Repair::Patch { line, .. } | Repair::Blank { line, .. }) = repair;
        let start = self.lines.start(self.start_of_text(*line));
        // A window's worth is free: what is far away is read again only so often.
        let again = failure.at.saturating_sub(start);
        if again > WINDOW_BYTES {
            if again > self.budget {
                return usize::MAX;
            }
            self.budget -= again;
        }
        let checkpoint = self.builder.checkpoint(size(start));
        let (root_depth, blanked) = (self.root_depth, self.blanked);
        self.undo = Some(Vec::new());
        self.lost = 0;
        let mut failures = 0;
        let mut next = self.attempt(repair, Some(stop));
        if next.as_ref().is_err_and(|next| next.at <= failure.at) {
            failures = usize::MAX / 2;
        }
        while let Err(failure) = next {
            failures += 1;
            if failures + self.lost >= least || failures > 2 * WINDOW_LINES {
                break;
            }
            let repair = self.first_aid(&failure);
            next = self.attempt(&repair, Some(stop));
        }
        self.builder.restore(checkpoint, size(start));
        (self.root_depth, self.blanked) = (root_depth, blanked);
        for (start, text) in self.undo.take().into_iter().flatten().rev() {
            self.overwrite(&(start..start + text.len()), &text);
        }
        (failures + self.lost).min(least)
    }

    /// What gets a trial past another failure without much thought.
    fn first_aid(&self, failure: &Failure) -> Repair {
        let line = self.lines.line_of(failure.at);
        let content = self.content(line);
        if self.lines.line_of(self.token(failure)) < line && failure.last < content.start {
            return Repair::Resume { line };
        }
        if content.is_empty() { Repair::Resume { line: line + 1 } } else { Repair::blank(content, line) }
    }

    fn blank(&mut self, range: &Range<usize>) {
        let blanks: String = self.work[range.clone()]
            .bytes()
            .map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' })
            .collect();
        self.lost += self.lines_with_content(range.start, range.end);
        self.blanked += usize::from(self.work[range.clone()].contains(|c| !matches!(c, ' ' | '\n' | '\r')));
        self.overwrite(range, &blanks);
    }

    fn overwrite(&mut self, range: &Range<usize>, text: &str) {
        if range.is_empty() {
            return;
        }
        if let Some(undo) = &mut self.undo {
            undo.push((range.start, self.work[range.clone()].to_owned()));
        }
        self.work.replace_range(range.clone(), text);
        for line in self.lines.line_of(range.start)..=self.lines.line_of(range.end - 1) {
            self.lines.update(line, &self.work);
        }
    }

    /// Counts the lines with more than indicators and comments between two offsets.
    fn lines_with_content(&self, from: usize, to: usize) -> usize {
        let lines = self.work[from.min(to)..to].split(['\n', '\r']);
        let indicators = |c| matches!(c, ' ' | '\t' | ':' | '-' | ',' | '?' | ']' | '}');
        lines
            .map(|line| line.trim_start_matches(indicators))
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .count()
    }

    fn window(&self, at: usize) -> Stop {
        let line = self.lines.line_of(at);
        let enough = |next: &usize| self.lines.start(*next) - self.lines.start(line) > WINDOW_BYTES;
        let last = (line + 2..line + WINDOW_LINES).find(enough).unwrap_or(line + WINDOW_LINES);
        Stop { at: self.lines.start(last) }
    }

    /// The repairs worth trying, the gentlest first.
    fn repairs(&self, failure: &Failure) -> Vec<Repair> {
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
        if let Some(flow) = flow {
            for line in (self.lines.line_of(flow) + 1..=line).rev().take(LINES_BEFORE) {
                let line = self.content(line);
                repairs.push(Repair::blank(line, self.lines.line_of(flow)));
            }
        }
        let floor = self.floor.max(self.builder.end_of_settled());
        repairs.retain(|repair| match repair {
            Repair::Resume { line } | Repair::Patch { line, .. } | Repair::Blank { line, .. } => {
                self.lines.start(*line) >= floor
            }
        });
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
        let comment = if quote.is_none() { value.find(" #") } else { None };
        let value = value[..comment.unwrap_or(value.len())].trim_end();
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
        if !text.is_empty() && !text.ends_with(':') && next > depth && dashes < text.len() {
            let from = self.lines.start(line);
            let text = format!("{}:", &self.work[from..content.end]);
            let patch = Patch { text, limit: content.end - from, value: Missing::Wait, comments: Vec::new() };
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
    fn cut_off(&self, failure: &Failure) -> Repair {
        let token = self.token(failure);
        let start = self.flow(failure, token).unwrap_or(token);
        let line = self.lines.line_of(start);
        let around = self.builder.open().iter().rev().find(|open| !self.builder.site(**open).1);
        let depth = around.map_or(MARKER + 1, |open| self.depth_of(*open) + 1);
        let end = self.lines.start(self.lines.below(line + 1, depth));
        Repair::blank(start..end.max(self.content(line).end), line)
    }

    /// Leaves out the line, or goes on behind it when there is nothing to leave out.
    fn give_up(&self, failure: &Failure) -> Repair {
        let line = self.lines.line_of(failure.at);
        let content = self.content(line);
        if content.is_empty() || content.start < self.floor {
            return Repair::Resume { line: line + 1 };
        }
        Repair::blank(content, line)
    }
}

/// The text on one line, without the comments on the lines before the last; those are returned beside it, as ranges
/// of the whole.
fn without_breaks(text: &str, base: usize) -> (String, Vec<TextRange>) {
    let mut out = String::with_capacity(text.len());
    let mut comments = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim_end_matches(['\n', '\r']);
        let starts = |at: &usize| content[..*at].chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t'));
        let comment = content.match_indices('#').map(|(at, _)| at).find(starts);
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
