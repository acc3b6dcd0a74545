//! `deed diff`

mod json;
mod markdown;
mod text;

use std::io;

use anyhow::Result;
use clap::{Args, ValueEnum};
use deed_linter::difference::{self, Comparison, Difference, Group};
use deed_linter::words::short;
use deed_model::{Date, Section, Workspace};

use super::day::DayArgs;
use super::evidence::history_mistake;
use super::place::PlaceArgs;
use super::progress::Progress;
use super::proof::ProofArgs;
use super::terminal::{Color, Terminal};
use super::{broken, print};
use crate::exit::{Exit, Mistake};
use crate::load::State;
use crate::load::history::Past;
use crate::load::sides::{Side, sides};

/// Show what changed between two states: who answers for what, what was decided, what weakened
///
/// Values are compared and not lines, so that moving, sorting and reformatting are no difference. Without a revision HEAD
/// is compared with the working tree.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed diff                                    what is not committed yet
  deed diff --staged                           what a commit would bring in
  deed diff v2025.2..v2026.1                   what happened between two audits
  deed diff origin/main...HEAD                 what this branch changes
  deed diff main...HEAD --format markdown      the same as a comment for a pull request
  deed diff HEAD~10 --format json              for a script; see `deed schema diff`")]
pub(super) struct DiffArgs {
    /// What to compare: REV (with what is here), REV..REV, or REV...REV (from where they parted)
    #[arg(value_name = "REV", num_args = 0..=2)]
    revisions: Vec<String>,

    /// Compare with what is staged, and not with the working tree
    #[arg(long, visible_alias = "cached")]
    staged: bool,

    #[command(flatten)]
    place: PlaceArgs,

    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    /// Exit with 1 if anything is different
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    day: DayArgs,

    #[command(flatten)]
    proof: ProofArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one document, described by `deed schema diff`
    Json,
    /// For a comment on a pull request
    Markdown,
}

/// What is shown.
struct Shown {
    before: End,
    after: End,
    organization: String,
    comparison: Comparison,
}

/// One end of what is compared.
struct End {
    /// What it is called.
    name: String,
    /// The commit that it is.
    commit: Option<String>,
    day: Date,
}

impl End {
    fn of(state: Option<&State>, side: &Side, today: Date) -> Self {
        let name = match state {
            None => "the working tree".to_owned(),
            Some(State::Index) => "what is staged".to_owned(),
            Some(State::Commit(revision)) => revision.clone(),
            Some(State::Common(one, other)) => format!("where {one} and {other} parted"),
        };
        let (commit, day) = side.commit.clone().map_or((None, today), |(commit, day)| (Some(commit), day));
        Self { name, commit, day }
    }

    /// The end for a heading, as in "v2026.1 (0123456789, 2026-01-31)".
    fn told(&self) -> String {
        match &self.commit {
            Some(commit) if commit.starts_with(&self.name) => format!("{} ({})", short(commit), self.day),
            Some(commit) => format!("{} ({}, {})", self.name, short(commit), self.day),
            None => self.name.clone(),
        }
    }
}

pub(super) fn run(args: &DiffArgs, color: Color) -> Result<Exit> {
    let (before, after) = args.states()?;
    let today = args.day.day();
    let proof = args.proof.proof();
    let progress = Progress::start("Reading", true);
    let (was, is) = sides(&args.place.directory, (before.as_ref(), after.as_ref()), proof.as_ref())?;
    progress.doing("Comparing");
    let ends = (End::of(before.as_ref(), &was, today), End::of(after.as_ref(), &is, today));
    let empty = Workspace::new(Vec::new());
    let (text_was, text_is) = (|path: &str| was.text(path), |path: &str| is.text(path));
    let comparison = difference::compare(
        &difference::State {
            workspace: workspace(&was, &empty),
            day: ends.0.day,
            history: history(&was)?,
            text: &text_was,
        },
        &difference::State {
            workspace: workspace(&is, &empty),
            day: ends.1.day,
            history: history(&is)?,
            text: &text_is,
        },
    );
    drop(progress);
    let (before, after) = [(&was, &ends.0), (&is, &ends.1)]
        .map(|(side, end)| broken::tell(workspace(side, &empty), &format!("in {}, ", end.name)))
        .into();
    let organization = [&is, &was].into_iter().find_map(|side| {
        let register = side.project.as_ref()?.workspace.register();
        Some(register.isms()?.organization.as_ref()?.value.clone())
    });
    let is_different = !comparison.differences.is_empty() || !comparison.people.is_empty();
    let organization = organization.unwrap_or_else(|| "Deed".to_owned());
    let shown = Shown { before: ends.0, after: ends.1, organization, comparison };
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text::write(&shown, &terminal, out),
        Format::Json => json::write(&shown, out),
        Format::Markdown => markdown::write(&shown, out),
    })?;
    Ok(match (before, after) {
        (Exit::Clean, Exit::Clean) if args.exit_code && is_different => Exit::Diagnostics,
        (Exit::Clean, exit) | (exit, _) => exit,
    })
}

