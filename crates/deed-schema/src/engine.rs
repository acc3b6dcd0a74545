//! The compiled schema.

use std::collections::HashSet;
use std::sync::OnceLock;

use deed_syntax::{Node, NodeId};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::tree::{Item, Tree};

/// The text of the manifest schema, JSON Schema 2020-12.
pub const SCHEMA: &str = include_str!("../../../schemas/deed.schema.json");

/// Returns the schema as a value.
pub(crate) fn schema() -> &'static Value {
    static VALUE: OnceLock<Value> = OnceLock::new();
    VALUE.get_or_init(|| serde_json::from_str(SCHEMA).expect("the schema is JSON: a test reads it"))
}

/// Runs the schema over a tree, in which some subjects, by their keys, are not to be seen.
pub(crate) fn errors<'t>(root: Node<'t>, hidden: &'t HashSet<NodeId>) -> impl Iterator<Item = ValidationError<'t>> {
    static VALIDATOR: OnceLock<Validator<Tree>> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| {
        jsonschema::options_for::<Tree>()
            .should_validate_formats(true)
            .build(schema())
            .expect("the schema compiles: a test does it")
    });
    validator.iter_errors(Item::document(root, hidden))
}
