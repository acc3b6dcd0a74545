//! What the commit of a decision says.

use std::collections::BTreeSet;

use deed_history::evidence::DECISION_TRAILER;
use deed_linter::words::imperative;
use deed_model::{Section, Verb};

use super::write::Written;
use crate::cli::output::joined;
use crate::cli::wrap::wrap;

/// How wide a subject line may be, and a line of the text.
const SUBJECT: usize = 72;
const TEXT: usize = 72;

/// Returns the line that names a decision and its fingerprint.
pub(super) fn trailer(decision: &Written, fingerprint: &str) -> String {
    format!("{DECISION_TRAILER}: {}.{} {fingerprint}", decision.address(), decision.verb.key())
}

/// Returns the whole message.
pub(super) fn message(subject: &str, note: Option<&str>, trailers: &[String]) -> String {
    let note = note.map(|note| format!("{}\n\n", wrap(note.trim(), TEXT).join("\n"))).unwrap_or_default();
    format!("{subject}\n\n{note}{}\n", trailers.join("\n"))
}

/// Returns a subject line, as in "Accept risk R-12 until 2027-03-31".
pub(super) fn subject(decisions: &[&Written]) -> String {
    let (Some(first), verbs) = (decisions.first(), kinds(decisions)) else { return String::new() };
    let untils: BTreeSet<_> = decisions.iter().map(|it| until(it)).collect();
    let until = match (untils.len(), until(first)) {
        (1, Some(until)) => format!(" until {until}"),
        _ => String::new(),
    };
    if let [only] = decisions {
        let line = format!("{}{until}", imperative(only.section, &only.id, only.verb).replace('`', ""));
        let short = || format!("{}{until}", act(only.verb, &only.id));
        return if line.chars().count() <= SUBJECT { line } else { short() };
    }
    if verbs.len() > 1 {
        return format!("Record {} decisions", decisions.len());
    }
    let ids: Vec<&str> = decisions.iter().map(|decision| decision.id.as_str()).collect();
    for shown in (1..=ids.len()).rev() {
        let (named, rest) = ids.split_at(shown);
        let names = match rest.len() {
            0 => joined(named),
            more => format!("{} and {more} more", named.join(", ")),
        };
        let line = format!("{}{until}", act(first.verb, &names));
        if line.chars().count() <= SUBJECT {
            return line;
        }
    }
    format!("{}{until}", act(first.verb, &format!("{} subjects", ids.len())))
}

fn until(decision: &Written) -> Option<&str> {
    decision.field("until")
}

/// Returns the note of decisions that all have the same.
pub(super) fn note<'d>(decisions: &[&'d Written]) -> Option<&'d str> {
    let note = decisions.first()?.field("note")?;
    decisions.iter().all(|decision| decision.field("note") == Some(note)).then_some(note)
}

fn kinds(decisions: &[&Written]) -> BTreeSet<(Section, Verb)> {
    decisions.iter().map(|decision| (decision.section, decision.verb)).collect()
}

fn act(verb: Verb, what: &str) -> String {
    match verb {
        Verb::Adopted => format!("Adopt {what}"),
        Verb::Approved => format!("Approve {what}"),
        Verb::Accepted => format!("Accept {what}"),
        Verb::Granted => format!("Grant {what}"),
        Verb::Reviewed => format!("Review {what}"),
        Verb::Held => format!("Record as held: {what}"),
        Verb::Acknowledged => format!("Take on {what}"),
    }
}

#[cfg(test)]
mod tests {
    use deed_ide::Beside;

    use super::*;

    fn decisions(section: Section, verb: Verb, ids: &[&str], until: Option<&str>) -> Vec<Written> {
        let written = |id: &&str| Written {
            section,
            id: (*id).to_owned(),
            verb,
            fields: until.map(|until| ("until", until.to_owned())).into_iter().collect(),
            beside: Beside::Nothing,
        };
        ids.iter().map(written).collect()
    }

    #[test]
    fn a_subject_line_says_what_was_decided() {
        let line = |section, verb, ids: &[&str], until| {
            let decisions = decisions(section, verb, ids, until);
            subject(&decisions.iter().collect::<Vec<_>>())
        };
        assert_eq!(
            line(Section::Risks, Verb::Accepted, &["R-12"], Some("2027-03-31")),
            "Accept risk R-12 until 2027-03-31"
        );
        assert_eq!(line(Section::Controls, Verb::Reviewed, &["A.5.15", "A.5.16"], None), "Review A.5.15 and A.5.16");
        assert_eq!(line(Section::Controls, Verb::Reviewed, &["A.5.15"], None), "Review control A.5.15");
        assert_eq!(line(Section::Isms, Verb::Adopted, &[""], None), "Adopt the ownership model");
        let many: Vec<String> = (10..40).map(|nth| format!("A.5.{nth}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let long = line(Section::Controls, Verb::Accepted, &many, None);
        assert_eq!(long, "Accept A.5.10, A.5.11, A.5.12, A.5.13, A.5.14, A.5.15 and 24 more");
        let endless = "x".repeat(100);
        let one = line(Section::Risks, Verb::Accepted, &[&endless], None);
        assert_eq!(one, format!("Accept {endless}"));
    }

    #[test]
    fn the_trailers_are_the_last_paragraph() {
        let trailers = ["Deed-Decision: a b".to_owned(), "Deed-Decision: c d".to_owned()];
        assert_eq!(message("Do", None, &trailers), "Do\n\nDeed-Decision: a b\nDeed-Decision: c d\n");
        let long = message("Do", Some(&format!("{} end\n\nMore", "word ".repeat(20))), &trailers);
        assert!(
            long.lines().all(|line| line.len() <= TEXT) && long.contains("end\n\nMore\n\nDeed-Decision: a b\n"),
            "{long}"
        );
    }
}
