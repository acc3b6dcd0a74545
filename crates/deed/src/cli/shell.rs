//! `deed schema`, `deed completions`, `deed man`: what other programs want to know about this one.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, print};
use crate::exit::{Exit, Mistake};
use crate::load;

/// Print a JSON Schema: that of manifests, or that of an output
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed schema > deed.schema.json     for an editor: validation, completion and hover in any manifest
  deed schema check                  what `deed check --format json` prints")]
pub(super) struct SchemaArgs {
    /// What to print the schema of
    #[arg(value_enum, default_value_t)]
    of: SchemaOf,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum SchemaOf {
    /// Manifests
    #[default]
    Manifest,
    /// The output of `deed check --format json`
    Check,
    /// The output of `deed evidence --format json`
    Evidence,
    /// The output of `deed blame --format json`
    Blame,
    /// The output of `deed who --format json`
    Who,
    /// The output of `deed log --format json`
    Log,
    /// The output of `deed todo --format json`
    Todo,
    /// The output of `deed diff --format json`
    Diff,
    /// The file `deed-baseline.json`
    Baseline,
}

pub(super) fn schema(args: &SchemaArgs) -> Result<Exit> {
    let text = match args.of {
        SchemaOf::Manifest => deed_schema::SCHEMA,
        SchemaOf::Check => include_str!("../../../../schemas/check.schema.json"),
        SchemaOf::Evidence => include_str!("../../../../schemas/evidence.schema.json"),
        SchemaOf::Blame => include_str!("../../../../schemas/blame.schema.json"),
        SchemaOf::Who => include_str!("../../../../schemas/who.schema.json"),
        SchemaOf::Log => include_str!("../../../../schemas/log.schema.json"),
        SchemaOf::Todo => include_str!("../../../../schemas/todo.schema.json"),
        SchemaOf::Diff => include_str!("../../../../schemas/diff.schema.json"),
        SchemaOf::Baseline => include_str!("../../../../schemas/baseline.schema.json"),
    };
    print(|out| writeln!(out, "{}", text.trim_end()))?;
    Ok(Exit::Clean)
}

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed completions bash > ~/.local/share/bash-completion/completions/deed
  deed completions zsh > ~/.zfunc/_deed
  deed completions fish > ~/.config/fish/completions/deed.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "deed", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}

/// Print a manual page
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed man | man -l -                          read the page of `deed`
  deed man check                               print the page of `deed check`
  deed man --dir ~/.local/share/man/man1       write the pages of all commands")]
pub(super) struct ManArgs {
    /// The command to print the page of [default: deed itself]
    command: Option<String>,

    /// Write the pages of all commands into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

pub(super) fn man(args: &ManArgs) -> Result<Exit> {
    let mut deed = Cli::command().disable_help_subcommand(true);
    deed.build();
    if let Some(dir) = &args.dir {
        for command in deed.get_subcommands().chain([&deed]) {
            let page = Man::new(command.clone());
            let path = dir.join(page.get_filename());
            load::create(&path, &rendered(page)?).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        return Ok(Exit::Clean);
    }
    let command = match &args.command {
        None => &deed,
        Some(name) => deed.find_subcommand(name).ok_or_else(|| {
            Mistake::new(format!("there is no command `{name}`")).hint("`deed --help` lists the commands")
        })?,
    };
    let page = rendered(Man::new(command.clone()))?;
    print(|out| out.write_all(&page))?;
    Ok(Exit::Clean)
}

fn rendered(page: Man) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    page.source(concat!("deed ", env!("CARGO_PKG_VERSION"))).manual("Deed").render(&mut text)?;
    Ok(text)
}
