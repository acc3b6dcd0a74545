//! Rule `delegated-accountability`.

use std::collections::HashSet;

use deed_model::{Decision, Delegation, Head, PersonKind, Spanned};

use crate::decided::latest;
use crate::ownership::described;
use crate::tenure::handed_over;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "delegated-accountability",
    group: Group::People,
    source: "ISO/IEC 27001:2022 5.3, A.5.2",
    severity: ByModel::all(Setting::WARNING).federated(Setting::ERROR),
    summary: "a delegation passes on more than a task: it has no end, no doer, or took the ownership with it",
    options: &[],
    docs: include_str!("delegated_accountability.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let (register, today) = (ctx.register, ctx.today);
    for delegation in ctx.each(&register.delegations) {
        without_doer(ctx, delegation);
        without_end(ctx, delegation);
    }
    let in_force = register.delegations.iter().filter(|delegation| delegation.in_force(today));
    let receivers: HashSet<&str> = in_force.filter_map(|delegation| Some(delegation.to.as_ref()?.as_str())).collect();
    if receivers.is_empty() {
        return;
    }
    for control in ctx.each(&register.controls).filter(|control| !control.is_excluded()) {
        moved(ctx, &receivers, &control.head, &control.owner, [&control.accepted, &control.reviewed]);
    }
    for policy in ctx.each(&register.policies) {
        moved(ctx, &receivers, &policy.head, &policy.owner, [&policy.reviewed, &[]]);
    }
    for risk in ctx.each(&register.risks).filter(|risk| risk.is_open(today)) {
        moved(ctx, &receivers, &risk.head, &risk.owner, [&risk.reviewed, &[]]);
    }
}

/// A team cannot act for anybody.
fn without_doer(ctx: &mut Context<'_>, delegation: &Delegation) {
    let Some(to) = delegation.to.as_ref().filter(|_| delegation.in_force(ctx.today)) else { return };
    let Some(receiver) = ctx.register.people.get(to) else { return };
    if receiver.kind == PersonKind::Person || ctx.register.roles.get(to).is_some() {
        return;
    }
    let message = format!(
        "delegation `{}` passes authority on to `{}`, a {}: nobody can use it",
        delegation.head.id,
        to.value,
        receiver.kind.name()
    );
    let diagnostic = ctx.report(to.span, message);
    if let Some(span) = receiver.kind_span {
        diagnostic.label(span, "not a natural person");
    }
    diagnostic.help("name the one role or person who is to act");
}

/// What never ends is no delegation any more.
fn without_end(ctx: &mut Context<'_>, delegation: &Delegation) {
    let (register, today) = (ctx.register, ctx.today);
    let (Some(from), Some(to)) = (&delegation.from, &delegation.to) else { return };
    if register.party(from).is_none() || register.party(to).is_none() {
        return;
    }
    let Some(granted) = delegation.granted.iter().find(|granted| granted.in_force(today) && granted.until.is_none())
    else {
        return;
    };
    let message = format!(
        "delegation `{}` has no last day: `{}` acts for `{}` without end",
        delegation.head.id, to.value, from.value
    );
    ctx.report(granted.range, message)
        .help(format!("let whoever grants it say `until` when, or give `{}` the authority for good", to.value));
}

/// An owner who is only the delegate of who took it on and looks after it.
fn moved(
    ctx: &mut Context<'_>,
    receivers: &HashSet<&str>,
    head: &Head,
    owner: &[Spanned<String>],
    decisions: [&[Decision]; 2],
) {
    let (register, today) = (ctx.register, ctx.today);
    let [owner] = owner else { return };
    if !receivers.contains(owner.as_str()) {
        return;
    }
    for decision in decisions.into_iter().filter_map(|decisions| latest(decisions, today)) {
        let Some(delegation) = handed_over(register, owner, decision, today) else { continue };
        let (Some(from), Some(by)) = (&delegation.from, &decision.by) else { continue };
        let what = described(head);
        let message = format!(
            "{what} is owned by `{}`, but it was only delegated: `{}` is accountable for it",
            owner.value, from.value
        );
        let name = register.people.get(by).map_or(by.as_str(), |person| person.display());
        ctx.report(owner.span, message)
            .label(delegation.head.key, format!("`{}` passes on a task, not the accountability", delegation.head.id))
            .label(by.span, format!("{} by {name} for `{}`", decision.verb.key(), from.value))
            .help(format!(
                "make `{}` the owner and name `{}` as who does the work, or let `{}` take it on for good",
                from.value, owner.value, owner.value
            ));
        return;
    }
}
