//! The command line: one module and one variant of [`Command`] each.

mod blame;
mod broken;
mod cache;
mod check;
mod csv;
pub(crate) mod day;
mod decide;
mod diff;
mod evidence;
mod explain;
mod first;
mod format;
mod hook;
mod init;
mod lines;
mod log;
mod markdown;
mod output;
mod place;
mod progress;
mod proof;
mod rules;
mod shell;
mod subject;
mod terminal;
mod todo;
mod who;
mod wrap;

use std::io::{self, Write};

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use anstream::AutoStream;
use anyhow::Result;
use clap::{Parser, Subcommand};

pub(crate) use self::broken::unreadable;
pub(crate) use self::evidence::history_mistake;
pub(crate) use self::output::url as rule_url;
use self::terminal::Color;
use crate::exit::Exit;

/// Check who owns what in an ISO/IEC 27001 management system, and whether it holds
///
/// Deed reads the manifests of an ownership model (`deed.yaml`, `*.deed.yaml`) and says where it does not hold: what
/// nobody owns, what the wrong people decided, what has expired.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
#[command(
    after_help = "Start with `deed init`, then `deed check`. Exit codes: 0 clean, 1 diagnostics, 2 could not run, 3 no manifest."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, display_order = 900)]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Evidence(evidence::EvidenceArgs),
    Decide(decide::DecideArgs),
    Blame(blame::BlameArgs),
    Who(who::WhoArgs),
    Log(log::LogArgs),
    Todo(todo::TodoArgs),
    Diff(diff::DiffArgs),
    Explain(explain::ExplainArgs),
    Rules(rules::RulesArgs),
    Hook(hook::HookArgs),
    Cache(cache::CacheArgs),
    Lsp(crate::lsp::LspArgs),
    Schema(shell::SchemaArgs),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// Runs the command that was given.
pub(crate) fn run(cli: &Cli) -> Result<Exit> {
    match &cli.command {
        Command::Init(args) => init::run(args, cli.color),
        Command::Check(args) => check::run(args, cli.color),
        Command::Decide(args) => decide::run(args, cli.color),
        Command::Blame(args) => blame::run(args, cli.color),
        Command::Evidence(args) => evidence::run(args, cli.color),
        Command::Who(args) => who::run(args, cli.color),
        Command::Log(args) => log::run(args, cli.color),
        Command::Todo(args) => todo::run(args, cli.color),
        Command::Diff(args) => diff::run(args, cli.color),
        Command::Explain(args) => explain::run(args, cli.color),
        Command::Rules(args) => rules::run(args, cli.color),
        Command::Hook(args) => hook::run(args),
        Command::Cache(args) => cache::run(args),
        Command::Lsp(args) => crate::lsp::run(args),
        Command::Schema(args) => shell::schema(args),
        Command::Completions(args) => shell::completions(args),
        Command::Man(args) => shell::man(args),
    }
}

/// Says something on standard error, as in `error: …` or `hint: …`.
pub(crate) fn say(kind: &str, text: &str) {
    let stream = io::stderr();
    let choice = AutoStream::choice(&stream);
    let style = match kind {
        "error" => AnsiColor::BrightRed.on_default().effects(Effects::BOLD),
        "warning" => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
        "hint" => AnsiColor::BrightCyan.on_default().effects(Effects::BOLD),
        _ => Style::new().effects(Effects::BOLD),
    };
    // Where standard error is gone there is nobody left to tell.
    let _ = writeln!(AutoStream::new(stream, choice), "{style}{kind}:{style:#} {text}");
}

/// Writes to standard output. That nobody reads to the end (`| head`) is no error.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, unbroken());
    let written = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer must not be tried again when it is dropped.
    let (_, _) = out.into_parts();
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Standard output as it comes, in which nobody looks for ends of lines to write at.
fn unbroken() -> Box<dyn Write> {
    let stdout = io::stdout();
    #[cfg(unix)]
    if let Ok(own) = std::os::fd::AsFd::as_fd(&stdout).try_clone_to_owned() {
        return Box::new(std::fs::File::from(own));
    }
    Box::new(stdout.lock())
}
