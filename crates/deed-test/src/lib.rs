//! What tests stand on: fixture strings, markers, repositories with fixed clocks and keys.
//!
//! In: a few calls that say who commits what, when and signed by whom. Out: a real repository, made by the real
//! `git`, whose commit ids are the same on every run. Knows nothing of Deed's other crates.
//!
//! Start reading at [`Repo`]; [`Story`] plays a long history from a text, and [`example`] is the one it was made for.

mod draft;
pub mod example;
pub mod fixture;
mod identity;
mod key;
mod keyring;
pub mod replay;
mod repo;
mod story;

pub use draft::Draft;
pub use identity::Identity;
pub use key::Key;
pub use keyring::Keyring;
pub use repo::Repo;
pub use story::Story;
