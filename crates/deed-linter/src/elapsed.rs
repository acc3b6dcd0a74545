//! How long ago, or how far ahead, in words.

use deed_model::Date;

/// Returns when something was, or is to be, as in "on 2026-08-18, 98 days ago" or "on 2026-12-18, in 24 days".
pub(crate) fn when(day: Date, today: Date) -> String {
    format!("on {}", dated(day, today))
}

/// Returns a day and how far it is, as in "2026-08-18, 98 days ago" or "2026-12-18, in 24 days".
pub(crate) fn dated(day: Date, today: Date) -> String {
    match today.until(day).map_or(0, |span| span.get_days()) {
        0 => format!("{day}, which is today"),
        -1 => format!("{day}, 1 day ago"),
        days @ ..0 => format!("{day}, {} days ago", -days),
        1 => format!("{day}, in 1 day"),
        days => format!("{day}, in {days} days"),
    }
}

/// Returns the words for what is over by now, or for what is not.
pub(crate) fn tense<'w>(day: Date, today: Date, over: &'w str, to_come: &'w str) -> &'w str {
    if day < today { over } else { to_come }
}

#[cfg(test)]
mod tests {
    use deed_model::parse_date;

    use super::*;

    #[test]
    fn a_day_is_told_from_both_sides() {
        let date = |text| parse_date(text).expect("a date");
        let told = |day| when(date(day), date("2026-03-01"));
        assert_eq!(told("2026-02-28"), "on 2026-02-28, 1 day ago");
        assert_eq!(told("2025-12-31"), "on 2025-12-31, 60 days ago");
        assert_eq!(told("2026-03-01"), "on 2026-03-01, which is today");
        assert_eq!(told("2026-03-02"), "on 2026-03-02, in 1 day");
        assert_eq!(told("2026-04-01"), "on 2026-04-01, in 31 days");
        assert_eq!(tense(date("2026-03-01"), date("2026-03-01"), "ended", "ends"), "ends");
    }
}
