//! Rule `overdue-policy-review`.

use crate::decided::{ended, latest};
use crate::elapsed::{tense, when};
use crate::ownership::owner_in_words;
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Severity, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "overdue-policy-review",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 A.5.1, 7.5.2",
    severity: ByModel::all(Setting::WARNING),
    summary: "a policy has not been reviewed in time",
    options: &[
        RuleOption {
            name: "period",
            summary: "how long an approval or a review holds where the policy names no `review`",
            default: Default::Period(ByModel::all("12mo")),
            weaker: Weaker::More,
        },
        RuleOption {
            name: "error_after",
            summary: "how long a review may be overdue before it is an error",
            default: Default::Period(ByModel::all("60d")),
            weaker: Weaker::More,
        },
    ],
    docs: include_str!("overdue_policy_review.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let (today, default, error_after) = (ctx.today, ctx.period("period"), ctx.period("error_after"));
    for policy in ctx.each(&register.policies) {
        let made = latest(&policy.approved, today).into_iter().chain(latest(&policy.reviewed, today));
        let last = made.filter_map(|decision| decision.date.as_ref()).max_by_key(|date| date.value);
        let Some(last) = last else { continue };
        let next = policy.review.as_ref().map_or(default, |review| review.value).after(**last);
        let id = &policy.head.id;
        let (due, place, message) = match ended(&policy.approved, ctx.horizon) {
            Some(until) => {
                let ended = tense(**until, today, "ended", "ends");
                (**until, until.span, format!("the approval of policy `{id}` {ended}"))
            }
            None if ctx.is_over(next) => {
                let was = tense(next, today, "was", "is");
                (next, last.span, format!("policy `{id}` {was} due for review"))
            }
            None => continue,
        };
        let diagnostic = ctx.report(place, format!("{message} {}", when(due, today))).due(due);
        if error_after.after(due) < today {
            diagnostic.graded(Severity::Error);
        }
        if due == next
            && let Some(review) = &policy.review
        {
            diagnostic.label(review.span, "its review interval");
        }
        let owner = policy.owner.first().and_then(|owner| owner_in_words(register, owner, today));
        let owner = owner.unwrap_or_else(|| "its owner".to_owned());
        diagnostic.help(if due == next {
            format!("ask {owner} to read it again: record that as `reviewed`, or have a new version approved")
        } else {
            format!("ask {owner} to read it again and have it approved anew, or approved without an end")
        });
    }
}
