//! What speaks for and against a decision, in words.

use deed_model::evidence::{Change, CommitFacts, DecisionEvidence, KeyFlaw, Problem, Signatory};
use deed_model::{Person, Register};

use crate::cli::wrap::plain;

/// Returns what speaks against a decision, a sentence each.
pub(crate) fn against(evidence: &DecisionEvidence, register: &Register) -> Vec<String> {
    let mut said: Vec<String> =
        evidence.problems.iter().map(|problem| of_problem(problem, evidence, register)).collect();
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

/// Returns the name of a person, else the id.
pub(crate) fn name<'r>(person: &'r str, register: &'r Register) -> &'r str {
    register.people.get(person).map_or(person, |person| person.display())
}

/// Returns whose name a commit bears; with the address, unless the register has both for one person: names are free text.
pub(crate) fn author(commit: &CommitFacts, register: &Register) -> String {
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
        Problem::SelfIntroduced { what } => format!("`{what}` arrived in the same commit, so it proves nothing"),
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

/// The first digits of a commit's id.
pub(crate) fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}
