//! `deed evidence`

mod csv;
pub(crate) mod json;
mod text;

use std::borrow::Cow;
use std::io;
use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};
use deed_model::Level;
use deed_model::evidence::{DecisionEvidence, History, TrustRoot};

use super::log::outside;
use super::place::PlaceArgs;
use super::proof::PastArgs;
use super::subject::in_full;
use super::terminal::{Color, Terminal};
use super::{broken, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::history::{self, Proof};
use crate::load::sides::several;
use crate::load::{self, Loaded, Project, Request};

/// Show what history proves of each decision
///
/// For every decision of the register: how far the proof goes, who recorded it and when, who adopted it, by whose
/// signature, and what speaks against it. Levels, from the weakest: asserted, recorded, attributed, vouched, signed,
/// decided, witnessed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed evidence                          every decision
  deed evidence risks                    those about risks
  deed evidence risks.R-12.accepted      one
  deed evidence --problems               those that something speaks against
  deed evidence --format csv             for a spreadsheet
  deed evidence --format json            for a script; see `deed schema evidence`")]
pub(super) struct EvidenceArgs {
    /// Decisions, subjects or sections, as in risks.R-12.accepted [default: all]
    #[arg(value_name = "DECISION")]
    decisions: Vec<String>,

    #[command(flatten)]
    place: PlaceArgs,

    /// Format of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    /// Only decisions that something speaks against, or whose content has changed since
    #[arg(long)]
    problems: bool,

    /// Only decisions below this level
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    below: Option<Level>,

    #[command(flatten)]
    past: PastArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// A table for people
    #[default]
    Text,
    /// For programs: one document, described by `deed schema evidence`
    Json,
    /// For spreadsheets: a row each
    Csv,
}

fn level(name: &str) -> Result<Level, String> {
    Level::of_name(name).ok_or_else(|| {
        let names = Level::ALL.map(|level| format!("`{}`", level.name()));
        format!("the levels are {}", names.join(", "))
    })
}

/// What is shown.
struct Shown {
    project: Project,
    history: History,
    /// The places of those that were asked for, in `history.decisions`.
    chosen: Vec<usize>,
}

impl Shown {
    fn decisions(&self) -> impl Iterator<Item = &DecisionEvidence> {
        self.chosen.iter().map(|at| &*self.history.decisions[*at])
    }
}

pub(super) fn run(args: &EvidenceArgs, color: Color) -> Result<Exit> {
    let (project, history) = look(args)?;
    let exit = broken::tell_with_history(&project.workspace, "");
    let exit = if exit == Exit::Clean && !is_believed(&history) { Exit::Diagnostics } else { exit };
    let mut chosen = Vec::new();
    // What is named nowhere is told below, with what may be meant.
    let register = project.workspace.register();
    let asked = args.decisions.iter().map(|asked| in_full(asked, register).unwrap_or(Cow::Borrowed(asked)));
    let decisions: Vec<String> = asked.map(Cow::into_owned).collect();
    for asked in &decisions {
        if !history.decisions.iter().any(|evidence| is_asked(evidence, asked)) {
            return Err(unknown(asked, &history).into());
        }
    }
    for (at, evidence) in history.decisions.iter().enumerate() {
        let asked = decisions.is_empty() || decisions.iter().any(|asked| is_asked(evidence, asked));
        let troubled = is_troubled(evidence) || !args.problems;
        if asked && troubled && args.below.is_none_or(|level| evidence.level < level) {
            chosen.push(at);
        }
    }
    let shown = Shown { project, history, chosen };
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text::write(&shown, &terminal, out),
        Format::Json => json::write(&shown, out),
        Format::Csv => csv::write(&shown, out),
    })?;
    Ok(exit)
}

/// Says on standard error where nothing that history shows is to be believed.
pub(super) fn is_believed(history: &History) -> bool {
    let TrustRoot::Lost(root) = &history.trust_root else { return true };
    say("error", &format!("the trust root `{root}` is no ancestor of this history: believe nothing of it"));
    say(
        "hint",
        "ask whoever pinned it which history is meant; `git config --show-origin deed.trustRoot` says where it is set",
    );
    false
}

/// Reads the workspace at a directory and what history says of it.
fn look(args: &EvidenceArgs) -> Result<(Project, History)> {
    let project = look_at(&args.place.directory, None)?;
    let history =
        history::of(&project.root, &project.workspace, &args.past.proof()).map_err(|error| history_mistake(&error))?;
    let Some(history) = history else { return Err(outside(&project.root).into()) };
    Ok((project, history))
}

/// Reads the one workspace at a directory, with what history says of it where that is asked for.
pub(super) fn look_at(directory: &Path, proof: Option<Proof>) -> Result<Project> {
    let request = Request { paths: vec![directory.to_owned()], proof, ..Request::default() };
    let Loaded { mut projects, unreadable, .. } = load::load(&request, &|| ())?;
    // Whoever names a root means that one, whatever roots lie below it.
    let named = load::without_links(directory).ok();
    if let Some(at) = projects.iter().position(|project| Some(&project.root) == named.as_ref()) {
        return Ok(projects.swap_remove(at));
    }
    if let Some(mistake) = broken::unreadable(&unreadable) {
        return Err(mistake.into());
    }
    if projects.len() > 1 {
        return Err(several(&projects).into());
    }
    projects.pop().ok_or_else(|| Mistake::new("there is no manifest here").into())
}

/// An error of history, with its way out.
pub(crate) fn history_mistake(error: &deed_history::HistoryError) -> Mistake {
    let mistake = Mistake::new(error.to_string());
    match error.help() {
        Some(help) => mistake.hint(help),
        None => mistake,
    }
}

/// Whether an address names a decision, its subject or its section.
fn is_asked(evidence: &DecisionEvidence, asked: &str) -> bool {
    let decision = &evidence.decision;
    let plain = format!("{}.{}", decision.subject(), decision.verb.key());
    let names = [decision.section.key(), &decision.subject(), &plain, &decision.to_string()].contains(&asked);
    names || asked.strip_prefix(decision.section.key()).is_some_and(|rest| rest == format!(".{}", decision.verb.key()))
}

fn unknown(asked: &str, history: &History) -> Mistake {
    let all: Vec<String> = history
        .decisions
        .iter()
        .flat_map(|evidence| {
            let decision = &evidence.decision;
            [decision.to_string(), decision.subject(), decision.section.key().to_owned()]
        })
        .collect();
    let near = all.iter().map(|known| (strsim::jaro_winkler(asked, known), known));
    let near = near.filter(|(score, _)| *score > 0.85).max_by(|a, b| a.0.total_cmp(&b.0));
    let mistake = Mistake::new(format!("there is no decision `{asked}`"));
    match near {
        Some((_, near)) => mistake.hint(format!("did you mean `{near}`?")),
        None => mistake.hint("`deed evidence` lists them all"),
    }
}

/// Whether something speaks against a decision.
fn is_troubled(evidence: &DecisionEvidence) -> bool {
    !evidence.problems.is_empty() || evidence.is_outdated()
}
