//! What was answered once and may be another by now: what stands beside the text of one manifest tells of others, and of
//! history, too. The client is asked to ask again only where the answer would be another.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use deed_model::{FileId, Workspace};
use deed_syntax::Parse;
use foldhash::quality::FixedState;
use serde::Serialize;
use tokio::runtime::Handle;
use tower_lsp::Client;

use super::client::{EvidenceChanged, Peer};
use super::view::{Root, Verdict, View, find};

/// What a client may be asked to ask for again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kind {
    Lenses,
    Hints,
    Tokens,
    /// What the view of evidence shows, of all manifests.
    Evidence,
}

/// The last answers of each kind for each manifest.
pub(super) struct Answers {
    client: Client,
    peer: Peer,
    runtime: Handle,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    answers: HashMap<(Kind, PathBuf), Answer>,
    /// What the answers are to be compared with next.
    next: Option<Vec<Arc<Root>>>,
    /// Whether somebody compares.
    busy: bool,
}

/// An answer, by its digest.
#[derive(Clone)]
struct Answer {
    /// What it was found in; `None` where it is about all manifests.
    basis: Option<Basis>,
    digest: u64,
    again: Again,
}

/// What an answer about one manifest was found in.
#[derive(Clone)]
struct Basis {
    /// The text that it is about: of another one a client asks by itself.
    parse: Arc<Parse>,
    workspace: Weak<Workspace>,
    verdict: Option<Weak<Verdict>>,
}

/// Answers once more: the digest of what would be answered now.
type Again = Arc<dyn Fn(&[Arc<Root>]) -> u64 + Send + Sync>;

impl Answers {
    pub(super) fn new(client: Client, peer: Peer, runtime: Handle) -> Arc<Self> {
        Arc::new(Self { client, peer, runtime, state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers about a manifest, and takes note of it.
    pub(super) fn of_file<T: Serialize>(
        &self,
        kind: Kind,
        root: &Root,
        file: FileId,
        answer: impl Fn(&Root, FileId) -> T + Send + Sync + 'static,
    ) -> T {
        let now = answer(root, file);
        if self.peer.refreshes(kind) {
            let path = root.path(file);
            let place = path.clone();
            let again =
                move |roots: &[Arc<Root>]| find(roots, &place).map_or(0, |(root, file)| digest(&answer(root, file)));
            let basis = Some(Basis {
                parse: root.workspace.manifest(file).parse.clone(),
                workspace: Arc::downgrade(&root.workspace),
                verdict: root.verdict.as_ref().map(Arc::downgrade),
            });
            self.note(kind, path, Answer { basis, digest: digest(&now), again: Arc::new(again) });
        }
        now
    }

    /// Answers about all manifests, and takes note of it.
    pub(super) fn of_all<T: Serialize>(
        &self,
        kind: Kind,
        view: &View,
        answer: impl Fn(&[Arc<Root>]) -> T + Send + Sync + 'static,
    ) -> T {
        let now = answer(&view.roots);
        if self.peer.refreshes(kind) {
            let digest_now = digest(&now);
            let again = move |roots: &[Arc<Root>]| digest(&answer(roots));
            self.note(kind, PathBuf::new(), Answer { basis: None, digest: digest_now, again: Arc::new(again) });
        }
        now
    }

    /// Forgets what was answered about a manifest: nobody shows it any more.
    pub(super) fn forget(&self, path: &Path) {
        self.lock().answers.retain(|(_, of), _| of != path);
    }

    fn note(&self, kind: Kind, path: PathBuf, answer: Answer) {
        self.lock().answers.insert((kind, path), answer);
    }

    /// Has everything asked for again: history says something else.
    pub(super) fn ask_again(self: &Arc<Self>) {
        self.lock().answers.clear();
        let all = [Kind::Evidence, Kind::Lenses, Kind::Hints, Kind::Tokens];
        self.runtime.spawn(self.clone().refresh(all.into_iter().collect()));
    }

    /// Compares the answers with what they would be now, in the background; the latest counts if there are several.
    pub(super) fn compare(self: &Arc<Self>, view: &View) {
        let mut state = self.lock();
        if state.answers.is_empty() {
            return;
        }
        state.next = Some(view.roots.clone());
        if !std::mem::replace(&mut state.busy, true) {
            self.runtime.spawn(self.clone().run());
        }
    }

    async fn run(self: Arc<Self>) {
        loop {
            let (roots, answers) = {
                let mut state = self.lock();
                let Some(roots) = state.next.take() else {
                    state.busy = false;
                    return;
                };
                (roots, state.answers.clone())
            };
            let other = move || answers.into_iter().filter(|(of, answer)| is_other(of, answer, &roots)).collect();
            // What fails here fails again where it is asked for, and is said there.
            let other: Vec<_> = tokio::task::spawn_blocking(other).await.unwrap_or_default();
            let mut kinds = HashSet::new();
            let mut state = self.lock();
            for ((kind, path), answer) in other {
                let key = (kind, path);
                // What was asked for in the meantime is compared the next time.
                if state.answers.get(&key).is_some_and(|now| Arc::ptr_eq(&now.again, &answer.again)) {
                    state.answers.remove(&key);
                    kinds.insert(kind);
                }
            }
            drop(state);
            self.runtime.spawn(self.clone().refresh(kinds));
        }
    }

    /// Asks the client to ask again. Nothing waits for its answers.
    async fn refresh(self: Arc<Self>, kinds: HashSet<Kind>) {
        let is_wanted = |kind| kinds.contains(&kind) && self.peer.refreshes(kind);
        if is_wanted(Kind::Evidence) {
            self.client.send_notification::<EvidenceChanged>(serde_json::json!({})).await;
        }
        let lenses = async {
            if is_wanted(Kind::Lenses) {
                drop(self.client.code_lens_refresh().await)
            }
        };
        let hints = async {
            if is_wanted(Kind::Hints) {
                drop(self.client.inlay_hint_refresh().await)
            }
        };
        let tokens = async {
            if is_wanted(Kind::Tokens) {
                drop(self.client.semantic_tokens_refresh().await)
            }
        };
        tokio::join!(lenses, hints, tokens);
    }
}

/// Whether an answer would be another now, of the same text.
fn is_other((kind, path): &(Kind, PathBuf), answer: &Answer, roots: &[Arc<Root>]) -> bool {
    if let Some(basis) = &answer.basis {
        let Some((root, file)) = find(roots, path) else { return false };
        let is_same_verdict = || match (&basis.verdict, &root.verdict) {
            (Some(one), Some(other)) => one.as_ptr() == Arc::as_ptr(other),
            (None, None) => true,
            _ => false,
        };
        let is_same = basis.workspace.as_ptr() == Arc::as_ptr(&root.workspace)
            // Only lenses tell what was judged.
            && (*kind != Kind::Lenses || is_same_verdict());
        if is_same || !Arc::ptr_eq(&basis.parse, &root.workspace.manifest(file).parse) {
            return false;
        }
    }
    (answer.again)(roots) != answer.digest
}

fn digest(answer: &impl Serialize) -> u64 {
    FixedState::default().hash_one(serde_json::to_string(answer).unwrap_or_default())
}
