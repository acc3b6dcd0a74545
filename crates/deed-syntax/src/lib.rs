//! YAML 1.2 and JSON text to one spanned tree and a list of errors.
//!
//! In: text, or bytes as read from disk, and a [`Format`]. Out: a [`Parse`], which holds the text, the tree and what
//! is wrong with it. Parsing never fails: one broken entry costs that entry, the rest of the file is in the tree.
//!
//! Knows nothing of manifests, rules, files, lines or columns: ranges are byte ranges, paths are key paths.
//!
//! Start reading at [`Parse`] and [`Node`]. Text becomes events (`yaml`, `json`), events become an arena (`build`);
//! `recover` decides what to leave out when the text is broken, `damage` says where that was. [`edit`] makes format-preserving edits from nodes.

mod alias;
mod build;
mod damage;
mod decode;
mod duplicate;
pub mod edit;
mod entry;
mod error;
mod event;
mod format;
mod json;
mod mask;
mod merge;
mod moved;
mod parse;
mod path;
mod reparse;
mod rollback;
mod scalar;
mod tree;
mod yaml;

use std::sync::Arc;

pub use text_size::{TextRange, TextSize};

pub use crate::entry::{Entries, Entry, Items};
pub use crate::error::{SyntaxError, SyntaxErrorKind};
pub use crate::format::Format;
pub use crate::merge::Fields;
pub use crate::moved::Moved;
pub use crate::parse::Parse;
pub use crate::path::{KeyPath, Segment, Step, shown_path};
pub use crate::scalar::Value;
pub use crate::tree::{Node, NodeId, NodeKind, ScalarStyle};

/// The longest text that is read, in bytes. A longer one gives an empty tree and one [`SyntaxErrorKind::Limit`].
pub const MAX_LEN: usize = 512 << 20;

/// How deep collections may nest. What is nested deeper is left out and reported as [`SyntaxErrorKind::Limit`].
pub const MAX_DEPTH: usize = 200;

/// Reads text into a tree. Never fails.
#[must_use]
pub fn parse(text: impl Into<Arc<str>>, format: Format) -> Parse {
    Parse::new(text.into(), format, Vec::new())
}

/// Reads a text that nobody will mend, such as an old version of a file: `None` if [`parse`] would report anything.
///
/// Where something is wrong this is much cheaper, as nothing is tried to go on behind it.
#[must_use]
pub fn parse_sound(text: impl Into<Arc<str>>, format: Format) -> Option<Parse> {
    Parse::sound(text.into(), format)
}

/// Reads bytes as they are on disk into a tree. Never fails.
///
/// Each byte that is not UTF-8 becomes one `?`, so that offsets stay true, and each run of them an error that names
/// the byte offset. A byte order mark stays in the text and is skipped. UTF-16 is one clear error.
#[must_use]
pub fn parse_bytes(bytes: &[u8], format: Format) -> Parse {
    let (text, errors) = decode::decode(bytes);
    Parse::new(text, format, errors)
}
