//! Text to scalars that read as that text.

use std::fmt::Write as _;

use crate::Format;
use crate::scalar::{self, Value};
use crate::tree::ScalarStyle;

/// Where a scalar is to stand: what may be plain depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Context {
    pub(super) format: Format,
    /// In brackets.
    pub(super) flow: bool,
}

/// Returns the text as a scalar on one line, wherever it is to stand: without quotes if it reads as that text without.
#[must_use]
pub fn quote(text: &str, format: Format) -> String {
    styled(text, ScalarStyle::Plain, Context { format, flow: true })
}

/// Returns the text as a scalar on one line, in a style if that style can hold it, else in double quotes.
pub(super) fn styled(text: &str, style: ScalarStyle, context: Context) -> String {
    match style {
        _ if context.format == Format::Json => double_quoted(text, Format::Json),
        ScalarStyle::Plain if is_plain(text, context.flow) => text.to_owned(),
        ScalarStyle::SingleQuoted if text.chars().all(is_simple) => format!("'{}'", text.replace('\'', "''")),
        _ => double_quoted(text, Format::Yaml),
    }
}

fn double_quoted(text: &str, format: Format) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_simple(c) => out.push(c),
            // JSON knows only escapes of four digits; what is beyond them it takes as it is.
            c if u32::from(c) <= 0xFFFF => write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes all"),
            c if format == Format::Json => out.push(c),
            c => write!(out, "\\U{:08x}", u32::from(c)).expect("a string takes all"),
        }
    }
    out.push('"');
    out
}

/// Says whether a character can stand in a quoted scalar as it is.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Says whether a text can stand without quotes and is text then, for readers of older YAML too.
fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let starts = first.is_alphanumeric() || matches!(first, '_' | '/' | '.' | '+' | '(' | '$' | '^' | '\\');
    let indicator = |c| matches!(c, '[' | ']' | '{' | '}' | ',');
    starts
        && text.chars().all(is_simple)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !(flow && (text.contains(indicator) || text.contains(':')))
        && matches!(scalar::core(text), Value::Str(_))
        && !matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off")
        && !is_marker(text)
}

fn is_marker(text: &str) -> bool {
    text == "..." || text.starts_with("... ")
}
