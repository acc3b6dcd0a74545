//! What a commit message says of a decision.
//!
//! `Deed-Decision: risks.R-12.accepted 3f…` names one decision and its fingerprint: the SHA-256 of the decision with all
//! it covers. In a signed commit it says that this decision was meant, so that a signed draft cannot pass for one. It counts
//! where Git has trailers, in the last paragraph: what is quoted further up is talked about.

use deed_model::evidence::{covers, is_covered_elsewhere};
use deed_model::{Person, Verb};
use sha2::{Digest as _, Sha256};

use crate::register::facts::{FieldId, FieldName, Names, SubjectId};
use crate::register::state::{State, SubjectState};

/// The trailer's key.
pub const DECISION_TRAILER: &str = "Deed-Decision";

/// Trailers by which people say that somebody else agreed.
const APPROVALS: [&str; 6] =
    ["approved-by", "signed-off-by", "co-authored-by", "acked-by", "reviewed-by", "accepted-by"];

/// Returns whether a trailer of a message names a decision with that fingerprint.
pub(super) fn names(message: &str, address: &str, fingerprint: &str) -> bool {
    named(message).any(|named| named == (address, fingerprint))
}

/// Returns whether a trailer of a message names a decision, with whatever fingerprint.
pub(super) fn is_about(message: &str, address: &str) -> bool {
    named(message).any(|(named, _)| named == address)
}

/// The decisions that a message names, with their fingerprints.
fn named(message: &str) -> impl Iterator<Item = (&str, &str)> {
    trailers(message).filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        let mut words = value.split_whitespace();
        let named = words.next().zip(words.next());
        named.filter(|_| key.eq_ignore_ascii_case(DECISION_TRAILER) && words.next().is_none())
    })
}

/// The lines of a message's last paragraph, unless that is the first one, too.
fn trailers(message: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = message.trim_end().lines().collect();
    let before = lines.iter().rposition(|line| line.trim().is_empty()).unwrap_or(lines.len());
    lines.into_iter().skip(before)
}

/// Returns the line in which a message says that a person approved, by their name or their address as a whole.
pub(super) fn approval(message: &str, person: &Person) -> Option<String> {
    let is_named = |words: &str| {
        let written = |name: &str| words_of(name).eq(words_of(words));
        !words.trim().is_empty()
            && (person.emails.iter().any(|email| written(email))
                || person.name.as_ref().is_some_and(|name| written(name)))
    };
    let says = |line: &&str| {
        let Some((key, value)) = line.split_once(':') else { return false };
        let is_approval = APPROVALS.contains(&key.trim().to_ascii_lowercase().as_str());
        // A name may have commas of its own; several people may share a line.
        let mut parts =
            value.split(['<', '>', '(', ')']).flat_map(|part| [part].into_iter().chain(part.split([',', ';'])));
        is_approval && parts.any(is_named)
    };
    message.lines().find(says).map(|line| line.trim().to_owned())
}

/// The words of a name, in which case does not count.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
}

/// Returns the fingerprint of a person's decision as it stands at a commit: SHA-256 in hexadecimal, over one line for the
/// decision and one for each covered field in order of their addresses, each line an address, a space and the SHA-256 of
/// the field's canonical text.
pub(super) fn fingerprint(state: &State, names: &Names, subject: SubjectId, decision: FieldId) -> Option<String> {
    let decided = state.get(subject)?;
    let decision = decided.facts.decision(decision)?;
    let verb = decision.verb;
    let (section, _) = names.of_subject(subject);
    let mut lines = Vec::new();
    let address = |state: &SubjectState| {
        let (section, id) = names.of_subject(state.facts.subject);
        section.address(id)
    };
    for field in &decided.fields {
        match names.of_field(field.field) {
            _ if field.field == decision.field => {
                lines.push(format!("{}.{} {}", address(decided), verb.key(), hex(field.hash.as_bytes())));
            }
            FieldName::Plain(name) if covers(section, verb, name) => {
                lines.push(format!("{}.{name} {}", address(decided), hex(field.hash.as_bytes())));
            }
            FieldName::FileBytes if verb == Verb::Approved => {
                lines.push(format!("{}.document bytes {}", address(decided), hex(field.hash.as_bytes())));
            }
            _ => {}
        }
    }
    for other in state.subjects() {
        let (of, _) = names.of_subject(other.facts.subject);
        for field in &other.fields {
            if let FieldName::Plain(name) = names.of_field(field.field)
                && is_covered_elsewhere(section, verb, of, name)
            {
                lines.push(format!("{}.{name} {}", address(other), hex(field.hash.as_bytes())));
            }
        }
    }
    lines.sort_unstable();
    Some(hex(&Sha256::digest(lines.join("\n"))))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
