//! Which leaves of a file a version before has as well.

use rustc_hash::FxHashMap;

use super::document::{Document, Version};
use super::leaf_set::LeafSet;
use super::node::{Entry, Kind, Node};
use crate::value::{Twig, nameless_item};

/// A file as it was asked for.
pub(super) struct Head {
    /// Its documents, and what tells each from the others.
    pub(super) documents: Vec<(Option<u64>, Twig)>,
}

/// Up to so many entries that differ, counting in the whole sequence is cheaper than a table of it.
const FEW: usize = 16;

/// Returns those of `set` that `parent` does not have with the same value. `child` has them all.
pub(super) fn lacking(head: &Head, child: &Version, parent: &Version, set: &LeafSet) -> LeafSet {
    let mut compare = Compare { set, lacking: set.empty() };
    let identities: Vec<Option<u64>> = head.documents.iter().map(|(identity, _)| *identity).collect();
    let (children, parents) = (pair(&identities, &child.identities()), pair(&identities, &parent.identities()));
    for (index, (_, twig)) in head.documents.iter().enumerate() {
        compare.twig(twig, place(children[index], child), place(parents[index], parent));
    }
    compare.lacking
}

fn place(index: Option<usize>, version: &Version) -> Option<Place<'_>> {
    index.map(|index| Place::of(&version.documents[index]))
}

/// Returns for each document of a file which one of a version it is. Two that are alone are the same; else those that
/// one thing names are; and those that nothing names, or that share their name, by their order.
fn pair(identities: &[Option<u64>], others: &[Option<u64>]) -> Vec<Option<usize>> {
    if identities.len() == 1 && others.len() == 1 {
        return vec![Some(0)];
    }
    let own = |all: &[Option<u64>], identity: Option<u64>| {
        identity.is_some() && all.iter().filter(|other| **other == identity).count() == 1
    };
    let mut nameless = (0..others.len()).filter(|index| !own(others, others[*index]));
    let find = |identity: &Option<u64>| {
        if own(identities, *identity) {
            others.iter().position(|other| other == identity).filter(|_| own(others, *identity))
        } else {
            nameless.next()
        }
    };
    identities.iter().map(find).collect()
}

/// A value and, if it is a collection that is not empty, its entries.
#[derive(Clone, Copy)]
struct Place<'v>(u64, Option<&'v Node>);

impl<'v> Place<'v> {
    fn of(document: &'v Document) -> Self {
        Self(document.value, document.root.as_deref())
    }

    fn entry(entry: &'v Entry) -> Self {
        Self(entry.value, entry.child.as_deref())
    }
}

struct Compare<'s> {
    set: &'s LeafSet,
    lacking: LeafSet,
}

