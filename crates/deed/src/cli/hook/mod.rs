//! `deed hook`

mod advice;
mod gate;

use std::io::{self, Read as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use deed_history::Repository;

use self::gate::{Gate, Update};
use super::evidence::history_mistake;
use super::output::{joined, shown};
use super::{day, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::current_directory;
use crate::load::hook::{self, Outcome};

/// Have Git run Deed when something is committed or pushed
///
/// `pre-commit` runs `deed check --staged`: it judges the index, whatever lies beside it, and stops a commit that would bring
/// in errors. `commit-msg` says whose decisions a commit records for somebody else; it stops nothing. `pre-push`, and on a
/// server `pre-receive`, judge what a push would bring to the evidence branch, by the rules, keys and authority of the register
/// before it. A hook that is there already runs first. Git's setting `core.hooksPath` is respected;
/// where it is that of all repositories, `--global` says that they are meant.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed hook install               from now on
  deed hook install pre-receive   on the server that others push to
  git commit --no-verify          for once without them
  deed hook uninstall             no more")]
pub(super) struct HookArgs {
    #[command(subcommand)]
    command: HookCommand,
}

#[derive(Subcommand)]
enum HookCommand {
    /// Install hooks; what is there already runs first
    Install(Installed),
    /// Take them out, and put back what was there before
    Uninstall(Installed),
    /// Do what a hook does: Git runs this
    Run(Run),
}

#[derive(Args)]
struct Installed {
    /// Which [default: all but `pre-receive`; in a bare repository, that one]
    #[arg(value_name = "HOOK")]
    hooks: Vec<Name>,

    /// A directory of the repository
    #[arg(long, short = 'C', value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Also where `core.hooksPath` has other repositories run the same hooks
    #[arg(long)]
    global: bool,
}

#[derive(Args)]
struct Run {
    /// Which
    #[arg(value_name = "HOOK")]
    hook: Name,

    /// What Git gives to the hook
    #[arg(value_name = "ARGUMENT", allow_hyphen_values = true, trailing_var_arg = true)]
    arguments: Vec<String>,
}

/// A hook of Git's that Deed has something to do in, see githooks(5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Name {
    /// Judges what is about to be committed
    PreCommit,
    /// Says whose decisions are recorded for somebody else
    CommitMsg,
    /// Judges what is pushed to the evidence branch
    PrePush,
    /// Judges it on the server
    PreReceive,
}

impl Name {
    /// Those of a repository in which people work.
    const CLIENT: [Self; 3] = [Self::PreCommit, Self::CommitMsg, Self::PrePush];

    const fn as_str(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::CommitMsg => "commit-msg",
            Self::PrePush => "pre-push",
            Self::PreReceive => "pre-receive",
        }
    }

    /// Whether Git tells it something on standard input.
    const fn is_told(self) -> bool {
        matches!(self, Self::PrePush | Self::PreReceive)
    }

    /// What it runs.
    fn command(self) -> String {
        match self {
            // Where there is no manifest there is nothing to stop.
            Self::PreCommit => {
                "check --staged \"$(git rev-parse --show-toplevel)\" || { status=$?; [ $status -eq 3 ] || exit $status; }".to_owned()
            }
            _ => format!("hook run {} \"$@\"", self.as_str()),
        }
    }
}

pub(super) fn run(args: &HookArgs) -> Result<Exit> {
    let open = |place: &Installed| {
        let repository = Repository::open(&place.directory).map_err(|error| history_mistake(&error))?;
        if place.global { Ok(repository) } else { alone(repository) }
    };
    let said = match &args.command {
        HookCommand::Install(place) => {
            let repository = open(place)?;
            let named = &place.hooks[..];
            install_all(&repository, if named.is_empty() { names(&repository) } else { named })?
        }
        HookCommand::Uninstall(place) => {
            let named = &place.hooks[..];
            uninstall(&open(place)?, if named.is_empty() { Name::value_variants() } else { named })?
        }
        HookCommand::Run(run) => return hook(run),
    };
    print(|out| writeln!(out, "{said}"))?;
    Ok(Exit::Clean)
}

/// The hooks that a repository is given where none are named.
fn names(repository: &Repository) -> &'static [Name] {
    if repository.workdir().is_some() { &Name::CLIENT } else { &[Name::PreReceive] }
}

/// Refuses a repository whose hooks are those of others, too.
fn alone(repository: Repository) -> Result<Repository> {
    if !is_shared(&repository) {
        return Ok(repository);
    }
    let (_, place) = place_of(&repository)?;
    let own = hook::own_directory(&repository);
    Err(Mistake::new(format!("`core.hooksPath` has all your repositories run the hooks in {place}"))
        .hint(format!(
            "for this one alone: `git config --local core.hooksPath {}`; those in {place} then run here no more",
            own.display()
        ))
        .hint("for all of them: with `--global`; in a repository without manifests they do nothing")
        .into())
}

