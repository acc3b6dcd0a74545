//! Evidence in repositories as they are, and in repositories that somebody crafted.

mod hostile;
mod layouts;
#[path = "../attacks/organisation.rs"]
#[expect(dead_code, reason = "not all of it is asked for here")]
mod organisation;
