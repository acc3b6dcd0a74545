//! Which repair to make: each is tried on the lines around the failure, and the one that loses least is made.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Recovery, size};
use crate::yaml::repair::{Missing, Repair};

/// How far behind a failure a repair is tried.
const WINDOW_LINES: usize = 12;
pub(super) const WINDOW_BYTES: usize = 4 << 10;

/// How many lines before a repair are looked at for what it loses.
const MAX_GAP: usize = 100;

/// How close to the stop of a trial something has to begin that is not closed there.
const NEAR: usize = 160;

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
        // What has been open for long is not closed beyond the stop either.
        failure.at >= self.at || (unclosed && failure.last + NEAR >= self.at)
    }
}

impl Recovery<'_> {
    /// Finds the repair that loses least.
    pub(super) fn choose(&mut self, failure: &Failure) -> Repair {
        if self.stuck {
            return self.give_up(failure);
        }
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
            Repair::Key { line, .. } => self.lines.start(*line + 1),
            Repair::Blank { .. } => self.floor,
        }
        .max(self.floor);
        self.attempt(repair, None)
    }

    fn attempt(&mut self, repair: &Repair, stop: Option<Stop>) -> Result<(), Failure> {
        let line = match repair {
            Repair::Blank { line, .. } => self.start_of_text(*line),
            _ => repair.line(),
        };
        self.builder.rollback(size(self.lines.start(line)));
        // What was lost long before does not count again.
        let kept = (self.builder.last_end as usize).max(self.lines.start(line.saturating_sub(MAX_GAP)));
        self.lost += self.lines_with_content(kept, self.lines.start(line));
        match repair {
            Repair::Resume { .. } => {
                self.settle(self.lines.line_of(kept) + 1..line);
                self.resume(line, stop)
            }
            Repair::Patch { next, patch, blank, .. } => {
                self.blank(blank);
                self.read_patch(line, patch)?;
                self.resume(*next, stop)
            }
            Repair::Key { key, text, .. } => {
                self.read_key(line, *key, *text)?;
                self.resume(line + 1, stop)
            }
            Repair::Blank { ranges, .. } => {
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
        let line = repair.line();
        let start = self.lines.start(self.start_of_text(line));
        // A window's worth is free: what is far away is read again only so often.
        let again = failure.at.saturating_sub(start);
        if again > WINDOW_BYTES {
            if again > self.budget {
                return usize::MAX;
            }
            self.budget -= again;
        }
        let checkpoint = self.builder.checkpoint(size(start));
        let (root_depth, orphan, blanked) = (self.root_depth, self.orphan, self.blanked);
        self.undo = Some(Vec::new());
        self.lost = 0;
        let mut failures = 0;
        let mut next = self.attempt(repair, Some(stop));
        if next.as_ref().is_err_and(|next| next.at <= failure.at) {
            failures = usize::MAX / 2;
        }
        if let (Repair::Patch { next: behind, patch, .. }, Err(other)) = (repair, &next) {
            // Nothing is lost, and what fails next is another matter.
            let keeps_all = self.lost == 0 && !matches!(patch.value, Missing::Wait);
            let behind = self.content(*behind).start;
            if keeps_all && self.token(other) >= behind && other.at > behind {
                next = Ok(());
            }
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
        (self.root_depth, self.orphan, self.blanked) = (root_depth, orphan, blanked);
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
}
