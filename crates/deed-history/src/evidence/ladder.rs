//! How far the proof of one decision goes.

use std::rc::Rc;
use std::sync::Arc;

use deed_model::authority::Entitlement;
use deed_model::evidence::{DecisionEvidence, DecisionRef, KeyFlaw, Problem};
use deed_model::{Date, Decision, Head, Level, Period, PeriodUnit, PersonKind, Register, Section, Verb};

use super::archive::Archive;
use super::judged::Judged;
use super::ring::Finding;
use super::trailer;
use crate::MISSING;
use crate::register::facts::{FieldId, SubjectId};
use crate::register::state::{Alteration, FieldState};

/// How long after its day a decision may be recorded, where the register does not say.
const GRACE: Period = Period { count: 7, unit: PeriodUnit::Days };

/// A signed tag that stands on a decision.
pub(super) struct Witness {
    pub(super) person: String,
    /// The commit it names.
    pub(super) commit: u32,
}

/// Fills in what history proves of a decision whose value is committed; returns the commit that stands for the act.
pub(super) fn climb(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    head: &Head,
    decision: &Decision,
    subject: SubjectId,
    value: &FieldState,
    witnesses: &[Witness],
) -> u32 {
    evidence.level = Level::Recorded;
    let Some(origin) = Judged::of(archive, value.origin, value.adoption) else {
        evidence.problems.push(Problem::IncompleteHistory);
        return value.origin;
    };
    evidence.origin = Some(Arc::new(origin.facts()));
    let adoption = (value.adoption != MISSING).then(|| Judged::of(archive, value.adoption, value.adoption)).flatten();
    // Where history ends, what came in before seems to have come in there.
    let is_known = |adoption: &&Rc<Judged>| !archive.graph.parents(adoption.index).contains(&MISSING);
    evidence.adoption = adoption.as_ref().filter(is_known).map(|adoption| Arc::new(adoption.facts()));
    if !value.is_certain || origin.before.is_missing() {
        if !value.is_certain {
            (evidence.origin, evidence.adoption) = (None, None);
        }
        evidence.problems.push(Problem::IncompleteHistory);
        return value.origin;
    }
    let by = decision.by.as_ref().map_or("", |by| by.as_str());
    // What the merge that adopted a decision adds; a fast-forward is the origin itself.
    let merge = adoption.filter(|adoption| adoption.index != origin.index);
    // Whoever merges what somebody else had prepared decides then and there.
    let is_own = |judged: &Judged| judged.is_by(by) || judged.is_signed_by(by);
    let adopting = merge.as_deref().filter(|merge| is_own(merge) && !is_own(&origin));
    let act = adopting.unwrap_or(&origin);
    evidence.first_use = act.before.is_first_use();
    entitle(archive, evidence, act, merge.as_deref(), head, decision, subject);
    let is_altered =
        value.altered.as_ref().is_some_and(|it| altered(archive, evidence, it, &origin, head.section, decision));
    if !is_altered {
        // The day of an altered decision is that of the act it was made from.
        time(evidence, act, decision);
    }
    if decision.by.is_some() {
        raise(archive, evidence, &origin, merge.as_deref(), by, (subject, value.field), witnesses);
        evidence.proof.by_merge = adopting.is_some();
    }
    act.index
}