/// Whether the hooks of a repository are those of others, too.
pub(super) fn is_shared(repository: &Repository) -> bool {
    hook::is_shared(repository)
}

/// Installs the hooks, and returns what is to be said of it.
pub(super) fn install(repository: Repository) -> Result<String> {
    let repository = alone(repository)?;
    install_all(&repository, names(&repository))
}

/// Whether the hooks are installed.
pub(super) fn is_installed(repository: &Repository) -> Result<bool> {
    let directory = hook::directory(repository);
    let all = names(repository).iter().map(|name| hook::is_installed(&directory, name.as_str()));
    Ok(all.collect::<Result<Vec<bool>>>()?.into_iter().all(|is_installed| is_installed))
}

fn install_all(repository: &Repository, names: &[Name]) -> Result<String> {
    let program = std::env::current_exe().context("cannot find out where this program is")?;
    let (directory, place) = place_of(repository)?;
    let (mut installed, mut first) = (Vec::new(), Vec::new());
    for name in names {
        let outcome = hook::install(&directory, name.as_str(), &program, &name.command(), name.is_told())?;
        installed.extend((outcome != Outcome::Nothing).then_some(*name));
        first.extend((outcome == Outcome::Chained).then_some(*name));
    }
    let mut said = match &installed[..] {
        [] => format!("{} installed in {place} already", is_or_are(names)),
        installed => format!("installed {} in {place}", listed(installed)),
    };
    if !first.is_empty() {
        let run = if first.len() == 1 { "runs" } else { "run" };
        said += &format!("; the {} that was there {run} first", listed(&first));
    }
    Ok(said)
}

fn uninstall(repository: &Repository, names: &[Name]) -> Result<String> {
    let (directory, place) = place_of(repository)?;
    let (mut removed, mut back) = (Vec::new(), Vec::new());
    for name in names {
        let outcome = hook::uninstall(&directory, name.as_str())?;
        removed.extend((outcome != Outcome::Nothing).then_some(*name));
        back.extend((outcome == Outcome::Chained).then_some(*name));
    }
    if removed.is_empty() {
        return Ok(format!("no hook in {place} is Deed's"));
    }
    let mut said = format!("removed {} from {place}", listed(&removed));
    if !back.is_empty() {
        said += &format!("; put back the {} that was there before", listed(&back));
    }
    Ok(said)
}

/// Where hooks lie, and how that is shown.
fn place_of(repository: &Repository) -> Result<(PathBuf, String)> {
    let directory = hook::directory(repository);
    let place = format!("`{}`", shown(&directory, &current_directory()?));
    Ok((directory, place))
}

fn listed(names: &[Name]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_str())).collect();
    joined(&names)
}

fn is_or_are(names: &[Name]) -> String {
    format!("{} {}", listed(names), if names.len() == 1 { "is" } else { "are" })
}

/// Does what a hook does.
fn hook(run: &Run) -> Result<Exit> {
    let update: fn(&str) -> Option<Update> = match run.hook {
        Name::PreCommit => {
            return Err(Mistake::new("`pre-commit` runs `deed check --staged`, and nothing else").into());
        }
        Name::CommitMsg => {
            // Advice stops nothing, not even where there is none to give.
            if let Err(error) = advice::give() {
                say("warning", &format!("whose decisions this commit records is not known: {error}"));
            }
            return Ok(Exit::Clean);
        }
        Name::PrePush => Update::pushed,
        Name::PreReceive => Update::received,
    };
    let mut updates = Vec::new();
    let mut told = Vec::new();
    io::stdin().read_to_end(&mut told).context("cannot read what Git says on standard input")?;
    for line in String::from_utf8_lossy(&told).lines() {
        if !line.is_empty() {
            updates.push(update(line).ok_or_else(|| {
                Mistake::new(format!("`{line}` is not what Git says to `{}`", run.hook.as_str()))
                    .hint("this is for Git to run: `deed hook install`")
            })?);
        }
    }
    let is_server = run.hook == Name::PreReceive;
    let objects = if is_server { objects() } else { Vec::new() };
    Gate { directory: PathBuf::from("."), objects, is_server, today: day::today() }.judge(&updates)
}

/// Where Git says that objects lie: those of a push it keeps apart until it is accepted, see git-receive-pack(1) and git(1).
fn objects() -> Vec<PathBuf> {
    let single = ["GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY"].into_iter().filter_map(std::env::var_os);
    let several = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
    let all = single.map(PathBuf::from).chain(std::env::split_paths(&several));
    all.filter(|place| !place.as_os_str().is_empty()).collect()
}
