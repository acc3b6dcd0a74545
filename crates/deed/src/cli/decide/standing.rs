//! Who decides, and whether they may.

use std::path::Path;

use anyhow::Result;
use deed_history::evidence::Stranger;
use deed_linter::words;
use deed_model::authority::Entitlement;
use deed_model::{Date, Decision, Person, PersonKind, Register};

use super::ledger::Ledger;
use super::subjects::Asked;
use crate::cli::evidence::history_mistake;
use crate::cli::output::joined;
use crate::exit::Mistake;
use crate::load::git::Ident;
use crate::load::history;

/// Finds the person whom Git names, in the register as it is committed; `here` is what lies in the working tree.
pub(super) fn identify<'r>(
    who: &Ident,
    register: &'r Register,
    here: &Register,
    today: Date,
) -> Result<&'r Person, Mistake> {
    let email = &who.email;
    let Some(person) = register.person_at(email) else {
        return Err(nobody(who, register, here));
    };
    let name = person.display();
    let register_one = "`git config user.email` says who you are; a person's addresses are in `people.ID.emails`";
    if person.kind != PersonKind::Person {
        return Err(Mistake::new(format!("{name} <{email}> is no natural person, and only a person can decide"))
            .hint(register_one));
    }
    if let Some(left) = person.left.as_ref().filter(|left| left.value < today) {
        return Err(Mistake::new(format!("{name} <{email}> left on {}", left.value)).hint(register_one));
    }
    if let Some(joined) = person.joined.as_ref().filter(|joined| joined.value > today) {
        return Err(Mistake::new(format!("{name} <{email}> joins on {} only", joined.value)).hint(register_one));
    }
    Ok(person)
}

fn nobody(who: &Ident, register: &Register, here: &Register) -> Mistake {
    let email = &who.email;
    let has = |person: &&Person| person.emails.iter().any(|known| known.eq_ignore_ascii_case(email));
    let several: Vec<_> = register.people.iter().filter(has).map(|person| format!("`{}`", person.head.id)).collect();
    if several.len() > 1 {
        return Mistake::new(format!("Git says you are <{email}>, which is registered to {}", several.join(" and ")))
            .hint("an address that several people have is nobody's: leave it with one of them");
    }
    let mistake = Mistake::new(format!("Git says you are {} <{email}>, and nobody is registered with that", who.name));
    if here.person_at(email).is_some() {
        return mistake.hint("it is registered here, but not committed: commit that first");
    }
    let by_name = register.people.iter().find(|person| person.display() == who.name);
    match by_name {
        Some(person) => mistake.hint(format!(
            "if you are `{0}`, add the address to `people.{0}.emails` and commit that, or set `git config user.email`",
            person.head.id
        )),
        None => {
            mistake.hint("add the address to your entry in `people` and commit that, or set `git config user.email`")
        }
    }
}

/// Checks that the register by which a commit made here will be judged knows the person: what a branch brings with it counts
/// once it is merged.
pub(super) fn is_known(who: &Ident, person: &Person, ledger: &Ledger, root: &Path) -> Result<()> {
    let found = history::stranger(root, &ledger.committed, &person.head.id, &who.email);
    let Some(Stranger { branch, is_known_by_now }) = found.map_err(|error| history_mistake(&error))? else {
        return Ok(());
    };
    let (name, email) = (person.display(), &who.email);
    let mistake = Mistake::new(format!(
        "{name} <{email}> is not registered in `{branch}` as this branch left it, and by that register it is judged who \
         decides: a decision made here would never be more than `recorded`"
    ));
    Err(match is_known_by_now {
        true => mistake.hint(format!("`{branch}` has the entry by now: `git merge {branch}`, then decide")),
        false => mistake.hint(format!("have the entry in `people` merged into `{branch}`, then decide upon that")),
    }
    .hint("`--no-commit` writes it without a commit")
    .into())
}

