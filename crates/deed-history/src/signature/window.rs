//! When a key speaks for its owner, by what a manifest says of it.

use std::fmt;

use deed_model::{Date, Key};

use crate::Time;

/// Between which times something happened.
///
/// A commit's own time is what its maker claims; Git itself passes it on to ssh-keygen, so that an expired key signs
/// again in a commit that is dated back. What cannot be claimed at will is order: a commit was made after its parents
/// and before what descends from it. Hence the interval to judge by:
///
/// - not before the latest committer time of the commit and its ancestors;
/// - not after the committer time of the commit that adopted it or, where there is one, an independent time stamp of
///   a descendant, which makes the interval *anchored*.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interval {
    /// It did not happen before.
    pub not_before: Time,
    /// It did not happen after.
    pub not_after: Time,
    /// Whether somebody other than the makers of commits vouches for [`Interval::not_after`].
    pub anchored: bool,
}

impl Interval {
    /// Returns the interval between two claimed times; where they are in the wrong order, both are the later one.
    pub const fn between(not_before: Time, not_after: Time) -> Self {
        let not_after = if not_after.seconds < not_before.seconds { not_before } else { not_after };
        Self { not_before, not_after, anchored: false }
    }
}

/// Why a key was revoked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Its owner left.
    Left,
    /// It was given up, usually for another.
    Superseded,
    /// Others may have it. This is also what a revocation without a reason means, in OpenPGP as here.
    Compromised,
}

impl Reason {
    /// Returns the reason a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "left" => Self::Left,
            "superseded" => Self::Superseded,
            "compromised" => Self::Compromised,
            _ => return None,
        })
    }
}

/// The days on which a registered key speaks for its owner: `from`, `until`, `revoked` and `reason` of its entry.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Window {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// The day of its revocation, and why.
    pub revoked: Option<(Date, Reason)>,
}

impl Window {
    /// Whether the key was its owner's over the whole interval in which the signature was made.
    ///
    /// - The interval must begin on `from` or later, and end on `until` or earlier. A signature of which nobody can
    ///   tell whether it was made before or after the key's last day counts as made after it.
    /// - Revoked as `left` or `superseded`: the interval must end before that day. What was signed before stays signed.
    /// - Revoked as `compromised`, or without a reason: the same, and the interval must be anchored. Who stole the key
    ///   can date commits back as far as they like; only an independent time stamp says that a signature is older.
    ///
    /// Days are those of the time zone each end was written in.
    pub fn covers(&self, interval: &Interval) -> Result<(), Outside> {
        self.holds(interval.not_before.day(), interval.not_after.day(), interval.anchored)
    }

    /// Whether the key is its owner's on a day.
    pub fn holds_on(&self, day: Date) -> Result<(), Outside> {
        self.holds(day, day, false)
    }

    fn holds(&self, first: Date, last: Date, anchored: bool) -> Result<(), Outside> {
        if let Some(from) = self.from.filter(|from| first < *from) {
            return Err(Outside::Before(from));
        }
        if let Some((day, reason)) = self.revoked {
            judge_revocation(day, reason, last < day, anchored)?;
        }
        match self.until {
            Some(until) if last > until => Err(Outside::After(until)),
            _ => Ok(()),
        }
    }
}

impl From<&Key> for Window {
    /// Reads the fields of a key's entry; a reason that is missing or not known counts as compromise.
    fn from(key: &Key) -> Self {
        let reason = key.reason.as_ref().and_then(|reason| Reason::of_name(&reason.value));
        Self {
            from: key.from.as_ref().map(|day| day.value),
            until: key.until.as_ref().map(|day| day.value),
            revoked: key.revoked.as_ref().map(|day| (day.value, reason.unwrap_or(Reason::Compromised))),
        }
    }
}

/// Judges a revocation, given whether the interval ends before it.
pub(super) const fn judge_revocation(day: Date, reason: Reason, before: bool, anchored: bool) -> Result<(), Outside> {
    match reason {
        Reason::Left | Reason::Superseded if before => Ok(()),
        Reason::Compromised if before && anchored => Ok(()),
        Reason::Left | Reason::Superseded | Reason::Compromised => Err(Outside::Revoked(day, reason)),
    }
}

