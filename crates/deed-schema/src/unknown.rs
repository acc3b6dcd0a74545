//! Words keys that a mapping does not have, and values that are not in a list: did you mean?

use std::collections::HashSet;

use deed_syntax::{Node, Segment};
use serde_json::Value;

use crate::locate::Place;
use crate::near::{nearest, nearest_of_few};
use crate::shape::Shape;
use crate::{Violation, ViolationKind, wording};

/// Help names all fields of a mapping up to so many.
const MAX_LISTED: usize = 24;

/// Words a key that is not a field, and returns the field that was probably meant.
pub(crate) fn field(place: &Place<'_>, key: Node<'_>, present: &HashSet<&str>) -> (Violation, Option<&'static str>) {
    let name = key.scalar_text().unwrap_or_default();
    let mut key_path = place.path.clone();
    key_path.0.push(Segment::Key(name.to_owned()));
    let mut violation = Violation {
        range: key.range(),
        kind: ViolationKind::UnknownField,
        key_path: key_path.into(),
        message: "".into(),
        help: None,
        suggestion: None,
    };
    if name.is_empty() {
        let actual = if key.scalar_text().is_some() { "nothing" } else { &wording::actual(key) };
        violation.kind = ViolationKind::MalformedKey;
        violation.message = format!("a key is a word, not {actual}").into();
        return (violation, None);
    }
    let absent = place.shape.names().filter(|name| !present.contains(name));
    let synonym = place.shape.synonym(name).filter(|field| !present.contains(field));
    let required = place.shape.texts("required").filter(|name| !present.contains(name));
    let meant = synonym.or_else(|| nearest(name, absent)).or_else(|| nearest_of_few(name, required));
    let members = match place.shape.text("x-deed-members") {
        Some(members) => members.to_owned(),
        None => {
            format!("a field of {}", place.shape.text("x-deed-noun").unwrap_or("this mapping"))
        }
    };
    let quoted = wording::quoted(name);
    let mut message = format!("{quoted} is not {members}");
    if let Some(field) = meant {
        message += &format!("; did you mean `{field}`?");
        if place.shape.own_field(field).is_some_and(|shape| !shape.is_attested()) {
            violation.suggestion = wording::replace(key, field);
        }
    } else {
        violation.help = elsewhere(place, name).or_else(|| listed(place.shape, present)).map(Into::into);
    }
    violation.message = message.into();
    (violation, meant)
}

/// A field of a subject that stands among the sections, or of a section's own: it is indented too little.
fn elsewhere(place: &Place<'_>, name: &str) -> Option<String> {
    if place.around.is_some() {
        return None;
    }
    let has = |section: &&str| {
        let shape = place.shape.own_field(section);
        shape.is_some_and(|shape| shape.own_field(name).or_else(|| shape.entry()?.own_field(name)).is_some())
    };
    let sections: Vec<&str> = place.shape.names().filter(has).collect();
    if sections.is_empty() {
        return None;
    }
    let sections = wording::list(sections.into_iter(), "and");
    Some(format!("{} is a field in {sections}: indent it below", wording::quoted(name)))
}

fn listed(shape: Shape, present: &HashSet<&str>) -> Option<String> {
    let names: Vec<&str> = shape.names().filter(|name| !present.contains(name)).collect();
    if names.is_empty() || names.len() > MAX_LISTED {
        return None;
    }
    let names = wording::list(names.into_iter(), "and");
    let noun = shape.text("x-deed-noun").unwrap_or("this mapping");
    let also = if present.len() > 1 { " also" } else { "" };
    Some(format!("{noun} may{also} have {names}; keys of your own start with `x-`"))
}

/// Words a value that is not one of those the schema lists.
pub(crate) fn value(place: &Place<'_>) -> Violation {
    let text = place.node.scalar_text().unwrap_or_default();
    let options = place.shape.texts("enum");
    let called = wording::quoted(place.name().unwrap_or_default());
    let noun = place.shape.holder("enum").and_then(|shape| shape.text("x-deed-noun"));
    let noun = noun.map_or_else(|| format!("a value of {called}"), ToOwned::to_owned);
    let meant = place.shape.synonym(text).or_else(|| nearest(text, options.clone()));
    let did_you_mean = meant.map(|value| format!("; did you mean `{value}`?")).unwrap_or_default();
    Violation {
        range: place.value_range(),
        kind: ViolationKind::UnknownValue,
        key_path: place.path.clone().into(),
        message: format!("{} is not {noun}{did_you_mean}", wording::quoted(text)).into(),
        help: Some(format!("{noun} is {}", wording::list(options, "or")).into()),
        suggestion: meant.and_then(|value| wording::replace(place.node, value)),
    }
}

/// Words a format version that this build does not read.
pub(crate) fn version(place: &Place<'_>, known: &Value) -> Violation {
    let actual = place.node.scalar_text().unwrap_or_default();
    Violation {
        range: place.value_range(),
        kind: ViolationKind::UnknownVersion,
        key_path: place.path.clone().into(),
        message: format!("this build reads format version {known} of manifests, not {actual}").into(),
        help: Some(format!("write `deed: {known}`, or use a build that knows version {actual}").into()),
        suggestion: None,
    }
}
