//! How history is looked at.

use clap::Args;

use crate::load::history::Proof;

/// What of history counts, where it may be left out of account.
#[derive(Args, Clone)]
pub(crate) struct ProofArgs {
    /// Go by what the manifests say, and leave what history proves of it out of account
    #[arg(long, help_heading = "History", conflicts_with = "trust_root")]
    no_evidence: bool,

    #[command(flatten)]
    past: PastArgs,
}

/// What of history counts.
#[derive(Args, Clone)]
pub(crate) struct PastArgs {
    /// Commit from which on history is trusted, instead of Git's setting `deed.trustRoot`
    #[arg(long, value_name = "COMMIT", help_heading = "History")]
    trust_root: Option<String>,

    /// Read all of history from Git, and believe nothing that was kept from earlier runs
    #[arg(long, help_heading = "History")]
    no_cache: bool,
}

impl ProofArgs {
    /// How to look at it; not at all where it is left out of account.
    pub(crate) fn proof(&self) -> Option<Proof> {
        (!self.no_evidence).then(|| self.past.proof())
    }
}

impl PastArgs {
    /// How to look at it.
    pub(crate) fn proof(&self) -> Proof {
        Proof { revision: None, trust_root: self.trust_root.clone(), no_cache: self.no_cache }
    }
}
