//! Where the root was: a register that moves to another directory is the same register.

use std::cell::RefCell;

use deed_model::{ROOT_MANIFESTS, is_root_manifest};

use super::flow::whole;
use super::memo::{Memo, Question};
use super::state::Path;
use crate::{Filter, Graph, MISSING, ObjectError, Oid, Trees};

/// Returns the root's directory at each commit; `root` is the one at the tips.
///
/// A parent without a root manifest there has its root where one was that the child has no more: the one with the same
/// content, or else the only one. Where none was, the directory stays: a root manifest may come last.
pub(crate) fn roots(graph: &Graph, trees: &Trees<'_, '_>, memo: &RefCell<Memo>, root: &[u8]) -> Vec<Path> {
    let mut roots: Vec<Option<Path>> = vec![None; graph.len()];
    for commit in 0..u32::try_from(graph.len()).unwrap_or(u32::MAX) {
        let root = roots[commit as usize].get_or_insert_with(|| root.into()).clone();
        for &parent in graph.parents(commit).iter().filter(|parent| **parent != MISSING) {
            if roots[parent as usize].is_none() {
                roots[parent as usize] = Some(before(graph, trees, memo, commit, parent, &root));
            }
        }
    }
    roots.into_iter().map(Option::unwrap_or_default).collect()
}

fn before(graph: &Graph, trees: &Trees<'_, '_>, memo: &RefCell<Memo>, commit: u32, parent: u32, root: &Path) -> Path {
    let (old, new) = (graph.tree(parent), graph.tree(commit));
    let has_root =
        |tree| ROOT_MANIFESTS.iter().any(|name| file_at(trees, memo, tree, &join(root, name.as_bytes())) != Ok(None));
    if old == new || has_root(old) {
        return root.clone();
    }
    let is_root = |name: &[u8]| std::str::from_utf8(name).is_ok_and(is_root_manifest);
    let filter = Filter { name: &is_root, below: &[], hidden: false };
    let Ok(changes) = trees.changes(Some(old), Some(new), &filter) else { return root.clone() };
    let arrived = changes.iter().find(|change| change.new.is_some() && directory(&change.path) == &**root);
    let left: Vec<_> = changes.iter().filter(|change| change.new.is_none()).collect();
    let same = left.iter().find(|change| arrived.is_some_and(|arrived| arrived.new == change.old));
    match (same, left.as_slice()) {
        (Some(change), _) | (None, [change]) => directory(&change.path).into(),
        _ => root.clone(),
    }
}

/// The file at a path of a tree.
pub(crate) fn file_at(
    trees: &Trees<'_, '_>,
    memo: &RefCell<Memo>,
    tree: Oid,
    path: &[u8],
) -> Result<Option<Oid>, ObjectError> {
    let question = Question { old: None, new: Some(tree), about: [b"file ", path].concat() };
    let ask = || {
        let id = trees.file_at(tree, path)?;
        Ok(id.map(whole).into_iter().collect())
    };
    Ok(Memo::changes(memo, question, ask)?.first().and_then(|change| change.new))
}

/// The directory a path lies in; empty for the top.
pub(crate) fn directory(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(b"", |end| &path[..end])
}

/// A path below a directory.
pub(crate) fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    if directory.is_empty() { name.to_vec() } else { [directory, b"/", name].concat() }
}
