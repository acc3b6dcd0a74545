//! What can be read from one line without the parser: plain keys, and scalars that end where the line does.
//!
//! Whatever is in the least unusual is left to the parser.

use deed_syntax::Value;

use crate::value;

/// The longest key that is read here.
const MAX_KEY: usize = 256;

/// Returns the key a line starts with, and where the colon ends.
pub(super) fn key(line: &str) -> Option<(&str, usize)> {
    let bytes = line.as_bytes();
    let ends = |colon: usize| bytes.get(colon) == Some(&b':') && matches!(bytes.get(colon + 1), None | Some(b' '));
    match bytes.first()? {
        quote @ (b'"' | b'\'') => {
            let inner = &line[1..];
            let end = inner.as_bytes().iter().take(MAX_KEY).position(|byte| byte == quote)?;
            let name = &inner[..end];
            (is_literal(name, *quote) && ends(end + 2)).then_some((name, end + 3))
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'/' | b'.' | b'$' | b'(' => {
            let mut at = 0;
            while !ends(at) {
                if at > MAX_KEY || matches!(bytes.get(at)?, b'#' | b'"' | b'\'' | b'\\' | b'`') {
                    return None;
                }
                at += 1;
            }
            let name = line[..at].trim_end_matches(' ');
            is_ordinary(name).then_some((name, at + 1))
        }
        _ => None,
    }
}

/// Returns the value of a scalar, or of an empty collection, that makes up the rest of a line.
pub(super) fn scalar(rest: &str) -> Option<u64> {
    let rest = rest.trim_end_matches(' ');
    let bytes = rest.as_bytes();
    match bytes.first()? {
        quote @ (b'"' | b'\'') => {
            let inner = &rest[1..];
            let end = memchr::memchr(*quote, inner.as_bytes())?;
            let (text, after) = (&inner[..end], &inner[end + 1..]);
            if !is_literal(text, *quote) || !(after.is_empty() || is_comment(after)) {
                return None;
            }
            Some(value::scalar(Value::Str(text), text))
        }
        b'[' if rest == "[]" => Some(value::sequence(0, 0)),
        b'{' if rest == "{}" => Some(value::mapping(0, 0)),
        b'a'..=b'z'
        | b'A'..=b'Z'
        | b'0'..=b'9'
        | b'_'
        | b'/'
        | b'.'
        | b'$'
        | b'('
        | b'+'
        | b'~'
        | b'-'
        | b'^'
        | 0x80.. => {
            let text = match rest.find(" #") {
                Some(end) if is_comment(&rest[end..]) => rest[..end].trim_end_matches(' '),
                Some(_) => return None,
                None => rest,
            };
            let odd = text.ends_with(':')
                || text.contains(": ")
                || text == "-"
                || text.starts_with("- ")
                || text.starts_with("---")
                || text.starts_with("...");
            (!odd && is_ordinary(text)).then(|| value::scalar(Value::of_plain(text), text))
        }
        _ => None,
    }
}

/// Says whether what stands in quotes is what is meant.
fn is_literal(text: &str, quote: u8) -> bool {
    is_ordinary(text) && (quote == b'\'' || !text.contains('\\'))
}

fn is_comment(text: &str) -> bool {
    let comment = text.trim_start_matches(' ');
    comment.len() < text.len() && comment.starts_with('#') && is_ordinary(comment)
}

/// Says whether a text is of characters that mean nothing in particular to YAML: no control characters, no tabs, no
/// line breaks of other worlds, no byte order marks.
pub(super) fn is_ordinary(text: &str) -> bool {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return true;
    }
    text.chars()
        .all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'))
}

/// Says whether a sequence's item starts here.
pub(super) fn is_dash(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'-') && matches!(bytes.get(1), None | Some(b' ' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_end_at_a_colon_and_a_blank() {
        assert_eq!(key("a: b"), Some(("a", 2)));
        assert_eq!(key("a b :"), Some(("a b", 5)));
        assert_eq!(key("a:b: c"), Some(("a:b", 4)));
        assert_eq!(key("\"a: b\": c"), Some(("a: b", 7)));
        assert_eq!(key("''  : c"), None);
        for line in
            ["", "a", "a #b: c", "- a: b", "? a", "<<: *a", "&a b: c", "{a: b}", "\"a\\n\": b", "'a'b: c", "a\tb: c"]
        {
            assert_eq!(key(line), None, "{line}");
        }
    }

    #[test]
    fn scalars_end_with_the_line() {
        let string = |text| Some(value::scalar(Value::Str(text), text));
        for (rest, expected) in [
            ("b", string("b")),
            ("b c # d", string("b c")),
            ("b#c", string("b#c")),
            ("'12'", string("12")),
            ("'\\n'", string("\\n")),
            ("\"b: c\" # d", string("b: c")),
            ("12 ", Some(value::scalar(Value::Int(12), "12"))),
            ("[]", Some(value::sequence(0, 0))),
            ("-x", string("-x")),
            ("Grüße", string("Grüße")),
        ] {
            assert_eq!(scalar(rest), expected, "{rest}");
        }
        for rest in [
            "", "a: b", "a:", "'a''b'", "\"\\n\"", "[a]", "*a", "&a b", "!t b", "|", ">-", "- a", "a\tb", "'a' b",
            "\"a",
        ] {
            assert_eq!(scalar(rest), None, "{rest}");
        }
    }
}
