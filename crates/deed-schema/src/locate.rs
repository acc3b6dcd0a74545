//! From the validator's pointers back to keys and values of the tree.

use std::collections::HashMap;

use deed_syntax::{KeyPath, Node, NodeId, Segment, TextRange};

use crate::shape::Shape;
use crate::tree;

/// A place that the validator points at.
#[derive(Clone)]
pub(crate) struct Place<'t> {
    /// The value, as written: an alias is an alias.
    pub(crate) node: Node<'t>,
    /// The key in front of it; none for an item of a list and for the root.
    pub(crate) key: Option<Node<'t>>,
    /// The path to the value.
    pub(crate) path: KeyPath,
    /// What may stand there.
    pub(crate) shape: Shape,
    /// What may stand around it; none for the root.
    pub(crate) around: Option<Shape>,
}

impl<'t> Place<'t> {
    /// Returns the last name on the path: that of the field, or of the list the item stands in.
    pub(crate) fn name(&self) -> Option<&str> {
        self.path.0.iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
    }

    /// Says whether the value is an item of a list.
    pub(crate) fn is_item(&self) -> bool {
        matches!(self.path.0.last(), Some(Segment::Index(_)))
    }

    /// Says whether the value is an entry of a mapping from ids, and not a field.
    pub(crate) fn is_subject(&self) -> bool {
        match (self.path.0.last(), self.around) {
            (Some(Segment::Key(key)), Some(around)) => around.own_field(key).is_none(),
            _ => false,
        }
    }

    /// Returns where to point for the value: itself, or its key when underlining it would mean underlining many lines.
    pub(crate) fn value_range(&self) -> TextRange {
        let source = self.node.source();
        match self.key {
            Some(key) if source.contains('\n') => key.range(),
            None if source.contains('\n') => first_line(self.node),
            _ => self.node.range(),
        }
    }

    /// Returns where to point for what the value lacks: its key, or the value where there is none.
    pub(crate) fn key_range(&self) -> TextRange {
        self.key.map_or_else(|| self.value_range(), Node::range)
    }
}

fn first_line(node: Node<'_>) -> TextRange {
    let first = match node.resolve() {
        collection if collection == node => {
            node.entries().next().map(|entry| entry.key()).or_else(|| node.items().next())
        }
        _ => None,
    };
    match first {
        Some(first) if !first.source().contains('\n') => first.range(),
        _ => TextRange::at(node.range().start(), 1.into()),
    }
}

/// Finds places, remembering the collections it went through: looking up an entry costs the same in large ones.
pub(crate) struct Locator<'t> {
    root: Node<'t>,
    mappings: HashMap<NodeId, HashMap<&'t str, (Node<'t>, Node<'t>)>>,
    sequences: HashMap<NodeId, Vec<Node<'t>>>,
}

impl<'t> Locator<'t> {
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self { root, mappings: HashMap::new(), sequences: HashMap::new() }
    }

    /// Follows a JSON pointer; none when it leaves what the schema describes.
    pub(crate) fn find(&mut self, pointer: &str) -> Option<Place<'t>> {
        let mut place =
            Place { node: self.root, key: None, path: KeyPath::default(), shape: Shape::root(), around: None };
        for segment in pointer.split('/').skip(1) {
            let around = Some(place.shape);
            if place.node.is_sequence() {
                let index: usize = segment.parse().ok()?;
                let node = self.item(place.node, index)?;
                place.path.0.push(Segment::Index(index));
                place = Place { node, key: None, shape: place.shape.item()?, around, path: place.path };
            } else {
                let name = segment.replace("~1", "/").replace("~0", "~");
                let (key, node) = self.field(place.node, &name)?;
                let shape = place.shape.field(&name)?;
                place.path.0.push(Segment::Key(name));
                place = Place { node, key: Some(key), shape, around, path: place.path };
            }
        }
        Some(place)
    }

    /// Returns the key and the value of a field.
    pub(crate) fn field(&mut self, mapping: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
        let mapping = mapping.resolve();
        let fields = self.mappings.entry(mapping.id()).or_insert_with(|| {
            let fields = mapping.fields();
            fields.map(|entry| (tree::name(entry), (entry.key(), entry.value()))).collect()
        });
        fields.get(name).copied()
    }

    fn item(&mut self, sequence: Node<'t>, index: usize) -> Option<Node<'t>> {
        let sequence = sequence.resolve();
        let items = self.sequences.entry(sequence.id()).or_insert_with(|| sequence.items().collect());
        items.get(index).copied()
    }
}
