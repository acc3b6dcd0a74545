//! What the client can do, and asking it to look again.

use serde::Deserialize;
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::InitializeParams;
use tower_lsp::ls_types::notification::Notification;

/// What a client says in `initializationOptions`.
#[derive(Clone, Default, Deserialize, Debug)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Options {
    /// Commands that the client runs itself, and code lenses may name.
    pub(super) commands: Vec<String>,
    /// Whether it asks for diagnostics instead of being told.
    pub(super) pull: bool,
    /// A commit that was pinned out of band, as for `deed check --trust-root`.
    pub(super) trust_root: Option<String>,
}

/// What the client can do.
#[derive(Clone, Default, Debug)]
pub(super) struct Peer {
    pub(super) options: Options,
    pub(super) pulls: bool,
    /// Takes texts with placeholders.
    pub(super) snippets: bool,
    /// Takes document changes with versions in an edit of the workspace.
    pub(super) document_changes: bool,
    pub(super) watches: bool,
    pub(super) progress: bool,
    refreshes_lenses: bool,
    refreshes_hints: bool,
}

/// Says that the evidence is another, so that a client that shows it asks again.
pub(super) enum EvidenceChanged {}

impl Notification for EvidenceChanged {
    type Params = serde_json::Value;
    const METHOD: &'static str = "deed/evidenceChanged";
}

impl Peer {
    pub(super) fn of(params: &InitializeParams) -> Self {
        let options = params.initialization_options.clone();
        // Options that are none of ours are no reason not to start.
        let options: Options = options.and_then(|options| serde_json::from_value(options).ok()).unwrap_or_default();
        let (text, workspace) = (params.capabilities.text_document.as_ref(), params.capabilities.workspace.as_ref());
        let can_pull = text.is_some_and(|text| text.diagnostic.is_some());
        let item = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let edit = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let window = params.capabilities.window.as_ref();
        Self {
            pulls: options.pull && can_pull,
            snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
            document_changes: edit.and_then(|edit| edit.document_changes).unwrap_or_default(),
            watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or_default(),
            progress: window.and_then(|window| window.work_done_progress).unwrap_or_default(),
            refreshes_lenses: workspace
                .and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support)
                .unwrap_or_default(),
            refreshes_hints: workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support)
                .unwrap_or_default(),
            options,
        }
    }

    /// Whether the client runs a command itself.
    pub(super) fn runs(&self, command: &str) -> bool {
        self.options.commands.iter().any(|known| known == command)
    }

    /// Asks the client to ask again for what depends on other manifests and on history. Nothing waits for the answer.
    pub(super) fn spawn_refreshes(&self, client: &Client, runtime: &Handle) {
        let (client, peer) = (client.clone(), self.clone());
        runtime.spawn(async move {
            // Only who knows Deed knows what that means.
            if !peer.options.commands.is_empty() {
                client.send_notification::<EvidenceChanged>(serde_json::json!({})).await;
            }
            if peer.refreshes_lenses {
                drop(client.code_lens_refresh().await);
            }
            if peer.refreshes_hints {
                drop(client.inlay_hint_refresh().await);
            }
        });
    }
}
