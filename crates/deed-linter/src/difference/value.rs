//! Values on one line, in which neither style nor order counts.

use std::collections::BTreeMap;

use deed_model::{Head, Verb, Workspace};
use deed_syntax::Node;

/// How many nodes one value may have; what is larger is cut, so that aliases cannot make it huge.
const MOST: usize = 20_000;

/// The longest value that is shown.
const SHOWN: usize = 48;

/// Returns the fields of a subject but for decisions and the user's own, by name.
pub(super) fn fields<'w>(workspace: &'w Workspace, head: &Head) -> BTreeMap<&'w str, String> {
    let node = workspace.node(head.key.file, head.node);
    let own = |name: &str| !name.starts_with("x-") && name != "<<" && Verb::of_key(name).is_none();
    let mut fields = BTreeMap::new();
    for entry in node.fields() {
        if let Some(name) = entry.name().filter(|name| own(name)) {
            fields.entry(name).or_insert_with(|| text(entry.value()));
        }
    }
    fields
}

/// A value as flow on one line: keys and items sorted, comments left out.
fn text(node: Node<'_>) -> String {
    let mut left = MOST;
    written(node, &mut left)
}

fn written(node: Node<'_>, left: &mut usize) -> String {
    let Some(fewer) = left.checked_sub(1) else { return "…".to_owned() };
    *left = fewer;
    if node.is_mapping() {
        let field = |entry: deed_syntax::Entry<'_>, left: &mut usize| {
            format!("{}: {}", entry.name().unwrap_or_else(|| entry.key().source()), written(entry.value(), left))
        };
        let mut fields: Vec<String> = node.fields().map(|entry| field(entry, left)).collect();
        fields.sort();
        format!("{{ {} }}", fields.join(", "))
    } else if node.is_sequence() {
        let mut items: Vec<String> = node.items().map(|item| written(item, left)).collect();
        items.sort();
        format!("[{}]", items.join(", "))
    } else {
        let resolved = node.resolve();
        // `12` is not `"12"`, and a missing value is none.
        match (resolved.value(), resolved.scalar_text()) {
            (Some(deed_syntax::Value::Null) | None, _) | (_, None) => "~".to_owned(),
            (Some(deed_syntax::Value::Str(text)), _) if looks_typed(text) => format!("{text:?}"),
            (_, Some(text)) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// Whether a text would be something else without its quotes.
fn looks_typed(text: &str) -> bool {
    text.parse::<f64>().is_ok() || matches!(text, "true" | "false" | "null" | "~" | "")
}

/// A value, if it is simple and short enough to be shown.
pub(super) fn short(value: &str) -> Option<&str> {
    (value.chars().count() <= SHOWN && !value.contains('{')).then_some(value)
}
