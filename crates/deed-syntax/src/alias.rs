//! Aliases to their targets, after the tree is built.

use std::collections::{HashMap, HashSet};

use crate::parse::Tree;
use crate::tree::NodeKind;
use crate::{SyntaxError, SyntaxErrorKind};

/// How many nodes a walk that follows aliases may visit beyond those that are written down. Aliases that would make
/// it more stay unresolved: whoever walks the tree is safe without counting.
const MAX_EXPANSION: u64 = 1_000_000;

/// Points each alias at the last node before it that is anchored under its name, in the same document.
pub(crate) fn resolve(text: &str, tree: &mut Tree) {
    if !tree.nodes.iter().any(|node| node.kind == NodeKind::Alias) {
        return;
    }
    let mut anchors: HashMap<&str, u32> = HashMap::new();
    let lost = lost_anchors(text, tree);
    let mut props = tree.props.iter().peekable();
    let mut documents = tree.documents.iter().peekable();
    // The nodes that the aliases before a node add, by alias: a subtree's are a difference of two.
    let mut added: Vec<(u32, u64)> = vec![(0, 0)];
    for id in 0..u32::try_from(tree.nodes.len()).expect("ids fit") {
        if documents.next_if(|document| document.0 == id).is_some() {
            anchors.clear();
        }
        if let Some(anchor) = props.next_if(|props| props.node == id).and_then(|props| props.anchor) {
            anchors.insert(&text[anchor], id);
        }
        let node = tree.nodes[id as usize];
        if node.kind != NodeKind::Alias {
            continue;
        }
        let name = &text[node.range()][1..];
        let error = |kind, message: String| SyntaxError::new(kind, node.range(), message);
        let Some(&target) = anchors.get(name) else {
            if lost.contains(name) {
                continue;
            }
            let error = error(SyntaxErrorKind::Alias, format!("there is no anchor `&{name}` before this alias"));
            tree.errors.push(
                error.help(format!(
                    "write `&{name}` in front of the value that `*{name}` stands for, or quote the text"
                )),
            );
            continue;
        };
        let after = tree.nodes[target as usize].after(target);
        if after > id {
            let error = error(SyntaxErrorKind::Alias, format!("`*{name}` stands inside the value it stands for"));
            tree.errors.push(error.related(tree.nodes[target as usize].range(), format!("the value of `&{name}`")));
            continue;
        }
        let before = |id: u32| added[added.partition_point(|(alias, _)| *alias < id) - 1].1;
        let size = u64::from(after - target) + before(after).saturating_sub(before(target));
        let sum = added.last().map_or(0, |(_, sum)| *sum) + size;
        if sum > MAX_EXPANSION {
            let message = format!("the aliases up to here stand for more than {MAX_EXPANSION} values");
            tree.errors.push(error(SyntaxErrorKind::Limit, message).help("write the values out, or use fewer aliases"));
            continue;
        }
        added.push((id, sum));
        tree.nodes[id as usize].a = target;
    }
}

/// The anchors that are written in a broken text, be they in the tree or not.
fn lost_anchors<'t>(text: &'t str, tree: &Tree) -> HashSet<&'t str> {
    if tree.errors.is_empty() {
        return HashSet::new();
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    text.split(ends).filter_map(|word| word.strip_prefix('&')).collect()
}
