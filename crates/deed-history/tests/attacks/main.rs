//! Attacks on the evidence of decisions, each in a repository made by the real `git`, and beside what Deed says of it, what
//! stock Git says.

mod branches;
mod content;
mod identity;
mod keys;
mod local;
mod meant;
mod organisation;
mod time;
