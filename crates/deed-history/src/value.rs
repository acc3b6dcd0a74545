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
        let mut leaves = Vec::new();
        self.outline(node, &mut leaves);
        leaves
    }

    /// Adds the leaves below a node to others and returns how they hang together.
    pub(crate) fn outline(&mut self, node: Node<'t>, leaves: &mut Vec<Leaf>) -> Twig {
        self.whole(node);
        let mut walk = Walk { values: self, leaves, display: String::new(), aliased: 0 };
        walk.node(node, Seen { range: node.range(), aliased: false }, 0, mix(b'R', 0, 0), 0)
    }

    fn value(&mut self, node: Node<'t>, depth: usize) -> u64 {
        let node = node.resolve();
        if let Some(value) = node.value() {
            return tagged(node, scalar(value, node.scalar_text().unwrap_or_default()));
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
        let hash = if node.is_mapping() {
            for entry in node.fields() {
                let step = self.key(entry);
                sum = sum.wrapping_add(field(step, self.value(entry.value(), depth + 1)));
                count += 1;
            }
            mapping(sum, count)
        } else {
            for item in node.items() {
                sum = sum.wrapping_add(element(self.value(item, depth + 1)));
                count += 1;
            }
            sequence(sum, count)
        };
        let hash = tagged(node, hash);
        self.whole.insert(node.id(), Some(hash));
        hash
    }

    pub(crate) fn key(&mut self, entry: Entry<'t>) -> u64 {
        match entry.name() {
            Some(name) => named_field(name),
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
                nameless_item(whole, *occurrence)
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
        Some(named_item(field, self.value(node, 0)))
    }
}

/// A node of an outline: where its leaves are among all.
pub(crate) struct Twig {
    /// What identifies it in its parent.
    pub(crate) step: u64,
    /// The whole value.
    pub(crate) value: u64,
    /// The indices of its leaves.
    pub(crate) leaves: std::ops::Range<u32>,
    /// Sorted by step; empty for a leaf.
    pub(crate) children: Vec<Self>,
}

struct Walk<'v, 't> {
    values: &'v mut Values<'t>,
    leaves: &'v mut Vec<Leaf>,
    display: String,
    aliased: usize,
}

/// Where a node is seen, which for what an alias stands for is the alias.
#[derive(Clone, Copy)]
struct Seen {
    range: TextRange,
    aliased: bool,
}

impl<'t> Walk<'_, 't> {
    fn node(&mut self, node: Node<'t>, seen: Seen, step: u64, path: u64, depth: usize) -> Twig {
        let aliased = seen.aliased || node.kind() == NodeKind::Alias;
        let node = node.resolve();
        self.aliased += usize::from(aliased);
        let first = self.leaves.len() as u32;
        let mut children = Vec::new();
        if depth <= MAX_DEPTH && !(aliased && self.aliased > MAX_ALIASED) {
            let place = |child: Node<'t>| Seen { range: if aliased { seen.range } else { child.range() }, aliased };
            let len = self.display.len();
            if node.is_mapping() {
                for entry in node.fields() {
                    self.push_key(entry);
                    let (step, value) = (self.values.key(entry), entry.value());
                    children.push(self.node(value, place(value), step, mix(b'/', path, step), depth + 1));
                    self.display.truncate(len);
                }
            } else if node.is_sequence() {
                let items: Vec<Node<'t>> = node.items().collect();
                let steps = self.values.steps(&items);
                for (index, (item, step)) in items.into_iter().zip(steps).enumerate() {
                    self.display.push_str(&format!("[{index}]"));
                    children.push(self.node(item, place(item), step, mix(b'/', path, step), depth + 1));
                    self.display.truncate(len);
                }
            }
            children.sort_unstable_by_key(|child: &Twig| child.step);
        }
        let value = self.values.value(node, 0);
        if children.is_empty() {
            self.leaves.push(Leaf { path, value, range: seen.range, display: self.display.as_str().into() });
        }
        Twig { step, value, leaves: first..self.leaves.len() as u32, children }
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
    // At once and in whole words, which is what the hasher is quick at.
    let mut words = [0; 24];
    words[..8].copy_from_slice(&a.to_ne_bytes());
    words[8..16].copy_from_slice(&b.to_ne_bytes());
    words[16] = tag;
    let mut hasher = KEYS.build_hasher();
    hasher.write(&words);
    hasher.finish()
}

pub(crate) fn text(tag: u8, text: &str) -> u64 {
    let mut hasher = KEYS.build_hasher();
    hasher.write(text.as_bytes());
    // Behind the text, since it has a last byte but no length of its own.
    hasher.write_u8(tag);
    hasher.finish()
}

// What values and steps are made of. Sums of keyed hashes compare bags: order does not count.

/// The step to a field of that name.
pub(crate) fn named_field(name: &str) -> u64 {
    text(b'k', name)
}

/// The step to an item that the value of one of [`IDENTITY`] names.
pub(crate) fn named_item(field: usize, value: u64) -> u64 {
    mix(b'n', field as u64, value)
}

/// The step to an item that its value names, the first of its kind or a later one.
pub(crate) fn nameless_item(value: u64, occurrence: u64) -> u64 {
    mix(b'i', value, occurrence)
}

/// What a field adds to the sum of its mapping.
pub(crate) fn field(step: u64, value: u64) -> u64 {
    mix(b':', step, value)
}

/// What an item adds to the sum of its sequence.
pub(crate) fn element(value: u64) -> u64 {
    mix(b'-', value, 0)
}

/// The value of a mapping.
pub(crate) fn mapping(sum: u64, count: u64) -> u64 {
    mix(b'M', sum, count)
}

/// The value of a sequence.
pub(crate) fn sequence(sum: u64, count: u64) -> u64 {
    mix(b'S', sum, count)
}

/// The value of a scalar, written like that.
pub(crate) fn scalar(value: Value<'_>, written: &str) -> u64 {
    match value {
        Value::Null => mix(b'0', 0, 0),
        Value::Bool(truth) => mix(b'b', u64::from(truth), 0),
        Value::Int(int) => mix(b'd', int.cast_unsigned(), 0),
        Value::Float(float) => {
            // A whole number too large for 64 bits is no less exact than others.
            let (sign, digits) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
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
