//! Errors in words.

use crate::yaml::reader::{Cause, Failure};
use crate::yaml::recover::{Recovery, size};
use crate::yaml::repair::Repair;
use crate::{SyntaxError, SyntaxErrorKind};
use text_size::TextRange;

/// Says what is wrong.
pub(super) fn describe(
    _recovery: &Recovery<'_>,
    failure: &Failure,
    _repair: &Repair,
) -> SyntaxError {
    let range = TextRange::empty(size(failure.at));
    let message = match &failure.cause {
        Cause::Parser(kind) => kind.to_string(),
        cause => format!("{cause:?}"),
    };
    SyntaxError::new(SyntaxErrorKind::Syntax, range, message)
}
