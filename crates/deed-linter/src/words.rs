//! What the register and history say, in words: the same in a terminal, a report and an editor.

use std::borrow::Cow;

use deed_model::authority::{Holder, Party};
use deed_model::evidence::{Change, CommitFacts, DecisionEvidence, KeyFlaw, Problem, Signatory};
use deed_model::{Date, Decision, Level, Person, Register, Section, Spanned, Verb};

pub use crate::account::{infinitive, short};
pub use crate::ownership::{Owned, by_owner, described, owned};
pub use crate::proof::explains_level;

/// Returns what speaks against a decision, a sentence each: its problems, then what outdates it.
pub fn against(evidence: &DecisionEvidence, register: &Register) -> Vec<String> {
    let mut said: Vec<String> = evidence.problems.iter().map(|it| problem(it, evidence, register)).collect();
    said.extend(outdated(evidence, register));
    said
}

/// Returns what of a decision's content is not as it was decided on, a sentence for each commit.
pub fn outdated(evidence: &DecisionEvidence, register: &Register) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(act) = evidence.transplanted_by() {
        said.push(format!("outdated: {} has something else than what its message says was decided", short(&act.id)));
    }
    let mut commits: Vec<(&Change, Vec<&str>)> = Vec::new();
    for change in &evidence.outdated_by {
        match commits.iter_mut().find(|(known, _)| known.commit.id == change.commit.id && known.why == change.why) {
            Some((_, what)) => what.push(&change.what),
            None => commits.push((change, vec![&change.what])),
        }
    }
    for (change, what) in commits {
        let commit = &change.commit;
        said.push(format!(
            "outdated: {} {} by {} in {} on {}",
            list(&what),
            change.why,
            author(commit, register),
            short(&commit.id),
            commit.committer.day()
        ));
    }
    if !evidence.outdated_here.is_empty() {
        let what: Vec<&str> = evidence.outdated_here.iter().map(String::as_str).collect();
        said.push(format!("outdated by what is not committed: {}", list(&what)));
    }
    said.iter().map(|said| plain(said).into_owned()).collect()
}

/// Returns one thing that speaks against a decision.
pub fn problem(problem: &Problem, evidence: &DecisionEvidence, register: &Register) -> String {
    plain(&of_problem(problem, evidence, register)).into_owned()
}

fn of_problem(problem: &Problem, evidence: &DecisionEvidence, register: &Register) -> String {
    let by_merge = evidence.proof.by_merge;
    let owner = evidence.origin.as_ref().and_then(|origin| origin.signature.person.as_deref());
    let a_key = owner.map_or_else(|| "a key".to_owned(), |owner| format!("a key of {}'s", name(owner, register)));
    match problem {
        Problem::Uncommitted => "not committed yet".to_owned(),
        Problem::IncompleteHistory => {
            "history is incomplete here: fetch all of it (`git fetch --unshallow`, in CI `fetch-depth: 0`)".to_owned()
        }
        Problem::WrongSigner { signer } => format!("signed by {}, who is not the decider", name(signer, register)),
        Problem::UntrustedKey(flaw) => match flaw {
            KeyFlaw::Unknown => "signed with a key nobody had registered before".to_owned(),
            KeyFlaw::NotYetValid(day) => format!("signed with {a_key} that is valid from {day} only"),
            KeyFlaw::Expired(day) => format!("signed with {a_key} that had ended on {day}"),
            KeyFlaw::Revoked(day) => format!("signed with {a_key} that is revoked as of {day}"),
            KeyFlaw::Bad(why) => format!("the signature does not verify: {why}"),
        },
        Problem::SelfIntroduced { what } => {
            format!("`{what}` came with it, in its commit or branch, so it proves nothing")
        }
        Problem::Backdated { days } if by_merge => format!("merged by the decider {days} days after its date"),
        Problem::Postdated { days } if by_merge => format!("dated {days} days after the decider merged it"),
        Problem::Backdated { days } => format!("recorded {days} days after its date"),
        Problem::Postdated { days } => format!("dated {days} days after it was recorded"),
        Problem::ClockRegression => "the clock of its commit ran behind its parent's, or ahead of time".to_owned(),
        Problem::Altered { by, author, fields } => {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            format!("{} altered by {author} in {} after it was signed", list(&fields), short(by))
        }
        Problem::Renewed { by, author, from, to } => {
            format!("end moved from {from} to {to} by {author} in {}, without a new decision", short(by))
        }
        Problem::NotEntitled { why } => format!("by the register before it, the decider {why}"),
        Problem::NoLongerEntitled { why } => format!("by the register that adopted it, the decider {why}"),
        Problem::ForgeOnly => "only the forge signed".to_owned(),
        Problem::TextNotInHistory { path, is_link: true } => {
            format!("`{path}` is a symbolic link, so history does not have the text that was approved")
        }
        Problem::TextNotInHistory { path, is_link: false } => format!("the text of `{path}` is not committed"),
        Problem::TrailerOnly { line } => format!("the message says `{line}`, which anybody can write"),
    }
}

