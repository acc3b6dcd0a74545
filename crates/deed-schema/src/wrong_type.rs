//! Words values of another type than the field takes.

use deed_syntax::{Node, NodeKind, Value};

use crate::locate::Place;
use crate::shape::Shape;
use crate::{Suggestion, Violation, ViolationKind, unknown, wording, wrong_form};

/// A message shows a replacement up to this length.
const MAX_SHOWN: usize = 60;

/// Words a wrong type; none where a rule words it better.
pub(crate) fn violation(place: &Place<'_>) -> Option<Violation> {
    let (node, shape) = (place.node, place.shape);
    // Several owners are a question of accountability; anything else there is a slip.
    if node.is_sequence() && shape.get("x-deed-rule").is_some() {
        return None;
    }
    if let Some(text) = literal(node)
        && shape.takes("string")
    {
        if shape.get("enum").is_some() {
            return Some(unknown::value(place));
        }
        if !wrong_form::fits(shape, text) {
            return Some(wrong_form::violation(place));
        }
    }
    let expected = wording::expected(shape);
    let actual = wording::actual(node);
    let suggestion = suggestion(place).filter(|_| !shape.is_attested());
    let mut message = format!("{} is {expected}, not {actual}", wording::called(place));
    if let Some(suggestion) = suggestion.as_ref().filter(|fix| fix.replacement.len() <= MAX_SHOWN) {
        message += &format!(": write {}", suggestion.replacement);
    }
    let help = if suggestion.is_some() { None } else { help(place) };
    Some(Violation {
        range: place.value_range(),
        kind: ViolationKind::WrongType,
        key_path: place.path.clone().into(),
        message: message.into(),
        help: help.map(Into::into),
        suggestion,
    })
}

/// Returns the text of a number or a boolean.
fn literal(node: Node<'_>) -> Option<&str> {
    match node.value()? {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => node.scalar_text(),
        Value::Null | Value::Str(_) => None,
    }
}

/// Returns the replacement that keeps what was meant.
fn suggestion(place: &Place<'_>) -> Option<Suggestion> {
    let (node, shape) = (place.node, place.shape);
    match node.value() {
        Some(Value::Null) => None,
        Some(Value::Str(text)) if shape.takes("boolean") => {
            truth(text).map(|truth| wording::rewrite(node, truth.to_string()))
        }
        Some(Value::Int(int @ (0 | 1))) if shape.takes("boolean") => {
            Some(wording::rewrite(node, (int == 1).to_string()))
        }
        Some(Value::Float(float)) if shape.takes("integer") => {
            (float.fract() == 0.0 && float.abs() < 1e9).then(|| wording::rewrite(node, format!("{float:.0}")))
        }
        Some(Value::Str(text)) if shape.takes("integer") => {
            let int: i64 = text.trim().parse().ok()?;
            Some(wording::rewrite(node, int.to_string()))
        }
        Some(_) if shape.takes("string") => {
            literal(node).map(|text| wording::rewrite(node, wording::double_quoted(text)))
        }
        Some(_) | None if shape.takes("array") => in_brackets(node, shape.item()?),
        None if shape.takes("string") => only_item(node),
        _ => None,
    }
}

/// Words that YAML 1.1 took for booleans, and the like.
fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// Makes a list of a single value, where the list takes such values.
fn in_brackets(node: Node<'_>, item: Shape) -> Option<Suggestion> {
    let source = node.source();
    let is_line = !source.contains('\n');
    match node.kind() {
        NodeKind::Mapping { flow: true } if item.takes("object") && is_line => {
            Some(wording::rewrite(node, format!("[{source}]")))
        }
        NodeKind::Scalar(_) if item.takes("string") && is_line => {
            let items = wrong_form::split(item, node.as_str()?)?;
            let items = match items[..] {
                [_] if source.starts_with(['"', '\'']) => source.to_owned(),
                _ => items.iter().map(|text| wording::scalar(node, text)).collect::<Vec<_>>().join(", "),
            };
            Some(wording::rewrite(node, format!("[{items}]")))
        }
        _ => None,
    }
}

/// Takes a single string out of its brackets.
fn only_item(node: Node<'_>) -> Option<Suggestion> {
    let mut items = node.items();
    let (Some(item), None) = (items.next(), items.next()) else { return None };
    let flow = node.kind() == NodeKind::Sequence { flow: true };
    (flow && item.as_str().is_some() && item.kind() != NodeKind::Alias).then(|| wording::rewrite(node, item.source()))
}

fn help(place: &Place<'_>) -> Option<String> {
    let shape = place.shape;
    if let Some(name) = place.name()
        && place.is_subject()
        && shape.own_field(name).is_some()
    {
        let noun = shape.text("x-deed-noun").unwrap_or("an entry");
        return Some(format!("if `{name}` is meant as a field of {noun}, indent it below the id it belongs to"));
    }
    if place.node.is_sequence() && shape.takes("object") && shape.entry().is_some() {
        return Some("write each entry below its id, not as an item of a list".to_owned());
    }
    wording::example(shape).map(|example| format!("such as `{example}`"))
}
