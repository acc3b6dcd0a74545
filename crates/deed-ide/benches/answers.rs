//! What an editor asks of a thousand manifests: `cargo bench -p deed-ide`.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use deed_ide::{Analysis, Place};
use deed_linter::{Diagnostic, Inputs, lint};
use deed_model::evidence::{CommitFacts, DecisionEvidence, DecisionRef, History, Proof, Signatory, Signature};
use deed_model::{Date, FileId, Level, Manifest, Workspace, parse_date};
use deed_syntax::{Format, TextRange, TextSize};
use divan::Bencher;

fn main() {
    divan::main();
}

const MANIFESTS: usize = 1000;
const RISKS_PER_MANIFEST: usize = 5;

/// A root manifest with forty roles and eighty people.
fn root() -> String {
    let mut text = String::from(
        "deed: 1\nisms: { model: federated, owner: ceo, adopted: { by: p0, date: 2026-01-15 } }\nrisk_criteria:\n  levels: { low: 1, medium: 5, high: 10 }\n  tolerance: high\nroles:\n  ceo: { title: CEO, layer: executive, held_by: p0, authority: { accept_risk: high, approve: [isms] } }\n",
    );
    for head in 1..40 {
        let _ = writeln!(
            text,
            "  head-{head}: {{ title: Head {head}, layer: owner, held_by: p{head}, reports_to: ceo, authority: {{ accept_risk: high }}, acknowledged: {{ by: p{head}, date: 2026-01-15 }} }}"
        );
    }
    text.push_str("people:\n");
    for person in 0..80 {
        let _ = writeln!(text, "  p{person}: {{ name: Person {person}, emails: [p{person}@a.example] }}");
    }
    text.push_str("controls:\n");
    for control in deed_model::catalogue::controls() {
        let _ = writeln!(text, "  {}: {{ applicable: true, owner: head-1, status: implemented }}", control.id);
    }
    text
}

fn risks(manifest: usize) -> String {
    let mut text = String::from("risks:\n");
    for risk in 0..RISKS_PER_MANIFEST {
        let head = 1 + (manifest + risk) % 39;
        let _ = write!(
            text,
            "  R-{manifest}-{risk}:
    title: Unpatched component {risk} of system {manifest}
    owner: head-{head}
    requested_by: p40
    inherent: {{ likelihood: 3, impact: 3 }}
    treatment: mitigate
    controls: [A.8.8, A.8.32]
    plan:
      - {{ action: Replace the component, by: p41, due: 2027-06-30 }}
      - {{ action: Watch the vendor, by: p42, due: 2027-01-31 }}
    residual: {{ likelihood: 2, impact: 1 }}
    approved: {{ by: p{head}, date: 2026-02-20 }}
    accepted: {{ by: p{head}, date: 2026-03-01, until: 2027-01-31 }}
"
        );
    }
    text
}

struct Stage {
    workspace: Workspace,
    diagnostics: Vec<Diagnostic>,
    history: History,
    today: Date,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let manifest = |path: String, text: String| Manifest {
        path,
        parse: Arc::new(deed_syntax::parse(text.as_str(), Format::Yaml)),
    };
    let mut manifests = vec![manifest("deed.yaml".to_owned(), root())];
    manifests.extend((1..MANIFESTS).map(|number| manifest(format!("risks/{number:04}.deed.yaml"), risks(number))));
    let workspace = Workspace::new(manifests);
    let today = parse_date("2026-06-30").expect("a date");
    let history = history(&workspace);
    let inputs = Inputs { workspace: &workspace, today, exists: None, history: Some(&history) };
    let diagnostics = lint(&inputs).diagnostics;
    Stage { workspace, diagnostics, history, today }
});

