//! Checkpoints: tags by which somebody pins history.
//!
//! Anybody can point a tag somewhere. A checkpoint is an annotated tag of a commit, made under the name it has, signed by a person
//! of the register.

use std::rc::Rc;

use deed_model::Section;
use deed_model::evidence::{Checkpoint, KeyFlaw};

use super::archive::{Archive, Before};
use super::judged::with_hindsight;
use super::ladder::Witness;
use super::ring::{Finding, Owner};
use super::{Request, with_past};
use crate::commit::{tag_name, tagger_time};
use crate::register::flow::EventKind;
use crate::signature::{Seal, split};
use crate::{HistoryError, MISSING, ObjectKind, Oid, Repository, Time};

/// Tags with this prefix pin history.
pub const CHECKPOINTS: &str = "deed/checkpoint/";

/// Why a tag is no checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// It is no annotated tag of a commit.
    Plain,
    /// It was made under this name.
    Renamed(String),
    /// Nobody signed it.
    Unsigned,
    /// The commit it names is not on the evidence branch.
    Elsewhere,
    /// A forge signed it.
    Forge,
    /// The signature does not count.
    Untrusted(KeyFlaw),
}

/// What a tag says.
struct Pin {
    commit: Oid,
    seal: Seal,
    /// When, by its own account.
    made: Time,
}

impl Pin {
    fn read(archive: &Archive<'_, '_>, name: &str, tag: Oid, commit: Option<Oid>) -> Result<Self, Unfit> {
        let commit = commit.ok_or(Unfit::Plain)?;
        let object = archive.objects.read_verified(tag, ObjectKind::Tag).map_err(|_| Unfit::Plain)?;
        // Whoever signed a tag of another name, as for a release, pinned nothing.
        match tag_name(object.data()) {
            Some(own) if own == name => {}
            own => return Err(Unfit::Renamed(own.unwrap_or_default())),
        }
        let signed = split(object.data()).ok_or(Unfit::Unsigned)?;
        Ok(Self { commit, seal: Seal::new(signed), made: tagger_time(object.data()).unwrap_or_default() })
    }

    /// The commit, where it is on the branch with that tip.
    fn place(&self, archive: &Archive<'_, '_>, tip: u32) -> Option<u32> {
        archive.graph.find(self.commit).filter(|index| archive.graph.is_ancestor(*index, tip))
    }

    /// Whose signature it carries, by a register and by what is known of the key since.
    fn judge(&self, archive: &mut Archive<'_, '_>, register: &Before, commit: u32) -> Finding {
        let interval = archive.since(commit, self.made);
        with_hindsight(archive, register, Some(&self.seal), &interval, None)
    }
}

/// Reads the tags that pin history: which are lost, and who stands for the others.
pub(super) fn all(archive: &mut Archive<'_, '_>, repository: &Repository, tip: u32) -> (Vec<Witness>, Vec<Checkpoint>) {
    let (mut witnesses, mut lost) = (Vec::new(), Vec::new());
    let mut known = None;
    for (name, tag, commit) in repository.tags(CHECKPOINTS) {
        let Ok(pin) = Pin::read(archive, &name, tag, commit) else { continue };
        if let Some(index) = pin.place(archive, tip) {
            let person = witness(archive, &pin, index);
            witnesses.extend(person.map(|person| Witness { person, commit: index }));
        } else if archive.graph.is_complete() {
            let known: &mut Vec<Rc<Before>> = known.get_or_insert_with(|| registers(archive, tip));
            if known.iter().any(|register| register.ring.knows(&pin.seal)) {
                lost.push(Checkpoint { name, commit: pin.commit.to_string() });
            }
        }
    }
    (witnesses, lost)
}

/// Whose signature a tag carries, by the register of the evidence branch at the commit it names, or before that where
/// the branch never stood at it, and by what is known of the key since.
fn witness(archive: &mut Archive<'_, '_>, pin: &Pin, commit: u32) -> Option<String> {
    let stood = archive.line.on[commit as usize];
    let register = if stood { archive.own(commit) } else { archive.before(commit) };
    pin.judge(archive, &register, commit).person().map(str::to_owned)
}

/// The registers of the evidence branch in which somebody got a key: whom it has known at any time.
///
/// A history that is lost is no witness: whoever makes a tag up makes the commits up that it names.
fn registers(archive: &mut Archive<'_, '_>, tip: u32) -> Vec<Rc<Before>> {
    let timeline = archive.timeline;
    let of_people = timeline.events.iter().filter(|event| {
        event.kind != EventKind::Removed && timeline.names.of_subject(event.subject).0 == Section::People
    });
    let mut commits: Vec<u32> = of_people
        .filter_map(|event| archive.line.landed(event.commit))
        .filter(|landed| *landed != MISSING && archive.graph.is_ancestor(*landed, tip))
        .collect();
    commits.sort_unstable();
    commits.dedup();
    let mut registers: Vec<Rc<Before>> = commits.into_iter().map(|commit| archive.own(commit)).collect();
    registers.dedup_by(|one, other| Rc::ptr_eq(one, other));
    registers
}

/// Says why a tag that is about to be made would be no checkpoint, by the register before the push that brings it; `None`
/// where it is one. The request names what the evidence branch will be.
///
/// # Errors
/// Fails where the repository cannot be read at all.
pub fn unfit(request: &Request<'_>, name: &str, tag: Oid) -> Result<Option<Unfit>, HistoryError> {
    with_past(request, |past| {
        let (archive, tip) = (&mut *past.archive, past.tip.unwrap_or(past.head));
        let commit = request.repository.peeled(tag);
        let pin = match Pin::read(archive, name, tag, commit) {
            Ok(pin) => pin,
            Err(unfit) => return Some(unfit),
        };
        let Some(index) = pin.place(archive, tip) else { return Some(Unfit::Elsewhere) };
        let since = request.repository.judged_since().and_then(|since| archive.graph.find(since));
        let register = archive.own(since.unwrap_or(tip));
        match pin.judge(archive, &register, index) {
            Finding::Good { owner: Owner::Person(_), .. } => None,
            Finding::Good { owner: Owner::Forge, .. } => Some(Unfit::Forge),
            Finding::Flawed { flaw, .. } => Some(Unfit::Untrusted(flaw)),
            Finding::Unsigned => Some(Unfit::Unsigned),
        }
    })
}
