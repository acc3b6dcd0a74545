//! What is shown beside the text, in the terms of the protocol: hover, lenses, hints, tokens, links, lines of reporting,
//! the view of evidence.

use deed_ide::{Hint, Hover, Item, Lens, LensTarget, Link, LinkTarget, Overview, ReportingRole, Token, TokenKind};
use deed_model::{FileId, FileRange, Level, Section};
use deed_syntax::TextRange;
use serde_json::{Value, json};
use tower_lsp::ls_types::{
    self as lsp, CallHierarchyItem, CodeLens, Command, DocumentLink, HoverContents, InlayHint, InlayHintKind,
    InlayHintLabel, InlayHintTooltip, SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend,
    SymbolKind, Uri,
};

use super::client::Peer;
use super::convert::{locations, markup};
use super::view::Root;
use crate::cli::rule_url;
use crate::load::prover::State;

/// Leads to a list of places, in a client that has it.
const SHOW_REFERENCES: &str = "deed.showReferences";
/// Leads to a decision in the view of evidence, in a client that has it.
const SHOW_EVIDENCE: &str = "deed.showEvidence";

pub(super) fn hover(root: &Root, hover: Hover, markdown: bool) -> lsp::Hover {
    let range = Some(root.range(hover.range));
    lsp::Hover { contents: HoverContents::Markup(markup(hover.markdown, markdown)), range }
}

/// A lens; in a client that cannot follow it, a line that says something.
pub(super) fn lens(root: &Root, lens: Lens, peer: &Peer) -> CodeLens {
    let range = root.range(lens.range);
    let (command, arguments) = match &lens.target {
        LensTarget::Places(places) => {
            let uri = root.uri(lens.range.file).map(|uri| uri.to_string());
            (SHOW_REFERENCES, vec![json!(uri), json!(range.start), json!(locations(root, places))])
        }
        LensTarget::Evidence(address) => {
            // In two workspaces one address may mean two decisions.
            let uri = root.uri(lens.range.file).map(|uri| uri.to_string());
            (SHOW_EVIDENCE, vec![json!(address), json!(uri)])
        }
    };
    let runs = peer.runs(command);
    let command = Command {
        title: lens.title,
        command: if runs { command.to_owned() } else { String::new() },
        arguments: runs.then_some(arguments),
    };
    CodeLens { range, command: Some(command), data: None }
}

pub(super) fn hint(root: &Root, file: FileId, hint: Hint) -> InlayHint {
    let at = FileRange { file, range: TextRange::empty(hint.offset) };
    InlayHint {
        position: root.range(at).start,
        label: InlayHintLabel::String(hint.label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: hint.tooltip.map(InlayHintTooltip::String),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// The types of tokens, in the order of their numbers: the standard ones, which every theme has colours for.
const TYPES: [SemanticTokenType; 12] = [
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::ENUM,
    SemanticTokenType::INTERFACE,
    SemanticTokenType::CLASS,
    SemanticTokenType::TYPE,
    SemanticTokenType::STRUCT,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::MACRO,
    SemanticTokenType::NUMBER,
];

/// The modifiers of tokens, by bits from the lowest.
const MODIFIERS: [&str; 3] = ["definition", "deprecated", "unresolved"];

pub(super) fn legend() -> SemanticTokensLegend {
    let token_modifiers = MODIFIERS.iter().map(|name| SemanticTokenModifier::new(name)).collect();
    SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers }
}

const fn token_type(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Section => 0,
        TokenKind::Field => 1,
        TokenKind::Decision => 2,
        TokenKind::Subject(section) => match section {
            Section::People => 3,
            Section::Departments => 4,
            Section::Roles => 5,
            Section::Controls => 6,
            Section::Policies => 7,
            _ => 8,
        },
        TokenKind::Level | TokenKind::Word => 9,
        TokenKind::Rule => 10,
        TokenKind::Date => 11,
    }
}

/// Tokens as the protocol counts them: each from the one before.
pub(super) fn tokens(root: &Root, file: FileId, tokens: &[Token]) -> Vec<SemanticToken> {
    let mut before = lsp::Position::default();
    let one = |token: &Token| {
        let range = root.range(FileRange { file, range: token.range });
        let delta_line = range.start.line - before.line;
        let delta_start = range.start.character - if delta_line == 0 { before.character } else { 0 };
        before = range.start;
        let modifiers = token.modifiers;
        let bits = [modifiers.definition, modifiers.deprecated, modifiers.unresolved];
        SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character.saturating_sub(range.start.character),
            token_type: token_type(token.kind),
            token_modifiers_bitset: bits.iter().rev().fold(0, |all, bit| all << 1 | u32::from(*bit)),
        }
    };
    tokens.iter().map(one).collect()
}

/// A link; `None` where it leads to no file that is there.
pub(super) fn link(root: &Root, link: &Link) -> Option<DocumentLink> {
    let (target, tooltip) = match &link.target {
        LinkTarget::File(path) => (root.file(path).and_then(|path| root.names.uri(&path))?, None),
        LinkTarget::Url(url) => (url.parse::<Uri>().ok()?, None),
        LinkTarget::Rule(rule) => (rule_url(rule).parse::<Uri>().ok()?, Some(format!("What `{}` is about", rule.id))),
    };
    Some(DocumentLink { range: root.range(link.range), target: Some(target), tooltip, data: None })
}

/// A role in the lines of reporting; its id is what is asked with.
pub(super) fn role(root: &Root, role: ReportingRole) -> Option<CallHierarchyItem> {
    Some(CallHierarchyItem {
        name: role.title,
        kind: SymbolKind::INTERFACE,
        tags: None,
        detail: Some(role.holder).filter(|holder| !holder.is_empty()),
        uri: root.uri(role.range.file)?,
        range: root.range(role.range),
        selection_range: root.range(role.name_range),
        data: Some(Value::from(role.id)),
    })
}

/// What the view of evidence shows of one root.
pub(super) fn evidence(root: &Root) -> Value {
    let (state, why) = match root.verdict.as_ref().map(|verdict| &verdict.state) {
        None | Some(State::Reading) => ("pending", None),
        Some(State::Ready { .. }) => ("ready", None),
        Some(State::None { why, hint }) => {
            let hint = hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            ("none", Some(format!("{why}{hint}")))
        }
    };
    let Overview { head, branch, decisions, waiting, unowned } = root.analysis().overview();
    let item = |item: Item| {
        json!({
            "address": item.address, "title": item.title, "why": item.why, "location": root.location(item.at)
        })
    };
    let decisions = decisions.into_iter().map(|row| {
        json!({
            "address": row.address, "title": row.title, "by": row.by, "date": row.date.map(|date| date.to_string()),
            "level": row.level.unwrap_or(Level::Asserted).name(), "problems": row.problems, "outdated": row.outdated,
            "commit": row.commit, "recorded": row.recorded.map(|day| day.to_string()),
            "location": root.location(row.at)
        })
    });
    json!({
        "uri": root.names.uri(&root.root).map(|uri| uri.to_string()), "state": state, "why": why, "head": head,
        "branch": branch, "me": root.me, "decisions": decisions.collect::<Vec<_>>(),
        "waiting": waiting.into_iter().map(item).collect::<Vec<_>>(),
        "unowned": unowned.into_iter().map(item).collect::<Vec<_>>()
    })
}
