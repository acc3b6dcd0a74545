//! Data flows one way: text → syntax → model → linter → ide → faces.

use crate::{crates, read};

/// What each crate may use of ours; development-only dependencies count for the last list.
const ARROWS: &[(&str, &[&str], &[&str])] = &[
    ("deed-syntax", &[], &[]),
    ("deed-model", &["deed-syntax"], &[]),
    ("deed-schema", &["deed-syntax"], &[]),
    ("deed-history", &["deed-model", "deed-syntax"], &["deed-test"]),
    ("deed-linter", &["deed-model", "deed-schema", "deed-syntax"], &["deed-history", "deed-test"]),
    ("deed-ide", &["deed-linter", "deed-model", "deed-schema", "deed-syntax"], &["deed-history", "deed-test"]),
    ("deed-test", &[], &[]),
];

/// Third parties that one crate alone may name, [`BENCH`] aside; `deed` is the binary at the root.
const ALONE: &[(&str, &str)] = &[
    ("granit-parser", "deed-syntax"),
    ("git2", "deed-history"),
    ("jsonschema", "deed-schema"),
    ("pgp", "deed-history"),
    ("ssh-key", "deed-history"),
    ("annotate-snippets", "deed"),
    ("clap", "deed"),
];

/// The crate that makes what tests read, and so needs the means to make it.
const BENCH: &str = "deed-test";

/// The names in one table of a Cargo.toml.
fn dependencies(manifest: &str, table: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != format!("[{table}]")).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split(['=', '.']).next())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .collect()
}

#[test]
fn crates_use_only_what_stands_before_them() {
    for name in crates() {
        let (_, may, may_in_tests) = ARROWS
            .iter()
            .find(|(row, ..)| *row == name)
            .unwrap_or_else(|| panic!("say in tests/house/arrows.rs what {name} may use"));
        let manifest = read(format!("crates/{name}/Cargo.toml"));
        for (table, allowed) in [("dependencies", vec![*may]), ("dev-dependencies", vec![*may, *may_in_tests])] {
            for used in dependencies(&manifest, table).iter().filter(|used| used.starts_with("deed")) {
                assert!(allowed.concat().contains(&used.as_str()), "{name} must know nothing of {used}");
            }
        }
    }
}

#[test]
fn third_parties_stay_behind_one_crate() {
    let mut manifests: Vec<_> =
        crates().into_iter().map(|name| (read(format!("crates/{name}/Cargo.toml")), name)).collect();
    manifests.push((read("Cargo.toml"), "deed".to_owned()));
    for (party, owner) in ALONE {
        let mut found = false;
        for (manifest, name) in &manifests {
            let uses = dependencies(manifest, "dependencies").iter().any(|used| used == party);
            assert!(!uses || name == owner || name == BENCH, "{party} belongs to {owner}; {name} names it too");
            found |= uses && name != BENCH;
        }
        assert!(found, "nobody uses {party}: take it out of tests/house/arrows.rs");
    }
}

#[test]
fn every_manifest_says_the_rust_version_and_the_lints() {
    for name in crates() {
        let manifest = read(format!("crates/{name}/Cargo.toml"));
        assert!(manifest.contains("rust-version.workspace = true"), "{name}: rust-version.workspace = true");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name}: [lints] workspace = true");
    }
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
    assert!(read("Cargo.lock").contains("name = \"deed\""), "Cargo.lock is committed");
}