/// Why a key did not speak for its owner when a signature was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outside {
    /// The signature may be older than the key's first day.
    Before(Date),
    /// The signature may be younger than the key's last day.
    After(Date),
    /// The key was revoked on that day, and the signature is not provably older where that would save it.
    Revoked(Date, Reason),
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(day) => write!(f, "the key is valid from {day} only"),
            Self::After(day) => write!(f, "the key was valid until {day}"),
            Self::Revoked(day, Reason::Left) => write!(f, "the key was revoked on {day}, when its owner left"),
            Self::Revoked(day, Reason::Superseded) => write!(f, "the key was given up on {day}"),
            Self::Revoked(day, Reason::Compromised) => {
                write!(f, "the key was revoked on {day} as compromised, and no time stamp shows an earlier signature")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use deed_model::parse_date;

    use super::*;

    const HOUR: i64 = 3600;

    fn date(text: &str) -> Date {
        parse_date(text).expect("a date")
    }

    /// Noon of a day, in UTC.
    fn noon(text: &str) -> Time {
        let days = date("1970-01-01").until(date(text)).expect("a span").get_days();
        Time { seconds: i64::from(days) * 24 * HOUR + 12 * HOUR, offset_minutes: 0 }
    }

    fn interval(first: &str, last: &str) -> Interval {
        Interval::between(noon(first), noon(last))
    }

    #[test]
    fn a_day_is_the_writers_own() {
        let late = Time { seconds: noon("2026-01-01").seconds + 11 * HOUR, offset_minutes: 0 };
        assert_eq!(late.day(), date("2026-01-01"));
        assert_eq!(Time { offset_minutes: 120, ..late }.day(), date("2026-01-02"));
        assert_eq!(Time { seconds: -1, offset_minutes: 0 }.day(), date("1969-12-31"));
        assert_eq!(Time { seconds: i64::MIN, offset_minutes: i32::MIN }.day(), Date::MIN);
        assert_eq!(Time { seconds: i64::MAX, offset_minutes: i32::MAX }.day(), Date::MAX);
    }

    #[test]
    fn the_whole_interval_must_lie_between_from_and_until() {
        let window = Window { from: Some(date("2026-01-01")), until: Some(date("2026-12-31")), revoked: None };
        assert_eq!(window.covers(&interval("2026-01-01", "2026-12-31")), Ok(()));
        assert_eq!(window.covers(&interval("2025-12-31", "2026-02-01")), Err(Outside::Before(date("2026-01-01"))));
        assert_eq!(window.covers(&interval("2026-02-01", "2027-01-01")), Err(Outside::After(date("2026-12-31"))));
        // A commit that claims to be older than its parent was made no earlier than the parent.
        assert!(window.covers(&interval("2027-02-01", "2026-02-01")).is_err());
        assert_eq!(Window::default().covers(&interval("1970-01-01", "2100-01-01")), Ok(()));
    }

    #[test]
    fn what_a_leaver_signed_before_stays_signed() {
        for reason in [Reason::Left, Reason::Superseded] {
            let window = Window { revoked: Some((date("2026-06-30"), reason)), ..Window::default() };
            assert_eq!(window.covers(&interval("2026-06-01", "2026-06-29")), Ok(()));
            assert!(window.covers(&interval("2026-06-01", "2026-06-30")).is_err());
        }
    }

    #[test]
    fn a_compromised_key_needs_an_anchor() {
        let window = Window { revoked: Some((date("2026-06-30"), Reason::Compromised)), ..Window::default() };
        let claimed = interval("2025-01-01", "2025-01-02");
        assert_eq!(window.covers(&claimed), Err(Outside::Revoked(date("2026-06-30"), Reason::Compromised)));
        assert_eq!(window.covers(&Interval { anchored: true, ..claimed }), Ok(()));
        let later = Interval { anchored: true, ..interval("2026-06-01", "2026-07-01") };
        assert!(window.covers(&later).is_err());
    }
}
