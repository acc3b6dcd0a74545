//! A manifest's tree to schema violations: what breaks the form, at the exact key or value, in the words of the
//! manifest.
//!
//! In: the root [`Node`] of a document. Out: [`Violation`]s, sorted by range, one for each mistake. Never fails and
//! never panics, whatever the tree. The schema itself can be asked what a place of a manifest may hold, see
//! [`describe()`] and [`fields_at`].
//!
//! A field with nothing behind it counts as not written, a subject with nothing behind it as an empty mapping. What
//! the syntax already reported is not reported again, and a wrong type that a rule words better (`x-deed-rule` in
//! the schema) is left to that rule.
//!
//! Knows nothing of Git, rules, files, or what ids refer to. The only user of `jsonschema`, which is generic and slow
//! to build: nothing generic leaves this crate.
//!
//! Start reading at [`violations`]: `engine` runs the schema over the tree, `locate` leads each error back to its key
//! and value, `report` picks one error for each mistake, and `missing`, `unknown`, `wrong_type` and `wrong_form` word it.

mod describe;
mod engine;
mod locate;
mod missing;
mod near;
mod report;
mod reuse;
mod shape;
mod tree;
mod unknown;
mod wording;
mod wrong_form;
mod wrong_type;

use std::collections::HashSet;
use std::sync::Arc;

use deed_syntax::{KeyPath, Node};
use text_size::TextRange;

pub use crate::describe::{Description, FieldDescription, Form, ValueDescription, describe, fields_at};
pub use crate::engine::SCHEMA;

/// A place where a manifest breaks the schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The key or value at fault.
    pub range: TextRange,
    /// What sort of mistake it is.
    pub kind: ViolationKind,
    /// Where it stands: up to and including the key at fault.
    pub key_path: Arc<KeyPath>,
    /// What is wrong: one sentence, without a full stop.
    pub message: Arc<str>,
    /// What to do about it.
    pub help: Option<Arc<str>>,
    /// The replacement that would put it right; never one that writes who decided or when.
    pub suggestion: Option<Suggestion>,
}

/// Sorts of [`Violation`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A key that the mapping does not have.
    UnknownField,
    /// A key that is not formed like an id.
    MalformedKey,
    /// A value of another type than the field takes.
    WrongType,
    /// A value outside of the list of those allowed.
    UnknownValue,
    /// A string that is not a date, a period, an id, or whatever the field takes.
    WrongForm,
    /// A number, list or string that is too small or too large.
    OutOfRange,
    /// A mapping without a field that it cannot do without.
    MissingField,
    /// A format version that this build does not read.
    UnknownVersion,
    /// Anything else that the schema forbids.
    Other,
}

/// A replacement of a stretch of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// What is replaced.
    pub range: TextRange,
    /// What takes its place.
    pub replacement: Arc<str>,
}

/// Returns where a document breaks the manifest schema, sorted by range.
#[must_use]
pub fn violations(root: Node<'_>) -> Arc<Vec<Violation>> {
    // An editor asks about many manifests of which one has changed.
    if root.parse().root() == Some(root) {
        return root.parse().remember(|before| reuse::find(root, before)).all.clone();
    }
    Arc::new(report::report(root, &HashSet::new()))
}
