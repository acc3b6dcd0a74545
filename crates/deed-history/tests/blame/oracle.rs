//! Blame as its definition says, slowly: each version of each file is parsed whole at each commit, and compared with all
//! of the commit's parents.

use std::collections::{BTreeMap, HashMap, HashSet};

use deed_history::value::{IDENTITY, Values};
use deed_history::{Filter, Graph, MISSING, ObjectKind, Objects, Oid, Trees, is_readable};
use deed_syntax::{Format, Node, parse_bytes};

/// A document: what names it, its leaves in order.
#[derive(Debug, PartialEq, Eq)]
struct Document {
    identity: Option<Vec<u64>>,
    leaves: Vec<(u64, u64)>,
    top: HashSet<String>,
    id: Option<u64>,
}

pub(crate) struct Oracle<'g, 'r> {
    graph: &'g Graph,
    objects: &'g Objects<'r>,
    files: Vec<BTreeMap<Vec<u8>, Oid>>,
    parsed: HashMap<(Oid, bool), Option<Vec<Document>>>,
}

/// A leaf: document, path, value.
type Leaf = (usize, u64, u64);

/// Origin, with path, and adoption.
pub(crate) type Source = (Option<(u32, Vec<u8>)>, Option<u32>);

/// What a parent has, in the order in which it is asked.
enum Before {
    Version(u32, Vec<u8>, bool),
    Unknown(bool),
}

impl<'g, 'r> Oracle<'g, 'r> {
    pub(crate) fn new(graph: &'g Graph, objects: &'g Objects<'r>) -> Self {
        let trees = Trees::new(objects, 1 << 20);
        let filter = Filter { name: &is_readable, below: &[] };
        let files =
            |commit| trees.files(graph.tree(commit as u32), &filter).expect("it is there").into_iter().collect();
        Self { graph, objects, files: (0..graph.len()).map(files).collect(), parsed: HashMap::new() }
    }

    pub(crate) fn files(&self) -> Vec<(Vec<u8>, Oid)> {
        self.files[0].iter().map(|(path, blob)| (path.clone(), *blob)).collect()
    }

    /// Origin (with path) and adoption of each leaf of a file; `None` when it cannot be read.
    pub(crate) fn blame(&mut self, path: &[u8]) -> Option<Vec<Source>> {
        self.parse(0, path).as_ref()?;
        let leaves: Vec<Leaf> = {
            let documents = self.parse(0, path).as_ref().expect("it was parsed");
            let leaves = |(index, document): (usize, &Document)| {
                document.leaves.iter().map(move |(path, value)| (index, *path, *value)).collect::<Vec<_>>()
            };
            documents.iter().enumerate().flat_map(leaves).collect()
        };
        Some(leaves.into_iter().map(|leaf| (self.origin(path, leaf), self.adoption(path, leaf))).collect())
    }

