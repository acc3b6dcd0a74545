//! Words strings that are not a date, a period, an id, or whatever the field takes.

mod calendar;

use deed_syntax::{Node, Segment};

use crate::locate::Place;
use crate::near::nearest;
use crate::shape::Shape;
use crate::{Violation, ViolationKind, wording};

/// Says whether the text of a number or a boolean would fit once it is quoted.
pub(crate) fn fits(shape: Shape, text: &str) -> bool {
    match shape.text("x-deed-noun") {
        _ if shape.get("pattern").is_none() => true,
        Some("an id") => is_id(text),
        // No number is a date, a period, an address, or a rule.
        _ => false,
    }
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// Splits a text that stands where a list of such items is expected; none where it is not clear how.
pub(crate) fn split(item: Shape, text: &str) -> Option<Vec<&str>> {
    let fits: fn(&str) -> bool = match item.text("x-deed-noun") {
        Some("an id") => is_id,
        Some("an e-mail address") => |part| part.contains('@'),
        _ => return (!text.is_empty() && !text.contains([',', ';'])).then(|| vec![text]),
    };
    let parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    (!parts.is_empty() && parts.iter().all(|part| fits(part))).then_some(parts)
}

/// Words a string, or a number in place of one, that has not the form the field takes.
pub(crate) fn violation(place: &Place<'_>) -> Violation {
    let shape = place.shape;
    let text = place.node.scalar_text().unwrap_or_default();
    let quoted = wording::quoted(text);
    let noun = wording::expected(shape);
    let mut message = format!("{quoted} is not {noun}");
    let mut help = Some(form(shape, shape));
    let mut meant = None;
    match shape.text("x-deed-noun") {
        Some("a date") => match calendar::date(text) {
            Err(reason) => {
                message = format!("{quoted} is not a day of the calendar");
                help = Some(reason);
            }
            Ok(date) => meant = date,
        },
        Some("a period") => meant = calendar::period(text),
        _ => meant = nearest(text, shape.texts("x-deed-words")).map(ToOwned::to_owned),
    }
    if let Some(meant) = &meant {
        message += &format!("; did you mean `{meant}`?");
    }
    let suggestion = meant.filter(|_| !shape.is_attested());
    Violation {
        range: place.value_range(),
        kind: ViolationKind::WrongForm,
        key_path: place.path.clone().into(),
        message: message.into(),
        help: help.map(Into::into),
        suggestion: suggestion.and_then(|meant| wording::replace(place.node, &meant)),
    }
}

/// Words a key that is not formed like an id.
pub(crate) fn key(place: &Place<'_>, key: Node<'_>, name: &str) -> Violation {
    let mut key_path = place.path.clone();
    key_path.0.push(Segment::Key(name.to_owned()));
    let names = place.shape.get("propertyNames").and_then(Shape::of);
    let noun = names.and_then(|names| names.text("x-deed-noun")).unwrap_or("an id");
    let message = match key.scalar_text() {
        None => format!("a key is {noun}, not {}", wording::actual(key)),
        Some("") => format!("a key is {noun}, not nothing"),
        Some(name) => format!("{} is not {noun}", wording::quoted(name)),
    };
    Violation {
        range: key.range(),
        kind: ViolationKind::MalformedKey,
        key_path: key_path.into(),
        message: message.into(),
        help: names.map(|names| form(names, names).into()),
        suggestion: None,
    }
}

/// Says how a value is written, with an example.
fn form(shape: Shape, examples: Shape) -> String {
    let noun = wording::expected(shape);
    let form = shape.text("x-deed-form").unwrap_or("as in the example");
    match wording::example(examples) {
        Some(example) => format!("{noun} is {form}, such as `{example}`"),
        None => format!("{noun} is {form}"),
    }
}
