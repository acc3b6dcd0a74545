//! The values of one version of a file, as a tree whose parts versions share.

use std::rc::Rc;
use std::sync::LazyLock;

use deed_syntax::{Node as Syntax, NodeId};
use rustc_hash::FxHashMap;

use crate::value::{self, IDENTITY, Values};

/// A mapping or a sequence that is not empty.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The column its entries start in; [`Node::FOREIGN`] where its text cannot be used again in parts.
    pub(super) column: u32,
    /// The whole value.
    pub(super) value: u64,
    /// As written.
    pub(super) entries: Vec<Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Mapping,
    Sequence,
}

/// A field or an item.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The length of its text, up to where the next one starts.
    pub(super) len: u32,
    /// Where in its text the child's starts.
    pub(super) start: u32,
    /// A field's step. An item's, if one of its own fields names it; or else zero.
    pub(super) step: u64,
    pub(super) value: u64,
    /// What it adds to the sum of the collection.
    pub(super) part: u64,
    /// `None` for scalars and empty collections.
    pub(super) child: Option<Rc<Node>>,
}

impl Entry {
    pub(super) fn field(step: u64, value: u64, child: Option<Rc<Node>>) -> Self {
        Self { len: 0, start: 0, step, value, part: value::field(step, value), child }
    }

    pub(super) fn item(value: u64, child: Option<Rc<Node>>) -> Self {
        let step = child.as_deref().and_then(Node::identity).unwrap_or(0);
        Self { len: 0, start: 0, step, value, part: value::element(value), child }
    }
}

impl Node {
    pub(super) const FOREIGN: u32 = u32::MAX;

    pub(super) fn new(kind: Kind, column: u32, entries: Vec<Entry>) -> Self {
        let sum = entries.iter().fold(0u64, |sum, entry| sum.wrapping_add(entry.part));
        let count = entries.len() as u64;
        let value = match kind {
            Kind::Mapping => value::mapping(sum, count),
            Kind::Sequence => value::sequence(sum, count),
        };
        Self { kind, column, value, entries }
    }

    /// Returns the field with that step.
    pub(super) fn field(&self, step: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| self.kind == Kind::Mapping && entry.step == step)
    }

    /// Returns what identifies each of its entries in it.
    pub(super) fn steps(&self) -> Vec<u64> {
        if self.kind == Kind::Mapping {
            return self.entries.iter().map(|entry| entry.step).collect();
        }
        let mut named: FxHashMap<u64, usize> = FxHashMap::default();
        for entry in &self.entries {
            *named.entry(entry.step).or_default() += 1;
        }
        let mut occurrences: FxHashMap<u64, u64> = FxHashMap::default();
        let step = |entry: &Entry| {
            if entry.step != 0 && named[&entry.step] == 1 {
                return entry.step;
            }
            let occurrence = occurrences.entry(entry.value).or_default();
            *occurrence += 1;
            value::nameless_item(entry.value, *occurrence)
        };
        self.entries.iter().map(step).collect()
    }

    /// Adds path and value of the leaves below, up to a limit: aliases may make them many.
    fn leaves(&self, path: u64, leaves: &mut Vec<(u64, u64)>) {
        for (step, entry) in self.steps().into_iter().zip(&self.entries) {
            let path = value::mix(b'/', path, step);
            match &entry.child {
                Some(child) if leaves.len() < MAX_LEAVES => child.leaves(path, leaves),
                _ => leaves.push((path, entry.value)),
            }
        }
    }

    /// Returns the step to this node as an item, if one of its fields may name it.
    fn identity(&self) -> Option<u64> {
        let named = |(field, step): (usize, &u64)| {
            let entry = self.field(*step).filter(|entry| is_scalar(entry))?;
            Some(value::named_item(field, entry.value))
        };
        STEPS.iter().enumerate().find_map(named)
    }
}

/// With more leaves two files are not compared in all of them.
const MAX_LEAVES: usize = 100_000;

/// Returns path and value of all leaves of a file, sorted.
pub(super) fn leaves<'n>(documents: impl Iterator<Item = (u64, Option<&'n Node>)>) -> Vec<(u64, u64)> {
    let mut leaves = Vec::new();
    for (index, (value, root)) in documents.enumerate() {
        let path = value::mix(b'R', index as u64, 0);
        match root {
            Some(root) => root.leaves(path, &mut leaves),
            None => leaves.push((path, value)),
        }
    }
    leaves.sort_unstable();
    leaves
}

fn is_scalar(entry: &Entry) -> bool {
    entry.child.is_none() && entry.value != value::mapping(0, 0) && entry.value != value::sequence(0, 0)
}

/// The steps to the fields of [`IDENTITY`].
static STEPS: LazyLock<[u64; IDENTITY.len()]> = LazyLock::new(|| IDENTITY.map(value::named_field));

/// Returns what tells a document from others of its file: what names an item, or else kind, name and namespace as
/// Kubernetes' objects have them.
pub(super) fn identity_of_document(root: &Node) -> Option<u64> {
    if let Some(step) = root.identity() {
        return Some(step);
    }
    let scalar =
        |node: &Node, name| node.field(value::named_field(name)).filter(|entry| is_scalar(entry)).map(|e| e.value);
    let kind = scalar(root, "kind")?;
    let metadata = root.field(value::named_field("metadata"))?.child.as_deref()?;
    let name = scalar(metadata, "name")?;
    Some(value::mix(b'k', value::mix(b'k', kind, name), scalar(metadata, "namespace").unwrap_or(0)))
}

/// Takes over what the parser read. What aliases stand for is taken over once.
pub(super) struct Import<'t> {
    values: Values<'t>,
    nodes: FxHashMap<NodeId, Option<Rc<Node>>>,
}

/// As deep as values are compared; the parser allows less, except through aliases.
const MAX_DEPTH: usize = 400;

impl<'t> Import<'t> {
    pub(super) fn new(values: Values<'t>) -> Self {
        Self { values, nodes: FxHashMap::default() }
    }

    pub(super) fn node(&mut self, node: Syntax<'t>, depth: usize) -> (u64, Option<Rc<Node>>) {
        let value = self.values.whole(node);
        let node = node.resolve();
        if !(node.is_mapping() || node.is_sequence()) || depth > MAX_DEPTH {
            return (value, None);
        }
        if let Some(known) = self.nodes.get(&node.id()) {
            return (value, known.clone());
        }
        // Until it is known, an alias to it from inside stands for nothing.
        self.nodes.insert(node.id(), None);
        let (kind, entries) = if node.is_mapping() {
            let fields = node.fields().map(|entry| {
                let (value, child) = self.node(entry.value(), depth + 1);
                Entry::field(self.values.key(entry), value, child)
            });
            (Kind::Mapping, fields.collect::<Vec<_>>())
        } else {
            let items = node.items().map(|item| {
                let (value, child) = self.node(item, depth + 1);
                Entry::item(value, child)
            });
            (Kind::Sequence, items.collect())
        };
        let child = (!entries.is_empty()).then(|| Rc::new(Node { kind, column: Node::FOREIGN, value, entries }));
        self.nodes.insert(node.id(), child.clone());
        (value, child)
    }
}
