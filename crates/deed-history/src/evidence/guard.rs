//! Changes of what everything else rests on: people, keys, roles, authority, settings.
//!
//! Such a change is guarded when somebody else stands for it: two registered people between them wrote it and merged it,
//! or an executive signed it. Where decisions have to be signed, it takes signatures: anybody can write the name of a
//! second person. Where none has to be, names do, and what an executive or a custodian of the ISMS wrote will do.
//! Judged is what stands now and what was taken away, by the register before the change.

use std::collections::BTreeMap;
use std::sync::Arc;

use deed_model::evidence::Change;
use deed_model::{Layer, Level, PersonKind, Register, Section};

use super::archive::{Archive, Beginning};
use super::judged::Judged;
use crate::MISSING;
use crate::register::facts::{FieldId, FieldName, SubjectId};
use crate::register::flow::{EventKind, Timeline, governs};
use crate::register::state::{FieldState, State, SubjectState};

/// Unguarded changes that still count, by commit and address.
#[derive(Default)]
pub(super) struct Unguarded {
    /// Of what still stands.
    pub(super) changed: Vec<Change>,
    /// Of what was taken away: settings that no longer hold, ends that are no more.
    pub(super) removed: Vec<Change>,
}

/// Finds the unguarded changes in the past of a commit.
pub(super) fn unguarded(archive: &mut Archive<'_, '_>, now: &State, head: u32) -> Unguarded {
    let mut changes: BTreeMap<(u32, u32), Vec<(String, bool)>> = BTreeMap::new();
    for subject in now.subjects() {
        let (section, id) = archive.timeline.names.of_subject(subject.facts.subject);
        for value in subject.fields.iter().filter(|value| value.is_certain) {
            if let Some(name) = governing(archive.timeline, section, value.field)
                && !is_decided_on(archive, subject, value)
            {
                let what = format!("{}.{name}", section.address(id));
                changes.entry((value.origin, value.adoption)).or_default().push((what, false));
            }
        }
    }
    let mut removals: BTreeMap<(SubjectId, FieldId), u32> = BTreeMap::new();
    for event in archive.timeline.events.iter().filter(|event| event.kind == EventKind::Removed) {
        let (section, _) = archive.timeline.names.of_subject(event.subject);
        let is_gone = now.field(event.subject, event.field).is_none();
        // What goes with its subject no longer says anything, but for settings.
        let counts = now.get(event.subject).is_some() || matches!(section, Section::Evidence | Section::Lint);
        if is_gone && counts && archive.is_ancestor(event.commit, head) {
            removals.insert((event.subject, event.field), event.commit);
        }
    }
    for ((subject, field), commit) in removals {
        let (section, id) = archive.timeline.names.of_subject(subject);
        if let Some(name) = governing(archive.timeline, section, field) {
            let what = format!("{}.{name}", section.address(id));
            let adoption = archive.line.landed(commit).unwrap_or(MISSING);
            changes.entry((commit, adoption)).or_default().push((what, true));
        }
    }
    let mut found = Unguarded::default();
    for ((origin, adoption), mut what) in changes {
        // What is not adopted yet can still be guarded.
        if adoption == MISSING {
            continue;
        }
        let Some(origin) = Judged::of(archive, origin, adoption) else { continue };
        if origin.before.beginning != Beginning::Known {
            continue;
        }
        let merge = (adoption != origin.index).then(|| Judged::of(archive, adoption, adoption)).flatten();
        let Some(why) = flaw(&origin, merge.as_deref()) else { continue };
        let commit = Arc::new(origin.facts());
        what.sort_unstable();
        what.dedup();
        for (what, is_removed) in what {
            let change = Change { what, at: None, commit: commit.clone(), why: why.clone() };
            if is_removed { &mut found.removed } else { &mut found.changed }.push(change);
        }
    }
    found
}

/// Whether somebody has decided on the subject since a field of it has its value. Of what that decision is worth other rules
/// speak.
fn is_decided_on(archive: &mut Archive<'_, '_>, subject: &SubjectState, value: &FieldState) -> bool {
    let (section, _) = archive.timeline.names.of_subject(subject.facts.subject);
    matches!(section, Section::Isms | Section::RiskCriteria)
        && subject
            .facts
            .decisions
            .iter()
            .filter_map(|decision| subject.field(decision.field))
            .any(|decision| value.origin == decision.origin || archive.is_ancestor(value.origin, decision.origin))
}

/// The name of a field that governs, as it is written.
fn governing(timeline: &Timeline, section: Section, field: FieldId) -> Option<&str> {
    match timeline.names.of_field(field) {
        FieldName::Plain(name) => Some(name.as_str()).filter(|name| governs(section, name)),
        // Another file is another key.
        FieldName::FileBytes if section == Section::People => Some("keys"),
        FieldName::FileBytes if section == Section::Evidence => Some("forges"),
        _ => None,
    }
}

/// Why nobody else stands for a change; `None` where somebody does.
fn flaw(origin: &Judged, merge: Option<&Judged>) -> Option<String> {
    let register = origin.before.workspace.register();
    let signed = demands_signatures(register);
    let is_person = |id: &str| register.people.get(id).is_some_and(|person| person.kind == PersonKind::Person);
    // Whose key signed it, whatever names it bears; where no signatures are asked for, whose name it bears. A machine is
    // nobody else than whoever runs it.
    let stands = |judged: &Judged| -> Option<String> {
        let by_name = judged.author().map(str::to_owned).filter(|_| !signed);
        judged.finding.person().map(str::to_owned).or(by_name).filter(|id| is_person(id))
    };
    let author = stands(origin);
    if let Some(merger) = merge.and_then(stands)
        && author.as_ref().is_some_and(|author| *author != merger)
    {
        return None;
    }
    // Where names are believed: the committer of a commit somebody else wrote has looked at it, too.
    if !signed && origin.finding.person().is_some_and(|signer| origin.named().is_some_and(|author| author != signer)) {
        return None;
    }
    let alone = author;
    let trusted = |role: &deed_model::Role| role.is_in(Layer::Executive) || !signed && role.is_in(Layer::Isms);
    let day = origin.not_before.day();
    if let Some(person) = &alone
        && register.hats(person, day).iter().any(|hat| trusted(hat.role))
    {
        return None;
    }
    let author = origin.finding.person().or_else(|| origin.author());
    let who = author.and_then(|author| register.people.get(author)).map_or_else(
        || format!("{} <{}>", origin.record.facts.author.name, origin.record.facts.author.email),
        |person| person.display().to_owned(),
    );
    let unsigned = if signed && origin.finding.person().is_none() { ", unsigned" } else { "" };
    Some(format!("{who} alone{unsigned}"))
}

/// Whether the register asks for signatures on any decision.
fn demands_signatures(register: &Register) -> bool {
    let require = register.evidence().into_iter().flat_map(|evidence| &evidence.require);
    require.filter_map(|line| line.level.as_ref()).any(|level| level.value >= Level::Signed)
}

/// Sections whose decisions outlive their subject: what was decided must stay on record.
pub(super) const fn keeps_record(section: Section) -> bool {
    matches!(
        section,
        Section::Isms
            | Section::RiskCriteria
            | Section::Soa
            | Section::Policies
            | Section::Risks
            | Section::Exceptions
            | Section::Delegations
            | Section::Reviews
    )
}
