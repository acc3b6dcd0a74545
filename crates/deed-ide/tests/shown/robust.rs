//! The manifests of the example organisation, cut and garbled: nothing panics, and every range fits its text.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use deed_ide::{Analysis, LensTarget, Place};
use deed_linter::{Inputs, lint};
use deed_model::evidence::History;
use deed_model::{FileId, FileRange, Manifest, Workspace, is_manifest, parse_date};
use deed_syntax::{Format, Parse, TextRange, TextSize};
use proptest::prelude::*;

use crate::hover::ACME;
use crate::stage::history;

/// The day the example's story ends on.
const TODAY: &str = "2026-11-24";

/// The example organisation.
struct Example {
    /// Path and tree of each manifest.
    manifests: Vec<(String, Arc<Parse>)>,
    /// What history shows of them.
    history: History,
}

static EXAMPLE: LazyLock<Example> = LazyLock::new(|| {
    let directory = std::env::temp_dir().join(format!("deed-ide-example-{}", std::process::id()));
    deed_test::example::generate(&directory).unwrap();
    let mut manifests = Vec::new();
    read(&directory, &directory, &mut manifests);
    let history = history(&directory, &workspace(manifests.clone()), TODAY);
    fs::remove_dir_all(&directory).unwrap();
    assert!(manifests.len() > 5, "{:?}", manifests.iter().map(|(path, _)| path).collect::<Vec<_>>());
    Example { manifests, history }
});

fn read(root: &Path, directory: &Path, manifests: &mut Vec<(String, Arc<Parse>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && name != ".git" {
            read(root, &path, manifests);
        } else if is_manifest(&name) {
            let below = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            manifests.push((below, parsed(&path.to_string_lossy(), &fs::read_to_string(&path).unwrap())));
        }
    }
}

fn parsed(path: &str, text: &str) -> Arc<Parse> {
    Arc::new(deed_syntax::parse(text, Format::of_path(path)))
}

fn workspace(manifests: Vec<(String, Arc<Parse>)>) -> Workspace {
    Workspace::new(manifests.into_iter().map(|(path, parse)| Manifest { path, parse }).collect())
}

/// Asks everything of a manifest, at some offsets.
fn ask(analysis: Analysis<'_>, file: FileId, offsets: impl Iterator<Item = u32>) {
    let workspace = analysis.workspace;
    let text = workspace.manifest(file).parse.text();
    let fits = |at: FileRange| {
        let text = workspace.manifest(at.file).parse.text();
        assert!(text.get(usize::from(at.range.start())..usize::from(at.range.end())).is_some(), "{at:?}");
    };
    let whole = TextRange::up_to(TextSize::of(text));

    let mut last = TextSize::new(0);
    for token in analysis.tokens(file) {
        let word = text.get(usize::from(token.range.start())..usize::from(token.range.end()));
        let word = word.unwrap_or_else(|| panic!("{token:?} is not on characters"));
        assert!(!word.is_empty() && !word.contains(['\n', '\r']), "{token:?} `{word}`");
        assert!(token.range.start() >= last, "{token:?} `{word}` overlaps what ends at {last:?}");
        last = token.range.end();
    }
    for hint in analysis.hints(file, whole) {
        assert!(text.is_char_boundary(hint.offset.into()) && !hint.label.is_empty(), "{hint:?}");
        assert!(!hint.label.contains(char::is_control), "{hint:?}");
    }
    for lens in analysis.lenses(file) {
        fits(lens.range);
        if let LensTarget::Places(places) = lens.target {
            places.into_iter().for_each(fits);
        }
    }
    analysis.links(file).into_iter().for_each(|link| fits(link.range));
    let overview = analysis.overview();
    overview.decisions.iter().for_each(|row| fits(row.at));
    overview.waiting.iter().chain(&overview.unowned).for_each(|item| fits(item.at));
    for offset in offsets {
        let place = Place { file, offset: TextSize::new(offset) };
        if let Some(hover) = analysis.hover(place) {
            fits(hover.range);
            assert!(hover.range.range.contains_inclusive(place.offset), "{hover:?} at {offset}");
            assert!(!hover.markdown.trim().is_empty(), "{hover:?}");
        }
        analysis.highlights(place).into_iter().for_each(|highlight| fits(highlight.range));
        for role in analysis.reporting_roles(place) {
            fits(role.range);
            for step in analysis.superiors(&role.id).iter().chain(&analysis.subordinates(&role.id)) {
                fits(step.drawn);
            }
        }
        let at = TextRange::empty(place.offset);
        analysis.hints(file, at);
    }
}

