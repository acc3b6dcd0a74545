//! What is new, gone, closed or called otherwise, and every other field that changed.

use std::collections::BTreeSet;

use deed_model::{Head, Section};

use super::lists::counted;
use super::value::{fields, short};
use super::{Difference, Found, Group, described};

/// Fields that are told of by themselves.
fn is_told(section: Section, field: &str) -> bool {
    match section {
        Section::Isms => matches!(field, "model" | "owner" | "manager" | "conformity" | "reporting" | "review"),
        Section::RiskCriteria => matches!(field, "tolerance" | "levels" | "max_acceptance"),
        Section::Evidence | Section::Lint => true,
        Section::People => matches!(field, "emails" | "keys" | "left"),
        Section::Roles => matches!(field, "held_by" | "authority"),
        Section::Controls => matches!(field, "owner" | "applicable" | "review"),
        Section::Policies => matches!(field, "owner" | "review"),
        Section::Risks => {
            matches!(field, "owner" | "inherent" | "residual" | "treatment" | "review" | "closed")
        }
        Section::Exceptions => matches!(field, "owner" | "closed"),
        Section::Delegations => matches!(field, "from" | "to" | "authority"),
        _ => false,
    }
}

pub(super) fn compare(found: &mut Found<'_>) {
    // People and delegations are told of as what they are.
    let told = |head: &&&Head| {
        !matches!(head.section, Section::People | Section::Delegations | Section::Evidence | Section::Lint)
    };
    let new: Vec<&Head> = found.pairs.new.iter().filter(told).copied().collect();
    together(found, &new, "subject-added", "new");
    let gone: Vec<&Head> = found
        .pairs
        .gone
        .iter()
        .filter(|head| !matches!(head.section, Section::Delegations | Section::Evidence | Section::Lint))
        .copied()
        .collect();
    together(found, &gone, "subject-removed", "gone");
    for (was, is) in found.pairs.both.clone() {
        if was.id != is.id {
            let what = format!("{}, before `{}`", described(is.section, &is.id), was.id);
            let renamed = found.add(Group::Subjects, "subject-renamed", &is.address(), what);
            renamed.values(Some(was.id.clone()), Some(is.id.clone()));
        }
        closed(found, was, is);
    }
    others(found);
}

/// Subjects of one section that came, or went.
fn together(found: &mut Found<'_>, heads: &[&Head], kind: &'static str, how: &str) {
    for section in Section::ALL {
        let of: Vec<&Head> = heads.iter().filter(|head| head.section == section).copied().collect();
        if of.is_empty() {
            continue;
        }
        let ids: Vec<&str> = of.iter().map(|head| head.id.as_str()).collect();
        found.out.push(Difference {
            kind,
            group: Group::Subjects,
            subjects: of.iter().map(|head| head.address()).collect(),
            what: match of.as_slice() {
                [one] => {
                    let state = if how == "new" { found.after } else { found.before };
                    let title = crate::words::title(state.register(), &one.address());
                    let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
                    let decisions = if how == "new" { 0 } else { found.had.get(&one.key).map_or(0, Vec::len) };
                    let with = match decisions {
                        0 => String::new(),
                        1 => ", with a decision".to_owned(),
                        several => format!(", with {several} decisions"),
                    };
                    format!("{how}: {}{title}{with}", described(section, &one.id))
                }
                _ => format!("{how}: {}", counted(section, &ids)),
            },
            before: None,
            after: None,
        });
    }
}

