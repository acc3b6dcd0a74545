//! A commit with what the register before it says of its names and its signature.

use std::rc::Rc;

use deed_model::evidence::{CommitFacts, KeyFlaw, Signature, SignatureStatus};

use super::archive::{Archive, Before, Beginning, Record};
use super::ring::{Finding, Owner};
use crate::MISSING;
use crate::Time;
use crate::signature::{Interval, Seal};

/// A commit, judged by the register before it.
pub(super) struct Judged {
    pub(super) index: u32,
    pub(super) record: Rc<Record>,
    pub(super) before: Rc<Before>,
    pub(super) finding: Finding,
    /// Its own time proves nothing: it claims to be older than what it stands on, or to be yet to come.
    pub(super) is_regressed: bool,
    /// The earliest it can have been made, if its ancestors' clocks were right.
    pub(super) not_before: Time,
}

impl Judged {
    /// Judges a commit that was brought in by `adoption`, once; `None` where it cannot be read.
    pub(super) fn of(archive: &mut Archive<'_, '_>, index: u32, adoption: u32) -> Option<Rc<Self>> {
        if let Some(judged) = archive.judged.get(&(index, adoption)) {
            return judged.clone();
        }
        let judged = Self::new(archive, index, adoption).map(Rc::new);
        archive.judged.insert((index, adoption), judged.clone());
        judged
    }

    fn new(archive: &mut Archive<'_, '_>, index: u32, adoption: u32) -> Option<Self> {
        let record = archive.commit(index)?;
        let not_before = archive.not_before(index);
        // Of two commits the adopting one is the younger.
        let not_after = if adoption == MISSING { not_before } else { archive.not_before(adoption) };
        let before = archive.before(index);
        let interval = Interval::between(not_before, not_after);
        let adopted = (adoption != MISSING && adoption != index).then(|| archive.before(adoption));
        let finding = with_hindsight(archive, &before, record.signed.as_deref(), &interval, adopted.as_deref());
        Some(Self { index, before, finding, is_regressed: archive.has_wrong_clock(index), not_before, record })
    }

    /// Whether a person wrote the commit, by an address registered before.
    pub(super) fn is_by(&self, person: &str) -> bool {
        self.author() == Some(person)
    }

    /// Who wrote the commit: the person whose name it bears, unless a key that is somebody else's signed it.
    pub(super) fn author(&self) -> Option<&str> {
        let named = self.named()?;
        self.finding.owner().is_none_or(|owner| owner == named).then_some(named)
    }

    /// Whose name the commit bears: the one person with its author's address. What several have is nobody's.
    pub(super) fn named(&self) -> Option<&str> {
        let person = self.before.workspace.register().person_at(&self.record.facts.author.email)?;
        Some(&person.head.id)
    }

    /// Whether a person's key signed the commit.
    pub(super) fn is_signed_by(&self, person: &str) -> bool {
        self.finding.person() == Some(person)
    }

    /// The commit as shown.
    pub(super) fn facts(&self) -> CommitFacts {
        let mut facts = self.record.facts.clone();
        let person = |owner: &Owner| owner.name().to_owned();
        facts.signature = match &self.finding {
            Finding::Unsigned => Signature::default(),
            Finding::Good { owner, key, format } => Signature {
                status: SignatureStatus::Good,
                format: Some(format),
                key: Some(key.clone()),
                person: Some(person(owner)),
            },
            Finding::Flawed { owner, key, format, flaw } => Signature {
                status: if *flaw == KeyFlaw::Unknown { SignatureStatus::Unknown } else { SignatureStatus::Bad },
                format: Some(format),
                key: key.clone(),
                person: owner.as_ref().map(person),
            },
        };
        facts
    }
}

/// Judges a signature by a register before it, and by what became known of its key since.
///
/// The register before cannot know that a key is stolen, that its owner leaves, or that it was replaced; and whoever has such
/// a key can still put a commit upon an old one. So the key must not have been given up in the register that `adopted` the
/// commit, nor be known by now to have been invalid all the time.
pub(super) fn with_hindsight(
    archive: &mut Archive<'_, '_>,
    before: &Before,
    signed: Option<&Seal>,
    interval: &Interval,
    adopted: Option<&Before>,
) -> Finding {
    let finding = before.ring.judge(signed, interval);
    let Finding::Good { owner, .. } = &finding else { return finding };
    if let Some(adopted) = adopted.filter(|adopted| adopted.beginning == Beginning::Known) {
        let then = adopted.ring.judge(signed, interval);
        if !matches!(&then, Finding::Good { owner: still, .. } if still == owner) {
            return then;
        }
    }
    let latest = archive.latest();
    latest.iter().find_map(|latest| latest.ring.objects(signed, interval, owner)).unwrap_or(finding)
}
