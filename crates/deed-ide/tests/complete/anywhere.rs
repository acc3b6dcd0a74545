//! Whatever the text and wherever the cursor: no panic, and nothing that breaks what was sound.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use deed_ide::{Analysis, Completion, CompletionOptions, Place};
use deed_linter::{Inputs, lint};
use deed_model::{FileId, FileRange, Manifest, Workspace};
use deed_syntax::{Format, TextRange, TextSize, edit};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::today;

/// The manifests of the example organisation and of others, each read once.
static ORGANISATIONS: LazyLock<Vec<Vec<Manifest>>> = LazyLock::new(|| {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let read = |dir: &str| {
        let root = tests.join(dir);
        let mut all = Vec::new();
        collect(&root, &root, &mut all);
        assert!(all.len() > 1, "{}", root.display());
        all
    };
    ["example/files", "orgs/federated", "orgs/executive-led", "orgs/centralized"].map(read).into()
});

/// One of them, and one of its manifests.
fn any(organisation: Index, manifest: Index) -> (Vec<Manifest>, usize) {
    let manifests = ORGANISATIONS[organisation.index(ORGANISATIONS.len())].clone();
    let at = manifest.index(manifests.len());
    (manifests, at)
}

fn collect(root: &Path, dir: &Path, all: &mut Vec<Manifest>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(root, &path, all);
        } else if deed_model::is_manifest(path.file_name().unwrap().to_str().unwrap()) {
            let below = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let parse = Arc::new(deed_syntax::parse(std::fs::read_to_string(&path).unwrap(), Format::of_path(&below)));
            all.push(Manifest { path: below, parse });
        }
    }
}

/// What is offered in a text that takes the place of one manifest.
fn offered(mut manifests: Vec<Manifest>, at: usize, text: &str, offset: usize, snippets: bool) -> Vec<Completion> {
    let path = manifests[at].path.clone();
    manifests[at].parse = Arc::new(deed_syntax::parse(text, Format::of_path(&path)));
    let workspace = Workspace::new(manifests);
    let file = workspace.file_of(&path).unwrap();
    with(&workspace, &[], |analysis| {
        let offset = TextSize::try_from(offset).unwrap();
        analysis.complete(Place { file, offset }, CompletionOptions { snippets, later: false })
    })
}

