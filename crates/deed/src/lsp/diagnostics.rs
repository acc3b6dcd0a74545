//! Diagnostics as the protocol has them.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::OnceLock;

use deed_linter::{Diagnostic, RULES, Rule, Severity};
use deed_model::{FileId, FileRange, catalogue};
use foldhash::quality::FixedState;
use tower_lsp::ls_types::{
    self as lsp, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString,
    Range, Uri,
};

use super::view::Root;
use crate::cli::rule_url;

/// Who says it.
const SOURCE: &str = "deed";

/// How many diagnostics of one manifest a client is told: more than anybody reads, and than an editor stands.
const MOST: usize = 5_000;
/// How long a message or its help gets, in bytes.
const LONGEST: usize = 2_000;

/// The diagnostics of each manifest that has any, in their order; of very many in one the first.
pub(super) fn by_file(root: &Root) -> impl Iterator<Item = (FileId, &[Diagnostic])> {
    let by_file = root.analysis().diagnostics.chunk_by(|a, b| a.span.file == b.span.file);
    by_file.map(|of_file| (of_file[0].span.file, &of_file[..of_file.len().min(MOST)]))
}

/// The diagnostics of one manifest, in their order; of very many the first.
pub(super) fn of_file(root: &Root, file: FileId) -> Vec<lsp::Diagnostic> {
    let all = root.analysis().diagnostics;
    let of_file = &all[all.partition_point(|it| it.span.file < file)..];
    let of_file = of_file.iter().take_while(|it| it.span.file == file);
    of_file.take(MOST).map(|it| convert(root, it)).collect()
}

/// Tells a diagnostic from any that the client would be shown otherwise. `uris` has what manifests are called.
pub(super) fn digest(root: &Root, diagnostic: &Diagnostic, uris: &mut HashMap<FileId, Option<Uri>>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    let place = |at: FileRange| {
        let Range { start, end } = root.range(at);
        (start.line, start.character, end.line, end.character)
    };
    let Diagnostic { rule, severity, message, help, fingerprint, span, .. } = diagnostic;
    (rule.id, severity, message, help, fingerprint, place(*span), is_old(root, diagnostic)).hash(&mut hasher);
    for label in &diagnostic.labels {
        let uri = uris.entry(label.span.file).or_insert_with(|| root.uri(label.span.file));
        (uri.as_ref().map(|uri| uri.as_str()), &label.message, place(label.span)).hash(&mut hasher);
    }
    hasher.finish()
}

/// A text, cut where it is very long: a message may name what somebody pasted.
fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// A diagnostic: the message with its help, the labels as related information.
pub(super) fn convert(root: &Root, diagnostic: &Diagnostic) -> lsp::Diagnostic {
    let related = diagnostic.labels.iter().filter_map(|label| {
        let location = root.location(label.span)?;
        Some(DiagnosticRelatedInformation { location, message: label.message.to_string() })
    });
    let related: Vec<_> = related.collect();
    lsp::Diagnostic {
        range: root.range(diagnostic.span),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(diagnostic.rule.id.to_owned())),
        code_description: page_of(diagnostic.rule).map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: diagnostic.told().map(shortened).collect(),
        related_information: (!related.is_empty()).then_some(related),
        tags: is_old(root, diagnostic).then(|| vec![DiagnosticTag::DEPRECATED]),
        data: Some(serde_json::Value::from(&*diagnostic.fingerprint)),
    }
}

/// Whether it names a control of the catalogue of 2013.
fn is_old(root: &Root, diagnostic: &Diagnostic) -> bool {
    let named = || root.text(diagnostic.span.file)[diagnostic.span.range].trim_matches(['"', '\'']);
    diagnostic.rule.id == "unknown-control" && !catalogue::successors_of_2013(named()).is_empty()
}

/// Where to read about a rule.
fn page_of(rule: &Rule) -> Option<Uri> {
    static PAGES: OnceLock<HashMap<&str, Uri>> = OnceLock::new();
    let page = |rule: &&'static Rule| Some((rule.id, rule_url(rule).parse().ok()?));
    PAGES.get_or_init(|| RULES.iter().filter_map(page).collect()).get(rule.id).cloned()
}

/// What is said of a file that cannot be read.
pub(super) fn unreadable(reason: &str) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: Range::default(),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: format!(
            "this cannot be read: {reason}\nhelp: without it whatever refers to it would look wrong, so its workspace was not judged"
        ),
        ..lsp::Diagnostic::default()
    }
}
