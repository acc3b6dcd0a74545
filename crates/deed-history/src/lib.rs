//! What Git proves: which commit gave a value, who made it, whose key signed it.
//!
//! In: a repository and a revision. Out: for any YAML and JSON files the commit that gave each value its present form
//! (semantic blame), and for a register the evidence of each decision.
//!
//! Git is read in process through libgit2 and never run. Of what a local clone can say about history, only objects are
//! believed: never `.mailmap`, replace refs, grafts, reflogs or notes. Missing history is a value, not an error.
//!
//! Knows nothing of rules, rendering or the present day.
//!
//! Start reading at [`Repository`]; [`Objects`] reads bytes, [`Graph`] knows which commit stands on which, [`Trees`]
//! which files changed, [`value`] which values did.

mod answer;
mod blame;
mod cache;
mod code;
mod commit;
mod error;
pub mod evidence;
mod graph;
mod kept;
mod object;
mod oid;
mod pack;
mod recent;
mod register;
mod repository;
pub mod signature;
mod stored;
mod tree;
pub mod value;

pub use crate::answer::Answer;
pub use crate::blame::{
    Blame, BlameEntry, BlameRequest, FileBlame, MAX_SIZE, Unreadable, blame, blame_unknown, is_readable,
};
pub use crate::cache::clear_cache;
pub use crate::commit::{Commit, Person, Time};
pub use crate::error::HistoryError;
pub use crate::graph::{Graph, MISSING};
pub use crate::object::{Object, ObjectError, ObjectKind, Objects};
pub use crate::oid::Oid;
pub use crate::register::differing::differing;
pub use crate::repository::{Head, Repository, general_setting};
pub use crate::stored::{Stored, TrackedFiles};
pub use crate::tree::{Change, EntryKind, Filter, TreeEntries, TreeEntry, Trees};