fn with<T>(workspace: &Workspace, diagnostics: &[deed_linter::Diagnostic], ask: impl Fn(&Analysis<'_>) -> T) -> T {
    ask(&Analysis { workspace, today: today(), diagnostics, history: None, me: Some("ada") })
}

fn boundary(text: &str, at: Index) -> usize {
    let mut at = at.index(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whatever is chosen, the text can still be read.
fn stays_sound(text: &str, format: Format, offset: usize, offers: &[Completion], pick: Option<Index>) {
    let chosen: Vec<&Completion> = match pick {
        Some(pick) if !offers.is_empty() => vec![&offers[pick.index(offers.len())], &offers[0]],
        Some(_) => Vec::new(),
        None => offers.iter().collect(),
    };
    for offer in chosen {
        let at = offer.edit.range;
        let line = &text[usize::from(at.start())..usize::from(at.end())];
        assert!(at.contains_inclusive(TextSize::try_from(offset).unwrap()) && !line.contains('\n'), "{offer:?}");
        let mut edits = offer.additional.clone();
        edits.push(offer.edit.clone());
        let after = edit::apply(text, &edits).expect("edits that fit");
        let parse = deed_syntax::parse(after.as_str(), format);
        let from = offset.saturating_sub(200);
        let shown = after.get(from..(offset + 300).min(after.len())).unwrap_or(&after);
        assert!(parse.errors().is_empty(), "{} at {offset}: {:?}\n{shown}", offer.label, parse.errors());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_in_cut_text(of: Index, at: Index, cut: Index, offset: Index, at_end: bool, snippets: bool) {
        let (manifests, at) = any(of, at);
        let parse = Arc::clone(&manifests[at].parse);
        let text = &parse.text()[..boundary(parse.text(), cut)];
        let offset = if at_end { text.len() } else { boundary(text, offset) };
        offered(manifests, at, text, offset, snippets);
    }

    #[test]
    fn what_is_chosen_keeps_sound_text_sound(of: Index, at: Index, offset: Index, pick: Index) {
        let (manifests, at) = any(of, at);
        let parse = Arc::clone(&manifests[at].parse);
        let offset = boundary(parse.text(), offset);
        let offers = offered(manifests, at, parse.text(), offset, false);
        stays_sound(parse.text(), parse.format(), offset, &offers, Some(pick));
    }

}

/// What manifests are made of, and what breaks them.
const PIECES: &[&str] = &[
    "risks:",
    "R-1:",
    "owner",
    "accepted",
    "by",
    "ada",
    "controls:",
    "A.5.1",
    "plan:",
    "\n",
    "\n",
    "\r\n",
    "  ",
    "    ",
    " ",
    "\t",
    "- ",
    "-",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "\"",
    "'",
    "\\",
    " #",
    "|",
    ">",
    "&a ",
    "*a",
    "!t ",
    "? ",
    "---\n",
    "\u{feff}",
    "é",
    "deed: ignore[",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_in_any_text(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), json: bool) {
        let path = if json { "deed.json" } else { "deed.yaml" };
        let text = pieces.concat();
        let parse = Arc::new(deed_syntax::parse(text.as_str(), Format::of_path(path)));
        let workspace = Workspace::new(vec![Manifest { path: path.to_owned(), parse }]);
        with(&workspace, &[], |analysis| {
            for offset in 0..=text.len() {
                let offset = TextSize::try_from(offset).unwrap();
                let place = Place { file: FileId(0), offset };
                analysis.complete(place, CompletionOptions { snippets: json, later: false });
                analysis.actions(FileRange { file: FileId(0), range: TextRange::empty(offset) });
            }
        });
    }
}

proptest! {
    // The rules are asked about each.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_action_panics_or_breaks_what_was_sound(of: Index, at: Index, cut: Index, start: Index, end: Index, whole: bool) {
        let (mut manifests, at) = any(of, at);
        let path = manifests[at].path.clone();
        let parse = Arc::clone(&manifests[at].parse);
        let text = if whole { parse.text() } else { &parse.text()[..boundary(parse.text(), cut)] };
        manifests[at].parse = Arc::new(deed_syntax::parse(text, parse.format()));
        let workspace = Workspace::new(manifests);
        let file = workspace.file_of(&path).unwrap();
        let outcome = lint(&Inputs { workspace: &workspace, today: today(), exists: None, history: None });
        let (start, end) = (boundary(text, start), boundary(text, end));
        let size = |at: usize| TextSize::try_from(at).unwrap();
        let range = TextRange::new(size(start.min(end)), size(start.max(end)));
        let actions = with(&workspace, &outcome.diagnostics, |analysis| analysis.actions(FileRange { file, range }));
        for action in actions {
            let mut by_file: std::collections::BTreeMap<FileId, Vec<edit::Edit>> = std::collections::BTreeMap::new();
            for edit in action.edits {
                by_file.entry(edit.file).or_default().push(edit.edit);
            }
            for (file, edits) in by_file {
                let before = &workspace.manifest(file).parse;
                let after = edit::apply(before.text(), &edits).expect("edits that fit");
                if before.errors().is_empty() {
                    let parse = deed_syntax::parse(after.as_str(), before.format());
                    prop_assert!(parse.errors().is_empty(), "{}: {:?}", action.title, parse.errors());
                }
            }
        }
    }
}

const LITTLE: &str = "\
deed: 1
isms: { owner: ceo, adopted: { by: ada, date: 2026-01-15 } }
# everybody
people:
  ada:
    name: \"Ada, M.\"
    emails: [ada@acme.example]

risks:
  R-1:
    controls:
    - A.5.1 # why
    plan:
      - action: 'it''s'
        by: ada
    note: |
      some: text

    accepted:
      - { by: ada, date: 2026-01-01 }
";

const LITTLE_JSON: &str = r#"{
  "people": { "ada": { "name": "A \"M\"", "emails": ["a@b"] } },
  "risks": {
    "R-1": {
      "controls": ["A.5.1"],
      "accepted": [
        { "by": "ada", "date": "2026-01-01" }
      ]
    }
  }
}
"#;

#[test]
fn every_place_of_every_beginning_of_a_little_manifest() {
    for (path, whole) in [("deed.yaml", LITTLE), ("deed.json", LITTLE_JSON)] {
        let parse = Arc::new(deed_syntax::parse("", Format::of_path(path)));
        let only = || vec![Manifest { path: path.to_owned(), parse: Arc::clone(&parse) }];
        for offset in 0..=whole.len() {
            let offers = offered(only(), 0, whole, offset, false);
            stays_sound(whole, Format::of_path(path), offset, &offers, None);
        }
        for cut in 0..whole.len() {
            let text = &whole[..cut];
            for offset in (0..=cut).rev().step_by(7) {
                offered(only(), 0, text, offset, offset % 2 == 0);
            }
        }
        for gone in 0..whole.len() {
            let text = format!("{}{}", &whole[..gone], &whole[gone + 1..]);
            offered(only(), 0, &text, gone, true);
        }
    }
}
