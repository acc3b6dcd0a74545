//! What to give up so that reading can go on.
//!
//! Each failure has a few repairs that might do. They are tried one after the other on the lines around it; the one
//! that gets furthest, and at the least loss, is made.

use std::cmp::Reverse;
use std::ops::Range;

use granit_parser::ErrorKind;
use text_size::TextRange;

use crate::yaml::lines::{MARKER, is_item, is_marker};
use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Missing, Patch, Recovery, size};

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
    /// Finds the repair that gets furthest.
    pub(super) fn choose(&mut self, failure: &Failure) -> Repair {
        if matches!(
            failure.cause,
            Cause::TooDeep | Cause::Parser(ErrorKind::RecursionLimitExceeded)
        ) {
            return self.cut_off(failure);
        }
        let stop = self.window(failure.at);
        let mut best: Option<((usize, Reverse<usize>), Repair)> = None;
        for repair in self.repairs(failure) {
            let score = self.try_out(&repair, failure, stop);
            if std::env::var("DBG").is_ok() {
                eprintln!(
                    "{:?} at {} {:?}: {repair:?}: {score:?}",
                    failure.cause,
                    failure.at,
                    self.lines.line_of(failure.at) + 1
                );
            }
            if score == (usize::MAX, Reverse(0)) {
                return repair;
            }
            if score.0 > failure.at && best.as_ref().is_none_or(|(best, _)| score > *best) {
                best = Some((score, repair));
            }
        }
        best.map_or_else(|| self.give_up(failure), |(_, repair)| repair)
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
                self.settle(self.lines.line_of(self.builder.last_end as usize) + 1..*line);
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

    /// Makes a repair, sees how far it gets and how much it skips, and takes all back.
    fn try_out(
        &mut self,
        repair: &Repair,
        failure: &Failure,
        stop: Stop,
    ) -> (usize, Reverse<usize>) {
        let (line, blanks) = match repair {
            Repair::Resume { line } => (*line, &[][..]),
            Repair::Patch { line, blank, .. } => (*line, std::slice::from_ref(blank)),
            Repair::Blank { ranges, line } => (*line, ranges.as_slice()),
        };
        let start = self.lines.start(self.start_of_text(line));
        // A window's worth is free: what is far away is read again only so often.
        let again = failure.at.saturating_sub(start);
        if again > WINDOW_BYTES {
            if again > self.budget {
                return (0, Reverse(0));
            }
            self.budget -= again;
        }
        let checkpoint = self.builder.checkpoint(size(start));
        let blanked: Vec<String> =
            blanks.iter().map(|range| self.work[range.clone()].to_owned()).collect();
        let root_depth = self.root_depth;
        self.orphans = 0;
        let reach =
            self.attempt(repair, Some(stop)).map_or_else(|failure| failure.at, |()| usize::MAX);
        self.builder.restore(checkpoint, size(start));
        self.root_depth = root_depth;
        for (range, text) in blanks.iter().zip(blanked) {
            self.overwrite(range, &text);
        }
        (reach, Reverse(self.orphans))
    }

    fn blank(&mut self, range: &Range<usize>) {
        let blanks: String = self.work[range.clone()]
            .bytes()
            .map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' })
            .collect();
        self.overwrite(range, &blanks);
    }

    fn overwrite(&mut self, range: &Range<usize>, text: &str) {
        if range.is_empty() {
            return;
        }
        self.work.replace_range(range.clone(), text);
        for line in self.lines.line_of(range.start)..=self.lines.line_of(range.end - 1) {
            self.lines.update(line, &self.work);
        }
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
        self.close(line, token, flow, &mut repairs);
        if self.lines.line_of(token) < line
            || flow.is_some()
            || self.content(line).start >= failure.at
        {
            repairs.push(Repair::Resume { line });
        }
        if let Some(flow) = flow {
            repairs.extend(self.without_flow_entry(flow, failure.at));
        }
        repairs.extend(self.raw(line));
        self.without_line(line, &mut repairs);
        let mut before = line;
        for _ in 0..LINES_BEFORE {
            let Some(line) = self.lines.content_before(before) else { break };
            before = line;
            if self.lines.depth(line) == Some(MARKER) || self.lines.start(line) < self.floor {
                break;
            }
            self.without_line(line, &mut repairs);
        }
        if let Some(flow) = flow {
            for line in (self.lines.line_of(flow) + 1..=line).rev().take(LINES_BEFORE) {
                let line = self.content(line);
                repairs.push(Repair::Blank { ranges: vec![line], line: self.lines.line_of(flow) });
            }
        }
        let floor = self.floor;
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
                b'#' => {
                    at +=
                        bytes[at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count()
                }
                b':' | b'-' | b'?' | b',' => match bytes.get(at + 1) {
                    None | Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
                    _ => break,
                },
                _ => break,
            }
        }
        at.min(failure.at)
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
            let closed: String =
                there[..closing].chars().filter(|c| matches!(c, ']' | '}')).collect();
            let blank =
                if closed == closers { content.start..content.start + closing } else { 0..0 };
            let from = self.lines.start(first);
            let text = format!("{}{closers}", &self.work[from..end]);
            let patch = Patch { text, limit: end - from, value: Missing::Stay };
            repairs.push(Repair::Patch { line: first, next: last + 1, patch, blank });
        }
    }

    /// Takes what stands behind the key, or the dash, as text.
    fn raw(&self, line: usize) -> Option<Repair> {
        let content = self.content(line);
        let bytes = self.work.as_bytes();
        let blanks =
            |at: usize| bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
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
        let quoted = usize::from(value.starts_with(['"', '\'']));
        let comment = if quoted == 0 { value.find(" #") } else { None };
        let value = value[..comment.unwrap_or(value.len())].trim_end();
        let range = |start: usize, end: usize| TextRange::new(size(start), size(end));
        let end = node.start + value.len();
        let value = Missing::Raw {
            node: range(node.start, end),
            text: range((node.start + quoted).min(end), end),
        };
        let from = self.lines.start(line);
        let patch = Patch { text: self.work[from..start].to_owned(), limit: start - from, value };
        Some(Repair::Patch { line, next: line + 1, patch, blank: 0..0 })
    }

    /// Leaves out a line: what is behind its dashes, or all of it; or takes it for a key that lacks its colon.
    fn without_line(&self, line: usize, repairs: &mut Vec<Repair>) {
        let content = self.content(line);
        let text = &self.work[content.clone()];
        let dashes = dashes(text);
        if dashes > 0 && dashes < text.len() {
            repairs.push(Repair::Blank { ranges: vec![content.start + dashes..content.end], line });
        }
        let next = self.lines.content(line + 1).and_then(|next| self.lines.depth(next));
        let depth = self.lines.depth(line);
        if !text.is_empty() && !text.ends_with(':') && next > depth && dashes < text.len() {
            let from = self.lines.start(line);
            let text = format!("{}:", &self.work[from..content.end]);
            let patch = Patch { text, limit: content.end - from, value: Missing::Wait };
            repairs.push(Repair::Patch { line, next: line + 1, patch, blank: 0..0 });
        }
        if !text.is_empty() {
            repairs.push(Repair::Blank { ranges: vec![content], line });
        }
    }

    /// Leaves out the entry or item in brackets that holds the failure.
    fn without_flow_entry(&self, flow: usize, at: usize) -> Option<Repair> {
        let scan = Scan::new(&self.work, flow, at)?;
        let start = scan.delimiter? + 1;
        let end = end_of_flow_entry(self.work.as_bytes(), at.max(start))?;
        let blank = self.work[start..end].trim().is_empty();
        (!blank).then(|| Repair::Blank { ranges: vec![start..end], line: self.lines.line_of(flow) })
    }

    /// What nests too deep is left out, together with the brackets around it.
    fn cut_off(&self, failure: &Failure) -> Repair {
        let token = self.token(failure);
        let start = self.flow(failure, token).unwrap_or(token);
        let line = self.lines.line_of(start);
        let around = self.builder.open().iter().rev().find(|open| !self.builder.site(**open).1);
        let depth = around.map_or(MARKER + 1, |open| self.depth_of(*open) + 1);
        let end = self.lines.start(self.lines.below(line + 1, depth));
        Repair::Blank { ranges: vec![start..end.max(self.content(line).end)], line }
    }

    /// Leaves out the line, or goes on behind it when there is nothing to leave out.
    fn give_up(&self, failure: &Failure) -> Repair {
        let line = self.lines.line_of(failure.at);
        let content = self.content(line);
        if content.is_empty() || content.start < self.floor {
            return Repair::Resume { line: line + 1 };
        }
        Repair::Blank { ranges: vec![content], line }
    }
}