/// Every decision signed in the same commit.
fn history(workspace: &Workspace) -> History {
    let who =
        Signatory { name: "Person 0".to_owned(), email: "p0@a.example".to_owned(), time: 1_770_000_000, offset: 0 };
    let commit = Arc::new(CommitFacts {
        id: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        author: who.clone(),
        committer: who,
        summary: "Decide".to_owned(),
        is_merge: false,
        signature: Signature::default(),
    });
    let decisions = workspace.register().decisions().map(|(head, decision)| DecisionEvidence {
        decision: DecisionRef { section: head.section, id: head.id.clone(), verb: decision.verb, by: None },
        at: decision.range,
        level: Level::Signed,
        origin: Some(Arc::clone(&commit)),
        adoption: None,
        first_use: false,
        outdated_by: Vec::new(),
        outdated_here: Vec::new(),
        is_transplanted: false,
        problems: Vec::new(),
        entitled: Some(true),
        proof: Proof { signer: decision.by.as_ref().map(|by| by.value.clone()), ..Proof::default() },
    });
    History { decisions: decisions.map(std::sync::Arc::new).collect(), ..History::default() }
}

fn analysis() -> Analysis<'static> {
    let Stage { workspace, diagnostics, history, today } = &*STAGE;
    Analysis { workspace, today: *today, diagnostics, history: Some(history), me: Some("p7") }
}

/// The manifests asked about: the one that all name, and one in the middle.
const FILES: [u32; 2] = [0, 500];

fn place(file: u32, piece: &str) -> Place {
    let text = STAGE.workspace.manifest(FileId(file)).parse.text();
    let at = text.find(piece).unwrap_or_else(|| panic!("`{piece}` is not in {file}"));
    Place { file: FileId(file), offset: TextSize::new(u32::try_from(at + 1).expect("short")) }
}

#[divan::bench(args = ["ceo:", "head-1:", "p7:", "A.8.8:", "high:", "adopted:", "layer:"])]
fn hover_in_the_root_manifest(bencher: Bencher<'_, '_>, piece: &str) {
    let (analysis, place) = (analysis(), place(0, piece));
    bencher.bench(|| analysis.hover(place));
}

#[divan::bench(args = ["R-500-2:", "A.8.8", "accepted:", "head-", "treatment:"])]
fn hover_in_a_manifest_of_risks(bencher: Bencher<'_, '_>, piece: &str) {
    let (analysis, place) = (analysis(), place(500, piece));
    bencher.bench(|| analysis.hover(place));
}

#[divan::bench(args = FILES)]
fn lenses(bencher: Bencher<'_, '_>, file: u32) {
    let analysis = analysis();
    bencher.bench(|| analysis.lenses(FileId(file)));
}

#[divan::bench(args = FILES)]
fn hints(bencher: Bencher<'_, '_>, file: u32) {
    let analysis = analysis();
    let whole = TextRange::up_to(TextSize::of(STAGE.workspace.manifest(FileId(file)).parse.text()));
    bencher.bench(|| analysis.hints(FileId(file), whole));
}

#[divan::bench(args = FILES)]
fn tokens(bencher: Bencher<'_, '_>, file: u32) {
    let analysis = analysis();
    bencher.bench(|| analysis.tokens(FileId(file)));
}

#[divan::bench(args = FILES)]
fn links(bencher: Bencher<'_, '_>, file: u32) {
    let analysis = analysis();
    bencher.bench(|| analysis.links(FileId(file)));
}

#[divan::bench(args = ["p7:", "A.8.8:"])]
fn highlights(bencher: Bencher<'_, '_>, piece: &str) {
    let (analysis, place) = (analysis(), place(0, piece));
    bencher.bench(|| analysis.highlights(place));
}

#[divan::bench]
fn subordinates(bencher: Bencher<'_, '_>) {
    let analysis = analysis();
    bencher.bench(|| analysis.subordinates("ceo"));
}

#[divan::bench]
fn overview(bencher: Bencher<'_, '_>) {
    let analysis = analysis();
    bencher.bench(|| analysis.overview());
}
