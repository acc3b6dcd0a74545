//! Ids in a sentence.

use deed_model::Section;

/// How many ids are named.
const NAMED: usize = 12;

/// Returns subjects of one section for a sentence, as in "control `A.5.15`" or "3 controls: `A.5.1`, `A.5.2`, `A.5.3`".
pub(super) fn counted(section: Section, ids: &[&str]) -> String {
    match ids {
        [id] => super::described(section, id),
        ids => format!("{} {}: {}", ids.len(), section.key(), named(ids)),
    }
}

/// Returns ids, of many the first.
pub(super) fn named(ids: &[&str]) -> String {
    let shown: Vec<_> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    match ids.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
