//! Rule `missed-management-review`.

use deed_model::{Review, ReviewKind};

use crate::decided::{begun, latest};
use crate::elapsed::{tense, when};
use crate::ownership::owner_in_words;
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "missed-management-review",
    group: Group::Reviews,
    source: "ISO/IEC 27001:2022 9.3.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "management has not reviewed the ISMS in time",
    options: &[RuleOption {
        name: "period",
        summary: "how often management reviews the ISMS where `isms.review` does not say",
        default: Default::Period(ByModel::all("12mo")),
        weaker: Weaker::More,
    }],
    docs: include_str!("missed_management_review.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    let Some(isms) = register.isms() else { return };
    let period = isms.review.as_ref().map_or_else(|| ctx.period("period"), |review| review.value);
    let is_management =
        |review: &&Review| review.kind.as_ref().is_some_and(|kind| **kind == ReviewKind::ManagementReview);
    let reviews: Vec<_> = register.reviews.iter().filter(is_management).collect();
    let held = reviews.iter().filter_map(|review| latest(&review.held, today)?.date.as_ref());
    let last = held.max_by_key(|date| date.value);
    let begun = begun(isms, today);
    let due = last.or(begun).map(|date| period.after(**date));
    let (place, message) = match (last, due) {
        (_, Some(due)) if !ctx.is_over(due) => return,
        (Some(last), Some(due)) => {
            (last.span, format!("the management review {} due {}", tense(due, today, "was", "is"), when(due, today)))
        }
        (None, Some(due)) => {
            let was = tense(due, today, "was", "is");
            (isms.head.key, format!("the first management review {was} due {}", when(due, today)))
        }
        (_, None) => (isms.head.key, "no management review has ever been held".to_owned()),
    };
    let chair = isms.owner.first().and_then(|owner| owner_in_words(register, owner, today));
    let chair = chair.unwrap_or_else(|| "top management".to_owned());
    let diagnostic = ctx.report(place, message);
    if let Some(due) = due {
        diagnostic.due(due);
    }
    match (&isms.review, begun) {
        (Some(review), _) => {
            diagnostic.label(review.span, "how often management is to review the ISMS");
        }
        (None, Some(begun)) if last.is_none() => {
            diagnostic.label(begun.span, "the ISMS began on this day");
        }
        _ => {}
    }
    for review in reviews.iter().filter(|review| latest(&review.held, today).is_none()) {
        diagnostic.label(review.head.key, "not held yet");
    }
    diagnostic.help(format!("ask {chair} to hold one, and record it under `reviews` with its minutes and `held`"));
}
