//! Changes of what everything else rests on: people, keys, roles, authority, settings.
//!
//! Such a change is guarded when somebody else stands for it: two registered people between them wrote it and merged it,
//! or an executive signed it. Where no decision has to be signed, what an executive or a custodian of the ISMS wrote will
//! do. Judged is what stands now, by the register before the change.

use std::collections::BTreeMap;
use std::sync::Arc;

use deed_model::evidence::Change;
use deed_model::{Layer, Level, Register, Section};

use super::archive::Archive;
use super::judged::Judged;
use crate::MISSING;
use crate::register::facts::FieldName;
use crate::register::flow::governs;
use crate::register::state::State;

/// Returns the unguarded changes that still count, by commit and address.
pub(super) fn unguarded(archive: &mut Archive<'_, '_>, now: &State) -> Vec<Change> {
    let mut changes: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
    for subject in now.subjects() {
        let (section, id) = archive.timeline.names.of_subject(subject.facts.subject);
        for value in subject.fields.iter().filter(|value| value.is_certain) {
            let FieldName::Plain(name) = archive.timeline.names.of_field(value.field) else { continue };
            if governs(section, name) {
                let what = format!("{}.{name}", section.address(id));
                changes.entry((value.origin, value.adoption)).or_default().push(what);
            }
        }
    }
    let mut found = Vec::new();
    for ((origin, adoption), mut what) in changes {
        // What is not adopted yet can still be guarded.
        if adoption == MISSING {
            continue;
        }
        let Some(origin) = Judged::of(archive, origin, adoption) else { continue };
        if origin.before.first_use {
            continue;
        }
        let merge = (adoption != origin.index).then(|| Judged::of(archive, adoption, adoption)).flatten();
        let Some(why) = flaw(&origin, merge.as_ref()) else { continue };
        let commit = Arc::new(origin.facts());
        what.sort_unstable();
        found.extend(what.into_iter().map(|what| Change { what, at: None, commit: commit.clone(), why: why.clone() }));
    }
    found
}

/// Why nobody else stands for a change; `None` where somebody does.
fn flaw(origin: &Judged, merge: Option<&Judged>) -> Option<String> {
    let register = origin.before.workspace.register();
    let signed = demands_signatures(register);
    let stands = |judged: &Judged| -> Option<String> {
        let by_name = judged.author().map(str::to_owned).filter(|_| !signed);
        judged.finding.person().map(str::to_owned).or(by_name)
    };
    let author = origin.author().or_else(|| origin.finding.person()).map(str::to_owned);
    if let Some(merger) = merge.and_then(stands)
        && author.as_ref().is_some_and(|author| *author != merger)
    {
        return None;
    }
    // The committer of a commit somebody else wrote has looked at it, too, where the signature shows who it was.
    if origin.finding.person().is_some_and(|signer| origin.author().is_some_and(|author| author != signer)) {
        return None;
    }
    let alone = stands(origin);
    let trusted = |role: &deed_model::Role| role.is_in(Layer::Executive) || !signed && role.is_in(Layer::Isms);
    let day = origin.not_before.day();
    if let Some(person) = &alone
        && register.hats(person, day).iter().any(|hat| trusted(hat.role))
    {
        return None;
    }
    let who = author.and_then(|author| register.people.get(&author)).map_or_else(
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
