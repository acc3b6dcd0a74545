//! A commit with what the register before it says of its names and its signature.

use std::rc::Rc;

use deed_model::evidence::{CommitFacts, KeyFlaw, Signature, SignatureStatus};

use super::archive::{Archive, Before, Record};
use super::ring::{Finding, Owner};
use crate::MISSING;
use crate::Time;
use crate::signature::Interval;

/// A commit, judged by the register before it.
pub(super) struct Judged {
    pub(super) index: u32,
    pub(super) record: Rc<Record>,
    pub(super) before: Rc<Before>,
    pub(super) finding: Finding,
    /// It claims to be older than one of its parents.
    pub(super) is_regressed: bool,
    /// The earliest it can have been made, if its ancestors' clocks were right.
    pub(super) not_before: Time,
}

impl Judged {
    /// Judges a commit that was brought in by `adoption`; `None` where it cannot be read.
    pub(super) fn of(archive: &mut Archive<'_, '_>, index: u32, adoption: u32) -> Option<Self> {
        let record = archive.commit(index)?;
        let own = moment(&record.facts);
        let mut not_before = own;
        for &parent in archive.graph.parents(index).iter().filter(|parent| **parent != MISSING) {
            let seconds = archive.graph.time(parent);
            if seconds > not_before.seconds {
                not_before = Time { seconds, offset_minutes: 0 };
            }
        }
        let not_after = match adoption {
            MISSING => not_before,
            // Of two commits the adopting one is the younger, or its clock says nothing.
            adoption => archive.commit(adoption).map_or(not_before, |record| moment(&record.facts)),
        };
        let before = archive.before(index);
        let finding = before.ring.judge(record.signed.as_ref(), &Interval::between(not_before, not_after));
        Some(Self { index, before, finding, is_regressed: not_before != own, not_before, record })
    }

    /// Whether a person wrote the commit, by an address registered before.
    pub(super) fn is_by(&self, person: &str) -> bool {
        self.author() == Some(person)
    }

    /// Who wrote the commit: the person with that address.
    pub(super) fn author(&self) -> Option<&str> {
        let email = &self.record.facts.author.email;
        let mut people = self.before.workspace.register().people.iter();
        let person = people.find(|person| person.emails.iter().any(|known| known.eq_ignore_ascii_case(email)))?;
        Some(&person.head.id)
    }

    /// Whether a person's key signed the commit.
    pub(super) fn is_signed_by(&self, person: &str) -> bool {
        self.finding.person() == Some(person)
    }

    /// The commit as shown.
    pub(super) fn facts(&self) -> CommitFacts {
        let mut facts = self.record.facts.clone();
        let person = |owner: &Owner| match owner {
            Owner::Person(person) => person.clone(),
            Owner::Forge => "forge".to_owned(),
        };
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

fn moment(facts: &CommitFacts) -> Time {
    Time { seconds: facts.committer.time, offset_minutes: facts.committer.offset }
}
