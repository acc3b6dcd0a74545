//! What of single subjects weakened: lower ratings, excluded controls, rarer reviews, later ends, keys.

use deed_model::{Control, ControlStatus, Date, Key, Rating, Risk, RiskCriteria, Section, Treatment, Verb};

use super::decided::is_decided_anew;
use super::settings::period;
use super::{Found, Group};
use crate::acceptance::action_in_words;

pub(super) fn compare(found: &mut Found<'_>) {
    for (was, is) in found.pairs.both.clone() {
        let (old, new) = (found.before.register(), found.after.register());
        let address = is.address();
        match is.section {
            Section::Controls => {
                let (Some(was), Some(is)) = (old.controls.get(&was.id), new.controls.get(&is.id)) else { continue };
                control(found, was, is);
            }
            Section::Policies => {
                let (Some(was), Some(is)) = (old.policies.get(&was.id), new.policies.get(&is.id)) else { continue };
                let what = format!("policy `{}` is reviewed every", is.head.id);
                let value =
                    |period: &Option<deed_model::Spanned<deed_model::Period>>| period.as_ref().map(|it| it.value);
                period(found, &address, &what, (value(&was.review), value(&is.review)));
                text(found, &address, was, is);
            }
            Section::Risks => {
                let (Some(old), Some(new)) = (old.risks.get(&was.id), new.risks.get(&is.id)) else { continue };
                let anew = is_decided_anew(found, was, is, &[Verb::Accepted, Verb::Approved, Verb::Reviewed]);
                risk(found, old, new, anew);
            }
            Section::Roles => {
                let (Some(was), Some(is)) = (old.roles.get(&was.id), new.roles.get(&is.id)) else { continue };
                let day = |day: &Option<deed_model::Spanned<Date>>| day.as_ref().map(|day| day.value);
                let (until, now) = (day(&was.acting_until), day(&is.acting_until));
                if let (Some(until), true) =
                    (until, was.held_by.iter().map(|it| &it.value).eq(is.held_by.iter().map(|it| &it.value)))
                    && now.is_some_and(|now| now > until)
                {
                    let now = now.map(|now| now.to_string());
                    let to = now.clone().unwrap_or_default();
                    let what =
                        format!("role `{}`: the acting holder's time ends on {to}, before on {until}", is.head.id);
                    found.add(Group::Weakened, "end-extended", &address, what).values(Some(until.to_string()), now);
                }
            }
            Section::Isms => {
                let (Some(was), Some(is)) = (old.isms(), new.isms()) else { continue };
                let value =
                    |period: &Option<deed_model::Spanned<deed_model::Period>>| period.as_ref().map(|it| it.value);
                period(found, "isms", "management reviews the ISMS every", (value(&was.review), value(&is.review)));
            }
            _ => {}
        }
    }
}

fn control(found: &mut Found<'_>, was: &Control, is: &Control) {
    let (id, address) = (&is.head.id, is.head.address());
    if was.is_excluded() != is.is_excluded() {
        let because = is.because.iter().map(|it| it.as_str()).collect::<Vec<_>>().join("; ");
        let because = if because.is_empty() { String::new() } else { format!(": {because}") };
        if is.is_excluded() {
            let what = format!("control `{id}` is excluded{because}");
            found.add(Group::Weakened, "control-excluded", &address, what);
        } else {
            found.add(Group::Subjects, "control-included", &address, format!("control `{id}` applies{because}"));
        }
    }
    let rank = |control: &Control| {
        control.status.as_ref().map(|status| match **status {
            ControlStatus::Planned => (0, "planned"),
            ControlStatus::Partial => (1, "partial"),
            ControlStatus::Implemented => (2, "implemented"),
        })
    };
    if let (Some((before, was)), Some((after, is))) = (rank(was), rank(is))
        && after < before
    {
        let what = format!("control `{id}` is {is}, before {was}");
        let values = (Some(was.to_owned()), Some(is.to_owned()));
        found.add(Group::Weakened, "status-lowered", &address, what).values(values.0, values.1);
    }
    let value = |control: &Control| control.review.as_ref().map(|review| review.value);
    period(found, &address, &format!("control `{id}` is reviewed every"), (value(was), value(is)));
}

/// The text under approval.
fn text(found: &mut Found<'_>, address: &str, was: &deed_model::Policy, is: &deed_model::Policy) {
    let (Some(old), Some(new)) = (&was.document, &is.document) else { return };
    // The line endings of a checkout are nobody's words.
    let read =
        |bytes: Option<Vec<u8>>| bytes.map(|bytes| bytes.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<_>>());
    let (before, after) = (read((found.before.text)(old)), read((found.after.text)(new)));
    let what = match (&before, &after) {
        (Some(_), None) => format!("the text of policy `{}`, `{}`, is gone", is.head.id, old.value),
        (before, after) if before == after || before.is_none() => return,
        _ => format!("the text of policy `{}`, `{}`, changed", is.head.id, new.value),
    };
    found.add(Group::Other, "text-changed", address, what);
}

/// How a rating reads, as in "12 (high)"; with its score.
fn rated(criteria: Option<&RiskCriteria>, rating: Option<&Rating>) -> Option<(i64, String)> {
    let score = rating?.score()?;
    let level = criteria.and_then(|criteria| Some(criteria.level_name(criteria.rank_of(rating?)?)));
    Some((score, level.map_or_else(|| score.to_string(), |level| format!("{score} ({level})"))))
}

