//! The tree: an arena of nodes in document order, and the handles users walk it with.

use text_size::{TextRange, TextSize};

use crate::entry::{Entries, Entry, Items};
use crate::merge::Fields;
use crate::parse::Parse;
use crate::scalar::{self, Value};
use crate::{Format, KeyPath, Segment};

/// Names a node of one [`Parse`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// A single value.
    Scalar(ScalarStyle),
    /// Keys and values.
    Mapping {
        /// In braces, as all of JSON is.
        flow: bool,
    },
    /// A list.
    Sequence {
        /// In brackets, as all of JSON is.
        flow: bool,
    },
    /// `*name`, which stands for the node anchored `&name`.
    Alias,
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// A block that keeps its lines, `|`.
    Literal,
    /// A block whose lines are folded, `>`.
    Folded,
}

/// A node as stored. Children follow their parent, so a subtree is a contiguous stretch of the arena.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeData {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// `NONE` for a document's root.
    pub(crate) parent: u32,
    /// Scalar: where its text starts. Collection: the id behind its subtree. Alias: its target, or `NONE`.
    pub(crate) a: u32,
    /// Scalar: the length of its text.
    pub(crate) b: u32,
    pub(crate) kind: NodeKind,
    pub(crate) flags: u8,
}

pub(crate) const NONE: u32 = u32::MAX;

impl NodeData {
    /// The scalar is nothing at all: `key:`.
    pub(crate) const MISSING: u8 = 1;
    /// The scalar's text lies in the pool and not in the source.
    pub(crate) const POOLED: u8 = 2;
    /// The node has an anchor or a tag.
    pub(crate) const PROPS: u8 = 4;
    /// The node is a key of its parent.
    pub(crate) const KEY: u8 = 8;

    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn range(&self) -> TextRange {
        TextRange::new(TextSize::new(self.start), TextSize::new(self.end))
    }

    /// The id of the next node that is not inside this one.
    pub(crate) fn after(&self, id: u32) -> u32 {
        match self.kind {
            NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => self.a,
            NodeKind::Scalar(_) | NodeKind::Alias => id + 1,
        }
    }
}

/// An anchor and a tag of a node.
#[derive(Clone, Debug)]
pub(crate) struct Props {
    pub(crate) node: u32,
    /// The anchor's name, without `&`.
    pub(crate) anchor: Option<TextRange>,
    pub(crate) tag: Option<Box<str>>,
    /// Where the first of them starts.
    pub(crate) start: u32,
}

/// A node of the tree: a cheap handle.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) parse: &'t Parse,
    pub(crate) id: NodeId,
}

