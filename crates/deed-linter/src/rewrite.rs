//! Writing another text in the place of a scalar, as an edit.

use deed_model::{FileRange, Workspace};
use deed_syntax::edit::Edit;

use crate::FileEdit;

/// Returns the edit that writes an id in the place of another; quotes stay.
pub(crate) fn id(workspace: &Workspace, place: FileRange, id: &str) -> FileEdit {
    let quote = workspace.text(place).chars().next().filter(|first| matches!(first, '"' | '\''));
    let quote = quote.map(String::from).unwrap_or_default();
    FileEdit { file: place.file, edit: Edit { range: place.range, new_text: format!("{quote}{id}{quote}") } }
}
