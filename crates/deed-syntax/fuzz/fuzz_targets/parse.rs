//! Any bytes, in both notations: what must hold for every parse holds.
#![no_main]

use deed_syntax::{Format, parse_bytes};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/invariants.rs"]
mod invariants;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Yaml, Format::Json] {
        let parse = parse_bytes(bytes, format);
        invariants::assert_invariants(&parse);
        if let Ok(text) = std::str::from_utf8(bytes) {
            assert!(parse.text() == text || parse.text().is_empty());
        }
    }
});
