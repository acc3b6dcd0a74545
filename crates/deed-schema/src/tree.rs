//! The syntax tree as the validator sees it: aliases followed, merge keys applied, of equal keys the first.

use std::borrow::Cow;
use std::collections::HashSet;

use deed_syntax::{Entry, Node, NodeId, Value};
use jsonschema::JsonType;
use jsonschema::json::{self, Array, Json, JsonNumber, NodeIdentity, Object};

/// Names the representation to the validator.
pub(crate) struct Tree;

/// A node, or a key's name, which the validator treats like a string.
#[derive(Clone, Copy)]
pub(crate) enum Item<'a> {
    /// A whole document, of which some subjects are hidden.
    Document(Node<'a>, &'a HashSet<NodeId>),
    /// A section of one.
    Section(Node<'a>, &'a HashSet<NodeId>),
    Node(Node<'a>),
    Name(&'a str),
}

impl Json for Tree {
    type Node<'a> = Item<'a>;
    type PreparedKey = String;
    type StringBuffer = ();
    /// Aliases never point at what they stand in.
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), name: &str, then: impl FnOnce(Item<'_>) -> T) -> T {
        then(Item::Name(name))
    }
}

impl<'a> Item<'a> {
    pub(crate) fn document(root: Node<'a>, hidden: &'a HashSet<NodeId>) -> Self {
        if hidden.is_empty() { Self::Node(root) } else { Self::Document(root, hidden) }
    }

    fn node(self) -> Option<Node<'a>> {
        match self {
            Self::Document(node, _) | Self::Section(node, _) | Self::Node(node) => Some(node),
            Self::Name(_) => None,
        }
    }

    fn value(self) -> Option<Value<'a>> {
        match self {
            Self::Name(name) => Some(Value::Str(name)),
            _ => self.node()?.value(),
        }
    }

    fn number(self) -> Option<Number> {
        match self.value()? {
            Value::Int(int) => Some(Number::Int(int)),
            Value::Float(float) => {
                let text = self.node()?.scalar_text().unwrap_or_default();
                let is_huge = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+'));
                Some(if is_huge { Number::Huge(float) } else { Number::Float(float) })
            }
            _ => None,
        }
    }
}

impl<'a> json::Node<'a, Tree> for Item<'a> {
    type Object = Fields<'a>;
    type Array = List<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<Fields<'a>> {
        let node = self.node().filter(|node| node.is_mapping())?;
        Some(Fields { fields: node.fields(), of: *self })
    }

    fn as_array(&self) -> Option<List<'a>> {
        self.node().filter(|node| node.is_sequence()).map(List)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self.value()? {
            Value::Str(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Number> {
        self.number()
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.value()? {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        match self.value() {
            Some(Value::Bool(_)) => JsonType::Boolean,
            Some(Value::Int(_) | Value::Float(_)) => JsonType::Number,
            Some(Value::Str(_)) => JsonType::String,
            // An alias without a target is as good as nothing: the syntax has reported it.
            Some(Value::Null) => JsonType::Null,
            None => match self.node() {
                Some(node) if node.is_mapping() => JsonType::Object,
                Some(node) if node.is_sequence() => JsonType::Array,
                _ => JsonType::Null,
            },
        }
    }

    /// Collections are not built: no `const` or `enum` of the schema holds one, and errors are worded from the tree.
    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(match self.value() {
            Some(Value::Bool(truth)) => truth.into(),
            Some(Value::Int(int)) => int.into(),
            Some(Value::Float(float)) => float.into(),
            Some(Value::Str(text)) => text.into(),
            Some(Value::Null) | None => serde_json::Value::Null,
        })
    }

    /// The schema has no recursive reference, so there is nothing to guard.
    fn identity(&self) -> Option<NodeIdentity> {
        None
    }
}

/// A number, as the core schema reads it.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
    /// A whole number that is too large for an integer.
    Huge(f64),
}

impl JsonNumber for Number {
    fn as_u64(&self) -> Option<u64> {
        match *self {
            Self::Int(int) => u64::try_from(int).ok(),
            Self::Float(_) | Self::Huge(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match *self {
            Self::Int(int) => Some(int),
            Self::Float(_) | Self::Huge(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON Schema compares numbers as numbers")]
    fn as_f64(&self) -> Option<f64> {
        match *self {
            Self::Int(int) => Some(int as f64),
            Self::Float(float) | Self::Huge(float) => Some(float),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Int(int) => int.to_string().into(),
            Self::Float(float) | Self::Huge(float) => float.to_string().into(),
        }
    }

    /// JSON has no infinity; none of the schema's limits tells the largest number from it.
    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(match *self {
            Self::Int(int) => int.into(),
            Self::Float(float) | Self::Huge(float) => {
                let finite = if float.is_nan() { 0.0 } else { float.clamp(f64::MIN, f64::MAX) };
                serde_json::Number::from_f64(finite).unwrap_or_else(|| 0.into())
            }
        })
    }

    fn is_integer(&self) -> bool {
        // `2.0` is a float in YAML, and read as one wherever the manifest is used.
        !matches!(self, Self::Float(_))
    }
}

/// A mapping's fields.
#[derive(Clone)]
pub(crate) struct Fields<'a> {
    fields: deed_syntax::Fields<'a>,
    /// The mapping.
    of: Item<'a>,
}

impl<'a> Fields<'a> {
    fn value(&self, entry: Entry<'a>) -> Item<'a> {
        match self.of {
            Item::Document(_, hidden) => Item::Section(entry.value(), hidden),
            _ => Item::Node(entry.value()),
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let of = self.of;
        let is_seen = |entry: &Entry<'a>| !matches!(of, Item::Section(_, hidden) if hidden.contains(&entry.key().id()));
        let entry = self.fields.find(is_seen)?;
        Some((name(entry), self.value(entry)))
    }
}

impl<'a> Object<'a, Tree> for Fields<'a> {
    type Node = Item<'a>;
    type MemberName = &'a str;
    type MembersIter = Self;

    fn len(&self) -> usize {
        self.clone().count()
    }

    fn get(&self, key: &String) -> Option<Item<'a>> {
        let entry = self.fields.clone().find(|entry| entry.is_named(key))?;
        Some(self.value(entry))
    }

    fn members(&self) -> Self {
        self.clone()
    }
}

/// A sequence's items.
#[derive(Clone, Copy)]
pub(crate) struct List<'a>(Node<'a>);

impl<'a> Array<'a, Tree> for List<'a> {
    type Node = Item<'a>;
    type ElementsIter = std::iter::Map<deed_syntax::Items<'a>, fn(Node<'a>) -> Item<'a>>;

    fn len(&self) -> usize {
        self.0.items().count()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.0.items().map(Item::Node)
    }
}

/// The name the validator knows an entry by. A key that is a collection has none, and no field is named so.
pub(crate) fn name(entry: Entry<'_>) -> &str {
    entry.name().unwrap_or("")
}
