//! The laws of the house, each held by a test. The failure text is the instruction.

mod arrows;
mod drift;
mod generated;
mod map;
mod rules;

use std::path::{Path, PathBuf};

/// The top of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The library crates: the directories in `crates` with a manifest of their own.
fn crates() -> Vec<String> {
    let mut names: Vec<String> = entries("crates")
        .into_iter()
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn entries(directory: impl AsRef<Path>) -> Vec<PathBuf> {
    let directory = root().join(directory);
    let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries.map(|entry| entry.expect("a directory entry").path()).collect()
}

/// Every `.rs` file below a directory.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in entries(directory) {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Compares a generated file with what it should be, or writes it under `UPDATE=1`.
#[track_caller]
fn assert_generated(path: &str, expected: &str) {
    let full = root().join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&full, expected).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(found == expected, "{path} is out of date: run `UPDATE=1 cargo test --test house` and read the diff");
}
