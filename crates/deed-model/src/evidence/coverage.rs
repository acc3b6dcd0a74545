//! What a decision covers: the fields of its subject that must not change without a new decision.

use crate::{Section, Verb};

/// Returns whether a decision of some kind covers a field of its own subject.
///
/// Never covered: other decisions, `status`, `evidence`, notes, what the user adds as `x-…`, and what is only entered
/// after the decision: that it was communicated, or that the subject is closed. Of a plan, `done` is not covered: whoever
/// compares leaves it out. A review covers nothing but time.
pub fn covers(section: Section, verb: Verb, field: &str) -> bool {
    if verb == Verb::Reviewed || field.starts_with("x-") || Verb::of_key(field).is_some() {
        return false;
    }
    match section {
        // Whoever holds the role changes, and each holder acknowledges it anew: what they took on is what covers.
        Section::Roles => matches!(field, "title" | "layer" | "authority" | "responsibilities" | "held_by"),
        // The model is what is adopted; the rest is approved.
        Section::Isms if verb == Verb::Adopted => field == "model",
        _ => !matches!(field, "status" | "evidence" | "note" | "closed" | "communicated"),
    }
}

/// Returns whether a decision also covers a field of subjects of another section: the approval of the Statement of
/// Applicability covers what it says of every control.
pub fn is_covered_elsewhere(decided: Section, verb: Verb, section: Section, field: &str) -> bool {
    decided == Section::Soa
        && verb == Verb::Approved
        && section == Section::Controls
        && matches!(field, "applicable" | "because" | "owner")
}
