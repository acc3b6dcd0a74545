//! The schema and the model cannot drift apart: every field the schema has, the model reads.

use std::sync::Arc;

use deed_model::{Manifest, Workspace};
use deed_syntax::Format;
use serde_json::{Map, Value, json};

use crate::read;

/// Fields that only people read: no rule judges them, so the register does not hold them.
const PROSE: &[&str] = &["note"];

fn schema() -> Value {
    serde_json::from_str(&read("schemas/deed.schema.json")).expect("the schema is JSON")
}

/// Follows `$ref` inside the schema.
fn resolve<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let target = schema.pointer(reference.trim_start_matches('#'));
            resolve(schema, target.unwrap_or_else(|| panic!("{reference} leads nowhere")))
        }
        None => node,
    }
}

/// Everything below a schema node that carries `keyword`, itself and its `allOf`/`anyOf`/`then`/`else` parts included.
fn parts<'s>(schema: &'s Value, node: &'s Value, depth: u8) -> Vec<&'s Value> {
    let mut all = vec![node];
    if depth == 0 {
        return all;
    }
    if node.get("$ref").is_some() {
        all.extend(parts(schema, resolve(schema, node), depth - 1));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let list = node.get(keyword).and_then(Value::as_array);
        all.extend(list.into_iter().flatten().flat_map(|part| parts(schema, part, depth - 1)));
    }
    for keyword in ["then", "else"] {
        all.extend(node.get(keyword).into_iter().flat_map(|part| parts(schema, part, depth - 1)));
    }
    all
}

/// The named fields of a mapping schema, or the fields of each of its entries, or of each of its items.
fn fields(schema: &Value, node: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    for part in parts(schema, node, 4) {
        if let Some(properties) = part.get("properties").and_then(Value::as_object) {
            found.extend(properties.clone());
        }
    }
    found
}

fn child<'s>(schema: &'s Value, node: &'s Value, keywords: &[&str]) -> Option<&'s Value> {
    parts(schema, node, 4)
        .into_iter()
        .find_map(|part| keywords.iter().find_map(|keyword| part.get(*keyword).filter(|value| value.is_object())))
}

/// An example value of a field: the schema's own, or one built from its fields.
fn example(schema: &Value, node: &Value) -> Option<Value> {
    parts(schema, node, 4).iter().find_map(|part| part.get("examples")?.get(0).cloned())
}

/// Whether the register is another one when the key at `path` is called something else of the same length.
fn is_read(manifest: &Value, path: &[String]) -> bool {
    let register = |value: &Value| {
        let text = serde_json::to_string(value).expect("JSON");
        let parse = Arc::new(deed_syntax::parse(text, Format::Json));
        assert!(parse.errors().is_empty(), "{:?}", parse.errors());
        let workspace = Workspace::new(vec![Manifest { path: "deed.json".to_owned(), parse }]);
        format!("{:?}", workspace.register())
    };
    let mut renamed = manifest.clone();
    let (last, parents) = path.split_last().expect("a path");
    let mut at = &mut renamed;
    for step in parents {
        at = match step.parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[step.as_str()],
        };
    }
    let mapping = at.as_object_mut().expect("a mapping");
    let other = format!("x-{}", "x".repeat(last.len().saturating_sub(2)));
    let entries: Vec<_> = std::mem::take(mapping).into_iter().collect();
    for (key, value) in entries {
        mapping.insert(if key == *last { other[..last.len().max(2)].to_owned() } else { key }, value);
    }
    register(manifest) != register(&renamed)
}

/// Walks one mapping of the schema and asks of each field whether the model reads it.
fn walk(schema: &Value, node: &Value, place: &[String], build: &dyn Fn(Value) -> Value, unread: &mut Vec<String>) {
    for (name, field) in fields(schema, node) {
        if PROSE.contains(&name.as_str()) {
            continue;
        }
        let path: Vec<String> = place.iter().cloned().chain([name.clone()]).collect();
        let Some(value) = example(schema, &field) else {
            unread.push(format!("{}: no example in the schema", path.join(".")));
            continue;
        };
        let manifest = build(json!({ name.clone(): value }));
        if !is_read(&manifest, &path) {
            unread.push(path.join("."));
        }
        let below = fields(schema, &field);
        if !below.is_empty() && !value.is_array() {
            let nested = |inner: Value| build(json!({ name.clone(): inner }));
            walk(schema, &field, &path, &nested, unread);
        }
        if let Some(items) = child(schema, &field, &["items"]).filter(|items| !fields(schema, items).is_empty()) {
            let item: Vec<String> = path.iter().cloned().chain(["0".to_owned()]).collect();
            // A field of an item may be read only beside the one that identifies it, so examples keep their neighbours.
            let neighbours = value.get(0).cloned().unwrap_or(json!({}));
            let nested = |inner: Value| {
                let mut whole = neighbours.as_object().cloned().unwrap_or_default();
                whole.extend(inner.as_object().cloned().unwrap_or_default());
                build(json!({ name.clone(): [whole] }))
            };
            walk(schema, items, &item, &nested, unread);
        }
    }
}

#[test]
fn the_model_reads_every_field_of_the_schema() {
    let schema = schema();
    let mut unread = Vec::new();
    for (section, node) in fields(&schema, &schema) {
        if section == "deed" {
            continue;
        }
        let entry = child(&schema, &node, &["additionalProperties"]).or_else(|| {
            let patterns = child(&schema, &node, &["patternProperties"])?.as_object()?;
            patterns.iter().find(|(pattern, _)| !pattern.contains("x-")).map(|(_, value)| value)
        });
        match entry.filter(|_| fields(&schema, &node).is_empty()) {
            Some(entry) => {
                let id = if section == "controls" { "A.5.15" } else { "id-1" };
                let build = |inner: Value| json!({ section.clone(): { id: inner } });
                walk(&schema, entry, &[section.clone(), id.to_owned()], &build, &mut unread);
            }
            None => {
                let build = |inner: Value| json!({ section.clone(): inner });
                walk(&schema, &node, std::slice::from_ref(&section), &build, &mut unread);
            }
        }
    }
    assert!(unread.is_empty(), "the schema has fields that the model does not read:\n{}", unread.join("\n"));
}

#[test]
fn the_schema_knows_every_section_and_decision() {
    let schema = schema();
    let sections = fields(&schema, &schema);
    for section in deed_model::Section::ALL {
        assert!(sections.contains_key(section.key()), "the schema has no section `{}`", section.key());
    }
    assert_eq!(sections.len(), deed_model::Section::ALL.len() + 1, "every section, and `deed`");
    let text = schema.to_string();
    for verb in deed_model::Verb::ALL {
        assert!(text.contains(&format!("\"{}\":", verb.key())), "the schema has no decision `{}`", verb.key());
    }
}
