//! What holds for random trees and random bytes.

use deed_syntax::edit::{self, Edit, Place};
use deed_syntax::{Format, Node, NodeKind, Parse, ScalarStyle, TextRange, parse, parse_bytes};
use proptest::prelude::*;

#[path = "support/invariants.rs"]
mod invariants;
#[path = "support/model.rs"]
mod model;

use model::Model;

fn format() -> impl Strategy<Value = Format> {
    prop_oneof![3 => Just(Format::Yaml), 1 => Just(Format::Json)]
}

/// Reads a tree that was just written.
#[track_caller]
fn read(text: &str, format: Format) -> (Parse, Model) {
    let parse = parse(text, format);
    assert!(parse.errors().is_empty(), "{:?}\n{text}", parse.errors());
    invariants::assert_invariants(&parse);
    let model = model::read(parse.root().expect("there is one"));
    (parse, model)
}

/// All nodes with the way to them: of each collection the index of the entry or item.
fn nodes<'t>(node: Node<'t>, way: &mut Vec<usize>, out: &mut Vec<(Vec<usize>, Node<'t>)>) {
    out.push((way.clone(), node));
    let children: Vec<Node<'t>> =
        if node.is_mapping() { node.entries().map(|entry| entry.value()).collect() } else { node.items().collect() };
    for (index, child) in children.into_iter().enumerate() {
        way.push(index);
        nodes(child, way, out);
        way.pop();
    }
}

fn model_at<'m>(model: &'m mut Model, way: &[usize]) -> &'m mut Model {
    way.iter().fold(model, |model, index| match model {
        Model::Mapping(entries) => &mut entries[*index].1,
        Model::Sequence(items) => &mut items[*index],
        Model::Text(_) => unreachable!("texts have no children"),
    })
}

