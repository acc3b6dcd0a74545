//! Reading on behind an error.
//!
//! Lines tell what they belong to by their indentation, so reading can start again at any line that starts an entry
//! or an item: the part up to the next line that is less deep is read on its own and its entries go into the
//! collection that is open at that depth. Each part is read once, and what is tried around an error is a few lines:
//! the whole takes time in proportion to the text.

use text_size::{TextRange, TextSize};

use crate::build::{Builder, Open};
use crate::event::{Event, Shape};
use crate::mask;
use crate::parse::Tree;
use crate::tree::NodeId;
use crate::yaml::lines::{Lines, MARKER, depth_at, is_item, is_item_depth, is_marker};
use crate::yaml::message;
use crate::yaml::part::{Mode, Part};
use crate::yaml::reader::{Cause, Failure, Reader};
use crate::yaml::repair::Patch;
use crate::yaml::trial::Stop;
use crate::{SyntaxError, SyntaxErrorKind};

/// How many errors are reported; what follows the last of them is left out.
const MAX_ERRORS: usize = 50_000;

/// The state of reading a broken text.
pub(super) struct Recovery<'t> {
    pub(super) text: &'t str,
    /// The text, with what is given up replaced by blanks: all offsets stay true.
    pub(super) work: String,
    pub(super) lines: Lines,
    pub(super) builder: Builder<'t>,
    /// What came before is settled: no repair goes back behind it.
    pub(super) floor: usize,
    /// How many bytes were blanked.
    pub(super) blanked: usize,
    /// The last repair changed nothing.
    pub(super) stuck: bool,
    /// How many lines were lost, in a trial.
    pub(super) lost: usize,
    /// What was blanked, in a trial.
    pub(super) undo: Option<Vec<(usize, String)>>,
    /// How many bytes of flow collections may still be read again.
    pub(super) budget: usize,
    /// Where the last line that was skipped would have gone, and how deep it was.
    pub(super) orphan: Option<(Option<u32>, Option<u32>)>,
    /// A root that goes on with lines less deep than its first, and how deep they are.
    pub(super) root_depth: Option<(NodeId, u32)>,
}

impl<'t> Recovery<'t> {
    pub(super) fn new(text: &'t str, builder: Builder<'t>) -> Self {
        let lines = Lines::new(text);
        let budget = 4 * text.len() + (1 << 18);
        let work = text.to_owned();
        Self {
            text,
            work,
            lines,
            builder,
            floor: 0,
            blanked: 0,
            stuck: false,
            lost: 0,
            undo: None,
            budget,
            orphan: None,
            root_depth: None,
        }
    }

    /// Reads on behind the first failure to the end.
    pub(super) fn run(mut self, first: Failure) -> Tree {
        let mut next = if self.mask() { self.restart() } else { Err(first) };
        while let Err(failure) = next {
            if self.builder.tree.errors.len() >= MAX_ERRORS {
                let range = TextRange::new(size(failure.at), size(self.text.len()));
                let message = format!("more than {MAX_ERRORS} errors: the rest of the file was not read");
                self.builder.tree.errors.push(SyntaxError::new(SyntaxErrorKind::Limit, range, message));
                break;
            }
            let error = message::describe(&self, &failure);
            self.builder.tree.errors.push(error);
            let repair = self.choose(&failure);
            let settled = (self.floor, self.blanked);
            next = self.commit(&repair);
            let no_further = next.as_ref().is_err_and(|next| next.at <= failure.at);
            if no_further && settled == (self.floor, self.blanked) {
                if self.stuck {
                    break;
                }
                self.stuck = true;
            } else {
                self.stuck = false;
            }
        }
        self.builder.finish()
    }

    /// Blanks what no reader of YAML should see at all. Returns whether there was any.
    fn mask(&mut self) -> bool {
        let mut errors = mask::conflicts(&mut self.work);
        errors.extend(mask::characters(&mut self.work));
        if errors.is_empty() {
            return false;
        }
        self.lines = Lines::new(&self.work);
        self.builder.tree.errors.extend(errors);
        true
    }

    fn restart(&mut self) -> Result<(), Failure> {
        let errors = std::mem::take(&mut self.builder.tree.errors);
        self.builder = Builder::new(self.text);
        self.builder.tree.errors = errors;
        self.read(0..self.work.len(), Mode::Stream, None, None)
    }

