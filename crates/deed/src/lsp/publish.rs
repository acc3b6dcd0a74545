//! Telling the client of diagnostics that are others now.
//!
//! What was told is known by digests, and a diagnostic that is as it was is not put into words again: most of a long list
//! is the same from one edit to the next.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher as _;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use deed_linter::Diagnostic;
use deed_model::FileId;
use foldhash::quality::FixedState;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower_lsp::Client;
use tower_lsp::ls_types::{self as lsp, ProgressToken, Uri};

use super::answers::Answers;
use super::client::Peer;
use super::diagnostics::{by_file, convert, digest, unreadable};
use super::view::{Proven, Root, View};
use super::wire::Output;
use super::worker::Listener;
use crate::load::prover::State;

/// Tells the client what is another now.
pub(super) struct Publisher {
    pub(super) client: Client,
    pub(super) peer: Peer,
    pub(super) runtime: Handle,
    /// Where messages go, as long as the server runs.
    pub(super) output: Weak<Output>,
    /// What else it was told.
    pub(super) answers: Arc<Answers>,
    /// What the client was told last.
    pub(super) told: Told,
    /// Dropped when history has been read.
    pub(super) progress: Option<oneshot::Sender<()>>,
    /// How far the evidence of each root was then.
    pub(super) proven: BTreeMap<PathBuf, Proven>,
}

/// What the client was told of each manifest, by where it lies.
#[derive(Default)]
pub(super) struct Told {
    files: HashMap<PathBuf, OfFile>,
    /// How many times it was told anything.
    times: u64,
}

/// What the client was told of one manifest.
struct OfFile {
    uri: Uri,
    version: Option<i32>,
    /// The diagnostics in their order, by their digests.
    digests: Vec<u64>,
    /// How each was written.
    written: HashMap<u64, Arc<str>>,
    /// When there was last something to say of it, or it was open.
    time: u64,
}

/// What there is to say of one manifest.
struct Now<'v> {
    path: PathBuf,
    uri: Uri,
    version: Option<i32>,
    diagnostics: Vec<(u64, Words<'v>)>,
}

/// A diagnostic, not yet written.
#[derive(Clone, Copy)]
enum Words<'v> {
    Of(&'v Root, &'v Diagnostic),
    /// The manifest cannot be read, and why.
    Unreadable(&'v str),
}

impl Words<'_> {
    fn digest(self, uris: &mut HashMap<FileId, Option<Uri>>) -> u64 {
        match self {
            Self::Of(root, diagnostic) => digest(root, diagnostic, uris),
            Self::Unreadable(reason) => FixedState::default().hash_one(reason),
        }
    }

    fn write(self) -> Arc<str> {
        let diagnostic = match self {
            Self::Of(root, diagnostic) => convert(root, diagnostic),
            Self::Unreadable(reason) => unreadable(reason),
        };
        serde_json::to_string(&diagnostic).unwrap_or_default().into()
    }
}

