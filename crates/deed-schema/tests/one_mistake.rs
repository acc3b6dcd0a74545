//! One mistake anywhere in a manifest is one violation, and it points there.

use deed_schema::{Violation, ViolationKind, violations};
use deed_syntax::{Format, KeyPath, Node, Parse, Segment, TextRange, parse};

const CONTRACT: &str = include_str!("manifests/contract.yaml");

/// Calls a function with every value of the contract's manifest and the path to it.
fn each(visit: &mut impl FnMut(&Parse, &KeyPath, Node<'_>)) {
    let parse = parse(CONTRACT, Format::Yaml);
    let mut pending = vec![(KeyPath::default(), parse.root().expect("it has a root"))];
    while let Some((path, node)) = pending.pop() {
        let below = |segment| KeyPath(path.0.iter().cloned().chain([segment]).collect());
        for entry in node.entries() {
            let name = entry.name().expect("keys are words").to_owned();
            pending.push((below(Segment::Key(name)), entry.value()));
        }
        for (index, item) in node.items().enumerate() {
            pending.push((below(Segment::Index(index)), item));
        }
        if !path.0.is_empty() {
            visit(&parse, &path, node);
        }
    }
}

fn replaced(text: &str, range: TextRange, new: &str) -> Vec<Violation> {
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let text = format!("{}{new}{}", &text[..start], &text[end..]);
    let parse = parse(text, Format::Yaml);
    assert!(parse.errors().is_empty(), "{:?}", parse.errors());
    violations(parse.root().expect("it has a root")).to_vec()
}

#[test]
fn a_wrong_value_anywhere_is_at_most_one_violation_and_at_that_place() {
    let mut found = 0;
    each(&mut |parse, path, node| {
        for new in ["[]", "{}", "7", "true", "'?!'", "['?!']", "2026-02-30", "~", "''"] {
            let found_here = replaced(parse.text(), node.range(), new);
            found += found_here.len();
            assert!(found_here.len() <= 1, "{path}: {new}: {found_here:#?}");
            for violation in found_here {
                let here = violation.key_path.0.starts_with(&path.0);
                // What is not written is missing from what is around it.
                let around = violation.kind == ViolationKind::MissingField && path.0.starts_with(&violation.key_path.0);
                assert!(here || around, "{path}: {new}: {violation:#?}");
            }
        }
    });
    assert!(found > 1_000, "{found} violations");
}

#[test]
fn a_slip_in_any_field_is_one_violation_that_knows_the_field() {
    let (mut slips, mut known) = (0, 0);
    each(&mut |parse, path, node| {
        let Some(Segment::Key(name)) = path.0.last() else { return };
        let key = node.parent().into_iter().flat_map(Node::entries).find(|e| e.value() == node);
        let key = key.expect("a value has a key").key();
        for at in 1..name.len() {
            let typo = format!("{}{}", &name[..at], &name[at + 1..]);
            let found = replaced(parse.text(), key.range(), &typo);
            let [violation] = &found[..] else {
                assert!(found.is_empty(), "{path}: {typo}: {found:#?}");
                continue;
            };
            assert_eq!(violation.kind, ViolationKind::UnknownField, "{path}: {typo}");
            slips += 1;
            known += usize::from(violation.message.contains(&format!("did you mean `{name}`?")));
        }
    });
    assert!(slips > 500, "{slips} slips");
    assert_eq!(known, slips, "a slip was not recognized");
}
