//! The published schema itself: sound, complete, and described for people.

use deed_schema::{SCHEMA, describe, violations};
use deed_syntax::{Format, KeyPath, Segment};
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

/// Calls a function with every subschema and its JSON pointer.
fn walk(schema: &Value, pointer: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(pointer, schema);
    for map in ["properties", "patternProperties", "$defs"] {
        for (name, child) in schema.get(map).and_then(Value::as_object).into_iter().flatten() {
            walk(child, &format!("{pointer}/{map}/{name}"), visit);
        }
    }
    for keyword in ["additionalProperties", "propertyNames", "items", "if", "then"] {
        if let Some(child) = schema.get(keyword) {
            walk(child, &format!("{pointer}/{keyword}"), visit);
        }
    }
}

#[test]
fn it_is_valid_by_the_2020_12_metaschema() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::meta::validate(&schema).expect("it is a schema");
}

#[test]
fn it_uses_only_keywords_that_violations_are_worded_for() {
    let known = [
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "examples",
        "default",
        "type",
        "enum",
        "enumDescriptions",
        "const",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "minItems",
        "required",
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "items",
        "if",
        "then",
        "x-deed-noun",
        "x-deed-form",
        "x-deed-words",
        "x-deed-members",
        "x-deed-synonyms",
        "x-deed-rule",
        "x-deed-attested",
    ];
    walk(&schema(), "", &mut |pointer, schema| {
        for keyword in schema.as_object().into_iter().flat_map(|schema| schema.keys()) {
            assert!(known.contains(&keyword.as_str()), "{pointer} has the keyword {keyword}");
        }
    });
}

#[test]
fn it_needs_nothing_outside_of_itself() {
    let whole = schema();
    walk(&whole, "", &mut |pointer, schema| {
        let Some(reference) = schema.get("$ref") else { return };
        let target = reference.as_str().and_then(|reference| reference.strip_prefix('#'));
        let found = target.is_some_and(|target| whole.pointer(target).is_some());
        assert!(found, "{pointer} refers to {reference}");
    });
}

#[test]
fn every_property_has_a_title_a_description_and_examples() {
    walk(&schema(), "", &mut |pointer, schema| {
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let text = |keyword| property[keyword].as_str().unwrap_or_default();
            assert!(!text("title").is_empty(), "{pointer}: {name} has no title");
            assert!(text("description").ends_with('.'), "{pointer}: {name} has no description");
            let examples = property["examples"].as_array().map_or(0, Vec::len);
            assert!(examples > 0, "{pointer}: {name} has no examples");
        }
    });
}

#[test]
fn every_listed_value_is_described() {
    walk(&schema(), "", &mut |pointer, schema| {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let meanings = schema["enumDescriptions"].as_array().map_or(0, Vec::len);
            assert_eq!(values.len(), meanings, "{pointer}");
        }
    });
}

#[test]
fn every_example_is_valid_where_it_stands() {
    let whole = schema();
    let mut count = 0;
    walk(&whole, "", &mut |pointer, schema| {
        let Some(examples) = schema.get("examples").and_then(Value::as_array) else { return };
        let mut alone = schema.clone();
        alone["$defs"] = whole["$defs"].clone();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&alone)
            .expect("a part of the schema is a schema");
        for example in examples {
            let error = validator.iter_errors(example).next();
            assert!(error.is_none(), "{pointer}: {example}: {error:?}");
            count += 1;
        }
    });
    assert!(count > 200, "{count} examples");
}

#[test]
fn every_mapping_ignores_keys_of_ones_own_and_no_other_unknown_ones() {
    walk(&schema(), "", &mut |pointer, schema| {
        if schema.get("properties").is_some() && !pointer.ends_with("/rule_setting") {
            assert_eq!(schema["patternProperties"]["^x-"], true, "{pointer}");
            assert_eq!(schema["additionalProperties"], false, "{pointer}");
        }
    });
}

#[test]
fn what_stands_for_a_wrong_word_is_a_right_one() {
    walk(&schema(), "", &mut |pointer, schema| {
        for (wrong, right) in schema.get("x-deed-synonyms").and_then(Value::as_object).into_iter().flatten() {
            let right = right.as_str().expect("a synonym stands for a word");
            let values = schema["enum"].as_array();
            let is_known = |word: &str| {
                schema["properties"].get(word).is_some()
                    || values.is_some_and(|values| values.iter().any(|value| value == word))
            };
            assert!(is_known(right), "{pointer}: {right} is unknown");
            assert!(!is_known(wrong), "{pointer}: {wrong} is known");
        }
    });
}

/// The entry for rule settings is written from the rule table: nothing else of the file may change with it.
#[test]
fn it_is_written_as_the_generator_of_its_rule_settings_writes_it() {
    let pretty = serde_json::to_string_pretty(&schema()).expect("it can be written") + "\n";
    assert!(pretty == SCHEMA, "schemas/deed.schema.json is not in the form of to_string_pretty");
}

#[test]
fn the_manifest_of_the_contract_is_valid() {
    let text = include_str!("manifests/contract.yaml");
    let parse = deed_syntax::parse(text, Format::Yaml);
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    let root = parse.root().expect("it has a root");
    assert_eq!(*violations(root), []);
    let names = schema();
    let names = names["properties"].as_object().expect("there are sections");
    for section in names.keys() {
        assert!(root.get(section).is_some(), "{section} is not in the manifest");
    }
}

#[test]
fn every_field_of_a_manifest_is_described() {
    let text = include_str!("manifests/contract.yaml");
    let parse = deed_syntax::parse(text, Format::Yaml);
    let mut pending = vec![(parse.root().expect("it has a root"), KeyPath::default())];
    let mut count = 0;
    while let Some((node, path)) = pending.pop() {
        let free = path.0.len() > 2 && path.0[0] == Segment::Key("lint".into());
        let described = describe(&path).is_some_and(|d| !d.title.is_empty() && !d.description.is_empty());
        let is_item = node.parent().is_some_and(|parent| parent.is_sequence());
        assert!(described || free || is_item, "{path} is not described");
        count += 1;
        let below = |segment| KeyPath(path.0.iter().cloned().chain([segment]).collect());
        for entry in node.entries() {
            let name = entry.name().expect("keys are words").to_owned();
            pending.push((entry.value(), below(Segment::Key(name))));
        }
        for (index, item) in node.items().enumerate() {
            pending.push((item, below(Segment::Index(index))));
        }
    }
    assert!(count > 200, "{count} places");
}