fn risk(found: &mut Found<'_>, was: &Risk, is: &Risk, anew: bool) {
    let (id, address) = (&is.head.id, is.head.address());
    let criteria = (found.before.register().risk_criteria(), found.after.register().risk_criteria());
    for (name, before, after) in [("inherent", &was.inherent, &is.inherent), ("residual", &was.residual, &is.residual)]
    {
        let numbers = |rating: &Option<Rating>| {
            let number = |number: &Option<deed_model::Spanned<i64>>| number.as_ref().map(|number| number.value);
            rating.as_ref().map(|rating| (number(&rating.likelihood), number(&rating.impact)))
        };
        if numbers(before) == numbers(after) {
            continue;
        }
        let (was, now) = (rated(criteria.0, before.as_ref()), rated(criteria.1, after.as_ref()));
        let lower =
            was.as_ref().zip(now.as_ref()).is_some_and(|(was, now)| now.0 < was.0) || now.is_none() && was.is_some();
        let text =
            |rated: &Option<(i64, String)>| rated.as_ref().map_or("not rated".to_owned(), |(_, text)| text.clone());
        let what = format!("risk `{id}`: {name} {}, before {}", text(&now), text(&was));
        let (group, kind, without) = match (lower, anew) {
            (true, false) => (Group::Weakened, "rating-lowered", ", without another decision"),
            (true, true) => (Group::Other, "rating-lowered", ""),
            (false, _) => (Group::Other, "rating-raised", ""),
        };
        let values = (was.map(|(_, text)| text), now.map(|(_, text)| text));
        found.add(group, kind, &address, what + without).values(values.0, values.1);
    }
    let treatment = |risk: &Risk| risk.treatment.as_ref().map(|treatment| treatment.value);
    if treatment(was) != treatment(is) {
        let name = |treatment: Option<Treatment>| match treatment {
            Some(Treatment::Mitigate) => "mitigate",
            Some(Treatment::Accept) => "accept",
            Some(Treatment::Transfer) => "transfer",
            Some(Treatment::Avoid) => "avoid",
            None => "none",
        };
        let weaker = matches!(treatment(is), None | Some(Treatment::Accept));
        let group = if weaker { Group::Weakened } else { Group::Other };
        let (before, after) = (name(treatment(was)).to_owned(), name(treatment(is)).to_owned());
        let what = format!("risk `{id}`: treatment {after}, before {before}");
        found.add(group, "treatment-changed", &address, what).values(Some(before), Some(after));
    }
    for action in &is.plan {
        let text = action.action.as_ref().map(|text| &text.value);
        let known = was.plan.iter().find(|known| text.is_some() && known.action.as_ref().map(|it| &it.value) == text);
        let Some(known) = known else { continue };
        if let (Some(before), Some(after)) = (&known.due, &action.due)
            && after.value > before.value
        {
            let action = action_in_words(action);
            let what = format!("risk `{id}`: {action} is due on {}, before on {}", after.value, before.value);
            let values = (Some(before.value.to_string()), Some(after.value.to_string()));
            found.add(Group::Weakened, "action-postponed", &address, what).values(values.0, values.1);
        }
        if known.done.is_none()
            && let Some(done) = &action.done
        {
            let what = format!("risk `{id}`: {} was done on {}", action_in_words(action), done.value);
            found.add(Group::Other, "action-done", &address, what);
        }
    }
    let period_of = |risk: &Risk| risk.review.as_ref().map(|review| review.value);
    period(found, &address, &format!("risk `{id}` is reviewed every"), (period_of(was), period_of(is)));
}

/// Signing keys that came, went, or count for longer.
pub(super) fn keys(found: &mut Found<'_>, whose: &str, address: &str, old: &[Key], new: &[Key]) {
    let material = |key: &Key| {
        // The comment of a key is not the key.
        key.key.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let day = |day: &Option<deed_model::Spanned<Date>>| day.as_ref().map(|day| day.value);
    let text = |day: Option<Date>| day.map_or("without end".to_owned(), |day| format!("until {day}"));
    for key in new {
        let Some(known) = old.iter().find(|known| material(known) == material(key)) else {
            let until = day(&key.until).map(|until| format!(", until {until}")).unwrap_or_default();
            found.add(Group::Authority, "key-added", address, format!("a signing key {whose} is new{until}"));
            continue;
        };
        let (was, is) = (day(&known.until), day(&key.until));
        if was != is {
            let longer = is.unwrap_or(Date::MAX) > was.unwrap_or(Date::MAX);
            let group = if longer { Group::Weakened } else { Group::Authority };
            let kind = if longer { "key-extended" } else { "key-shortened" };
            let what = format!("a signing key {whose} counts {}, before {}", text(is), text(was));
            let value = |day: Option<Date>| day.map(|day| day.to_string());
            found.add(group, kind, address, what).values(value(was), value(is));
        }
        match (day(&known.revoked), day(&key.revoked)) {
            (Some(was), None) => {
                let what = format!("a signing key {whose} is no longer revoked (as of {was})");
                found.add(Group::Weakened, "key-reinstated", address, what);
            }
            (None, Some(is)) => {
                let what = format!("a signing key {whose} is revoked as of {is}");
                found.add(Group::Authority, "key-revoked", address, what);
            }
            _ => {}
        }
    }
    for _ in old.iter().filter(|known| !new.iter().any(|key| material(key) == material(known))) {
        found.add(Group::Authority, "key-removed", address, format!("a signing key {whose} is gone"));
    }
}
