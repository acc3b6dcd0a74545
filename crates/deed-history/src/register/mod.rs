//! The register through history: which commit gave each value, for every subject at every commit.
//!
//! Start at [`flow`].

pub(crate) mod canonical;
pub(crate) mod differing;
pub(crate) mod facts;
mod facts_code;
pub(crate) mod flow;
pub(crate) mod memo;
pub(crate) mod parts;
pub(crate) mod roots;
pub(crate) mod state;
