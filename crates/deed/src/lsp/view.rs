//! What is known at one moment, for everybody who asks: never changed, only replaced.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use deed_ide::{Analysis, Place};
use deed_linter::Outcome;
use deed_model::evidence::History;
use deed_model::{Date, FileId, FileRange, Workspace};
use deed_syntax::{Parse, TextRange};
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use super::encoding::{Encoding, Lines};
use super::names::Names;
use crate::load::prover::State;
use crate::load::{Existing, Unreadable};

/// Every workspace at one moment.
pub(super) struct View {
    /// Which changes of the editor's it has in it: all up to this one.
    pub(super) revision: u64,
    /// Whether the rules have judged all of it.
    pub(super) is_judged: bool,
    /// By root.
    pub(super) roots: Vec<Arc<Root>>,
}

/// One workspace at one moment.
#[derive(Clone)]
pub(super) struct Root {
    pub(super) root: PathBuf,
    pub(super) workspace: Arc<Workspace>,
    pub(super) lines: Arc<LineTable>,
    /// What the client calls files.
    pub(super) names: Arc<Names>,
    pub(super) encoding: Encoding,
    pub(super) today: Date,
    /// The person whom Git's `user.email` names.
    pub(super) me: Option<String>,
    /// What the rules and history say; `None` while they are being asked.
    pub(super) verdict: Option<Arc<Verdict>>,
}

/// What the rules and history say of one workspace.
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) history: Option<Arc<History>>,
    pub(super) state: State,
    /// What could not be read, so that nothing was judged.
    pub(super) unreadable: Vec<Unreadable>,
}

/// The lines of every manifest, counted when they are first asked for.
pub(super) struct LineTable(Vec<Arc<OnceLock<Lines>>>);

impl LineTable {
    /// Makes the table of a workspace; `before` is another one, with its table, that has some of the texts.
    pub(super) fn of(workspace: &Workspace, before: Option<(&Workspace, &Self)>) -> Self {
        let known = |place: usize, parse: &Arc<Parse>| {
            let (workspace, lines) = before?;
            let is_same = Arc::ptr_eq(&workspace.manifests().get(place)?.parse, parse);
            lines.0.get(place).filter(|_| is_same).cloned()
        };
        let all = workspace.manifests().iter().enumerate();
        Self(all.map(|(place, manifest)| known(place, &manifest.parse).unwrap_or_default()).collect())
    }
}

/// How far the evidence of a root is, and at which commit.
pub(super) type Proven = (Option<State>, Option<String>);

impl View {
    /// Finds a manifest by where it lies.
    pub(super) fn find(&self, path: &Path) -> Option<(Arc<Root>, FileId)> {
        find(&self.roots, path).map(|(root, file)| (root.clone(), file))
    }
}

/// Finds a manifest of some workspaces by where it lies.
pub(super) fn find<'r>(roots: &'r [Arc<Root>], path: &Path) -> Option<(&'r Arc<Root>, FileId)> {
    roots.iter().find_map(|root| Some((root, root.file_of(path)?)))
}

impl Root {
    /// What the editor's features are asked with.
    pub(super) fn analysis(&self) -> Analysis<'_> {
        let verdict = self.verdict.as_deref();
        Analysis {
            workspace: &self.workspace,
            today: self.today,
            diagnostics: verdict.map_or(&[], |verdict| &verdict.outcome.diagnostics),
            history: verdict.and_then(|verdict| verdict.history.as_deref()),
            me: self.me.as_deref(),
        }
    }

    pub(super) fn proven(&self) -> Proven {
        let verdict = self.verdict.as_ref();
        let history = verdict.and_then(|verdict| verdict.history.as_ref());
        (verdict.map(|verdict| verdict.state.clone()), history.and_then(|history| history.head.clone()))
    }

    pub(super) fn file_of(&self, path: &Path) -> Option<FileId> {
        let below = path.strip_prefix(&self.root).ok()?;
        self.workspace.file_of(&crate::load::slashed(below))
    }

    pub(super) fn path(&self, file: FileId) -> PathBuf {
        self.root.join(&self.workspace.manifest(file).path)
    }

    /// What the client calls a manifest.
    pub(super) fn uri(&self, file: FileId) -> Option<Uri> {
        self.names.uri(&self.path(file))
    }

    pub(super) fn version(&self, file: FileId) -> Option<i32> {
        if self.names.is_closed() {
            return None;
        }
        self.names.version(&self.path(file))
    }

    /// Where a file below the root lies, if it is there.
    pub(super) fn file(&self, path: &str) -> Option<PathBuf> {
        Existing::below(self.root.clone()).has(path).then(|| self.root.join(path))
    }

    pub(super) fn place(&self, file: FileId, position: Position) -> Place {
        let offset = self.encoding.offset(self.text(file), position);
        Place { file, offset: offset.try_into().unwrap_or_default() }
    }

    pub(super) fn file_range(&self, file: FileId, range: Range) -> FileRange {
        let (start, end) = (self.place(file, range.start).offset, self.place(file, range.end).offset);
        FileRange { file, range: TextRange::new(start.min(end), end.max(start)) }
    }

    pub(super) fn text(&self, file: FileId) -> &str {
        self.workspace.manifest(file).parse.text()
    }

    pub(super) fn range(&self, at: FileRange) -> Range {
        let text = self.text(at.file);
        let lines = self.lines.0.get(at.file.0 as usize);
        match lines {
            Some(lines) => lines.get_or_init(|| Lines::of(text)).range(text, at.range, self.encoding),
            None => Lines::of(text).range(text, at.range, self.encoding),
        }
    }

    pub(super) fn location(&self, at: FileRange) -> Option<Location> {
        Some(Location { uri: self.uri(at.file)?, range: self.range(at) })
    }
}
