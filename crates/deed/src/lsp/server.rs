//! The messages of the protocol, one method each: thin. Notifications change the desk before anything is waited for;
//! requests take a view and compute aside.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock, Weak};

use deed_ide::CompletionOptions;
use deed_model::FileId;
use serde::Serialize;
use tokio::runtime::Handle;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use super::answers::{Answers, Kind};
use super::capabilities::capabilities;
use super::client::Peer;
use super::convert;
use super::desk::Desk;
use super::diagnostics;
use super::encoding::Encoding;
use super::guard::Turns;
use super::present;
use super::publish::Publisher;
use super::view::{Root, View};
use super::wire::Output;
use super::worker;

/// What clients are asked to watch.
const MANIFESTS: &str = "**/{deed,*.deed}.{yaml,yml,json}";

/// The command that has history looked at again.
const READ_HISTORY: &str = "deed.restart.evidence";

/// What clients may have the server do.
pub(super) const COMMANDS: [&str; 2] = [READ_HISTORY, convert::SHOW_PLACE];

/// The language server.
pub(super) struct Server {
    client: Client,
    desk: Arc<Desk>,
    /// Where what nobody asked for is told.
    output: Weak<Output>,
    turns: Turns,
    session: OnceLock<Session>,
}

/// What there is once the client has said what it can do.
struct Session {
    peer: Peer,
    answers: Arc<Answers>,
}

impl Server {
    pub(super) const fn new(client: Client, desk: Arc<Desk>, output: Weak<Output>) -> Self {
        Self { client, desk, output, turns: Turns::new(), session: OnceLock::new() }
    }

    fn peer(&self) -> Peer {
        self.session.get().map(|session| session.peer.clone()).unwrap_or_default()
    }

