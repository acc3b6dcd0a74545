//! What ends by a day to come without anything being wrong afterwards: what was passed on for a time, and keys.

use deed_model::{Date, Delegation, FileRange, Key, Person, Verb};

use super::whom::Whom;
use super::{Act, Reason, Task, id, say};
use crate::elapsed::when;
use crate::{Inputs, Severity};

/// Returns what somebody has to think of before it ends.
pub(super) fn tasks(inputs: &Inputs<'_>, whom: &Whom<'_>, until: Date) -> Vec<Task> {
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
    let because = "it ends".to_owned();
    let waits_for = whom.may_decide(&delegation.head, Verb::Granted, Some(last));
    Some(task(inputs, act, &delegation.head.address(), **end, (waits_for, because, message, end.span)))
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
    let because = "the last one ends".to_owned();
    let waits_for = whom.party(&person.head.id).into_iter().collect();
    let span = last.until.as_ref().map_or(last.key.span, |until| until.span);
    Some(task(inputs, Act::Renew, &person.head.address(), ends, (waits_for, because, message, span)))
}

fn task(
    inputs: &Inputs<'_>,
    act: Act,
    subject: &str,
    due: Date,
    (waits_for, because, message, span): (Vec<super::Doer>, String, String, FileRange),
) -> Task {
    let register = inputs.workspace.register();
    Task {
        id: id(register, act, subject, ""),
        title: crate::words::title(register, subject).unwrap_or_default().to_owned(),
        what: say::what(register, act, subject, "", true),
        due: Some(due),
        escalates_to: None,
        reasons: vec![Reason { rule: None, severity: Severity::Info, message, fingerprint: String::new() }],
        subject: subject.to_owned(),
        act,
        because,
        waits_for,
        span,
    }
}
