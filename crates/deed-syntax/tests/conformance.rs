//! The whole YAML test suite, from `conformance/yaml-test-suite.json`.

use deed_syntax::{Format, Node, NodeKind, ScalarStyle, SyntaxErrorKind, Value, parse};

struct Case {
    id: String,
    yaml: String,
    events: String,
    json: Option<String>,
    fail: bool,
}

fn cases() -> Vec<Case> {
    let cases: serde_json::Value =
        serde_json::from_str(include_str!("conformance/yaml-test-suite.json")).expect("it is JSON");
    let text = |case: &serde_json::Value, key: &str| case[key].as_str().map(str::to_owned);
    let cases = cases.as_array().expect("a list of cases").iter().map(|case| Case {
        id: text(case, "id").expect("each case has an id"),
        yaml: text(case, "yaml").expect("each case has a text"),
        events: text(case, "events").unwrap_or_default(),
        json: text(case, "json"),
        fail: case["fail"] == true,
    });
    cases.collect()
}

/// Runs a check over some cases and shows all that differ.
#[track_caller]
fn check(count: usize, select: fn(&Case) -> bool, check: fn(&Case) -> Result<(), String>) {
    let cases: Vec<Case> = cases().into_iter().filter(select).collect();
    assert_eq!(cases.len(), count, "the suite is complete");
    let differing: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|why| format!("{}: {:?}\n{why}", case.id, case.yaml)))
        .collect();
    assert!(differing.is_empty(), "{} cases differ\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn valid_cases_give_the_expected_events() {
    check(
        308,
        |case| !case.fail,
        |case| {
            let parse = parse(case.yaml.as_str(), Format::Yaml);
            // The suite says that equal keys are for the schema to refuse, so its events have them.
            let mut errors = parse.errors().iter();
            if let Some(error) = errors.find(|error| error.kind != SyntaxErrorKind::DuplicateKey) {
                return Err(format!("{error:?}"));
            }
            let mut events = vec!["+STR".to_owned()];
            for root in parse.documents() {
                events.push("+DOC".to_owned());
                node_events(root, &mut events);
                events.push("-DOC".to_owned());
            }
            events.push("-STR".to_owned());
            // Whether a document's start and end are marked is not part of the tree.
            let marked = |line: &str| match line.trim_start() {
                "+DOC ---" => "+DOC".to_owned(),
                "-DOC ..." => "-DOC".to_owned(),
                line => line.to_owned(),
            };
            let expected: Vec<String> = case.events.lines().map(marked).collect();
            if events == expected { Ok(()) } else { Err(format!("expected {expected:?}\n   found {events:?}")) }
        },
    );
}

#[test]
fn invalid_cases_give_errors() {
    check(
        94,
        |case| case.fail,
        |case| {
            let parse = parse(case.yaml.as_str(), Format::Yaml);
            if parse.errors().is_empty() { Err("no error".to_owned()) } else { Ok(()) }
        },
    );
}

#[test]
fn cases_with_json_have_its_values() {
    check(
        279,
        |case| case.json.is_some(),
        |case| {
            let json = case.json.as_deref().expect("selected for it");
            let expected: Vec<serde_json::Value> = serde_json::Deserializer::from_str(json)
                .into_iter()
                .collect::<Result<_, _>>()
                .expect("the suite's JSON is JSON");
            let parse = parse(case.yaml.as_str(), Format::Yaml);
            let found: Vec<serde_json::Value> = parse.documents().map(to_json).collect();
            if found == expected { Ok(()) } else { Err(format!("expected {expected:?}\n   found {found:?}")) }
        },
    );
}

fn node_events(node: Node<'_>, events: &mut Vec<String>) {
    let anchor = node.anchor().map(|name| format!(" &{name}")).unwrap_or_default();
    let tag = node.tag().map(|tag| format!(" <{tag}>")).unwrap_or_default();
    match node.kind() {
        NodeKind::Alias => events.push(format!("=ALI {}", node.source())),
        NodeKind::Scalar(style) => {
            let style = match style {
                ScalarStyle::Plain => ':',
                ScalarStyle::SingleQuoted => '\'',
                ScalarStyle::DoubleQuoted => '"',
                ScalarStyle::Literal => '|',
                ScalarStyle::Folded => '>',
            };
            let text = node.scalar_text().expect("it is a scalar");
            events.push(format!("=VAL{anchor}{tag} {style}{}", escape(text)));
        }
        NodeKind::Mapping { flow } => {
            events.push(format!("+MAP{}{anchor}{tag}", if flow { " {}" } else { "" }));
            for entry in node.entries() {
                node_events(entry.key(), events);
                node_events(entry.value(), events);
            }
            events.push("-MAP".to_owned());
        }
        NodeKind::Sequence { flow } => {
            events.push(format!("+SEQ{}{anchor}{tag}", if flow { " []" } else { "" }));
            node.items().for_each(|item| node_events(item, events));
            events.push("-SEQ".to_owned());
        }
    }
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            c => out.push(c),
        }
    }
    out
}

fn to_json(node: Node<'_>) -> serde_json::Value {
    match node.value() {
        Some(Value::Null) => serde_json::Value::Null,
        Some(Value::Bool(truth)) => truth.into(),
        Some(Value::Int(int)) => int.into(),
        // The suite writes whole floats as integers.
        #[expect(clippy::cast_possible_truncation, reason = "only when nothing is lost")]
        Some(Value::Float(float)) if float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).into(),
        Some(Value::Float(float)) => float.into(),
        Some(Value::Str(text)) => text.into(),
        None if node.is_mapping() => {
            let key = |node: Node<'_>| node.scalar_text().unwrap_or_default().to_owned();
            node.entries().map(|entry| (key(entry.key()), to_json(entry.value()))).collect()
        }
        None => node.items().map(to_json).collect(),
    }
}