fn workspace<'s>(side: &'s Side, empty: &'s Workspace) -> &'s Workspace {
    side.project.as_ref().map_or(empty, |project| &project.workspace)
}

/// What history shows of a state.
fn history(side: &Side) -> Result<Option<&deed_model::evidence::History>> {
    match side.project.as_ref().map(|project| &project.past) {
        Some(Past::Unreadable(error)) => {
            let hint = "`--no-evidence` compares what the manifests say without it";
            Err(history_mistake(error).hint(hint).into())
        }
        Some(past) => Ok(past.history()),
        None => Ok(None),
    }
}

impl DiffArgs {
    /// The states that are compared; none is the working tree.
    fn states(&self) -> Result<(Option<State>, Option<State>), Mistake> {
        let commit =
            |revision: &str| State::Commit(if revision.is_empty() { "HEAD".to_owned() } else { revision.to_owned() });
        let here = || self.staged.then_some(State::Index);
        let range = |revision: &str| {
            let common = |one: &str, other: &str| match (commit(one), commit(other)) {
                (State::Commit(one), State::Commit(other)) => State::Common(one, other),
                (one, _) => one,
            };
            match (revision.split_once("..."), revision.split_once("..")) {
                (Some((one, other)), _) => Some((common(one, other), commit(other))),
                (None, Some((one, other))) => Some((commit(one), commit(other))),
                (None, None) => None,
            }
        };
        match self.revisions.as_slice() {
            [] => Ok((Some(commit("HEAD")), here())),
            [one] => match range(one) {
                None => Ok((Some(commit(one)), here())),
                Some(_) if self.staged => Err(Mistake::new("`--staged` compares one revision with what is staged")
                    .hint("leave out `--staged`, or name one revision")),
                Some((before, after)) => Ok((Some(before), Some(after))),
            },
            [one, other] if !self.staged && range(one).is_none() && range(other).is_none() => {
                Ok((Some(commit(one)), Some(commit(other))))
            }
            _ => Err(Mistake::new("two revisions at most can be compared").hint("write `deed diff REV..REV`")),
        }
    }
}

impl Shown {
    /// The differences, group by group.
    fn groups(&self) -> impl Iterator<Item = (Group, &[Difference])> {
        self.comparison.differences.chunk_by(|a, b| a.group == b.group).map(|group| (group[0].group, group))
    }

    /// How many differences there are in a group; decisions that were made count one by one, be they told of together.
    fn count(&self, group: Group) -> usize {
        let of_group = self.comparison.differences.iter().filter(|difference| difference.group == group);
        of_group.map(|difference| if group == Group::Decided { difference.subjects.len() } else { 1 }).sum()
    }

    /// What it comes to, as in "2 weakened, 1 decision lost, 14 decided".
    fn summary(&self) -> String {
        let words = |group: Group, count: usize| match group {
            Group::Weakened => "weakened".to_owned(),
            Group::Lost => if count == 1 { "decision lost" } else { "decisions lost" }.to_owned(),
            Group::Ownership => if count == 1 { "change of ownership" } else { "changes of ownership" }.to_owned(),
            Group::Authority => if count == 1 { "change of authority" } else { "changes of authority" }.to_owned(),
            Group::Decided => if count == 1 { "decision made" } else { "decisions made" }.to_owned(),
            Group::Subjects => "new or gone".to_owned(),
            Group::Other => "also changed".to_owned(),
        };
        let counts = Group::ALL.into_iter().map(|group| (group, self.count(group))).filter(|(_, count)| *count > 0);
        let parts: Vec<_> = counts.map(|(group, count)| format!("{count} {}", words(group, count))).collect();
        match (parts.is_empty(), self.comparison.people.is_empty()) {
            (false, _) => parts.join(", "),
            (true, false) => "others answer for what there is".to_owned(),
            (true, true) => "nothing is different".to_owned(),
        }
    }
}

/// Addresses by section for a sentence, as in "controls `A.5.1`, `A.5.2`; role `ciso`".
fn listed(addresses: &[String]) -> String {
    let split = |address: &str| {
        let (section, id) = address.split_once('.').unwrap_or((address, ""));
        (Section::of_key(section), id.to_owned())
    };
    let all: Vec<_> = addresses.iter().map(|address| split(address)).collect();
    let parts = all.chunk_by(|a, b| a.0 == b.0).map(|of| {
        let noun = of[0].0.map_or("subject", Section::noun);
        let ids: Vec<_> = of.iter().filter(|(_, id)| !id.is_empty()).map(|(_, id)| format!("`{id}`")).collect();
        match ids.len() {
            0 => format!("the {noun}"),
            1 => format!("{noun} {}", ids[0]),
            _ if noun == "policy" => format!("policies {}", ids.join(", ")),
            _ => format!("{noun}s {}", ids.join(", ")),
        }
    });
    parts.collect::<Vec<_>>().join("; ")
}