    fn origin(&mut self, head: &[u8], leaf: Leaf) -> Option<(u32, Vec<u8>)> {
        let (mut commit, mut path) = (0, head.to_vec());
        'steps: loop {
            for before in self.before(commit, &path, true, &mut HashSet::new()) {
                match before {
                    Before::Unknown(_) => return None,
                    Before::Version(parent, name, _) => {
                        if self.has(parent, &name, head, leaf) {
                            (commit, path) = (parent, name);
                            continue 'steps;
                        }
                    }
                }
            }
            return Some((commit, path));
        }
    }

    /// The same on first parents only.
    fn adoption(&mut self, head: &[u8], leaf: Leaf) -> Option<u32> {
        let (mut commit, mut path) = (0, head.to_vec());
        'steps: loop {
            for before in self.before(commit, &path, true, &mut HashSet::new()) {
                match before {
                    Before::Unknown(true) => return None,
                    Before::Version(parent, name, true) => {
                        if self.has(parent, &name, head, leaf) {
                            (commit, path) = (parent, name);
                            continue 'steps;
                        }
                    }
                    // What others have can be followed; whether it can be seen does not matter here, but order does.
                    Before::Unknown(false) | Before::Version(_, _, false) => {}
                }
            }
            return Some(commit);
        }
    }

    /// The readable versions next to one, through those that are not.
    fn before(&mut self, commit: u32, path: &[u8], on_line: bool, seen: &mut HashSet<(u32, Vec<u8>)>) -> Vec<Before> {
        let mut found = Vec::new();
        let blob = self.files[commit as usize][path];
        let parents = self.graph.parents(commit).to_vec();
        for (index, parent) in parents.into_iter().enumerate() {
            let on_line = on_line && index == 0;
            if parent == MISSING {
                found.push(Before::Unknown(on_line));
                continue;
            }
            let files = &self.files[parent as usize];
            let same = index == 0 && files.get(path) == Some(&blob);
            let name = if files.contains_key(path) { Some(path.to_vec()) } else { self.renamed(commit, parent, path) };
            let Some(name) = name else { continue };
            if self.parse(parent, &name).is_some() {
                found.push(Before::Version(parent, name, on_line));
            } else if seen.insert((parent, name.clone())) {
                found.extend(self.before(parent, &name, on_line, seen));
            }
            if same {
                break;
            }
        }
        found
    }

    fn has(&mut self, commit: u32, path: &[u8], head: &[u8], (document, leaf, value): Leaf) -> bool {
        let (head_blob, blob) = (self.files[0][head], self.files[commit as usize][path]);
        self.parse(0, head);
        self.parse(commit, path);
        let documents =
            |blob, path: &[u8]| self.parsed[&(blob, path.ends_with(b"json"))].as_ref().expect("it is sound");
        let (ours, theirs) = (documents(head_blob, head), documents(blob, path));
        let counterpart = if ours.len() == 1 && theirs.len() == 1 {
            Some(0)
        } else {
            let alone = |all: &[Document], one: &Document| {
                one.identity.is_some() && all.iter().filter(|other| other.identity == one.identity).count() == 1
            };
            if alone(ours, &ours[document]) {
                theirs.iter().position(|other| other.identity == ours[document].identity && alone(theirs, other))
            } else {
                let rank = ours[..document].iter().filter(|other| !alone(ours, other)).count();
                (0..theirs.len()).filter(|index| !alone(theirs, &theirs[*index])).nth(rank)
            }
        };
        counterpart.is_some_and(|index| theirs[index].leaves.contains(&(leaf, value)))
    }

    fn renamed(&mut self, commit: u32, parent: u32, path: &[u8]) -> Option<Vec<u8>> {
        let (now, then) = (self.files[commit as usize].clone(), self.files[parent as usize].clone());
        let name = |path: &[u8]| path.rsplit(|byte| *byte == b'/').next().expect("a part").to_vec();
        let gone: Vec<_> = then.iter().filter(|(path, _)| !now.contains_key(*path)).collect();
        let exact = gone.iter().filter(|(_, blob)| **blob == now[path]);
        if let Some((source, _)) = exact.min_by_key(|(source, _)| name(source) != name(path)) {
            return Some((*source).clone());
        }
        let come: HashSet<Oid> =
            now.iter().filter(|(path, _)| !then.contains_key(*path)).map(|(_, blob)| *blob).collect();
        let mut best: Option<((usize, bool), Vec<u8>)> = None;
        for (source, blob) in gone {
            if come.contains(blob) {
                continue;
            }
            let Some(common) = self.common((commit, path), (parent, source)) else { continue };
            let rank = (common, name(source) == name(path));
            if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                best = Some((rank, source.clone()));
            }
        }
        best.map(|(_, source)| source)
    }

    /// How many leaves two files share, if they are two forms of one.
    fn common(&mut self, (now, path): (u32, &[u8]), (then, source): (u32, &[u8])) -> Option<usize> {
        let all = |documents: &[Document]| -> Vec<Leaf> {
            let leaves = |(index, document): (usize, &Document)| {
                document.leaves.iter().map(move |(path, value)| (index, *path, *value)).collect::<Vec<_>>()
            };
            documents.iter().enumerate().flat_map(leaves).collect()
        };
        let traits = |documents: &[Document]| {
            let first = documents.first();
            (all(documents), first.map(|first| first.top.clone()).unwrap_or_default(), first.and_then(|first| first.id))
        };
        let (ours, top, id) = traits(self.parse(now, path).as_ref()?);
        let (theirs, their_top, their_id) = traits(self.parse(then, source).as_ref()?);
        if id.is_some() && their_id.is_some() && id != their_id {
            return None;
        }
        if top.intersection(&their_top).count() * 2 < top.len().max(their_top.len()) {
            return None;
        }
        let common = ours.iter().filter(|leaf| theirs.contains(leaf)).count();
        (common * 2 > ours.len().max(theirs.len())).then_some(common)
    }

    fn parse(&mut self, commit: u32, path: &[u8]) -> &Option<Vec<Document>> {
        let blob = self.files[commit as usize][path];
        let is_json = path.ends_with(b"json");
        self.parsed.entry((blob, is_json)).or_insert_with(|| {
            let object = self.objects.read(blob, ObjectKind::Blob).expect("it is there");
            let parse = parse_bytes(object.data(), if is_json { Format::Json } else { Format::Yaml });
            if !parse.errors().is_empty() {
                return None;
            }
            let mut values = Values::new(&parse);
            let document = |root| {
                let leaves = values.leaves(root).into_iter().map(|leaf| (leaf.path, leaf.value)).collect();
                let identity = identity(&mut values, root);
                let id = root.get("id").map(|entry| values.whole(entry.value()));
                Document { identity, leaves, top: top(&mut values, root), id }
            };
            Some(parse.documents().map(document).collect())
        })
    }
}

fn scalar<'t>(values: &mut Values<'t>, node: Node<'t>, name: &str) -> Option<u64> {
    let value = node.get(name)?.value();
    value.value()?;
    Some(values.whole(value))
}

fn item_identity<'t>(values: &mut Values<'t>, node: Node<'t>) -> Option<Vec<u64>> {
    let mut named = IDENTITY.iter().enumerate();
    named.find_map(|(field, name)| Some(vec![field as u64, scalar(values, node, name)?]))
}

fn identity<'t>(values: &mut Values<'t>, root: Node<'t>) -> Option<Vec<u64>> {
    if let Some(identity) = item_identity(values, root) {
        return Some(identity);
    }
    let kind = scalar(values, root, "kind")?;
    let metadata = root.get("metadata")?.value();
    let name = scalar(values, metadata, "name")?;
    Some(vec![99, kind, name, scalar(values, metadata, "namespace").unwrap_or(0)])
}

fn top<'t>(values: &mut Values<'t>, root: Node<'t>) -> HashSet<String> {
    if root.is_sequence() {
        return root.items().map(|item| format!("{:?}", item_identity(values, item))).collect();
    }
    root.fields().map(|entry| entry.name().unwrap_or_default().to_owned()).collect()
}
