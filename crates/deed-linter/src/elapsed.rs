//! How long ago, in words.

use deed_model::Date;

/// Returns the days from one day to a later one, as in "1 day" or "121 days".
pub(crate) fn days(from: Date, to: Date) -> String {
    let days = from.until(to).map_or(0, |span| span.get_days());
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}
