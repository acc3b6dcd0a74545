//! Who owns what, who holds which role, who may decide what.

use std::collections::{BTreeMap, BTreeSet};

use deed_model::authority::Holder;
use deed_model::{Authority, Delegation, Person, Register, Role, Section, Spanned};

use super::lists::{counted, named};
use super::{Difference, Found, Group, State, Turnover, described};
use crate::ownership::owned;
use crate::words::natural;

pub(super) fn compare(found: &mut Found<'_>) {
    owners(found);
    holders(found);
    duties(found);
    authority(found);
    delegations(found);
    people(found);
}

/// Returns who answers for more, or for less.
pub(super) fn turnover(found: &Found<'_>) -> Vec<Turnover> {
    let (before, after) = (held_by(found, found.before, true), held_by(found, found.after, false));
    let none = BTreeSet::new();
    let everybody: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut all = Vec::new();
    for person in everybody {
        let (had, has) = (before.get(person).unwrap_or(&none), after.get(person).unwrap_or(&none));
        let less = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            let mut less: Vec<_> = a.difference(b).cloned().collect();
            less.sort_by_cached_key(|address| {
                let (section, id) = address.split_once('.').unwrap_or((address, ""));
                (Section::of_key(section), natural(id))
            });
            less
        };
        let (gained, lost) = (less(has, had), less(had, has));
        if gained.is_empty() && lost.is_empty() {
            continue;
        }
        let is_known = found.after.register().people.get(person).is_some();
        let name = if is_known { found.after.name(person) } else { found.before.name(person) };
        all.push(Turnover { person: person.clone(), name, gained, lost });
    }
    let place = |person: &str| found.after.register().people.iter().position(|it| it.head.id == person);
    all.sort_by_key(|turnover| place(&turnover.person).unwrap_or(usize::MAX));
    all
}

/// What each person owns and holds in a state, under the ids of now; both states on one day, so that time by itself makes no
/// difference.
fn held_by(found: &Found<'_>, state: &State<'_>, was: bool) -> BTreeMap<String, BTreeSet<String>> {
    let (register, day) = (state.register(), found.after.day);
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut put = |person: &Person, section: Section, id: &str| {
        let (person, id) = if was {
            (found.pairs.now(Section::People, &person.head.id), found.pairs.now(section, id))
        } else {
            (person.head.id.as_str(), id)
        };
        all.entry(person.to_owned()).or_default().insert(section.address(id));
    };
    for owned in owned(register, day) {
        if let [owner] = owned.owners
            && let Some(person) = register.accountable(owner, day)
        {
            put(person, owned.head.section, &owned.head.id);
        }
    }
    for role in register.roles.iter() {
        if let Holder::Held(person) = register.holder(role, day) {
            put(person, Section::Roles, &role.head.id);
        }
    }
    all
}

/// The owners of a subject, as written.
fn owner<'r>(register: &'r Register, section: Section, id: &str) -> Option<&'r [Spanned<String>]> {
    Some(match section {
        Section::Isms => &register.isms()?.owner,
        Section::Controls => &register.controls.get(id)?.owner,
        Section::Policies => &register.policies.get(id)?.owner,
        Section::Risks => &register.risks.get(id)?.owner,
        Section::Exceptions => &register.exceptions.get(id)?.owner,
        _ => return None,
    })
}

/// Owner fields that name somebody else, those with the same change together.
fn owners(found: &mut Found<'_>) {
    type Moves<'a> = Vec<((String, String), Vec<(Section, &'a str)>)>;
    let mut moves: Moves<'_> = Vec::new();
    for (was, is) in &found.pairs.both {
        let (Some(old), Some(new)) =
            (owner(found.before.register(), was.section, &was.id), owner(found.after.register(), is.section, &is.id))
        else {
            continue;
        };
        let ids = |owners: &[Spanned<String>], now: &dyn Fn(&str) -> String| {
            owners.iter().map(|owner| now(owner)).collect::<BTreeSet<_>>()
        };
        if ids(old, &|id| found.pairs.party(id).to_owned()) == ids(new, &str::to_owned) {
            continue;
        }
        let told = |state: &State<'_>, owners: &[Spanned<String>]| match owners {
            [] => "nobody".to_owned(),
            owners => owners.iter().map(|owner| state.party(owner)).collect::<Vec<_>>().join(", "),
        };
        let change = (told(found.before, old), told(found.after, new));
        match moves.iter_mut().find(|(known, _)| *known == change) {
            Some((_, subjects)) => subjects.push((is.section, &is.id)),
            None => moves.push((change, vec![(is.section, &is.id)])),
        }
    }
    for ((from, to), subjects) in moves {
        let parts: Vec<_> = subjects
            .chunk_by(|a, b| a.0 == b.0)
            .map(|of| counted(of[0].0, &of.iter().map(|(_, id)| *id).collect::<Vec<_>>()))
            .collect();
        let group = if to == "nobody" { Group::Weakened } else { Group::Ownership };
        found.out.push(Difference {
            kind: "owner-changed",
            group,
            subjects: subjects.iter().map(|(section, id)| section.address(id)).collect(),
            what: format!("{}: owned by {to}, before by {from}", parts.join("; ")),
            before: Some(from),
            after: Some(to),
        });
    }
}

