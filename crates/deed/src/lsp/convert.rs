//! Answers of `deed-ide` in the terms of the protocol.

use std::collections::HashMap;

use deed_ide::{Action, ActionKind, Completion, CompletionKind, Symbol, SymbolKind};
use deed_linter::FileEdit;
use deed_model::{FileId, FileRange, Section};
use deed_syntax::TextRange;
use deed_syntax::edit::Edit;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CompletionItem, CompletionItemKind, CompletionItemTag, CompletionTextEdit,
    DocumentChanges, DocumentSymbol, Documentation, FoldingRange, FoldingRangeKind, InsertTextFormat, InsertTextMode,
    Location, MarkupContent, MarkupKind, OneOf, OptionalVersionedTextDocumentIdentifier, SelectionRange,
    SymbolKind as Kind, TextDocumentEdit, TextEdit, WorkspaceEdit, WorkspaceSymbol,
};

use super::diagnostics;
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

pub(super) fn markdown(text: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value: text }
}

/// An item of a list of completions. Its text has its indentation already.
pub(super) fn completion(root: &Root, file: FileId, item: Completion) -> CompletionItem {
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
            .then(|| Documentation::MarkupContent(markdown(item.documentation))),
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
        ..CompletionItem::default()
    }
}

/// What the protocol calls a sort of actions.
pub(super) fn action_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::Fix(_) | ActionKind::FixRule | ActionKind::Suppress => CodeActionKind::QUICKFIX,
        ActionKind::FixAll => CodeActionKind::new("source.fixAll.deed"),
        ActionKind::Decide(_) => CodeActionKind::new("refactor.rewrite.deed"),
    }
}

pub(super) fn action(root: &Root, action: Action, versions: bool) -> CodeAction {
    let all = root.analysis().diagnostics;
    let diagnostics: Vec<_> =
        action.diagnostics.iter().map(|number| diagnostics::convert(root, &all[*number])).collect();
    CodeAction {
        kind: Some(action_kind(action.kind)),
        diagnostics: (!diagnostics.is_empty()).then_some(diagnostics),
        edit: workspace_edit(root, &action.edits, versions),
        is_preferred: action.is_preferred.then_some(true),
        title: action.title,
        ..CodeAction::default()
    }
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
