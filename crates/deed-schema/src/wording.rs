//! Pieces of messages and replacements.

use std::fmt::Write as _;

use std::sync::Arc;

use deed_syntax::{Format, Node, NodeKind, ScalarStyle, Value};

use crate::Suggestion;
use crate::locate::Place;
use crate::shape::Shape;

/// How much of a text a message repeats.
const MAX_QUOTED: usize = 60;

/// Returns a text between backticks, on one line and not too long.
pub(crate) fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "an empty string".to_owned();
    }
    let mut out = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == MAX_QUOTED {
            out.push('…');
            break;
        }
        match c {
            '`' => out.push('\''),
            c if c.is_control() => out.extend(c.escape_debug()),
            c => out.push(c),
        }
    }
    out.push('`');
    out
}

/// Returns names between backticks, with commas and a last word.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<String> = names.map(quoted).collect();
    match names.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

/// Returns what the value is called: its key, or an item of its list.
pub(crate) fn called(place: &Place<'_>) -> String {
    match place.name() {
        Some(name) if place.is_item() => format!("an item of {}", quoted(name)),
        Some(name) => quoted(name),
        None => "a manifest".to_owned(),
    }
}

/// Returns what a place takes, with its article.
pub(crate) fn expected(shape: Shape) -> String {
    let general = |kind| match kind {
        "string" => "a string",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "a list",
        "object" => "a mapping",
        _ => "nothing",
    };
    match shape.text("x-deed-noun") {
        Some("a manifest") => "a mapping of sections".to_owned(),
        Some(noun) if !noun.starts_with("the ") => noun.to_owned(),
        _ => match shape.text("type") {
            Some(kind) => general(kind).to_owned(),
            None => shape.texts("type").map(general).collect::<Vec<_>>().join(" or "),
        },
    }
}

/// Returns what a value is, with its article.
pub(crate) fn actual(node: Node<'_>) -> String {
    match node.value() {
        Some(Value::Null) => "nothing".to_owned(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(Value::Int(_) | Value::Float(_)) => {
            format!("the number {}", node.scalar_text().unwrap_or_default())
        }
        Some(Value::Str("")) => "an empty string".to_owned(),
        Some(Value::Str(text)) => format!("the string {}", quoted(text)),
        None if node.is_sequence() => "a list".to_owned(),
        None => "a mapping".to_owned(),
    }
}

/// Returns one of the schema's examples, if it fits into a line of help.
pub(crate) fn example(shape: Shape) -> Option<String> {
    let examples = shape.get("examples")?.as_array()?.iter();
    examples.map(yaml).find(|example| example.len() <= 100)
}

/// Returns a value as YAML in one line.
pub(crate) fn yaml(value: &serde_json::Value) -> String {
    let mut out = String::new();
    write_yaml(value, &mut out);
    out
}

fn write_yaml(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) => out.push_str(&plain_or_quoted(text)),
        serde_json::Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_yaml(item, out);
            }
            out.push(']');
        }
        serde_json::Value::Object(fields) => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                let _ = write!(out, "{comma} {}: ", plain_or_quoted(name));
                write_yaml(value, out);
            }
            out.push_str(if fields.is_empty() { "}" } else { " }" });
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

/// Returns a text as a YAML scalar that means it, wherever it stands: plain if it can be.
fn plain_or_quoted(text: &str) -> String {
    let flow = deed_syntax::parse(format!("[{text}]"), Format::Yaml);
    let items: Vec<_> = flow.root().into_iter().flat_map(Node::items).map(|item| item.as_str()).collect();
    if flow.errors().is_empty() && items == [Some(text)] && !text.contains('\n') {
        text.to_owned()
    } else {
        double_quoted(text)
    }
}

/// Returns a text as a string of JSON, which is one of YAML as well.
pub(crate) fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns the replacement of a scalar by another text, quoted as it was.
pub(crate) fn replace(node: Node<'_>, text: &str) -> Option<Suggestion> {
    let replacement = match node.kind() {
        NodeKind::Scalar(ScalarStyle::SingleQuoted) => format!("'{}'", text.replace('\'', "''")),
        NodeKind::Scalar(ScalarStyle::DoubleQuoted) => double_quoted(text),
        NodeKind::Scalar(ScalarStyle::Plain) | NodeKind::Alias => scalar(node, text),
        _ => return None,
    };
    Some(Suggestion { range: node.range(), replacement: replacement.into() })
}

/// Returns a text as a scalar of the notation the node is in.
pub(crate) fn scalar(node: Node<'_>, text: &str) -> String {
    match node.parse().format() {
        Format::Yaml => plain_or_quoted(text),
        Format::Json => double_quoted(text),
    }
}

/// Returns the replacement of a node by source text.
pub(crate) fn rewrite(node: Node<'_>, replacement: impl Into<Arc<str>>) -> Suggestion {
    Suggestion { range: node.range(), replacement: replacement.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_stays_on_its_line() {
        assert_eq!(quoted("a\nb`c"), "`a\\nb'c`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), MAX_QUOTED + 3);
    }

    #[test]
    fn examples_read_as_yaml() {
        let value = serde_json::json!({"by": "ada", "n": 1, "of": ["3", "a: b", ""], "none": {}});
        assert_eq!(yaml(&value), r#"{ by: ada, n: 1, of: ["3", "a: b", ""], none: {} }"#);
    }
}
