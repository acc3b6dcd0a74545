//! Completion, as an editor asks for it: `$0` marks the cursor.
#![allow(clippy::unwrap_used, reason = "tests")]

mod anywhere;
mod decisions;
mod keys;
mod values;

use std::sync::Arc;

use deed_ide::{Analysis, Completion, CompletionOptions, Place};
use deed_model::{Date, Manifest, Workspace, parse_date};
use deed_syntax::{Format, TextSize, edit};

/// What stands in the other manifest.
const REGISTER: &str = "\
isms: { organization: Acme, model: federated, policy: security }
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10 }
  tolerance: medium
  max_acceptance: { low: 24mo, medium: 12mo, high: 6mo }
people:
  ada: { name: Ada Moreau }
  ben: { name: Ben Okafor }
  eve: { name: Eve Lang, left: 2025-01-01 }
roles:
  ceo: { title: Chief Executive, layer: executive, held_by: ada, authority: { accept_risk: high, approve: [policies], grant: [exceptions] } }
  it: { title: Head of IT, layer: owner, held_by: ben, authority: { accept_risk: low } }
departments:
  ops: { title: Operations, head: it }
controls:
  A.5.15: { owner: it }
policies:
  security: { title: Security policy, owner: ceo }
";

/// An editor with one manifest open.
struct Editor {
    workspace: Workspace,
    text: String,
    offset: usize,
    me: Option<&'static str>,
    snippets: bool,
}

impl Editor {
    fn open(path: &str, marked: &str) -> Self {
        let offset = marked.find("$0").expect("a cursor");
        let text = marked.replacen("$0", "", 1);
        let manifest = |path: &str, text: &str| Manifest {
            path: path.to_owned(),
            parse: Arc::new(deed_syntax::parse(text, Format::of_path(path))),
        };
        let workspace = Workspace::new(vec![manifest("deed.yaml", REGISTER), manifest(path, &text)]);
        Self { workspace, text, offset, me: None, snippets: false }
    }

    fn yaml(marked: &str) -> Self {
        Self::open("open.deed.yaml", marked)
    }

    fn json(marked: &str) -> Self {
        Self::open("open.deed.json", marked)
    }

    fn me(mut self, me: &'static str) -> Self {
        self.me = Some(me);
        self
    }

    fn snippets(mut self) -> Self {
        self.snippets = true;
        self
    }

    fn analysis(&self) -> Analysis<'_> {
        Analysis { workspace: &self.workspace, today: today(), diagnostics: &[], history: None, me: self.me }
    }

    fn offers(&self) -> Vec<Completion> {
        let file = self.workspace.files().find(|(_, manifest)| manifest.path.starts_with("open")).unwrap().0;
        let place = Place { file, offset: TextSize::try_from(self.offset).unwrap() };
        let mut all = self.analysis().complete(place, CompletionOptions { snippets: self.snippets, later: false });
        all.sort_by(|a, b| a.sort.cmp(&b.sort));
        all
    }

    fn labels(&self) -> Vec<String> {
        self.offers().into_iter().map(|offer| offer.label).collect()
    }

    fn offer(&self, label: &str) -> Completion {
        let all = self.offers();
        let labels: Vec<_> = all.iter().map(|offer| offer.label.clone()).collect();
        all.into_iter().find(|offer| offer.label == label).unwrap_or_else(|| panic!("no {label} among {labels:?}"))
    }

    /// The text once something is chosen.
    fn choose(&self, label: &str) -> String {
        let offer = self.offer(label);
        let mut edits = offer.additional;
        edits.push(offer.edit);
        edit::apply(&self.text, &edits).expect("edits that fit")
    }
}

fn today() -> Date {
    parse_date("2026-06-30").unwrap()
}

/// Chooses from the list in each text, and compares what comes of it.
#[track_caller]
fn chosen(cases: &[(&str, &str, &str)]) {
    let mut wrong = String::new();
    for (before, label, after) in cases {
        let editor = if before.trim_start().starts_with('{') { Editor::json(before) } else { Editor::yaml(before) };
        let offers = editor.labels();
        if !offers.iter().any(|offer| offer == label) {
            wrong += &format!("--- {before}\nno {label} among {offers:?}\n");
            continue;
        }
        let text = editor.choose(label);
        if text != *after {
            wrong += &format!("--- {before}\n+++ {label}\n{text}\nrather than\n{after}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Compares the first few labels of each list.
#[track_caller]
fn lists(cases: &[(&str, &[&str])]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let editor = if text.trim_start().starts_with('{') { Editor::json(text) } else { Editor::yaml(text) };
        let labels = editor.labels();
        let exact = expected.last() != Some(&"…");
        let expected: Vec<&str> = expected.iter().copied().filter(|label| *label != "…").collect();
        let first: Vec<&str> =
            labels.iter().map(String::as_str).take(if exact { 99 } else { expected.len() }).collect();
        if first != expected {
            wrong += &format!("--- {text}\n{first:?}\nrather than\n{expected:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
