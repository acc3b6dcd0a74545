//! How far a day is away.

use deed_model::Date;

/// Returns how many days a day is after another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Returns a stretch of days for a sentence, as in "7 days", "4 months" or "2 years".
fn stretch(days: i64) -> String {
    let (count, unit) = match days {
        0..=60 => (days, "day"),
        61..=730 => (rounded(days * 4800, CYCLE), "month"),
        _ => (rounded(days * 400, CYCLE), "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// How many days 400 years of the calendar have.
const CYCLE: i64 = 146_097;

const fn rounded(count: i64, by: i64) -> i64 {
    (count + by / 2) / by
}

/// Returns where a day lies, as in "in 7 days", "today" or "3 months ago".
pub(crate) fn from_today(today: Date, day: Date) -> String {
    match days_between(today, day) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {}", stretch(days)),
        days => format!("{} ago", stretch(-days)),
    }
}

/// Returns how long something holds whose last day is given, as in "in 7 days" or "expired 3 days ago".
pub(crate) fn until(today: Date, last: Date) -> String {
    let far = from_today(today, last);
    if last < today { format!("expired {far}") } else { far }
}

#[cfg(test)]
mod tests {
    use deed_model::parse_date;

    use super::*;

    #[test]
    fn days_are_told_in_the_unit_people_think_in() {
        let date = |text| parse_date(text).expect("a date");
        let today = date("2026-11-24");
        for (day, said) in [
            ("2026-11-24", "today"),
            ("2026-11-25", "tomorrow"),
            ("2026-11-23", "expired yesterday"),
            ("2026-12-01", "in 7 days"),
            ("2026-11-21", "expired 3 days ago"),
            ("2027-03-01", "in 3 months"),
            ("2028-11-24", "in 2 years"),
            ("2020-01-01", "expired 7 years ago"),
            ("9999-12-31", "in 7973 years"),
        ] {
            assert_eq!(until(today, date(day)), said, "{day}");
        }
    }
}
