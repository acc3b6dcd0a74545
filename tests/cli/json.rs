//! `--format json`, against its schema.

use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::Dir;

/// Says where a value breaks a schema, by the part of JSON Schema that `check.schema.json` uses.
pub(crate) fn breaks(schema: &Value, part: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut say = |what: &str| found.push(format!("{at}: {what}"));
    let known = [
        "$ref",
        "title",
        "description",
        "examples",
        "format",
        "$schema",
        "$id",
        "$defs",
        "type",
        "const",
        "enum",
        "anyOf",
    ];
    let known =
        [&known[..], &["required", "properties", "additionalProperties", "items", "pattern", "minimum"]].concat();
    for (keyword, wanted) in part.as_object().unwrap() {
        assert!(known.contains(&keyword.as_str()), "this test does not know `{keyword}`");
        match keyword.as_str() {
            "const" if wanted != value => say("const"),
            "enum" if !wanted.as_array().unwrap().contains(value) => say("enum"),
            "anyOf" => {
                let fits = |part: &Value| {
                    let mut found = Vec::new();
                    breaks(schema, part, value, at, &mut found);
                    found.is_empty()
                };
                if !wanted.as_array().unwrap().iter().any(fits) {
                    say("anyOf");
                }
            }
            "minimum" if value.as_i64() < wanted.as_i64() => say("minimum"),
            "type" => {
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_u64(),
                    "null" => value.is_null(),
                    other => panic!("this test does not know the type `{other}`"),
                };
                if !wanted.as_array().map_or_else(|| is(wanted), |names| names.iter().any(is)) {
                    say("type");
                }
            }
            "required" => {
                let missing =
                    wanted.as_array().unwrap().iter().filter(|key| value.get(key.as_str().unwrap()).is_none());
                missing.for_each(|key| say(&format!("{key} is missing")));
            }
            "additionalProperties" => {
                let names = value.as_object().into_iter().flat_map(serde_json::Map::keys);
                names
                    .filter(|name| part["properties"].get(name).is_none())
                    .for_each(|name| say(&format!("{name} is new")));
            }
            _ => {}
        }
    }
    if let Some(reference) = part.get("$ref") {
        breaks(schema, schema.pointer(&reference.as_str().unwrap()[1..]).unwrap(), value, at, found);
    }
    for (name, part) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
        value.get(name).into_iter().for_each(|value| breaks(schema, part, value, &format!("{at}.{name}"), found));
    }
    if let (Some(part), Some(items)) = (part.get("items"), value.as_array()) {
        items.iter().zip(0..).for_each(|(item, n)| breaks(schema, part, item, &format!("{at}[{n}]"), found));
    }
}

fn report(dir: &Dir, args: &[&str]) -> Value {
    let run = dir.check(&[args, &["--format", "json"]].concat());
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
    let schema: Value = serde_json::from_str(&dir.deed(&["schema", "check"]).stdout).unwrap();
    let mut found = Vec::new();
    breaks(&schema, &schema, &report, "$", &mut found);
    assert!(found.is_empty(), "{found:#?}");
    report
}

fn broken() -> Dir {
    let controls = "controls:\n  A.5.1: { onwer: it }\n  A.5.2: { owner: 漢字, \"x-🎉\": 1, owner: hr }\n";
    Dir::judged_by(
        &["schema-violation", "duplicate-key", "unowned-control"],
        &[("deed.yaml", "deed: 1\n"), ("sub/a.deed.yaml", controls)],
    )
}

