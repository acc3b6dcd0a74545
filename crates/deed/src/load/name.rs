//! Which files are manifests: the name decides.

use std::ffi::OsStr;

/// What a root manifest may be called.
pub(super) const ROOT_MANIFESTS: [&str; 3] = ["deed.yaml", "deed.yml", "deed.json"];

/// Returns whether a file of that name is a manifest.
pub(super) fn is_manifest(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        // Whatever the odd bytes are, the end of the name still decides; reading it then says what is wrong with it.
        return is_manifest(OsStr::new(&*name.to_string_lossy()));
    };
    is_root_manifest(name)
        || ROOT_MANIFESTS.iter().any(|root| {
            let stem = name.strip_suffix(root).and_then(|stem| stem.strip_suffix('.'));
            stem.is_some_and(|stem| !stem.is_empty())
        })
}

/// Returns whether a file of that name marks a root.
pub(super) fn is_root_manifest(name: &str) -> bool {
    deed_model::is_root_manifest(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides() {
        for name in ROOT_MANIFESTS.into_iter().chain(["people.deed.yaml", "a.b.deed.yml", "r.deed.json"]) {
            assert!(is_manifest(OsStr::new(name)), "{name}");
        }
        for name in ["people.yaml", "deed.toml", "xdeed.yaml", ".deed.yaml", "deed.yaml.bak", "people.deed.YAML", ""] {
            assert!(!is_manifest(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn the_model_knows_the_same_root_manifests() {
        assert!(ROOT_MANIFESTS.iter().all(|name| is_root_manifest(name)));
        assert!(!is_root_manifest("people.deed.yaml"));
    }
}