    /// Reads from a line on, to the end of the text or to a limit.
    pub(super) fn resume(&mut self, line: usize, stop: Option<Stop>) -> Result<(), Failure> {
        let mut line = line;
        let mut expected = true;
        loop {
            let limit = stop.map_or(self.work.len(), |stop| stop.at);
            let Some((start, mode)) = self.align(line, limit, expected)? else { return Ok(()) };
            self.orphan = None;
            let depth = self.lines.depth(start).unwrap_or(MARKER);
            let end = match mode {
                Mode::Stream => self.work.len(),
                _ => self.lines.start(self.lines.below(start + 1, depth)),
            };
            let cut = stop.filter(|stop| stop.at < end);
            self.read(self.lines.start(start)..end.min(limit), mode, None, cut)?;
            if end >= limit {
                return Ok(());
            }
            line = self.lines.line_of(end);
            expected = false;
        }
    }

    /// Reads a line, or several, in the form of a patch, and leaves open what the next line may add to.
    pub(super) fn read_patch(&mut self, line: usize, patch: &Patch) -> Result<(), Failure> {
        let start = self.lines.start(line);
        let failure = || Failure { at: start, last: start, cause: Cause::Stray };
        match self.align(line, self.work.len(), true)? {
            Some((first, mode)) if first == line => {
                self.read(start..start + patch.limit, mode, Some(patch), None)?;
                self.builder.tree.comments.extend(&patch.comments);
                Ok(())
            }
            _ => Err(failure()),
        }
    }

    /// Takes a line for a key, whatever it is.
    pub(super) fn read_key(&mut self, line: usize, key: TextRange, text: TextRange) -> Result<(), Failure> {
        let start = self.lines.start(line);
        let failure = || Failure { at: start, last: start, cause: Cause::Stray };
        let Some((_, mode)) = self.align(line, self.work.len(), true)?.filter(|(first, _)| *first == line) else {
            return Err(failure());
        };
        let in_mapping = self.builder.top().is_some_and(|top| top.shape == Shape::Mapping);
        if mode != Mode::Entries {
            let start = Event::Start { shape: Shape::Mapping, flow: false, start: key.start(), tag: None };
            self.builder.event(start).map_err(|_| failure())?;
        } else if !in_mapping {
            return Err(failure());
        }
        self.builder.push_raw(key, text);
        Ok(())
    }

    /// Finds the line to go on at, and ends the collections that it does not add to. Skips lines that belong to
    /// something that was given up; unless that is `expected`, they are a failure.
    fn align(&mut self, from: usize, limit: usize, expected: bool) -> Result<Option<(usize, Mode)>, Failure> {
        let mut at = from;
        loop {
            let Some(line) = self.lines.content(at).filter(|line| self.lines.start(*line) < limit) else {
                return Ok(None);
            };
            self.skip(at, line);
            for line in at..line {
                let is_item = self.lines.original_depth(line).is_some_and(is_item_depth);
                if is_item || self.is_bare_key(line) {
                    self.settle(line..line + 1);
                }
            }
            let depth = self.lines.depth(line).unwrap_or(MARKER);
            if depth == MARKER {
                self.builder.start_document();
                return Ok(Some((line, Mode::Stream)));
            }
            while self.builder.top().is_some_and(|top| self.depth_of(top) > depth) {
                self.builder.close(None);
            }
            let Some(top) = self.builder.top() else {
                match self.align_root(line, depth) {
                    Some(mode) => return Ok(Some((line, mode))),
                    None => {
                        at = self.skip_orphan(line, limit, expected)?;
                        continue;
                    }
                }
            };
            if self.depth_of(top) == depth {
                if top.pending {
                    self.builder.push_missing();
                }
                return Ok(Some((line, Mode::Entries)));
            }
            // A value, unless something less deep follows it within the same collection: then it is what is left of
            // an entry that lost its key.
            let next = self.lines.below(line + 1, depth);
            let alone = self.lines.depth(next).is_none_or(|next| next <= self.depth_of(top));
            if top.pending && alone {
                return Ok(Some((line, Mode::Value)));
            }
            at = self.skip_orphan(line, limit, expected)?;
        }
    }

