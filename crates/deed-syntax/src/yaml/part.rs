//! A part of the text that is read on its own, on its way into the tree.

use crate::build::{Builder, Open};
use crate::event::Event;
use crate::yaml::reader::{Failure, Reader};
use crate::yaml::repair::Missing;

/// What the part of the text from a line on is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Documents, each from its marker.
    Stream,
    /// Entries or items of the innermost open collection.
    Entries,
    /// The value of the key that waits for one, or the root.
    Value,
}

/// The events of a part, on their way into the tree.
pub(super) struct Part {
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
    pub(super) fn new(mode: Mode, into: Option<Open>, patch: Option<Missing>) -> Self {
        let into = into.filter(|_| mode == Mode::Entries);
        Self { mode, into, depth: 0, began: false, patch, missing: None, ends: 0 }
    }

    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        builder: &mut Builder<'_>,
        reader: &Reader<'_>,
    ) -> Result<(), Failure> {
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
    pub(super) fn finish(self, builder: &mut Builder<'_>) {
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