fn list(what: &[&str]) -> String {
    let quoted: Vec<String> = what.iter().take(4).map(|what| format!("`{what}`")).collect();
    let more = what.len().saturating_sub(4);
    if more > 0 { format!("{} and {more} more", quoted.join(", ")) } else { quoted.join(", ") }
}

/// Returns the name of a person, else the id.
pub fn name<'r>(person: &'r str, register: &'r Register) -> &'r str {
    register.people.get(person).map_or(person, |person| person.display())
}

/// Returns whose name a commit bears; with the address, unless the register has both for one person: names are free text.
pub fn author(commit: &CommitFacts, register: &Register) -> String {
    let Signatory { name, email, .. } = &commit.author;
    let has = |person: &Person| {
        person.display() == name && person.emails.iter().any(|known| known.eq_ignore_ascii_case(email))
    };
    let said = match (name.as_str(), email.as_str()) {
        (name, email) if email.is_empty() || register.people.iter().any(has) => name.to_owned(),
        ("", email) => email.to_owned(),
        (name, email) => format!("{name} <{email}>"),
    };
    plain(&said).into_owned()
}

/// Returns a text of other people's with nothing in it that whoever shows it would obey: what could move a cursor, or turn
/// the direction of what follows, is shown as a blank.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    Cow::Owned(text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect())
}

/// Returns what would raise the proof of a decision to a level, next step first; empty where it is there already.
pub fn raise(
    register: &Register,
    decision: &Decision,
    evidence: &DecisionEvidence,
    to: Level,
    today: Date,
) -> Vec<String> {
    let level = evidence.level;
    let by = decision.by.as_ref().map_or("", |by| by.as_str());
    let verb = infinitive(decision.verb);
    if level >= to {
        return Vec::new();
    }
    let Some(person) = register.people.get(by) else {
        return vec![format!("name a registered person in `by`: only a person can {verb} anything")];
    };
    if !person.can_decide(today) || evidence.entitled == Some(false) {
        return vec![format!("let whoever may decide it now {verb} it anew")];
    }
    let who = person.display();
    if evidence.problems.iter().any(|problem| *problem != Problem::Uncommitted && explains_level(problem)) {
        return vec![format!("let {who} {verb} it anew, in a commit signed with a key of their own")];
    }
    let mut all = Vec::new();
    if level < Level::Attributed {
        let trailer = evidence.problems.iter().find_map(|problem| match problem {
            Problem::TrailerOnly { line } => Some(line),
            _ => None,
        });
        all.extend(trailer.map(|line| format!("the line `{line}` in its message is free text and proves nothing")));
        if person.emails.is_empty() {
            all.push(format!("say under which e-mail {who} commits: `people.{by}.emails`"));
        } else if evidence.origin.as_ref().is_some_and(|origin| origin.author.name == who) {
            all.push(format!("if it is {who}'s, register the e-mail of the commit in `people.{by}.emails`"));
        }
    }
    if to <= Level::Attributed {
        all.push(format!("let {who} commit it, or merge what somebody else prepared"));
        return all;
    }
    if level < Level::Signed {
        if person.keys.is_empty() {
            all.push(format!("register a key in `people.{by}.keys` first, in a commit that somebody else merges"));
        }
        let how = if to == Level::Vouched {
            "or let a forge that `evidence.forges` lists sign for it"
        } else {
            "with a key that is registered before"
        };
        all.push(format!("let {who} {verb} it anew in a signed commit (`deed decide`), {how}"));
    } else if level < Level::Decided {
        all.push(format!("let {who} {verb} it anew with `deed decide`, which names the decision in the signed commit"));
    } else if level < Level::Witnessed {
        all.push("let another registered person merge it in a signed commit, or sign a checkpoint".to_owned());
    } else {
        all.push("make a checkpoint with a trusted time stamp".to_owned());
    }
    all
}

