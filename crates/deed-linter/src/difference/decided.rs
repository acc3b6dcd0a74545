//! What was decided, and which decisions are gone or outdated.

use std::collections::{BTreeSet, HashMap};

use deed_model::evidence::DecisionEvidence;
use deed_model::{Date, Decision, FileRange, Head, Level, Register, Section, Verb};

use super::lists::named;
use super::{Difference, Found, Group, State};
use crate::account::{commit, decided, was, what};
use crate::words;

pub(super) fn compare(found: &mut Found<'_>) {
    made_and_gone(found);
    if found.before.history.is_some() && found.after.history.is_some() {
        vanished(found);
        outdated(found);
    }
}

/// The decisions about each subject, by where its key stands.
pub(super) type Decisions<'r> = HashMap<FileRange, Vec<&'r Decision>>;

pub(super) fn by_subject(register: &Register) -> Decisions<'_> {
    let mut all: Decisions<'_> = HashMap::new();
    for (head, decision) in register.decisions() {
        all.entry(head.key).or_default().push(decision);
    }
    all
}

fn of<'d, 'r>(decisions: &'d Decisions<'r>, head: &Head) -> &'d [&'r Decision] {
    decisions.get(&head.key).map_or(&[], Vec::as_slice)
}

fn day(decision: &Decision) -> Option<Date> {
    decision.date.as_ref().map(|date| date.value)
}

/// Decisions that were made together: by somebody, on a day, of one kind.
struct Made<'r> {
    head: &'r Head,
    decision: &'r Decision,
    level: Option<Level>,
    ids: Vec<&'r str>,
}

fn made_and_gone(found: &mut Found<'_>) {
    let mut made: Vec<Made<'_>> = Vec::new();
    let mut together: HashMap<_, usize> = HashMap::new();
    let mut gone = Vec::new();
    let mut moved = Vec::new();
    let pairs = found.pairs.both.iter().map(|(was, is)| (Some(*was), *is));
    for (was, is) in pairs.chain(found.pairs.new.iter().map(|is| (None, *is))) {
        let (had, has) = (was.map_or(&[][..], |was| of(&found.had, was)), of(&found.has, is));
        let same = |a: &Decision, b: &Decision| {
            let person = |decision: &Decision| decision.by.as_ref().map(|by| by.value.clone());
            let now = person(a).map(|by| found.pairs.now(Section::People, &by).to_owned());
            a.verb == b.verb && day(a) == day(b) && now == person(b)
        };
        for decision in has {
            match had.iter().find(|was| same(was, decision)) {
                Some(was) => moved.push((is, *was, *decision)),
                None => {
                    let level = found.after.history.and_then(|history| history.of(decision.range)).map(|it| it.level);
                    let by = decision.by.as_ref().map(|by| by.value.as_str());
                    let key = (is.section, decision.verb, by, day(decision), level);
                    match together.get(&key).filter(|_| !is.section.is_singleton()) {
                        Some(at) => made[*at].ids.push(&is.id),
                        None => {
                            together.insert(key, made.len());
                            made.push(Made { head: is, decision, level, ids: vec![&is.id] });
                        }
                    }
                }
            }
        }
        // One that came in the place of another is no loss.
        let superseded = |was: &Decision| has.iter().any(|is| is.verb == was.verb && day(is) >= day(was));
        let lost = had.iter().filter(|was| !has.iter().any(|is| same(was, is)) && !superseded(was));
        gone.extend(lost.map(|was| (is, *was)));
    }
    for one in made {
        let what = told(found, &one);
        found.out.push(Difference {
            kind: "decided",
            group: Group::Decided,
            subjects: one
                .ids
                .iter()
                .map(|id| format!("{}.{}", one.head.section.address(id), one.decision.verb.key()))
                .collect(),
            what,
            before: None,
            after: one.level.map(|level| level.name().to_owned()),
        });
    }
    for (head, was) in gone {
        let what = format!("{}, and that decision is removed", decided(found.before.register(), head, was));
        found.add(Group::Lost, "decision-removed", &format!("{}.{}", head.address(), was.verb.key()), what);
    }
    for (head, was, is) in moved {
        ends(found, head, was, is);
    }
}

