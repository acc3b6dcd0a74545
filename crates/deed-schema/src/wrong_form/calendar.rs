//! Dates and periods as people write them.

/// Reads what is not a date yet: the date that was meant, if there is no doubt, or why there is no such day.
pub(super) fn date(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    // A time behind the date says nothing about the day.
    let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let mut parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    if let [digits] = parts[..]
        && digits.len() == 8
        && digits.is_ascii()
    {
        parts = vec![&digits[..4], &digits[4..6], &digits[6..]];
    }
    // Day and month can only be told apart where the year comes first.
    let [year, month, day] = parts[..] else { return Ok(None) };
    if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return Ok(None);
    }
    let number = |part: &str| part.parse::<u16>().ok().filter(|_| !part.starts_with('+'));
    let (Some(y), Some(m), Some(d)) = (number(year), number(month), number(day)) else {
        return Ok(None);
    };
    let Some(name) = usize::from(m).checked_sub(1).and_then(|index| MONTHS.get(index)) else {
        return Err("months go from 01 to 12".to_owned());
    };
    let days = days(y, m);
    if d == 0 || d > days {
        return Err(format!("{name} {year} has {days} days"));
    }
    Ok(Some(format!("{y:04}-{m:02}-{d:02}")))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn days(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads what is not a period yet: the period that was meant, if there is no doubt.
pub(super) fn period(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let word = match text.as_str() {
        "weekly" => "1w",
        "monthly" => "1mo",
        "quarterly" => "3mo",
        "half-yearly" | "semiannually" | "biannually" => "6mo",
        "yearly" | "annually" | "annual" => "12mo",
        _ => "",
    };
    if !word.is_empty() {
        return Some(word.to_owned());
    }
    // `p12m` is how ISO 8601 writes it.
    let text = text.strip_prefix('p').unwrap_or(&text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..digits].trim_start_matches('0');
    if number.is_empty() || number.len() > 5 {
        return None;
    }
    let unit = match text[digits..].trim_start_matches([' ', '-', '_']) {
        "d" | "day" | "days" => "d",
        "w" | "wk" | "wks" | "week" | "weeks" => "w",
        "m" | "mo" | "mos" | "mon" | "month" | "months" => "mo",
        "y" | "yr" | "yrs" | "year" | "years" => "y",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_with_the_year_first_is_understood() {
        for text in ["2026-1-5", "2026/01/05", "2026.1.05", "20260105", "2026-01-05T10:00:00Z"] {
            assert_eq!(date(text), Ok(Some("2026-01-05".to_owned())), "{text}");
        }
        for text in ["05.01.2026", "1/5/2026", "2026", "2026-01", "soon", "", "２０２６-01-05", "+026-1-5"] {
            assert_eq!(date(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_explained() {
        assert_eq!(date("2026-02-30"), Err("February 2026 has 28 days".to_owned()));
        assert_eq!(date("2028-02-30"), Err("February 2028 has 29 days".to_owned()));
        assert_eq!(date("1900-02-29"), Err("February 1900 has 28 days".to_owned()));
        assert_eq!(date("2026-04-31"), Err("April 2026 has 30 days".to_owned()));
        assert_eq!(date("2026-00-10"), Err("months go from 01 to 12".to_owned()));
        assert_eq!(date("2026-13-01"), Err("months go from 01 to 12".to_owned()));
        assert_eq!(date("2028-02-29"), Ok(Some("2028-02-29".to_owned())));
    }

    #[test]
    fn a_period_in_words_is_understood() {
        for (text, expected) in [
            ("12 months", "12mo"),
            ("6m", "6mo"),
            ("1 year", "1y"),
            ("P30D", "30d"),
            ("Annually", "12mo"),
            ("02w", "2w"),
        ] {
            assert_eq!(period(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["0d", "12", "mo", "1h", "1.5y", "999999999999d", "", "½y"] {
            assert_eq!(period(text), None, "{text}");
        }
    }
}
