//! Diagnostics as the protocol has them, and telling the client of those that are others now.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use deed_linter::{Diagnostic, Severity};
use deed_model::{FileId, catalogue};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower_lsp::Client;
use tower_lsp::ls_types::{
    self as lsp, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString,
    ProgressToken, Range, Uri,
};

use super::answers::Answers;
use super::client::Peer;
use super::view::{Proven, Root, View};
use super::worker::Listener;
use crate::cli::rule_url;
use crate::load::prover::State;

/// Who says it.
const SOURCE: &str = "deed";

/// How many diagnostics of one manifest a client is told: more than anybody reads, and than an editor stands.
const MOST: usize = 5_000;
/// How long a message or its help gets, in bytes.
const LONGEST: usize = 2_000;

/// The diagnostics of each manifest, in their order; of very many in one the first.
pub(super) fn by_file(root: &Root) -> Vec<Vec<lsp::Diagnostic>> {
    let mut all = vec![Vec::new(); root.workspace.manifests().len()];
    for diagnostic in root.analysis().diagnostics {
        let of_file = &mut all[diagnostic.span.file.0 as usize];
        if of_file.len() < MOST {
            of_file.push(convert(root, diagnostic));
        }
    }
    all
}

/// The diagnostics of one manifest, in their order; of very many the first.
pub(super) fn of_file(root: &Root, file: FileId) -> Vec<lsp::Diagnostic> {
    let of_file = root.analysis().diagnostics.iter().filter(|it| it.span.file == file);
    of_file.take(MOST).map(|it| convert(root, it)).collect()
}

/// A text, cut where it is very long: a message may name what somebody pasted.
fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// A diagnostic: the message with its help, the labels as related information.
pub(super) fn convert(root: &Root, diagnostic: &Diagnostic) -> lsp::Diagnostic {
    let related = diagnostic.labels.iter().filter_map(|label| {
        let location = root.location(label.span)?;
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    });
    let related: Vec<_> = related.collect();
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let named = root.text(diagnostic.span.file)[diagnostic.span.range].trim_matches(['"', '\'']);
    let is_old = diagnostic.rule.id == "unknown-control" && !catalogue::successors_of_2013(named).is_empty();
    lsp::Diagnostic {
        range: root.range(diagnostic.span),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(diagnostic.rule.id.to_owned())),
        code_description: rule_url(diagnostic.rule).parse::<Uri>().ok().map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: std::iter::once(diagnostic.message.clone()).chain(help).map(shortened).collect(),
        related_information: (!related.is_empty()).then_some(related),
        tags: is_old.then(|| vec![DiagnosticTag::DEPRECATED]),
        data: Some(serde_json::Value::from(diagnostic.fingerprint.clone())),
    }
}

/// What is said of a file that cannot be read.
fn unreadable(reason: &str) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: Range::default(),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: format!(
            "this cannot be read: {reason}\nhelp: without it whatever refers to it would look wrong, so its workspace was not judged"
        ),
        ..lsp::Diagnostic::default()
    }
}

/// Tells the client what is another now.
pub(super) struct Publisher {
    pub(super) client: Client,
    pub(super) peer: Peer,
    pub(super) runtime: Handle,
    /// What else it was told.
    pub(super) answers: Arc<Answers>,
    /// What the client was told last, by where the manifest lies.
    pub(super) told: BTreeMap<PathBuf, Told>,
    /// Dropped when history has been read.
    pub(super) progress: Option<oneshot::Sender<()>>,
    /// How far the evidence of each root was then.
    pub(super) proven: BTreeMap<PathBuf, Proven>,
}

/// What the client was told of one manifest.
#[derive(PartialEq)]
pub(super) struct Told {
    uri: Uri,
    version: Option<i32>,
    diagnostics: Vec<lsp::Diagnostic>,
}

