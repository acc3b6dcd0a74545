//! The day everything is judged on.

use deed_model::{Date, parse_date};

/// Returns what the calendar on the wall says.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// Reads the value of `--today`.
pub(super) fn parse(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "write a day of the calendar as 2026-11-24".to_owned())
}
