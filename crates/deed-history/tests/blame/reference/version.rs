//! What a version of a file says: its leaves, each with its identity and its value.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

use deed_syntax::{Entry, Format, KeyPath, Node, NodeId, NodeKind, Segment, TextRange, Value, parse_bytes};

/// Stands for a value or a path.
pub(super) type Digest = u128;

/// What identifies a mapping in a sequence: the first of these that is a scalar.
const IDENTITY: [&str; 6] = ["id", "name", "key", "title", "path", "email"];

pub(super) struct Version {
    /// In order.
    pub(super) leaves: Vec<Leaf>,
    documents: Vec<Document>,
}

pub(super) struct Leaf {
    pub(super) document: usize,
    path: Digest,
    value: Digest,
    pub(super) display: String,
    pub(super) range: TextRange,
}

struct Document {
    /// What tells it from others of its file.
    identity: Option<Digest>,
    values: HashMap<Digest, Digest>,
    top: HashSet<Digest>,
    id: Option<Digest>,
}

impl Version {
    /// Returns `None` for a text with errors.
    pub(super) fn parse(bytes: &[u8], is_json: bool) -> Option<Self> {
        let parse = parse_bytes(bytes, if is_json { Format::Json } else { Format::Yaml });
        if !parse.errors().is_empty() {
            return None;
        }
        let (mut leaves, mut documents) = (Vec::new(), Vec::new());
        for (index, root) in parse.documents().enumerate() {
            let mut values = Values::default();
            let first = leaves.len();
            let seen = Seen { document: index, within: None };
            values.leaves(root, digest(&["root"]), String::new(), seen, &mut leaves);
            documents.push(Document {
                identity: values.document(root),
                values: leaves[first..].iter().map(|leaf| (leaf.path, leaf.value)).collect(),
                top: values.top(root),
                id: root.get("id").map(|entry| values.value(entry.value())),
            });
        }
        Some(Self { leaves, documents })
    }

    /// Says whether a leaf of another version is here, with the same value.
    pub(super) fn has(&self, head: &Self, leaf: usize) -> bool {
        let leaf = &head.leaves[leaf];
        let document = self.counterpart(head, leaf.document);
        document.is_some_and(|document| self.documents[document].values.get(&leaf.path) == Some(&leaf.value))
    }

    /// Which document is one of another version: the only one of an only one, the one of its name, or of those that no
    /// name tells apart the one at its place.
    fn counterpart(&self, head: &Self, document: usize) -> Option<usize> {
        if self.documents.len() == 1 && head.documents.len() == 1 {
            return Some(0);
        }
        let named = |version: &Self, index: usize| {
            let identity = version.documents[index].identity?;
            let same = version.documents.iter().filter(|other| other.identity == Some(identity)).count();
            (same == 1).then_some(identity)
        };
        let all = || 0..self.documents.len();
        match named(head, document) {
            Some(identity) => all().find(|index| named(self, *index) == Some(identity)),
            None => {
                let rank = (0..document).filter(|index| named(head, *index).is_none()).count();
                all().filter(|index| named(self, *index).is_none()).nth(rank)
            }
        }
    }

    /// How many leaves two files share, if they are two forms of one: most leaves are the same, and at least half of the
    /// uppermost keys. Two with different `id`s are two files.
    pub(super) fn common(&self, other: &Self) -> Option<usize> {
        fn id(version: &Version) -> Option<Digest> {
            version.documents.first()?.id
        }
        if id(self).zip(id(other)).is_some_and(|(own, other)| own != other) {
            return None;
        }
        let none = HashSet::new();
        let (own, others) = (&self.documents, &other.documents);
        let (top, other_top) =
            (own.first().map_or(&none, |first| &first.top), others.first().map_or(&none, |first| &first.top));
        if top.intersection(other_top).count() * 2 < top.len().max(other_top.len()) {
            return None;
        }
        let shared = |(own, other): (&Document, &Document)| {
            own.values.iter().filter(|(path, value)| other.values.get(*path) == Some(*value)).count()
        };
        let common = own.iter().zip(others).map(shared).sum::<usize>();
        (common * 2 > self.leaves.len().max(other.leaves.len())).then_some(common)
    }
}

