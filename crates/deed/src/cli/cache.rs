//! `deed cache`

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

use super::evidence::history_mistake;
use super::print;
use crate::exit::Exit;
use crate::load::history;

/// Manage what is kept of history below the Git directory
///
/// What was read of trees and manifests is kept in `deed/` below the Git directory that all worktrees share, by object
/// id: it is never out of date, and never more than 64 MiB for a workspace. Signatures are verified anew in every run.
#[derive(Args)]
pub(super) struct CacheArgs {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Subcommand)]
enum CacheCommand {
    /// Remove all of it; the next run reads Git again
    Clear {
        /// A directory of the repository
        #[arg(long, short = 'C', value_name = "DIR", default_value = ".")]
        directory: PathBuf,
    },
}

pub(super) fn run(args: &CacheArgs) -> Result<Exit> {
    let CacheCommand::Clear { directory } = &args.command;
    let removed = history::clear_cache(directory).map_err(|error| history_mistake(&error))?;
    let bytes = removed.context("cannot remove what is kept")?;
    print(|out| writeln!(out, "removed {} KiB", bytes.div_ceil(1024)))?;
    Ok(Exit::Clean)
}