impl Listener for Publisher {
    fn judged(&mut self, view: &View) {
        if self.peer.pulls {
            if self.told.note(view) {
                self.spawn_refresh();
            }
        } else {
            let (output, runtime) = (&self.output, &self.runtime);
            self.told.tell(view, |params| {
                if let Some(output) = output.upgrade() {
                    output.notify(runtime, "textDocument/publishDiagnostics", params);
                }
            });
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

impl Told {
    /// Sends what is another. The versions of open documents are told even where nothing else changed.
    fn tell(&mut self, view: &View, mut send: impl FnMut(&str)) {
        self.times += 1;
        for now in every(view) {
            let before = self.files.get_mut(&now.path);
            let digests = now.diagnostics.iter().map(|(digest, _)| *digest);
            match before {
                Some(before) if before.is(&now) => before.time = self.times,
                None if now.version.is_none() && now.diagnostics.is_empty() => {}
                before => {
                    let known = before.map(|before| std::mem::take(&mut before.written)).unwrap_or_default();
                    let write = |(digest, words): &(u64, Words<'_>)| {
                        (*digest, known.get(digest).cloned().unwrap_or_else(|| words.write()))
                    };
                    let written: Vec<(u64, Arc<str>)> = now.diagnostics.iter().map(write).collect();
                    send(&params(&now.uri, now.version, written.iter().map(|(_, text)| &**text)));
                    let of_file = OfFile {
                        uri: now.uri,
                        version: now.version,
                        digests: digests.collect(),
                        written: written.into_iter().collect(),
                        time: self.times,
                    };
                    self.files.insert(now.path, of_file);
                }
            }
        }
        self.files.retain(|_, of_file| {
            let is_gone = of_file.time != self.times;
            if is_gone && !of_file.digests.is_empty() {
                send(&params(&of_file.uri, None, std::iter::empty()));
            }
            !is_gone
        });
    }

    /// Takes note of what would be pulled now; returns whether any of it is another.
    fn note(&mut self, view: &View) -> bool {
        self.times += 1;
        let before = std::mem::take(&mut self.files);
        let is_known =
            |path: &PathBuf, now: &OfFile| before.get(path).is_some_and(|before| before.digests == now.digests);
        for Now { path, uri, version, diagnostics } in every(view) {
            let digests = diagnostics.into_iter().map(|(digest, _)| digest).collect();
            let of_file = OfFile { uri, version, digests, written: HashMap::new(), time: self.times };
            self.files.insert(path, of_file);
        }
        self.files.len() != before.len() || !self.files.iter().all(|(path, now)| is_known(path, now))
    }
}

impl OfFile {
    fn is(&self, now: &Now<'_>) -> bool {
        let digests = now.diagnostics.iter().map(|(digest, _)| digest);
        self.version == now.version && self.uri == now.uri && self.digests.iter().eq(digests)
    }
}

/// The parameters of `textDocument/publishDiagnostics`; the diagnostics are JSON already.
fn params<'t>(uri: &Uri, version: Option<i32>, diagnostics: impl Iterator<Item = &'t str> + Clone) -> String {
    let len: usize = diagnostics.clone().map(|diagnostic| diagnostic.len() + 1).sum();
    let mut text = String::with_capacity(len + 3 * uri.as_str().len() + 100);
    text += &format!("{{\"uri\":{}", serde_json::Value::from(uri.as_str()));
    if let Some(version) = version {
        text += &format!(",\"version\":{version}");
    }
    text += ",\"diagnostics\":[";
    for (place, diagnostic) in diagnostics.enumerate() {
        if place > 0 {
            text.push(',');
        }
        text += diagnostic;
    }
    text += "]}";
    text
}

/// Every manifest of which there is something to say, and every open one, with that.
fn every(view: &View) -> impl Iterator<Item = Now<'_>> {
    view.roots.iter().flat_map(|root| {
        let mut files: BTreeMap<FileId, &[Diagnostic]> = by_file(root).collect();
        for path in root.names.open() {
            if let Some(file) = root.file_of(path) {
                files.entry(file).or_default();
            }
        }
        let mut uris = HashMap::new();
        let mut all: Vec<Now<'_>> = Vec::with_capacity(files.len());
        for (file, diagnostics) in files {
            let words = diagnostics.iter().map(|diagnostic| Words::Of(root, diagnostic));
            let diagnostics = words.map(|words| (words.digest(&mut uris), words)).collect();
            let Some(uri) = root.uri(file) else { continue };
            all.push(Now { path: root.path(file), uri, version: root.version(file), diagnostics });
        }
        let unread = root.verdict.iter().flat_map(|verdict| &verdict.unreadable).filter_map(|it| {
            let words = Words::Unreadable(&it.reason);
            let diagnostics = vec![(words.digest(&mut uris), words)];
            Some(Now { path: it.path.clone(), uri: root.names.uri(&it.path)?, version: None, diagnostics })
        });
        all.extend(unread);
        all
    })
}

impl Publisher {
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
