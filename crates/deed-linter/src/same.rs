//! Whether two nodes say the same, however they are written.

use std::collections::HashMap;

use deed_syntax::Node;

/// How many nodes one comparison looks at; what is larger counts as different.
const MOST: usize = 100_000;

/// How deep one comparison goes.
const DEEPEST: usize = 64;

/// Returns whether two nodes have the same value: scalars of the same type and value, lists with the same items in the same
/// order, mappings with the same fields in any order. Aliases and merge keys are followed.
pub(crate) fn same(a: Node<'_>, b: Node<'_>) -> bool {
    let mut left = MOST;
    same_within(a, b, DEEPEST, &mut left)
}

fn same_within(a: Node<'_>, b: Node<'_>, depth: usize, left: &mut usize) -> bool {
    let (Some(depth), Some(fewer)) = (depth.checked_sub(1), left.checked_sub(1)) else { return false };
    *left = fewer;
    if a.is_mapping() && b.is_mapping() {
        let (a, b) = (a.fields(), b.fields());
        let of_b: HashMap<_, _> = b.clone().filter_map(|entry| Some((entry.name()?, entry.value()))).collect();
        return a.clone().count() == b.clone().count()
            && a.clone().all(|entry| {
                let other = entry.name().and_then(|name| of_b.get(name));
                other.is_some_and(|other| same_within(entry.value(), *other, depth, left))
            });
    }
    if a.is_sequence() && b.is_sequence() {
        let (mut a, mut b) = (a.items(), b.items());
        loop {
            match (a.next(), b.next()) {
                (Some(a), Some(b)) if same_within(a, b, depth, left) => {}
                (None, None) => return true,
                _ => return false,
            }
        }
    }
    matches!((a.value(), b.value()), (Some(a), Some(b)) if a == b)
}

/// Returns the fields in which two mappings differ, in the order they are written; `None` where one is no mapping.
pub(crate) fn differing<'t>(a: Node<'t>, b: Node<'t>) -> Option<Vec<&'t str>> {
    if !a.is_mapping() || !b.is_mapping() {
        return None;
    }
    let (of_a, of_b) = (a.fields(), b.fields());
    let names = of_a.clone().chain(of_b.clone()).filter_map(|entry| entry.name());
    let mut seen = Vec::new();
    for name in names.filter(|name| *name != "<<") {
        let of = |fields: &deed_syntax::Fields<'t>| fields.clone().find(|entry| entry.is_named(name));
        let is_same = match (of(&of_a), of(&of_b)) {
            (Some(a), Some(b)) => same(a.value(), b.value()),
            _ => false,
        };
        if !is_same && !seen.contains(&name) {
            seen.push(name);
        }
    }
    Some(seen)
}

#[cfg(test)]
mod tests {
    use deed_syntax::{Format, Parse, parse};

    use super::{differing, same};

    fn yaml(text: &str) -> Parse {
        parse(text, Format::Yaml)
    }

    #[test]
    fn style_and_order_do_not_count_and_values_do() {
        let cases = [
            ("{ a: 1, b: [x, \"y\"] }", "b:\n  - x\n  - y\na: 1\n", true),
            ("a: 12", "a: \"12\"", false),
            ("a: [x, y]", "a: [y, x]", false),
            ("a: [x]", "a: [x, y]", false),
            ("a: { b: 1 }", "a: { b: 1, c: 2 }", false),
            ("a: 1", "b: 1", false),
            ("a: ~", "a:", true),
        ];
        for (a, b, expected) in cases {
            let (a, b) = (yaml(a), yaml(b));
            assert_eq!(same(a.root().expect("a root"), b.root().expect("a root")), expected, "{}", b.text());
        }
    }

    #[test]
    fn a_tree_that_aliases_make_huge_is_not_compared_to_its_end() {
        let mut text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
        for level in 1..9 {
            let item = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", [item.as_str(); 10].join(", "));
        }
        let (a, b) = (yaml(&text), yaml(&text));
        assert!(!same(a.root().expect("a root"), b.root().expect("a root")));
    }

    #[test]
    fn the_fields_that_differ_are_named() {
        let (a, b) = (yaml("{ a: 1, b: 2, c: 3 }"), yaml("{ a: 1, b: 3, d: 4 }"));
        assert_eq!(differing(a.root().expect("a root"), b.root().expect("a root")), Some(vec!["b", "c", "d"]));
    }
}
