//! JSON is RFC 8259 and nothing else: cases in the manner of JSONTestSuite, written here, and serde_json as the judge.

use deed_syntax::{Format, Node, SyntaxErrorKind, Value, parse, parse_bytes};
use proptest::prelude::*;

#[path = "support/invariants.rs"]
mod invariants;

/// Must be read without errors.
const VALID: &[&str] = &[
    "[]",
    "{}",
    " [] ",
    "\t[\r\n]\n",
    "[[]   ]",
    "[\"\"]",
    "[1]",
    "[false]",
    "[null, 1, \"1\", {}]",
    "[1,null,null,null,2]",
    "[ 4]",
    "[true]",
    "\"\"",
    "\"asd\"",
    "42",
    "-0.1",
    "null",
    "true",
    "false",
    "[-0]",
    "[0e1]",
    "[0e+1]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[1e-2]",
    "[1e+2]",
    "[123]",
    "[123.456789]",
    "[-1]",
    "[-0.0]",
    "[20e1]",
    "[-123456789012345678901234567890]",
    "[100000000000000000000]",
    "[0.1]",
    "{\"a\":\"b\"}",
    "{\"\":0}",
    "{\"a\":\"b\",\"c\":\"d\"}",
    "{\"a\":[]}",
    "{\"foo\\u0000bar\": 42}",
    "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
    "{\"a\": [{\"id\": \"x\"}], \"id\": \"y\"}",
    "{\n\"a\": \"b\"\n}",
    "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]",
    "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    "[\"\\\\u0000\"]",
    "[\"\\\"\"]",
    "[\"a/*b*/c/*d//e\"]",
    "[\"\\\\a\"]",
    "[\"\\\\n\"]",
    "[\"\\u0012\"]",
    "[\"\\uFFFF\"]",
    "[ \"asd\"]",
    "[\"new\\u000Aline\"]",
    "[\"\\u0000\"]",
    "[\"\u{2028}\u{2029}\"]",
    "[\"\u{20ac}\u{1d11e}\"]",
    "[\"\u{7f}\"]",
    "[\"\\u002c\"]",
    "[\"\u{10ffff}\"]",
    "[\"\u{feff}\"]",
    "[\"\\uA66D\"]",
    "\" \"",
    "[\"\\u005C\"]",
    "[\"a\u{7f}a\"]",
    "[\"\\u0022\"]",
    "[1.5E9]",
    "[0.0e-0]",
];

/// Must give an error.
const INVALID: &[&str] = &[
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[1 true]",
    "[1:2]",
    "[1,]",
    "[\"\": 1]",
    "[\"\"],",
    "[,1]",
    "[1,,2]",
    "[\"x\",,]",
    "[\"x\"]]",
    "[\"\",]",
    "[\"x\"",
    "[x",
    "[3[4]]",
    "[,]",
    "[-]",
    "[   , \"\"]",
    "[\"a\",\n4\n,1,",
    "[1,,]",
    "[*]",
    "[\"\"",
    "[1,",
    "[1,\n1\n,1",
    "[{}",
    "[fals]",
    "[nul]",
    "[tru]",
    "123\0",
    "[++1234]",
    "[+1]",
    "[+Inf]",
    "[-01]",
    "[-1.0.]",
    "[-2.]",
    "[-NaN]",
    "[.-1]",
    "[.2e-3]",
    "[0.1.2]",
    "[0.3e+]",
    "[0.3e]",
    "[0.e1]",
    "[0E+]",
    "[0E]",
    "[0e+]",
    "[0e]",
    "[1.0e+]",
    "[1.0e-]",
    "[1.0e]",
    "[1 000.0]",
    "[1eE2]",
    "[2.e+3]",
    "[2.e-3]",
    "[2.e3]",
    "[9.e+]",
    "[Inf]",
    "[NaN]",
    "[1+2]",
    "[0x1]",
    "[0x42]",
    "[Infinity]",
    "[-Infinity]",
    "[-foo]",
    "[- 1]",
    "[-012]",
    "[-.123]",
    "[-1x]",
    "[1ea]",
    "[1.]",
    "[.123]",
    "[1.2a-3]",
    "[1.8011670033376514H-308]",
    "[012]",
    "[\"x\", truth]",
    "{[: \"x\"}",
    "{\"x\", null}",
    "{\"x\"::\"b\"}",
    "{\"a\":\"a\" 123}",
    "{key: 'value'}",
    "{\"id\":0,,,,,}",
    "{\"a\" b}",
    "{:\"b\"}",
    "{\"a\" \"b\"}",
    "{\"a\":",
    "{\"a\"",
    "{1:1}",
    "{9999E9999:1}",
    "{null:null,null:null}",
    "{\"id\":0,}",
    "{'a':0}",
    "{\"a\":\"b\"}/**/",
    "{\"a\":\"b\"}//",
    "{\"a\":\"b\",,\"c\":\"d\"}",
    "{a: \"b\"}",
    "{\"a\":\"a",
    "{ \"foo\" : \"bar\", \"a\" }",
    "{\"a\":\"b\"}#",
    "[\"\\uD800\\u\"]",
    "[\"\\uD800\\u1\"]",
    "[\"\\uD800\\u1x\"]",
    "[\"\\u\"]",
    "[\"\\u00A\"]",
    "[\"\\x00\"]",
    "[\"\\\\\\\"]",
    "[\"\\\t\"]",
    "[\"\\\u{1f300}\"]",
    "[\"\\\"]",
    "[\"\\uqqqq\"]",
    "[\"\\a\"]",
    "[\u{2018}a\u{2019}]",
    "[\\n]",
    "\"",
    "['single quote']",
    "abc",
    "[\"\\",
    "[\"a\0a\"]",
    "[\"new\nline\"]",
    "[\"\t\"]",
    "\"\\UA66D\"",
    "<.>",
    "[<null>]",
    "[1]x",
    "[1]]",
    "[\"asd]",
    "a\u{e5}",
    "[True]",
    "1]",
    "{\"x\": true,",
    "[][]",
    "[\"a\" 2]",
    "2@",
    "{}}",
    "{\"\":",
    "{\"a\":/*comment*/\"b\"}",
    "{\"a\": true} \"x\"",
    "['",
    "[\"",
    "[\"a",
    "{]",
    "{[",
    "{,",
    "{\"a",
    "{'a'",
    "[\"a\\",
    "*",
    "{\"a\":\"b\"}#{}",
    "[\u{2060}]",
    "[\u{c}]",
    "\u{b}[]",
    "[1\u{a0}]",
    "- a",
    "a: 1",
    "--- []",
    "%",
    "[]...",
];

fn to_json(node: Node<'_>) -> serde_json::Value {
    match node.value() {
        Some(Value::Null) => serde_json::Value::Null,
        Some(Value::Bool(truth)) => truth.into(),
        Some(Value::Int(int)) => int.into(),
        Some(Value::Float(float)) => float.into(),
        Some(Value::Str(text)) => text.into(),
        None if node.is_mapping() => {
            let name = |node: Node<'_>| node.as_str().expect("keys are texts").to_owned();
            node.entries().map(|entry| (name(entry.key()), to_json(entry.value()))).collect()
        }
        None => node.items().map(to_json).collect(),
    }
}

/// Large whole numbers are floats here and `u64` there.
fn equal(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (ours, theirs) {
        (Number(a), Number(b)) => a == b || close(a.as_f64(), b.as_f64()),
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// serde_json rounds the last digit by its own ways.
fn close(a: Option<f64>, b: Option<f64>) -> bool {
    let (a, b) = (a.unwrap_or(f64::NAN), b.unwrap_or(f64::NAN));
    a == b || ((a - b) / a).abs() < 1e-14
}

#[test]
fn json_is_read_with_its_values() {
    for text in VALID {
        let parse = parse(*text, Format::Json);
        assert_eq!(parse.errors(), [], "{text:?}");
        invariants::assert_invariants(&parse);
        let theirs: serde_json::Value = serde_json::from_str(text).expect(text);
        let ours = to_json(parse.root().expect("there is one"));
        assert!(equal(&ours, &theirs), "{text:?}: {ours} and not {theirs}");
    }
}

#[test]
fn what_is_not_json_is_an_error() {
    for text in INVALID {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?} is JSON after all");
        let parse = parse(*text, Format::Json);
        invariants::assert_invariants(&parse);
        assert!(!parse.errors().is_empty(), "{text:?} has no error");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_an_error() {
    for bytes in
        [&b"[\"\xff\"]"[..], b"[\xff]", b"\"\xed\xa0\x80\"", b"\xff\xfe[\0", b"[\"\xc0\xaf\"]", b"{\"\xb9\":\"0\",}"]
    {
        let parse = parse_bytes(bytes, Format::Json);
        assert!(parse.errors().iter().any(|error| error.kind == SyntaxErrorKind::Encoding), "{bytes:?}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let parse = parse("\u{feff}{\"a\": 1}", Format::Json);
    assert_eq!(parse.errors(), []);
    assert_eq!(parse.root().expect("there is one").get("a").expect("it is there").value().as_int(), Some(1));
}

fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter("JSON has no others", |float| float.is_finite()).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..5).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_is_read_as_it_was_written(document in document(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let text = text.expect("it can be written");
        let parse = parse(text.as_str(), Format::Json);
        prop_assert_eq!(parse.errors(), &[]);
        let found = to_json(parse.root().expect("there is one"));
        prop_assert!(equal(&found, &document), "{} and not {}", found, document);
    }

    #[test]
    fn a_broken_document_is_refused_exactly_when_it_is_not_json(
        document in document(), pretty in any::<bool>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}:,\"'0-9eE.+ \\\\/nutb-]{0,2}", 0..3_usize), 1..3)
    ) {
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let mut text = text.expect("it can be written").into_bytes();
        for (at, insert, remove) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + remove).min(text.len());
            text.splice(at..end, insert.into_bytes());
        }
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        let parse = parse(text.as_str(), Format::Json);
        invariants::assert_invariants(&parse);
        let refused = parse.errors().iter().any(|error| error.kind == SyntaxErrorKind::Syntax);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => {
                prop_assert!(!refused, "{:?} {}", parse.errors(), text);
                let twice = parse.errors().iter().any(|error| error.kind == SyntaxErrorKind::DuplicateKey);
                let ours = to_json(parse.root().expect("there is one"));
                prop_assert!(twice || equal(&ours, &theirs), "{} and not {}", ours, theirs);
            }
            // Numbers too large for a float are JSON.
            Err(error) if error.to_string().contains("out of range") => {}
            Err(error) => prop_assert!(refused, "{} {}", error, text),
        }
    }
}
