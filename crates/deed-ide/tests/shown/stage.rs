//! A workspace with its history, and places in it.

use std::path::Path;
use std::sync::Arc;

use deed_history::Repository;
use deed_history::evidence::Request;
use deed_ide::{Analysis, Place};
use deed_linter::{Diagnostic, Inputs, lint};
use deed_model::evidence::History;
use deed_model::{Date, FileRange, Manifest, Workspace, parse_date};
use deed_syntax::{Format, TextSize};
use deed_test::fixture::{Example, examples};

/// The day everything is judged on.
const TODAY: &str = "2026-06-30";

/// A workspace, what the rules say of it, and what history shows.
pub(crate) struct Stage {
    pub(crate) workspace: Workspace,
    pub(crate) history: Option<History>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) today: Date,
    pub(crate) me: Option<String>,
}

impl Stage {
    /// A workspace of one manifest, of which history is not known.
    pub(crate) fn text(text: &str) -> Self {
        Self::files(&[("deed.yaml".to_owned(), text.to_owned())], None)
    }

    /// A workspace with a history, as the documentation of a rule tells it: fences with files, then one with commits.
    pub(crate) fn played(markdown: &str) -> Self {
        let example: Example = examples(&format!("# one\n{markdown}")).remove(0);
        let replayed = example.replay();
        let workspace = workspace(&replayed.files);
        let history = history(replayed.repo.dir(), &workspace, TODAY);
        Self::files(&replayed.files, Some(history))
    }

    pub(crate) fn files(files: &[(String, String)], history: Option<History>) -> Self {
        let workspace = workspace(files);
        let today = parse_date(TODAY).unwrap();
        let inputs = Inputs { workspace: &workspace, today, exists: None, history: history.as_ref() };
        let diagnostics = lint(&inputs).diagnostics;
        Self { workspace, history, diagnostics, today, me: None }
    }

    pub(crate) fn by(mut self, me: &str) -> Self {
        self.me = Some(me.to_owned());
        self
    }

    pub(crate) fn quiet(mut self) -> Self {
        self.diagnostics.clear();
        self
    }

    pub(crate) fn analysis(&self) -> Analysis<'_> {
        Analysis {
            workspace: &self.workspace,
            today: self.today,
            diagnostics: &self.diagnostics,
            history: self.history.as_ref(),
            me: self.me.as_deref(),
        }
    }

    /// The place that `$0` marks in a piece of a manifest, as in `accep$0ted: {`.
    #[track_caller]
    pub(crate) fn at(&self, piece: &str) -> Place {
        let before = piece.find("$0").expect("a `$0`");
        let piece = piece.replace("$0", "");
        let mut found = self.workspace.files().filter_map(|(file, manifest)| {
            let at = manifest.parse.text().find(&piece)? + before;
            Some(Place { file, offset: TextSize::new(u32::try_from(at).unwrap()) })
        });
        found.next().unwrap_or_else(|| panic!("`{piece}` is in no manifest"))
    }

    /// The text at a place.
    pub(crate) fn text_at(&self, at: FileRange) -> &str {
        self.workspace.text(at)
    }

    /// What hover says of a place, behind what it is about.
    #[track_caller]
    pub(crate) fn hover(&self, piece: &str) -> String {
        let hover = self.analysis().hover(self.at(piece));
        hover.map_or_else(|| "nothing".to_owned(), |it| format!("[{}]\n{}", self.text_at(it.range), it.markdown))
    }
}

pub(crate) fn workspace(files: &[(String, String)]) -> Workspace {
    let manifest = |(path, text): &(String, String)| Manifest {
        path: path.clone(),
        parse: Arc::new(deed_syntax::parse(text.as_str(), Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

/// What history shows of a workspace that lies at the top of a repository.
pub(crate) fn history(directory: &Path, workspace: &Workspace, today: &str) -> History {
    let repository = Repository::open(directory).unwrap();
    let request = Request {
        repository: &repository,
        root: "",
        workspace,
        revision: "HEAD",
        trust_root: None,
        cache: false,
        today: parse_date(today),
    };
    deed_history::evidence::judge(&request).unwrap()
}
