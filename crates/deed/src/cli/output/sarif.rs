//! SARIF 2.1.0 (OASIS), for code scanning: one run, with the documentation of each rule that reported.

use std::collections::HashMap;
use std::io::{self, Write};

use deed_linter::{Applicability, Diagnostic, FileEdit, Fix, Rule, Setting, Severity};
use deed_model::FileRange;
use serde::Serialize;
use serde_json::{Value, json};

use super::view::{View, below, repository_root};
use super::{Report, url};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative addresses count from.
const BASE: &str = "%SRCROOT%";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: [Value; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    partial_fingerprints: Value,
    properties: Value,
}

/// Writes a report as one SARIF log.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let top = repository_root(report);
    let mut rules = Rules::default();
    let mut results = Vec::new();
    for view in View::all(report, &top) {
        let judged = view.judged;
        let state = judged.has_baseline.then_some("new");
        results.extend(judged.diagnostics.iter().map(|it| result(&view, &mut rules, it, None, state)));
        let state = judged.has_baseline.then_some("unchanged");
        results.extend(judged.baselined.iter().map(|it| {
            let suppression = json!({ "kind": "external", "justification": "it is in the baseline" });
            result(&view, &mut rules, it, Some(suppression), state)
        }));
        results.extend(judged.suppressed.iter().map(|it| {
            let suppression = match &it.reason {
                Some(reason) => json!({ "kind": "inSource", "justification": reason }),
                None => json!({ "kind": "inSource" }),
            };
            result(&view, &mut rules, &it.diagnostic, Some(suppression), state)
        }));
    }
    let unread = report.unreadable.iter().map(|it| {
        let text = format!("cannot be read: {}; its workspace was not judged", it.reason);
        let location = json!({ "physicalLocation": { "artifactLocation": artifact(&below(&top, &it.path)) } });
        json!({ "level": "error", "message": { "text": text }, "locations": [location] })
    });
    let unread: Vec<Value> = unread.collect();
    let run = json!({
        "tool": { "driver": {
            "name": "Deed",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules.list.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        } },
        "automationDetails": { "id": "deed/" },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { BASE: { "uri": address(&crate::load::slashed(&top)) } },
        "invocations": [{ "executionSuccessful": unread.is_empty(), "toolExecutionNotifications": unread }],
        "results": results,
    });
    serde_json::to_writer_pretty(&mut *out, &json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))?;
    writeln!(out)
}

/// The rules that reported, in the order in which they first did.
#[derive(Default)]
struct Rules {
    list: Vec<&'static Rule>,
    index: HashMap<&'static str, usize>,
}

impl Rules {
    fn index(&mut self, rule: &'static Rule) -> usize {
        *self.index.entry(rule.id).or_insert_with(|| {
            self.list.push(rule);
            self.list.len() - 1
        })
    }
}

fn result(
    view: &View<'_>,
    rules: &mut Rules,
    diagnostic: &Diagnostic,
    suppression: Option<Value>,
    baseline_state: Option<&'static str>,
) -> SarifResult {
    let related = diagnostic.labels.iter().zip(1..).map(|(label, number)| {
        let mut location = location(view, label.span);
        location["id"] = json!(number);
        location["message"] = json!({ "text": &*label.message });
        location
    });
    let mut place = location(view, diagnostic.span);
    if !diagnostic.key_path.is_empty() {
        place["logicalLocations"] = json!([{ "fullyQualifiedName": &*diagnostic.key_path, "kind": "member" }]);
    }
    let fixes = diagnostic.fixes.iter().filter(|fix| fix.applicability != Applicability::Display);
    SarifResult {
        rule_id: diagnostic.rule.id,
        rule_index: rules.index(diagnostic.rule),
        level: level(diagnostic.severity),
        message: json!({ "text": diagnostic.told().collect::<String>() }),
        locations: [place],
        related_locations: related.collect(),
        fixes: fixes.map(|fix| self::fix(view, fix)).collect(),
        suppressions: suppression.into_iter().collect(),
        baseline_state,
        partial_fingerprints: json!({
            "deed/v1": view.fingerprint(diagnostic),
            // The one that GitHub follows alerts by; it computes one from lines where this is missing.
            "primaryLocationLineHash": format!("{}:1", view.fingerprint(diagnostic)),
        }),
        properties: json!({ "subject": &*diagnostic.subject }),
    }
}

/// What a fix replaces, manifest by manifest.
fn fix(view: &View<'_>, fix: &Fix) -> Value {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for FileEdit { file, edit } in &fix.edits {
        let region = region(view, FileRange { file: *file, range: edit.range });
        let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": edit.new_text } });
        let path = view.path(*file);
        match changes.iter_mut().find(|(known, _)| *known == path) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((path, vec![replacement])),
        }
    }
    let changes = changes
        .into_iter()
        .map(|(path, replacements)| json!({ "artifactLocation": artifact(&path), "replacements": replacements }));
    json!({ "description": { "text": &*fix.title }, "artifactChanges": changes.collect::<Vec<_>>() })
}

fn location(view: &View<'_>, at: FileRange) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(&view.path(at.file)), "region": region(view, at) } })
}

fn region(view: &View<'_>, at: FileRange) -> Value {
    let places = view.places(at);
    json!({
        "startLine": places.start.line,
        "startColumn": places.start.column,
        "endLine": places.end.line,
        "endColumn": places.end.column,
    })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": encoded(path), "uriBaseId": BASE })
}

fn descriptor(rule: &Rule) -> Value {
    let severity = match rule.severity.default {
        Setting::Report(severity) => Some(severity),
        Setting::Allow => None,
    };
    let level = severity.map_or("none", level);
    json!({
        "id": rule.id,
        "name": pascal_case(rule.id),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": format!("{} ({})", rule.summary, rule.source) },
        "help": { "text": rule.docs, "markdown": rule.docs },
        "helpUri": url(rule),
        "defaultConfiguration": { "enabled": severity.is_some(), "level": level },
        "properties": {
            "tags": ["iso-27001", rule.group.name()],
            "problem.severity": severity.map_or("recommendation", |it| match it {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            }),
        },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A rule's id as viewers that show a "friendly name" expect it.
fn pascal_case(id: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    id.split('-').map(capital).collect()
}

/// The address of a directory, given with `/` between its parts.
fn address(directory: &str) -> String {
    match directory.split_once(":/") {
        Some((drive, below)) if drive.len() == 1 => format!("file:///{drive}:/{}/", encoded(below)),
        _ => format!("file://{}/", encoded(directory)),
    }
}

/// A path as a relative reference (RFC 3986): what may not stand in a path segment is percent-encoded.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_are_as_sarif_has_them() {
        assert_eq!(pascal_case("unowned-control"), "UnownedControl");
        assert_eq!(encoded("a b/ä#1.deed.yaml"), "a%20b/%C3%A4%231.deed.yaml");
        assert_eq!(address("/home/a b"), "file:///home/a%20b/");
        assert_eq!(address("C:/Users/ä b"), "file:///C:/Users/%C3%A4%20b/");
    }
}
