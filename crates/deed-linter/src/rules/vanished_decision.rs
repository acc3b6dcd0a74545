//! Rule `vanished-decision`.

use deed_model::evidence::Vanished;
use deed_model::{FileRange, Head};

use crate::account::{commit, infinitive, name, short};
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "vanished-decision",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.3 d), f)",
    severity: ByModel::all(Setting::ERROR),
    summary: "a recorded decision was deleted, or dropped by a merge",
    options: &[],
    docs: include_str!("vanished_decision.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for vanished in ctx.history().into_iter().flat_map(|history| &history.vanished) {
        if is_renamed(ctx, vanished) {
            continue;
        }
        let subject = ctx.register.subject(vanished.decision.section, &vanished.decision.id);
        let place = subject.map_or_else(|| ctx.root_span(), |head| head.key);
        say(ctx, vanished, subject, place);
    }
}

/// Whether the same commit wrote the same decision on another subject: then that is judged there.
fn is_renamed(ctx: &Context<'_>, vanished: &Vanished) -> bool {
    ctx.proven().iter().any(|proven| {
        let (head, decision) = (proven.head, proven.decision);
        let same_kind = (head.section, decision.verb) == (vanished.decision.section, vanished.decision.verb);
        let date = decision.date.as_ref().map(|date| date.value);
        let same_act = vanished.by.as_ref().is_some_and(|by| decision.is_by(by)) && date == vanished.date;
        let origin = proven.evidence.origin.as_ref();
        same_kind && same_act && origin.is_some_and(|origin| origin.id == vanished.commit.id)
    })
}

fn say(ctx: &mut Context<'_>, vanished: &Vanished, subject: Option<&Head>, place: FileRange) {
    let (decision, register) = (&vanished.decision, ctx.register);
    let (address, verb) = (decision.subject(), decision.verb);
    let by = vanished.by.as_ref().map(|by| format!(" by {}", name(register, by))).unwrap_or_default();
    let on = vanished.date.map(|date| format!(" on {date}")).unwrap_or_default();
    let noun = decision.section.noun();
    let what =
        if decision.section.is_singleton() { format!("the {noun}") } else { format!("{noun} `{}`", decision.id) };
    let how = if vanished.by_merge { "the merge" } else { "the change" };
    let lost = if subject.is_some() { "that decision" } else { "it with that decision" };
    let message =
        format!("{what} was {}{by}{on}, and {how} in {} removed {lost}", verb.key(), commit(&vanished.commit));
    let diagnostic = ctx.report(place, message);
    diagnostic.about(address);
    match &vanished.by {
        Some(by) if subject.is_some() => {
            // Whoever puts it back has written it: it would speak for them, and not for who decided.
            diagnostic.help(format!("let {} {} it anew", name(register, by), infinitive(verb)));
        }
        _ if subject.is_none() && decision.section.noun() == "risk" => {
            diagnostic.help("say of what is over that it is: `closed: …`");
        }
        _ => {}
    }
    if let Some(last) = &vanished.last {
        diagnostic.help(format!("commit {} has it as it was recorded", short(&last.id)));
    }
}
