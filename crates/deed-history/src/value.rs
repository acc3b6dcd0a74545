//! Values of a document, compared by hash.
//!
//! A node's *identity* is its key path. In a sequence, a scalar item is identified by its value and its occurrence among
//! equal ones; a mapping item by the first of its fields `id`, `name`, `key`, `title`, `path`, `email` that is a scalar,
//! if that is unique in the sequence; any other item by its whole value and its occurrence among equal ones. A node's
//! *value* is what YAML 1.2's core schema makes of it: style, quotes, comments, the order of keys and the order of items
//! do not count, aliases and merge keys stand for what they name.
//!
//! Both are hashes of 64 bits, keyed anew in each process, so that nobody can prepare two values of one hash and
//! nothing may be stored. Two unequal values pass for equal once in 2⁶⁴ comparisons; then a change is not seen.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use deed_syntax::{Entry, KeyPath, Node, NodeId, NodeKind, Parse, Segment, TextRange, Value};
use rustc_hash::FxHashMap;

/// The fields that identify a mapping in a sequence; the first that is a scalar counts.
pub const IDENTITY: [&str; 6] = ["id", "name", "key", "title", "path", "email"];

/// How many leaves aliases may add to those that are written; then an alias is a leaf itself.
const MAX_ALIASED: usize = 100_000;
/// How deep nodes are followed, through aliases as well; what is deeper counts as one value.
const MAX_DEPTH: usize = 400;

/// A scalar, an empty mapping or an empty sequence, where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// The identity, relative to the node that was asked for.
    pub path: u64,
    /// The value.
    pub value: u64,
    /// Where it is written: an alias where the alias is.
    pub range: TextRange,
    /// The path for people, with item numbers: `risks.R-12.plan[0].by`.
    pub display: Box<str>,
}

/// The values of one parse, each computed once.
pub struct Values<'t> {
    parse: &'t Parse,
    /// Of collections only. `None` while it is being computed: an alias inside stands for itself.
    whole: FxHashMap<NodeId, Option<u64>>,
}

impl<'t> Values<'t> {
    /// Starts with nothing computed.
    #[must_use]
    pub fn new(parse: &'t Parse) -> Self {
        Self { parse, whole: FxHashMap::default() }
    }

    /// Returns a node's whole value.
    pub fn whole(&mut self, node: Node<'t>) -> u64 {
        // In order of the document, all that aliases name is known when they come.
        if self.whole.is_empty() {
            let documents: Vec<Node<'t>> = self.parse.documents().collect();
            for document in documents {
                self.value(document, 0);
            }
        }
        self.value(node, 0)
    }

    /// Returns the leaves below a node in order, or the node itself when it is one.
    pub fn leaves(&mut self, node: Node<'t>) -> Vec<Leaf> {
        self.whole(node);
        let mut walk = Walk { values: self, leaves: Vec::new(), display: String::new(), aliased: 0 };
        walk.node(node, node.range(), 0, mix(b'R', 0, 0), 0);
        walk.leaves
    }

    fn value(&mut self, node: Node<'t>, depth: usize) -> u64 {
        let node = node.resolve();
        if let Some(value) = node.value() {
            return tagged(node, scalar(node, value));
        }
        if node.kind() == NodeKind::Alias || depth > MAX_DEPTH {
            return text(b'?', node.source());
        }
        match self.whole.get(&node.id()) {
            Some(Some(hash)) => return *hash,
            Some(None) => return mix(b'O', 0, 0),
            None => self.whole.insert(node.id(), None),
        };
        let (mut sum, mut count) = (0u64, 0);
        let tag = if node.is_mapping() {
            for entry in node.fields() {
                let step = self.key(entry);
                sum = sum.wrapping_add(mix(b':', step, self.value(entry.value(), depth + 1)));
                count += 1;
            }
            b'M'
        } else {
            for item in node.items() {
                sum = sum.wrapping_add(mix(b'-', self.value(item, depth + 1), 0));
                count += 1;
            }
            b'S'
        };
        let hash = tagged(node, mix(tag, sum, count));
        self.whole.insert(node.id(), Some(hash));
        hash
    }

    fn key(&mut self, entry: Entry<'t>) -> u64 {
        match entry.name() {
            Some(name) => text(b'k', name),
            None => mix(b'K', self.value(entry.key(), 0), 0),
        }
    }

