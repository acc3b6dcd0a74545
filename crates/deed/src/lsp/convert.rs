//! Answers of `deed-ide` in the terms of the protocol.

use std::collections::HashMap;

use deed_ide::{Symbol, SymbolKind};
use deed_linter::FileEdit;
use deed_model::{FileId, FileRange, Section};
use deed_syntax::TextRange;
use tower_lsp::ls_types::{
    DocumentChanges, DocumentSymbol, FoldingRange, FoldingRangeKind, Location, OneOf,
    OptionalVersionedTextDocumentIdentifier, SelectionRange, SymbolKind as Kind, TextDocumentEdit, TextEdit,
    WorkspaceEdit, WorkspaceSymbol,
};

use super::view::Root;

/// The edit of a workspace; with versions, if the client takes them.
pub(super) fn workspace_edit(root: &Root, edits: &[FileEdit], versions: bool) -> Option<WorkspaceEdit> {
    let mut by_file: Vec<(FileId, Vec<TextEdit>)> = Vec::new();
    for FileEdit { file, edit } in edits {
        let range = root.range(FileRange { file: *file, range: edit.range });
        let edit = TextEdit { range, new_text: edit.new_text.clone() };
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
