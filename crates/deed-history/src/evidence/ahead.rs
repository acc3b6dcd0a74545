//! Whose clock ran ahead, where that can be told.
//!
//! A commit that claims an earlier time than what it stands on contradicts it, and one of two clocks is wrong. Mostly nothing
//! tells which, and then it is the later commit whose time proves nothing: else whoever dates a decision back had only to
//! say that the commits before it were early. But where all that is contradicted is the word of one person, and three others
//! contradict it, each by a signature of their own, that one's clock ran ahead. Three, so that whoever is judged by it has
//! two others beside them; and signatures, since names are free text.

use std::collections::BTreeSet;

use super::archive::Archive;
use super::clock::SKEW;
use super::judged::with_hindsight;
use crate::signature::Interval;
use crate::{MISSING, Time};

/// So many others must contradict a person.
const OTHERS: usize = 3;
/// No more commits than this are suspected. Of each, no more signed commits than this are looked at that contradict it, out
/// of so many, and no more may a person have made that one of them contradicts.
const SUSPECTS: usize = 16;
const LOOKS: usize = 64;
const MANY: usize = 1_000;

/// Finds the commits whose clocks ran ahead, and has their times believed no longer.
pub(super) fn overrule(archive: &mut Archive<'_, '_>) {
    let mut cleared = BTreeSet::new();
    for _ in 0..SUSPECTS {
        // The latest first: of those before it others may say the same.
        let suspects = contradicting(archive).into_iter().map(|(suspect, _)| suspect);
        let latest = suspects.filter(|suspect| !cleared.contains(suspect)).max_by_key(|it| archive.graph.time(*it));
        let Some(suspect) = latest else { return };
        if is_ahead(archive, suspect) {
            archive.disbelieve(suspect);
        } else {
            cleared.insert(suspect);
        }
    }
}

/// The commits that claim to be older than what they stand on, each behind the one that claims most.
fn contradicting(archive: &Archive<'_, '_>) -> Vec<(u32, u32)> {
    let all = 0..u32::try_from(archive.graph.len()).unwrap_or(MISSING);
    all.filter_map(|commit| Some((archive.contradicted_by(commit)?, commit))).collect()
}

fn is_ahead(archive: &mut Archive<'_, '_>, suspect: u32) -> bool {
    let maker = maker(archive, suspect);
    let until = archive.graph.time(suspect);
    let mut others = BTreeSet::new();
    let later = contradicting(archive).into_iter().filter(|(by, _)| *by == suspect).map(|(_, commit)| commit);
    let later: Vec<u32> = later.collect();
    let is_signed = |commit: &u32| archive.commit(*commit).is_some_and(|record| record.signed.is_some());
    let signed: Vec<u32> = later.into_iter().rev().take(MANY).filter(is_signed).take(LOOKS).collect();
    for commit in signed {
        // It was made between what it claims and what the suspect claims, whoever is right.
        let claimed = archive.graph.time(commit);
        let interval = Interval::between(utc(claimed), utc(until));
        let Some(person) = signer(archive, commit, &interval).filter(|person| *person != maker) else { continue };
        if !others.contains(&person) && is_alone(archive, &maker, commit, claimed) {
            others.insert(person);
            if others.len() == OTHERS {
                return true;
            }
        }
    }
    false
}

/// Whether all that a commit stands on and contradicts is the word of one person.
fn is_alone(archive: &mut Archive<'_, '_>, maker: &str, commit: u32, claimed: i64) -> bool {
    let graph = archive.graph;
    let mut contradicted = 0;
    let (mut pending, mut seen) = (vec![commit], BTreeSet::new());
    while let Some(commit) = pending.pop() {
        for before in graph.parents(commit).iter().copied().filter(|parent| *parent != MISSING) {
            if !seen.insert(before) {
                continue;
            }
            pending.push(before);
            if archive.is_believed(before) && graph.time(before) > claimed.saturating_add(SKEW) {
                contradicted += 1;
                if contradicted > MANY || self::maker(archive, before) != maker {
                    return false;
                }
            }
        }
    }
    true
}

/// Who made a commit: whose key signed it, or else whose name it bears.
fn maker(archive: &mut Archive<'_, '_>, commit: u32) -> String {
    let at = utc(archive.graph.time(commit));
    if let Some(signer) = signer(archive, commit, &Interval::between(at, at)) {
        return signer;
    }
    let email = archive.commit(commit).map(|record| record.facts.author.email.to_lowercase()).unwrap_or_default();
    let before = archive.before(commit);
    let person = before.workspace.register().person_at(&email).map(|person| person.head.id.clone());
    person.unwrap_or(email)
}

fn signer(archive: &mut Archive<'_, '_>, commit: u32, interval: &Interval) -> Option<String> {
    let record = archive.commit(commit)?;
    let signed = record.signed.as_deref()?;
    let before = archive.before(commit);
    let adopted = archive.line.landed(commit).map(|landed| archive.own(landed));
    let finding = with_hindsight(archive, &before, Some(signed), interval, adopted.as_deref());
    finding.person().map(str::to_owned)
}

const fn utc(seconds: i64) -> Time {
    Time { seconds, offset_minutes: 0 }
}