/// Returns who an owner field comes down to on a day, as in "Chen Li, as `head-of-it` (Head of IT)".
pub fn party(register: &Register, party: &str, on: Date) -> String {
    match register.party(party) {
        Some(Party::Role(role)) => {
            let title = role.title.as_ref().map(|title| format!(" ({})", title.value)).unwrap_or_default();
            let holder = match register.holder(role, on) {
                Holder::Held(person) if role.acting_until.is_some() => format!("{}, acting", person.display()),
                other => holder(other),
            };
            format!("{holder}, as `{party}`{title}")
        }
        Some(Party::Person(person)) => format!("{}, by name", person.display()),
        None => format!("`{party}`, which nobody knows"),
    }
}

/// Returns what a decision does, imperative, as in "Accept risk `R-12`".
pub fn imperative(section: Section, id: &str, verb: Verb) -> String {
    match (section, verb) {
        (_, Verb::Adopted) => "Adopt the ownership model".to_owned(),
        (Section::Isms, _) => "Approve scope and framework of the ISMS".to_owned(),
        (section, _) if section.is_singleton() => format!("Approve the {}", section.noun()),
        (Section::Risks, Verb::Approved) => format!("Approve the treatment plan of risk `{id}`"),
        (Section::Controls, Verb::Accepted) => format!("Take on control `{id}`"),
        (Section::Roles, _) => format!("Take on role `{id}`"),
        (Section::Reviews, _) => format!("Record that review `{id}` was held"),
        (section, verb) => {
            let verb = match verb {
                Verb::Approved => "Approve",
                Verb::Granted => "Grant",
                Verb::Reviewed => "Review",
                _ => "Accept",
            };
            format!("{verb} {} `{id}`", section.noun())
        }
    }
}

/// Returns what the subject at an address is called.
pub fn title<'r>(register: &'r Register, address: &str) -> Option<&'r str> {
    let head = register.at_address(address);
    let (section, id) = match head {
        Some(head) => (head.section, head.id.as_str()),
        None => {
            let control = address.strip_prefix("controls.").and_then(deed_model::catalogue::control);
            return control.map(|control| control.title);
        }
    };
    let of = |title: &'r Option<Spanned<String>>| title.as_ref().map(|title| title.as_str());
    match section {
        Section::Controls => deed_model::catalogue::control(id).map(|control| control.title),
        Section::Policies => of(&register.policies.get(id)?.title),
        Section::Risks => of(&register.risks.get(id)?.title),
        Section::Roles => of(&register.roles.get(id)?.title),
        Section::Departments => of(&register.departments.get(id)?.title),
        Section::People => of(&register.people.get(id)?.name),
        Section::Exceptions => of(&register.exceptions.get(id)?.reason),
        _ => None,
    }
}

/// Returns who stands behind a role.
pub fn holder(holder: Holder<'_>) -> String {
    match holder {
        Holder::Held(person) => person.display().to_owned(),
        Holder::Nobody => "nobody".to_owned(),
        Holder::Several => "several people at once".to_owned(),
        Holder::Unknown => "somebody who is not in the register".to_owned(),
        Holder::Inactive(person) => format!("{}, who is not there", person.display()),
        Holder::Impersonal(person) => format!("{}, who is no person", person.display()),
        Holder::ActingOver(person) => format!("{}, whose acting time is over", person.display()),
    }
}

/// Returns a key that sorts `R-2` before `R-12`.
pub fn natural(id: &str) -> Vec<(u64, String)> {
    let mut parts: Vec<(u64, String)> = vec![(0, String::new())];
    for c in id.chars() {
        let last = parts.last_mut().expect("there is one");
        match c.to_digit(10) {
            Some(digit) => last.0 = last.0.saturating_mul(10).saturating_add(u64::from(digit)),
            None if last.0 == 0 => last.1.push(c),
            None => parts.push((0, c.to_string())),
        }
    }
    // The text before a number counts before the number.
    parts.into_iter().flat_map(|(number, text)| [(0, text), (number, String::new())]).collect()
}