impl Compare<'_> {
    fn twig(&mut self, head: &Twig, child: Option<Place<'_>>, parent: Option<Place<'_>>) {
        if !self.set.any(&head.leaves) {
            return;
        }
        let (Some(child), Some(parent)) = (child, parent) else { return self.lack(head) };
        if parent.0 == child.0 || parent.0 == head.value {
            return;
        }
        match (child.1, parent.1) {
            (Some(child), Some(parent)) if child.kind == parent.kind && !head.children.is_empty() => {
                let whole = (child, parent);
                let (child, parent) = differing(child, parent);
                match whole.0.kind {
                    Kind::Mapping => self.fields(head, &child, &parent),
                    Kind::Sequence if child.len() + parent.len() <= FEW => self.items(head, &child, &parent, whole),
                    Kind::Sequence => self.many_items(head, whole),
                }
            }
            _ => self.lack(head),
        }
    }

    fn lack(&mut self, head: &Twig) {
        self.lacking.add(self.set, &head.leaves);
    }

    fn fields(&mut self, head: &Twig, child: &[&Entry], parent: &[&Entry]) {
        let table: Option<FxHashMap<u64, &Entry>> =
            (parent.len() > FEW).then(|| parent.iter().map(|entry| (entry.step, *entry)).collect());
        for entry in child {
            let Some(twig) = find(head, entry.step) else { continue };
            let before = match &table {
                Some(table) => table.get(&entry.step).copied(),
                None => parent.iter().copied().find(|other| other.step == entry.step),
            };
            self.twig(twig, Some(Place::entry(entry)), before.map(Place::entry));
        }
    }

    /// Compares the items that differ, of two whole sequences.
    fn items(&mut self, head: &Twig, child: &[&Entry], parent: &[&Entry], whole: (&Node, &Node)) {
        let named = |node: &Node, step: u64| node.entries.iter().filter(|entry| entry.step == step).count();
        let mut nameless: Vec<u64> = Vec::new();
        for (index, entry) in child.iter().chain(parent).enumerate() {
            let is_new = child.iter().chain(parent).take(index).all(|other| other.step != entry.step);
            if entry.step != 0 && is_new {
                let at = |node: &'_ Node| node.entries.iter().position(|other| other.step == entry.step);
                if let Some(twig) = find(head, entry.step) {
                    let alone = named(whole.1, entry.step) == 1;
                    let before = at(whole.1).filter(|_| alone).map(|at| Place::entry(&whole.1.entries[at]));
                    self.twig(twig, at(whole.0).map(|at| Place::entry(&whole.0.entries[at])), before);
                }
                if named(whole.0, entry.step) > 1 {
                    let same = whole.0.entries.iter().filter(|other| other.step == entry.step);
                    nameless.extend(same.map(|other| other.value));
                }
            }
            if entry.step == 0 && index < child.len() {
                nameless.push(entry.value);
            }
        }
        nameless.sort_unstable();
        nameless.dedup();
        for value in nameless {
            let same = || whole.1.entries.iter().filter(|entry| entry.value == value);
            let is_named = same().next().is_some_and(|entry| entry.step != 0 && named(whole.1, entry.step) == 1);
            let before = if is_named { 0 } else { same().count() as u64 };
            for occurrence in before + 1.. {
                let Some(twig) = find(head, nameless_item(value, occurrence)) else { break };
                self.lack(twig);
            }
        }
    }

    fn many_items(&mut self, head: &Twig, (child, parent): (&Node, &Node)) {
        let before: FxHashMap<u64, &Entry> = parent.steps().into_iter().zip(&parent.entries).collect();
        for (step, entry) in child.steps().into_iter().zip(&child.entries) {
            let Some(twig) = find(head, step) else { continue };
            self.twig(twig, Some(Place::entry(entry)), before.get(&step).map(|entry| Place::entry(entry)));
        }
    }
}

fn find(head: &Twig, step: u64) -> Option<&Twig> {
    head.children.binary_search_by_key(&step, |twig| twig.step).ok().map(|index| &head.children[index])
}

/// Returns the entries that differ between two collections. Entries that are the same are left out in pairs, as far as
/// they keep their order; some may remain.
fn differing<'n>(child: &'n Node, parent: &'n Node) -> (Vec<&'n Entry>, Vec<&'n Entry>) {
    /// How far to look ahead for where both go on the same.
    const AHEAD: usize = 6;
    let (a, b) = (&child.entries, &parent.entries);
    let same = |a: &Entry, b: &Entry| a.value == b.value && a.step == b.step;
    let front = a.iter().zip(b).take_while(|(a, b)| same(a, b)).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(a, b)| same(a, b)).count();
    let (mut a, mut b) = (&a[front..a.len() - back], &b[front..b.len() - back]);
    let mut differing = (Vec::new(), Vec::new());
    while let (Some(first), Some(other)) = (a.first(), b.first()) {
        // So many of the one or of the other come first.
        let in_a = || a.iter().take(AHEAD).position(|entry| same(entry, other));
        let in_b = || b.iter().take(AHEAD).position(|entry| same(first, entry));
        let (skip, same) = match in_a().map(|skip| (skip, 0)).or_else(|| Some((0, in_b()?))) {
            Some(skip) => (skip, 1),
            None => ((1, 1), 0),
        };
        differing.0.extend(&a[..skip.0]);
        differing.1.extend(&b[..skip.1]);
        (a, b) = (&a[skip.0 + same..], &b[skip.1 + same..]);
    }
    differing.0.extend(a);
    differing.1.extend(b);
    differing
}
