//! Who an answer is for.

use clap::ValueEnum;

/// The format of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one document, described by `deed schema`
    Json,
}
