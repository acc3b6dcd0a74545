//! Where things stand: a file of the workspace and a byte range in it.

use deed_syntax::{NodeId, TextRange};

use crate::Section;

/// A manifest of the workspace, by its place in [`crate::Workspace::manifests`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A byte range in one manifest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileRange {
    /// The manifest.
    pub file: FileId,
    /// The bytes in its text.
    pub range: TextRange,
}

/// A value with the place it was read from. Dereferences to the value.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The text it was read from.
    pub span: FileRange,
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// What every subject has: its address and its place.
#[derive(Clone, Debug)]
pub struct Head {
    /// The section it stands in.
    pub section: Section,
    /// Its id; empty for singletons such as `isms`.
    pub id: String,
    /// The id as written (for singletons the section's key).
    pub key: FileRange,
    /// The whole entry, key and value.
    pub range: FileRange,
    /// The value's node in the manifest's tree.
    pub node: NodeId,
}

impl Head {
    /// Returns the address, as in `risks.R-12` or `isms`.
    pub fn address(&self) -> String {
        self.section.address(&self.id)
    }
}
