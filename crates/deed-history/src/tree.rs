//! Directories as they are stored, and what differs between two of them.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::{ObjectError, ObjectKind, Objects, Oid};

/// How deep directories are followed. Nothing that people keep files in is as deep.
const MAX_DEPTH: usize = 512;

/// An entry of a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TreeEntry<'t> {
    /// The name: any bytes but `/` and zero, where nobody crafted it.
    pub name: &'t [u8],
    /// What it is.
    pub kind: EntryKind,
    /// The id of its object.
    pub id: Oid,
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A file, executable or not.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, a submodule or something unheard of: no file.
    Other,
}

/// The entries of a directory, from its bytes. What is broken ends it.
#[derive(Clone)]
pub struct TreeEntries<'t> {
    rest: &'t [u8],
    id_len: usize,
}

impl<'t> TreeEntries<'t> {
    /// Reads the bytes of a tree whose ids have that length.
    #[must_use]
    pub fn new(bytes: &'t [u8], id_len: usize) -> Self {
        Self { rest: bytes, id_len }
    }
}

impl<'t> Iterator for TreeEntries<'t> {
    type Item = TreeEntry<'t>;

    fn next(&mut self) -> Option<TreeEntry<'t>> {
        let (mut at, mut mode) = (0, 0u32);
        while let digit @ b'0'..=b'7' = *self.rest.get(at)? {
            mode = mode << 3 | u32::from(digit - b'0');
            at += 1;
        }
        let rest = &self.rest[at + 1..];
        let end = rest.iter().position(|byte| *byte == 0)?;
        let id = Oid::from_bytes(rest.get(end + 1..end + 1 + self.id_len)?)?;
        let kind = match mode & 0o170_000 {
            0o100_000 => EntryKind::File,
            0o040_000 => EntryKind::Directory,
            _ => EntryKind::Other,
        };
        self.rest = &rest[end + 1 + self.id_len..];
        Some(TreeEntry { name: &rest[..end], kind, id })
    }
}

/// Which files of a tree matter.
pub struct Filter<'f> {
    /// Says by its name, without the directories, whether a file matters.
    pub name: &'f dyn Fn(&[u8]) -> bool,
    /// Paths without a slash at the end: a file or a directory each, outside of which nothing matters. None at all
    /// means everything.
    pub below: &'f [Vec<u8>],
}

impl Filter<'_> {
    /// Says whether anything below a directory may matter.
    fn enters(&self, directory: &[u8]) -> bool {
        self.below.is_empty() || self.below.iter().any(|path| is_below(directory, path) || is_below(path, directory))
    }

    fn keeps(&self, path: &[u8], name: &[u8]) -> bool {
        (self.below.is_empty() || self.below.iter().any(|below| is_below(path, below))) && (self.name)(name)
    }
}

fn is_below(path: &[u8], directory: &[u8]) -> bool {
    match path.strip_prefix(directory) {
        Some(rest) => rest.is_empty() || directory.is_empty() || rest[0] == b'/',
        None => false,
    }
}

/// A file that differs between two trees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Its path, with `/` between directories.
    pub path: Vec<u8>,
    /// Its blob in the old tree.
    pub old: Option<Oid>,
    /// Its blob in the new tree.
    pub new: Option<Oid>,
}

/// Reads directories and keeps the ones read of late.
pub struct Trees<'r, 'o> {
    objects: &'o Objects<'r>,
    cache: RefCell<Cache>,
}

impl<'r, 'o> Trees<'r, 'o> {
    /// Keeps up to about `limit` bytes of directories.
    #[must_use]
    pub fn new(objects: &'o Objects<'r>, limit: usize) -> Self {
        Self { objects, cache: RefCell::new(Cache::new(limit)) }
    }

    /// Returns the bytes of a tree.
    pub fn read(&self, id: Oid) -> Result<Rc<[u8]>, ObjectError> {
        if let Some(bytes) = self.cache.borrow_mut().get(id) {
            return Ok(bytes);
        }
        let bytes: Rc<[u8]> = self.objects.read(id, ObjectKind::Tree)?.data().into();
        self.cache.borrow_mut().put(id, bytes.clone());
        Ok(bytes)
    }

    /// Returns all files of a tree, sorted by path.
    pub fn files(&self, tree: Oid, filter: &Filter<'_>) -> Result<Vec<(Vec<u8>, Oid)>, ObjectError> {
        let changes = self.changes(None, Some(tree), filter)?;
        Ok(changes.into_iter().filter_map(|change| Some((change.path, change.new?))).collect())
    }

    /// Returns the files that differ between two trees, in the order of the trees. `None` is the empty tree.
    ///
    /// Directories that are the same in both are never opened.
    pub fn changes(&self, old: Option<Oid>, new: Option<Oid>, filter: &Filter<'_>) -> Result<Vec<Change>, ObjectError> {
        let mut diff = Diff { trees: self, filter, path: Vec::new(), changes: Vec::new() };
        diff.trees(old, new, 0)?;
        Ok(diff.changes)
    }