/// Climbs the ladder.
fn raise(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    origin: &Judged,
    merge: Option<&Judged>,
    by: &str,
    decision: (SubjectId, FieldId),
    witnesses: &[Witness],
) {
    let merged_by = merge.is_some_and(|merge| merge.record.facts.is_merge && merge.is_by(by));
    let merge_signed = merge.filter(|merge| merge.is_signed_by(by));
    let signed = if origin.is_signed_by(by) { Some(origin) } else { merge_signed };
    let signer = signed.map(|_| by).or_else(|| origin.finding.person());
    evidence.proof.by_decider = origin.is_by(by) || merged_by;
    evidence.proof.signer = signer.map(str::to_owned);
    if signed.is_none() {
        let register = origin.before.workspace.register();
        if register.people.get(by).is_none() && archive.own(origin.index).workspace.register().people.get(by).is_some()
        {
            evidence.problems.push(Problem::SelfIntroduced { what: format!("people.{by}") });
            return;
        }
        let of_origin = origin.finding.person().filter(|_| origin.named() == Some(by) || !merged_by);
        let of_merge = merge
            .filter(|merge| !origin.is_by(by) && merge.named() == Some(by))
            .and_then(|merge| merge.finding.person());
        if let Some(signer) = of_origin.or(of_merge) {
            evidence.problems.push(Problem::WrongSigner { signer: signer.to_owned() });
            return;
        }
        if let Finding::Flawed { flaw, .. } = &origin.finding {
            let own = archive.own(origin.index);
            let interval = crate::signature::Interval::between(origin.not_before, origin.not_before);
            let is_new = *flaw == KeyFlaw::Unknown
                && origin.before.ring.judge(origin.record.signed.as_deref(), &interval).person() != Some(by)
                && own.ring.judge(origin.record.signed.as_deref(), &interval).person() == Some(by);
            evidence.problems.push(if is_new {
                Problem::SelfIntroduced { what: format!("people.{by}.keys") }
            } else {
                Problem::UntrustedKey(flaw.clone())
            });
        }
    }
    if evidence.proof.by_decider {
        evidence.level = Level::Attributed;
    } else if signed.is_none() {
        let names = origin.before.workspace.register().people.get(by);
        if let Some(line) = names.and_then(|person| trailer::approval(&origin.record.message, person)) {
            evidence.problems.push(Problem::TrailerOnly { line });
        }
    }
    if origin.finding.is_forge() && origin.is_by(by) || merged_by && merge.is_some_and(|merge| merge.finding.is_forge())
    {
        evidence.level = Level::Vouched;
        if signed.is_none() {
            evidence.problems.push(Problem::ForgeOnly);
        }
    }
    // Who signed as the decider, else who only says to be.
    let own = signed.or_else(|| if origin.is_by(by) { Some(origin) } else { merge.filter(|_| merged_by) });
    let named = own.and_then(|own| named(archive, own, evidence, decision));
    evidence.is_transplanted = named == Some(false);
    if signed.is_none() {
        return;
    }
    evidence.level = Level::Signed;
    if named != Some(true) {
        return;
    }
    evidence.level = Level::Decided;
    let people = &origin.before.workspace.register().people;
    // A machine is nobody else than whoever runs it.
    let is_another = |id: &str| id != by && people.get(id).is_none_or(|person| person.kind == PersonKind::Person);
    let countersigned = merge.and_then(|merge| merge.finding.person()).filter(|person| is_another(person));
    let checkpoint = witnesses
        .iter()
        .find(|witness| is_another(&witness.person) && archive.graph.is_ancestor(origin.index, witness.commit));
    if let Some(witness) = countersigned.or(checkpoint.map(|witness| witness.person.as_str())) {
        evidence.level = Level::Witnessed;
        evidence.proof.witness = Some(witness.to_owned());
    }
}

/// Whether a commit's message names a decision with the fingerprint it has there; `None` where it does not name it, and where
/// that fingerprint is not known.
fn named(
    archive: &mut Archive<'_, '_>,
    judged: &Judged,
    evidence: &DecisionEvidence,
    (subject, decision): (SubjectId, FieldId),
) -> Option<bool> {
    let address = format!("{}.{}", evidence.decision.subject(), evidence.decision.verb.key());
    let message = &judged.record.message;
    // Most messages have no such line, and a fingerprint takes a while.
    if !message.contains(&address) || !trailer::is_about(message, &address) {
        return None;
    }
    let state = archive.state(judged.index);
    let fingerprint = trailer::fingerprint(state, &archive.timeline.names, subject, decision)?;
    let is_named = trailer::names(message, &address, &fingerprint);
    (is_named || !state.has_gap()).then_some(is_named)
}

