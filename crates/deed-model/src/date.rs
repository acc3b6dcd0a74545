//! Days and periods. There is no "now" here.

use std::fmt;

pub use jiff::civil::Date;

/// Parses a `YYYY-MM-DD` date that exists in the calendar.
///
/// Returns `None` for anything else, other ISO 8601 forms included.
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().ok();
    Date::new(number(0..4)?, i8::try_from(number(5..7)?).ok()?, i8::try_from(number(8..10)?).ok()?).ok()
}

/// The unit of a [`Period`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeriodUnit {
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `mo`
    Months,
    /// `y`
    Years,
}

/// A period such as `30d`, `6w`, `12mo` or `2y`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// How many units; at least one.
    pub count: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

impl Period {
    /// Parses `30d`, `6w`, `12mo`, `2y`; returns `None` for anything else or a count of zero.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, unit) = text.split_at(digits);
        let count = count.parse().ok().filter(|count| (1..=100_000).contains(count))?;
        let unit = match unit {
            "d" => PeriodUnit::Days,
            "w" => PeriodUnit::Weeks,
            "mo" => PeriodUnit::Months,
            "y" => PeriodUnit::Years,
            _ => return None,
        };
        Some(Self { count, unit })
    }

    /// Returns the day this period after `date`, or the last day of the calendar where that is beyond it.
    ///
    /// A month ends on its last day: `2026-01-31` and one month is `2026-02-28`.
    pub fn after(self, date: Date) -> Date {
        date.checked_add(self.span()).unwrap_or(Date::MAX)
    }

    /// Returns the day this period before `date`, or the first day of the calendar.
    pub fn before(self, date: Date) -> Date {
        date.checked_sub(self.span()).unwrap_or(Date::MIN)
    }

    /// Returns the period for a sentence, as in "12 months".
    pub fn words(self) -> String {
        let unit = match self.unit {
            PeriodUnit::Days => "day",
            PeriodUnit::Weeks => "week",
            PeriodUnit::Months => "month",
            PeriodUnit::Years => "year",
        };
        format!("{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }

    fn span(self) -> jiff::Span {
        let count = i64::from(self.count);
        match self.unit {
            PeriodUnit::Days => jiff::Span::new().days(count),
            PeriodUnit::Weeks => jiff::Span::new().weeks(count),
            PeriodUnit::Months => jiff::Span::new().months(count),
            // A span holds at most 19,998 years; a longer one is the end of the calendar anyway.
            PeriodUnit::Years => jiff::Span::new().years(count.min(19_998)),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Days => "d",
            PeriodUnit::Weeks => "w",
            PeriodUnit::Months => "mo",
            PeriodUnit::Years => "y",
        };
        write!(f, "{}{unit}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        parse_date(text).expect("a date")
    }

    #[test]
    fn periods_follow_the_calendar() {
        let after = |period: &str, day: &str| Period::parse(period).expect("a period").after(date(day));
        assert_eq!(after("1mo", "2026-01-31"), date("2026-02-28"));
        assert_eq!(after("12mo", "2024-02-29"), date("2025-02-28"));
        assert_eq!(after("6w", "2026-01-01"), date("2026-02-12"));
        assert_eq!(after("100000y", "2026-01-01"), Date::MAX);
        assert_eq!(Period::parse("30d").expect("a period").before(date("2026-03-01")), date("2026-01-30"));
    }

    #[test]
    fn periods_read_well_in_a_sentence() {
        let words = |text| Period::parse(text).expect("a period").words();
        assert_eq!([words("12mo"), words("1y"), words("90d")], ["12 months", "1 year", "90 days"]);
    }

    #[test]
    fn anything_else_is_no_period() {
        for text in ["", "0d", "d", "6", "6 mo", "-6mo", "6m", "1.5y", "99999999999d"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_real_days_are_dates() {
        for text in ["2026-02-30", "2026-2-3", "20260203", "2026-13-01", "2026-01-01T00:00", "２026-01-0"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert_eq!(parse_date("2024-02-29").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
    }
}
