//! The messages of the protocol, one method each: thin. Notifications change the desk before anything is waited for;
//! requests take a view and compute aside.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use deed_ide::CompletionOptions;
use deed_model::FileId;
use tokio::runtime::Handle;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use super::client::Peer;
use super::convert;
use super::desk::Desk;
use super::diagnostics::{self, Publisher};
use super::documents::path_of;
use super::encoding::Encoding;
use super::present;
use super::view::{Root, View};
use super::worker;

/// What clients are asked to watch.
const MANIFESTS: &str = "**/{deed,*.deed}.{yaml,yml,json}";

/// The command that has history looked at again.
const READ_HISTORY: &str = "deed.restart.evidence";

/// The language server.
pub(super) struct Server {
    client: Client,
    desk: Arc<Desk>,
    peer: OnceLock<Peer>,
}

impl Server {
    pub(super) const fn new(client: Client, desk: Arc<Desk>) -> Self {
        Self { client, desk, peer: OnceLock::new() }
    }

    fn peer(&self) -> Peer {
        self.peer.get().cloned().unwrap_or_default()
    }

    /// Computes something about a manifest, aside; `None` where there is no such manifest.
    async fn ask<T: Send + 'static>(
        &self,
        uri: &Uri,
        judged: bool,
        compute: impl FnOnce(&Root, FileId) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(path) = path_of(uri) else { return Ok(None) };
        let view = self.desk.view(judged).await;
        let Some((root, file)) = view.find(&path) else { return Ok(None) };
        aside(move || compute(&root, file)).await.map(Some)
    }

    /// Computes something about all manifests, aside.
    async fn ask_all<T: Send + 'static>(&self, compute: impl FnOnce(&View) -> T + Send + 'static) -> Result<T> {
        let view = self.desk.view(true).await;
        aside(move || compute(&view)).await
    }

    /// `deed/evidence`: what the evidence view shows.
    pub(super) async fn evidence(&self, _: serde_json::Value) -> Result<serde_json::Value> {
        let of_root = |root: &Arc<Root>| present::evidence(root);
        self.ask_all(move |view| serde_json::json!({ "roots": view.roots.iter().map(of_root).collect::<Vec<_>>() }))
            .await
    }

    /// Asks the client to tell of files that change. Nothing waits for the answer.
    fn spawn_watching(&self) {
        if !self.peer().watches {
            return;
        }
        let client = self.client.clone();
        tokio::spawn(async move {
            let watchers = [MANIFESTS, "**/.gitignore"]
                .map(|glob| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind: None });
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
            let registration = Registration {
                id: "deed-files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            };
            // Without it, files are looked at again when one is saved.
            drop(client.register_capability(vec![registration]).await);
        });
    }
}

/// Runs something away from the messages; a panic becomes an answer.
async fn aside<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let guarded = move || catch_unwind(AssertUnwindSafe(compute));
    match tokio::task::spawn_blocking(guarded).await {
        Ok(Ok(done)) => Ok(done),
        _ => Err(Error {
            code: ErrorCode::InternalError,
            message: Cow::Borrowed("this failed, which is a bug in Deed"),
            data: None,
        }),
    }
}

fn refused(message: &impl ToString) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: Cow::Owned(message.to_string()), data: None }
}

