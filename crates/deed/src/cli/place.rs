//! Where the workspace is.

use std::path::PathBuf;

use clap::Args;

/// The workspace that is looked at.
#[derive(Args, Clone)]
pub(super) struct PlaceArgs {
    /// Directory of the workspace
    #[arg(long, short = 'C', value_name = "DIR", default_value = ".")]
    pub(super) directory: PathBuf,
}