    /// Computes something about a manifest, aside; `None` where there is no such manifest.
    async fn ask<T: Send + 'static>(
        &self,
        uri: &Uri,
        judged: bool,
        compute: impl FnOnce(&Root, FileId) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(path) = self.desk.place_of(uri) else { return Ok(None) };
        let view = self.desk.view(judged).await;
        let Some((root, file)) = view.find(&path) else { return Ok(None) };
        self.turns.aside(move || compute(&root, file)).await.map(Some)
    }

    /// Computes what stands beside the text of a manifest, aside, and takes note of it.
    async fn beside<T: Serialize + Send + 'static>(
        &self,
        kind: Kind,
        uri: &Uri,
        judged: bool,
        compute: impl Fn(&Root, FileId) -> T + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        let Some(Session { answers, .. }) = self.session.get() else { return Ok(None) };
        let noting = answers.clone();
        let found = self.ask(uri, judged, move |root, file| noting.of_file(kind, root, file, compute)).await;
        self.catch_up(answers);
        found
    }

    /// Compares what was answered with what is known by now, if that is more.
    fn catch_up(&self, answers: &Arc<Answers>) {
        let shown = self.desk.shown();
        if shown.is_judged {
            answers.compare(&shown);
        }
    }

    /// Computes something about all manifests, aside.
    async fn ask_all<T: Send + 'static>(&self, compute: impl FnOnce(&View) -> T + Send + 'static) -> Result<T> {
        let view = self.desk.view(true).await;
        self.turns.aside(move || compute(&view)).await
    }

    /// `deed/evidence`: what the evidence view shows.
    pub(super) async fn evidence(&self, _: serde_json::Value) -> Result<serde_json::Value> {
        let Some(Session { answers, .. }) = self.session.get() else { return Err(Error::internal_error()) };
        let noting = answers.clone();
        let of_roots = |roots: &[Arc<Root>]| {
            let roots: Vec<_> = roots.iter().map(|root| present::evidence(root)).collect();
            serde_json::json!({ "roots": roots })
        };
        let found = self.ask_all(move |view| noting.of_all(Kind::Evidence, view, of_roots)).await;
        self.catch_up(answers);
        found
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

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let peer = Peer::of(&params);
        let encoding = Encoding::of(&params);
        let folders =
            params.workspace_folders.as_ref().map(|folders| folders.iter().map(|it| it.uri.clone()).collect());
        #[expect(deprecated, reason = "older clients have nothing else")]
        let root = params.root_uri.clone().into_iter().collect::<Vec<_>>();
        let folders = folders.unwrap_or(root);
        if let Some(parent) = params.process_id {
            self.desk.watch_parent(parent);
        }
        let answers = Answers::new(self.client.clone(), peer.clone(), Handle::current());
        let publisher = Publisher {
            client: self.client.clone(),
            peer: peer.clone(),
            runtime: Handle::current(),
            output: self.output.clone(),
            answers: answers.clone(),
            told: Default::default(),
            proven: Default::default(),
            progress: None,
        };
        let (desk, trust_root) = (self.desk.clone(), peer.options.trust_root.clone());
        let capabilities = capabilities(&peer, encoding);
        if self.session.set(Session { peer, answers }).is_ok() {
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
        let uri = params.text_document.uri;
        if let (Some(session), Some(path)) = (self.session.get(), self.desk.place_of(&uri)) {
            session.answers.forget(&path);
        }
        self.desk.documents(true, |documents, _| documents.close(&uri));
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.desk.files_changed();
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|it| it.uri).collect::<Vec<_>>();
        self.desk.folders(uris(params.event.added), &uris(params.event.removed));
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {}

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        match params.command.as_str() {
            READ_HISTORY => self.desk.read_history(),
            convert::SHOW_PLACE => {
                let place = convert::place_to_show(params.arguments);
                let place = place.ok_or_else(|| Error::invalid_params("a location is expected"))?;
                let client = self.client.clone();
                // Nothing waits for the answer.
                tokio::spawn(async move { drop(client.show_document(place).await) });
            }
            other => return Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
        Ok(None)
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let (analysis, place) = (root.analysis(), root.place(file, position));
            let location = match analysis.definition(place) {
                Some(at) => root.location(at),
                None => convert::start_of(root, analysis.file_at(place)?),
            };
            location.map(GotoDefinitionResponse::Scalar)
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
        let peer = self.peer();
        let uri = text_document.uri.clone();
        let found = self.ask(&text_document.uri, false, move |root, file| {
            let options = CompletionOptions { snippets: peer.snippets, later: peer.resolves };
            let all = root.analysis().complete(root.place(file, position), options);
            let one = |item| convert::completion(root, file, &uri, item, &peer);
            CompletionResponse::Array(all.into_iter().map(one).collect())
        });
        found.await
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        // What is not about a subject has everything already.
        let Some((uri, address)) = item.data.as_ref().and_then(convert::subject_of) else { return Ok(item) };
        let found = self.ask(&uri, true, move |root, _| root.analysis().subject_documentation(&address)).await?;
        if let Some(documentation) = found.flatten() {
            let shown = convert::markup(documentation, self.peer().markdown.completion);
            item.documentation = Some(Documentation::MarkupContent(shown));
        }
        Ok(item)
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let markdown = self.peer().markdown.hover;
        let found = self.ask(&text_document.uri, true, move |root, file| {
            root.analysis().hover(root.place(file, position)).map(|hover| present::hover(root, hover, markdown))
        });
        found.await.map(Option::flatten)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let peer = self.peer();
        let lenses = move |root: &Root, file| {
            root.analysis().lenses(file).into_iter().map(|lens| present::lens(root, lens, &peer)).collect()
        };
        self.beside(Kind::Lenses, &params.text_document.uri, true, lenses).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let hints = move |root: &Root, file| {
            let hints = root.analysis().hints(file, root.file_range(file, params.range).range);
            hints.into_iter().map(|hint| present::hint(root, file, hint)).collect()
        };
        self.beside(Kind::Hints, &params.text_document.uri, false, hints).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let tokens = |root: &Root, file| {
            let data = present::tokens(root, file, &root.analysis().tokens(file));
            SemanticTokensResult::Tokens(SemanticTokens { result_id: None, data })
        };
        self.beside(Kind::Tokens, &params.text_document.uri, false, tokens).await
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
        let peer = self.peer();
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
            actions.map(|action| CodeActionOrCommand::CodeAction(convert::action(root, action, &peer))).collect()
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
                let files = root.workspace.files().filter_map(|(file, _)| {
                    let items = diagnostics::of_file(root, file);
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
