//! Directories as they are stored, and what differs between two of them.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::recent::Recent;
use crate::{Object, ObjectError, ObjectKind, Objects, Oid};

/// How deep directories are followed. Nothing that people keep files in is as deep.
pub(crate) const MAX_DEPTH: usize = 200;

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
        let (mode, name, id) = self.stored()?;
        Some(TreeEntry { name, kind: kind(mode), id: Oid::from_bytes(id)? })
    }
}

impl<'t> TreeEntries<'t> {
    /// Returns mode, name and id of each entry.
    pub(crate) fn raw(mut self) -> impl Iterator<Item = (u32, &'t [u8], Oid)> {
        std::iter::from_fn(move || {
            let (mode, name, id) = self.stored()?;
            Some((mode, name, Oid::from_bytes(id)?))
        })
    }

    /// Returns the next entry's mode, its name and the bytes of its id.
    fn stored(&mut self) -> Option<(u32, &'t [u8], &'t [u8])> {
        let (mut at, mut mode) = (0, 0u32);
        while let digit @ b'0'..=b'7' = *self.rest.get(at)? {
            mode = mode << 3 | u32::from(digit - b'0');
            at += 1;
        }
        let rest = &self.rest[at + 1..];
        let end = memchr::memchr(0, rest)?;
        let id = rest.get(end + 1..end + 1 + self.id_len)?;
        self.rest = &rest[end + 1 + self.id_len..];
        Some((mode, &rest[..end], id))
    }
}

fn kind(mode: u32) -> EntryKind {
    match mode & 0o170_000 {
        0o100_000 => EntryKind::File,
        0o040_000 => EntryKind::Directory,
        _ => EntryKind::Other,
    }
}

/// Which files of a tree matter.
pub struct Filter<'f> {
    /// Says by its name, without the directories, whether a file matters.
    pub name: &'f dyn Fn(&[u8]) -> bool,
    /// Paths without a slash at the end: a file or a directory each, outside of which nothing matters. None at all
    /// means everything.
    pub below: &'f [Vec<u8>],
    /// Whether directories whose names begin with a dot are entered, too, below those.
    pub hidden: bool,
}

/// What a walk over trees looks at.
pub(crate) trait Scope {
    /// Says whether anything below a directory may matter.
    fn enters(&self, directory: &[u8]) -> bool;

    /// Says whether a file matters.
    fn keeps(&self, path: &[u8], name: &[u8]) -> bool;
}

impl Scope for Filter<'_> {
    fn enters(&self, directory: &[u8]) -> bool {
        // Whoever enters this one has entered those above it.
        let name = directory.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let is_hidden = !self.hidden && name.starts_with(b".");
        match self.below {
            [] => !is_hidden,
            below => below.iter().any(|path| is_below(path, directory) || is_below(directory, path) && !is_hidden),
        }
    }

    fn keeps(&self, path: &[u8], name: &[u8]) -> bool {
        (self.below.is_empty() || self.below.iter().any(|below| is_below(path, below))) && (self.name)(name)
    }
}

pub(crate) fn is_below(path: &[u8], directory: &[u8]) -> bool {
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
    cache: RefCell<Recent<Oid, Rc<Object<'o>>>>,
    /// Whether a directory counts as damaged whose entries are not in order, each once. Git makes none such, and of two that
    /// have one name it depends on who reads which one counts.
    is_strict: bool,
}

impl<'r, 'o> Trees<'r, 'o> {
    /// Keeps up to about `limit` bytes of directories.
    #[must_use]
    pub fn new(objects: &'o Objects<'r>, limit: usize) -> Self {
        Self { objects, cache: RefCell::new(Recent::new(limit)), is_strict: false }
    }

    /// The same, but takes crafted directories for damaged ones.
    pub(crate) fn strict(objects: &'o Objects<'r>, limit: usize) -> Self {
        Self { is_strict: true, ..Self::new(objects, limit) }
    }

