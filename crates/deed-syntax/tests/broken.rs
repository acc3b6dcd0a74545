//! What broken texts give: the errors in words, and what is left in the tree. `UPDATE=1 cargo test` writes what is
//! found into the files of `broken/`, for reading the difference.

use std::fmt::Write as _;
use std::path::Path;

use deed_syntax::{Format, Node, NodeKind, Value, parse};

#[path = "support/invariants.rs"]
mod invariants;

fn check(file: &str, format: Format) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken").join(file);
    let cases = std::fs::read_to_string(&path).expect("the file is there");
    let mut found = String::new();
    for case in cases.split("=== ").skip(1) {
        let (title, rest) = case.split_once('\n').expect("a title is a line");
        let (input, _) = rest.split_once("\n~~~\n").unwrap_or_else(|| panic!("{title}: a line `~~~` ends the input"));
        let text = input.replace('␀', "\0").replace('␍', "\r").replace('→', "\t").replace('⏎', "");
        write!(found, "=== {title}\n{input}\n~~~\n{}\n", outcome(&text, format)).expect("a string takes all");
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the file can be written");
        return;
    }
    for (found, expected) in found.split("=== ").zip(cases.split("=== ")) {
        assert_eq!(found.trim_end(), expected.trim_end(), "run with UPDATE=1 and read the difference");
    }
}

fn outcome(text: &str, format: Format) -> String {
    let parse = parse(text, format);
    invariants::assert_invariants(&parse);
    let mut out = String::new();
    for error in parse.errors() {
        let before = &text[..error.range.start().into()];
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
        let culprit = text[error.range].escape_debug();
        writeln!(out, "{line}:{column} `{culprit}` {:?}: {}", error.kind, error.message).expect("a string takes all");
        if let Some(help) = &error.help {
            writeln!(out, "    help: {help}").expect("a string takes all");
        }
        if let Some((range, message)) = &error.related {
            let line = text[..range.start().into()].matches('\n').count() + 1;
            writeln!(out, "    {line}: {message}").expect("a string takes all");
        }
    }
    for root in parse.documents() {
        out.push_str("= ");
        show(root, &mut out);
        out.push('\n');
    }
    out
}

fn show(node: Node<'_>, out: &mut String) {
    if node.kind() == NodeKind::Alias {
        out.push_str(node.source());
    } else if node.is_mapping() {
        for (index, entry) in node.entries().enumerate() {
            out.push_str(if index > 0 { ", " } else { "{" });
            show(entry.key(), out);
            out.push_str(": ");
            show(entry.value(), out);
        }
        out.push_str(if node.entries().next().is_none() { "{}" } else { "}" });
    } else if node.is_sequence() {
        for (index, item) in node.items().enumerate() {
            out.push_str(if index > 0 { ", " } else { "[" });
            show(item, out);
        }
        out.push_str(if node.items().next().is_none() { "[]" } else { "]" });
    } else if node.is_missing() {
        out.push('_');
    } else if let Some(value) = node.value() {
        match value {
            Value::Str(text) if text.chars().all(|c| c.is_alphanumeric() || c == '-') => out.push_str(text),
            Value::Str(text) => write!(out, "{text:?}").expect("a string takes all"),
            _ => out.push_str(node.source()),
        }
    }
}

#[test]
fn broken_yaml_gives_errors_and_a_tree() {
    check("yaml.txt", Format::Yaml);
}

#[test]
fn broken_json_gives_errors_and_a_tree() {
    check("json.txt", Format::Json);
}
