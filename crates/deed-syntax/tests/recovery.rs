//! One broken entry costs that entry and not the file.

use std::collections::BTreeSet;

use deed_syntax::{Format, Node, Parse, parse};

/// A leaf: its line, its key path and its text.
type Leaf = (usize, String, String);

fn manifest() -> String {
    let mut text = String::from("version: 1\nname: demo\ncontrols:\n");
    for i in 0..24 {
        text += &format!(
            "  - id: C-{i}\n    title: Control number {i}\n    owner: {{team: t{i}, mail: \"a@b.c\"}}\n    tags: [x, y]\n"
        );
    }
    text + "settings:\n  strict: true\n"
}

fn leaves(parse: &Parse) -> BTreeSet<Leaf> {
    fn walk(node: Node<'_>, leaves: &mut BTreeSet<Leaf>) {
        if let Some(text) = node.scalar_text() {
            let line = node.parse().text()[..node.range().start().into()].matches('\n').count() + 1;
            leaves.insert((line, node.path().to_string(), text.to_owned()));
        }
        node.entries().for_each(|entry| walk(entry.value(), leaves));
        node.items().for_each(|item| walk(item, leaves));
    }
    let mut leaves = BTreeSet::new();
    parse.documents().for_each(|root| walk(root, &mut leaves));
    leaves
}

fn yaml(text: &str) -> Parse {
    parse(text, Format::Yaml)
}

/// The manifest with some lines replaced, and the leaves of the others.
fn broken(lines: &[(usize, &str)]) -> (String, BTreeSet<Leaf>) {
    let good = manifest();
    let mut text = String::new();
    for (index, line) in good.lines().enumerate() {
        let line = lines.iter().find(|(number, _)| *number == index + 1).map_or(line, |(_, line)| line);
        text += &format!("{line}\n");
    }
    let others = leaves(&yaml(&good)).into_iter();
    (text, others.filter(|leaf| lines.iter().all(|(number, _)| *number != leaf.0)).collect())
}

#[test]
fn a_broken_line_costs_only_itself() {
    let lines = [
        (49, "    ow"),
        (48, "  - i"),
        (49, "    title: \"Control"),
        (49, "    title: 'Control"),
        (51, "    tags: [x, y"),
        (50, "    owner: {team: t, mail:"),
        (49, "\ttitle: Control"),
        (49, "   title: Control"),
        (49, "      title: Control"),
        (49, "    title: Control: x"),
        (49, "    - title: x"),
        (49, "    title: @foo"),
        (49, "    : x"),
        (49, "    title: *nope"),
        (49, "    id: again"),
        (49, "    title: \"a\\qb\""),
        (49, "    title:Control"),
        (49, "<<<<<<< HEAD"),
        (49, "    title: %x"),
        (49, "    title: a\u{1}b"),
    ];
    let mut lost = String::new();
    for line in lines {
        let (text, expected) = broken(&[line]);
        let parse = yaml(&text);
        let found = leaves(&parse);
        let missing: Vec<_> = expected.difference(&found).collect();
        // `: x` is an entry with an empty key.
        let errors = usize::from(line.1 != "    : x");
        if !missing.is_empty() || parse.errors().len() != errors {
            lost += &format!("{line:?} lost {missing:?}\n{:#?}\n", parse.errors());
        }
    }
    assert!(lost.is_empty(), "{lost}");
}

#[test]
fn typing_a_line_keeps_all_others_at_every_key_stroke() {
    let typed = [
        "    owner: {team: \"x y\", mail: [a, \"b\"]}",
        "    title: 'it''s a \\ test'",
        "    tags: [a, b, {c: d}]",
        "  - id: \"C-99\"",
        "    note: >-",
        "    ref: *anc",
        "    \"quoted key\": &anc !t v",
        "    - x: - y",
        "    ? complex",
        "# comment",
        "    exp: 2026-01-01T00:00:00Z # c",
    ];
    let good = manifest();
    let original = leaves(&yaml(&good));
    let mut lost = String::new();
    for typed in typed {
        for end in 1..=typed.len() {
            let text: String = good
                .lines()
                .enumerate()
                .map(|(index, line)| match index {
                    48 => format!("{line}\n{}\n", &typed[..end]),
                    _ => format!("{line}\n"),
                })
                .collect();
            // A new item takes the rest of the one it splits, so paths move on: the texts and lines must be there.
            let texts = |leaves: &BTreeSet<Leaf>, line: fn(usize) -> usize| -> BTreeSet<(usize, String)> {
                leaves.iter().map(|leaf| (line(leaf.0), leaf.2.clone())).collect()
            };
            let expected = texts(&original, |line| if line > 49 { line + 1 } else { line });
            let parse = yaml(&text);
            let found = texts(&leaves(&parse), |line| line);
            let missing: Vec<_> = expected.difference(&found).collect();
            if !missing.is_empty() {
                lost += &format!("{:?} lost {missing:?}\n{:#?}\n", &typed[..end], parse.errors());
            }
        }
    }
    assert!(lost.is_empty(), "{lost}");
}

#[test]
fn three_broken_lines_cost_only_themselves() {
    let bad = ["    title: \"Control", "    title: @foo", "\ttitle: x", "    ow", "    title: a: b"];
    let mut lost = String::new();
    for a in bad {
        for b in bad {
            for c in bad {
                let (text, expected) = broken(&[(21, a), (49, b), (77, c)]);
                let parse = yaml(&text);
                let missing: Vec<_> = expected.difference(&leaves(&parse)).cloned().collect();
                if !missing.is_empty() || parse.errors().len() != 3 {
                    lost += &format!("{:?} lost {missing:?}\n{:#?}\n", [a, b, c], parse.errors());
                }
            }
        }
    }
    assert!(lost.is_empty(), "{lost}");
}
