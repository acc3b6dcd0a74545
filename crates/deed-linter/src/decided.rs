//! Which of several decisions counts on a day.

use deed_model::{Date, Decision};

/// Returns the latest decision made by a day, be it in force or not.
pub(crate) fn latest(decisions: &[Decision], on: Date) -> Option<&Decision> {
    decisions
        .iter()
        .filter(|decision| decision.made_by(on))
        .max_by_key(|decision| decision.date.as_ref().map(|d| d.value))
}

/// Returns whether any decision is in force on a day.
pub(crate) fn any_in_force(decisions: &[Decision], on: Date) -> bool {
    decisions.iter().any(|decision| decision.in_force(on))
}
