//! Answers of `deed-ide` in the terms of the protocol.

use std::collections::HashMap;

use deed_ide::{Action, ActionKind, Completion, CompletionKind, Symbol, SymbolKind};
use deed_linter::FileEdit;
use deed_model::{FileId, FileRange, Section};
use deed_syntax::TextRange;
use deed_syntax::edit::Edit;
use serde_json::{Value, json};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, Command, CompletionItem, CompletionItemKind, CompletionItemTag, CompletionTextEdit,
    DocumentChanges, DocumentSymbol, Documentation, FoldingRange, FoldingRangeKind, InsertTextFormat, InsertTextMode,
    Location, MarkupContent, MarkupKind, OneOf, OptionalVersionedTextDocumentIdentifier, Range, SelectionRange,
    ShowDocumentParams, SymbolKind as Kind, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit, WorkspaceSymbol,
};

use super::client::Peer;
use super::diagnostics;
use super::encoding::Lines;
use super::view::Root;

/// The edit of a workspace; with versions, if the client takes them.
pub(super) fn workspace_edit(root: &Root, edits: &[FileEdit], versions: bool) -> Option<WorkspaceEdit> {
    let mut by_file: Vec<(FileId, Vec<TextEdit>)> = Vec::new();
    for FileEdit { file, edit } in edits {
        let edit = text_edit(root, *file, edit);
        match by_file.iter_mut().find(|(known, _)| known == file) {
            Some((_, edits)) => edits.push(edit),
            None => by_file.push((*file, vec![edit])),
        }
    }
    if !versions {
        let changes: HashMap<_, _> =
            by_file.into_iter().filter_map(|(file, edits)| Some((root.uri(file)?, edits))).collect();
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    let changes = by_file.into_iter().filter_map(|(file, edits)| {
        let text_document =
            OptionalVersionedTextDocumentIdentifier { uri: root.uri(file)?, version: root.version(file) };
        Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() })
    });
    let changes = DocumentChanges::Edits(changes.collect());
    Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

fn text_edit(root: &Root, file: FileId, edit: &Edit) -> TextEdit {
    TextEdit { range: root.range(FileRange { file, range: edit.range }), new_text: edit.new_text.clone() }
}

/// What is written in Markdown; as plain text for a client that shows none.
pub(super) fn markup(text: String, markdown: bool) -> MarkupContent {
    if markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: text }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: deed_ide::plain_text(&text) }
    }
}

/// Has an editor complete what follows, where it runs that: VS Code's own command.
const COMPLETE_AGAIN: &str = "editor.action.triggerSuggest";

/// An item of a list of completions. Its text has its indentation already.
pub(super) fn completion(root: &Root, file: FileId, uri: &Uri, item: Completion, peer: &Peer) -> CompletionItem {
    let again = item.again && peer.runs(COMPLETE_AGAIN);
    let command = again.then(|| Command {
        title: "Complete what follows".to_owned(),
        command: COMPLETE_AGAIN.to_owned(),
        arguments: None,
    });
    let data = item.subject.filter(|_| peer.resolves).map(|address| json!({ "uri": uri, "subject": address }));
    let additional: Vec<_> = item.additional.iter().map(|edit| text_edit(root, file, edit)).collect();
    CompletionItem {
        kind: Some(match item.kind {
            CompletionKind::Field => CompletionItemKind::PROPERTY,
            CompletionKind::Section => CompletionItemKind::MODULE,
            CompletionKind::Subject(_) => CompletionItemKind::REFERENCE,
            CompletionKind::Entry(_) | CompletionKind::Decision => CompletionItemKind::SNIPPET,
            CompletionKind::Level | CompletionKind::Choice => CompletionItemKind::ENUM_MEMBER,
            CompletionKind::Rule => CompletionItemKind::CONSTANT,
            CompletionKind::Time => CompletionItemKind::EVENT,
            CompletionKind::Number => CompletionItemKind::VALUE,
        }),
        detail: Some(item.detail).filter(|detail| !detail.is_empty()),
        documentation: (!item.documentation.is_empty())
            .then(|| Documentation::MarkupContent(markup(item.documentation, peer.markdown.completion))),
        tags: item.deprecated.then(|| vec![CompletionItemTag::DEPRECATED]),
        preselect: item.preselect.then_some(true),
        sort_text: Some(item.sort),
        filter_text: Some(item.filter),
        insert_text_format: Some(if item.is_snippet {
            InsertTextFormat::SNIPPET
        } else {
            InsertTextFormat::PLAIN_TEXT
        }),
        insert_text_mode: Some(InsertTextMode::AS_IS),
        text_edit: Some(CompletionTextEdit::Edit(text_edit(root, file, &item.edit))),
        additional_text_edits: (!additional.is_empty()).then_some(additional),
        label: item.label,
        command,
        data,
        ..CompletionItem::default()
    }
}

/// What a completion was about, from what was sent along with it.
pub(super) fn subject_of(data: &Value) -> Option<(Uri, String)> {
    Some((data["uri"].as_str()?.parse().ok()?, data["subject"].as_str()?.to_owned()))
}

/// What the protocol calls a sort of actions.
pub(super) fn action_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::Fix(_) | ActionKind::FixRule | ActionKind::Suppress => CodeActionKind::QUICKFIX,
        ActionKind::FixAll => CodeActionKind::new("source.fixAll.deed"),
        ActionKind::Decide(_) => CodeActionKind::new("refactor.rewrite.deed"),
    }
}

