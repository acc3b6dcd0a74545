//! The documents that are open in the editor, as it last said they are.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use deed_syntax::{Format, Parse};
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::encoding::Encoding;
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

/// The documents that are open in the editor, by where they lie.
#[derive(Default)]
pub(super) struct Documents(HashMap<PathBuf, Document>);

impl Documents {
    /// Takes in a document that was opened. Returns whether it is a manifest.
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) -> bool {
        let Some(path) = path_of(&uri) else { return false };
        let format = Format::of_path(&path.to_string_lossy());
        self.0.insert(path, Document { uri, version, text: Text::new(text, format) });
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
        let Some(document) = path_of(uri).and_then(|path| self.0.get_mut(&path)) else { return false };
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
        true
    }

    /// Forgets a document that was closed. Returns whether it was known.
    pub(super) fn close(&mut self, uri: &Uri) -> bool {
        path_of(uri).is_some_and(|path| self.0.remove(&path).is_some())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.0.iter()
    }
}

/// Where a manifest lies; `None` where the URI leads to no file, or to one that is no manifest.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme().as_str() != "file" {
        return None;
    }
    load::place_of(&uri.to_file_path()?)
}
