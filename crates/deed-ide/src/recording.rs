//! How a decision is written down, for every face that does so.

use deed_model::Verb;
use deed_syntax::edit::{Edit, Place, append_item, insert_entry, quote, replace_value};
use deed_syntax::{Entry, Format, Node, NodeKind, TextRange, TextSize};

/// What becomes of a single decision of somebody else's that stands where one is to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beside {
    /// The new one takes its place: history still has it.
    Nothing,
    /// The new one stands beside it in a list: they decide together.
    Theirs,
}

/// Returns the text of a decision: its fields in braces.
#[must_use]
pub fn decision_text(fields: &[(&str, String)], format: Format) -> String {
    let name = |key: &str| if format == Format::Json { quote(key, format) } else { key.to_owned() };
    let fields: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}: {}", name(key), quote(value, format))).collect();
    format!("{{ {} }}", fields.join(", "))
}

/// Returns the edit that writes a person's decision into its subject: as a new entry, in the place of their own, behind the
/// others in a list, or in the place of somebody else's that stands alone. `None` where the text cannot take it, such as an
/// alias, which stands for what is said elsewhere.
#[must_use]
pub fn record(subject: Node<'_>, verb: Verb, by: &str, decision: &str, beside: Beside) -> Option<Edit> {
    let Some(entry) = subject.entries().find(|entry| entry.is_named(verb.key())) else {
        return insert_entry(subject, Place::End, verb.key(), decision);
    };
    let value = entry.value();
    let is_mine = |item: &Node<'_>| item.get("by").is_some_and(|by_| by_.value().as_str() == Some(by));
    match value.kind() {
        NodeKind::Sequence { .. } => match value.items().filter(is_mine).last() {
            Some(mine) => Some(replace_value(mine, decision)),
            None => append_item(value, decision),
        },
        NodeKind::Mapping { flow } if beside == Beside::Theirs && !is_mine(&value) => {
            if flow {
                in_brackets(value, decision)
            } else {
                on_lines(value, decision)
            }
        }
        NodeKind::Mapping { flow: false } => Some(in_place_of_lines(entry, decision)),
        NodeKind::Mapping { .. } | NodeKind::Scalar(_) => Some(replace_value(value, decision)),
        NodeKind::Alias => None,
    }
}

/// Puts a mapping in braces into a list.
fn in_brackets(value: Node<'_>, decision: &str) -> Option<Edit> {
    let has_name = value.anchor().is_some() || value.tag().is_some();
    (!has_name).then(|| Edit::replace(value.range(), format!("[{}, {decision}]", value.source())))
}

/// Makes a mapping on lines of its own the first item of a list.
fn on_lines(value: Node<'_>, decision: &str) -> Option<Edit> {
    let text = value.parse().text();
    let (start, end) = (usize::from(value.range().start()), usize::from(value.range().end()));
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &text[line..start];
    if !indent.trim().is_empty() || value.anchor().is_some() || value.tag().is_some() {
        return None;
    }
    // A comment behind the last field is the field's.
    let end = end + text[end..].find(['\r', '\n']).unwrap_or(text.len() - end);
    let newline = if text[..start].ends_with("\r\n") || text[..end].contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines = text[start..end].split(newline);
    let mut new_text = format!("- {}", lines.next().unwrap_or_default());
    for line in lines {
        new_text.push_str(newline);
        if !line.is_empty() {
            new_text.push_str("  ");
            new_text.push_str(line);
        }
    }
    new_text.push_str(&format!("{newline}{indent}- {decision}"));
    let size = |at: usize| TextSize::try_from(at).ok();
    Some(Edit::replace(TextRange::new(size(start)?, size(end)?), new_text))
}

/// Puts one in braces behind the key in the place of lines of fields.
fn in_place_of_lines(entry: Entry<'_>, decision: &str) -> Edit {
    let value = entry.value();
    let between = TextRange::new(entry.key().range().end(), value.range().start());
    if value.parse().text()[between].trim() == ":" {
        Edit::replace(TextRange::new(between.start(), value.range().end()), format!(": {decision}"))
    } else {
        replace_value(value, decision)
    }
}