    /// What a line is when no collection is open.
    fn align_root(&mut self, line: usize, depth: u32) -> Option<Mode> {
        if self.builder.is_empty() {
            return Some(Mode::Stream);
        }
        let before = self.lines.content_before(line).map(|line| &self.work[self.lines.range(line)]);
        if before.is_some_and(|before| before.starts_with("...") && is_marker(before)) {
            self.builder.start_document();
        }
        if self.builder.root().is_none() {
            return Some(Mode::Value);
        }
        let content = self.work[self.lines.range(line)].trim_start_matches(' ');
        let shape = if is_item(content) { Shape::Sequence } else { Shape::Mapping };
        if !self.builder.reopen_root(shape) {
            return None;
        }
        self.root_depth = self.builder.root().map(|root| (root, depth));
        Some(Mode::Entries)
    }

    /// Ends what lines that are given up would have ended: an entry that is left out still separates its neighbours.
    pub(super) fn settle(&mut self, lines: std::ops::Range<usize>) {
        for line in lines {
            let Some(depth) = self.lines.original_depth(line) else { continue };
            let fits = self.builder.open().iter().any(|open| self.depth_of(*open) == depth);
            if !fits && !self.is_bare_key(line) {
                continue;
            }
            while self.builder.top().is_some_and(|top| self.depth_of(top) > depth) {
                self.builder.close(None);
            }
        }
    }

    /// Says whether a line, as it was at first, is a key whose value is on the lines below.
    fn is_bare_key(&self, line: usize) -> bool {
        let content = &self.text[self.lines.range(line)];
        content.find(" #").map_or(content, |comment| &content[..comment]).trim_end().ends_with(':')
    }

    fn skip_orphan(&mut self, line: usize, limit: usize, expected: bool) -> Result<usize, Failure> {
        let start = self.lines.start(line);
        // Of several that are indented alike one is reported.
        let orphan = (self.builder.top().map(|top| top.node), self.lines.depth(line));
        if !expected && self.orphan != Some(orphan) {
            return Err(Failure { at: start, last: start, cause: Cause::Orphan });
        }
        self.orphan = Some(orphan);
        let next = self.lines.below(line + 1, self.lines.depth(line).unwrap_or(MARKER));
        let in_trial = line..next.min(self.lines.line_of(limit) + 1);
        self.lost += in_trial.filter(|line| self.lines.depth(*line).is_some()).count();
        self.skip(line, next);
        Ok(next)
    }

    /// Keeps the comments of lines that are not read.
    fn skip(&mut self, from: usize, to: usize) {
        for line in from..to {
            let range = self.lines.range(line);
            let content = self.work[range.clone()].trim();
            if content.starts_with('#') {
                let start = range.start + self.work[range].find('#').unwrap_or(0);
                let comment = TextRange::new(size(start), size(start + content.len()));
                let _ = self.builder.event(Event::Comment(comment));
            }
        }
    }

    pub(super) fn depth_of(&self, open: Open) -> u32 {
        let (start, flow) = self.builder.site(open);
        if flow {
            return u32::MAX;
        }
        let line = self.lines.start(self.lines.line_of(start));
        let column = self.work[line.min(start)..start].chars().count();
        let depth = depth_at(column, open.shape == Shape::Sequence);
        match self.root_depth {
            Some((root, root_depth)) if root.0 == open.node => depth.min(root_depth),
            _ => depth,
        }
    }

    fn read(
        &mut self,
        part: std::ops::Range<usize>,
        mode: Mode,
        patch: Option<&Patch>,
        cut: Option<Stop>,
    ) -> Result<(), Failure> {
        let text = patch.map_or(&self.work[part.clone()], |patch| patch.text.as_str());
        if mode == Mode::Entries && text.starts_with('%') {
            return Err(Failure { at: part.start, last: part.start, cause: Cause::Stray });
        }
        let mut reader = Reader::new(text, part.start, patch.map_or(text.len(), |patch| patch.limit));
        let mut part = Part::new(mode, self.builder.top(), patch.map(|patch| patch.value));
        while let Some(event) = reader.next() {
            let event = match event {
                Ok(event) => event,
                // Where a trial stops, text may well be incomplete.
                Err(failure) if cut.is_some_and(|stop| stop.explains(&failure)) => return Ok(()),
                Err(failure) => return Err(failure),
            };
            part.event(event, &mut self.builder, &reader)?;
        }
        part.finish(&mut self.builder);
        Ok(())
    }
}

pub(super) fn size(offset: usize) -> TextSize {
    TextSize::new(u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`"))
}