/// The id of the role that a step of a reporting line was made for.
fn role_of(item: &CallHierarchyItem) -> String {
    item.data.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn is_rest(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}

fn folder(uri: &Uri) -> Option<PathBuf> {
    (uri.scheme().as_str() == "file").then(|| uri.to_file_path().map(Cow::into_owned))?
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let peer = Peer::of(&params);
        let encoding = Encoding::of(&params);
        let folders =
            params.workspace_folders.as_ref().map(|folders| folders.iter().map(|it| it.uri.clone()).collect());
        #[expect(deprecated, reason = "older clients have nothing else")]
        let root = params.root_uri.clone().into_iter().collect::<Vec<_>>();
        let folders = folders.unwrap_or(root).iter().filter_map(folder).collect();
        if let Some(parent) = params.process_id {
            self.desk.watch_parent(parent);
        }
        let publisher = Publisher {
            client: self.client.clone(),
            peer: peer.clone(),
            runtime: Handle::current(),
            told: Default::default(),
            proven: Default::default(),
            progress: None,
        };
        let (desk, trust_root) = (self.desk.clone(), peer.options.trust_root.clone());
        let capabilities = capabilities(&peer, encoding);
        if self.peer.set(peer).is_ok() {
            self.desk.begin(folders, encoding);
            let started = std::thread::Builder::new()
                .name("worker".to_owned())
                .spawn(move || worker::work(&desk, trust_root, publisher));
            started.map_err(|_| Error::internal_error())?;
        }
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "deed".to_owned(), version });
        Ok(InitializeResult { capabilities, server_info, offset_encoding: None })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.spawn_watching();
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.desk.documents(true, |documents, _| documents.open(uri, version, text));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        self.desk
            .documents(false, |documents, encoding| documents.change(&uri, version, params.content_changes, encoding));
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        self.desk.files_changed();
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.desk.documents(true, |documents, _| documents.close(&params.text_document.uri));
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.desk.files_changed();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: &[WorkspaceFolder]| folders.iter().filter_map(|it| folder(&it.uri)).collect::<Vec<_>>();
        self.desk.folders(paths(&params.event.added), &paths(&params.event.removed));
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {}

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        match params.command.as_str() {
            READ_HISTORY => self.desk.read_history(),
            other => return Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
        Ok(None)
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let at = root.analysis().definition(root.place(file, position))?;
            root.location(at).map(GotoDefinitionResponse::Scalar)
        });
        found.await.map(Option::flatten)
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let with_definition = params.context.include_declaration;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let places = root.analysis().references(root.place(file, position), with_definition);
            convert::locations(root, &places)
        });
        found.await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let position = params.position;
        let found = self.ask(&params.text_document.uri, false, move |root, file| {
            let named = root.analysis().prepare_rename(root.place(file, position))?;
            Ok(PrepareRenameResponse::Range(root.range(named.range)))
        });
        let found: Option<std::result::Result<_, deed_ide::RenameError>> = found.await?;
        found.transpose().map_err(|error| refused(&error))
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let versions = self.peer().document_changes;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let edits = root.analysis().rename(root.place(file, position), &params.new_name)?;
            Ok(convert::workspace_edit(root, &edits, versions))
        });
        let found: Option<std::result::Result<_, deed_ide::RenameError>> = found.await?;
        found.transpose().map(Option::flatten).map_err(|error| refused(&error))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let options = CompletionOptions { snippets: self.peer().snippets };
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let all = root.analysis().complete(root.place(file, position), options);
            CompletionResponse::Array(all.into_iter().map(|item| convert::completion(root, file, item)).collect())
        });
        found.await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let found = self.ask(&text_document.uri, true, move |root, file| {
            root.analysis().hover(root.place(file, position)).map(|hover| present::hover(root, hover))
        });
        found.await.map(Option::flatten)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let peer = self.peer();
        let found = self.ask(&params.text_document.uri, true, move |root, file| {
            root.analysis().lenses(file).into_iter().map(|lens| present::lens(root, lens, &peer)).collect()
        });
        found.await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let found = self.ask(&params.text_document.uri, false, move |root, file| {
            let hints = root.analysis().hints(file, root.file_range(file, params.range).range);
            hints.into_iter().map(|hint| present::hint(root, file, hint)).collect()
        });
        found.await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let found = self.ask(&params.text_document.uri, false, |root, file| {
            let data = present::tokens(root, file, &root.analysis().tokens(file));
            SemanticTokensResult::Tokens(SemanticTokens { result_id: None, data })
        });
        found.await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let found = self.ask(&params.text_document.uri, false, move |root, file| {
            let asked = root.file_range(file, params.range).range;
            let mut tokens = root.analysis().tokens(file);
            tokens.retain(|token| token.range.intersect(asked).is_some());
            let data = present::tokens(root, file, &tokens);
            SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })
        });
        found.await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let found = self.ask(&params.text_document.uri, false, |root, file| {
            root.analysis().links(file).iter().filter_map(|link| present::link(root, link)).collect()
        });
        found.await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let one = |it: deed_ide::Highlight| DocumentHighlight {
                range: root.range(it.range),
                kind: Some(if it.is_definition { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
            };
            root.analysis().highlights(root.place(file, position)).into_iter().map(one).collect()
        });
        found.await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let roles = root.analysis().reporting_roles(root.place(file, position));
            roles.into_iter().filter_map(|role| present::role(root, role)).collect()
        });
        found.await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let role = role_of(&params.item);
        let found = self.ask(&params.item.uri, false, move |root, _| {
            let steps = root.analysis().subordinates(&role).into_iter();
            let one = |step: deed_ide::ReportingStep| {
                let from_ranges = vec![root.range(step.drawn)];
                Some(CallHierarchyIncomingCall { from: present::role(root, step.role)?, from_ranges })
            };
            steps.filter_map(one).collect()
        });
        found.await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let role = role_of(&params.item);
        let found = self.ask(&params.item.uri, false, move |root, _| {
            let steps = root.analysis().superiors(&role).into_iter();
            let one = |step: deed_ide::ReportingStep| {
                let from_ranges = vec![root.range(step.drawn)];
                Some(CallHierarchyOutgoingCall { to: present::role(root, step.role)?, from_ranges })
            };
            steps.filter_map(one).collect()
        });
        found.await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let versions = self.peer().document_changes;
        let found = self.ask(&params.text_document.uri, true, move |root, file| {
            let at = root.file_range(file, params.range);
            let only = params.context.only.as_deref();
            let is_asked = |kind: &CodeActionKind| {
                // A kind takes in those below it: `source.fixAll` is `source.fixAll.deed` too.
                let within = |asked: &CodeActionKind| kind.as_str().strip_prefix(asked.as_str()).is_some_and(is_rest);
                only.is_none_or(|only| only.iter().any(within))
            };
            let actions = root.analysis().actions(at).into_iter();
            let actions = actions.filter(|action| is_asked(&convert::action_kind(action.kind)));
            actions.map(|action| CodeActionOrCommand::CodeAction(convert::action(root, action, versions))).collect()
        });
        found.await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let found = self.ask(&params.text_document.uri, false, |root, file| {
            DocumentSymbolResponse::Nested(convert::outline(root, &root.analysis().outline(file)))
        });
        found.await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let found = self.ask_all(move |view| {
            let of_root = |root: &Arc<Root>| {
                let symbols = root.analysis().search(&params.query);
                symbols.iter().filter_map(|symbol| convert::found(root, symbol)).collect::<Vec<_>>()
            };
            WorkspaceSymbolResponse::Nested(view.roots.iter().flat_map(of_root).collect())
        });
        found.await.map(Some)
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let found = self.ask(&params.text_document.uri, false, |root, file| {
            convert::folds(root, file, &root.analysis().folds(file))
        });
        found.await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let found = self.ask(&params.text_document.uri, false, move |root, file| {
            let one = |position: &Position| {
                let ranges = root.analysis().selections(root.place(file, *position));
                convert::selection(root, file, &ranges)
            };
            params.positions.iter().map(one).collect()
        });
        found.await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let items = self.ask(&params.text_document.uri, true, diagnostics::of_file).await?.unwrap_or_default();
        let full = FullDocumentDiagnosticReport { result_id: None, items };
        let report =
            RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report: full };
        Ok(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(report)))
    }

    async fn workspace_diagnostic(&self, _: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let items = self.ask_all(|view| {
            let of_root = |root: &Arc<Root>| {
                let files = root.workspace.files().zip(diagnostics::by_file(root)).filter_map(|((file, _), items)| {
                    let full = FullDocumentDiagnosticReport { result_id: None, items };
                    Some(WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                        uri: root.uri(file)?,
                        version: root.version(file).map(i64::from),
                        full_document_diagnostic_report: full,
                    }))
                });
                files.collect::<Vec<_>>()
            };
            view.roots.iter().flat_map(of_root).collect()
        });
        Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items: items.await? }))
    }
}

fn capabilities(peer: &Peer, encoding: Encoding) -> ServerCapabilities {
    let folders =
        WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::Supported(true)),
        ..TextDocumentSyncOptions::default()
    };
    let pull = DiagnosticOptions {
        identifier: Some("deed".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..DiagnosticOptions::default()
    };
    let tokens = SemanticTokensOptions {
        legend: present::legend(),
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        completion_provider: Some(tower_lsp::ls_types::CompletionOptions {
            trigger_characters: Some([":", " ", "-", ".", "\"", "[", "{", ","].map(str::to_owned).to_vec()),
            ..tower_lsp::ls_types::CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::new("source.fixAll.deed"),
                CodeActionKind::new("refactor.rewrite.deed"),
            ]),
            ..CodeActionOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(tokens)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        document_highlight_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![READ_HISTORY.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        diagnostic_provider: peer.pulls.then_some(DiagnosticServerCapabilities::Options(pull)),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(folders),
            ..WorkspaceServerCapabilities::default()
        }),
        ..ServerCapabilities::default()
    }
}
