//! Examples as they stand at their end, with what history shows of them.

use std::sync::Arc;

use deed_history::Repository;
use deed_history::evidence::Request;
use deed_linter::Inputs;
use deed_model::evidence::History;
use deed_model::{Date, Manifest, Workspace, parse_date};
use deed_syntax::Format;
use deed_test::fixture::{Example, Expected};

/// The day the examples are judged on where they name none.
pub(crate) const TODAY: &str = "2026-06-30";

pub(crate) fn workspace(files: &[(String, String)]) -> Workspace {
    let manifest = |(path, text): &(String, String)| Manifest {
        path: path.clone(),
        parse: Arc::new(deed_syntax::parse(text.as_str(), Format::of_path(path))),
    };
    Workspace::new(files.iter().map(manifest).collect())
}

/// An example as it stands at its end, with what history shows of it, where it has one.
pub(crate) struct State {
    pub(crate) workspace: Workspace,
    pub(crate) history: Option<History>,
    pub(crate) expected: Vec<Expected>,
    pub(crate) today: Date,
}

impl State {
    pub(crate) fn of(example: &Example) -> Self {
        let today = parse_date(example.today.as_deref().unwrap_or(TODAY)).unwrap();
        if example.steps.is_empty() {
            let (workspace, expected) = (workspace(&example.files), example.expected.clone());
            return Self { workspace, history: None, expected, today };
        }
        let replayed = example.replay();
        let workspace = workspace(&replayed.files);
        let repository = Repository::open(replayed.repo.dir()).unwrap();
        let request = Request {
            repository: &repository,
            root: "",
            workspace: &workspace,
            revision: "HEAD",
            trust_root: None,
            cache: false,
            today: Some(today),
        };
        let history = deed_history::evidence::judge(&request).unwrap();
        Self { workspace, history: Some(history), expected: replayed.expected, today }
    }

    /// What goes into a run, with history or without it.
    pub(crate) fn inputs<'a>(&'a self, history: Option<&'a History>) -> Inputs<'a> {
        let exists: &(dyn Fn(&str) -> bool + Sync) = &|path| !path.contains("missing");
        Inputs { workspace: &self.workspace, today: self.today, exists: Some(exists), history }
    }
}
