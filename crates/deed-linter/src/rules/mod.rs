//! The rules: one `.rs` and one `.md` each, and one line in each of the two lists here.

use crate::Rule;

mod duplicate_key;
mod expired_suppression;
mod schema_violation;
mod syntax_error;
mod unowned_control;
mod unreasoned_suppression;
mod unused_suppression;

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[
    &duplicate_key::RULE,
    &expired_suppression::RULE,
    &schema_violation::RULE,
    &syntax_error::RULE,
    &unowned_control::RULE,
    &unreasoned_suppression::RULE,
    &unused_suppression::RULE,
];

/// Returns a rule by its id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&id, |rule| rule.id).ok().map(|index| RULES[index])
}