/// Roles that somebody else holds.
fn holders(found: &mut Found<'_>) {
    let pairs: Vec<_> = found.pairs.of_section(Section::Roles).collect();
    for (was, is) in pairs {
        let (Some(old), Some(new)) =
            (found.before.register().roles.get(&was.id), found.after.register().roles.get(&is.id))
        else {
            continue;
        };
        let ids = |role: &Role| role.held_by.iter().map(|it| it.value.clone()).collect::<BTreeSet<_>>();
        let old_ids: BTreeSet<_> = ids(old).iter().map(|id| found.pairs.now(Section::People, id).to_owned()).collect();
        if old_ids == ids(new) {
            continue;
        }
        let told = |state: &State<'_>, role: &Role| match role.held_by.as_slice() {
            [] => "nobody".to_owned(),
            holders => holders.iter().map(|holder| state.name(holder)).collect::<Vec<_>>().join(", "),
        };
        let (from, to) = (told(found.before, old), told(found.after, new));
        let acting = new.acting_until.as_ref().map(|until| format!(", acting until {}", until.value));
        let group = if new.held_by.is_empty() { Group::Weakened } else { Group::Ownership };
        let what = format!("role `{}`: held by {to}{}, before by {from}", is.id, acting.unwrap_or_default());
        found.add(group, "holder-changed", &is.address(), what).values(Some(from), Some(to));
    }
}

/// The duties that the ISMS assigns by name.
fn duties(found: &mut Found<'_>) {
    let (Some(old), Some(new)) = (found.before.register().isms(), found.after.register().isms()) else { return };
    for (name, was, is) in [
        ("managed", &old.manager, &new.manager),
        ("kept in conformity", &old.conformity, &new.conformity),
        ("reported on", &old.reporting, &new.reporting),
    ] {
        let id = |party: &Option<Spanned<String>>| party.as_ref().map(|party| party.value.clone());
        if id(was).map(|was| found.pairs.party(&was).to_owned()) == id(is) {
            continue;
        }
        let told = |state: &State<'_>, party: &Option<Spanned<String>>| {
            party.as_ref().map_or_else(|| "nobody".to_owned(), |party| state.party(party))
        };
        let (from, to) = (told(found.before, was), told(found.after, is));
        let group = if is.is_none() { Group::Weakened } else { Group::Ownership };
        let what = format!("the ISMS: {name} by {to}, before by {from}");
        found.add(group, "duty-changed", "isms", what).values(Some(from), Some(to));
    }
}

/// Roles that may decide more, or less.
fn authority(found: &mut Found<'_>) {
    let pairs: Vec<_> = found.pairs.of_section(Section::Roles).collect();
    for (was, is) in pairs {
        let old = found.before.register().roles.get(&was.id).and_then(|role| role.authority.as_ref());
        let new = found.after.register().roles.get(&is.id).and_then(|role| role.authority.as_ref());
        powers(found, &format!("role `{}`", is.id), &is.address(), old, new);
    }
}

/// What an authority names that another does not.
fn powers(found: &mut Found<'_>, who: &str, address: &str, old: Option<&Authority>, new: Option<&Authority>) {
    let lists = |authority: Option<&Authority>| {
        let texts = |list: &[Spanned<String>]| list.iter().map(|it| it.value.clone()).collect::<BTreeSet<_>>();
        authority.map(|it| (texts(&it.approve), texts(&it.grant))).unwrap_or_default()
    };
    let ((old_approve, old_grant), (new_approve, new_grant)) = (lists(old), lists(new));
    for (verb, was, is) in [("approve", &old_approve, &new_approve), ("grant", &old_grant, &new_grant)] {
        let more: Vec<_> = is.difference(was).map(String::as_str).collect();
        let less: Vec<_> = was.difference(is).map(String::as_str).collect();
        if !more.is_empty() {
            found.add(
                Group::Authority,
                "authority-widened",
                address,
                format!("{who}: may now {verb} {}", named(&more)),
            );
        }
        if !less.is_empty() {
            let what = format!("{who}: may no longer {verb} {}", named(&less));
            found.add(Group::Authority, "authority-narrowed", address, what);
        }
    }
    let limit = |authority: Option<&Authority>| {
        authority.and_then(|authority| authority.accept_risk.as_ref()).map(|level| level.value.clone())
    };
    let (was, is) = (limit(old), limit(new));
    if was != is {
        let rank = |state: &State<'_>, level: &Option<String>| {
            let rank = level.as_ref().and_then(|level| state.register().risk_criteria()?.rank(level));
            rank.map_or(0, |rank| rank + 1)
        };
        let wider = rank(found.after, &is) > rank(found.before, &was);
        let kind = if wider { "authority-widened" } else { "authority-narrowed" };
        let upto = |level: &Option<String>| level.as_ref().map_or("none".to_owned(), |it| format!("up to `{it}`"));
        let what = format!("{who}: may accept risk {}, before {}", upto(&is), upto(&was));
        found.add(Group::Authority, kind, address, what).values(was, is);
    }
}

