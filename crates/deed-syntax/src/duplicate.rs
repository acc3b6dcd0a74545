//! Keys that a mapping has twice, after the tree is built.

use std::collections::HashMap;

use crate::parse::Tree;
use crate::tree::{NodeData, NodeKind};
use crate::{SyntaxError, SyntaxErrorKind};

/// Up to so many keys, comparing each with each is cheaper than a hash table.
const FEW: usize = 12;

/// How many equal keys are reported.
const MAX_ERRORS: usize = 10_000;

/// Reports each key that equals an earlier one of its mapping, after unescaping, and notes whether there is any, or
/// anything else that makes a mapping's fields others than its entries.
pub(crate) fn find(text: &str, tree: &mut Tree) {
    let mut keys: Vec<u32> = Vec::new();
    let mut errors = Vec::new();
    let mut simple = true;
    for (id, data) in tree.nodes.iter().enumerate() {
        let NodeKind::Mapping { .. } = data.kind else { continue };
        if errors.len() >= MAX_ERRORS {
            break;
        }
        keys.clear();
        let mut next = id + 1;
        while next < data.a as usize {
            let key = &tree.nodes[next];
            if key.has(NodeData::KEY) && !key.has(NodeData::MISSING) && matches!(key.kind, NodeKind::Scalar(_)) {
                keys.push(u32::try_from(next).expect("ids fit"));
            } else if key.has(NodeData::KEY) {
                simple = false;
            }
            next = key.after(u32::try_from(next).expect("ids fit")) as usize;
        }
        let name = |key: u32| {
            let data = &tree.nodes[key as usize];
            let source = if data.has(NodeData::POOLED) { &tree.pool } else { text };
            &source[data.a as usize..(data.a + data.b) as usize]
        };
        let len = |key: u32| tree.nodes[key as usize].b;
        simple &= !keys.iter().any(|key| len(*key) == 2 && name(*key) == "<<");
        let mut report = |first: u32, key: u32| {
            errors.push(error(name(key), &tree.nodes[first as usize], &tree.nodes[key as usize]))
        };
        if keys.len() <= FEW {
            for (index, key) in keys.iter().enumerate() {
                if let Some(first) =
                    keys[..index].iter().find(|first| len(**first) == len(*key) && name(**first) == name(*key))
                {
                    report(*first, *key);
                }
            }
        } else {
            let mut seen: HashMap<&str, u32> = HashMap::with_capacity(keys.len());
            for key in &keys {
                let first = *seen.entry(name(*key)).or_insert(*key);
                if first != *key {
                    report(first, *key);
                }
            }
        }
    }
    tree.distinct = simple && errors.is_empty();
    errors.truncate(MAX_ERRORS);
    tree.errors.append(&mut errors);
}

fn error(name: &str, first: &NodeData, key: &NodeData) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::DuplicateKey, key.range(), format!("the key `{name}` is here twice"))
        .help("keep one of the two; until then the first one counts")
        .related(first.range(), format!("`{name}` is first here"))
}
