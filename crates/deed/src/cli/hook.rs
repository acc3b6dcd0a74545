//! `deed hook`

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use deed_history::Repository;

use super::evidence::history_mistake;
use super::output::shown;
use super::print;
use crate::exit::Exit;
use crate::load::current_directory;
use crate::load::hook::{self, Outcome};

/// The hook that is installed.
const NAME: &str = "pre-commit";

/// Have Git run Deed before each commit
///
/// The hook runs `deed check --staged`: it judges the index, whatever lies beside it, and stops a commit that would bring
/// in errors. A hook that is there already runs first. Git's setting `core.hooksPath` is respected.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed hook install          from now on
  git commit --no-verify     for once without it
  deed hook uninstall        no more")]
pub(super) struct HookArgs {
    #[command(subcommand)]
    command: HookCommand,
}

#[derive(Subcommand)]
enum HookCommand {
    /// Install the hook; what is there already runs first
    Install(Directory),
    /// Take it out, and put back what was there before
    Uninstall(Directory),
}

#[derive(Args)]
struct Directory {
    /// A directory of the repository
    #[arg(long, short = 'C', value_name = "DIR", default_value = ".")]
    directory: PathBuf,
}

pub(super) fn run(args: &HookArgs) -> Result<Exit> {
    let (HookCommand::Install(place) | HookCommand::Uninstall(place)) = &args.command;
    let repository = Repository::open(&place.directory).map_err(|error| history_mistake(&error))?;
    let said = match &args.command {
        HookCommand::Install(_) => install(&repository)?,
        HookCommand::Uninstall(_) => {
            let (directory, path) = place_of(&repository)?;
            match hook::uninstall(&directory, NAME)? {
                Outcome::Plain => format!("removed `{path}`"),
                Outcome::Chained => format!("removed `{path}` and put back the hook that was there before"),
                Outcome::Nothing => format!("`{path}` is none of Deed's"),
            }
        }
    };
    print(|out| writeln!(out, "{said}"))?;
    Ok(Exit::Clean)
}

/// Installs the hook, and returns what is to be said of it.
pub(super) fn install(repository: &Repository) -> Result<String> {
    let (directory, path) = place_of(repository)?;
    Ok(match hook::install(&directory, NAME, &command()?)? {
        Outcome::Plain => format!("installed `{path}`"),
        Outcome::Chained => format!("installed `{path}`; the hook that was there runs first"),
        Outcome::Nothing => format!("`{path}` is installed already"),
    })
}

/// Whether the hook is installed.
pub(super) fn is_installed(repository: &Repository) -> Result<bool> {
    hook::is_installed(&hook::directory(repository), NAME)
}

/// Where hooks lie, and how ours is shown.
fn place_of(repository: &Repository) -> Result<(PathBuf, String)> {
    let directory = hook::directory(repository);
    let path = shown(&directory.join(NAME), &current_directory()?);
    Ok((directory, path))
}

/// What the hook runs: the program on PATH, else the one that installed it.
fn command() -> Result<String> {
    let program = std::env::current_exe().context("cannot find out where this program is")?;
    let program = program.to_string_lossy().replace('\'', r"'\''");
    Ok(format!(
        "program=$(command -v deed || echo '{program}')\nexec \"$program\" check --staged \"$(git rev-parse --show-toplevel)\""
    ))
}