    /// Returns what identifies each item of a sequence in it.
    fn steps(&mut self, items: &[Node<'t>]) -> Vec<u64> {
        let candidates: Vec<Option<u64>> = items.iter().map(|item| self.identity(*item)).collect();
        let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
        for candidate in candidates.iter().flatten() {
            *seen.entry(*candidate).or_default() += 1;
        }
        let mut occurrences: FxHashMap<u64, u64> = FxHashMap::default();
        let steps = items.iter().zip(candidates).map(|(item, candidate)| match candidate {
            Some(identity) if seen[&identity] == 1 => identity,
            _ => {
                let whole = self.value(*item, 0);
                let occurrence = occurrences.entry(whole).or_default();
                *occurrence += 1;
                mix(b'i', whole, *occurrence)
            }
        });
        steps.collect()
    }

    fn identity(&mut self, item: Node<'t>) -> Option<u64> {
        if !item.is_mapping() {
            return None;
        }
        let named = |(field, name): (usize, &&str)| Some((field, item.get(name)?.value().resolve()));
        let (field, node) = IDENTITY.iter().enumerate().filter_map(named).find(|(_, node)| node.value().is_some())?;
        Some(mix(b'n', field as u64, self.value(node, 0)))
    }
}

struct Walk<'v, 't> {
    values: &'v mut Values<'t>,
    leaves: Vec<Leaf>,
    display: String,
    aliased: usize,
}

impl<'t> Walk<'_, 't> {
    /// `range` is where the node is seen; `aliases` counts those on the way to it.
    fn node(&mut self, node: Node<'t>, range: TextRange, aliases: usize, path: u64, depth: usize) {
        let aliases = aliases + usize::from(node.kind() == NodeKind::Alias);
        let node = node.resolve();
        if aliases > 0 {
            self.aliased += 1;
        }
        if depth > MAX_DEPTH || self.aliased > MAX_ALIASED && aliases > 0 {
            return self.leaf(node, range, path);
        }
        let place = |child: Node<'t>| if aliases > 0 { range } else { child.range() };
        let len = self.display.len();
        let before = self.leaves.len();
        if node.is_mapping() {
            for entry in node.fields() {
                self.push_key(entry);
                let step = self.values.key(entry);
                let value = entry.value();
                self.node(value, place(value), aliases, mix(b'/', path, step), depth + 1);
                self.display.truncate(len);
            }
        } else if node.is_sequence() {
            let items: Vec<Node<'t>> = node.items().collect();
            let steps = self.values.steps(&items);
            for (index, (item, step)) in items.into_iter().zip(steps).enumerate() {
                self.display.push_str(&format!("[{index}]"));
                self.node(item, place(item), aliases, mix(b'/', path, step), depth + 1);
                self.display.truncate(len);
            }
        }
        if self.leaves.len() == before {
            self.leaf(node, range, path);
        }
    }

    fn leaf(&mut self, node: Node<'t>, range: TextRange, path: u64) {
        let value = self.values.value(node, 0);
        self.leaves.push(Leaf { path, value, range, display: self.display.as_str().into() });
    }

    fn push_key(&mut self, entry: Entry<'t>) {
        if !self.display.is_empty() {
            self.display.push('.');
        }
        let name = entry.name().unwrap_or_else(|| entry.key().source());
        self.display.push_str(&KeyPath(vec![Segment::Key(name.to_owned())]).to_string());
    }
}

static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

pub(crate) fn mix(tag: u8, a: u64, b: u64) -> u64 {
    let mut hasher = KEYS.build_hasher();
    hasher.write_u8(tag);
    hasher.write_u64(a);
    hasher.write_u64(b);
    hasher.finish()
}

pub(crate) fn text(tag: u8, text: &str) -> u64 {
    let mut hasher = KEYS.build_hasher();
    hasher.write_u8(tag);
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn scalar(node: Node<'_>, value: Value<'_>) -> u64 {
    match value {
        Value::Null => mix(b'0', 0, 0),
        Value::Bool(truth) => mix(b'b', u64::from(truth), 0),
        Value::Int(int) => mix(b'd', int.cast_unsigned(), 0),
        Value::Float(float) => {
            // A whole number too large for 64 bits is no less exact than others.
            let digits = node.scalar_text().unwrap_or_default();
            let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
            let digits = digits.strip_prefix('+').unwrap_or(digits).trim_start_matches('0');
            if digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return text(b'D', &format!("{sign}{digits}"));
            }
            // There is one zero, and nothing is less a number than something else.
            let float = if float.is_nan() { f64::NAN } else { float + 0.0 };
            mix(b'f', float.to_bits(), 0)
        }
        Value::Str(string) => text(b's', string),
    }
}

