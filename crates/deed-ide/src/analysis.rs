//! What is known when an editor asks.

use deed_linter::Diagnostic;
use deed_model::evidence::History;
use deed_model::{Date, FileId, Register, Workspace};
use deed_syntax::{Parse, TextSize};

/// What is known of one workspace at one moment. Cheap to make: it only borrows.
#[derive(Clone, Copy)]
pub struct Analysis<'a> {
    /// The manifests as they stand in the editor.
    pub workspace: &'a Workspace,
    /// The day everything is judged on.
    pub today: Date,
    /// What the rules say of them, in their order.
    pub diagnostics: &'a [Diagnostic],
    /// What history shows of them; `None` while that is not known.
    pub history: Option<&'a History>,
    /// The person whom Git's `user.email` names: an id.
    pub me: Option<&'a str>,
}

/// A place in a workspace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The manifest.
    pub file: FileId,
    /// The byte in its text.
    pub offset: TextSize,
}

impl<'a> Analysis<'a> {
    /// The register of the workspace.
    pub(crate) fn register(&self) -> &'a Register {
        self.workspace.register()
    }

    /// A manifest's tree.
    pub(crate) fn parse(&self, file: FileId) -> &'a Parse {
        &self.workspace.manifest(file).parse
    }
}
