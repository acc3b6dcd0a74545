//! What tests stand on: fixture strings, markers, repositories with fixed clocks and keys.
//!
//! In: a few calls that say who commits what, when and signed by whom. Out: a real repository, made by the real
//! `git`, whose commit ids are the same on every run. Knows nothing of Deed's other crates.
//!
//! Start reading at [`Repo`].

mod draft;
pub mod fixture;
mod identity;
mod key;
mod repo;

pub use draft::Draft;
pub use identity::Identity;
pub use key::Key;
pub use repo::Repo;
