//! What a rule read and found of each subject, so that it need not look at the others again.
//!
//! In: which subjects to look at. Out: for each of them, and for the rule as a whole, what was read.

use std::cell::{OnceCell, RefCell};

use deed_model::reads::{self, Reads};
use deed_model::{Place, Section};

/// Names a definition of the register.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Of {
    pub(crate) section: Section,
    pub(crate) place: Place,
}

/// One run of one rule.
pub(crate) struct Pass<'f> {
    /// The subjects to look at, in order; `None` for all.
    focus: Option<&'f [Of]>,
    log: RefCell<Log>,
}

/// What came of a run, beside diagnostics.
#[derive(Default)]
pub(crate) struct Log {
    current: Option<Of>,
    /// What was read beside that of single subjects, before the last of them: all of them rest on it.
    pub(crate) before: Reads,
    /// What was read after that.
    pub(crate) after: Reads,
    /// What was read of each subject, in the order it was looked at; a subject may come several times.
    pub(crate) subjects: Vec<(Of, Reads)>,
    /// The sections whose subjects the rule looks at one by one.
    pub(crate) sections: Sections,
}

/// A set of sections.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Sections(u16);

impl Sections {
    pub(crate) fn add(&mut self, section: Section) {
        self.0 |= 1 << section as u16;
    }

    pub(crate) fn has(self, section: Section) -> bool {
        self.0 & 1 << section as u16 != 0
    }
}

impl<'f> Pass<'f> {
    pub(crate) fn new(focus: Option<&'f [Of]>) -> Self {
        Self { focus, log: RefCell::default() }
    }

    /// The subjects of a section to look at; `None` for all.
    pub(crate) fn focus(&self, section: Section) -> Option<&'f [Of]> {
        self.log.borrow_mut().sections.add(section);
        let focus = self.focus?;
        let from = focus.partition_point(|of| of.section < section);
        let to = focus.partition_point(|of| of.section <= section);
        Some(&focus[from..to])
    }

    /// The subject that is being looked at.
    pub(crate) fn current(&self) -> Option<Of> {
        self.log.borrow().current
    }

    /// Begins to look at a subject, or at none any more. That the subject itself is read goes without saying.
    fn enter(&self, next: Option<Of>) {
        let read = reads::take();
        let mut log = self.log.borrow_mut();
        match log.current {
            Some(_) if read.is_empty() => {}
            Some(of) => log.subjects.push((of, read)),
            None => log.before.extend(&read),
        }
        log.current = next;
    }

    /// Ends the run.
    pub(crate) fn end(self) -> Log {
        let after = reads::take();
        Log { after, ..self.log.into_inner() }
    }
}

/// Something that is gathered from the whole register when it is first asked for: whoever asks has read what it took.
pub(crate) struct Gathered<T>(OnceCell<(T, Reads)>);

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self(OnceCell::new())
    }
}

impl<T> Gathered<T> {
    pub(crate) fn get(&self, gather: impl FnOnce() -> T) -> &T {
        let (gathered, read) = self.0.get_or_init(|| reads::record(gather));
        reads::note_all(read);
        gathered
    }
}

/// Goes over subjects and what belongs to them, and notes at which it is.
pub(crate) struct Each<'a, T> {
    items: Box<dyn Iterator<Item = (Of, T)> + 'a>,
    pass: Option<&'a Pass<'a>>,
    at: Option<Of>,
}

impl<'a, T> Each<'a, T> {
    pub(crate) fn new(pass: Option<&'a Pass<'a>>, items: impl Iterator<Item = (Of, T)> + 'a) -> Self {
        debug_assert!(pass.is_none_or(|pass| pass.current().is_none()), "of one subject at a time");
        Self { items: Box::new(items), pass, at: None }
    }
}

impl<T> Iterator for Each<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let next = self.items.next();
        if let Some(pass) = self.pass {
            let of = next.as_ref().map(|(of, _)| *of);
            if of != self.at {
                pass.enter(of);
                self.at = of;
            }
        }
        next.map(|(_, item)| item)
    }
}

impl<T> Drop for Each<'_, T> {
    fn drop(&mut self) {
        if let (Some(pass), Some(_)) = (self.pass, self.at) {
            pass.enter(None);
        }
    }
}