fn digest(parts: &[&str]) -> Digest {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        for part in parts {
            hasher.write_usize(part.len());
            hasher.write(part.as_bytes());
        }
        Digest::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// A digest of digests and words.
macro_rules! of {
    ($($part:expr),*) => { digest(&[$(&$part.to_string()),*]) };
}

#[derive(Default)]
struct Values {
    known: HashMap<NodeId, Digest>,
    open: Vec<NodeId>,
}

/// Where a node is seen: what an alias stands for, where the alias is.
#[derive(Clone, Copy)]
struct Seen {
    document: usize,
    within: Option<TextRange>,
}

impl Values {
    /// What a node says: style, quotes, comments and order do not count.
    fn value(&mut self, node: Node<'_>) -> Digest {
        let node = node.resolve();
        let tag = match node.tag() {
            None | Some("!" | "?") => "",
            Some(tag) => match tag.strip_prefix("tag:yaml.org,2002:") {
                Some("null" | "bool" | "int" | "float" | "str" | "map" | "seq") => "",
                _ => tag,
            },
        };
        if let Some(value) = node.value() {
            return of!(tag, scalar(value, node.scalar_text().unwrap_or_default()));
        }
        if node.kind() == NodeKind::Alias || self.open.contains(&node.id()) {
            return of!("alias", node.source());
        }
        if let Some(known) = self.known.get(&node.id()) {
            return *known;
        }
        self.open.push(node.id());
        let mut parts: Vec<(Digest, Digest)> = if node.is_mapping() {
            node.fields().map(|entry| (self.key(entry), self.value(entry.value()))).collect()
        } else {
            node.items().map(|item| (0, self.value(item))).collect()
        };
        self.open.pop();
        parts.sort_unstable();
        let value = of!(tag, node.is_mapping(), format!("{parts:?}"));
        self.known.insert(node.id(), value);
        value
    }

    fn key(&mut self, entry: Entry<'_>) -> Digest {
        match entry.name() {
            Some(name) => of!("key", name),
            None => of!("complex key", self.value(entry.key())),
        }
    }

    /// The field of a mapping that identifies it, with its value.
    fn identity(&mut self, node: Node<'_>) -> Option<Digest> {
        let named = |name| Some((name, node.get(name)?.value())).filter(|(_, node)| node.value().is_some());
        let (name, node) = IDENTITY.into_iter().find_map(named)?;
        Some(of!("named", name, self.value(node)))
    }

    /// What identifies a document: what identifies an item, or else kind, name and namespace as in Kubernetes.
    fn document(&mut self, root: Node<'_>) -> Option<Digest> {
        if let Some(identity) = self.identity(root) {
            return Some(identity);
        }
        let scalar = |node: Node<'_>, name| {
            let node = node.get(name)?.value();
            node.value().is_some().then(|| Self::default().value(node))
        };
        let metadata = root.get("metadata")?.value();
        Some(of!(scalar(root, "kind")?, scalar(metadata, "name")?, format!("{:?}", scalar(metadata, "namespace"))))
    }

    /// The uppermost keys: of a sequence what identifies its items.
    fn top(&mut self, root: Node<'_>) -> HashSet<Digest> {
        if root.is_mapping() {
            return self.steps(root).into_iter().collect();
        }
        root.items().map(|item| self.identity(item).unwrap_or(0)).collect()
    }

    /// What identifies each entry of a mapping or a sequence in it.
    fn steps(&mut self, node: Node<'_>) -> Vec<Digest> {
        if node.is_mapping() {
            return node.fields().map(|entry| self.key(entry)).collect();
        }
        let names: Vec<Option<Digest>> = node.items().map(|item| self.identity(item)).collect();
        let mut shared: HashMap<Digest, usize> = HashMap::new();
        names.iter().flatten().for_each(|name| *shared.entry(*name).or_default() += 1);
        let mut occurrences: HashMap<Digest, usize> = HashMap::new();
        let step = |(item, name): (Node<'_>, &Option<Digest>)| match name {
            Some(name) if shared[name] == 1 => *name,
            _ => {
                let value = self.value(item);
                let occurrence = occurrences.entry(value).or_default();
                *occurrence += 1;
                of!("item", value, occurrence)
            }
        };
        node.items().zip(&names).map(step).collect()
    }

    /// Adds the leaves below a node: scalars, empty mappings and empty sequences.
    fn leaves(&mut self, node: Node<'_>, path: Digest, display: String, seen: Seen, leaves: &mut Vec<Leaf>) {
        let range = seen.within.unwrap_or(node.range());
        let within = if node.kind() == NodeKind::Alias { Some(range) } else { seen.within };
        let seen = Seen { within, ..seen };
        let node = node.resolve();
        let below: Vec<(String, Node<'_>)> = if self.open.contains(&node.id()) {
            vec![]
        } else if node.is_mapping() {
            let dot = if display.is_empty() { "" } else { "." };
            let field = |entry: Entry<'_>| {
                let name = entry.name().unwrap_or_else(|| entry.key().source());
                format!("{display}{dot}{}", KeyPath(vec![Segment::Key(name.to_owned())]))
            };
            node.fields().map(|entry| (field(entry), entry.value())).collect()
        } else {
            node.items().enumerate().map(|(index, item)| (format!("{display}[{index}]"), item)).collect()
        };
        if below.is_empty() {
            let value = self.value(node);
            leaves.push(Leaf { document: seen.document, path, value, display, range });
            return;
        }
        let steps = self.steps(node);
        self.open.push(node.id());
        for (step, (display, node)) in steps.into_iter().zip(below) {
            self.leaves(node, of!(path, step), display, seen, leaves);
        }
        self.open.pop();
    }
}

/// A scalar as YAML's core schema reads it.
fn scalar(value: Value<'_>, written: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => format!("bool {truth}"),
        Value::Int(int) => format!("int {int}"),
        Value::Str(text) => format!("text {text}"),
        Value::Float(float) => {
            // Whole numbers too large for 64 bits are told apart by their digits.
            let digits = written.trim_start_matches(['-', '+']).trim_start_matches('0');
            if digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return format!("large {} {digits}", written.starts_with('-'));
            }
            format!("float {:?}", float + 0.0)
        }
    }
}