/// Checks that a person may make a decision today, in a role if one is named.
pub(super) fn authorize(
    asked: Asked<'_>,
    person: &Person,
    role: Option<&str>,
    register: &Register,
    today: Date,
) -> Result<(), Mistake> {
    let Asked { head, verb } = asked;
    let (address, act) = (head.address(), words::infinitive(verb));
    if let Some(why) = register.closed_to(head.section, &head.id, verb, today) {
        return Err(Mistake::new(format!("`{address}` {why}, so there is nothing to {act}")));
    }
    let plain = Decision::proposed(head, verb, &person.head.id, today);
    if let Some(role) = role.filter(|role| register.roles.get(role).is_none()) {
        return Err(unknown_role(role, register));
    }
    let decision = role.map_or_else(|| plain.clone(), |role| plain.clone().in_role(role));
    let entitled = |decision: &Decision| register.entitlement(register, head.section, &head.id, decision);
    let name = person.display();
    let why = match entitled(&decision) {
        Entitlement::Given => return Ok(()),
        Entitlement::Unknown => {
            return Err(Mistake::new(format!("the register does not say who may {act} `{address}`"))
                .hint("`deed check` says what it lacks: an owner, a rating, criteria to rate by"));
        }
        Entitlement::Lacking(why) => now(&why),
    };
    if role.is_some() && entitled(&plain) == Entitlement::Given {
        let role = role.unwrap_or_default();
        return Err(Mistake::new(format!("{name} may {act} `{address}`, but not as `{role}`"))
            .hint("leave out `--as`, or name the role that lets you"));
    }
    Err(Mistake::new(format!("{name} may not {act} `{address}`: {name} {why}")).hint(who_may(asked, register, today)))
}

/// Who may make a decision, in a sentence.
fn who_may(Asked { head, verb }: Asked<'_>, register: &Register, today: Date) -> String {
    let deciders = register.deciders(register, head, verb, today);
    let mut names: Vec<String> = deciders
        .iter()
        .map(|decider| match decider.role {
            Some(role) => format!("{} as `{}`", decider.person.display(), role.head.id),
            None => decider.person.display().to_owned(),
        })
        .collect();
    let more = names.len().saturating_sub(5);
    names.truncate(5);
    match (names.is_empty(), more) {
        (true, _) => format!("by the register nobody may; `deed who {}` shows who answers for it", head.address()),
        (false, 0) => format!("who may: {}", joined(&names)),
        (false, more) => format!("who may: {} and {more} more", names.join(", ")),
    }
}

fn unknown_role(role: &str, register: &Register) -> Mistake {
    let mistake = Mistake::new(format!("there is no role `{role}`"));
    let near = register.roles.iter().map(|known| (strsim::jaro_winkler(role, &known.head.id), &known.head.id));
    match near.filter(|(score, _)| *score > 0.85).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, near)) => mistake.hint(format!("did you mean `{near}`?")),
        None => mistake,
    }
}

/// What is said of a decision that was made, of one that is about to be.
fn now(why: &str) -> String {
    let tenses = [("was ", "is "), ("held ", "holds "), ("had ", "has "), ("could not be ", "is not ")];
    let found = tenses.into_iter().find_map(|(then, now)| Some(format!("{now}{}", why.strip_prefix(then)?)));
    found.unwrap_or_else(|| why.to_owned()).replace("which did not exist", "which does not exist")
}

#[cfg(test)]
mod tests {
    use super::now;

    #[test]
    fn what_was_lacking_then_is_lacking_now() {
        for (then, today) in [
            ("held no role that may accept a high risk", "holds no role that may accept a high risk"),
            ("was not the owner `it`", "is not the owner `it`"),
            ("had asked for it", "has asked for it"),
            ("could not be the owner `it`, which did not exist", "is not the owner `it`, which does not exist"),
        ] {
            assert_eq!(now(then), today);
        }
    }
}
