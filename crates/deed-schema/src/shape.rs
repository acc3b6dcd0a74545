//! The schema, walked by key path: what may stand at a place of a manifest.

use serde_json::{Map, Value};

use crate::engine::schema;

/// What the schema says about one place. A reference is looked through: what stands beside it wins.
#[derive(Clone, Copy)]
pub(crate) struct Shape(&'static Map<String, Value>);

impl Shape {
    /// Returns the shape of a whole manifest.
    pub(crate) fn root() -> Self {
        Self::of(schema()).expect("the schema is an object: a test reads it")
    }

    pub(crate) fn of(value: &'static Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// Returns a keyword's value: its own, or else that of the schema it refers to, or of its `then`.
    pub(crate) fn get(self, keyword: &str) -> Option<&'static Value> {
        self.holder(keyword)?.0.get(keyword)
    }

    /// Returns the schema that holds a keyword: this one, or the one that lends it.
    pub(crate) fn holder(self, keyword: &str) -> Option<Self> {
        if self.0.contains_key(keyword) { Some(self) } else { self.below()?.holder(keyword) }
    }

    fn below(self) -> Option<Self> {
        match self.0.get("$ref") {
            Some(reference) => Self::of(schema().pointer(reference.as_str()?.strip_prefix('#')?)?),
            None => Self::of(self.0.get("then")?),
        }
    }

    /// Returns a keyword's text.
    pub(crate) fn text(self, keyword: &str) -> Option<&'static str> {
        self.get(keyword)?.as_str()
    }

    /// Returns the texts of a keyword's list.
    pub(crate) fn texts(self, keyword: &str) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let list = self.get(keyword).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Value::as_str)
    }

    /// Says whether the place takes a value of this type. A place that names no type takes any.
    pub(crate) fn takes(self, kind: &str) -> bool {
        match self.get("type") {
            Some(Value::String(only)) => only == kind,
            Some(Value::Array(several)) => several.iter().any(|one| one == kind),
            _ => true,
        }
    }

    /// Returns the names of the fields a mapping here may have, in the order of the schema.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let properties = self.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str))
    }

    /// Returns the shape of a named field.
    pub(crate) fn own_field(self, name: &str) -> Option<Self> {
        Self::of(self.get("properties")?.get(name)?)
    }

    /// Returns the shape of the entries of a mapping from ids.
    pub(crate) fn entry(self) -> Option<Self> {
        Self::of(self.get("additionalProperties")?)
    }

    /// Returns the shape of what stands behind a key; none for keys that are ignored or unknown.
    pub(crate) fn field(self, name: &str) -> Option<Self> {
        self.own_field(name).or_else(|| if name.starts_with("x-") { None } else { self.entry() })
    }

    /// Returns the shape of a list's items.
    pub(crate) fn item(self) -> Option<Self> {
        Self::of(self.get("items")?)
    }

    /// Returns the field that a known wrong word stands for.
    pub(crate) fn synonym(self, word: &str) -> Option<&'static str> {
        self.get("x-deed-synonyms")?.get(word)?.as_str()
    }

    /// Says whether the field states who decided or when: no suggestion may write it.
    pub(crate) fn is_attested(self) -> bool {
        self.get("x-deed-attested").and_then(Value::as_bool).unwrap_or_default()
    }
}