    /// Returns a tree.
    pub fn read(&self, id: Oid) -> Result<Rc<Object<'o>>, ObjectError> {
        if let Some(bytes) = self.cache.borrow_mut().get(id) {
            return Ok(bytes);
        }
        let tree = Rc::new(self.objects.read(id, ObjectKind::Tree)?);
        let entries = || TreeEntries::new(tree.data(), id.as_bytes().len());
        if self.is_strict && !entries().is_sorted_by(|a, b| order(a, b) == Ordering::Less) {
            return Err(ObjectError::Damaged(id, "its entries are not in order, each once".to_owned()));
        }
        self.cache.borrow_mut().put(id, tree.clone(), tree.data().len() + 96);
        Ok(tree)
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
        let mut changes = Vec::new();
        self.differing(old, new, filter, &mut |path, old, new| changes.push(Change { path: path.to_vec(), old, new }))?;
        Ok(changes)
    }

    /// Calls `found` with path, old blob and new blob of each file that differs between two trees.
    pub(crate) fn differing(
        &self,
        old: Option<Oid>,
        new: Option<Oid>,
        scope: &impl Scope,
        found: &mut impl FnMut(&[u8], Option<Oid>, Option<Oid>),
    ) -> Result<(), ObjectError> {
        Diff { trees: self, scope, path: Vec::new(), found }.trees(old, new, 0)
    }

    /// Compares one path of two trees, without a look into directories that are the same: `None` if nothing differs,
    /// else the old tree's blob.
    pub(crate) fn differs_at(&self, old: Oid, new: Oid, path: &[u8]) -> Result<Option<Option<Oid>>, ObjectError> {
        let (mut old, mut new) = (old, new);
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            if old == new {
                return Ok(None);
            }
            let kind = if names.peek().is_some() { EntryKind::Directory } else { EntryKind::File };
            let (below, now) = self.entries_of(old, new, name)?;
            let of_kind = |entry: Option<Found>| entry.filter(|entry| entry.0 == kind).map(|entry| entry.1);
            let Some(below) = of_kind(below) else { return Ok(Some(None)) };
            match of_kind(now) {
                Some(now) => (old, new) = (below, now),
                None => return self.file_below(below, names),
            }
        }
        Ok((old != new).then_some(Some(old)))
    }

    /// Returns the entry of that name in each of two trees that are much the same.
    fn entries_of(&self, old: Oid, new: Oid, name: &[u8]) -> Result<(Option<Found>, Option<Found>), ObjectError> {
        let id_len = new.as_bytes().len();
        let (old, new) = (self.read(old)?, self.read(new)?);
        let Some((found, at)) = find(new.data(), 0, name, id_len) else {
            return Ok((find(old.data(), 0, name, id_len).map(|found| found.0), None));
        };
        // Where all before it is the same, the entry is in the same place in both.
        let same = old.data().get(..at).is_some_and(|before| before == &new.data()[..at]);
        let before = find(old.data(), if same { at } else { 0 }, name, id_len);
        Ok((before.map(|before| before.0), Some(found)))
    }

    fn file_below<'p>(
        &self,
        tree: Oid,
        names: impl Iterator<Item = &'p [u8]>,
    ) -> Result<Option<Option<Oid>>, ObjectError> {
        let path = names.collect::<Vec<_>>().join(&b'/');
        if path.is_empty() { Ok(Some(Some(tree))) } else { Ok(Some(self.file_at(tree, &path)?)) }
    }

    fn entry(&self, tree: Oid, name: &[u8]) -> Result<Option<Found>, ObjectError> {
        Ok(find(self.read(tree)?.data(), 0, name, tree.as_bytes().len()).map(|found| found.0))
    }

    /// Returns the file at a path of a tree; `None` when there is none.
    pub fn file_at(&self, tree: Oid, path: &[u8]) -> Result<Option<Oid>, ObjectError> {
        let mut tree = tree;
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            let wanted = if names.peek().is_some() { EntryKind::Directory } else { EntryKind::File };
            match self.entry(tree, name)? {
                Some((kind, id)) if kind == wanted => tree = id,
                _ => return Ok(None),
            }
        }
        Ok(Some(tree))
    }
}