/// Applies an edit and checks that exactly the intended changed.
#[track_caller]
fn check_edit(parse: &Parse, edit: Edit, expected: &Model) {
    let text = edit::apply(parse.text(), std::slice::from_ref(&edit)).expect("one edit does not overlap");
    let again = deed_syntax::parse(text.as_str(), parse.format());
    assert!(again.errors().is_empty(), "{:?}\n{edit:?}\n{}\n---\n{text}", again.errors(), parse.text());
    let found = model::read(again.root().expect("there is one"));
    assert_eq!(&found, expected, "{edit:?}\n{}\n---\n{text}", parse.text());
    // Comments are kept, except on lines that are removed.
    let count = |parse: &Parse, skip: Option<TextRange>| {
        parse
            .comments()
            .filter(|comment| skip.is_none_or(|skip| skip.intersect(*comment).is_none_or(|both| both.is_empty())))
            .count()
    };
    assert_eq!(count(parse, Some(edit.range)), count(&again, None), "{edit:?}\n{}\n---\n{text}", parse.text());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_written_and_read_is_the_tree(tree in model::model(), mut style in model::style(), format in format()) {
        let text = model::write(&tree, format, &mut style);
        let (_, found) = read(&text, format);
        prop_assert_eq!(found, tree, "{}", text);
    }

    #[test]
    fn a_scalar_reads_as_itself_on_its_own(tree in model::model(), mut style in model::style(), format in format()) {
        let text = model::write(&tree, format, &mut style);
        let (whole, _) = read(&text, format);
        let mut all = Vec::new();
        nodes(whole.root().expect("there is one"), &mut Vec::new(), &mut all);
        for (_, node) in all {
            let keys = node.entries().map(|entry| entry.key());
            for scalar in keys.chain([node]) {
                let block = matches!(scalar.kind(), NodeKind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded));
                if scalar.scalar_text().is_some() && !block {
                    let alone = parse(scalar.source(), format);
                    let value = alone.root().and_then(Node::value);
                    prop_assert_eq!(value, scalar.value(), "{}", scalar.source());
                }
            }
        }
    }

    #[test]
    fn a_replaced_scalar_is_the_only_change(
        tree in model::model(), mut style in model::style(), format in format(), pick in any::<prop::sample::Index>(), new in "[ -~\n\t\u{e9}]{0,10}"
    ) {
        let (parse, mut expected) = read(&model::write(&tree, format, &mut style), format);
        let mut all = Vec::new();
        nodes(parse.root().expect("there is one"), &mut Vec::new(), &mut all);
        let (way, node) = pick.get(&all);
        *model_at(&mut expected, way) = Model::Text(new.clone());
        check_edit(&parse, edit::replace_scalar(*node, &new), &expected);
    }

    #[test]
    fn a_renamed_key_is_the_only_change(
        tree in model::model(), mut style in model::style(), format in format(), pick in any::<prop::sample::Index>(), name in "[ -~\u{e9}]{1,10}"
    ) {
        let (parse, mut expected) = read(&model::write(&tree, format, &mut style), format);
        let mut all = Vec::new();
        nodes(parse.root().expect("there is one"), &mut Vec::new(), &mut all);
        all.retain(|(_, node)| node.entries().next().is_some());
        prop_assume!(!all.is_empty());
        let (way, node) = pick.get(&all);
        let index = pick.index(node.entries().count());
        let Model::Mapping(entries) = model_at(&mut expected, way) else { unreachable!("it has entries") };
        prop_assume!(name != "<<" && entries.iter().all(|(key, _)| *key != name));
        entries[index].0.clone_from(&name);
        let entry = node.entries().nth(index).expect("the index is in range");
        check_edit(&parse, edit::rename_key(entry, &name), &expected);
    }

    #[test]
    fn a_removed_entry_or_item_is_the_only_change(
        tree in model::model(), mut style in model::style(), format in format(), pick in any::<prop::sample::Index>()
    ) {
        let (parse, mut expected) = read(&model::write(&tree, format, &mut style), format);
        let mut all = Vec::new();
        nodes(parse.root().expect("there is one"), &mut Vec::new(), &mut all);
        all.retain(|(_, node)| node.entries().next().is_some() || node.items().next().is_some());
        prop_assume!(!all.is_empty());
        let (way, node) = pick.get(&all);
        let edit = match model_at(&mut expected, way) {
            Model::Mapping(entries) => {
                let index = pick.index(entries.len());
                entries.remove(index);
                edit::remove_entry(node.entries().nth(index).expect("the index is in range"))
            }
            Model::Sequence(items) => {
                let index = pick.index(items.len());
                items.remove(index);
                edit::remove_item(node.items().nth(index).expect("the index is in range"))
            }
            Model::Text(_) => unreachable!("texts have no children"),
        };
        check_edit(&parse, edit, &expected);
    }

    #[test]
    fn an_added_entry_or_item_is_the_only_change(
        tree in model::model(), mut style in model::style(), format in format(), pick in any::<prop::sample::Index>(), name in "[a-z ]{1,10}", new in "[ -~]{0,10}"
    ) {
        let (parse, mut expected) = read(&model::write(&tree, format, &mut style), format);
        let mut all = Vec::new();
        nodes(parse.root().expect("there is one"), &mut Vec::new(), &mut all);
        all.retain(|(_, node)| node.is_mapping() || node.is_sequence());
        let (way, node) = pick.get(&all);
        let value = edit::quote(&new, format);
        let edit = match model_at(&mut expected, way) {
            Model::Mapping(entries) => {
                prop_assume!(entries.iter().all(|(key, _)| *key != name));
                let index = pick.index(entries.len() + 1);
                let before = index.checked_sub(1).map(|index| entries[index].0.clone());
                let place = before.as_deref().map_or(Place::End, Place::After);
                let at = if before.is_some() { index } else { entries.len() };
                entries.insert(at, (name.clone(), Model::Text(new)));
                edit::insert_entry(*node, place, &name, &value)
            }
            Model::Sequence(items) => {
                items.push(Model::Text(new));
                edit::append_item(*node, &value)
            }
            Model::Text(_) => unreachable!("only collections are left"),
        };
        check_edit(&parse, edit.expect("one line always fits"), &expected);
    }

    #[test]
    fn any_bytes_give_a_tree(bytes in prop::collection::vec(any::<u8>(), 0..200), format in format()) {
        invariants::assert_invariants(&parse_bytes(&bytes, format));
    }

    #[test]
    fn any_broken_text_gives_a_tree(
        tree in model::model(), mut style in model::style(), format in format(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), "[ \n\t\\[\\]{},:#&*!|>'\"%@`a-]{0,3}", 0..4_usize), 1..4)
    ) {
        let mut text = model::write(&tree, format, &mut style).into_bytes();
        for (at, insert, remove) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + remove).min(text.len());
            text.splice(at..end, insert.into_bytes());
        }
        invariants::assert_invariants(&parse_bytes(&text, format));
    }
}