/// Has the client go to where something is to be filled in.
pub(super) const SHOW_PLACE: &str = "deed.show.place";

/// The place that [`SHOW_PLACE`] is about.
pub(super) fn place_to_show(arguments: Vec<Value>) -> Option<ShowDocumentParams> {
    let Location { uri, range } = serde_json::from_value(arguments.into_iter().next()?).ok()?;
    Some(ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: Some(range) })
}

/// Where something is to be filled in once the edits of an action are made.
fn place_after(root: &Root, action: &Action) -> Option<Location> {
    let (file, offset) = action.cursor?;
    let edits: Vec<_> = action.edits.iter().filter(|it| it.file == file).map(|it| it.edit.clone()).collect();
    let text = deed_syntax::edit::apply(root.text(file), &edits).ok()?;
    let at = Lines::of(&text).position(&text, offset, root.encoding);
    Some(Location { uri: root.uri(file)?, range: Range::new(at, at) })
}

pub(super) fn action(root: &Root, action: Action, peer: &Peer) -> CodeAction {
    let place = place_after(root, &action).filter(|_| peer.shows_documents);
    let command = place.map(|place| Command {
        title: "Fill in".to_owned(),
        command: SHOW_PLACE.to_owned(),
        arguments: Some(vec![json!(place)]),
    });
    let all = root.analysis().diagnostics;
    let diagnostics: Vec<_> =
        action.diagnostics.iter().map(|number| diagnostics::convert(root, &all[*number])).collect();
    CodeAction {
        kind: Some(action_kind(action.kind)),
        diagnostics: (!diagnostics.is_empty()).then_some(diagnostics),
        edit: workspace_edit(root, &action.edits, peer.document_changes),
        command,
        is_preferred: action.is_preferred.then_some(true),
        title: action.title,
        ..CodeAction::default()
    }
}

/// The start of a file below the root, if it is there.
pub(super) fn start_of(root: &Root, path: &str) -> Option<Location> {
    Some(Location { uri: root.names.uri(&root.file(path)?)?, range: Range::default() })
}

pub(super) fn locations(root: &Root, places: &[FileRange]) -> Vec<Location> {
    places.iter().filter_map(|at| root.location(*at)).collect()
}

#[expect(deprecated, reason = "the type has the field still")]
pub(super) fn outline(root: &Root, symbols: &[Symbol]) -> Vec<DocumentSymbol> {
    let one = |symbol: &Symbol| DocumentSymbol {
        name: symbol.name.clone(),
        detail: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: root.range(symbol.range),
        selection_range: root.range(symbol.name_range),
        children: Some(outline(root, &symbol.children)).filter(|children| !children.is_empty()),
    };
    symbols.iter().map(one).collect()
}

pub(super) fn found(root: &Root, symbol: &Symbol) -> Option<WorkspaceSymbol> {
    let name = match symbol.detail.as_str() {
        "" => symbol.name.clone(),
        detail => format!("{} {detail}", symbol.name),
    };
    let container_name = match symbol.kind {
        SymbolKind::Subject(section) => Some(section.key().to_owned()),
        SymbolKind::Section | SymbolKind::Decision => None,
    };
    let location = OneOf::Left(root.location(symbol.name_range)?);
    Some(WorkspaceSymbol { name, kind: kind(symbol.kind), tags: None, container_name, location, data: None })
}

const fn kind(kind: SymbolKind) -> Kind {
    match kind {
        SymbolKind::Section => Kind::NAMESPACE,
        SymbolKind::Decision => Kind::EVENT,
        SymbolKind::Subject(section) => match section {
            Section::People => Kind::VARIABLE,
            Section::Departments => Kind::PACKAGE,
            Section::Roles => Kind::INTERFACE,
            Section::Controls => Kind::CLASS,
            Section::Policies => Kind::FILE,
            Section::Risks => Kind::STRUCT,
            Section::Exceptions | Section::Delegations => Kind::PROPERTY,
            Section::Reviews => Kind::METHOD,
            Section::Isms | Section::RiskCriteria | Section::Soa | Section::Evidence | Section::Lint => Kind::MODULE,
        },
    }
}

pub(super) fn folds(root: &Root, file: FileId, folds: &[TextRange]) -> Vec<FoldingRange> {
    let text = root.text(file);
    let one = |range: &TextRange| {
        let at = root.range(FileRange { file, range: *range });
        let is_comment = text[*range].starts_with('#');
        FoldingRange {
            start_line: at.start.line,
            start_character: None,
            end_line: at.end.line,
            end_character: None,
            kind: is_comment.then_some(FoldingRangeKind::Comment),
            collapsed_text: None,
        }
    };
    folds.iter().map(one).collect()
}

/// Ranges from the innermost to the outermost, as the protocol nests them.
pub(super) fn selection(root: &Root, file: FileId, ranges: &[TextRange]) -> SelectionRange {
    let nest = |outer: Option<SelectionRange>, range: &TextRange| {
        let range = root.range(FileRange { file, range: *range });
        Some(SelectionRange { range, parent: outer.map(Box::new) })
    };
    let nested = ranges.iter().rev().fold(None, nest);
    nested.unwrap_or_else(|| SelectionRange { range: tower_lsp::ls_types::Range::default(), parent: None })
}