/// What an entry is, and its object.
type Found = (EntryKind, Oid);

/// Looks from an entry on for the one of that name. Returns where it starts as well.
fn find(tree: &[u8], from: usize, name: &[u8], id_len: usize) -> Option<(Found, usize)> {
    let mut entries = TreeEntries::new(&tree[from..], id_len);
    loop {
        let at = tree.len() - entries.rest.len();
        let (mode, found, id) = entries.stored()?;
        if found == name {
            return Some(((kind(mode), Oid::from_bytes(id)?), at));
        }
    }
}

struct Diff<'a, 'r, 'o, S, F> {
    trees: &'a Trees<'r, 'o>,
    scope: &'a S,
    path: Vec<u8>,
    found: &'a mut F,
}

impl<S: Scope, F: FnMut(&[u8], Option<Oid>, Option<Oid>)> Diff<'_, '_, '_, S, F> {
    fn trees(&mut self, old: Option<Oid>, new: Option<Oid>, depth: usize) -> Result<(), ObjectError> {
        if old == new || depth > MAX_DEPTH {
            return Ok(());
        }
        let read = |id: Option<Oid>| id.map(|id| self.trees.read(id)).transpose();
        let (old_tree, new_tree) = (read(old)?, read(new)?);
        let id_len = old.or(new).map_or(20, |id| id.as_bytes().len());
        let (old, new) = (data(old_tree.as_deref()), data(new_tree.as_deref()));
        let (mut old, mut new) = (TreeEntries::new(old, id_len), TreeEntries::new(new, id_len));
        while old.rest != new.rest {
            let same = common_entries(old.rest, new.rest, id_len);
            (old.rest, new.rest) = (&old.rest[same..], &new.rest[same..]);
            // Until both go on with the same name, the earlier one goes on alone.
            let (mut old_next, mut new_next) = (old.next(), new.next());
            loop {
                let order = match (&old_next, &new_next) {
                    (Some(old), Some(new)) => order(old, new),
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (None, None) => break,
                };
                match order {
                    Ordering::Less => self.entry(std::mem::replace(&mut old_next, old.next()), None, depth)?,
                    Ordering::Greater => self.entry(None, std::mem::replace(&mut new_next, new.next()), depth)?,
                    Ordering::Equal => {
                        self.entry(old_next, new_next, depth)?;
                        break;
                    }
                }
            }
            if old_next.is_none() && new_next.is_none() {
                break;
            }
        }
        Ok(())
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
        if file.0 != file.1 && self.scope.keeps(&self.path, any.name) {
            (self.found)(&self.path, file.0, file.1);
        }
        if directory.0 != directory.1 && self.scope.enters(&self.path) {
            self.trees(directory.0, directory.1, depth + 1)?;
        }
        self.path.truncate(len);
        Ok(())
    }
}

fn data<'t>(tree: Option<&'t Object<'_>>) -> &'t [u8] {
    tree.map_or(&[], Object::data)
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
    let same = common_prefix(old, new);
    // Entries have no marks that are seen from behind, so the whole ones are counted from the front.
    let mut entries = TreeEntries::new(&new[..same], id_len);
    while entries.next().is_some() {}
    same - entries.rest.len()
}

/// Returns how many bytes at the start are the same.
pub(crate) fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    /// In blocks of a fixed size, which are compared in a few instructions.
    fn blocks<const N: usize>(a: &[u8], b: &[u8]) -> usize {
        let (a, b) = (a.as_chunks::<N>().0, b.as_chunks::<N>().0);
        a.iter().zip(b).take_while(|(a, b)| a == b).count() * N
    }
    let mut same = blocks::<1024>(a, b);
    same += blocks::<32>(&a[same..], &b[same..]);
    same + a[same..].iter().zip(&b[same..]).take_while(|(a, b)| a == b).count()
}
