//! The register through history: which commit gave each value, for every subject at every commit.
//!
//! Start at [`flow`].

pub(crate) mod canonical;
pub(crate) mod facts;
pub(crate) mod flow;
pub(crate) mod roots;
pub(crate) mod state;