/// A tag of the user's own is part of the value; those of the core schema have done their work.
fn tagged(node: Node<'_>, hash: u64) -> u64 {
    match node.tag() {
        None | Some("!" | "?") => hash,
        Some(tag) => match tag.strip_prefix("tag:yaml.org,2002:") {
            Some("null" | "bool" | "int" | "float" | "str" | "map" | "seq") => hash,
            _ => mix(b'!', text(b'!', tag), hash),
        },
    }
}

#[cfg(test)]
mod tests {
    use deed_syntax::{Format, parse};

    use super::*;

    /// Path and value hashes, sorted.
    fn leaves(text: &str) -> Vec<(u64, u64)> {
        let parse = parse(text, Format::Yaml);
        let root = parse.root().expect("a document");
        let mut leaves: Vec<_> = Values::new(&parse).leaves(root).iter().map(|leaf| (leaf.path, leaf.value)).collect();
        leaves.sort_unstable();
        leaves
    }

    fn whole(text: &str) -> u64 {
        let parse = parse(text, Format::Yaml);
        Values::new(&parse).whole(parse.root().expect("a document"))
    }

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(leaves(a), leaves(b), "{a} | {b}");
        assert_eq!(whole(a), whole(b), "{a} | {b}");
    }

    #[track_caller]
    fn changed(a: &str, b: &str, expected: usize) {
        let (a, b) = (leaves(a), leaves(b));
        assert_eq!(b.iter().filter(|leaf| !a.contains(leaf)).count(), expected);
    }

    #[test]
    fn style_and_order_do_not_count() {
        same("a: 1\nb: [x, y]\n", "# c\nb:\n- \"y\"\n- 'x'\n\"a\":   0x1\n");
        same("a: {b: c}\n", "{a: {\"b\": c}}");
        same("a: null\n", "a:\n");
        same("a: 1.50\n", "a: 1.5\n");
        same("a: |\n  x\n", "a: \"x\\n\"\n");
        same("x: &x {a: 1}\ny: *x\n", "x: {a: 1}\ny: {a: 1}\n");
        same("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n", "x: {a: 1, b: 2}\ny: {b: 3, a: 1}\n");
    }

    #[test]
    fn types_count() {
        for (a, b) in [("12", "'12'"), ("1", "1.0"), ("true", "'true'"), ("''", "~"), ("{}", "[]"), ("[]", "~")] {
            changed(&format!("a: {a}\n"), &format!("a: {b}\n"), 1);
        }
        changed("a: 12345678901234567890123\n", "a: 12345678901234567890124\n", 1);
        changed("a: !Ref x\n", "a: !Sub x\n", 1);
        same("a: !!str 12\n", "a: '12'\n");
    }

    #[test]
    fn items_are_known_by_what_identifies_them() {
        changed("- {id: 1, v: a}\n- {id: 2, v: b}\n", "- {id: 2, v: b}\n- {id: 1, v: c}\n", 1);
        // Inserting before does not touch what follows.
        changed("[{v: a}, {v: b}]\n", "[{v: c}, {v: a}, {v: b}]\n", 1);
        // Editing what has no identity makes another item.
        changed("[{v: a, w: 1}]\n", "[{v: a, w: 2}]\n", 2);
        // An identity that two share is none.
        changed("[{id: 1, v: a}, {id: 1, v: b}]\n", "[{id: 1, v: a}, {id: 1, v: c}]\n", 2);
        // The second of equal ones.
        changed("[a, b]\n", "[a, b, a]\n", 1);
        changed("[a, [b], [c]]\n", "[[c], a, [b]]\n", 0);
    }

    #[test]
    fn paths_for_people_have_item_numbers() {
        let parse = parse("a.b:\n  - {id: x, c: []}\n  - y\n\"d e\": {}\n", Format::Yaml);
        let leaves = Values::new(&parse).leaves(parse.root().expect("a document"));
        let shown: Vec<_> = leaves.iter().map(|leaf| (&*leaf.display, &parse.text()[leaf.range])).collect();
        assert_eq!(shown, [("a.b[0].id", "x"), ("a.b[0].c", "[]"), ("a.b[1]", "y"), ("\"d e\"", "{}")]);
    }

    #[test]
    fn hostile_aliases_end() {
        let mut bomb = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..60 {
            bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
        }
        assert!(leaves(&bomb).len() < MAX_ALIASED * 2);
        let mut chain = "a0: &a0 x\n".to_owned();
        for level in 1..3000 {
            chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        leaves(&chain);
        leaves("a: &a [*a, {b: *a}]\n");
        leaves("a: &a {<<: *a}\n");
    }
}