impl Listener for Publisher {
    fn judged(&mut self, view: &View) {
        if self.peer.pulls {
            let changed = self.note(view);
            if changed {
                self.spawn_refresh();
            }
        } else {
            self.push(view);
        }
        let proven = view.roots.iter().map(|root| (root.root.clone(), root.proven())).collect();
        if self.proven != proven {
            self.proven = proven;
            self.show_progress();
            self.answers.ask_again();
        } else {
            self.answers.compare(view);
        }
    }

    fn failed(&mut self, what: &str) {
        let client = self.client.clone();
        let text = format!("{what}; please report it: {}/issues", env!("CARGO_PKG_REPOSITORY"));
        self.runtime.spawn(async move { client.show_message(lsp::MessageType::ERROR, text).await });
    }
}

impl Publisher {
    /// Sends what is another. The versions of open documents are told even where nothing else changed.
    fn push(&mut self, view: &View) {
        let mut gone: HashSet<PathBuf> = self.told.keys().cloned().collect();
        for (path, now) in every(view) {
            gone.remove(&path);
            let known = self.told.get(&path);
            let is_news = known.map_or(now.version.is_some() || !now.diagnostics.is_empty(), |known| *known != now);
            if is_news {
                self.send(&now);
                self.told.insert(path, now);
            }
        }
        for path in gone {
            if let Some(Told { uri, diagnostics, .. }) = self.told.remove(&path)
                && !diagnostics.is_empty()
            {
                self.send(&Told { uri, version: None, diagnostics: Vec::new() });
            }
        }
    }

    fn send(&self, now: &Told) {
        let sent = self.client.publish_diagnostics(now.uri.clone(), now.diagnostics.clone(), now.version);
        self.runtime.block_on(sent);
    }

    /// Takes note of what would be pulled now; returns whether any of it is another.
    fn note(&mut self, view: &View) -> bool {
        let now: BTreeMap<PathBuf, Told> = every(view).collect();
        let same = now.len() == self.told.len()
            && now.iter().zip(&self.told).all(|(a, b)| a.0 == b.0 && a.1.diagnostics == b.1.diagnostics);
        self.told = now;
        !same
    }

    /// Shows that history is being read, for as long as it is.
    fn show_progress(&mut self) {
        let is_reading = self.proven.values().any(|(state, _)| *state == Some(State::Reading));
        if !is_reading || !self.peer.progress {
            self.progress = None;
            return;
        }
        if self.progress.is_some() {
            return;
        }
        let (done, is_done) = oneshot::channel();
        self.progress = Some(done);
        let client = self.client.clone();
        self.runtime.spawn(async move {
            let token = ProgressToken::String("deed-history".to_owned());
            if client.create_work_done_progress(token.clone()).await.is_ok() {
                let shown = client.progress(token, "Deed: looking at history").begin().await;
                let _ = is_done.await;
                shown.finish().await;
            }
        });
    }

    fn spawn_refresh(&self) {
        let client = self.client.clone();
        // A client that cannot says so; it will ask by itself.
        self.runtime.spawn(async move { drop(client.workspace_diagnostic_refresh().await) });
    }
}

/// Every manifest of which there is something to say, and every open one, with that.
fn every(view: &View) -> impl Iterator<Item = (PathBuf, Told)> {
    view.roots.iter().flat_map(|root| {
        let files = root.workspace.files().zip(by_file(root)).filter_map(|((file, _), diagnostics)| {
            if diagnostics.is_empty() && root.version(file).is_none() {
                return None;
            }
            let told = Told { uri: root.uri(file)?, version: root.version(file), diagnostics };
            Some((root.path(file), told))
        });
        let unread = root.verdict.iter().flat_map(|verdict| &verdict.unreadable).filter_map(|it| {
            let told =
                Told { uri: root.names.uri(&it.path)?, version: None, diagnostics: vec![unreadable(&it.reason)] };
            Some((it.path.clone(), told))
        });
        files.chain(unread).collect::<Vec<_>>()
    })
}
