//! One text for one value, however it is written: what hashes and fingerprints are made of.
//!
//! The form is JSON with sorted keys and, since order in a list says nothing in a manifest, sorted lists. Scalars are
//! typed by the YAML 1.2 core schema, so `"12"` is not `12`; style, quoting, comments and anchors leave no trace.

use std::fmt::Write as _;

use deed_syntax::{Node, Value};
use sha2::{Digest as _, Sha256};

/// How deep a value may nest, aliases followed.
const MAX_DEPTH: usize = 64;
/// How long a canonical text may become: anchors could make it exponential.
const MAX_LEN: usize = 4 << 20;

/// The SHA-256 of a canonical text: nobody can make another value with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Hash([u8; 32]);

impl Hash {
    /// Hashes a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Returns the canonical text of a value; entries of mappings for which `skip` holds are left out at any depth.
///
/// A value beyond the bounds stands for itself as it is written.
pub(crate) fn canonical(node: Node<'_>, skip: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    if write(node, skip, 0, &mut out).is_none() {
        out.clear();
        out.push_str("as written: ");
        out.push_str(node.source());
    }
    out
}

fn write(node: Node<'_>, skip: &dyn Fn(&str) -> bool, depth: usize, out: &mut String) -> Option<()> {
    if depth > MAX_DEPTH || out.len() > MAX_LEN {
        return None;
    }
    let rest = |node: Node<'_>, used: usize| {
        let mut text = String::new();
        write(node, skip, depth + 1, &mut text)?;
        (text.len() + used <= MAX_LEN).then_some(text)
    };
    if node.is_mapping() {
        let mut entries = Vec::new();
        let mut used = out.len();
        for entry in node.fields() {
            let name = entry.name().map_or_else(|| entry.key().source().to_owned(), str::to_owned);
            if skip(&name) {
                continue;
            }
            let value = rest(entry.value(), used)?;
            used += value.len();
            entries.push((name, value));
        }
        entries.sort();
        out.push('{');
        for (nth, (name, value)) in entries.iter().enumerate() {
            if nth > 0 {
                out.push(',');
            }
            quote(name, out);
            out.push(':');
            out.push_str(value);
        }
        out.push('}');
    } else if node.is_sequence() {
        let mut items = Vec::new();
        let mut used = out.len();
        for item in node.items() {
            let value = rest(item, used)?;
            used += value.len();
            items.push(value);
        }
        items.sort();
        out.push('[');
        out.push_str(&items.join(","));
        out.push(']');
    } else {
        match node.value() {
            None | Some(Value::Null) => out.push_str("null"),
            Some(Value::Bool(truth)) => write!(out, "{truth}").ok()?,
            Some(Value::Int(int)) => write!(out, "{int}").ok()?,
            Some(Value::Float(float)) => write!(out, "{float:?}").ok()?,
            Some(Value::Str(text)) => quote(text, out),
        }
    }
    Some(())
}

/// Writes a JSON string.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let parse = deed_syntax::parse(text, deed_syntax::Format::Yaml);
        canonical(parse.root().expect("a root"), &|key| key.starts_with("x-"))
    }

    #[test]
    fn writing_differs_and_the_value_does_not() {
        let plain = of("b: [two, one]\na: { c: 12, d: 'x' }\nx-own: 1\n");
        assert_eq!(plain, r#"{"a":{"c":12,"d":"x"},"b":["one","two"]}"#);
        assert_eq!(plain, of("# comment\na:\n  d: x\n  c: 0xC\nb:\n  - one\n  - \"two\"\n"));
        assert_ne!(of("a: 12"), of("a: '12'"));
        assert_ne!(of("a: [x, x]"), of("a: [x]"));
        assert_eq!(of("a: &one {k: 1}\nb: *one\n"), of("a: {k: 1}\nb: {k: 1}\n"));
    }

    #[test]
    fn an_alias_bomb_is_bounded() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x]\n".to_owned();
        for n in 1..20 {
            let item = format!("*a{}", n - 1);
            let _ = writeln!(bomb, "a{n}: &a{n} [{}]", [item.as_str(); 8].join(","));
        }
        assert!(of(&bomb).len() <= MAX_LEN + bomb.len() + 100);
    }
}
