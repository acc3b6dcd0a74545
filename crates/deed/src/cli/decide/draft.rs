//! Works out what is to be written: the fields of each decision, and what becomes of those that stand there.

use anyhow::Result;
use deed_ide::Beside;
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Person, Register, Section, Verb};

use super::subjects::{self, Asked};
use super::write::Written;
use super::{DecideArgs, standing};
use crate::cli::say;
use crate::exit::Mistake;

/// Works out each decision that was asked for, and refuses what the person may not decide.
pub(super) fn draft(
    args: &DecideArgs,
    person: &Person,
    register: &Register,
    history: Option<&dyn Fn() -> Result<Option<History>>>,
    today: Date,
) -> Result<Vec<Written>> {
    let asked = subjects::read(&args.words, register)?;
    let mut decisions = Vec::new();
    let mut known = None;
    for asked in asked {
        standing::authorize(asked, person, args.role.as_deref(), register, today)?;
        let Asked { head, verb } = asked;
        let mut fields = vec![("by", person.head.id.clone()), ("date", today.to_string())];
        fields.extend(until(args, asked, register, today)?.map(|until| ("until", until.to_string())));
        fields.extend(args.role.clone().map(|role| ("as", role)));
        fields.extend(args.note.as_ref().map(|note| ("note", note.trim().to_owned())));
        let is_other = |it: &&Decision| it.verb == verb && !it.is_by(&person.head.id) && it.in_force(today);
        let theirs = register.decisions().filter(|(of, _)| of.key == head.key).map(|(_, decision)| decision);
        let theirs = theirs.filter(is_other).find(|_| is_shared(head.section, verb));
        let mut beside = Beside::Nothing;
        if let Some(theirs) = theirs {
            if known.is_none() {
                known = Some(history.map_or(Ok(None), |history| history())?);
            }
            let history = known.as_ref().and_then(Option::as_ref);
            let evidence = history.and_then(|history| history.of(theirs.range));
            if evidence.is_none_or(holds) {
                beside = Beside::Theirs;
            }
        }
        decisions.push(Written { section: head.section, id: head.id.clone(), verb, fields, beside });
    }
    Ok(decisions)
}

/// Whether several people may make a decision together. Of others there is one, the latest: whoever owns, holds or chairs
/// makes it alone, and of a grant another is a new one.
const fn is_shared(section: Section, verb: Verb) -> bool {
    match verb {
        Verb::Adopted => true,
        Verb::Approved => !matches!(section, Section::Risks),
        Verb::Accepted => matches!(section, Section::Risks),
        Verb::Granted | Verb::Reviewed | Verb::Held | Verb::Acknowledged => false,
    }
}

/// Whether somebody's decision is worth something still: they could make it, and it is about what stands there.
fn holds(evidence: &DecisionEvidence) -> bool {
    evidence.entitled != Some(false) && !evidence.is_transplanted && evidence.outdated_by.is_empty()
}

/// The last day a decision is to hold.
fn until(args: &DecideArgs, Asked { head, verb }: Asked<'_>, register: &Register, today: Date) -> Result<Option<Date>> {
    let last = register.last_day(head.section, &head.id, verb, today);
    let Some(until) = args.until else {
        if let Some(last) = &last {
            let custom = if last.is_limit { "" } else { ", by custom" };
            let said = format!("`{}` until {}: {}{custom}", head.address(), last.day, last.why);
            say("note", &format!("{said} (`--until` sets another day)"));
        }
        return Ok(last.map(|last| last.day));
    };
    if until < today {
        return Err(Mistake::new(format!("`--until {until}` is over: today is {today}")).into());
    }
    match last {
        Some(last) if last.is_limit && until > last.day => {
            Err(Mistake::new(format!("`{}` cannot be accepted until {until}: {}", head.address(), last.why))
                .hint(format!("the last day it may hold is {}", last.day))
                .into())
        }
        _ => Ok(Some(until)),
    }
}