/// What was decided by whom, as in "Chen Wei reviewed 3 controls on 2026-04-07 (signed): `A.5.1`, `A.5.2`, `A.5.3`".
fn told(found: &Found<'_>, made: &Made<'_>) -> String {
    let (verb, section) = (made.decision.verb, made.head.section);
    let by = made.decision.by.as_ref().map_or("somebody".to_owned(), |by| found.after.name(by));
    let on = day(made.decision).map(|day| format!(" on {day}")).unwrap_or_default();
    let level = made.level.map(|level| format!(" ({})", level.name())).unwrap_or_default();
    if let [_] = made.ids.as_slice() {
        let until = made.decision.until.as_ref().map(|until| format!(" until {}", until.value)).unwrap_or_default();
        return format!("{by} {} {}{on}{until}{level}", past(verb), what(made.head, verb));
    }
    let what = match (section, verb) {
        (Section::Risks, Verb::Approved) => format!("the treatment plans of {} risks", made.ids.len()),
        _ => format!("{} {}", made.ids.len(), section.key()),
    };
    format!("{by} {} {what}{on}{level}: {}", past(verb), named(&made.ids))
}

/// What somebody did who decided.
const fn past(verb: Verb) -> &'static str {
    match verb {
        Verb::Held => "recorded",
        other => other.key(),
    }
}

/// The end of a decision that was moved, without another one.
fn ends(found: &mut Found<'_>, head: &Head, was: &Decision, is: &Decision) {
    let end = |decision: &Decision| decision.until.as_ref().map(|until| until.value);
    if end(was) == end(is) {
        return;
    }
    let address = format!("{}.{}.until", head.address(), is.verb.key());
    let text = |end: Option<Date>| end.map_or("no end".to_owned(), |end| end.to_string());
    let longer = end(is).unwrap_or(Date::MAX) > end(was).unwrap_or(Date::MAX);
    let (group, kind) = if longer { (Group::Weakened, "end-extended") } else { (Group::Other, "end-shortened") };
    let decided = decided(found.after.register(), head, is);
    let (from, to) = (text(end(was)), text(end(is)));
    let what = format!("{decided}, and its end moved from {from} to {to} without another decision");
    let value = |end: Option<Date>| end.map(|end| end.to_string());
    found.add(group, kind, &address, what).values(value(end(was)), value(end(is)));
}

/// Decisions that came and went in between, or that a merge dropped.
fn vanished(found: &mut Found<'_>) {
    let all = |state: &State<'_>| state.history.map(|history| history.vanished.clone()).unwrap_or_default();
    let known: BTreeSet<_> = all(found.before).iter().map(|gone| (gone.decision.to_string(), gone.date)).collect();
    for gone in all(found.after) {
        let address = format!("{}.{}", gone.decision.subject(), gone.decision.verb.key());
        let is_told = |it: &Difference| it.kind == "decision-removed" && it.subjects == [address.clone()];
        if known.contains(&(gone.decision.to_string(), gone.date)) || found.out.iter().any(is_told) {
            continue;
        }
        let it = super::described(gone.decision.section, &gone.decision.id);
        let by = gone.by.as_ref().map_or("somebody".to_owned(), |by| found.after.name(by));
        let on = gone.date.map(|date| format!(" on {date}")).unwrap_or_default();
        let how = if gone.by_merge { "the merge in" } else { "" };
        let what = format!(
            "{it} {} {} by {by}{on}, and {how} {} removed that decision",
            was(gone.decision.section),
            gone.decision.verb.key(),
            commit(&gone.commit)
        );
        found.add(Group::Lost, "decision-removed", &address, what.replace("  ", " "));
    }
}

/// Decisions that are not about what stands there now, and were before.
fn outdated(found: &mut Found<'_>) {
    let before = outdated_in(found.before);
    let known: BTreeSet<_> =
        before.iter().map(|(evidence, _, decision)| (evidence.decision.to_string(), day(decision))).collect();
    for (evidence, head, decision) in outdated_in(found.after) {
        if known.contains(&(evidence.decision.to_string(), day(decision))) {
            continue;
        }
        let register = found.after.register();
        let said = words::outdated(evidence, register).join("; ");
        let is = if was(head.section) == "was" { "is" } else { "are" };
        let what = format!("{}, and {is} {said}", decided(register, head, decision));
        found.add(Group::Lost, "decision-outdated", &evidence.decision.to_string(), what);
    }
}

fn outdated_in<'a>(state: &State<'a>) -> Vec<(&'a DecisionEvidence, &'a Head, &'a Decision)> {
    let Some(history) = state.history else { return Vec::new() };
    let all = state.register().decisions().filter_map(|(head, decision)| {
        let evidence = history.of(decision.range)?;
        // A review covers nothing but time.
        (evidence.is_outdated() && decision.verb != Verb::Reviewed).then_some((evidence, head, decision))
    });
    all.collect()
}

/// Returns whether a subject has been decided about anew.
pub(super) fn is_decided_anew(found: &Found<'_>, was: &Head, is: &Head, verbs: &[Verb]) -> bool {
    let had = of(&found.had, was);
    let mut new = of(&found.has, is).iter().filter(|decision| verbs.contains(&decision.verb));
    new.any(|is| !had.iter().any(|was| was.verb == is.verb && day(was) == day(is)))
}
