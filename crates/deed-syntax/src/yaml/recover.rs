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
use crate::yaml::reader::{Cause, Failure, Reader};
use crate::yaml::repair::Stop;
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
    /// A root that goes on with lines less deep than its first, and how deep they are.
    pub(super) root_depth: Option<(NodeId, u32)>,
}

/// What the part of the text from a line on is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Documents, each from its marker.
    Stream,
    /// Entries or items of the innermost open collection.
    Entries,
    /// The value of the key that waits for one, or the root.
    Value,
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

    /// Finds the line to go on at, and ends the collections that it does not add to. Skips lines that belong to
    /// something that was given up; unless that is `expected`, they are a failure.
    fn align(&mut self, from: usize, limit: usize, expected: bool) -> Result<Option<(usize, Mode)>, Failure> {
        let mut at = from;
        loop {
            let Some(line) = self.lines.content(at).filter(|line| self.lines.start(*line) < limit) else {
                return Ok(None);
            };
            self.skip(at, line);
            let items = (at..line).filter(|line| self.lines.original_depth(*line).is_some_and(is_item_depth));
            items.collect::<Vec<_>>().into_iter().for_each(|line| self.settle(line..line + 1));
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
            if self.builder.open().iter().all(|open| self.depth_of(*open) != depth) {
                continue;
            }
            while self.builder.top().is_some_and(|top| self.depth_of(top) > depth) {
                self.builder.close(None);
            }
        }
    }

    fn skip_orphan(&mut self, line: usize, limit: usize, expected: bool) -> Result<usize, Failure> {
        let start = self.lines.start(line);
        if !expected {
            return Err(Failure { at: start, last: start, cause: Cause::Orphan });
        }
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

/// The events of a part, on their way into the tree.
struct Part {
    mode: Mode,
    /// The collection whose entries the part holds.
    into: Option<Open>,
    /// How many collections of the part are open.
    depth: usize,
    /// The last event began the collection whose entries the part holds: an anchor is that collection's.
    began: bool,
    patch: Option<Missing>,
    /// What is held back in a patch: a missing value, and the ends of collections that may go on.
    missing: Option<Event<'static>>,
    ends: usize,
}

impl Part {
    fn new(mode: Mode, into: Option<Open>, patch: Option<Missing>) -> Self {
        let into = into.filter(|_| mode == Mode::Entries);
        Self { mode, into, depth: 0, began: false, patch, missing: None, ends: 0 }
    }

    fn event(&mut self, event: Event<'_>, builder: &mut Builder<'_>, reader: &Reader<'_>) -> Result<(), Failure> {
        let began = std::mem::take(&mut self.began);
        match &event {
            Event::DocumentStart | Event::DocumentEnd if self.mode != Mode::Stream => return Ok(()),
            Event::DocumentEnd if self.patch.is_some() => return Ok(()),
            Event::DocumentStart | Event::DocumentEnd | Event::Comment(_) => {}
            Event::Anchor(_) if began => return Ok(()),
            Event::Anchor(_) => {}
            Event::Start { shape, flow, start, .. } => {
                self.depth += 1;
                if let (1, Some(into)) = (self.depth, self.into) {
                    if *flow || *shape != into.shape {
                        return Err(reader.stray(*start));
                    }
                    self.began = true;
                    return Ok(());
                }
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 && self.into.is_some() {
                    return Ok(());
                }
            }
            Event::Scalar { range, .. } | Event::Alias(range) => {
                if self.depth == 0 && self.into.is_some() {
                    return Err(reader.stray(range.start()));
                }
            }
        }
        if self.patch.is_some() && !matches!(event, Event::Comment(_)) {
            if let Event::End(None) = event {
                self.ends += 1;
                return Ok(());
            }
            self.flush(builder, reader)?;
            if let Event::Scalar { range, style, missing: true, tag, .. } = event {
                self.missing = Some(Event::Scalar { range, style, missing: true, value: "".into(), tag });
                return Ok(());
            }
        }
        send(event, builder, reader)
    }

    fn flush(&mut self, builder: &mut Builder<'_>, reader: &Reader<'_>) -> Result<(), Failure> {
        if let Some(missing) = self.missing.take() {
            send(missing, builder, reader)?;
        }
        for _ in 0..std::mem::take(&mut self.ends) {
            send(Event::End(None), builder, reader)?;
        }
        Ok(())
    }

    /// Ends a patch: what it leaves open stays open.
    fn finish(self, builder: &mut Builder<'_>) {
        let Some(Event::Scalar { range, style, tag, .. }) = self.missing else { return };
        let event = match self.patch {
            Some(Missing::Wait) if builder.top().is_some_and(|top| top.pending) => return,
            Some(Missing::Raw { node, text }) => {
                builder.push_raw(node, text);
                return;
            }
            _ => Event::Scalar { range, style, missing: true, value: "".into(), tag },
        };
        // A scalar is never too deep.
        let _ = builder.event(event);
    }
}

fn send(event: Event<'_>, builder: &mut Builder<'_>, reader: &Reader<'_>) -> Result<(), Failure> {
    let start = event.start();
    builder.event(event).map_err(|_| reader.too_deep(start))
}

pub(super) fn size(offset: usize) -> TextSize {
    TextSize::new(u32::try_from(offset).expect("offsets are bounded by `MAX_LEN`"))
}
