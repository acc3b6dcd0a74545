//! What the client can do.

use serde::Deserialize;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{InitializeParams, MarkupKind};

use super::answers::Kind;

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
    /// Asks for the documentation of a completion once somebody looks at it.
    pub(super) resolves: bool,
    /// Shows Markdown where something is pointed at, and beside completions.
    pub(super) markdown: Markdown,
    /// Takes document changes with versions in an edit of the workspace.
    pub(super) document_changes: bool,
    /// Goes to a place when it is asked to.
    pub(super) shows_documents: bool,
    pub(super) watches: bool,
    pub(super) progress: bool,
    refreshes: Refreshes,
}

/// Where a client shows Markdown; elsewhere it gets plain text.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Markdown {
    pub(super) hover: bool,
    pub(super) completion: bool,
}

#[derive(Clone, Copy, Default, Debug)]
struct Refreshes {
    lenses: bool,
    hints: bool,
    tokens: bool,
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
        let has_markdown =
            |formats: Option<&Vec<MarkupKind>>| formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown));
        let resolved = item.and_then(|item| item.resolve_support.as_ref());
        Self {
            pulls: options.pull && can_pull,
            snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
            resolves: resolved.is_some_and(|resolved| resolved.properties.iter().any(|it| it == "documentation")),
            markdown: Markdown {
                hover: has_markdown(text.and_then(|text| text.hover.as_ref()?.content_format.as_ref())),
                completion: has_markdown(item.and_then(|item| item.documentation_format.as_ref())),
            },
            document_changes: edit.and_then(|edit| edit.document_changes).unwrap_or_default(),
            shows_documents: window.and_then(|window| window.show_document.as_ref()).is_some_and(|it| it.support),
            watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or_default(),
            progress: window.and_then(|window| window.work_done_progress).unwrap_or_default(),
            refreshes: Refreshes {
                lenses: workspace.and_then(|it| it.code_lens.as_ref()?.refresh_support).unwrap_or_default(),
                hints: workspace.and_then(|it| it.inlay_hint.as_ref()?.refresh_support).unwrap_or_default(),
                tokens: workspace.and_then(|it| it.semantic_tokens.as_ref()?.refresh_support).unwrap_or_default(),
            },
            options,
        }
    }

    /// Whether the client runs a command itself.
    pub(super) fn runs(&self, command: &str) -> bool {
        self.options.commands.iter().any(|known| known == command)
    }

    /// Whether the client asks again if it is asked to.
    pub(super) const fn refreshes(&self, kind: Kind) -> bool {
        match kind {
            Kind::Lenses => self.refreshes.lenses,
            Kind::Hints => self.refreshes.hints,
            Kind::Tokens => self.refreshes.tokens,
            // Only who knows Deed knows what that means.
            Kind::Evidence => !self.options.commands.is_empty(),
        }
    }
}
