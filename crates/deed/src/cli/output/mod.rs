//! What a check says, in the format that was asked for.
//!
//! In: a [`Report`], which holds everything there is to say. Out: bytes. A format is one module with a `write`, one
//! variant of [`Format`] and one arm in [`write()`].

pub(crate) mod diff;
mod excerpt;
mod github;
mod gitlab;
mod json;
mod junit;
pub(crate) mod markdown;
mod patch;
mod sarif;
mod subjects;
mod summary;
mod tally;
mod text;
mod view;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use deed_linter::{Diagnostic, Rule, Severity, Suppressed};
use deed_model::{Date, FileId};

pub(crate) use self::tally::{Tally, counted, joined};
use crate::cli::check::Changes;
use crate::cli::terminal::Terminal;
use crate::load::{Project, Unreadable, slashed};

/// The format of a report.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For people: excerpts of the manifests, help, a summary
    #[default]
    Text,
    /// For people with much to look at, and for editors: a line each, as `PATH:LINE:COLUMN: error[RULE]: MESSAGE`
    Concise,
    /// For programs: one document, described by `deed schema check`
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For GitHub Actions: annotations in the log, and the summary of the job
    Github,
    /// For GitLab: a Code Quality report
    Gitlab,
    /// For CI servers: JUnit XML
    Junit,
    /// For a comment on a pull request
    Markdown,
}

impl Format {
    /// Whether people read it as it is.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Text | Self::Concise)
    }
}

/// Everything there is to say about a run.
pub(crate) struct Report {
    /// The workspaces, sorted by root.
    pub(crate) judged: Vec<Judged>,
    /// What could not be read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// The day everything was judged on.
    pub(crate) today: Date,
    /// The current directory: paths are shown from here.
    pub(crate) here: PathBuf,
    /// The lowest severity that makes the exit code 1.
    pub(crate) fail_on: Severity,
    /// How much is said to people.
    pub(crate) talk: Talk,
}

/// How much the formats for people say.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Talk {
    /// No summary.
    pub(crate) quiet: bool,
    /// Counts by rule in place of the diagnostics.
    pub(crate) statistics: bool,
    /// What waits for somebody's act stops nothing, and it is said.
    pub(crate) lets_wait: bool,
}

/// One workspace and what is wrong in it.
pub(crate) struct Judged {
    /// The workspace, as it is after fixing.
    pub(crate) project: Project,
    /// What fixing did.
    pub(crate) changes: Changes,
    /// The diagnostics of the manifests that were asked for.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Those of them that a suppression held back.
    pub(crate) suppressed: Vec<Suppressed>,
    /// Whether there is a baseline.
    pub(crate) has_baseline: bool,
    /// What there is to say of it.
    pub(crate) remark: Option<String>,
    /// Those that the baseline has already.
    pub(crate) baselined: Vec<Diagnostic>,
    /// How many more were there before, where only what is new is reported.
    pub(crate) old: usize,
    /// How many diagnostics other manifests have.
    pub(crate) elsewhere: usize,
}

impl Report {
    /// Returns whether a diagnostic counts against what was judged.
    pub(crate) fn fails(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.severity >= self.fail_on && !(self.talk.lets_wait && diagnostic.rule.awaits())
    }

    /// Returns a path as it is shown: from the current directory where that is short, with `/`.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown(path, &self.here)
    }

    /// Returns a manifest's path as it is shown.
    fn manifest(&self, project: &Project, file: FileId) -> String {
        self.shown(&project.path(file))
    }
}

/// Writes a report.
pub(crate) fn write(format: Format, report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, false, terminal, out),
        Format::Concise => text::write(report, true, terminal, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Markdown => markdown::write(report, out),
    }
}

/// Returns the address of a rule's documentation.
pub(crate) fn url(rule: &Rule) -> String {
    const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/crates/deed-linter/src/rules");
    format!("{PAGES}/{}.md", rule.id.replace('-', "_"))
}

/// Returns a path from a directory: below it, or at most two steps up; else the whole. A control character in it,
/// which could steer the terminal, is replaced.
pub(crate) fn shown(path: &Path, here: &Path) -> String {
    from(path, here).replace(char::is_control, "\u{fffd}")
}

fn from(path: &Path, here: &Path) -> String {
    for (up, base) in here.ancestors().take(3).enumerate() {
        if let Ok(rest) = path.strip_prefix(base)
            && base.parent().is_some()
        {
            let shown = slashed(&["..".as_ref()].repeat(up).into_iter().chain([rest]).collect::<PathBuf>());
            return if shown.is_empty() { ".".to_owned() } else { shown };
        }
    }
    slashed(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_here() {
        for (path, here, expected) in [
            ("/a/b/c", "/a/b", "c"),
            ("/a/b", "/a/b", "."),
            ("/a/x/c", "/a/b", "../x/c"),
            ("/a/x/c", "/a/b/d", "../../x/c"),
            ("/x/c", "/a/b", "/x/c"),
            ("/a/x/c", "/a/b/d/e", "/a/x/c"),
        ] {
            assert_eq!(shown(Path::new(path), Path::new(here)), expected, "{path} from {here}");
        }
    }
}
