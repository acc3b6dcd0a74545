//! The real binary, run on directories of its own with nothing of the environment: text, exit codes, fixes, files that
//! cannot be read.
// Hooks, links, modes and signals are made here as a Unix has them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod blame;
mod cache;
mod color;
mod decide;
mod decide_first;
mod decide_hooks;
mod decide_team;
mod diff;
mod discovery;
mod exit_codes;
mod fixing;
mod formats;
mod harness;
mod history;
mod hook;
mod init;
mod json;
mod reference;
mod standard_input;
mod states;
mod text;
mod todo;
mod watch;
