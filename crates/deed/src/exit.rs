//! How a run ends, and what is said when it could not run.

use std::fmt;
use std::process::ExitCode;

/// What the process tells its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Diagnostics at or above `--fail-on`, or changes that `--diff` shows.
    Diagnostics = 1,
    /// It could not run, or not look at everything: usage, configuration, files that cannot be read or written.
    Failed = 2,
    /// There is no manifest to look at.
    NoManifest = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A mistake of the user's, with what to do about it.
#[derive(Debug)]
pub(crate) struct Mistake {
    message: String,
    hints: Vec<String>,
    exit: Exit,
}

impl Mistake {
    /// Says what is wrong: one sentence, lower case, without a full stop.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hints: Vec::new(), exit: Exit::Failed }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Ends the run in another way than [`Exit::Failed`].
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

/// Returns whether an error is that there is no manifest to look at.
pub(crate) fn is_no_manifest(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Mistake>().is_some_and(|mistake| mistake.exit == Exit::NoManifest)
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

/// Returns the lines that are printed about an error, and how the run ends.
pub(crate) fn explained(error: &anyhow::Error) -> (Vec<(&'static str, String)>, Exit) {
    let mut lines = vec![("error", error.to_string())];
    lines.extend(error.chain().skip(1).map(|cause| ("cause", cause.to_string())));
    let mistake = error.downcast_ref::<Mistake>();
    lines.extend(mistake.iter().flat_map(|mistake| &mistake.hints).map(|hint| ("hint", hint.clone())));
    (lines, mistake.map_or(Exit::Failed, |mistake| mistake.exit))
}
