//! Code actions: `$0` marks the cursor.
#![allow(clippy::unwrap_used, reason = "tests")]

mod decisions;
mod fixes;
#[allow(dead_code, reason = "what is expected is tested there")]
#[path = "../../../deed-linter/tests/played/mod.rs"]
mod played;
mod suppressions;

use std::sync::Arc;

use deed_ide::{Action, ActionKind, Analysis};
use deed_linter::{Diagnostic, Inputs, lint};
use deed_model::{Date, FileId, FileRange, Manifest, Workspace, parse_date};
use deed_syntax::edit::{self, Edit};
use deed_syntax::{Format, TextRange, TextSize};

/// An editor with some manifests, the cursor in one of them.
struct Editor {
    workspace: Workspace,
    diagnostics: Vec<Diagnostic>,
    cursor: FileRange,
    me: Option<&'static str>,
}

impl Editor {
    fn open(files: &[(&str, &str)]) -> Self {
        let mut marked = None;
        let mut manifests = Vec::new();
        for (path, text) in files {
            if let Some(at) = text.find("$0") {
                marked = Some((*path, at));
            }
            let text = text.replacen("$0", "", 1);
            let parse = Arc::new(deed_syntax::parse(text, Format::of_path(path)));
            manifests.push(Manifest { path: (*path).to_owned(), parse });
        }
        let workspace = Workspace::new(manifests);
        let (path, at) = marked.expect("a cursor");
        let range = TextRange::empty(TextSize::try_from(at).unwrap());
        let cursor = FileRange { file: workspace.file_of(path).unwrap(), range };
        let inputs = Inputs { workspace: &workspace, today: today(), exists: None, history: None };
        let diagnostics = lint(&inputs).diagnostics;
        Self { workspace, diagnostics, cursor, me: None }
    }

    fn me(mut self, me: &'static str) -> Self {
        self.me = Some(me);
        self
    }

    fn analysis(&self) -> Analysis<'_> {
        Analysis {
            workspace: &self.workspace,
            today: today(),
            diagnostics: &self.diagnostics,
            history: None,
            me: self.me,
        }
    }

    fn actions(&self) -> Vec<Action> {
        self.analysis().actions(self.cursor)
    }

    /// The titles of the actions of some sorts.
    fn titles(&self, sort: impl Fn(ActionKind) -> bool) -> Vec<String> {
        self.actions().into_iter().filter(|action| sort(action.kind)).map(|action| action.title).collect()
    }

    fn action(&self, title: &str) -> Action {
        let all = self.actions();
        let titles: Vec<_> = all.iter().map(|action| action.title.clone()).collect();
        all.into_iter().find(|action| action.title == title).unwrap_or_else(|| panic!("no {title:?} among {titles:#?}"))
    }

    /// A manifest's text once an action is taken.
    fn take(&self, title: &str, path: &str) -> String {
        let action = self.action(title);
        let file = self.workspace.file_of(path).unwrap();
        let text = self.text_with(&action, file);
        let parse = deed_syntax::parse(text.as_str(), Format::of_path(path));
        assert!(parse.errors().is_empty(), "{text}\n{:?}", parse.errors());
        match action.cursor {
            Some((of, at)) if of == file => {
                let at = usize::from(at);
                format!("{}$0{}", &text[..at], &text[at..])
            }
            _ => text,
        }
    }

    fn text_with(&self, action: &Action, file: FileId) -> String {
        let edits: Vec<Edit> =
            action.edits.iter().filter(|edit| edit.file == file).map(|edit| edit.edit.clone()).collect();
        edit::apply(self.workspace.manifest(file).parse.text(), &edits).expect("edits that fit")
    }
}

fn today() -> Date {
    parse_date("2026-06-30").unwrap()
}