#[test]
fn it_is_as_its_schema_says() {
    let dir = broken();
    let mut report = report(&dir, &[]);
    assert_eq!(report["root"], dir.path().to_str().unwrap());
    report["root"] = "ROOT".into();
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap(), @r#"
    {
      "version": 1,
      "root": "ROOT",
      "today": "2026-06-30",
      "diagnostics": [
        {
          "rule": "schema-violation",
          "severity": "error",
          "message": "`onwer` is not a field of a control; did you mean `owner`?",
          "path": "sub/a.deed.yaml",
          "range": {
            "start": {
              "line": 2,
              "column": 12,
              "offset": 21
            },
            "end": {
              "line": 2,
              "column": 17,
              "offset": 26
            }
          },
          "subject": "controls.A.5.1",
          "key_path": "controls.A.5.1.onwer",
          "fingerprint": "90b8fb34faeff336e8b386294cfab679",
          "labels": [],
          "help": null,
          "fixes": [
            {
              "title": "write `owner`",
              "applicability": "unsafe",
              "edits": [
                {
                  "path": "sub/a.deed.yaml",
                  "range": {
                    "start": {
                      "line": 2,
                      "column": 12,
                      "offset": 21
                    },
                    "end": {
                      "line": 2,
                      "column": 17,
                      "offset": 26
                    }
                  },
                  "new_text": "owner"
                }
              ]
            }
          ]
        },
        {
          "rule": "schema-violation",
          "severity": "error",
          "message": "`漢字` is not an id",
          "path": "sub/a.deed.yaml",
          "range": {
            "start": {
              "line": 3,
              "column": 19,
              "offset": 51
            },
            "end": {
              "line": 3,
              "column": 21,
              "offset": 57
            }
          },
          "subject": "controls.A.5.2",
          "key_path": "controls.A.5.2.owner",
          "fingerprint": "4f10b777c281284e0ac80bec4674a8b9",
          "labels": [],
          "help": "an id is letters, digits, `.`, `_` and `-`, beginning with a letter or a digit, such as `head-of-it`",
          "fixes": []
        },
        {
          "rule": "duplicate-key",
          "severity": "error",
          "message": "the key `owner` stands here a second time",
          "path": "sub/a.deed.yaml",
          "range": {
            "start": {
              "line": 3,
              "column": 33,
              "offset": 72
            },
            "end": {
              "line": 3,
              "column": 38,
              "offset": 77
            }
          },
          "subject": "controls.A.5.2",
          "key_path": "controls.A.5.2.owner",
          "fingerprint": "e209b8ec4d588232775db266cb4349ed",
          "labels": [
            {
              "message": "first written here, and this is the one that counts",
              "path": "sub/a.deed.yaml",
              "range": {
                "start": {
                  "line": 3,
                  "column": 12,
                  "offset": 44
                },
                "end": {
                  "line": 3,
                  "column": 17,
                  "offset": 49
                }
              }
            }
          ],
          "help": "keep one of the two",
          "fixes": []
        }
      ],
      "unreadable": [],
      "summary": {
        "errors": 3,
        "warnings": 0,
        "infos": 0,
        "suppressed": 0,
        "baselined": 0,
        "before": 0
      }
    }
    "#);
}

#[test]
fn it_is_as_its_schema_says_on_the_example_organisation() {
    let dir = Dir::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/example/files");
    let run = dir.deed(&["check", "--today", "2030-01-01", "--format", "json", source]);
    let schema: Value = serde_json::from_str(&dir.deed(&["schema", "check"]).stdout).unwrap();
    let mut found = Vec::new();
    breaks(&schema, &schema, &serde_json::from_str(&run.stdout).unwrap(), "$", &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn ranges_slice_the_text_they_speak_of() {
    let dir = broken();
    for diagnostic in report(&dir, &[])["diagnostics"].as_array().unwrap() {
        let text = dir.read(diagnostic["path"].as_str().unwrap());
        let place = |end: &str| {
            let place = &diagnostic["range"][end];
            let number = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
            let line = text.lines().nth(number("line") - 1).unwrap();
            let before = text.lines().take(number("line") - 1).map(|line| line.len() + 1).sum::<usize>();
            let column = line.chars().take(number("column") - 1).map(char::len_utf8).sum::<usize>();
            assert_eq!(before + column, number("offset"), "line and column are the place of the offset");
            number("offset")
        };
        let slice = &text[place("start")..place("end")];
        assert!(matches!(slice, "onwer" | "owner" | "A.5.1" | "漢字"), "{slice}");
    }
}

#[test]
fn paths_of_several_workspaces_start_from_what_they_have_in_common() {
    let text = "deed: 1\ncontrols: { A.5.1: {} }\n";
    let dir = Dir::with(&[("x/pay/deed.yaml", text), ("x/bank/deed.yaml", text)]);
    let report = report(&dir, &[]);
    assert_eq!(report["root"], dir.path().join("x").to_str().unwrap());
    let all = report["diagnostics"].as_array().unwrap().iter();
    let paths: Vec<_> =
        all.filter(|it| it["rule"] == "unowned-control").map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["bank/deed.yaml", "pay/deed.yaml"]);
}

#[test]
fn a_fingerprint_outlives_a_move_within_the_file() {
    let dir = broken();
    let fingerprints = |report: Value| -> Vec<String> {
        let all = report["diagnostics"].as_array().unwrap().iter();
        all.map(|it| it["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = fingerprints(report(&dir, &[]));
    let text = dir.read("sub/a.deed.yaml");
    dir.write("sub/a.deed.yaml", format!("# a line more\n\n{text}"));
    assert_eq!(fingerprints(report(&dir, &[])), before);
}
