//! What an editor shows of manifests: hover, lenses, hints, tokens, links, lines of reporting, the overview.
#![allow(clippy::unwrap_used, reason = "tests")]

mod hint;
mod hover;
mod lens;
mod outside;
mod overview;
mod robust;
mod stage;
mod structure;
mod token;