    /// Returns the file at a path of a tree; `None` when there is none.
    pub fn file_at(&self, tree: Oid, path: &[u8]) -> Result<Option<Oid>, ObjectError> {
        let mut tree = tree;
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            let bytes = self.read(tree)?;
            let wanted = if names.peek().is_some() { EntryKind::Directory } else { EntryKind::File };
            let mut entries = TreeEntries::new(&bytes, tree.as_bytes().len());
            match entries.find(|entry| entry.name == name) {
                Some(entry) if entry.kind == wanted => tree = entry.id,
                _ => return Ok(None),
            }
        }
        Ok(Some(tree))
    }
}

struct Diff<'a, 'r, 'o> {
    trees: &'a Trees<'r, 'o>,
    filter: &'a Filter<'a>,
    path: Vec<u8>,
    changes: Vec<Change>,
}

impl Diff<'_, '_, '_> {
    fn trees(&mut self, old: Option<Oid>, new: Option<Oid>, depth: usize) -> Result<(), ObjectError> {
        if old == new || depth > MAX_DEPTH {
            return Ok(());
        }
        let read = |id: Option<Oid>| id.map(|id| self.trees.read(id)).transpose();
        let (old_bytes, new_bytes) = (read(old)?, read(new)?);
        let id_len = old.or(new).map_or(20, |id| id.as_bytes().len());
        let (old, new) = (old_bytes.as_deref().unwrap_or_default(), new_bytes.as_deref().unwrap_or_default());
        let same = common_entries(old, new, id_len);
        let mut old = TreeEntries::new(&old[same..], id_len).peekable();
        let mut new = TreeEntries::new(&new[same..], id_len).peekable();
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some(old), Some(new)) => order(old, new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            match order {
                Ordering::Less => self.entry(old.next(), None, depth)?,
                Ordering::Greater => self.entry(None, new.next(), depth)?,
                Ordering::Equal => self.entry(old.next(), new.next(), depth)?,
            }
        }
    }

    /// Compares two entries of the same name that are both directories or both not.
    fn entry(
        &mut self,
        old: Option<TreeEntry<'_>>,
        new: Option<TreeEntry<'_>>,
        depth: usize,
    ) -> Result<(), ObjectError> {
        let Some(any) = new.or(old) else { return Ok(()) };
        let of = |entry: Option<TreeEntry<'_>>, kind| entry.filter(|entry| entry.kind == kind).map(|entry| entry.id);
        let file = (of(old, EntryKind::File), of(new, EntryKind::File));
        let directory = (of(old, EntryKind::Directory), of(new, EntryKind::Directory));
        if file.0 == file.1 && directory.0 == directory.1 {
            return Ok(());
        }
        let len = self.path.len();
        if len > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(any.name);
        if file.0 != file.1 && self.filter.keeps(&self.path, any.name) {
            self.changes.push(Change { path: self.path.clone(), old: file.0, new: file.1 });
        }
        if directory.0 != directory.1 && self.filter.enters(&self.path) {
            self.trees(directory.0, directory.1, depth + 1)?;
        }
        self.path.truncate(len);
        Ok(())
    }
}

/// The order of entries in a tree: directories sort as if their names ended in a slash.
fn order(a: &TreeEntry<'_>, b: &TreeEntry<'_>) -> Ordering {
    let len = a.name.len().min(b.name.len());
    let next = |entry: &TreeEntry<'_>| {
        let slash = if entry.kind == EntryKind::Directory { b'/' } else { 0 };
        entry.name.get(len).copied().unwrap_or(slash)
    };
    a.name[..len].cmp(&b.name[..len]).then_with(|| next(a).cmp(&next(b)))
}

/// Returns the length of the entries at the start that are the same bytes in both trees.
fn common_entries(old: &[u8], new: &[u8], id_len: usize) -> usize {
    const BLOCK: usize = 64;
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK)).take_while(|(old, new)| old == new).count();
    let bytes = blocks * BLOCK;
    let more = old[bytes..].iter().zip(&new[bytes..]).take_while(|(old, new)| old == new).count();
    let same = bytes + more;
    // Entries have no marks that are seen from behind, so the whole ones are counted from the front.
    let mut entries = TreeEntries::new(&new[..same], id_len);
    while entries.next().is_some() {}
    same - entries.rest.len()
}

/// The trees read of late, in two generations: when the younger is full, the older is forgotten.
struct Cache {
    young: FxHashMap<Oid, Rc<[u8]>>,
    old: FxHashMap<Oid, Rc<[u8]>>,
    bytes: usize,
    limit: usize,
}

impl Cache {
    fn new(limit: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), bytes: 0, limit }
    }

    fn get(&mut self, id: Oid) -> Option<Rc<[u8]>> {
        if let Some(bytes) = self.young.get(&id) {
            return Some(bytes.clone());
        }
        let bytes = self.old.remove(&id)?;
        self.put(id, bytes.clone());
        Some(bytes)
    }

    fn put(&mut self, id: Oid, bytes: Rc<[u8]>) {
        self.bytes += bytes.len() + 96;
        self.young.insert(id, bytes);
        if self.bytes > self.limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}