/// The length of the dashes that start list items at the start of a line's content, with the blanks behind.
fn dashes(content: &str) -> usize {
    let mut rest = content;
    while is_item(rest) {
        rest = rest[1..].trim_start_matches([' ', '\t']);
    }
    content.len() - rest.len()
}

/// Returns what closes all that is open at the end of a text that starts with a quote or bracket somewhere, and where
/// to put it: before a comment. `None` when nothing is open.
fn open_at_end(text: &str, start: usize) -> Option<(usize, String)> {
    let scan = Scan::new(text, start, text.len())?;
    let mut closers: String = scan.quote.map(char::from).into_iter().collect();
    closers.extend(scan.open.iter().rev().map(|open| if *open == b'[' { ']' } else { '}' }));
    (!closers.is_empty()).then_some((scan.comment.unwrap_or(text.len()), closers))
}

/// Quotes and brackets, as far as they matter.
struct Scan {
    open: Vec<u8>,
    quote: Option<u8>,
    comment: Option<usize>,
    /// The last comma or opening bracket before the end.
    delimiter: Option<usize>,
}

impl Scan {
    /// Walks from an opening quote or bracket to an offset. `None` when brackets do not match.
    fn new(text: &str, start: usize, end: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut scan = Self { open: Vec::new(), quote: None, comment: None, delimiter: None };
        let mut at = start;
        while at < end {
            let byte = bytes[at];
            let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
            match (scan.quote, byte) {
                (Some(b'"'), b'\\') => at += 1,
                (Some(quote), _) if quote == byte => scan.quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if at == start || b" \t\n\r[{,:".contains(&before) => {
                    scan.quote = Some(byte)
                }
                (None, b'[' | b'{') => {
                    scan.open.push(byte);
                    scan.delimiter = Some(at);
                }
                (None, b',') => scan.delimiter = Some(at),
                (None, b']' | b'}') => {
                    let open = scan.open.pop()?;
                    if (open == b'[') != (byte == b']') {
                        return None;
                    }
                }
                (None, b'#') if before.is_ascii_whitespace() => {
                    let comment = at;
                    at += bytes[at..end]
                        .iter()
                        .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
                        .count();
                    scan.comment = (at >= end).then_some(comment);
                }
                _ => {}
            }
            at += 1;
        }
        Some(scan)
    }
}

/// Where the entry in brackets ends that holds an offset: at its comma or closing bracket, or at the end of its line.
fn end_of_flow_entry(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => depth -= 1,
            b']' | b'}' | b'\n' | b'\r' => return Some(at),
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    Some(bytes.len())
}
