//! What waits for somebody without anything being wrong: what is open, and what ends by a day to come.

use deed_model::{Date, Delegation, FileRange, Key, Person, Verb};

use super::whom::Whom;
use super::{Act, Doer, Reason, Task, id, say};
use crate::elapsed::when;
use crate::ownership::described;
use crate::{Inputs, Severity};

/// Returns what is prepared and not decided yet: delegations that nobody granted, reviews that were not held.
pub(super) fn open(inputs: &Inputs<'_>, whom: &Whom<'_>) -> Vec<Task> {
    let register = inputs.workspace.register();
    let delegations =
        register.delegations.iter().filter(|it| it.granted.is_empty()).map(|it| (&it.head, Verb::Granted));
    let reviews = register.reviews.iter().filter(|it| it.held.is_empty()).map(|it| (&it.head, Verb::Held));
    let open = delegations.chain(reviews).map(|(head, verb)| {
        let message = format!("{} is not {} yet", described(head), verb.key());
        let waits_for = whom.may_decide(head, verb, None);
        let escalates_to = if waits_for.is_empty() { whom.above(&head.address()) } else { None };
        let open = task(inputs, Act::Decide(verb), &head.address(), None, (waits_for, "nobody has", message, head.key));
        Task { escalates_to, ..open }
    });
    open.collect()
}

/// Returns what somebody has to think of before it ends: what was passed on for a time, and keys.
pub(super) fn ending(inputs: &Inputs<'_>, whom: &Whom<'_>, until: Date) -> Vec<Task> {
    let register = inputs.workspace.register();
    let delegations = register.delegations.iter().filter_map(|it| delegation(inputs, whom, it, until));
    let people = register.people.iter().filter(|person| person.can_decide(inputs.today));
    delegations.chain(people.filter_map(|person| keys(inputs, whom, person, until))).collect()
}

/// A delegation in force that ends, and is not granted beyond that.
fn delegation(inputs: &Inputs<'_>, whom: &Whom<'_>, delegation: &Delegation, until: Date) -> Option<Task> {
    let today = inputs.today;
    let in_force = delegation.granted.iter().filter(|granted| granted.in_force(today));
    let last = in_force.max_by_key(|granted| granted.until.as_ref().map_or(Date::MAX, |until| until.value))?;
    let end = last.until.as_ref().filter(|end| end.value <= until)?;
    let next = end.tomorrow().unwrap_or(**end);
    if delegation.granted.iter().any(|granted| granted.in_force(next)) {
        return None;
    }
    let parties = delegation.from.as_ref().zip(delegation.to.as_ref());
    let parties = parties.map(|(from, to)| format!(" from `{}` to `{}`", from.value, to.value)).unwrap_or_default();
    let id = &delegation.head.id;
    let message = format!("delegation `{id}`{parties} ends {}", when(**end, today));
    let act = Act::Decide(Verb::Granted);
    let because = "it ends";
    let waits_for = whom.may_decide(&delegation.head, Verb::Granted, Some(last));
    Some(task(inputs, act, &delegation.head.address(), Some(**end), (waits_for, because, message, end.span)))
}

/// The last of somebody's keys that speaks for them.
fn keys(inputs: &Inputs<'_>, whom: &Whom<'_>, person: &Person, until: Date) -> Option<Task> {
    let today = inputs.today;
    let end = |key: &Key| [&key.until, &key.revoked].into_iter().flatten().map(|day| day.value).min();
    let holds = |key: &&Key, on: Date| {
        key.from.as_ref().is_none_or(|from| from.value <= on) && end(key).is_none_or(|end| on <= end)
    };
    let last = person.keys.iter().filter(|key| holds(key, today)).max_by_key(|key| end(key).unwrap_or(Date::MAX))?;
    let ends = end(last).filter(|end| *end <= until)?;
    let next = ends.tomorrow().unwrap_or(ends);
    if person.keys.iter().any(|key| holds(&key, next)) {
        return None;
    }
    let message = format!("the last signing key of {} ends {}", person.display(), when(ends, today));
    let because = "the last one ends";
    let waits_for = whom.party(&person.head.id).into_iter().collect();
    let span = last.until.as_ref().map_or(last.key.span, |until| until.span);
    Some(task(inputs, Act::Renew, &person.head.address(), Some(ends), (waits_for, because, message, span)))
}

fn task(
    inputs: &Inputs<'_>,
    act: Act,
    subject: &str,
    due: Option<Date>,
    (waits_for, because, message, span): (Vec<Doer>, &str, String, FileRange),
) -> Task {
    let register = inputs.workspace.register();
    Task {
        id: id(register, act, subject, ""),
        title: crate::words::title(register, subject).unwrap_or_default().to_owned(),
        what: say::what(register, act, subject, "", due.is_some()),
        due,
        escalates_to: None,
        reasons: vec![Reason { rule: None, severity: Severity::Info, message, fingerprint: String::new() }],
        subject: subject.to_owned(),
        act,
        because: because.to_owned(),
        waits_for,
        span,
    }
}
