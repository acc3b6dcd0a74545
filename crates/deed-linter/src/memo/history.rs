//! What is not as it was in what history shows.

use std::sync::Arc;

use deed_model::evidence::{Change, DecisionEvidence, History};
use deed_model::reads::Read;
use deed_model::{Changes, FileRange};

/// Compares what history shows before and after an edit.
pub(super) fn changed<'h>(before: &'h History, after: &'h History, changes: &Changes) -> Vec<Read<'h>> {
    let mut reads = Vec::new();
    if !is_same(before, after, changes) {
        reads.push(Read::History);
    }
    // An edit changes decisions that stand together: the others are the same before them and behind them.
    let (old, new) = (&before.decisions, &after.decisions);
    let same = |(was, is): &(&Arc<DecisionEvidence>, &Arc<DecisionEvidence>)| {
        Arc::ptr_eq(was, is) || is_same_evidence(was, is, changes)
    };
    let start = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    for evidence in old[..old.len() - end].iter().chain(&new[..new.len() - end]) {
        reads.push(Read::Evidence(evidence.decision.section, &evidence.decision.id));
        reads.push(Read::AllEvidence);
    }
    reads
}

fn is_same_evidence(was: &DecisionEvidence, is: &DecisionEvidence, changes: &Changes) -> bool {
    was.decision == is.decision
        && changes.place(was.at) == Some(is.at)
        && (was.level, was.first_use, was.entitled) == (is.level, is.first_use, is.entitled)
        && was.origin == is.origin
        && was.adoption == is.adoption
        && is_same_changes(&was.outdated_by, &is.outdated_by, changes)
        && was.outdated_here == is.outdated_here
        && was.is_transplanted == is.is_transplanted
        && was.problems == is.problems
        && was.proof == is.proof
}

/// The rest of what history shows.
fn is_same(was: &History, is: &History, changes: &Changes) -> bool {
    was.head == is.head
        && was.branch == is.branch
        && was.gaps == is.gaps
        && was.trust_root == is.trust_root
        && was.vanished == is.vanished
        && is_same_changes(&was.unguarded, &is.unguarded, changes)
        && was.acts == is.acts
        && was.grants == is.grants
        && was.lost_checkpoints == is.lost_checkpoints
        && was.aliases == is.aliases
}

fn is_same_changes(was: &[Change], is: &[Change], changes: &Changes) -> bool {
    let place = |at: FileRange| changes.place(at);
    let same = |(was, is): (&Change, &Change)| {
        was.what == is.what && was.at.map(place) == is.at.map(Some) && was.commit == is.commit && was.why == is.why
    };
    was.len() == is.len() && was.iter().zip(is).all(same)
}
