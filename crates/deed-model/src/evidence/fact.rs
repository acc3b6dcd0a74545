//! What was found in history.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::{Level, Problem};
use crate::{Date, FileRange, Section, Verb};

/// What history shows of one workspace.
#[derive(Default)]
pub struct History {
    /// The commit everything was judged at; `None` on an unborn branch or outside of Git.
    pub head: Option<String>,
    /// The branch decisions are adopted on.
    pub branch: Branch,
    /// What could not be looked at, or was ignored.
    pub gaps: Vec<Gap>,
    /// Where trust starts.
    pub trust_root: TrustRoot,
    /// Every decision of the register, in its order.
    pub decisions: Vec<Arc<DecisionEvidence>>,
    /// Decisions that history has and the register has no more.
    pub vanished: Vec<Vanished>,
    /// Changes of people, keys, authority or settings that nobody else stands for and that still count.
    pub unguarded: Vec<Change>,
    /// The latest thing each person provably did, by id.
    pub acts: BTreeMap<String, Act>,
    /// The days that grants of each exception bear, those included that have made way for later ones; by id.
    pub grants: BTreeMap<String, BTreeSet<Date>>,
    /// Checkpoints that are no ancestors of the branch any more.
    pub lost_checkpoints: Vec<Checkpoint>,
    /// Registered e-mails that `.mailmap` shows as somebody. Nothing here believes it.
    pub aliases: Vec<Alias>,
}

/// The branch decisions are adopted on.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Branch {
    /// The name that was looked for.
    pub name: String,
    /// The reference that served, as in `origin/main`; `None` where there is no such branch.
    pub found: Option<String>,
}

/// Something that could not be looked at, or was ignored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gap {
    /// A shallow clone: history ends early.
    Shallow,
    /// Objects are missing, as in a partial clone.
    MissingObjects(usize),
    /// `refs/replace` has entries, which are ignored.
    Replaced(usize),
    /// `info/grafts` exists, which is ignored.
    Grafted,
}

impl Gap {
    /// Returns whether something is missing, so that not all can be said.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Shallow | Self::MissingObjects(_))
    }
}

/// Where trust starts.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub enum TrustRoot {
    /// The first commit of each subject is believed: trust on first use.
    #[default]
    FirstUse,
    /// A commit that was pinned out of band.
    Pinned(String),
    /// A pinned commit that is no ancestor.
    Lost(String),
}

/// Names a decision of a register.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DecisionRef {
    /// The section of its subject.
    pub section: Section,
    /// The id of its subject; empty for singletons.
    pub id: String,
    /// What was done.
    pub verb: Verb,
    /// Who decided, where several decide together.
    pub by: Option<String>,
}

impl DecisionRef {
    /// Returns the address of the subject, as in `risks.R-12`.
    pub fn subject(&self) -> String {
        self.section.address(&self.id)
    }
}

impl std::fmt::Display for DecisionRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.subject(), self.verb.key())?;
        self.by.as_ref().map_or(Ok(()), |by| write!(f, "[{by}]"))
    }
}

/// What history proves of one decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionEvidence {
    /// Which.
    pub decision: DecisionRef,
    /// Where it stands.
    pub at: FileRange,
    /// How far the proof goes.
    pub level: Level,
    /// The commit that gave the decision its present value.
    pub origin: Option<Arc<CommitFacts>>,
    /// The first-parent commit of the evidence branch that brought it in.
    pub adoption: Option<Arc<CommitFacts>>,
    /// The proof rests on the subject's first commit, which is believed for want of anything before it.
    pub first_use: bool,
    /// The commits that changed what it covers since.
    pub outdated_by: Vec<Change>,
    /// What it covers is changed in the working tree.
    pub outdated_here: Vec<String>,
    /// It was decided on something else than what its own commit has, by the fingerprint in that commit's message: a rebase,
    /// a cherry-pick or the like moved it.
    pub is_transplanted: bool,
    /// What speaks against it.
    pub problems: Vec<Problem>,
    /// Whether the decider could decide this by the register before the origin; `None` where that is not known.
    pub entitled: Option<bool>,
    /// What raised the level, rung by rung.
    pub proof: Proof,
}

impl DecisionEvidence {
    /// Returns whether what stands here now is not what was decided on.
    pub fn is_outdated(&self) -> bool {
        self.is_transplanted || !self.outdated_by.is_empty() || !self.outdated_here.is_empty()
    }

