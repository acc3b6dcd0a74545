//! Rule `overdue-ownership-review`.

use deed_model::{Date, Decision, Head, Period, Section, Spanned, Verb};

use crate::elapsed::{tense, when};
use crate::ownership::{described, owner_in_words};
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "overdue-ownership-review",
    group: Group::Reviews,
    source: "ISO/IEC 27001:2022 A.5.2, 9.1",
    severity: ByModel::all(Setting::WARNING),
    summary: "an owner has not confirmed in time what they own",
    options: &[RuleOption {
        name: "period",
        summary: "how long a confirmation holds where the control or risk names no `review`",
        default: Default::Period(ByModel::all("12mo").federated("6mo")),
        weaker: Weaker::More,
    }],
    docs: include_str!("overdue_ownership_review.md"),
    check: Check::Register(check),
};

/// A control or a risk, as far as its owner confirms it.
struct Record<'r> {
    head: &'r Head,
    owner: &'r Spanned<String>,
    review: Option<&'r Spanned<Period>>,
    decisions: Vec<&'r Decision>,
}

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for control in ctx.each(&register.controls).filter(|control| !control.is_excluded()) {
        let [owner] = control.owner.as_slice() else { continue };
        let decisions = control.accepted.iter().chain(&control.reviewed).collect();
        judge(ctx, &Record { head: &control.head, owner, review: control.review.as_ref(), decisions });
    }
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        let [owner] = risk.owner.as_slice() else { continue };
        let decisions = risk.approved.iter().chain(&risk.accepted).chain(&risk.reviewed).collect();
        judge(ctx, &Record { head: &risk.head, owner, review: risk.review.as_ref(), decisions });
    }
}

fn judge(ctx: &mut Context<'_>, record: &Record<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    // An owner nobody stands behind is reported at the role or the person.
    let Some(person) = register.accountable(record.owner, today) else { return };
    let is_own =
        |decision: &&Decision| decision.is_by(&person.head.id) || register.is_by_holder(decision, record.owner);
    let made = record.decisions.iter().copied().filter(|decision| decision.made_by(today));
    let (own, others): (Vec<_>, Vec<_>) = made.partition(is_own);
    match (newest(own), newest(others)) {
        (Some(own), _) => overdue(ctx, record, own),
        (None, Some(other)) => unconfirmed(ctx, record, other),
        (None, None) => never(ctx, record),
    }
}

fn newest(decisions: Vec<&Decision>) -> Option<&Decision> {
    decisions.into_iter().max_by_key(|decision| date_of(decision))
}

fn date_of(decision: &Decision) -> Option<Date> {
    decision.date.as_ref().map(|date| date.value)
}

/// The subject and its owner for a sentence.
fn in_words(ctx: &Context<'_>, record: &Record<'_>) -> (String, String) {
    let owner = owner_in_words(ctx.register, record.owner, ctx.today);
    (described(record.head), owner.unwrap_or_else(|| record.owner.value.clone()))
}

fn next(ctx: &Context<'_>, record: &Record<'_>, last: Date) -> Date {
    record.review.map_or_else(|| ctx.period("period"), |review| review.value).after(last)
}

/// The owner did confirm it, too long ago.
fn overdue(ctx: &mut Context<'_>, record: &Record<'_>, own: &Decision) {
    let (today, Some(date)) = (ctx.today, &own.date) else { return };
    let next = next(ctx, record, **date);
    if !ctx.is_over(next) {
        return;
    }
    let (what, owner) = in_words(ctx, record);
    let was = tense(next, today, "was", "is");
    let message = format!("{what} {was} due for review by {owner} {}", when(next, today));
    let diagnostic = ctx.report(date.span, message).due(next);
    if let Some(review) = record.review {
        diagnostic.label(review.span, "its review interval");
    }
    diagnostic.help(format!("ask {owner} whether it still holds, and record the answer as `reviewed`"));
}

/// Only others decided on it.
fn unconfirmed(ctx: &mut Context<'_>, record: &Record<'_>, other: &Decision) {
    let (today, Some(by), Some(date)) = (ctx.today, &other.by, &other.date) else { return };
    let Some(other_person) = ctx.register.people.get(by) else { return };
    let former = other_person.left.as_ref().filter(|left| ***left < today && **date <= ***left);
    // Somebody above the owner may accept a risk; that it was anybody else is told by the rules about deciders.
    let lapsed =
        record.head.section == Section::Risks && other.verb == Verb::Accepted && next(ctx, record, **date) < today;
    let label = match former {
        Some(left) => format!("{} by {}, who left on {}", other.verb.key(), other_person.display(), left.value),
        None if lapsed => {
            format!("last {} by {} on {}", other.verb.key(), other_person.display(), date.value)
        }
        None => return,
    };
    let (what, owner) = in_words(ctx, record);
    let present = if former.is_some() { "present " } else { "" };
    ctx.report(record.head.key, format!("{what} has not been confirmed by its {present}owner, {owner}"))
        .label(by.span, label)
        .help(format!("ask {owner} whether it still holds, and record the answer as `reviewed`"));
}

/// Nobody decided anything about it. For a risk other rules say what is missing.
fn never(ctx: &mut Context<'_>, record: &Record<'_>) {
    let written = |verb: Verb| ctx.is_written(record.head, verb.key());
    let to_come: Vec<_> = record.decisions.iter().filter_map(|decision| decision.date.as_ref()).collect();
    // A malformed decision is left to the schema.
    let malformed = (written(Verb::Accepted) || written(Verb::Reviewed)) && to_come.is_empty();
    if record.head.section != Section::Controls || malformed {
        return;
    }
    let (what, owner) = in_words(ctx, record);
    let diagnostic = ctx.report(record.head.key, format!("{what} was never confirmed by its owner, {owner}"));
    for date in to_come {
        diagnostic.label(date.span, format!("not in force before {}", date.value));
    }
    diagnostic.help(format!("ask {owner} to take it on, and record that as `accepted`"));
}
