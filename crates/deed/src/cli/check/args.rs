//! The arguments of `deed check`.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use deed_linter::{Applicability, Severity};

use crate::cli::day::DayArgs;
use crate::cli::output::Format;
use crate::cli::proof::ProofArgs;
use crate::exit::Mistake;
use crate::load::{Overlay, Request, State};

/// Check manifests
///
/// Reads every manifest of the workspaces the given paths belong to and judges them together; reports what is wrong in
/// the manifests that are, or lie below, those paths.
#[derive(Args, Clone)]
#[command(after_help = "\
Examples:
  deed check                                what is wrong here
  deed check --fix --diff                   what the certain fixes would change
  deed check --fix                          change it
  deed check --watch                        keep on checking while you write
  deed check --today 2026-12-31             what will be wrong by the end of the year
  deed check --format concise               a line each
  deed check --format json                  for a script; see `deed schema check`
  deed check --format github                in GitHub Actions; others: sarif, gitlab, junit, markdown
  deed check --since origin/main            what this branch brings in
  deed check --write-baseline               put up with all there is now, and report only what is new
  deed check - --stdin-path a.deed.yaml     a text that is not saved yet")]
pub(crate) struct CheckArgs {
    /// Files or directories to report on; `-` stands for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Format of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) day: DayArgs,

    /// Path that the text from standard input is, or would be, saved at
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,

    /// Look also into files that `.gitignore` excludes and Git does not track
    #[arg(long)]
    no_ignore: bool,

    /// Judge what is staged, and report what the commit would bring in; what waits for somebody's decision does not count
    #[arg(long, help_heading = "What is judged", conflicts_with_all = ["at", "stdin_path", "fix", "diff"])]
    pub(super) staged: bool,

    /// Judge a commit in place of the files here
    #[arg(long, value_name = "REV", help_heading = "What is judged", conflicts_with_all = ["stdin_path", "fix", "diff"])]
    pub(super) at: Option<String>,

    /// Judge everything, and report what was not there yet where HEAD and REV parted
    #[arg(long, value_name = "REV", help_heading = "What is judged", conflicts_with_all = ["at", "stdin_path", "fix", "diff"])]
    pub(super) since: Option<String>,

    #[command(flatten)]
    proof: ProofArgs,

    /// Apply the fixes that are certain
    #[arg(long, help_heading = "Fixing")]
    pub(super) fix: bool,

    /// With `--fix` or `--diff`, take also the fixes that are only probably meant
    #[arg(long, help_heading = "Fixing")]
    unsafe_fixes: bool,

    /// Show what `--fix` would change, write nothing, and exit with 1 if there is anything
    #[arg(long, help_heading = "Fixing")]
    pub(super) diff: bool,

    /// Baseline to use, instead of `deed-baseline.json` beside the root manifest
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub(super) baseline: Option<PathBuf>,

    /// Report also what the baseline has already
    #[arg(long, help_heading = "Baseline", conflicts_with = "baseline")]
    pub(super) no_baseline: bool,

    /// Write all there is now to the baseline, so that from now on only what is new is reported
    #[arg(long, help_heading = "Baseline", conflicts_with_all = ["no_baseline", "fix", "diff", "staged", "at", "since"])]
    pub(super) write_baseline: bool,

    /// Take out of the baseline what is mended
    #[arg(long, help_heading = "Baseline", conflicts_with_all = ["no_baseline", "write_baseline", "fix", "diff", "staged", "at", "since"])]
    pub(super) prune_baseline: bool,

    /// Lowest severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t, help_heading = "Exit code")]
    fail_on: FailOn,

    /// Exit with 0 whatever is wrong in the manifests
    #[arg(long, help_heading = "Exit code")]
    pub(super) exit_zero: bool,

    /// Leave out the summary and notes
    #[arg(long, short)]
    pub(super) quiet: bool,

    /// Check again whenever something changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["staged", "at", "stdin_path", "fix", "diff", "write_baseline", "prune_baseline"])]
    pub(super) watch: bool,

    /// Count by rule in place of showing each diagnostic
    #[arg(long)]
    pub(super) statistics: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum FailOn {
    #[default]
    Error,
    Warning,
    Info,
}

impl CheckArgs {
    pub(super) fn is_stdin(&self) -> bool {
        self.paths.iter().any(|path| path == Path::new("-"))
    }

    pub(super) fn mistakes(&self) -> Result<(), Mistake> {
        if self.unsafe_fixes && !self.fix && !self.diff {
            return Err(Mistake::new("`--unsafe-fixes` does nothing by itself")
                .hint("add `--diff` to see the changes, or `--fix` to make them"));
        }
        if self.is_stdin() && self.paths.len() > 1 {
            return Err(Mistake::new("`-` cannot be combined with other paths"));
        }
        if self.is_stdin() && self.stdin_path.is_none() {
            return Err(Mistake::new("`-` needs to know which manifest the text is")
                .hint("add `--stdin-path`, as in `deed check - --stdin-path people.deed.yaml`"));
        }
        if self.stdin_path.is_some() && !self.is_stdin() {
            return Err(Mistake::new("`--stdin-path` is only for standard input").hint("add `-` in place of a path"));
        }
        if self.is_stdin() && (self.write_baseline || self.prune_baseline) {
            return Err(Mistake::new("a baseline is written of what is saved, not of standard input"));
        }
        if self.is_stdin() && self.watch {
            return Err(Mistake::new("`--watch` is for files, and standard input is read once"));
        }
        if !self.format.is_for_people() && self.watch {
            return Err(
                Mistake::new("`--watch` is for people, so its format is text or concise").hint("leave out `--format`")
            );
        }
        if !self.format.is_for_people() && (self.diff || self.statistics) {
            return Err(Mistake::new("`--diff` and `--statistics` are for people, so their format is text or concise")
                .hint("leave out `--format`"));
        }
        Ok(())
    }

    pub(super) fn request(&self) -> Result<Request> {
        let proof = self.proof.proof();
        let Some(path) = self.stdin_path.clone() else {
            let state = match &self.at {
                Some(revision) => Some(State::Commit(revision.clone())),
                None => self.staged.then_some(State::Index),
            };
            return Ok(Request { paths: self.paths.clone(), ignored: self.no_ignore, state, proof, overlay: None });
        };
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text).context("cannot read standard input")?;
        let overlay = Some(Overlay { path, text });
        Ok(Request { overlay, ignored: self.no_ignore, proof, ..Request::default() })
    }

    /// Where to look for the repository.
    pub(super) fn place(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), PathBuf::as_path)
    }

    /// What is compared with, where only what is new is to be reported.
    pub(super) fn before(&self) -> Option<State> {
        match &self.since {
            Some(revision) => Some(State::Common("HEAD".to_owned(), revision.clone())),
            None => self.staged.then(|| State::Commit("HEAD".to_owned())),
        }
    }

    /// How sure a fix must be to be applied; nothing where none is to be.
    pub(super) fn at_least(&self) -> Option<Applicability> {
        let certain = if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        (self.fix || self.diff).then_some(certain)
    }

    /// Lowest severity that makes the exit code 1.
    pub(super) fn fail_on(&self) -> Severity {
        match self.fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        }
    }
}
