//! What a rule says, as plain data.

use std::sync::Arc;

use deed_model::{Date, FileId, FileRange};
use deed_syntax::edit::Edit;

use crate::Rule;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// Returns the name as written in manifests and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that says so.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the names in it; one sentence without a full stop.
    pub message: Arc<str>,
    /// The place to look at.
    pub span: FileRange,
    /// The address of the subject it is about, as in `risks.R-12`; empty where it is about none.
    pub subject: Arc<str>,
    /// The key path of the place, as in `risks.R-12.accepted.by`.
    pub key_path: Arc<str>,
    /// Identifies it over time: rule, subject and key path, no line numbers.
    pub fingerprint: Arc<str>,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Vec<Arc<str>>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
    /// The last day on which nothing would have been wrong, where it is a day that makes the difference.
    pub due: Option<Date>,
    /// Whether the workspace set the severity of the rule, so that a rule's own grading does not count.
    pub(crate) pinned: bool,
    /// The rule itself said which subject it is about.
    pub(crate) is_about: bool,
    /// Of several of its rule at its place only the first is kept.
    pub(crate) is_once: bool,
    /// What it has in common with others of its rule at its key path.
    pub(crate) hash: u128,
}

impl Diagnostic {
    /// Returns its message, then each help with the line break before it and what it is: all of it is a text for where there
    /// is but one.
    pub fn told(&self) -> impl Iterator<Item = String> {
        let help = self.help.iter().map(|help| format!("\nhelp: {help}"));
        std::iter::once(self.message.to_string()).chain(help)
    }

    /// Adds a place that explains it, be it in another manifest.
    pub fn label(&mut self, span: FileRange, message: impl Into<Arc<str>>) -> &mut Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Adds what to do about it: an imperative sentence without a full stop.
    pub fn help(&mut self, help: impl Into<Arc<str>>) -> &mut Self {
        self.help.push(help.into());
        self
    }

    /// Adds a fix.
    pub fn fix(&mut self, title: impl Into<Arc<str>>, applicability: Applicability, edits: Vec<FileEdit>) -> &mut Self {
        self.fixes.push(Fix { title: title.into(), applicability, edits });
        self
    }

    /// Says which day it is that makes the difference: the last on which nothing would have been wrong.
    pub const fn due(&mut self, day: Date) -> &mut Self {
        self.due = Some(day);
        self
    }

    /// Grades this one diagnostic, unless the workspace sets the rule's severity itself.
    pub const fn graded(&mut self, severity: Severity) -> &mut Self {
        if !self.pinned {
            self.severity = severity;
        }
        self
    }

    /// Says which subject it is about, where that is not the one its place stands in (something that is missing).
    pub fn about(&mut self, subject: impl Into<Arc<str>>) -> &mut Self {
        self.subject = subject.into();
        self.is_about = !self.subject.is_empty();
        self
    }

    /// Says that of several of its rule at one place only the first is worth reading: what an anchor holds is one text however
    /// many subjects take it over.
    pub(crate) const fn once(&mut self) -> &mut Self {
        self.is_once = true;
        self
    }
}

/// A place that explains a diagnostic.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: FileRange,
    /// What it has to do with it.
    pub message: Arc<str>,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Applicability {
    /// Only shown; a person must choose or complete it.
    Display,
    /// Probably what was meant; applied on request (`--unsafe-fixes`).
    Unsafe,
    /// Keeps the meaning, or restores what was evidently meant (`--fix`).
    Safe,
}

/// Edits that mend a diagnostic. Never touches a decision's `by` or `date`: an attestation is never automatic.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does, imperative.
    pub title: Arc<str>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The edits, which belong together.
    pub edits: Vec<FileEdit>,
}

/// An edit of one manifest.
#[derive(Clone, Debug)]
pub struct FileEdit {
    /// The manifest.
    pub file: FileId,
    /// What to write where.
    pub edit: Edit,
}
