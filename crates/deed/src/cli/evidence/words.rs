//! What speaks for and against a decision, in words.

use deed_model::Workspace;
use deed_model::evidence::{Change, DecisionEvidence, KeyFlaw, Problem};

/// Returns what speaks against a decision, a sentence each.
pub(crate) fn against(evidence: &DecisionEvidence, workspace: &Workspace) -> Vec<String> {
    let mut said: Vec<String> =
        evidence.problems.iter().map(|problem| of_problem(problem, evidence.proof.by_merge, workspace)).collect();
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
            commit.author.name,
            short(&commit.id),
            commit.committer.day()
        ));
    }
    if !evidence.outdated_here.is_empty() {
        let what: Vec<&str> = evidence.outdated_here.iter().map(String::as_str).collect();
        said.push(format!("outdated by what is not committed: {}", list(&what)));
    }
    said
}

fn of_problem(problem: &Problem, by_merge: bool, workspace: &Workspace) -> String {
    let name = |person: &str| {
        workspace.register().people.get(person).map_or_else(|| person.to_owned(), |person| person.display().to_owned())
    };
    match problem {
        Problem::Uncommitted => "not committed yet".to_owned(),
        Problem::IncompleteHistory => {
            "history is incomplete here: fetch all of it (`git fetch --unshallow`, in CI `fetch-depth: 0`)".to_owned()
        }
        Problem::WrongSigner { signer } => format!("signed by {}, who is not the decider", name(signer)),
        Problem::UntrustedKey(flaw) => match flaw {
            KeyFlaw::Unknown => "signed with a key nobody had registered before".to_owned(),
            KeyFlaw::NotYetValid(day) => format!("signed with a key that is valid from {day} only"),
            KeyFlaw::Expired(day) => format!("signed with a key that had ended on {day}"),
            KeyFlaw::Revoked(day) => format!("signed with a key that is revoked as of {day}"),
            KeyFlaw::Bad(why) => format!("the signature does not verify: {why}"),
        },
        Problem::SelfIntroduced { what } => format!("`{what}` arrived in the same commit, so it proves nothing"),
        Problem::Backdated { days } if by_merge => format!("merged by the decider {days} days after its date"),
        Problem::Postdated { days } if by_merge => format!("dated {days} days after the decider merged it"),
        Problem::Backdated { days } => format!("recorded {days} days after its date"),
        Problem::Postdated { days } => format!("dated {days} days after it was recorded"),
        Problem::ClockRegression => "its commit claims to be older than its parent".to_owned(),
        Problem::Altered { by, author, fields } => {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            format!("{} altered by {author} in {} after it was signed", list(&fields), short(by))
        }
        Problem::Renewed { by, author, from, to } => {
            format!("end moved from {from} to {to} by {author} in {}, without a new decision", short(by))
        }
        Problem::NotEntitled { why } => format!("the decider {why} then"),
        Problem::ForgeOnly => "only the forge signed".to_owned(),
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