/// Risks and exceptions that are no more, or are again.
fn closed(found: &mut Found<'_>, was: &Head, is: &Head) {
    let day = |state: &super::State<'_>, head: &Head| {
        let register = state.register();
        match head.section {
            Section::Risks => register.risks.get(&head.id)?.closed.as_ref().map(|day| day.value),
            Section::Exceptions => register.exceptions.get(&head.id)?.closed.as_ref().map(|day| day.value),
            _ => None,
        }
    };
    let (before, after) = (day(found.before, was), day(found.after, is));
    let it = described(is.section, &is.id);
    match (before, after) {
        (None, Some(day)) => {
            found.add(Group::Subjects, "subject-closed", &is.address(), format!("{it} is closed as of {day}"));
        }
        (Some(_), None) => {
            found.add(Group::Subjects, "subject-reopened", &is.address(), format!("{it} is open again"));
        }
        _ => {}
    }
}

/// Every field that is not told of by itself; subjects in which the same fields changed and no value can be shown, together.
fn others(found: &mut Found<'_>) {
    let mut alike: Vec<(Section, Vec<String>, Vec<&Head>)> = Vec::new();
    for (was, is) in &found.pairs.both {
        let parts = changed_fields(found, was, is);
        if parts.is_empty() {
            continue;
        }
        let has_values = parts.iter().any(|part| !part.ends_with('`'));
        let known = alike.iter_mut().find(|(section, known, _)| *section == is.section && *known == parts);
        match known.filter(|_| !has_values) {
            Some((.., heads)) => heads.push(is),
            None => alike.push((is.section, parts, vec![is])),
        }
    }
    for (section, parts, heads) in alike {
        let ids: Vec<&str> = heads.iter().map(|head| head.id.as_str()).collect();
        let parts = parts.join("; ");
        let what = match ids.as_slice() {
            [id] => format!("{}: {parts}", described(section, id)),
            ids => format!("{parts} of {}", counted(section, ids)),
        };
        found.out.push(Difference {
            kind: "fields-changed",
            group: Group::Other,
            subjects: heads.iter().map(|head| head.address()).collect(),
            what,
            before: None,
            after: None,
        });
    }
}

/// The fields of a subject that changed and are not told of by themselves, with values that are short.
fn changed_fields(found: &Found<'_>, was: &Head, is: &Head) -> Vec<String> {
    let (old, new) = (fields(found.before.workspace, was), fields(found.after.workspace, is));
    if old == new {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for name in names.into_iter().filter(|name| !is_told(is.section, name)) {
        let (before, after) = (old.get(name).map(String::as_str), new.get(name).map(String::as_str));
        if before == after || is_renaming(found, before, after) || is_told_already(found, is, name) {
            continue;
        }
        parts.push(match (before.map(short), after.map(short)) {
            (Some(Some(before)), Some(Some(after))) => format!("`{name}` {after}, before {before}"),
            (None, Some(Some(after))) => format!("`{name}` {after}"),
            (Some(_), None) => format!("no `{name}` any more"),
            _ => format!("`{name}`"),
        });
    }
    parts
}

/// Whether a field of this subject was told of as what weakened, or was done.
fn is_told_already(found: &Found<'_>, is: &Head, field: &str) -> bool {
    let kinds: &[&str] = match (is.section, field) {
        (Section::Controls, "status") => &["status-lowered"],
        (Section::Controls, "because") => &["control-excluded", "control-included"],
        (Section::Risks, "plan") => &["action-done", "action-postponed"],
        (Section::Roles, "acting_until") => &["end-extended", "holder-changed"],
        _ => return false,
    };
    let address = is.address();
    found.out.iter().any(|it| kinds.contains(&it.kind) && it.subjects.contains(&address))
}

/// Whether a value differs only in a role or person that has another id.
fn is_renaming(found: &Found<'_>, before: Option<&str>, after: Option<&str>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let inner = |text: &str| text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).map(str::to_owned);
    match (inner(before), inner(after)) {
        (Some(before), Some(after)) => {
            let mut before: Vec<_> = before.split(", ").map(|id| found.pairs.party(id).to_owned()).collect();
            before.sort();
            let mut after: Vec<_> = after.split(", ").map(str::to_owned).collect();
            after.sort();
            before == after
        }
        (None, None) => found.pairs.party(before) == after,
        _ => false,
    }
}