/// What a delegation is, for a sentence.
fn passes_on(state: &State<'_>, delegation: &Delegation) -> String {
    let party = |id: &Option<Spanned<String>>| id.as_ref().map_or("nobody".to_owned(), |id| state.party(id));
    let mut powers = Vec::new();
    if let Some(authority) = &delegation.authority {
        powers.extend(authority.accept_risk.as_ref().map(|level| format!("accept risk up to `{}`", level.value)));
        for (verb, list) in [("approve", &authority.approve), ("grant", &authority.grant)] {
            let ids: Vec<_> = list.iter().map(|it| it.as_str()).collect();
            powers.extend((!ids.is_empty()).then(|| format!("{verb} {}", named(&ids))));
        }
    }
    let powers = if powers.is_empty() { String::new() } else { format!(", to {}", powers.join(" and ")) };
    format!("from {} to {}{powers}", party(&delegation.from), party(&delegation.to))
}

fn delegations(found: &mut Found<'_>) {
    let (old, new) = (&found.before.register().delegations, &found.after.register().delegations);
    let fresh: Vec<_> = found.pairs.new.iter().filter(|head| head.section == Section::Delegations).copied().collect();
    for delegation in fresh.iter().filter_map(|head| new.get(&head.id)) {
        let until = delegation.granted.iter().filter_map(|granted| granted.until.as_ref()).map(|it| it.value).max();
        let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
        let what = format!("delegation `{}`: {}{until}", delegation.head.id, passes_on(found.after, delegation));
        found.add(Group::Authority, "delegation-added", &delegation.head.address(), what);
    }
    let over: Vec<_> = found.pairs.gone.iter().filter(|head| head.section == Section::Delegations).copied().collect();
    for delegation in over.iter().filter_map(|head| old.get(&head.id)) {
        let what = format!("delegation `{}` is gone: {}", delegation.head.id, passes_on(found.before, delegation));
        found.add(Group::Authority, "delegation-removed", &delegation.head.address(), what);
    }
    let pairs: Vec<_> = found.pairs.of_section(Section::Delegations).collect();
    for (was, is) in pairs {
        let (Some(was), Some(is)) = (old.get(&was.id), new.get(&is.id)) else { continue };
        let party = |id: &Option<Spanned<String>>| id.as_ref().map(|id| id.value.clone());
        let now = |id: &Option<Spanned<String>>| party(id).map(|id| found.pairs.party(&id).to_owned());
        let address = is.head.address();
        if (now(&was.from), now(&was.to)) != (party(&is.from), party(&is.to)) {
            let what = format!("delegation `{}`: {}", is.head.id, passes_on(found.after, is));
            let (before, after) = (passes_on(found.before, was), passes_on(found.after, is));
            found.add(Group::Authority, "delegation-changed", &address, what).values(Some(before), Some(after));
        } else {
            let who = format!("delegation `{}`", is.head.id);
            powers(found, &who, &address, was.authority.as_ref(), is.authority.as_ref());
        }
    }
}

/// People who leave or come back, and what Git knows them by.
fn people(found: &mut Found<'_>) {
    let pairs: Vec<_> = found.pairs.of_section(Section::People).collect();
    for (was, is) in pairs {
        let (Some(old), Some(new)) =
            (found.before.register().people.get(&was.id), found.after.register().people.get(&is.id))
        else {
            continue;
        };
        let (who, address) = (new.display(), is.address());
        let day = |day: &Option<Spanned<deed_model::Date>>| day.as_ref().map(|day| day.value.to_string());
        if day(&old.left) != day(&new.left) {
            let what = match &new.left {
                Some(left) if left.value < found.after.day => format!("{who} left on {}", left.value),
                Some(left) => format!("{who} leaves on {}", left.value),
                None => format!("{who} does not leave"),
            };
            found.add(Group::Authority, "person-left", &address, what).values(day(&old.left), day(&new.left));
        }
        let emails = |person: &Person| person.emails.iter().map(|it| it.to_lowercase()).collect::<BTreeSet<_>>();
        let (had, has) = (emails(old), emails(new));
        for (kind, what, emails) in [
            ("email-added", "is also known to Git as", has.difference(&had).collect::<Vec<_>>()),
            ("email-removed", "is no longer known to Git as", had.difference(&has).collect()),
        ] {
            let emails: Vec<_> = emails.into_iter().map(String::as_str).collect();
            if !emails.is_empty() {
                found.add(Group::Authority, kind, &address, format!("{who} {what} {}", named(&emails)));
            }
        }
        super::weaker::keys(found, &format!("of {who}"), &address, &old.keys, &new.keys);
    }
    let new: Vec<_> = found.pairs.new.iter().filter(|head| head.section == Section::People).copied().collect();
    for person in new.iter().filter_map(|head| found.after.register().people.get(&head.id)) {
        let keys = match person.keys.len() {
            0 => String::new(),
            1 => ", with a key".to_owned(),
            keys => format!(", with {keys} keys"),
        };
        let what = format!("{}: {}{keys}", described(Section::People, &person.head.id), person.display());
        found.add(Group::Authority, "person-added", &person.head.address(), what);
    }
}
