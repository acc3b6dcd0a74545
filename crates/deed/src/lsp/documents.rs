//! The documents that are open in the editor, as it last said they are.
//!
//! A document is known by the path that its URI spells, and lies where that path led when it was opened: whatever happens
//! to directories and links on disk, what the editor says of it later still belongs to it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use deed_syntax::{Format, Parse};
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::encoding::Encoding;
use super::names::written;
use crate::load;

/// A document that is open in the editor.
pub(super) struct Document {
    /// What the client calls it.
    pub(super) uri: Uri,
    /// The client's number for this text.
    pub(super) version: i32,
    pub(super) text: Arc<Text>,
}

/// A text of a document.
pub(super) struct Text {
    text: String,
    format: Format,
    parse: OnceLock<Arc<Parse>>,
    /// The tree of the last text before it that was read; given away when it is used.
    before: Mutex<Option<Arc<Parse>>>,
}

impl Text {
    fn new(text: String, format: Format) -> Arc<Self> {
        Arc::new(Self { text, format, parse: OnceLock::new(), before: Mutex::default() })
    }

    /// A text that an edit made of this one.
    fn edited(&self, text: String) -> Arc<Self> {
        let before = || self.before.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let before = Mutex::new(self.parse.get().cloned().or_else(before));
        Arc::new(Self { text, format: self.format, parse: OnceLock::new(), before })
    }

    /// The tree of the text, made when it is first asked for: not by whoever takes in what the editor says.
    pub(super) fn parse(&self) -> Arc<Parse> {
        let parse = || {
            let before = self.before.lock().unwrap_or_else(PoisonError::into_inner).take();
            Arc::new(match before {
                Some(before) => before.edited(self.text.as_str()),
                None => deed_syntax::parse(self.text.as_str(), self.format),
            })
        };
        self.parse.get_or_init(parse).clone()
    }
}

/// The documents that are open in the editor, by the path that their URI spells.
#[derive(Default)]
pub(super) struct Documents(HashMap<PathBuf, Open>);

struct Open {
    /// Where it lies, without symbolic links.
    place: PathBuf,
    /// When it was last changed: where one file is open by two names, the later text counts.
    changed: u64,
    document: Document,
}

impl Documents {
    /// Takes in a document that was opened. Returns whether it is a manifest.
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) -> bool {
        let Some(written) = written(&uri) else { return false };
        let Some(place) = load::place_of(&written) else { return false };
        let format = Format::of_path(&place.to_string_lossy());
        let document = Document { uri, version, text: Text::new(text, format) };
        let changed = self.later();
        self.0.insert(written, Open { place, changed, document });
        true
    }

    /// Takes in changes of a document, one after the other. Returns whether it is known.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        let later = self.later();
        let Some(Open { changed, document, .. }) = written(uri).and_then(|written| self.0.get_mut(&written)) else {
            return false;
        };
        let mut text = document.text.text.clone();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let (start, end) = (encoding.offset(&text, range.start), encoding.offset(&text, range.end));
                    text.replace_range(start.min(end)..end.max(start), &change.text);
                }
            }
        }
        document.text = document.text.edited(text);
        document.version = version;
        *changed = later;
        true
    }

    /// Forgets a document that was closed. Returns whether it was known.
    pub(super) fn close(&mut self, uri: &Uri) -> bool {
        written(uri).is_some_and(|written| self.0.remove(&written).is_some())
    }

    /// Where a document lies, by the path that its URI spells.
    pub(super) fn place_of(&self, written: &Path) -> Option<PathBuf> {
        self.0.get(written).map(|open| open.place.clone())
    }

    /// Each document with where it lies and the path that its URI spells; the one that was changed last comes last.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &PathBuf, &Document)> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, open)| open.changed);
        all.into_iter().map(|(written, open)| (&open.place, written, &open.document))
    }

    fn later(&self) -> u64 {
        self.0.values().map(|open| open.changed + 1).max().unwrap_or_default()
    }
}
