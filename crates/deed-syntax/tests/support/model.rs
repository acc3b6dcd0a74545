//! Random trees, written in random ways, and read back.

use deed_syntax::edit::quote;
use deed_syntax::{Format, Node};
use proptest::prelude::*;

/// A tree of texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Model {
    Text(String),
    Mapping(Vec<(String, Self)>),
    Sequence(Vec<Self>),
}

/// How a tree is written: a source of choices.
#[derive(Clone, Debug)]
pub(crate) struct Style(Vec<u8>, usize);

impl Style {
    /// Picks one of so many.
    fn pick(&mut self, of: u8) -> u8 {
        self.1 += 1;
        self.0[self.1 % self.0.len()] % of
    }
}

pub(crate) fn style() -> impl Strategy<Value = Style> {
    prop::collection::vec(any::<u8>(), 8..64).prop_map(|bytes| Style(bytes, 0))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,8}",
        2 => "[ -~]{0,12}",
        1 => "[a-z #:,\n\t'\"\\\\\u{e9}\u{1F600}\u{7}\u{2028}\u{85}|>&*!%@`\\[\\]{}-]{0,12}",
        1 => "[a-z ]{1,6}(\n[a-z ]{0,6}){1,3}\n?",
        1 => prop::sample::select(vec!["", "~", "null", "true", "no", "12", "1.5", "0x1f", "2026-01-15", "- a", "a: b", "a #b", "<<", "=", "---", "...", "? a", "*a", "&a", "!a"])
            .prop_map(str::to_owned),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![5 => "[a-z_]{1,8}".boxed(), 1 => text().boxed()]
}

/// A mapping with texts, mappings and sequences in it.
pub(crate) fn model() -> impl Strategy<Value = Model> {
    let leaf = text().prop_map(Model::Text);
    let node = leaf.prop_recursive(4, 24, 4, |inner| {
        let entries = prop::collection::vec((key(), inner.clone()), 0..4);
        prop_oneof![
            entries.prop_map(|entries| Model::Mapping(unique(entries))),
            prop::collection::vec(inner, 0..4).prop_map(Model::Sequence),
        ]
    });
    prop::collection::vec((key(), node), 1..5).prop_map(|entries| Model::Mapping(unique(entries)))
}

fn unique(mut entries: Vec<(String, Model)>) -> Vec<(String, Model)> {
    let mut seen = std::collections::HashSet::new();
    // A merge key is no entry.
    entries.retain(|(key, _)| key != "<<" && seen.insert(key.clone()));
    entries
}

/// Reads a node back.
#[allow(dead_code, reason = "not every test reads a tree back")]
pub(crate) fn read(node: Node<'_>) -> Model {
    if node.is_mapping() {
        let name = |node: Node<'_>| node.as_str().expect("keys are texts").to_owned();
        return Model::Mapping(node.entries().map(|entry| (name(entry.key()), read(entry.value()))).collect());
    }
    if node.is_sequence() {
        return Model::Sequence(node.items().map(read).collect());
    }
    Model::Text(node.as_str().unwrap_or_else(|| panic!("{node:?} {:?} is not text", node.source())).to_owned())
}

/// Writes a tree.
pub(crate) fn write(model: &Model, format: Format, style: &mut Style) -> String {
    let mut out = String::new();
    match format {
        Format::Yaml => {
            if style.pick(4) == 0 {
                out += "# head\n---\n";
            }
            block(model, 0, &mut out, style);
        }
        Format::Json => json(model, 0, style.pick(3) > 0, &mut out),
    }
    if style.pick(5) == 0 {
        out.truncate(out.trim_end_matches('\n').len());
    }
    if style.pick(6) == 0 && !out.contains('\r') {
        out = out.replace('\n', "\r\n");
    }
    out
}

