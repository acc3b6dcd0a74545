//! What is to be decided, as it is said on the command line.

use deed_model::{Head, Register, Section, Verb};

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
        several => {
            let addresses: Vec<_> = several.iter().map(|head| format!("`{}`", head.address())).collect();
            Err(Mistake::new(format!("`{subject}` may be {}", addresses.join(" or ")))
                .hint("write the section before it, with a dot"))
        }
    }
}

/// The subjects that an address or a bare id names.
fn find<'r>(name: &str, register: &'r Register) -> Vec<&'r Head> {
    if let Some(head) = register.at_address(name).filter(|head| head.address() == name) {
        return vec![head];
    }
    Section::ALL
        .into_iter()
        .filter(|section| !section.is_singleton())
        .filter_map(|section| register.subject(section, name))
        .collect()
}

fn unknown(name: &str, register: &Register) -> Mistake {
    let mistake = Mistake::new(format!("there is no `{name}` in the last commit"));
    let known = register.heads().filter(|head| head.section.verbs().next().is_some());
    let names = known.flat_map(|head| [head.address(), head.id.clone()]);
    let near = names.map(|known| (strsim::jaro_winkler(name, &known), known));
    match near.filter(|(score, _)| *score > 0.9).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, near)) => mistake.hint(format!("did you mean `{near}`?")),
        None => mistake,
    }
}

fn keys(sections: &[Section]) -> String {
    sections.iter().map(|section| section.key()).collect::<Vec<_>>().join(", ")
}
