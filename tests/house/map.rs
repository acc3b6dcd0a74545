//! The map of the crates is true, and every crate opens by saying what it is.

use crate::{crates, read, root, sources};

#[test]
fn the_map_lists_every_crate() {
    let map = read("crates/README.md");
    for name in crates() {
        assert!(map.contains(&format!("| [`{name}`]({name}) |")), "crates/README.md: add a row for {name}");
    }
    for line in map.lines().filter_map(|line| line.strip_prefix("| [`")) {
        let name = line.split('`').next().expect("a name");
        let exists = crates().iter().any(|known| known == name) || root().join("crates").join(name).is_dir();
        assert!(exists, "crates/README.md: {name} is gone");
    }
}

/// Every path that the two guides name in a link or in backticks exists.
#[test]
fn paths_in_the_guides_exist() {
    for (guide, base) in [("README.md", ""), ("crates/README.md", "crates/")] {
        let text = read(guide);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().expect("a part");
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(root().join(base).join(path).exists(), "{guide} links to {target}, which does not exist");
        }
    }
}

#[test]
fn every_crate_says_what_goes_in_and_out_and_where_to_start() {
    for name in crates() {
        let source = read(format!("crates/{name}/src/lib.rs"));
        let head: String = source.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
        for part in ["In:", "Out:", "nows nothing of", "Start"] {
            assert!(head.contains(part), "crates/{name}/src/lib.rs: the head must say `{part} …`");
        }
    }
}

#[test]
fn no_module_is_a_junk_drawer() {
    for file in sources(&root().join("crates")) {
        let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let bad = ["util", "utils", "common", "helper", "helpers", "types", "misc"];
        assert!(!bad.contains(&stem.as_str()), "{}: name it for what it holds", file.display());
    }
}

/// The words of the glossary: one word for one thing.
#[test]
fn the_glossary_is_kept() {
    let map = read("crates/README.md");
    for word in ["Register", "Subject", "Section", "Decision", "Diagnostic", "Rule", "Label", "Fix", "Manifest", "Root"]
    {
        assert!(map.contains(&format!("| **{word}** |")), "crates/README.md: the glossary must explain {word}");
    }
}
