//! What is read of a register while something is found out, so that it need not be found out again while nothing of that
//! changes.
//!
//! In: [`record`] around a piece of work; the register's look-ups note what they hand out. Out: [`Reads`], to hold against
//! what changed. Of a subject that was handed out everything counts as read. Nothing is noted outside of [`record`].

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

use crate::{FileId, Section};

/// Something that can be read, and change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Read<'a> {
    /// The subject with an id, be it that there is none.
    Subject(Section, &'a str),
    /// Every subject of a section.
    Section(Section),
    /// Which ids a section has.
    Ids(Section),
    /// Which roles name a person as their only holder.
    Held(&'a str),
    /// Which delegations go to an id.
    Received(&'a str),
    /// Who owns what is in use.
    Owners,
    /// What every subject of a section names, its decisions aside.
    Names,
    /// What every decision says of who, when and until when.
    Decisions,
    /// The text of a manifest.
    File(FileId),
    /// The text of every manifest.
    Files,
    /// What history shows of the decisions of a subject.
    Evidence(Section, &'a str),
    /// What history shows of all decisions.
    AllEvidence,
    /// What else history shows.
    History,
    /// Where texts are broken.
    Damage,
}

impl Read<'_> {
    /// What stands for it: two different ones may have the same, which makes for needless work and nothing worse.
    fn key(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "any 32 bits of a hash do")]
        let key = FixedState::default().hash_one(self) as u32;
        key
    }
}

/// What was read, or what changed.
#[derive(Clone, Default, Debug)]
pub struct Reads {
    /// A bit for each of the keys, to tell quickly that nothing is in two sets.
    mask: u64,
    /// Ascending.
    keys: Box<[u32]>,
}

impl Reads {
    /// Collects what changed.
    pub fn of<'a>(reads: impl IntoIterator<Item = Read<'a>>) -> Self {
        Self::of_keys(reads.into_iter().map(|read| read.key()).collect())
    }

    fn of_keys(mut keys: Vec<u32>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let mask = keys.iter().fold(0, |mask, key| mask | 1 << (key & 63));
        Self { mask, keys: keys.into() }
    }

    /// Returns whether something is in both.
    pub fn meets(&self, other: &Self) -> bool {
        let (few, many) = if self.keys.len() < other.keys.len() { (self, other) } else { (other, self) };
        few.mask & many.mask != 0 && few.keys.iter().any(|key| many.keys.binary_search(key).is_ok())
    }

    /// Returns whether something is in it.
    pub fn has(&self, read: Read<'_>) -> bool {
        let key = read.key();
        self.mask & 1 << (key & 63) != 0 && self.keys.binary_search(&key).is_ok()
    }

    /// Returns whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds what is in another.
    pub fn extend(&mut self, other: &Self) {
        if other.keys.iter().any(|key| self.keys.binary_search(key).is_err()) {
            *self = Self::of_keys(self.keys.iter().chain(&other.keys).copied().collect());
        }
    }
}

thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static NOTED: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Notes that something is read, if that is being recorded.
pub fn note(read: Read<'_>) {
    if IS_ON.get() {
        note_key(read.key());
    }
}

fn note_key(key: u32) {
    NOTED.with_borrow_mut(|noted| {
        if noted.last() != Some(&key) {
            noted.push(key);
        }
    });
}

/// Notes what something that is used again has read when it was found out.
pub fn note_all(reads: &Reads) {
    if IS_ON.get() {
        reads.keys.iter().for_each(|key| note_key(*key));
    }
}

/// Does something on this thread and returns what it read. It must not wait for other work of a thread pool, which would be
/// noted too.
pub fn record<T>(work: impl FnOnce() -> T) -> (T, Reads) {
    let outer = Recording::start();
    let result = work();
    let reads = take();
    drop(outer);
    note_all(&reads);
    (result, reads)
}

/// Does something on this thread that counts as read by another name.
pub fn unnoted<T>(work: impl FnOnce() -> T) -> T {
    let outer = Recording::start();
    IS_ON.set(false);
    let result = work();
    drop(outer);
    result
}

/// Returns what was read since the recording began or something was taken before; to be called within [`record`].
pub fn take() -> Reads {
    Reads::of_keys(NOTED.with_borrow_mut(std::mem::take))
}

/// Puts back what was being recorded before, even if the work panics.
struct Recording {
    was_on: bool,
    noted: Vec<u32>,
}

impl Recording {
    fn start() -> Self {
        Self { was_on: IS_ON.replace(true), noted: NOTED.with_borrow_mut(std::mem::take) }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        IS_ON.set(self.was_on);
        NOTED.with_borrow_mut(|noted| std::mem::swap(noted, &mut self.noted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_noted_while_it_is_recorded() {
        note(Read::Damage);
        let ((inner, mine), all) = record(|| {
            note(Read::Subject(Section::Roles, "ceo"));
            note(Read::Subject(Section::Roles, "ceo"));
            let ((), inner) = record(|| note(Read::Held("ada")));
            (inner, Reads::of([Read::Held("ada")]))
        });
        assert!(inner.meets(&mine) && all.meets(&inner), "what a part read, the whole read");
        assert!(all.has(Read::Subject(Section::Roles, "ceo")) && !inner.has(Read::Subject(Section::Roles, "ceo")));
        assert!(!all.has(Read::Damage) && !all.has(Read::Subject(Section::People, "ceo")));
        let ((), after) = record(|| {});
        assert!(after.is_empty());
    }

    #[test]
    fn parts_are_told_apart() {
        let ((first, second), whole) = record(|| {
            note(Read::Files);
            let first = take();
            note(Read::History);
            (first, take())
        });
        assert!(first.has(Read::Files) && !first.has(Read::History));
        assert!(second.has(Read::History) && !second.has(Read::Files));
        assert!(whole.is_empty(), "taken is taken");
        let mut both = first.clone();
        both.extend(&second);
        assert!(both.has(Read::Files) && both.has(Read::History) && both.meets(&second));
    }
}
