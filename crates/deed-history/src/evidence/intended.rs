//! Decisions that are about to be committed: what the message of their commit has to say of them.

use deed_model::evidence::DecisionEvidence;
use deed_model::{FileId, Section, Verb, Workspace};

use super::archive::{Before, Beginning};
use super::outdated::{Comparison, Texts};
use super::{Request, assertion, trailer, with_past};
use crate::register::facts::{self, FieldName};
use crate::register::state::{FieldState, FileKey, SubjectState};
use crate::{HistoryError, MISSING};

/// A decision that is about to be committed.
#[derive(Clone, Copy, Debug)]
pub struct Intended<'i> {
    /// The section of its subject.
    pub section: Section,
    /// The id of its subject.
    pub id: &'i str,
    /// What is decided.
    pub verb: Verb,
    /// Who decides.
    pub by: &'i str,
}

/// What is known of a decision before it is committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foreseen {
    /// What the trailer has to name beside the decision.
    pub fingerprint: String,
    /// What of the content that it covers, or that is reviewed, is another in the working tree than in the last commit: addresses and paths.
    pub uncommitted: Vec<String>,
}

/// Returns what the fingerprints of decisions will be in a commit that changes nothing but some manifests, made upon the
/// request's revision; `None` for a decision that those do not have. `committed` is the register at that commit, with the
/// decisions in it and `changed` the manifests that they stand in. The request's workspace is what lies here.
///
/// # Errors
/// Fails where the repository cannot be read at all, or has no commit yet.
pub fn foresee(
    request: &Request<'_>,
    committed: &Workspace,
    changed: &[FileId],
    decisions: &[Intended<'_>],
) -> Result<Vec<Option<Foreseen>>, HistoryError> {
    with_past(request, |past| {
        let (archive, head) = (&mut *past.archive, past.head);
        let mut names = archive.timeline.names.clone();
        let before = archive.state(head);
        let mut state = before.clone();
        for file in changed {
            let manifest = committed.manifest(*file);
            let key = FileKey::new(manifest.path.as_bytes().into());
            let Some(facts) = facts::read(&manifest.parse, &mut names) else { continue };
            let bytes = names.known_field(&FieldName::FileBytes);
            for facts in facts.subjects {
                let Some(before) = state.get(facts.subject).filter(|before| before.files.first() == Some(&key)) else {
                    continue;
                };
                let values = facts.fields.iter().map(|(field, hash)| value(*field, *hash));
                // No file changes but the manifests.
                let files = before.fields.iter().filter(|field| Some(field.field) == bytes).cloned();
                let mut fields: Vec<FieldState> = values.chain(files).collect();
                fields.sort_by_key(|field| field.field);
                let files = before.files.clone();
                state.set(facts.subject, Some(SubjectState { facts, files, fields }.into()));
            }
        }
        let mut foresee = |decision: &Intended<'_>| {
            let subject = names.known_subject(decision.section, decision.id)?;
            let facts = &state.get(subject)?.facts;
            let mut made = facts.decisions.iter().filter(|made| made.verb == decision.verb && made.by == decision.by);
            let field = made.next_back()?.field;
            let fingerprint = trailer::fingerprint(&state, &names, subject, field)?;
            let mut uncommitted = Vec::new();
            if let Some(of) = request.workspace.register().subject(decision.section, decision.id) {
                let texts = Texts::of(request);
                // A review covers nothing but time, and yet whoever reviews has looked at what an approval would be of.
                let verb = if decision.verb == Verb::Reviewed { Verb::Approved } else { decision.verb };
                let proposed = deed_model::Decision::proposed(of, verb, decision.by, deed_model::Date::MIN);
                let mut evidence: DecisionEvidence = assertion(of, &proposed, false);
                Comparison {
                    archive,
                    evidence: &mut evidence,
                    workspace: request.workspace,
                    now: before,
                    decided_in: head,
                    texts: &texts,
                }
                .run(of, subject);
                uncommitted = evidence.outdated_here;
            }
            Some(Foreseen { fingerprint, uncommitted })
        };
        decisions.iter().map(&mut foresee).collect()
    })
}

/// Somebody whom the register before a commit to come does not know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stranger {
    /// The branch whose register it is.
    pub branch: String,
    /// That branch knows them by now: only what the commit would stand on does not.
    pub is_known_by_now: bool,
}

/// Returns what is missing for a person to be known by an address to the register that judges a commit yet to be made upon the
/// request's revision; `None` where they are, or where nothing before it can tell.
///
/// # Errors
/// Fails where the repository cannot be read at all, or has no commit yet.
pub fn stranger(request: &Request<'_>, person: &str, email: &str) -> Result<Option<Stranger>, HistoryError> {
    with_past(request, |past| {
        let (archive, head, tip) = (&mut *past.archive, past.head, past.tip);
        let knows =
            |before: &Before| before.workspace.register().person_at(email).is_some_and(|known| known.head.id == person);
        let before = archive.before_next(head);
        if before.beginning != Beginning::Known || knows(&before) {
            return None;
        }
        let branch = past.branch.found.clone().unwrap_or_else(|| past.branch.name.clone());
        Some(Stranger { branch, is_known_by_now: tip.is_some_and(|tip| knows(&archive.own(tip))) })
    })
}

/// Returns whether a message names a decision with a fingerprint where it counts: in its last paragraph.
#[must_use]
pub fn is_named(message: &str, address: &str, fingerprint: &str) -> bool {
    trailer::names(message, address, fingerprint)
}

const fn value(field: facts::FieldId, hash: crate::register::canonical::Hash) -> FieldState {
    FieldState { field, hash, origin: MISSING, adoption: MISSING, is_certain: true, altered: None }
}
