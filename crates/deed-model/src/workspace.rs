//! The manifests of one root and the register they make.

use std::sync::Arc;

use deed_syntax::Parse;

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
    register: Register,
}

impl Workspace {
    /// Builds the register of some manifests.
    ///
    /// Their order does not matter: they are sorted by path, `deed.yaml` (the root manifest) first, so that results
    /// do not depend on how a directory was read.
    pub fn new(mut manifests: Vec<Manifest>) -> Self {
        manifests.sort_by(|a, b| (!is_root_manifest(&a.path), &a.path).cmp(&(!is_root_manifest(&b.path), &b.path)));
        let mut register = Register::default();
        for (manifest, file) in manifests.iter().zip(0..) {
            if let Some(root) = manifest.parse.root() {
                register.add(FileId(file), root);
            }
        }
        register.imply_layers();
        register.link();
        Self { manifests, register }
    }

    /// Returns the manifests, the root manifest first, then by path.
    pub fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    /// Returns a manifest with its id, for each manifest.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Manifest)> {
        (0..).map(FileId).zip(&self.manifests)
    }

    /// Returns one manifest.
    ///
    /// # Panics
    /// Panics if `file` is of another workspace.
    pub fn manifest(&self, file: FileId) -> &Manifest {
        &self.manifests[file.0 as usize]
    }

    /// Returns the manifest at a path below the root.
    pub fn file_of(&self, path: &str) -> Option<FileId> {
        self.files().find(|(_, manifest)| manifest.path == path).map(|(file, _)| file)
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

#[cfg(test)]
mod tests {
    use super::*;

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