#[test]
fn every_offset_of_a_manifest_may_be_asked() {
    let workspace = workspace(vec![("deed.yaml".to_owned(), parsed("deed.yaml", ACME))]);
    let end = u32::try_from(ACME.len()).unwrap();
    let today = parse_date(TODAY).unwrap();
    let diagnostics = lint(&Inputs { workspace: &workspace, today, exists: None, history: None }).diagnostics;
    let analysis = Analysis { workspace: &workspace, today, diagnostics: &diagnostics, history: None, me: Some("ada") };
    ask(analysis, FileId(0), 0..=end);
}

#[test]
fn the_example_may_be_asked_with_its_history() {
    let workspace = workspace(EXAMPLE.manifests.clone());
    let (today, history) = (parse_date(TODAY).unwrap(), Some(&EXAMPLE.history));
    let diagnostics = lint(&Inputs { workspace: &workspace, today, exists: None, history }).diagnostics;
    let analysis = Analysis { workspace: &workspace, today, diagnostics: &diagnostics, history, me: Some("ada") };
    for (file, manifest) in workspace.files() {
        let end = u32::try_from(manifest.parse.text().len()).unwrap();
        ask(analysis, file, (0..=end).step_by(97));
    }
}

#[test]
fn every_decision_of_the_example_says_what_proves_it() {
    let workspace = workspace(EXAMPLE.manifests.clone());
    let (today, history) = (parse_date(TODAY).unwrap(), Some(&EXAMPLE.history));
    let analysis = Analysis { workspace: &workspace, today, diagnostics: &[], history, me: None };
    let lenses: Vec<_> = workspace.files().flat_map(|(file, _)| analysis.lenses(file)).collect();
    let rows = analysis.overview().decisions;
    assert!(EXAMPLE.history.decisions.len() > 100);
    assert_eq!(rows.len(), EXAMPLE.history.decisions.len());
    for evidence in &EXAMPLE.history.decisions {
        let address = evidence.decision.to_string();
        let place = Place { file: evidence.at.file, offset: evidence.at.range.start() + TextSize::new(2) };
        let hover = analysis.hover(place).map(|hover| hover.markdown).unwrap_or_default();
        let level = format!("**{}**", evidence.level.name());
        assert!(hover.contains(&level) || hover.contains("not committed yet"), "{address}: {hover}");
        assert!(hover.lines().count() <= 16, "{address}: {hover}");
        let target = LensTarget::Evidence(address.clone());
        let lens = lenses.iter().find(|lens| lens.target == target);
        assert!(lens.is_some_and(|lens| !lens.title.is_empty()), "{address}");
        assert!(rows.iter().any(|row| row.address == address && row.level == Some(evidence.level)), "{address}");
    }
}

/// What somebody may have typed.
const TYPED: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    ":",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "é",
    "日本",
    "🦀",
    "\u{202e}",
    "*a",
    "&a ",
    "<<: *a\n",
    "# ",
    "|\n",
    "---\n",
    "~",
    "ada",
    "risks.R-1",
    "2026-13-01",
    "accepted: { by: ada",
    "? ",
    "\u{feff}",
    "!!str ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn garbled_manifests_may_be_asked(
        number in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(TYPED)), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 24),
    ) {
        let mut manifests = EXAMPLE.manifests.clone();
        let (path, parse) = &mut manifests[number.index(EXAMPLE.manifests.len())];
        let mut text = parse.text().to_owned();
        let boundary = |text: &str, at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
        for (at, length, typed) in edits {
            let start = boundary(&text, at.index(text.len() + 1));
            let end = boundary(&text, (start + length).min(text.len()));
            text.replace_range(start..end, typed);
        }
        if let Some(cut) = cut {
            text.truncate(boundary(&text, cut.index(text.len() + 1)));
        }
        *parse = parsed(path, &text);
        let path = path.clone();
        let workspace = workspace(manifests);
        let file = workspace.file_of(&path).unwrap();
        let end = text.len() + 1;
        // Past the end too: what an editor asks may be about a text it has no more.
        let today = parse_date(TODAY).unwrap();
        let analysis = Analysis { workspace: &workspace, today, diagnostics: &[], history: None, me: Some("ada") };
        ask(analysis, file, asked.iter().map(|at| u32::try_from(at.index(end + 2)).unwrap()));
    }
}
