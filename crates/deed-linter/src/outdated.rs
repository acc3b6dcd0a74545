//! Decisions whose subject is not what was decided on any more.

use deed_model::authority::Power;
use deed_model::evidence::Change;
use deed_model::{Date, Section, Verb};

use crate::account::{commit, infinitive, short};
use crate::ownership::{listed, named};
use crate::proof::Proven;
use crate::{Context, Diagnostic};

/// Reports, of the decisions that a rule speaks about, those whose covered content has changed since: for each subject
/// the latest, unless another decision in force is up to date.
pub(crate) fn report(ctx: &mut Context<'_>, speaks: impl Fn(&Context<'_>, &Proven<'_>) -> bool) {
    for together in ctx.each_proven() {
        let current: Vec<_> = together.iter().filter(|proven| proven.is_current && speaks(ctx, proven)).collect();
        // What was tampered with, or is not in history yet, has to be decided anew anyway.
        let is_open = |proven: &&Proven<'_>| !proven.is_unknown() && !proven.was_touched();
        if current.is_empty() || !current.iter().all(|proven| proven.is_outdated() && is_open(proven)) {
            continue;
        }
        let date = |proven: &&&Proven<'_>| proven.decision.date.as_ref().map(|date| date.value);
        if let Some(latest) = current.iter().max_by_key(date) {
            say(ctx, latest);
        }
    }
}

fn say(ctx: &mut Context<'_>, proven: &Proven<'_>) {
    let register = ctx.register;
    let evidence = proven.evidence;
    let prefix = format!("{}.", proven.head.address());
    let own = |what: &str| what.strip_prefix(&prefix).unwrap_or(what).to_owned();
    let fields = |changes: &[&Change]| {
        let mut fields: Vec<String> = Vec::new();
        for field in changes.iter().map(|change| own(&change.what)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        listed(fields.iter().map(String::as_str), 3)
    };
    let all: Vec<&Change> = evidence.outdated_by.iter().collect();
    let moved = evidence.transplanted_by();
    let changed = match all.last() {
        None if let Some(act) = moved => {
            format!("{} has something else than what its message says was decided", commit(act))
        }
        None => {
            let fields: Vec<_> = evidence.outdated_here.iter().map(|what| own(what)).collect();
            format!("{} changed since, in the working tree", listed(fields.iter().map(String::as_str), 3))
        }
        Some(last) if all.iter().all(|change| change.commit.id == last.commit.id) => {
            format!("{} changed since, in {}", fields(&all), commit(&last.commit))
        }
        Some(last) => format!("{} changed since, last in {}", fields(&all), commit(&last.commit)),
    };
    let message = format!("{}, and {changed}", proven.decided(register));
    let verb = infinitive(proven.decision.verb);
    let who = may(ctx, proven).unwrap_or_else(|| proven.doer(ctx).to_owned());
    let diagnostic = ctx.report(proven.date_place(), message);
    label(diagnostic, &all);
    let policy = register.policies.get(&proven.head.id).filter(|_| proven.head.section == Section::Policies);
    if let Some(document) = policy.and_then(|policy| policy.document.as_ref()) {
        if let Some(change) = all.iter().find(|change| change.what == document.value) {
            diagnostic.label(document.span, format!("its text changed in {}", commit(&change.commit)));
        } else if evidence.outdated_here.contains(&document.value) {
            diagnostic.label(document.span, "its text changed in the working tree");
        }
    }
    if let Some(act) = moved {
        let short = short(&act.id);
        diagnostic.help(format!(
            "the message of {short} names another fingerprint: a rebase, a cherry-pick or the like moved the decision"
        ));
    }
    if !all.is_empty() && !evidence.outdated_here.is_empty() {
        diagnostic.help("more of it changed in the working tree");
    }
    diagnostic.help(format!("let {who} {verb} it as it is now, or put back what was decided on"));
}

/// How many changes are shown.
const SHOWN: usize = 4;

fn label(diagnostic: &mut Diagnostic, changes: &[&Change]) {
    let shown = changes.iter().filter_map(|change| Some((change.at?, change))).take(SHOWN);
    for (at, change) in shown {
        diagnostic.label(at, format!("changed in {}", commit(&change.commit)));
    }
}

/// Who may decide it today, where that takes a power and not just the owner.
fn may(ctx: &Context<'_>, proven: &Proven<'_>) -> Option<String> {
    let (section, id) = (proven.head.section, proven.head.id.as_str());
    let power = match (section, proven.decision.verb) {
        (Section::Isms | Section::Soa | Section::RiskCriteria | Section::Policies, Verb::Approved) => {
            Power::Approve(section, id)
        }
        (Section::Exceptions, Verb::Granted) => Power::Grant(section, id),
        _ => return None,
    };
    let today: Date = ctx.today;
    let may = ctx.register.who_may(power, today);
    // Whoever decided it first, if they still may: they know it.
    let same = may.iter().find(|(_, person)| person.head.id == proven.by()).copied();
    named(same.map_or(may, |same| vec![same]))
}
