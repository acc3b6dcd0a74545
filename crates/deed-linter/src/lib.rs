//! Rules over the register: diagnostics and fixes.
//!
//! In: a [`deed_model::Workspace`], the day, and what is known of its history and of the files it refers to ([`Inputs`]).
//! Out: an [`Outcome`] of [`Diagnostic`]s in a fixed order, with fixes as data; what they ask of whom ([`tasks`]); what is
//! different between two states ([`difference`]).
//!
//! Knows nothing of Git, files on disk, the clock, terminals or protocols: evidence and time come in as arguments.
//!
//! Start at [`lint`], then `rules/mod.rs`; one rule is one `.rs`, one `.md` and one line there.

#![warn(clippy::disallowed_methods, reason = "rules do no I/O and read no clock")]

mod acceptance;
mod account;
mod annex;
mod config;
mod context;
mod damage;
mod decided;
mod department;
mod diagnostic;
pub mod difference;
mod duty;
mod elapsed;
mod engine;
#[cfg(test)]
mod examine;
mod fix;
mod insert;
mod justification;
mod mandate;
mod memo;
mod outdated;
mod ownership;
mod pass;
mod proof;
mod remove;
mod rewrite;
mod rule;
mod rules;
mod same;
mod suggest;
mod suppression;
mod task;
mod template;
mod tenure;
pub mod words;

pub use config::Config;
pub use context::Context;
pub use diagnostic::{Applicability, Diagnostic, FileEdit, Fix, Label, Severity};
pub use engine::{Inputs, Outcome, Suppressed, lint, lint_by, lint_only, prepare};
pub use fix::{Collected, Fixed, apply_fixes, collect_fixes, is_withheld};
pub use memo::Memo;
pub use proof::required;
pub use rule::{ByModel, Check, Default, Group, Rule, RuleOption, Setting, Weaker};
pub use rules::{RULES, rule};
pub use suppression::{Scope, Suppression};
pub use task::{Act, Doer, Reason, Task, tasks, tasks_now};
