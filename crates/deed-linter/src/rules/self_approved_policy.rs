//! Rule `self-approved-policy`.

use deed_model::authority::Hat;
use deed_model::{Date, Decision, Layer, OwnershipModel, Period, Policy};

use crate::decided::latest;
use crate::mandate::{Mandate, by_register};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "self-approved-policy",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 A.5.3, 7.5.2 c)",
    severity: ByModel::all(Setting::WARNING).executive_led(Setting::ERROR),
    summary: "the only approver of a policy is its author",
    options: &[],
    docs: include_str!("self_approved_policy.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for policy in ctx.each(&register.policies) {
        let Some(author) = &policy.author else { continue };
        let is_own = |approved: &Decision| {
            let drafter = approved.date.as_ref().and_then(|date| register.accountable(author, date.value));
            drafter.is_some_and(|drafter| approved.is_by(&drafter.head.id))
        };
        let (own, others): (Vec<_>, Vec<_>) = approvals(policy, ctx.today).partition(|approved| is_own(approved));
        if others.into_iter().any(|other| counts(ctx, other)) {
            continue;
        }
        let own = own.into_iter().max_by_key(|approved| approved.date.as_ref().map(|date| date.value));
        let Some(by) = own.and_then(|own| own.by.as_ref()) else { continue };
        let Some(person) = register.people.get(by) else { continue };
        let role = register.roles.get(author).map(|role| format!(" as `{}`", role.head.id)).unwrap_or_default();
        let executive = if is_executive_led(ctx) { "executive" } else { "person" };
        let nobody = if is_executive_led(ctx) { "no executive" } else { "nobody" };
        let message =
            format!("policy `{}` was approved by {nobody} but its author, {}", policy.head.id, person.display());
        ctx.report(by.span, message)
            .label(author.span, format!("drafted by {}{role}", person.display()))
            .help(format!("have a second {executive} approve it: list both decisions under `approved`"));
    }
}

/// The approvals in force of the text as it is: one from before the last review was due is about an earlier one.
fn approvals(policy: &Policy, today: Date) -> impl Iterator<Item = &Decision> {
    let last = latest(&policy.approved, today).and_then(|last| last.date.as_ref());
    let period = policy.review.as_ref().map(|review| review.value).or_else(|| Period::parse("12mo"));
    let since = last.zip(period).map(|(last, period)| period.before(last.value));
    policy
        .approved
        .iter()
        .filter(move |approved| approved.in_force(today) && approved.date.as_ref().map(|date| date.value) >= since)
}

/// Whether somebody else's approval is one: where executives lead, it takes one of them.
fn counts(ctx: &Context<'_>, approved: &Decision) -> bool {
    let executive = |hat: &Hat<'_>, _: Date| hat.role.is_in(Layer::Executive);
    !is_executive_led(ctx) || !matches!(by_register(ctx.register, approved, ctx.today, executive), Mandate::Lacking(()))
}

fn is_executive_led(ctx: &Context<'_>) -> bool {
    ctx.model() == Some(OwnershipModel::ExecutiveLed)
}
