//! What is to be decided, as it is said on the command line.

use deed_model::{Head, Register, Section, Verb};

use crate::cli::subject::{find, may_be, near, whole};
use crate::exit::Mistake;

/// One thing to decide, as it was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'r> {
    pub(super) head: &'r Head,
    pub(super) verb: Verb,
}

/// Reads the words of the command line: a verb and subjects, or decisions such as `risks.R-12.accepted`.
pub(super) fn read<'r>(words: &[String], register: &'r Register) -> Result<Vec<Asked<'r>>, Mistake> {
    let (verb, subjects) = match words.split_first() {
        Some((first, rest)) if verb_of(first).is_some() => (verb_of(first), rest),
        _ => (None, words),
    };
    if let (None, [first, _, ..]) = (verb, words)
        && !first.contains('.')
        && Section::of_key(first).is_none()
        && find(first, register).is_empty()
    {
        let verbs: Vec<_> = Verb::ALL.into_iter().map(Verb::key).collect();
        return Err(Mistake::new(format!("`{first}` is no verb, and nothing in the last commit is called so"))
            .hint(format!("verbs: {}", verbs.join(", "))));
    }
    if subjects.is_empty() {
        return Err(Mistake::new("nothing is named to decide about")
            .hint("name a subject, as in `deed decide accepted risks.R-12`"));
    }
    let mut all: Vec<Asked<'_>> = Vec::new();
    for word in subjects {
        let asked = one(word, verb, register)?;
        let is_there = |known: &Asked<'_>| known.head.key == asked.head.key && known.verb == asked.verb;
        if !all.iter().any(is_there) {
            all.push(asked);
        }
    }
    Ok(all)
}

/// The verb that a word is, as it stands in manifests or as people say it.
fn verb_of(word: &str) -> Option<Verb> {
    Verb::of_key(word).or_else(|| {
        Some(match word {
            "adopt" => Verb::Adopted,
            "approve" => Verb::Approved,
            "accept" => Verb::Accepted,
            "grant" => Verb::Granted,
            "review" => Verb::Reviewed,
            "hold" => Verb::Held,
            "acknowledge" => Verb::Acknowledged,
            _ => return None,
        })
    })
}

fn one<'r>(word: &str, verb: Option<Verb>, register: &'r Register) -> Result<Asked<'r>, Mistake> {
    let (subject, own) = match word.rsplit_once('.') {
        Some((subject, last)) if find(word, register).is_empty() && Verb::of_key(last).is_some() => {
            (subject, Verb::of_key(last))
        }
        _ => (word, None),
    };
    if let (Some(verb), Some(own)) = (verb, own)
        && verb != own
    {
        return Err(Mistake::new(format!("`{word}` is not about `{}`", verb.key()))
            .hint(format!("write `deed decide {word}`, or `deed decide {} {subject}`", verb.key())));
    }
    if Section::of_key(subject).is_some_and(|section| !section.is_singleton()) && find(subject, register).is_empty() {
        return Err(whole(subject));
    }
    let mut found = find(subject, register);
    let Some(first) = found.first().copied() else { return Err(unknown(subject, register)) };
    if !found.iter().any(|head| head.section.verbs().next().is_some()) {
        return Err(Mistake::new(format!("nothing is decided about a {}", first.section.noun()))
            .hint(format!("sections with decisions: {}", keys(Section::DECIDED))));
    }
    let Some(verb) = own.or(verb) else {
        let verbs: Vec<_> = first.section.verbs().map(Verb::key).collect();
        return Err(Mistake::new(format!("it is not said what to decide about `{subject}`"))
            .hint(format!("put it first, as in `deed decide {} {subject}`", verbs.join("|"))));
    };
    found.retain(|head| head.section.verbs().any(|known| known == verb));
    match found.as_slice() {
        [head] => Ok(Asked { head, verb }),
        [] => {
            let verbs: Vec<_> = first.section.verbs().map(|verb| format!("`{}`", verb.key())).collect();
            Err(Mistake::new(format!("`{}` cannot be `{}`", first.address(), verb.key()))
                .hint(format!("it can be {}", verbs.join(" or "))))
        }
        several => Err(may_be(subject, several)),
    }
}

fn unknown(name: &str, register: &Register) -> Mistake {
    let mistake = Mistake::new(format!("there is no `{name}` in the last commit"));
    match near(name, register.heads().filter(|head| head.section.verbs().next().is_some())) {
        Some(near) => mistake.hint(format!("did you mean `{near}`?")),
        None => mistake,
    }
}

fn keys(sections: &[Section]) -> String {
    sections.iter().map(|section| section.key()).collect::<Vec<_>>().join(", ")
}
