//! What history can prove of decisions: types only, filled in by whoever reads Git.

mod coverage;
mod fact;
mod level;
mod problem;

pub use coverage::{covers, is_covered_elsewhere};
pub use fact::{
    Act, Alias, Branch, Change, Checkpoint, CommitFacts, DecisionEvidence, DecisionRef, Gap, History, Proof, Signatory,
    Signature, SignatureStatus, TrustRoot, Vanished, day_of,
};
pub use level::Level;
pub use problem::{KeyFlaw, Problem};