impl<'t> Node<'t> {
    pub(crate) fn data(self) -> &'t NodeData {
        &self.parse.nodes[self.id.0 as usize]
    }

    pub(crate) fn sibling(self, id: u32) -> Self {
        Node { parse: self.parse, id: NodeId(id) }
    }

    /// Returns the node's name within its [`Parse`].
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Returns the parse the node belongs to.
    #[must_use]
    pub fn parse(self) -> &'t Parse {
        self.parse
    }

    /// Returns exactly the node's own text: a scalar with its quotes or its block header, a collection from its first
    /// key, dash or bracket to the end of its last value. Never trailing blank lines or comments, nor the node's
    /// anchor or tag.
    #[must_use]
    pub fn range(self) -> TextRange {
        self.data().range()
    }

    /// Returns the text of the node as written.
    #[must_use]
    pub fn source(self) -> &'t str {
        &self.parse.text()[self.range()]
    }

    /// Returns what the node is; an alias is an alias.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.data().kind
    }

    /// Says whether this is the value of `key:` with nothing behind: a null scalar of zero width right behind the colon.
    #[must_use]
    pub fn is_missing(self) -> bool {
        self.data().has(NodeData::MISSING)
    }

    /// Returns the collection the node stands in; `None` for the root of a document.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let parent = self.data().parent;
        (parent != NONE).then(|| self.sibling(parent))
    }

    /// Says whether the node is a key of its mapping.
    #[must_use]
    pub fn is_key(self) -> bool {
        self.data().has(NodeData::KEY)
    }

    /// Returns the scalar typed by the YAML 1.2 core schema, or by JSON's rules. Aliases are followed. `None` for
    /// collections and unresolved aliases.
    #[must_use]
    pub fn value(self) -> Option<Value<'t>> {
        let node = self.resolve();
        let text = node.own_text()?;
        let NodeKind::Scalar(style) = node.kind() else { return None };
        Some(match self.parse.format() {
            Format::Yaml => scalar::yaml(text, style, node.tag()),
            Format::Json => scalar::json(text, style),
        })
    }

    /// Returns the text when [`Node::value`] is text.
    #[must_use]
    pub fn as_str(self) -> Option<&'t str> {
        match self.value() {
            Some(Value::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the number when [`Node::value`] is a whole number.
    #[must_use]
    pub fn as_int(self) -> Option<i64> {
        match self.value() {
            Some(Value::Int(int)) => Some(int),
            _ => None,
        }
    }

    /// Returns the truth when [`Node::value`] is a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.value() {
            Some(Value::Bool(truth)) => Some(truth),
            _ => None,
        }
    }

    /// Returns a scalar's text after unescaping and before typing. Aliases are followed. Empty when missing.
    #[must_use]
    pub fn scalar_text(self) -> Option<&'t str> {
        self.resolve().own_text()
    }

    fn own_text(self) -> Option<&'t str> {
        let data = self.data();
        matches!(data.kind, NodeKind::Scalar(_)).then(|| self.parse.scalar_text(data))
    }

    /// Says whether the node is a mapping. Aliases are followed.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self.resolve().kind(), NodeKind::Mapping { .. })
    }

    /// Says whether the node is a sequence. Aliases are followed.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        matches!(self.resolve().kind(), NodeKind::Sequence { .. })
    }

    /// Returns a mapping's entries as written, equal keys and `<<` included. Aliases are followed. Empty for anything
    /// but a mapping.
    #[must_use]
    pub fn entries(self) -> Entries<'t> {
        let node = self.resolve();
        let end = if node.is_mapping() { node.data().a } else { 0 };
        Entries::new(self.parse, node.id.0 + 1, end)
    }

    /// Returns a mapping's entries with its merge keys applied: own entries first, then what each `<<` brings that is
    /// not there yet. Own keys win over merged ones, earlier merges over later ones. Of equal keys the first counts.
    #[must_use]
    pub fn fields(self) -> Fields<'t> {
        crate::merge::fields(self)
    }

    /// Returns the first own entry of that name, or else the one the merge keys bring.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Entry<'t>> {
        self.entries().find(|entry| entry.is_named(key)).or_else(|| crate::merge::get(self, key))
    }

    /// Returns a sequence's items. Aliases are followed. Empty for anything but a sequence.
    #[must_use]
    pub fn items(self) -> Items<'t> {
        let node = self.resolve();
        let end = if node.is_sequence() { node.data().a } else { 0 };
        Items::new(self.parse, node.id.0 + 1, end)
    }

    /// Returns the name the node is anchored under.
    #[must_use]
    pub fn anchor(self) -> Option<&'t str> {
        self.props()?.anchor.map(|range| &self.parse.text()[range])
    }

    /// Returns the node's tag with its handle resolved, such as `tag:yaml.org,2002:str`.
    #[must_use]
    pub fn tag(self) -> Option<&'t str> {
        self.props()?.tag.as_deref()
    }

    fn props(self) -> Option<&'t Props> {
        self.data().has(NodeData::PROPS).then(|| self.parse.props_of(self.id))?
    }

    /// Returns where the node starts, its anchor and tag included.
    pub(crate) fn full_start(self) -> TextSize {
        let start = self.data().start;
        TextSize::new(self.props().map_or(start, |props| props.start.min(start)))
    }

    /// Returns what an alias stands for; any other node, and an alias without a target, is itself.
    #[must_use]
    pub fn resolve(self) -> Self {
        let data = self.data();
        match data.kind {
            NodeKind::Alias if data.a != NONE => self.sibling(data.a),
            _ => self,
        }
    }

    /// Returns the key path from the root of the document to the node. A key has the path of its value.
    #[must_use]
    pub fn path(self) -> KeyPath {
        let mut path = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            match parent.kind() {
                NodeKind::Mapping { .. } => {
                    let inside = |entry: &Entry<'_>| entry.value().id >= node.id;
                    let name = parent.entries().find(inside).and_then(Entry::name).unwrap_or_default();
                    path.push(Segment::Key(name.to_owned()));
                }
                _ => path.push(Segment::Index(parent.items().take_while(|item| item.id < node.id).count())),
            }
            node = parent;
        }
        path.reverse();
        KeyPath(path)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.parse, other.parse) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}@{:?}", self.kind(), self.range())
    }
}