/// Judges whether the decider could decide this, by the register before the act; and whether they still could by the one
/// that adopted it: an act upon an old commit can be dated back as far as that one.
fn entitle(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    act: &Judged,
    merge: Option<&Judged>,
    head: &Head,
    decision: &Decision,
    subject: SubjectId,
) {
    let of = match head.section {
        // Who acknowledges a role holds it by the very commit that gives it to them.
        Section::Roles => Some(archive.own(act.index).workspace.clone()),
        _ => None,
    };
    let subject = if of.is_none() { archive.subject(archive.state(act.index), subject) } else { None };
    let by = |register: &Register| match (&of, &subject) {
        (Some(own), _) => own.register().entitlement(own.register(), head.section, &head.id, decision),
        (None, Some(subject)) => register.entitlement(subject.register(), head.section, &head.id, decision),
        (None, None) => Entitlement::Unknown,
    };
    evidence.entitled = match by(act.before.workspace.register()) {
        Entitlement::Given => Some(true),
        Entitlement::Unknown => None,
        Entitlement::Lacking(why) => {
            evidence.problems.push(Problem::NotEntitled { why });
            Some(false)
        }
    };
    let adopting = merge.filter(|merge| evidence.entitled == Some(true) && !merge.before.is_missing());
    if let Some(Entitlement::Lacking(why)) = adopting.map(|merge| by(merge.before.workspace.register())) {
        evidence.problems.push(Problem::NoLongerEntitled { why });
    }
}

/// Compares the day that is claimed with the time of the act.
fn time(evidence: &mut DecisionEvidence, act: &Judged, decision: &Decision) {
    if act.is_regressed {
        evidence.problems.push(Problem::ClockRegression);
    }
    let Some(date) = decision.date.as_ref().map(|date| date.value) else { return };
    let grace = act.before.workspace.register().evidence().and_then(|evidence| evidence.grace.as_ref());
    let grace = grace.map_or(GRACE, |grace| grace.value);
    let recorded = act.not_before.day();
    let days = |from: Date, to: Date| from.until(to).map_or(0, |span| i64::from(span.get_days()));
    if grace.after(date) < recorded {
        evidence.problems.push(Problem::Backdated { days: days(date, recorded) });
    } else if !act.is_regressed && days(recorded, date) > 1 {
        evidence.problems.push(Problem::Postdated { days: days(recorded, date) });
    }
}

/// Reports a decision that was changed instead of being made anew. What its decider signs again is made anew: whether
/// the day is still theirs, the time of the commit says.
fn altered(
    archive: &mut Archive<'_, '_>,
    evidence: &mut DecisionEvidence,
    alteration: &Alteration,
    origin: &Judged,
    section: Section,
    decision: &Decision,
) -> bool {
    let Some(record) = archive.commit(alteration.commit) else { return false };
    let (by, author) = (record.facts.id.clone(), record.facts.author.name.clone());
    let ends = (alteration.before.until, decision.until.as_ref().map(|until| until.value));
    if let (Section::Exceptions, Verb::Granted, (Some(from), Some(to))) = (section, decision.verb, ends)
        && from < to
    {
        evidence.problems.push(Problem::Renewed { by, author, from, to });
        return true;
    }
    let decider = alteration.before.by.as_str();
    let is_anew = origin.index == alteration.commit && origin.is_signed_by(decider) && decision.is_by(decider);
    let was_signed =
        Judged::of(archive, alteration.original, MISSING).is_some_and(|original| original.is_signed_by(decider));
    let is_altered = was_signed && !is_anew;
    if is_altered {
        evidence.problems.push(Problem::Altered { by, author, fields: alteration.parts.clone() });
    }
    is_altered
}

/// Names a decision.
pub(super) fn reference(head: &Head, decision: &Decision, several: bool) -> DecisionRef {
    let by = decision.by.as_ref().filter(|_| several).map(|by| by.value.clone());
    DecisionRef { section: head.section, id: head.id.clone(), verb: decision.verb, by }
}
