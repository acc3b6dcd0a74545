//! Merge keys: `<<: *defaults`.

use std::collections::HashSet;
use std::rc::Rc;

use crate::entry::{Entries, Entry};
use crate::tree::{Node, NodeId, NodeKind, ScalarStyle};

/// How many mappings one look-up merges; what lies beyond is not merged.
const MAX_SOURCES: usize = 1_000;

/// Up to so many entries, comparing each with each is cheaper than a hash table.
const FEW: usize = 12;

/// A mapping's fields, see [`Node::fields`].
#[derive(Clone)]
pub struct Fields<'t>(Source<'t>);

#[derive(Clone)]
enum Source<'t> {
    Entries(Entries<'t>),
    Merged { all: Rc<[Entry<'t>]>, next: usize },
}

impl<'t> Iterator for Fields<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        match &mut self.0 {
            Source::Entries(entries) => entries.next(),
            Source::Merged { all, next } => {
                let entry = all.get(*next).copied();
                *next += 1;
                entry
            }
        }
    }
}

/// Returns a mapping's entries, merges applied.
pub(crate) fn fields(node: Node<'_>) -> Fields<'_> {
    Fields(if node.parse.distinct {
        Source::Entries(node.entries())
    } else {
        Source::Merged { all: merged(node).into(), next: 0 }
    })
}

fn merged(node: Node<'_>) -> Vec<Entry<'_>> {
    let own: Vec<Entry<'_>> = node.entries().take(FEW + 1).collect();
    if own.len() <= FEW && !own.iter().copied().any(is_merge) {
        return without_repetitions(own);
    }
    let mut fields: Vec<Entry<'_>> = Vec::new();
    let mut names = HashSet::new();
    for mapping in sources(node) {
        for entry in mapping.entries().filter(|entry| !is_merge(*entry)) {
            if entry.name().is_none_or(|name| names.insert(name)) {
                fields.push(entry);
            }
        }
    }
    fields
}

fn without_repetitions(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let is_new = |index: usize| {
        let name = entries[index].name();
        name.is_none() || entries[..index].iter().all(|other| other.name() != name)
    };
    if (0..entries.len()).all(is_new) {
        return entries;
    }
    (0..entries.len()).filter(|index| is_new(*index)).map(|index| entries[index]).collect()
}

/// Returns the first entry of that name, merges applied.
pub(crate) fn get<'t>(node: Node<'t>, key: &str) -> Option<Entry<'t>> {
    if node.parse.distinct || !node.entries().any(is_merge) {
        return None;
    }
    let mut entries = sources(node).into_iter().flat_map(Node::entries);
    entries.find(|entry| entry.is_named(key) && !is_merge(*entry))
}

/// The mapping itself and those it merges, nearest first. Each counts once: what it brings the second time loses
/// against what it brought the first, so cycles and repetition change nothing.
fn sources(node: Node<'_>) -> Vec<Node<'_>> {
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut found = Vec::new();
    let mut pending = vec![node.resolve()];
    while let Some(mapping) = pending.pop() {
        if !mapping.is_mapping() || found.len() >= MAX_SOURCES || !seen.insert(mapping.id()) {
            continue;
        }
        found.push(mapping);
        let first = pending.len();
        for entry in mapping.entries().filter(|entry| is_merge(*entry)) {
            let value = entry.value().resolve();
            if value.is_sequence() {
                pending.extend(value.items().take(MAX_SOURCES).map(Node::resolve));
            } else {
                pending.push(value);
            }
        }
        pending[first..].reverse();
    }
    found
}

/// Says whether an entry merges rather than adds: its key is a bare `<<`.
fn is_merge(entry: Entry<'_>) -> bool {
    let key = entry.key();
    entry.is_named("<<") && key.kind() == NodeKind::Scalar(ScalarStyle::Plain) && key.tag().is_none()
}
