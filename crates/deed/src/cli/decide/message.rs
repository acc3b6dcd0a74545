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
    let Some(first) = decisions.first() else { return String::new() };
    let untils: BTreeSet<_> = decisions.iter().map(|it| until(it)).collect();
    let until = match (untils.len(), until(first)) {
        (1, Some(until)) => format!(" until {until}"),
        _ => String::new(),
    };
    if let [only] = decisions {
        let line = format!("{}{until}", named(only));
        let short = || format!("{}{until}", act(only.verb, &only.id));
        return if line.chars().count() <= SUBJECT { line } else { short() };
    }
    if kinds(decisions).len() > 1 {
        return of_several_kinds(decisions);
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

/// What several decisions are that differ in more than their subject, as far as they fit in: "Accept risk R-1; approve policy
/// backup".
fn of_several_kinds(decisions: &[&Written]) -> String {
    let mut kinds: Vec<Vec<&Written>> = Vec::new();
    for decision in decisions {
        match kinds.iter_mut().find(|kind| (kind[0].section, kind[0].verb) == (decision.section, decision.verb)) {
            Some(kind) => kind.push(decision),
            None => kinds.push(vec![decision]),
        }
    }
    let told = |in_full: bool| -> Vec<String> {
        let told = kinds.iter().map(|kind| match kind.as_slice() {
            [only] if in_full => named(only),
            [only] if only.id.is_empty() => act(only.verb, only.section.key()),
            kind => act(kind[0].verb, &joined(&kind.iter().map(|it| it.id.as_str()).collect::<Vec<_>>())),
        });
        let lower = |text: String| text[..1].to_lowercase() + &text[1..];
        told.enumerate().map(|(nth, text)| if nth == 0 { text } else { lower(text) }).collect()
    };
    let in_full = told(true).join("; ");
    if in_full.chars().count() <= SUBJECT {
        return in_full;
    }
    let told = told(false);
    for shown in (1..=told.len()).rev() {
        let more = match kinds[shown..].iter().map(Vec::len).sum() {
            0 => String::new(),
            more => format!("; {more} more"),
        };
        let line = told[..shown].join("; ") + &more;
        if line.chars().count() <= SUBJECT {
            return line;
        }
    }
    format!("Record {} decisions", decisions.len())
}

/// A decision in words, as in "Accept risk R-12".
fn named(decision: &Written) -> String {
    imperative(decision.section, &decision.id, decision.verb).replace('`', "")
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
    fn decisions_of_several_kinds_are_named_as_far_as_they_fit_in() {
        let mut all = decisions(Section::Risks, Verb::Accepted, &["R-1", "R-2"], Some("2027-03-31"));
        all.extend(decisions(Section::Policies, Verb::Approved, &["backup"], None));
        let line = |all: &[Written]| subject(&all.iter().collect::<Vec<_>>());
        assert_eq!(line(&all), "Accept R-1 and R-2; approve policy backup");
        all.extend(decisions(Section::Controls, Verb::Reviewed, &["A.5.15", "A.5.16", "A.5.17", "A.5.18"], None));
        assert_eq!(line(&all), "Accept R-1 and R-2; approve backup; 4 more");
        all[0].id = "x".repeat(72);
        assert_eq!(line(&all), "Record 7 decisions");
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
