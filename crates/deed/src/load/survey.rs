//! Reads whole workspaces for a face that stays: what is known is not read into a tree again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use deed_syntax::{Format, Parse};
use rayon::prelude::*;

use super::find::{self, Found, FoundFile};
use super::{Unreadable, read, slashed};

/// One workspace on disk, with the texts of an editor in the place of those on disk.
pub(crate) struct Tree {
    /// The directory of the root manifest, symbolic links resolved.
    pub(crate) root: PathBuf,
    /// The manifests by where they lie.
    pub(crate) files: BTreeMap<PathBuf, Arc<Parse>>,
    /// What could not be read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Whether there is a root manifest; without one the directory that was asked for stands in.
    pub(super) has_root_manifest: bool,
    /// The manifests that are, or lie below, a path that was asked for.
    pub(super) asked: HashSet<PathBuf>,
}

/// Finds and reads the workspaces below some directories and around the manifests that are open. `known` has trees from
/// before: one whose text is still what lies there is taken again.
pub(crate) fn survey(
    directories: &[PathBuf],
    open: &BTreeMap<PathBuf, Arc<Parse>>,
    known: &HashMap<PathBuf, Arc<Parse>>,
) -> Vec<Tree> {
    let found = find::survey(directories, &open.keys().cloned().collect());
    found.into_iter().map(|found| tree(found, open, known)).collect()
}

/// Reads what was found.
pub(super) fn tree(found: Found, open: &BTreeMap<PathBuf, Arc<Parse>>, known: &HashMap<PathBuf, Arc<Parse>>) -> Tree {
    let one = |file: &FoundFile| match open.get(&file.path) {
        Some(parse) => Ok((file.path.clone(), parse.clone())),
        None => {
            let unreadable = |reason| Unreadable { path: file.path.clone(), reason };
            let bytes = read::read(file, &found.root).map_err(unreadable)?;
            let same = known.get(&file.path).filter(|parse| parse.text().as_bytes() == bytes);
            let format = Format::of_path(&slashed(&file.path));
            let parse = same.cloned().unwrap_or_else(|| Arc::new(deed_syntax::parse_bytes(&bytes, format)));
            Ok((file.path.clone(), parse))
        }
    };
    let read: Vec<Result<_, Unreadable>> = found.files.par_iter().map(one).collect();
    let mut tree = Tree {
        asked: found.files.iter().filter(|file| file.asked).map(|file| file.path.clone()).collect(),
        root: found.root,
        files: BTreeMap::new(),
        unreadable: found.unreadable,
        has_root_manifest: found.has_root_manifest,
    };
    for result in read {
        match result {
            Ok((path, parse)) => drop(tree.files.insert(path, parse)),
            Err(unreadable) => tree.unreadable.push(unreadable),
        }
    }
    tree
}
