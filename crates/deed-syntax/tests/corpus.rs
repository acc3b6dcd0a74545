//! What the fuzzer found, and some of what it went through on the way, holds the invariants for ever.

use std::path::Path;

use deed_syntax::{Format, parse_bytes};

#[path = "support/invariants.rs"]
mod invariants;

#[test]
fn every_input_of_the_fuzzer_gives_a_sound_tree() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/parse");
    let mut count = 0;
    for entry in std::fs::read_dir(&corpus).expect("the corpus is kept in the tree") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        for format in [Format::Yaml, Format::Json] {
            invariants::assert_invariants(&parse_bytes(&bytes, format));
        }
        count += 1;
    }
    assert!(count > 100, "{count} inputs");
}
