//! JSON text to events.

use crate::parse::Tree;

/// Reads a whole text.
pub(crate) fn read(text: &str) -> Tree {
    crate::yaml::read(text)
}
