//! Which of several decisions counts on a day.

use deed_model::{Date, Decision, Head, Isms, Spanned, Verb};

use crate::Context;

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

/// Returns whether nothing is decided by today: the field is absent, or every decision has a date to come.
///
/// A malformed decision may have been meant as one; it is left to the schema.
pub(crate) fn is_undecided(ctx: &Context<'_>, head: &Head, verb: Verb, decisions: &[Decision]) -> bool {
    if decisions.is_empty() {
        return !ctx.is_written(head, verb.key());
    }
    decisions.iter().all(|decision| decision.date.as_ref().is_some_and(|date| **date > ctx.today))
}

/// Returns the day the management system was first adopted or approved.
pub(crate) fn begun(isms: &Isms, today: Date) -> Option<&Spanned<Date>> {
    let made = isms.adopted.iter().chain(&isms.approved).filter(|decision| decision.made_by(today));
    made.filter_map(|decision| decision.date.as_ref()).min_by_key(|date| date.value)
}

/// Returns the end of the latest decision where none is in force any more.
pub(crate) fn ended(decisions: &[Decision], on: Date) -> Option<&Spanned<Date>> {
    if any_in_force(decisions, on) {
        return None;
    }
    let decision = latest(decisions, on)?;
    // One that ends before it begins is `reversed-interval`.
    let begins = decision.date.as_ref().map(|date| date.value);
    decision.until.as_ref().filter(|until| begins.is_none_or(|begins| begins <= until.value))
}
