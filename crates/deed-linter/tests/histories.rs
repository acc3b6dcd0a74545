//! What all rules together say of a history: `histories.md` has one under each heading, with the rules that are to report,
//! by place, behind a colon.
#![allow(clippy::unwrap_used, reason = "tests")]

mod played;

use deed_linter::{Diagnostic, lint};
use deed_test::fixture::examples;

use crate::played::State;

#[test]
fn one_mistake_is_one_diagnostic() {
    let mut wrong = String::new();
    let all = examples(include_str!("histories.md"));
    assert!(all.len() > 20, "the histories are found");
    for example in &all {
        let (_, expected) = example.heading.split_once(": ").unwrap_or((&example.heading, ""));
        let expected: Vec<_> = expected.split(", ").filter(|rule| !rule.is_empty()).collect();
        let state = State::of(example);
        assert!(state.expected.is_empty(), "{}: the heading says what is expected", example.heading);
        // What the register alone shows is not what this is about.
        let line = |diagnostic: &Diagnostic| format!("{}: {}", diagnostic.rule.id, diagnostic.message);
        let known: Vec<_> = lint(&state.inputs(None)).diagnostics.iter().map(line).collect();
        let all = lint(&state.inputs(state.history.as_ref())).diagnostics;
        let new: Vec<_> = all.iter().filter(|diagnostic| !known.contains(&line(diagnostic))).collect();
        let found: Vec<_> = new.iter().map(|diagnostic| diagnostic.rule.id).collect();
        if found != expected {
            let said: String = new.iter().map(|diagnostic| line(diagnostic) + "\n").collect();
            wrong += &format!("{}\n{said}\n", example.heading);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
