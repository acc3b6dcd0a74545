//! The result of parsing.

use std::any::Any;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use text_size::{TextRange, TextSize};

use crate::tree::{Node, NodeData, NodeId, Props};
use crate::{Format, KeyPath, MAX_LEN, Step, SyntaxError, damage, decode, json, path, reparse, yaml};

/// A text, its tree, and what is wrong with it.
pub struct Parse {
    text: Arc<str>,
    format: Format,
    pub(crate) nodes: Box<[NodeData]>,
    /// Texts of scalars that are not in the source as they are: unescaped, folded, dedented.
    pub(crate) pool: Box<str>,
    /// Sorted by node.
    pub(crate) props: Box<[Props]>,
    pub(crate) documents: Box<[NodeId]>,
    comments: Box<[TextRange]>,
    pub(crate) errors: Box<[SyntaxError]>,
    pub(crate) distinct: bool,
    pub(crate) damage: Box<[TextRange]>,
    /// What somebody found out about the tree, who would find the same again.
    found: OnceLock<Found>,
    /// What was found out about the tree of the text that an edit made this one of; given away when it is used.
    found_before: Mutex<Option<Found>>,
}

type Found = Arc<dyn Any + Send + Sync>;

/// What a reader hands over: all of [`Parse`] but the text.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<NodeData>,
    pub(crate) pool: String,
    pub(crate) props: Vec<Props>,
    pub(crate) documents: Vec<NodeId>,
    pub(crate) comments: Vec<TextRange>,
    pub(crate) errors: Vec<SyntaxError>,
    /// Every mapping's keys are scalars that differ, and none of them merges: its entries are its fields.
    pub(crate) distinct: bool,
    /// A bracket closed something too early: what is behind it stands in the wrong place.
    pub(crate) is_shifted: bool,
}

impl Parse {
    pub(crate) fn new(text: Arc<str>, format: Format, mut errors: Vec<SyntaxError>) -> Self {
        let mut tree = Tree::default();
        if text.len() > MAX_LEN {
            errors.push(decode::too_long(text.len()));
        } else if !text.is_empty() || errors.is_empty() {
            // Of bytes that are no text at all nothing more is to be said.
            tree = match format {
                Format::Yaml => yaml::read(&text),
                Format::Json => json::read(&text),
            };
        }
        Self::of_tree(text, format, tree, errors)
    }

    /// Reads a text that may be given up: `None` as soon as something is wrong.
    pub(crate) fn sound(text: Arc<str>, format: Format) -> Option<Self> {
        if text.len() > MAX_LEN {
            return None;
        }
        let tree = match format {
            Format::Yaml => yaml::read_sound(&text)?,
            Format::Json => json::read(&text),
        };
        tree.errors.is_empty().then(|| Self::of_tree(text, format, tree, Vec::new()))
    }

    fn of_tree(text: Arc<str>, format: Format, mut tree: Tree, mut errors: Vec<SyntaxError>) -> Self {
        errors.append(&mut tree.errors);
        // Recovery may come by the same place twice.
        errors.sort_by_key(|error| (error.range.start(), error.range.end()));
        errors.dedup();
        tree.comments.sort_by_key(|range| range.start());
        tree.comments.dedup();
        let damage = damage::find(&text, &tree, &errors);
        let mut parse = Self {
            text,
            format,
            nodes: tree.nodes.into(),
            pool: tree.pool.into(),
            props: tree.props.into(),
            documents: tree.documents.into(),
            comments: tree.comments.into(),
            errors: errors.into(),
            distinct: tree.distinct,
            damage: damage.into(),
            found: OnceLock::new(),
            found_before: Mutex::default(),
        };
        parse.doubt_duplicates();
        parse
    }

    /// Returns the text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the notation the text was read in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Reads a text that edits made of this one: the same as [`parse`](crate::parse) reads, at less cost where little changed.
    #[must_use]
    pub fn edited(&self, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let mut parse = match reparse::reparse(self, &text) {
            Some(tree) => Self::of_tree(text, self.format, tree, Vec::new()),
            None => Self::new(text, self.format, Vec::new()),
        };
        let before = || self.found_before.lock().unwrap_or_else(PoisonError::into_inner).clone();
        parse.found_before = Mutex::new(self.found.get().cloned().or_else(before));
        parse
    }

    /// Returns what `find` finds out about this tree, which must depend on nothing else: it is asked once, and the answer kept
    /// with the tree. There is room for answers of one type; for others `find` is asked each time.
    ///
    /// Of a text that was [edited](Self::edited), `find` gets what was found out about an earlier one, where anybody asked.
    pub fn remember<T: Send + Sync + 'static>(&self, find: impl Fn(Option<&T>) -> T) -> Arc<T> {
        let first = || -> Found {
            let before = self.found_before.lock().unwrap_or_else(PoisonError::into_inner).take();
            Arc::new(find(before.as_ref().and_then(|before| before.downcast_ref())))
        };
        let found = self.found.get_or_init(first).clone();
        found.downcast().unwrap_or_else(|_| Arc::new(find(None)))
    }

    /// Returns the first document's node; `None` when the text is empty or only comments.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// Returns each document's node.
    pub fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.documents.iter().map(|id| self.node(*id))
    }

    /// Returns what is wrong with the text, sorted by range.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Says whether nothing is wrong with the text and it is one document in which everything stands for itself alone: there
    /// are no anchors, aliases and tags, no merge keys, no key twice in a mapping.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.errors.is_empty() && self.stands_alone()
    }

    /// Says whether it is one document in which everything stands for itself alone, whatever is wrong with the text.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.distinct && self.props.is_empty() && self.documents.len() == 1
    }

    /// Returns the comments in order, each from its `#` to the end of its line without the line break.
    pub fn comments(&self) -> impl Iterator<Item = TextRange> {
        self.comments.iter().copied()
    }

    /// Returns the node of that id, which must come from this parse.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { parse: self, id }
    }

    /// Returns the way from the root to the innermost entry or item that holds the offset.
    #[must_use]
    pub fn path_at(&self, offset: TextSize) -> Vec<Step<'_>> {
        path::paths_at(self, &[offset]).pop().unwrap_or_default()
    }

    /// Returns the same for each of many offsets, which ascend, in one walk over the tree.
    #[must_use]
    pub fn paths_at(&self, offsets: &[TextSize]) -> Vec<Vec<Step<'_>>> {
        path::paths_at(self, offsets)
    }

    /// Returns the node at a key path of the first document. Merge keys and aliases are followed.
    #[must_use]
    pub fn node_at(&self, path: &KeyPath) -> Option<Node<'_>> {
        path::node_at(self, path)
    }

    pub(crate) fn scalar_text(&self, data: &NodeData) -> &str {
        let source: &str = if data.has(NodeData::POOLED) { &self.pool } else { &self.text };
        &source[data.a as usize..(data.a + data.b) as usize]
    }

    pub(crate) fn props_of(&self, id: NodeId) -> Option<&Props> {
        self.props.binary_search_by_key(&id.0, |props| props.node).ok().map(|index| &self.props[index])
    }
}

impl std::fmt::Debug for Parse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Parse");
        out.field("format", &self.format).field("nodes", &self.nodes.len()).field("errors", &self.errors);
        out.finish_non_exhaustive()
    }
}
