//! Finds the subject that a place in a manifest belongs to.

use std::collections::HashMap;

use deed_model::{FileId, Register};
use deed_syntax::{TextRange, TextSize};

/// The subjects of a register by manifest and place.
pub(super) struct Subjects {
    /// The whole entry and its key, sorted; subjects do not overlap.
    by_file: HashMap<FileId, Vec<(TextRange, TextRange)>>,
}

impl Subjects {
    pub(super) fn of(register: &Register) -> Self {
        let mut by_file: HashMap<FileId, Vec<(TextRange, TextRange)>> = HashMap::new();
        for head in register.heads() {
            by_file.entry(head.key.file).or_default().push((head.range.range, head.key.range));
        }
        for subjects in by_file.values_mut() {
            subjects.sort_by_key(|(entry, _)| entry.start());
        }
        Self { by_file }
    }

    /// Returns the key of the subject that an offset is in.
    pub(super) fn key_at(&self, file: FileId, offset: TextSize) -> Option<TextRange> {
        let subjects = self.by_file.get(&file)?;
        let behind = subjects.partition_point(|(entry, _)| entry.start() <= offset);
        let (entry, key) = subjects.get(behind.checked_sub(1)?)?;
        entry.contains_inclusive(offset).then_some(*key)
    }
}
