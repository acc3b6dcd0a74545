//! A text that edits made of another one reads as it does by itself.

use std::fmt::Write as _;

use deed_syntax::{Format, Node, NodeId, Parse, parse};
use proptest::prelude::*;

#[path = "support/invariants.rs"]
mod invariants;
#[path = "support/model.rs"]
mod model;

/// Everything that can be asked of a parse.
fn told(parse: &Parse) -> String {
    let mut out = String::new();
    let mut next = 0;
    let roots: Vec<Node<'_>> = parse.documents().collect();
    let mut tell = |node: Node<'_>, way: &str| {
        let parent = node.parent().map(|parent| format!("{:?}", parent.id()));
        let (value, text) = (node.value(), node.scalar_text());
        let flags = (node.is_key(), node.is_missing(), node.anchor(), node.tag(), node.resolve().id());
        let _ = writeln!(out, "{way} {:?} {node:?} {parent:?} {value:?} {text:?} {flags:?}", node.id());
        next += 1;
    };
    for root in roots {
        walk(root, "", &mut tell);
    }
    let comments: Vec<_> = parse.comments().collect();
    let _ = writeln!(out, "{next} {comments:?} {:?} {:?}", parse.errors(), parse.damage());
    let fields = parse.root().map(|root| root.fields().map(|field| field.name()).collect::<Vec<_>>());
    let _ = writeln!(out, "{fields:?}");
    out
}

fn walk<'t>(node: Node<'t>, way: &str, tell: &mut impl FnMut(Node<'t>, &str)) {
    tell(node, way);
    if node.resolve() != node {
        return;
    }
    for (index, entry) in node.entries().enumerate() {
        tell(entry.key(), &format!("{way}/{index}k"));
        walk(entry.value(), &format!("{way}/{index}"), tell);
    }
    for (index, item) in node.items().enumerate() {
        walk(item, &format!("{way}/{index}"), tell);
    }
}

/// An edit: where from and to, in parts of the text, and what is written.
type Stroke = (prop::sample::Index, u8, String);

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    let written = prop_oneof![
        4 => "[a-z]{1,2}",
        4 => Just(String::new()),
        6 => prop::sample::select(vec![
            "\n", " ", "  ", ":", ": ", "- ", "#", " # x", "\n# y", "\n\n", "\r\n", "\r", "\t", "'", "\"", "|\n", "|+\n", ">-\n",
            "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "? ", "? k\n: v\n", "<<: ", "---\n", "...\n", "\n---\n", "%", "\u{feff}",
            "\u{e9}", "\u{1F600}", "\\", "a: b\n", "\na: b", "\n  a: b\n", "a: |\n  x\n   y\n\n", "\n- a\n- b\n", "a:\n", "~", "``",
        ])
        .prop_map(str::to_owned),
        1 => "[ -~\n]{0,20}",
    ];
    prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![3 => 0_u8..3, 1 => 0_u8..40], written), 1..6)
}

fn apply(text: &str, (at, length, written): &Stroke) -> String {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(at.index(text.len() + 1));
    let end = floor((start + usize::from(*length)).min(text.len())).max(start);
    format!("{}{written}{}", &text[..start], &text[end..])
}

/// Edits a text again and again, each tree made from the one before.
#[track_caller]
fn check(text: &str, format: Format, strokes: &[Stroke]) {
    let (mut before, mut text) = (parse(text, format), text.to_owned());
    for stroke in strokes {
        text = apply(&text, stroke);
        let after = before.edited(text.as_str());
        let (told, expected) = (told(&after), told(&parse(text.as_str(), format)));
        let other = told.lines().zip(expected.lines()).find(|(told, expected)| told != expected);
        assert!(told == expected, "{other:#?}\n{:?}\n{text:?}", before.text());
        invariants::assert_invariants(&after);
        before = after;
    }
}

/// A manifest with everything in it that may stand between or within entries.
const MANIFEST: &str = "\
# people
deed: 1
people:
  anna:
    name: Anna Ruiz   # CISO
    emails: [anna@example.org, 'a@b.c']
    note: |
      one

      two
  # nobody
  ben: {name: Ben, emails: []}
  cleo:
    name: >-
      Cleo
      Berg
    keys:
    - a b
    -
      c: d

risks:
  R-1:
    title: \"Loss \\u00e9\"
    'owner': it

    accepted:
      - {by: anna, date: 2026-01-15}
  R-2:
    title: two
      lines
    owner:
  ? R-3
  : title: x
# end
controls: {}
";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_text_reads_as_by_itself(
        tree in model::model(),
        mut style in model::style(),
        json in prop::bool::weighted(0.1),
        strokes in strokes(),
    ) {
        let format = if json { Format::Json } else { Format::Yaml };
        check(&model::write(&tree, format, &mut style), format, &strokes);
    }

    #[test]
    fn an_edited_manifest_reads_as_by_itself(breaks in prop::sample::select(vec!["\n", "\r\n", "\r"]), strokes in strokes()) {
        check(&MANIFEST.replace('\n', breaks), Format::Yaml, &strokes);
    }

    #[test]
    fn a_manifest_of_other_lines_reads_as_by_itself(lines in prop::collection::vec(any::<prop::sample::Index>(), 2..4)) {
        let all: Vec<&str> = MANIFEST.split_inclusive('\n').collect();
        let mut before = parse(MANIFEST, Format::Yaml);
        let mut now = all.clone();
        for line in lines {
            // A line is taken away, or written twice.
            let at = line.index(now.len());
            if at % 2 == 0 { now.remove(at); } else { now.insert(at, now[at]) }
            let text = now.concat();
            let after = before.edited(text.as_str());
            prop_assert_eq!(told(&after), told(&parse(text.as_str(), Format::Yaml)), "{}", text);
            before = after;
        }
    }
}

#[test]
fn what_was_found_out_is_handed_on_until_it_is_used() {
    let first = parse("a: 1\n", Format::Yaml);
    assert_eq!(*first.remember(|before: Option<&u8>| if before.is_none() { 1 } else { 0 }), 1);
    // Nobody asks about the second.
    let third = first.edited("a: 2\n").edited("a: 3\n");
    assert_eq!(*third.remember(|before: Option<&u8>| before.copied().unwrap_or_default() + 1), 2);
    assert_eq!(*third.remember(|_: Option<&u8>| 9), 2);
    assert_eq!(*third.remember(|_: Option<&u16>| 9), 9, "there is room for one type");
    let ids: Vec<NodeId> = third.root().into_iter().map(Node::id).collect();
    assert_eq!(ids, first.root().into_iter().map(Node::id).collect::<Vec<_>>());
}
