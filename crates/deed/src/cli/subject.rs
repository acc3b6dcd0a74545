//! Subjects as they are named on the command line: by their address, or by their id alone where it is the only one.

use std::borrow::Cow;

use deed_model::{Head, Register, Section, Verb};

use crate::exit::Mistake;

/// Returns the subjects that an address or a bare id names.
pub(super) fn find<'r>(name: &str, register: &'r Register) -> Vec<&'r Head> {
    if let Some(head) = register.at_address(name).filter(|head| head.address() == name) {
        return vec![head];
    }
    Section::ALL
        .into_iter()
        .filter(|section| !section.is_singleton())
        .filter_map(|section| register.subject(section, name))
        .collect()
}

/// Returns the address, or the decision, that somebody means who leaves out the section, as in `risks.R-1.accepted` for
/// `R-1.accepted`. What begins with a section is as it is, be it in the register or not.
pub(super) fn in_full<'a>(asked: &'a str, register: &Register) -> Result<Cow<'a, str>, Mistake> {
    if Section::of_key(asked.split('.').next().unwrap_or(asked)).is_some() {
        return Ok(Cow::Borrowed(asked));
    }
    let mut cuts = vec![asked];
    if let Some((subject, verb)) = asked.rsplit_once('.')
        && Verb::of_key(verb.split('[').next().unwrap_or(verb)).is_some()
    {
        cuts.push(subject);
    }
    for subject in cuts {
        match find(subject, register).as_slice() {
            [] => {}
            [head] => return Ok(Cow::Owned(head.address() + &asked[subject.len()..])),
            several => return Err(may_be(subject, several)),
        }
    }
    let mistake = Mistake::new(format!("there is no `{asked}`"));
    Err(match near(asked, register.heads()) {
        Some(near) => mistake.hint(format!("did you mean `{near}`?")),
        None => mistake.hint("name a subject with its section, as in `risks.R-12`"),
    })
}

/// That an id names several subjects.
pub(super) fn may_be(name: &str, several: &[&Head]) -> Mistake {
    let addresses: Vec<_> = several.iter().map(|head| format!("`{}`", head.address())).collect();
    Mistake::new(format!("`{name}` may be {}", addresses.join(" or "))).hint("write the section before it, with a dot")
}

/// That a section is named, and no subject in it.
pub(super) fn whole(section: &str) -> Mistake {
    Mistake::new(format!("`{section}` is a whole section"))
        .hint(format!("name one subject of it, as in `{section}.ID`"))
}

/// Returns the address or id that is most like a name, if one is.
pub(super) fn near<'r>(name: &str, heads: impl Iterator<Item = &'r Head>) -> Option<String> {
    let names = heads.flat_map(|head| [head.address(), head.id.clone()]);
    let scored = names.map(|known| (strsim::jaro_winkler(name, &known), known));
    scored.filter(|(score, _)| *score > 0.9).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, near)| near)
}
