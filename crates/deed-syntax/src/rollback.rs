//! Taking back what the builder built: how recovery tries one way, then another.

use text_size::{TextRange, TextSize};

use crate::build::{Builder, Open};
use crate::event::Shape;
use crate::tree::{NONE, NodeData, NodeId, NodeKind, Props};

/// What [`Builder::rollback`] takes away, to be put back by [`Builder::restore`].
pub(crate) struct Checkpoint {
    /// The ancestors of the first node taken away, and the root.
    path: Vec<(u32, NodeData)>,
    kept: usize,
    nodes: Vec<NodeData>,
    props: Vec<Props>,
    comments: Vec<TextRange>,
    documents: Vec<NodeId>,
    pool: usize,
    stack: Vec<Open>,
    last_end: u32,
    document: u32,
}

impl Builder<'_> {
    /// Returns the collection that the next node goes into.
    pub(crate) fn top(&self) -> Option<Open> {
        self.stack.last().copied()
    }

    /// Returns where a collection starts, and whether it is in brackets.
    pub(crate) fn site(&self, open: Open) -> (usize, bool) {
        let data = &self.tree.nodes[open.node as usize];
        let flow = matches!(data.kind, NodeKind::Mapping { flow: true } | NodeKind::Sequence { flow: true });
        (data.start as usize, flow)
    }

    /// Returns the collections that are not yet ended, from the outside in.
    pub(crate) fn open(&self) -> &[Open] {
        &self.stack
    }

    /// Says whether nothing was built yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    /// Returns the root of the current document, if it is there.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.tree.documents.last().copied().filter(|root| root.0 >= self.document)
    }

    /// Returns where the document before the current one ends.
    pub(crate) fn end_of_settled(&self) -> usize {
        let before = self.tree.documents.iter().rev().find(|root| root.0 < self.document);
        before.map_or(0, |root| self.tree.nodes[root.0 as usize].end as usize)
    }

    /// Opens the current document's root again, if it is a block collection of that shape.
    pub(crate) fn reopen_root(&mut self, shape: Shape) -> bool {
        let Some(root) = self.root().filter(|_| self.stack.is_empty()) else { return false };
        let fits = match self.tree.nodes[root.0 as usize].kind {
            NodeKind::Mapping { flow: false } => shape == Shape::Mapping,
            NodeKind::Sequence { flow: false } => shape == Shape::Sequence,
            _ => false,
        };
        if fits {
            self.stack.push(Open { node: root.0, shape, pending: false });
        }
        fits
    }

    /// Returns the last node, if it is not a collection.
    pub(crate) fn last_leaf(&self) -> Option<TextRange> {
        let leaf = |node: &&NodeData| matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Alias);
        self.tree.nodes.last().filter(leaf).map(NodeData::range)
    }

    /// Returns where a scalar starts that begins before an offset and ends behind it.
    pub(crate) fn start_of_leaf_at(&self, at: TextSize) -> Option<TextSize> {
        let first = self.tree.nodes.get(self.first_behind(at.into()))?;
        Some(first.range().start()).filter(|start| *start < at)
    }

    /// Returns the last key that starts behind an offset and is not in brackets.
    pub(crate) fn last_key(&self, behind: usize) -> Option<TextRange> {
        let nodes = &self.tree.nodes;
        let block = |node: &&NodeData| {
            let parent = nodes.get(node.parent as usize).map(|parent| parent.kind);
            node.has(NodeData::KEY) && parent == Some(NodeKind::Mapping { flow: false })
        };
        nodes.iter().rev().take_while(|node| node.start as usize >= behind).find(block).map(NodeData::range)
    }

    /// Returns the first node that does not lie before an offset.
    fn first_behind(&self, at: u32) -> usize {
        let nodes = &self.tree.nodes;
        let mut first = nodes.partition_point(|node| node.start < at);
        let reaches = |node: &NodeData| matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Alias) && node.end > at;
        while first > 0 && reaches(&nodes[first - 1]) {
            first -= 1;
        }
        // Documents before are settled.
        first.max(self.document as usize)
    }

    /// The last node that is kept, if it is a collection, and the collections around it, from the outside in.
    fn path_to_last(&self, kept: usize) -> Vec<u32> {
        let nodes = &self.tree.nodes;
        let Some(last) = kept.checked_sub(1).and_then(|last| u32::try_from(last).ok()) else {
            return Vec::new();
        };
        let above = |id: &u32| Some(nodes[*id as usize].parent).filter(|id| *id != NONE);
        let mut path: Vec<u32> = std::iter::successors(Some(last), above).collect();
        if matches!(nodes[last as usize].kind, NodeKind::Scalar(_) | NodeKind::Alias) {
            path.remove(0);
        }
        path.retain(|id| *id >= self.document);
        path.reverse();
        path
    }

    /// Returns all that [`Self::rollback`] to the same place would take away.
    pub(crate) fn checkpoint(&self, at: TextSize) -> Checkpoint {
        let tree = &self.tree;
        let kept = self.first_behind(at.into());
        let path = self.path_to_last(kept).into_iter().chain(self.stack.iter().map(|open| open.node));
        let path = path.chain(self.root().map(|root| root.0)).filter(|id| (*id as usize) < kept);
        let from = u32::try_from(kept).unwrap_or(u32::MAX);
        let props = tree.props.partition_point(|props| props.node < from);
        let documents = tree.documents.partition_point(|id| id.0 < from);
        Checkpoint {
            path: path.map(|id| (id, tree.nodes[id as usize])).collect(),
            kept,
            nodes: tree.nodes[kept..].to_vec(),
            props: tree.props[props..].to_vec(),
            comments: tree.comments[self.comments_before(at)..].to_vec(),
            documents: tree.documents[documents..].to_vec(),
            pool: tree.pool.len(),
            stack: self.stack.clone(),
            last_end: self.last_end,
            document: self.document,
        }
    }

    fn comments_before(&self, at: TextSize) -> usize {
        let comments = &self.tree.comments;
        comments.len() - comments.iter().rev().take_while(|range| range.start() >= at).count()
    }

    /// Takes away all nodes that do not lie before an offset. Every collection that a line there could add to is
    /// open again.
    pub(crate) fn rollback(&mut self, at: TextSize) {
        let kept = self.first_behind(at.into());
        let path = self.path_to_last(kept);
        self.last_end = self.end_before(kept);
        let mut stack: Vec<Open> = Vec::new();
        for (index, id) in path.iter().enumerate() {
            let data = &self.tree.nodes[*id as usize];
            let (shape, flow) = match data.kind {
                NodeKind::Mapping { flow } => (Shape::Mapping, flow),
                NodeKind::Sequence { flow } => (Shape::Sequence, flow),
                NodeKind::Scalar(_) | NodeKind::Alias => continue,
            };
            // Nothing can be added behind a bracket that ends.
            if flow && data.end <= at.into() && !self.stack.iter().any(|open| open.node == *id) {
                break;
            }
            let child = path.get(index + 1).map_or(kept - 1, |id| *id as usize);
            let pending = child != *id as usize && self.tree.nodes[child].has(NodeData::KEY);
            stack.push(Open { node: *id, shape, pending: pending && shape == Shape::Mapping });
        }
        self.stack = stack;
        self.tree.comments.truncate(self.comments_before(at));
        self.truncate(kept);
    }

    /// The end of what lies before the first node that is taken away.
    fn end_before(&self, kept: usize) -> u32 {
        let nodes = &self.tree.nodes;
        let Some(mut at) = kept.checked_sub(1) else { return 0 };
        let Some(parent) = nodes.get(kept).map(|node| node.parent) else { return self.last_end };
        if u32::try_from(at) == Ok(parent) {
            let indicator = !matches!(nodes[at].kind, NodeKind::Mapping { flow: false });
            return nodes[at].start + u32::from(indicator);
        }
        while nodes[at].parent != parent {
            at = nodes[at].parent as usize;
        }
        nodes[at].end
    }

    fn truncate(&mut self, kept: usize) {
        let from = u32::try_from(kept).unwrap_or(u32::MAX);
        self.tree.nodes.truncate(kept);
        self.tree.props.truncate(self.tree.props.partition_point(|props| props.node < from));
        self.tree.documents.truncate(self.tree.documents.partition_point(|id| id.0 < from));
    }

    /// Puts back what was there at a checkpoint. Since then only nodes behind it may have changed.
    pub(crate) fn restore(&mut self, checkpoint: Checkpoint, at: TextSize) {
        self.truncate(checkpoint.kept);
        self.tree.comments.truncate(self.comments_before(at));
        for (id, data) in checkpoint.path {
            self.tree.nodes[id as usize] = data;
        }
        self.tree.nodes.extend(checkpoint.nodes);
        self.tree.props.extend(checkpoint.props);
        self.tree.comments.extend(checkpoint.comments);
        self.tree.documents.extend(checkpoint.documents);
        self.tree.pool.truncate(checkpoint.pool);
        self.stack = checkpoint.stack;
        self.last_end = checkpoint.last_end;
        self.document = checkpoint.document;
    }
}
