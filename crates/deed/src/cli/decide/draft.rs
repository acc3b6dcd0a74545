//! Works out what is to be written: the fields of each decision, and what becomes of those that stand there.

use anyhow::Result;
use deed_ide::Beside;
use deed_linter::words;
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Level, Person, Register, Section, Verb};

use super::subjects::{self, Asked};
use super::write::Written;
use super::{DecideArgs, standing};
use crate::cli::output::joined;
use crate::cli::say;
use crate::exit::Mistake;

/// Works out each decision that was asked for, and refuses what the person may not decide.
pub(super) fn draft<'h>(
    args: &DecideArgs,
    person: &Person,
    register: &Register,
    history: &dyn Fn() -> Result<Option<&'h History>>,
    today: Date,
) -> Result<Vec<Written>> {
    let asked = subjects::read(&args.words, register)?;
    let mut decisions = Vec::new();
    for asked in asked {
        standing::authorize(asked, person, args.role.as_deref(), register, today)?;
        let Asked { head, verb } = asked;
        let made = || {
            let of_head = register.decisions().filter(|(of, _)| of.key == head.key).map(|(_, decision)| decision);
            of_head.filter(|decision| decision.verb == verb)
        };
        let drafted = match made().filter(|decision| decision.is_by(&person.head.id)).last() {
            Some(own) if is_draft(own, history()?, today) => Some(own),
            _ => None,
        };
        let mut fields = vec![("by", person.head.id.clone()), ("date", today.to_string())];
        let mut taken = Vec::new();
        let drafted_until = drafted.and_then(|own| own.until.as_ref()).map(|until| until.value);
        let until = until(args, asked, drafted_until, register, today)?;
        if until.is_some() && args.until.is_none() && until == drafted_until {
            taken.extend(until.map(|until| format!("`until: {until}`")));
        }
        fields.extend(until.map(|until| ("until", until.to_string())));
        fields.extend(args.role.clone().map(|role| ("as", role)));
        let drafted_note = drafted.and_then(|own| own.note.as_ref()).map(|note| note.trim());
        let drafted_note = drafted_note.filter(|note| args.note.is_none() && !note.is_empty());
        taken.extend(drafted_note.map(|note| format!("`note: {}`", words::plain(note))));
        let note = args.note.as_deref().map(str::trim).or(drafted_note);
        fields.extend(note.map(|note| ("note", note.to_owned())));
        if !taken.is_empty() {
            let (address, taken) = (head.address(), joined(&taken));
            let others = "`--until` and `--note` say something else";
            say("note", &format!("`{address}.{}` takes over {taken} from what was drafted ({others})", verb.key()));
        }
        let is_other = |it: &&Decision| !it.is_by(&person.head.id) && it.in_force(today);
        let mut beside = Beside::Nothing;
        if let Some(theirs) = made().filter(is_other).find(|_| is_shared(head.section, verb)) {
            let evidence = history()?.and_then(|history| history.of(theirs.range));
            if evidence.is_none_or(holds) {
                beside = Beside::Theirs;
            }
        }
        decisions.push(Written { section: head.section, id: head.id.clone(), verb, fields, beside });
    }
    Ok(decisions)
}

/// Whether a decision in somebody's name was written for them to agree to: by history it is not theirs, and it is about what
/// stands there.
fn is_draft(own: &Decision, history: Option<&History>, today: Date) -> bool {
    let evidence = history.and_then(|history| history.of(own.range));
    let is_over = own.until.as_ref().is_some_and(|until| until.value < today);
    !is_over && evidence.is_some_and(|it| it.level <= Level::Recorded && it.outdated_by.is_empty())
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
fn until(
    args: &DecideArgs,
    Asked { head, verb }: Asked<'_>,
    drafted: Option<Date>,
    register: &Register,
    today: Date,
) -> Result<Option<Date>> {
    let last = register.last_day(head.section, &head.id, verb, today);
    let is_allowed = |until: &Date| last.as_ref().is_none_or(|last| !last.is_limit || *until <= last.day);
    if let Some(drafted) = drafted.filter(|until| args.until.is_none() && is_allowed(until)) {
        return Ok(Some(drafted));
    }
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
