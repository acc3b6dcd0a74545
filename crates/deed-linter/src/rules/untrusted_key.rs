//! Rule `untrusted-key`.

use std::collections::BTreeMap;

use deed_model::evidence::{KeyFlaw, Problem};
use deed_model::{Date, FileRange, Register};

use crate::account::{commit, name};
use crate::proof::Proven;
use crate::{ByModel, Check, Context, Group, Rule, Setting, Severity};

pub(super) static RULE: Rule = Rule {
    id: "untrusted-key",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 A.8.24, 7.5.3",
    severity: ByModel::all(Setting::ERROR),
    summary: "a decision was signed with a key that did not speak for the decider then",
    options: &[],
    docs: include_str!("untrusted_key.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    for proven in ctx.each_proven().flatten().filter(|proven| proven.is_current && !is_harmless(proven)) {
        if let Some(flaw) = flaw(proven) {
            say(ctx, proven, flaw);
        }
    }
    say_harmless(ctx);
}

/// Where no signature is asked for, a key nobody knows harms nothing: each is told once.
fn is_harmless(proven: &Proven<'_>) -> bool {
    flaw(proven) == Some(&KeyFlaw::Unknown) && proven.suffices()
}

fn say_harmless(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let mut harmless: BTreeMap<&str, Vec<&Proven<'_>>> = BTreeMap::new();
    for proven in ctx.proven().iter().filter(|proven| proven.is_current && is_harmless(proven)) {
        harmless.entry(key(proven)).or_default().push(proven);
    }
    for (key, signed) in harmless {
        let Some((first, others)) = signed.split_first() else { continue };
        let message = format!("{}, signed with a key that nobody had registered: {key}", first.decided(register));
        let diagnostic = ctx.report(first.by_place(), message);
        diagnostic.graded(Severity::Warning);
        for other in others.iter().take(SHOWN) {
            diagnostic.label(other.by_place(), "signed with it too");
        }
        if others.len() > SHOWN {
            diagnostic.help(format!("it signed {} more decisions", others.len() - SHOWN));
        }
        diagnostic.help(format!(
            "register it in `people.{}.keys`, or in `evidence.forges` if it is the forge's: it does not count before",
            first.by()
        ));
    }
}

/// How many decisions are shown.
const SHOWN: usize = 3;

fn flaw<'p>(proven: &Proven<'p>) -> Option<&'p KeyFlaw> {
    proven.told.iter().find_map(|problem| match problem {
        Problem::UntrustedKey(flaw) => Some(flaw),
        _ => None,
    })
}

fn key<'p>(proven: &Proven<'p>) -> &'p str {
    let signature = proven.evidence.origin.as_ref().map(|origin| &origin.signature);
    signature.and_then(|signature| signature.key.as_deref()).unwrap_or("its fingerprint is unknown")
}

fn say(ctx: &mut Context<'_>, proven: &Proven<'_>, flaw: &KeyFlaw) {
    let (register, by) = (ctx.register, proven.by());
    let decided = proven.decided(register);
    let signature = proven.evidence.origin.as_ref().map(|origin| &origin.signature);
    let owner = signature.and_then(|signature| signature.person.as_deref()).unwrap_or(by);
    let a_key = if owner == by { "a key".to_owned() } else { format!("a key of {}'s", name(register, owner)) };
    let of = proven.evidence.origin.as_ref().map_or_else(|| "its commit".to_owned(), |origin| commit(origin));
    let message = match flaw {
        KeyFlaw::Unknown => {
            format!("{decided}, but {of} is signed with a key that nobody had registered: {}", key(proven))
        }
        KeyFlaw::NotYetValid(from) => {
            format!("{decided}, but {of} is signed with {a_key} that counts only from {from}")
        }
        KeyFlaw::Expired(until) => format!("{decided}, but {of} is signed with {a_key} that had ended on {until}"),
        KeyFlaw::Revoked(on) => format!("{decided}, but {of} is signed with {a_key} that was revoked on {on}"),
        KeyFlaw::Bad(why) => format!("{decided}, but the signature of {of} proves nothing: {why}"),
    };
    let anew = proven.anew(ctx);
    let diagnostic = ctx.report(proven.by_place(), message);
    match flaw {
        KeyFlaw::Unknown => diagnostic
            .help(format!("register the key in `people.{by}.keys` first, in a commit that somebody else merges")),
        KeyFlaw::NotYetValid(day) | KeyFlaw::Expired(day) | KeyFlaw::Revoked(day) => match place(register, owner, *day)
        {
            Some(place) => diagnostic.label(place, "what the key was registered with"),
            None => diagnostic,
        },
        KeyFlaw::Bad(_) => diagnostic,
    };
    diagnostic.help(format!("{anew}, signed with a key that counts on that day"));
}

/// Where the key stands whose day it is.
fn place(register: &Register, person: &str, day: Date) -> Option<FileRange> {
    let keys = register.people.get(person)?.keys.iter();
    let days = keys.flat_map(|key| [&key.from, &key.until, &key.revoked]).flatten();
    days.filter(|own| own.value == day).map(|own| own.span).next()
}
