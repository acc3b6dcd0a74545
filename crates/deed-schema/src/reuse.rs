//! Violations of an edited manifest: what was found out about subjects that are as they were is not found out again.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use deed_syntax::{Entry, Node, NodeId, NodeKind, TextRange, TextSize};

use crate::shape::Shape;
use crate::{Violation, report, tree};

/// What was found out about a document.
pub(crate) struct Found {
    pub(crate) all: Arc<Vec<Violation>>,
    /// Of each subject by all that its violations depend on, once the document has been edited; ranges count from its start.
    by_subject: HashMap<u64, Arc<[Violation]>>,
}

/// A subject, and what tells it from others.
struct Subject {
    key: NodeId,
    range: TextRange,
    hash: u64,
}

/// Returns the violations of a document; `before` has those of what it was edited from.
pub(crate) fn find(root: Node<'_>, before: Option<&Found>) -> Found {
    let Some(before) = before.filter(|_| root.parse().stands_alone()) else {
        return Found { all: Arc::new(report::report(root, &HashSet::new())), by_subject: HashMap::new() };
    };
    let subjects = subjects(root);
    let known = |subject: &&Subject| before.by_subject.contains_key(&subject.hash);
    let mut all = report::report(root, &subjects.iter().filter(known).map(|subject| subject.key).collect());
    let mut by_subject = HashMap::with_capacity(subjects.len());
    let mut taken = Vec::new();
    for subject in &subjects {
        let start = subject.range.start();
        let of_subject = match before.by_subject.get(&subject.hash) {
            Some(known) => {
                taken.extend(known.iter().map(|violation| moved(violation, |range| range + start)));
                known.clone()
            }
            None => {
                let from = all.partition_point(|violation| violation.range.start() < start);
                let of_it = all[from..].iter().take_while(|violation| violation.range.start() < subject.range.end());
                of_it.map(|violation| moved(violation, |range| range - start)).collect()
            }
        };
        by_subject.insert(subject.hash, of_subject);
    }
    all.append(&mut taken);
    report::sort(&mut all);
    Found { all: Arc::new(all), by_subject }
}

const BLOCK: NodeKind = NodeKind::Mapping { flow: false };

fn moved(violation: &Violation, by: impl Fn(TextRange) -> TextRange) -> Violation {
    let mut violation = violation.clone();
    violation.range = by(violation.range);
    if let Some(suggestion) = &mut violation.suggestion {
        suggestion.range = by(suggestion.range);
    }
    violation
}

/// The entries of sections that are mappings from ids; of a broken text, those that what is broken has nothing to do with.
fn subjects(root: Node<'_>) -> Vec<Subject> {
    let is_of_ids = |section: &Entry<'_>| {
        let shape = Shape::root().own_field(tree::name(*section));
        section.value().is_mapping()
            && shape.is_some_and(|shape| shape.entry().is_some() && shape.names().next().is_none())
    };
    root.entries().filter(is_of_ids).flat_map(subjects_of).collect()
}

fn subjects_of(section: Entry<'_>) -> impl Iterator<Item = Subject> {
    let (name, start, text) = (tree::name(section), section.value().range().start(), section.value().parse().text());
    let column = start - line_start(text, start);
    let is_sound = section.value().parse().damage().is_empty();
    // Within braces that are not closed, nobody knows what belongs where; what is no mapping may be the field of a subject
    // whose key is lost.
    let is_apart = move |value: Node<'_>| value.kind() == BLOCK && !value.is_cut_short();
    let is_block = section.value().kind() == BLOCK;
    section.value().entries().filter(move |entry| is_sound || is_block && is_apart(entry.value())).map(move |entry| {
        let range = entry.range();
        let mut hasher = DefaultHasher::new();
        (name, u32::from(column), &text[range]).hash(&mut hasher);
        Subject { key: entry.key().id(), range, hash: hasher.finish() }
    })
}

fn line_start(text: &str, at: TextSize) -> TextSize {
    let before = &text[..usize::from(at)];
    TextSize::of(&before[..before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1)])
}

#[cfg(test)]
mod tests {
    use deed_syntax::{Format, Parse, parse};

    use super::*;

    const TEXT: &str = "risks:\n  R-1: { ownr: a }\n  R-2: { ownr: b }\npeople:\n  ada: { nme: Ada }\n";

    fn found(parse: &Parse, before: Option<&Found>) -> Found {
        find(parse.root().expect("there is one"), before)
    }

    #[test]
    fn only_subjects_that_are_others_are_looked_at_again() {
        let first = parse(TEXT, Format::Yaml);
        let before = found(&first, Some(&found(&first, None)));
        assert_eq!(before.by_subject.len(), 3);
        // Whoever looks again finds nothing of this.
        let marked = Found {
            all: before.all.clone(),
            by_subject: before
                .by_subject
                .iter()
                .map(|(hash, all)| (*hash, [&all[..1], &all[..1]].concat().into()))
                .collect(),
        };
        let edited = first.edited(TEXT.replace("R-1", "R-11").as_str());
        let by_itself = found(&edited, None).all.len();
        assert_eq!(found(&edited, Some(&before)).all.len(), by_itself);
        let ranges = |found: &Found| found.all.iter().map(|violation| violation.range).collect::<Vec<_>>();
        assert_eq!(ranges(&found(&edited, Some(&before))), ranges(&found(&edited, None)));
        assert_ne!(ranges(&found(&edited, Some(&marked))), ranges(&found(&edited, None)), "answers are taken over");
    }
}
