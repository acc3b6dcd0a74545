//! Over any series of edits, a [`Memo`] gives what a whole run gives: every diagnostic, with its place, address, fingerprint,
//! labels, help and fixes.
//!
//! `DEED_SEEDS=200` plays so many series on each organisation.
#![allow(clippy::unwrap_used, reason = "tests")]

mod edits;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use deed_linter::{Diagnostic, Group, Inputs, Memo, Outcome, RULES, lint};
use deed_model::evidence::{History, Problem};
use deed_model::{Date, FileId, Level, Manifest, Workspace, is_manifest, parse_date};
use deed_syntax::{Format, Parse};
use deed_test::fixture::examples;

use crate::edits::{Dice, edited, history};

fn parse(path: &str, text: &str) -> Arc<Parse> {
    Arc::new(deed_syntax::parse(text, Format::of_path(path)))
}

fn manifests(files: &[(String, String)]) -> Vec<Manifest> {
    files.iter().map(|(path, text)| Manifest { path: path.clone(), parse: parse(path, text) }).collect()
}

/// The manifests of an organisation: path and text.
fn organization(name: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/orgs").join(name);
    let mut files: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.retain(|path| is_manifest(&name(path)));
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// Everything an editor could show of an outcome, a line for each diagnostic.
fn told(workspace: &Workspace, outcome: &Outcome) -> Vec<String> {
    let one = |diagnostic: &Diagnostic| {
        let Diagnostic {
            rule, severity, message, span, subject, key_path, fingerprint, labels, help, fixes, due, ..
        } = diagnostic;
        let path = &workspace.manifest(span.file).path;
        format!(
            "{path}:{:?} {severity:?} {} {message:?} {subject:?} {key_path:?} {fingerprint} {labels:?} {help:?} {fixes:?} {due:?}",
            span.range, rule.id
        )
    };
    let mut lines: Vec<_> = outcome.diagnostics.iter().map(one).collect();
    let held_back = |it: &deed_linter::Suppressed| format!("{:?} {}", it.reason, one(&it.diagnostic));
    lines.extend(outcome.suppressed.iter().map(held_back));
    lines
}

/// A workspace that is edited, judged from scratch and by what changed.
struct Play {
    workspace: Arc<Workspace>,
    /// The texts before any edit.
    first: Vec<Arc<Parse>>,
    memo: Memo,
    today: Date,
    with_history: bool,
    log: String,
}

impl Play {
    fn new(files: &[(String, String)], today: Date, with_history: bool) -> Self {
        let workspace = Arc::new(Workspace::new(manifests(files)));
        let first = workspace.manifests().iter().map(|manifest| manifest.parse.clone()).collect();
        Self { workspace, first, memo: Memo::default(), today, with_history, log: String::new() }
    }

    /// Compares what a whole run says with what the memo says.
    fn compare(&mut self) {
        let exists = |path: &str| !path.contains("missing") && !path.len().is_multiple_of(7);
        let history: Option<Arc<History>> = self.with_history.then(|| Arc::new(history(&self.workspace)));
        // Read anew, for what is known of a text may come from the one it was edited from.
        let read = |manifest: &Manifest| {
            let text = manifest.parse.text();
            let is_first = |parse: &&Arc<Parse>| Arc::ptr_eq(parse, &manifest.parse);
            let parse = self.first.iter().find(is_first).cloned().unwrap_or_else(|| parse(&manifest.path, text));
            Manifest { path: manifest.path.clone(), parse }
        };
        let fresh = Workspace::new(self.workspace.manifests().iter().map(read).collect());
        let inputs =
            Inputs { workspace: &fresh, today: self.today, exists: Some(&exists), history: history.as_deref() };
        let whole = told(&fresh, &lint(&inputs));
        let outcome = self.memo.lint(&self.workspace, self.today, Some(&exists), history.as_ref());
        let by_change = told(&self.workspace, &outcome);
        let missing: Vec<_> = whole.iter().filter(|line| !by_change.contains(line)).collect();
        let more: Vec<_> = by_change.iter().filter(|line| !whole.contains(line)).collect();
        assert!(
            whole == by_change,
            "after {}\nonly a whole run says {missing:#?}\nonly the memo says {more:#?}",
            self.log
        );
    }

    /// Makes other texts of some manifests.
    fn edit(&mut self, texts: &[(FileId, String)], what: &str) {
        let _ = write!(self.log, "\n- {what}");
        let texts: Vec<_> =
            texts.iter().map(|(file, text)| (*file, parse(&self.workspace.manifest(*file).path, text))).collect();
        self.workspace = Arc::new(self.workspace.edited(texts));
        self.compare();
    }

    /// Plays a series of edits.
    fn edits(&mut self, seed: u64, count: usize) {
        let _ = write!(self.log, "seed {seed}");
        self.compare();
        let mut dice = Dice::new(seed);
        let start = self.workspace.manifests().to_vec();
        for number in 0..count {
            let texts: Vec<&str> = self.workspace.manifests().iter().map(|manifest| manifest.parse.text()).collect();
            let (texts, what) = edited(&mut dice, &texts);
            self.edit(&texts, &what);
            // From time to time all is well again.
            if number % 6 == 5 {
                let back: Vec<_> = (0..)
                    .map(FileId)
                    .zip(&start)
                    .map(|(file, manifest)| (file, manifest.parse.text().to_owned()))
                    .filter(|(file, text)| self.workspace.manifest(*file).parse.text() != text)
                    .collect();
                self.edit(&back, "all as it was");
            }
        }
    }
}

fn seeds(few: u64) -> u64 {
    std::env::var("DEED_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(few)
}

#[test]
fn edits_of_an_organization() {
    for name in ["centralized", "federated", "executive-led"] {
        let files = organization(name);
        for seed in 0..seeds(2) {
            let today = parse_date(if seed.is_multiple_of(2) { "2026-11-24" } else { "2027-06-01" }).unwrap();
            Play::new(&files, today, !seed.is_multiple_of(3)).edits(seed, 30);
        }
    }
}

#[test]
fn edits_of_every_rules_examples() {
    for (rule, seed) in RULES.iter().zip(0..) {
        for example in examples(rule.docs) {
            for seed in (0..seeds(1)).map(|round| seed + 1000 * round) {
                let today = parse_date(example.today.as_deref().unwrap_or("2026-06-30")).unwrap();
                Play::new(&example.files, today, seed.is_multiple_of(2)).edits(seed, 6);
            }
        }
    }
}

#[test]
fn manifests_that_come_and_go() {
    let files = organization("federated");
    let today = parse_date("2026-11-24").unwrap();
    let mut play = Play::new(&files, today, true);
    play.compare();
    for left_out in 0..files.len() {
        let mut some = files.clone();
        some.remove(left_out);
        play.workspace = Arc::new(Workspace::new(manifests(&some)));
        play.compare();
        play.workspace = Arc::new(Workspace::new(manifests(&files)));
        play.compare();
    }
    // The same manifests, read anew; another day; no history any more.
    play.workspace = Arc::new(Workspace::new(manifests(&files)));
    play.compare();
    play.today = parse_date("2027-11-24").unwrap();
    play.compare();
    play.with_history = false;
    play.compare();
}

/// History goes on while no text changes, and one rule alone asks for it.
#[test]
fn what_history_shows_changes_by_itself() {
    let exists = |_: &str| true;
    let today = parse_date("2026-11-30").unwrap();
    for rule in RULES.iter().filter(|rule| rule.group == Group::Proof) {
        let mut files = organization("federated");
        let others = RULES.iter().filter(|other| other.id != rule.id);
        let settings: String = others.map(|other| format!("    {}: allow\n", other.id)).collect();
        files.push(("zz.deed.yaml".to_owned(), format!("lint:\n  rules:\n{settings}")));
        let workspace = Arc::new(Workspace::new(manifests(&files)));
        let before = Arc::new(history(&workspace));
        let mut after = history(&workspace);
        for evidence in &mut after.decisions {
            let evidence = Arc::make_mut(evidence);
            (evidence.problems, evidence.level) = (vec![Problem::Uncommitted], Level::Asserted);
        }
        let mut memo = Memo::default();
        for history in [before.clone(), Arc::new(after), before] {
            let inputs = Inputs { workspace: &workspace, today, exists: Some(&exists), history: Some(&history) };
            let whole = told(&workspace, &lint(&inputs));
            let by_change = told(&workspace, &memo.lint(&workspace, today, Some(&exists), Some(&history)));
            assert!(whole == by_change, "{}\nwhole: {whole:#?}\nby change: {by_change:#?}", rule.id);
        }
    }
}