/// Writes a block collection, from the start of its first line on or from behind a dash.
fn block(model: &Model, indent: usize, out: &mut String, style: &mut Style) {
    let pad = " ".repeat(indent);
    let mut first = true;
    let mut lead = |out: &mut String, style: &mut Style| {
        if first && !out.ends_with('\n') && !out.is_empty() {
            first = false;
            return;
        }
        first = false;
        match style.pick(9) {
            0 => *out += &format!("{pad}# note\n"),
            1 => *out += "\n",
            _ => {}
        }
        *out += &pad;
    };
    match model {
        Model::Mapping(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                lead(out, style);
                *out += &scalar(key, true, style);
                out.push(':');
                behind(value, indent, style.pick(2) == 0, out, style);
            }
        }
        Model::Sequence(items) if !items.is_empty() => {
            for item in items {
                lead(out, style);
                out.push('-');
                behind(item, indent, false, out, style);
            }
        }
        _ => {
            flow(model, out, style);
            out.push('\n');
        }
    }
}

/// Writes what is behind a colon or dash, to the end of its lines.
fn behind(value: &Model, indent: usize, same_indent: bool, out: &mut String, style: &mut Style) {
    let is_item = out.ends_with('-');
    match value {
        Model::Text(text) if is_literal(text) && style.pick(2) == 0 => {
            let header = if text.ends_with('\n') { " |" } else { " |-" };
            *out += header;
            for line in text.lines() {
                out.push('\n');
                if !line.is_empty() {
                    *out += &" ".repeat(indent + 2);
                    *out += line;
                }
            }
            out.push('\n');
        }
        Model::Text(text) => {
            out.push(' ');
            *out += &scalar(text, false, style);
            end(out, style);
        }
        Model::Mapping(entries) if !entries.is_empty() && style.pick(3) > 0 => {
            if is_item && style.pick(3) > 0 {
                out.push(' ');
            } else {
                end(out, style);
            }
            block(value, indent + 2, out, style);
        }
        Model::Sequence(items) if !items.is_empty() && style.pick(3) > 0 => {
            if is_item && style.pick(2) == 0 {
                out.push(' ');
            } else {
                end(out, style);
            }
            block(value, if same_indent { indent } else { indent + 2 }, out, style);
        }
        _ => {
            out.push(' ');
            flow(value, out, style);
            end(out, style);
        }
    }
}

fn end(out: &mut String, style: &mut Style) {
    *out += if style.pick(8) == 0 { "  # c\n" } else { "\n" };
}

fn is_literal(text: &str) -> bool {
    let lines = text.lines().all(|line| line.is_empty() || !line.trim().is_empty());
    let printable = text.chars().all(|c| c == '\n' || matches!(c, ' '..='~'));
    lines && printable && text.contains('\n') && !text.starts_with([' ', '\n']) && !text.ends_with("\n\n")
}

fn flow(model: &Model, out: &mut String, style: &mut Style) {
    let comma = if style.pick(3) == 0 { "," } else { ", " };
    match model {
        Model::Text(text) => *out += &scalar(text, true, style),
        Model::Mapping(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                *out += if index > 0 { comma } else { "" };
                *out += &scalar(key, true, style);
                *out += ": ";
                flow(value, out, style);
            }
            *out += if !entries.is_empty() && style.pick(5) == 0 { ", }" } else { "}" };
        }
        Model::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                *out += if index > 0 { comma } else { "" };
                flow(item, out, style);
            }
            out.push(']');
        }
    }
}

fn scalar(text: &str, _: bool, style: &mut Style) -> String {
    let printable = text.chars().all(|c| matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}') && c != '\u{2028}');
    match style.pick(4) {
        0 if printable => format!("'{}'", text.replace('\'', "''")),
        1 => quote(text, Format::Json),
        _ => quote(text, Format::Yaml),
    }
}

fn json(model: &Model, indent: usize, pretty: bool, out: &mut String) {
    let (line, last) = if pretty {
        (format!("\n{}", " ".repeat(indent + 2)), format!("\n{}", " ".repeat(indent)))
    } else {
        (String::new(), String::new())
    };
    match model {
        Model::Text(text) => *out += &quote(text, Format::Json),
        Model::Mapping(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                *out += &format!("{}{line}{}: ", if index > 0 { "," } else { "" }, quote(key, Format::Json));
                json(value, indent + 2, pretty, out);
            }
            *out += if entries.is_empty() { "" } else { &last };
            out.push('}');
        }
        Model::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                *out += &format!("{}{line}", if index > 0 { "," } else { "" });
                json(item, indent + 2, pretty, out);
            }
            *out += if items.is_empty() { "" } else { &last };
            out.push(']');
        }
    }
}