    /// Returns the commit that has something else than what it says was decided, where the decision was moved so.
    pub fn transplanted_by(&self) -> Option<&Arc<CommitFacts>> {
        self.act().filter(|_| self.is_transplanted)
    }

    /// Returns the commit that stands for the act: the origin, or the merge by which the decider adopted somebody else's.
    pub fn act(&self) -> Option<&Arc<CommitFacts>> {
        if self.proof.by_merge { self.adoption.as_ref() } else { self.origin.as_ref() }
    }
}

/// Who stands for a decision.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Proof {
    /// Its origin or its adopting merge is by the decider.
    pub by_decider: bool,
    /// What the decider made is the adopting merge: somebody else had written what it brought in.
    pub by_merge: bool,
    /// Whose key signed it: a person's id.
    pub signer: Option<String>,
    /// Who else signed: a person's id.
    pub witness: Option<String>,
}

/// A commit, as shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitFacts {
    /// Its object id.
    pub id: String,
    /// Who wrote it, as claimed.
    pub author: Signatory,
    /// Who committed it, as claimed.
    pub committer: Signatory,
    /// Its subject line.
    pub summary: String,
    /// Whether it has several parents.
    pub is_merge: bool,
    /// Its signature.
    pub signature: Signature,
}

/// A name in a commit: free text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Seconds since 1970-01-01 UTC.
    pub time: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

impl Signatory {
    /// Returns the day, in the signatory's own time zone.
    pub fn day(&self) -> Date {
        day_of(self.time, self.offset)
    }
}

/// Returns the civil day of a time; the ends of the calendar for times beyond it.
pub fn day_of(seconds: i64, offset_minutes: i32) -> Date {
    // No place is further than a day from Greenwich: a lying offset moves a time by no more.
    let local = seconds.saturating_add(i64::from(offset_minutes.clamp(-1440, 1440)) * 60);
    let since = Duration::from_secs(local.div_euclid(86_400).unsigned_abs().saturating_mul(86_400));
    let epoch = Date::constant(1970, 1, 1);
    if local < 0 { epoch.saturating_sub(since) } else { epoch.saturating_add(since) }
}

/// A signature of a commit.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Signature {
    /// What came of verifying it.
    pub status: SignatureStatus,
    /// `ssh` or `openpgp`.
    pub format: Option<&'static str>,
    /// The key's fingerprint.
    pub key: Option<String>,
    /// Whose key it is in the state before: a person's id, or `forge`.
    pub person: Option<String>,
}

/// What came of verifying a signature.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum SignatureStatus {
    /// There is none.
    #[default]
    None,
    /// By a key of the state before, within its dates.
    Good,
    /// It does not verify, or its key did not count then.
    Bad,
    /// By a key nobody had registered, or in a form that cannot be verified.
    Unknown,
}

impl SignatureStatus {
    /// Returns the name as written in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

/// A change of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The address of what changed, as in `controls.A.8.12.owner`.
    pub what: String,
    /// Where it stands now, if it does.
    pub at: Option<FileRange>,
    /// The commit.
    pub commit: Arc<CommitFacts>,
    /// Why it counts, in words.
    pub why: String,
}

/// What `.mailmap` has other tools show in place of a registered e-mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alias {
    /// The e-mail as registered.
    pub email: String,
    /// The name shown.
    pub shown_name: String,
    /// The e-mail shown.
    pub shown_email: String,
}

/// A decision that history has and the register has no more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vanished {
    /// Which.
    pub decision: DecisionRef,
    /// The commit that removed it.
    pub commit: Arc<CommitFacts>,
    /// It was lost in a merge.
    pub by_merge: bool,
    /// The decision as it was recorded last.
    pub last: Option<Arc<CommitFacts>>,
    /// Who had decided, and on which day, as claimed.
    pub by: Option<String>,
    /// The day.
    pub date: Option<Date>,
}

/// Something a person provably did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// The day it was recorded on.
    pub day: Date,
    /// The decision.
    pub decision: DecisionRef,
    /// The commit.
    pub commit: String,
}

/// A signed tag that pins history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The tag's name.
    pub name: String,
    /// The commit it pins.
    pub commit: String,
}

impl History {
    /// Returns the evidence of the decision that stands at a place.
    pub fn of(&self, at: FileRange) -> Option<&DecisionEvidence> {
        self.decisions.iter().find(|evidence| evidence.at == at).map(Arc::as_ref)
    }

    /// Returns whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        !self.gaps.iter().any(Gap::is_missing)
    }
}
