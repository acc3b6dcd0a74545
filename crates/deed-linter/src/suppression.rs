//! Suppressions: `# deed: ignore[rule-id] reason` in a manifest, and `lint.ignore`.

use deed_model::{Date, FileRange, Ignore, Workspace};
use deed_syntax::{TextRange, TextSize};

use crate::Diagnostic;

/// One suppression of one rule.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule it names, and where.
    pub rule: String,
    /// The comment, or the entry of `lint.ignore`.
    pub span: FileRange,
    /// The rule's id in it.
    pub rule_span: FileRange,
    /// Why, if it says so.
    pub reason: Option<String>,
    /// The last day it holds, if it says so, and where it says so.
    pub until: Option<(Date, FileRange)>,
    /// How it finds what it suppresses.
    pub scope: Scope,
    /// Whether it suppressed anything.
    pub used: bool,
}

/// What a suppression applies to.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Diagnostics that begin in these bytes of the comment's manifest: its own line, and for a comment on a line of its
    /// own the next line that is no comment.
    Lines(TextRange),
    /// Diagnostics about this subject, or anything in it.
    Subject(String),
    /// Every diagnostic of the rule.
    Everywhere,
}

impl Suppression {
    /// Returns every suppression of a workspace, comments first.
    pub(crate) fn all(workspace: &Workspace) -> Vec<Self> {
        let mut all = Vec::new();
        for (file, manifest) in workspace.files() {
            let text = manifest.parse.text();
            for comment in manifest.parse.comments() {
                let at = |range: TextRange| FileRange { file, range };
                let lines = Scope::Lines(lines_of(text, comment));
                for (rule, rule_range, reason) in read_comment(text, comment) {
                    all.push(Self {
                        rule,
                        span: at(comment),
                        rule_span: at(rule_range),
                        reason: reason.clone(),
                        until: None,
                        scope: lines.clone(),
                        used: false,
                    });
                }
            }
        }
        let entries = workspace.register().lint().into_iter().flat_map(|lint| &lint.ignore);
        all.extend(entries.filter_map(Self::of_entry));
        all
    }

    fn of_entry(entry: &Ignore) -> Option<Self> {
        let rule = entry.rule.as_ref()?;
        Some(Self {
            rule: rule.value.clone(),
            span: entry.span,
            rule_span: rule.span,
            reason: entry.reason.as_ref().map(|reason| reason.value.clone()).filter(|reason| !reason.trim().is_empty()),
            until: entry.until.as_ref().map(|until| (until.value, until.span)),
            scope: entry.subject.as_ref().map_or(Scope::Everywhere, |subject| Scope::Subject(subject.value.clone())),
            used: false,
        })
    }

    /// Returns whether it holds no more on a day.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|(until, _)| until < today)
    }

    /// Returns whether it speaks of a diagnostic.
    pub(crate) fn covers(&self, diagnostic: &Diagnostic) -> bool {
        self.rule == diagnostic.rule.id
            && match &self.scope {
                Scope::Lines(lines) => {
                    self.span.file == diagnostic.span.file && lines.contains_inclusive(diagnostic.span.range.start())
                }
                Scope::Subject(subject) => {
                    let path = diagnostic.key_path.strip_prefix(subject.as_str());
                    diagnostic.subject == *subject
                        || path.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                }
                Scope::Everywhere => true,
            }
    }
}

/// Reads `# deed: ignore[rule, rule] reason`: each rule with the place of its id, and the reason.
fn read_comment(text: &str, comment: TextRange) -> Vec<(String, TextRange, Option<String>)> {
    let body = &text[comment];
    let directive = body.trim_start_matches('#').trim_start();
    let Some(rest) = directive.strip_prefix("deed:").map(str::trim_start) else {
        return Vec::new();
    };
    let Some((list, reason)) = rest.strip_prefix("ignore[").and_then(|rest| rest.split_once(']')) else {
        return Vec::new();
    };
    let reason = reason.trim_start_matches([':', '-', ' ']).trim();
    let reason = (!reason.is_empty()).then(|| reason.to_owned());
    let mut start = usize::from(comment.start()) + body.len() - rest.len() + "ignore[".len();
    let mut rules = Vec::new();
    for item in list.split(',') {
        let id = item.trim();
        let from = start + (item.len() - item.trim_start().len());
        let range = TextRange::at(TextSize::try_from(from).unwrap_or_default(), TextSize::of(id));
        rules.push((id.to_owned(), range, reason.clone()));
        start += item.len() + 1;
    }
    rules
}

/// The bytes of the lines a comment speaks of.
fn lines_of(text: &str, comment: TextRange) -> TextRange {
    let (start, end) = (usize::from(comment.start()), usize::from(comment.end()));
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |newline| from + newline);
    let mut to = line_end(end);
    if text[line_start..start].trim().is_empty() {
        while to < text.len() {
            let next = to + 1;
            to = line_end(next);
            let line = text[next..to].trim();
            if !line.is_empty() && !line.starts_with('#') {
                break;
            }
        }
    }
    let size = |offset: usize| TextSize::try_from(offset).unwrap_or_default();
    TextRange::new(size(line_start), size(to))
}
