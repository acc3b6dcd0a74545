//! The `deed` binary: thin faces over the library crates.
//!
//! In: a command line. Out: text on standard output, an exit code, and with `--fix` changed manifests. Knows nothing of
//! how a rule finds what it finds; `load` is the only place that reads files.
//!
//! Start at `cli::run`, then `cli/check.rs`; `load` is what it stands on.

#![warn(clippy::disallowed_methods, reason = "`load` reads files, `cli/day.rs` reads the clock")]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod cli;
mod exit;
mod load;
mod lsp;

use std::panic;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        cli::say("error", &format!("this is a bug in Deed: {panic}"));
        cli::say("hint", concat!("please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues"));
    }));
    let cli = cli::Cli::parse();
    let exit = panic::catch_unwind(|| match cli::run(&cli) {
        Ok(exit) => exit,
        Err(error) => {
            let (lines, exit) = exit::explained(&error);
            for (kind, line) in lines {
                cli::say(kind, &line);
            }
            exit
        }
    });
    exit.unwrap_or(exit::Exit::Failed).into()
}
