//! Files written from the rule table and the schema. `UPDATE=1 cargo test --test house` writes them.

use std::fmt::Write as _;

use deed_linter::{ByModel, Default, Group, RULES, Rule, RuleOption};
use serde_json::{Map, Value, json};

use crate::{assert_generated, read};

#[test]
fn the_schema_has_every_rule_with_its_options() {
    let mut schema: Value = serde_json::from_str(&read("schemas/deed.schema.json")).expect("the schema is JSON");
    let settings = schema.pointer_mut("/$defs/rule_settings").and_then(Value::as_object_mut).expect("rule_settings");
    let rules: Map<_, _> = RULES.iter().map(|rule| (rule.id.to_owned(), setting(rule))).collect();
    for open in ["propertyNames", "additionalProperties", "patternProperties", "properties"] {
        settings.shift_remove(open);
    }
    settings.insert("properties".to_owned(), Value::Object(rules));
    settings.insert("patternProperties".to_owned(), json!({ "^x-": true }));
    settings.insert("additionalProperties".to_owned(), json!(false));
    let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    assert_generated("schemas/deed.schema.json", &text);
}

/// What `lint.rules.<id>` may be: a severity, or a mapping of a severity and the rule's options.
fn setting(rule: &Rule) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "severity".to_owned(),
        json!({
            "title": "Severity",
            "description": format!("How bad `{}` is; by default {}.", rule.id, by_model(&rule.severity, |s| s.name())),
            "$ref": "#/$defs/severity",
            "examples": ["warning"],
        }),
    );
    for option in rule.options {
        let (definition, example) = match option.default {
            Default::Period(periods) => ("period", json!(periods.default)),
            Default::Number(numbers) => ("score", json!(numbers.default)),
        };
        properties.insert(
            option.name.to_owned(),
            json!({
                "title": title(option.name),
                "description": format!("{}; by default {}.", option.summary, default(option)),
                "$ref": format!("#/$defs/{definition}"),
                "examples": [example],
            }),
        );
    }
    json!({
        "title": rule.id,
        "description": format!("{} ({}).", sentence(rule.summary), rule.source),
        "x-deed-noun": "a rule setting",
        "type": ["string", "object"],
        "properties": properties,
        "patternProperties": { "^x-": true },
        "additionalProperties": false,
        "if": { "type": "string" },
        "then": { "$ref": "#/$defs/severity" },
        "examples": ["allow"],
    })
}

#[test]
fn the_rule_index_is_fresh() {
    let mut index = String::from(
        "# Rules\n\nOne page for each rule; `deed explain RULE` shows the same in the terminal. Severities are those of the three\n\
         ownership models: centralized, federated, executive-led.\n\n\
         Written from the rule table by `UPDATE=1 cargo test --test house`.\n",
    );
    for group in Group::ALL {
        let rules: Vec<_> = RULES.iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = write!(
            index,
            "\n## {}\n\n| rule | reports | severity | source |\n|---|---|---|---|\n",
            title(group.name())
        );
        for rule in rules {
            let file = rule.id.replace('-', "_");
            let severity = by_model(&rule.severity, |setting| setting.name());
            let _ = writeln!(index, "| [`{}`]({file}.md) | {} | {severity} | {} |", rule.id, rule.summary, rule.source);
        }
    }
    assert_generated("crates/deed-linter/src/rules/README.md", &index);
}

/// One value where all models agree, else the three of them.
fn by_model<T: Copy + PartialEq, U: std::fmt::Display>(values: &ByModel<T>, name: impl Fn(T) -> U) -> String {
    let ByModel { default, centralized, federated, executive_led } = *values;
    if [centralized, federated, executive_led].iter().all(|value| *value == default) {
        return name(default).to_string();
    }
    format!("{} / {} / {}", name(centralized), name(federated), name(executive_led))
}

fn default(option: &RuleOption) -> String {
    match option.default {
        Default::Period(periods) => by_model(&periods, |period| period),
        Default::Number(numbers) => by_model(&numbers, |number| number),
    }
}

fn title(name: &str) -> String {
    sentence(&name.replace('_', " "))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[test]
fn the_manifest_reference_is_fresh() {
    let schema: Value = serde_json::from_str(&read("schemas/deed.schema.json")).expect("the schema is JSON");
    let mut text = String::from(
        "# Manifest reference\n\nEvery section and field of a manifest. `deed schema` prints the JSON Schema this is written from\n\
         ([deed.schema.json](deed.schema.json)), which any YAML editor can use on its own. Keys of your own may stand anywhere if\n\
         they begin with `x-`.\n\nWritten from the schema by `UPDATE=1 cargo test --test house`.\n",
    );
    let sections = schema["properties"].as_object().expect("sections");
    for (name, section) in sections {
        let _ = write!(text, "\n## `{name}`\n\n{}\n", section["description"].as_str().unwrap_or_default());
        let entry = section.get("additionalProperties").filter(|entry| entry.is_object()).unwrap_or(section);
        let entry = resolve(&schema, entry);
        let Some(fields) = entry.get("properties").and_then(Value::as_object) else { continue };
        let _ = write!(text, "\n| field | what it says | example |\n|---|---|---|\n");
        for (field, node) in fields {
            let about = node["description"].as_str().or_else(|| resolve(&schema, node)["description"].as_str());
            let example = node["examples"].get(0).or_else(|| resolve(&schema, node)["examples"].get(0));
            let example =
                example.map(|value| format!("`{}`", value.to_string().replace('|', "\\|"))).unwrap_or_default();
            let _ = writeln!(text, "| `{field}` | {} | {example} |", about.unwrap_or_default().replace('|', "\\|"));
        }
    }
    assert_generated("schemas/README.md", &text);
}

fn resolve<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    let reference = node.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| schema.pointer(reference.trim_start_matches('#'))).unwrap_or(node)
}

/// What is installed by its version says that of the workspace.
#[test]
fn everything_has_the_same_version() {
    let version = env!("CARGO_PKG_VERSION");
    for (path, before) in [
        ("README.md", &["deed-lint/deed@v", "rev: v"][..]),
        ("crates/deed/src/cli/init/github.yml", &["deed-lint/deed@v"]),
        ("crates/deed/src/cli/init/gitlab.yml", &["DEED_VERSION: \""]),
        ("action.yml", &["no `deed` yet\n    default: \""]),
        ("editors/vscode/package.json", &["\"version\": \""]),
        ("editors/vscode/package-lock.json", &["\"name\": \"deed\",\n  \"version\": \""]),
    ] {
        let text = read(path);
        for before in before {
            let mut found = text.split(before).skip(1).peekable();
            assert!(found.peek().is_some(), "{path}: {before:?} stands nowhere");
            let last = if path.ends_with("package.json") { 1 } else { usize::MAX };
            assert!(
                found.take(last).all(|rest| rest.starts_with(version)),
                "{path}: {before:?} must lead to {version}"
            );
        }
    }
}
