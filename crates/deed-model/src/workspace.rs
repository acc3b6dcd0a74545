//! The manifests of one root and the register they make.

use std::sync::Arc;

use deed_syntax::{Node, NodeId, Parse};

use crate::reads::{self, Read};
use crate::register::Part;
use crate::{FileId, FileRange, Register};

/// One manifest of a workspace.
#[derive(Clone)]
pub struct Manifest {
    /// Its path below the root, with `/` between the parts.
    pub path: String,
    /// Its text, tree and syntax errors.
    pub parse: Arc<Parse>,
}

/// The manifests below one root and the register they make.
pub struct Workspace {
    manifests: Vec<Manifest>,
    parts: Vec<Arc<Part>>,
    register: Register,
    /// The same for all workspaces that were edited out of one: they have the same paths.
    paths: Arc<()>,
}

impl Workspace {
    /// Builds the register of some manifests.
    ///
    /// Their order does not matter: they are sorted by path, `deed.yaml` (the root manifest) first, so that results
    /// do not depend on how a directory was read.
    pub fn new(mut manifests: Vec<Manifest>) -> Self {
        manifests.sort_by(|a, b| (!is_root_manifest(&a.path), &a.path).cmp(&(!is_root_manifest(&b.path), &b.path)));
        let parts: Vec<_> = (0..).map(FileId).zip(&manifests).map(|(file, manifest)| part(file, manifest)).collect();
        let register = Register::of(&parts);
        Self { manifests, parts, register, paths: Arc::default() }
    }

    /// Returns the workspace with other texts of some of its manifests, sharing what they leave as it is.
    ///
    /// # Panics
    /// Panics if a manifest is of another workspace.
    #[must_use]
    pub fn edited(&self, texts: impl IntoIterator<Item = (FileId, Arc<Parse>)>) -> Self {
        let (mut manifests, mut parts) = (self.manifests.clone(), self.parts.clone());
        let mut changed = Vec::new();
        for (file, parse) in texts {
            let at = file.0 as usize;
            manifests[at].parse = parse;
            changed.push((file, std::mem::replace(&mut parts[at], part(file, &manifests[at]))));
        }
        let register = self.register.with(&parts, &changed);
        Self { manifests, parts, register, paths: self.paths.clone() }
    }

    /// Returns whether another workspace has manifests at the same paths.
    pub(crate) fn has_paths_of(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&Manifest, &Manifest)| one.path == other.path;
        Arc::ptr_eq(&self.paths, &other.paths)
            || self.manifests.len() == other.manifests.len() && self.manifests.iter().zip(&other.manifests).all(is_same)
    }

    /// Returns the manifests, the root manifest first, then by path.
    pub fn manifests(&self) -> &[Manifest] {
        reads::note(Read::Files);
        &self.manifests
    }

    /// Returns a manifest with its id, for each manifest.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Manifest)> {
        (0..).map(FileId).zip(self.manifests())
    }

    /// Returns one manifest.
    ///
    /// # Panics
    /// Panics if `file` is of another workspace.
    pub fn manifest(&self, file: FileId) -> &Manifest {
        reads::note(Read::File(file));
        &self.manifests[file.0 as usize]
    }

    /// Returns a node of a subject of a manifest; it counts as read with the subject, and not the whole manifest.
    pub fn node(&self, file: FileId, node: NodeId) -> Node<'_> {
        self.manifests[file.0 as usize].parse.node(node)
    }

    /// Returns the manifest at a path below the root.
    pub fn file_of(&self, path: &str) -> Option<FileId> {
        (0..).map(FileId).zip(&self.manifests).find(|(_, manifest)| manifest.path == path).map(|(file, _)| file)
    }

    /// Returns the register.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Returns the text at a place.
    pub fn text(&self, at: FileRange) -> &str {
        &self.manifest(at.file).parse.text()[at.range]
    }
}

/// What a manifest brings to the register.
fn part(file: FileId, manifest: &Manifest) -> Arc<Part> {
    Arc::new(manifest.parse.root().map(|root| Part::of(file, root)).unwrap_or_default())
}

/// What a root manifest may be called.
pub const ROOT_MANIFESTS: [&str; 3] = ["deed.yaml", "deed.yml", "deed.json"];

/// Returns whether a file of that name, or a path below the root, is a root manifest.
pub fn is_root_manifest(name: &str) -> bool {
    ROOT_MANIFESTS.contains(&name)
}

/// Returns whether a file of that name is a manifest. The name decides, never a configured glob, so that history can be
/// read without today's configuration.
pub fn is_manifest(name: &str) -> bool {
    is_root_manifest(name)
        || ROOT_MANIFESTS.iter().any(|root| {
            let stem = name.strip_suffix(root).and_then(|stem| stem.strip_suffix('.'));
            stem.is_some_and(|stem| !stem.is_empty())
        })
}

/// Returns whether a path leads through a directory whose name begins with a dot. What lies there is for programs, as
/// `.github/workflows/deed.yml` is, and no manifest, whatever it is called.
pub fn is_hidden(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(directories, _)| directories.split('/').any(|name| name.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_dot_is_hidden() {
        for path in [".github/workflows/deed.yml", "a/.b/deed.yaml", ".a/deed.yaml"] {
            assert!(is_hidden(path), "{path}");
        }
        for path in ["deed.yaml", ".deed.yaml", "a/b.c/deed.yaml", ""] {
            assert!(!is_hidden(path), "{path}");
        }
    }

    #[test]
    fn the_name_decides() {
        for name in ROOT_MANIFESTS.into_iter().chain(["people.deed.yaml", "a.b.deed.yml", "r.deed.json"]) {
            assert!(is_manifest(name), "{name}");
        }
        for name in ["people.yaml", "deed.toml", "xdeed.yaml", ".deed.yaml", "deed.yaml.bak", "people.deed.YAML", ""] {
            assert!(!is_manifest(name), "{name}");
        }
        assert!(ROOT_MANIFESTS.into_iter().all(is_root_manifest) && !is_root_manifest("people.deed.yaml"));
    }
}
