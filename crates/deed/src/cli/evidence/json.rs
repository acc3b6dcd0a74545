//! The format for programs: version 1, described by `schemas/evidence.schema.json`.

use std::io::{self, Write};

use deed_model::evidence::{CommitFacts, DecisionEvidence, Problem, Signatory, TrustRoot};
use serde_json::{Value, json};

use super::Shown;
use crate::cli::lines::Lines;

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let history = &shown.history;
    let workspace = &shown.project.workspace;
    let lines = Lines::new(workspace);
    let decided: std::collections::HashMap<_, _> =
        workspace.register().decisions().map(|(_, decision)| (decision.range, decision)).collect();
    let decisions = shown.decisions().map(|evidence| {
        let decision = decided.get(&evidence.at);
        json!({
            "decision": evidence.decision.to_string(),
            "by": decision.and_then(|it| it.by.as_ref()).map(|by| by.as_str()),
            "date": decision.and_then(|it| it.date.as_ref()).map(|date| date.value.to_string()),
            "until": decision.and_then(|it| it.until.as_ref()).map(|until| until.value.to_string()),
            "path": workspace.manifest(evidence.at.file).path,
            "range": lines.places(evidence.at),
            "level": evidence.level.name(),
            "first_use": evidence.first_use,
            "origin": evidence.origin.as_deref().map(commit),
            "adoption": evidence.adoption.as_deref().map(commit),
            "witness": evidence.proof.witness,
            "entitled": evidence.entitled,
            "outdated_by": outdated_by(evidence),
            "outdated": outdated(evidence),
            "problems": problems(evidence),
        })
    });
    let document = json!({
        "version": 1,
        "head": history.head,
        "branch": history.branch.found,
        "complete": history.is_complete(),
        "trust_root": match &history.trust_root {
            TrustRoot::Pinned(commit) => Some(commit),
            TrustRoot::FirstUse | TrustRoot::Lost(_) => None,
        },
        "lost_trust_root": match &history.trust_root {
            TrustRoot::Lost(pinned) => Some(pinned),
            TrustRoot::FirstUse | TrustRoot::Pinned(_) => None,
        },
        "decisions": decisions.collect::<Vec<_>>(),
        "vanished": history.vanished.iter().map(|gone| json!({
            "decision": gone.decision.to_string(),
            "by": gone.by,
            "date": gone.date.map(|date| date.to_string()),
            "commit": gone.commit.id,
            "by_merge": gone.by_merge,
        })).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The commits that outdate a decision: its own, where that has something else than what was decided on.
pub(super) fn outdated_by(evidence: &DecisionEvidence) -> Vec<&str> {
    let later = evidence.outdated_by.iter().map(|change| &change.commit);
    evidence.transplanted_by().into_iter().chain(later).map(|commit| commit.id.as_str()).collect()
}

/// What is not as a decision had it.
pub(crate) fn outdated(evidence: &DecisionEvidence) -> Vec<Value> {
    let own = evidence.transplanted_by();
    let own = own.map(|act| json!({ "what": evidence.decision.subject(), "commit": act.id, "why": "transplanted" }));
    let committed = evidence.outdated_by.iter();
    let committed =
        committed.map(|change| json!({ "what": change.what, "commit": change.commit.id, "why": change.why }));
    let here = evidence.outdated_here.iter();
    let here = here.map(|what| json!({ "what": what, "commit": null, "why": "changed" }));
    own.into_iter().chain(committed).chain(here).collect()
}

/// What speaks against a decision, by the rules that report it.
pub(crate) fn problems(evidence: &DecisionEvidence) -> Vec<&'static str> {
    evidence.problems.iter().map(Problem::rule).collect()
}

/// A commit as shown.
pub(crate) fn commit(facts: &CommitFacts) -> Value {
    json!({
        "commit": facts.id,
        "summary": facts.summary,
        "author": signatory(&facts.author),
        "committer": signatory(&facts.committer),
        "signature": {
            "status": facts.signature.status.name(),
            "format": facts.signature.format,
            "key": facts.signature.key,
            "person": facts.signature.person,
        },
    })
}

fn signatory(who: &Signatory) -> Value {
    json!({ "name": who.name, "email": who.email, "time": rfc3339(who) })
}

/// The time as in `2026-03-01T10:00:00+01:00`.
fn rfc3339(who: &Signatory) -> String {
    deed_history::Time { seconds: who.time, offset_minutes: who.offset }.to_string()
}
