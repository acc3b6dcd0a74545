//! Scalars to typed values: the YAML 1.2 core schema, and JSON's rules.

use crate::tree::ScalarStyle;

/// A scalar's value. Dates and times stay text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'t> {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`, never `yes` or `on`.
    Bool(bool),
    /// A whole number that fits.
    Int(i64),
    /// Any other number, `.inf` and `.nan` included.
    Float(f64),
    /// Text.
    Str(&'t str),
}

impl Value<'_> {
    /// Returns what the YAML 1.2 core schema makes of a plain scalar's text.
    #[must_use]
    pub fn of_plain(text: &str) -> Value<'_> {
        core(text)
    }
}

const CORE: &str = "tag:yaml.org,2002:";

/// Types a YAML scalar by its tag, or else by its style and text.
pub(crate) fn yaml<'t>(text: &'t str, style: ScalarStyle, tag: Option<&str>) -> Value<'t> {
    match tag {
        Some(tag) => match tag.strip_prefix(CORE) {
            Some("null" | "bool" | "int") => core(text),
            Some("float") => match core(text) {
                #[expect(clippy::cast_precision_loss, reason = "`!!float 1` asks for a float")]
                Value::Int(int) => Value::Float(int as f64),
                value => value,
            },
            _ => Value::Str(text),
        },
        None if style == ScalarStyle::Plain => core(text),
        None => Value::Str(text),
    }
}

/// Types a plain scalar by the core schema.
pub(crate) fn core(text: &str) -> Value<'_> {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return Value::Null };
    // Most scalars are words: one look at the first byte settles them.
    match first {
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => match text {
            "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            _ => Value::Str(text),
        },
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text).unwrap_or(Value::Str(text)),
        _ => Value::Str(text),
    }
}

/// Types a JSON scalar: quoted is text, bare is a literal.
pub(crate) fn json(text: &str, style: ScalarStyle) -> Value<'_> {
    if style != ScalarStyle::Plain {
        return Value::Str(text);
    }
    match text {
        "null" | "" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => decimal(text).unwrap_or(Value::Str(text)),
    }
}

fn number(text: &str) -> Option<Value<'_>> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Some(Value::Float(f64::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    decimal(text)
}

fn radix(digits: &str, radix: u32) -> Option<Value<'static>> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    match i64::from_str_radix(digits, radix) {
        Ok(int) => Some(Value::Int(int)),
        Err(_) => {
            let big = digits.chars().filter_map(|c| c.to_digit(radix));
            Some(Value::Float(big.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit))))
        }
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn decimal(text: &str) -> Option<Value<'_>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let digits = |from: usize| unsigned[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(0);
    let mut at = whole;
    if at == unsigned.len() && whole > 0 {
        if let Ok(int) = text.parse::<i64>() {
            return Some(Value::Int(int));
        }
        return text.parse().ok().map(Value::Float);
    }
    let mut fraction = 0;
    if unsigned.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = unsigned.get(at) {
        at += 1 + usize::from(matches!(unsigned.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at != unsigned.len() {
        return None;
    }
    text.parse().ok().map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema_types_what_it_lists_and_nothing_else() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(core(text), Value::Null, "{text:?}");
        }
        for (text, int) in [("0", 0), ("-12", -12), ("+3", 3), ("007", 7), ("0o17", 15), ("0xfF", 255)] {
            assert_eq!(core(text), Value::Int(int), "{text:?}");
        }
        for (text, float) in [
            ("1.5", 1.5),
            (".5", 0.5),
            ("1.", 1.0),
            ("-1e3", -1000.0),
            ("1E+2", 100.0),
            ("-.inf", f64::NEG_INFINITY),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("0xffffffffffffffff", 18_446_744_073_709_551_615.0),
        ] {
            assert_eq!(core(text), Value::Float(float), "{text:?}");
        }
        assert!(matches!(core(".NaN"), Value::Float(float) if float.is_nan()));
        for text in
            "yes on off n y nUll tRue 2026-01-15 12:30 1_000 0x 0o8 -0x1 . .. + - e3 1e 1e+ 1.2.3 .e1 0b1 A.5.15 inf nan"
                .split(' ')
        {
            assert_eq!(core(text), Value::Str(text), "{text:?}");
        }
    }

    #[test]
    fn a_tag_overrides_style() {
        assert_eq!(yaml("12", ScalarStyle::Plain, Some("tag:yaml.org,2002:str")), Value::Str("12"));
        assert_eq!(yaml("12", ScalarStyle::DoubleQuoted, Some("tag:yaml.org,2002:int")), Value::Int(12));
        assert_eq!(yaml("1", ScalarStyle::Plain, Some("tag:yaml.org,2002:float")), Value::Float(1.0));
        assert_eq!(yaml("12", ScalarStyle::Plain, Some("!")), Value::Str("12"));
        assert_eq!(yaml("true", ScalarStyle::SingleQuoted, None), Value::Str("true"));
    }

    #[test]
    fn json_bare_words_are_literals_or_numbers() {
        assert_eq!(json("1e2", ScalarStyle::Plain), Value::Float(100.0));
        assert_eq!(json("-0", ScalarStyle::Plain), Value::Int(0));
        assert_eq!(json("true", ScalarStyle::DoubleQuoted), Value::Str("true"));
    }
}
