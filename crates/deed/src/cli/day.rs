//! The day everything is judged on.

use clap::Args;
use deed_model::{Date, parse_date};

/// The day that was asked for.
#[derive(Args, Clone)]
pub(super) struct DayArgs {
    /// Day to judge on, as in 2026-12-31 [default: the day it is]
    #[arg(long, value_name = "DATE", value_parser = parse)]
    today: Option<Date>,
}

impl DayArgs {
    /// The day that was named, or the day it is.
    pub(super) fn day(&self) -> Date {
        self.today.unwrap_or_else(today)
    }

    /// Whether it goes by the calendar on the wall.
    pub(super) const fn is_open(&self) -> bool {
        self.today.is_none()
    }
}

/// Returns what the calendar on the wall says.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// Reads the value of `--today`.
pub(super) fn parse(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "write a day of the calendar as 2026-11-24".to_owned())
}
