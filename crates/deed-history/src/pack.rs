//! Reading objects from packs, where nearly all of them are.
//!
//! A walk over history reads tens of thousands of objects of some hundred bytes. libgit2 inflates each as a stream with
//! buffers of its own, behind locks. Here they are inflated at once, which takes half the time, and the pieces of packs read
//! of late and the objects that others are deltas of are kept from one to the next.
//!
//! Whatever is not in a pack, or odd in the least, is left to libgit2, which knows what is wrong with it. The formats are
//! those of `gitformat-pack(5)`: indices of version 2, and packs as these name them.

use std::cmp::Ordering;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use libdeflater::Decompressor;

use crate::recent::Recent;
use crate::{ObjectKind, Oid};

/// Objects that others are deltas of are kept up to so many bytes.
const BASES: usize = 8 << 20;
/// Packs are read in blocks of so many bytes, and so many blocks are kept.
const BLOCK: usize = 8 << 10;
const BLOCKS: usize = 512;
/// Larger objects are left to libgit2, and so is what stands on more deltas, as in a circle.
const MAX_LEN: usize = 1 << 30;
const MAX_CHAIN: usize = 5_000;
/// An id is looked for among so many before and behind where it should be, if it is not further off.
const SPREAD: usize = 32;
/// How many directories of objects may name others in turn.
const MAX_ALTERNATES: usize = 16;

/// The packs of a repository.
pub(crate) struct Packs {
    id_len: usize,
    packs: Vec<Pack>,
}

struct Pack {
    index: File,
    data: File,
    /// How many objects have a first byte up to each.
    fanout: Vec<u32>,
    /// By first byte, read when they are needed; `None` where that fails.
    buckets: Vec<OnceLock<Option<Bucket>>>,
}

/// The objects whose ids start with one byte: their ids, sorted, and for each four bytes that tell where it is.
struct Bucket {
    ids: Vec<u8>,
    offsets: Vec<u8>,
}

impl Packs {
    /// Finds the packs in directories of objects and in those that they take objects from.
    pub(crate) fn find(mut directories: Vec<PathBuf>, id_len: usize) -> Self {
        let mut next = 0;
        while next < directories.len().min(MAX_ALTERNATES) {
            let list = fs::read_to_string(directories[next].join("info").join("alternates")).unwrap_or_default();
            let others: Vec<PathBuf> = list.lines().map(|line| directories[next].join(line)).collect();
            directories.extend(others);
            next += 1;
        }
        directories.truncate(MAX_ALTERNATES);
        let files = directories.iter().filter_map(|directory| fs::read_dir(directory.join("pack")).ok()).flatten();
        let indices =
            files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "idx"));
        Self { id_len, packs: indices.filter_map(|path| Pack::open(&path, id_len)).collect() }
    }
}

impl Pack {
    fn open(path: &Path, id_len: usize) -> Option<Self> {
        let (index, data) = (File::open(path).ok()?, File::open(path.with_extension("pack")).ok()?);
        let mut header = [0; HEADER];
        (fill(&index, &mut header, 0)? == HEADER).then_some(())?;
        let numbers = header.strip_prefix(b"\xfftOc\0\0\0\x02")?.chunks_exact(4);
        let fanout: Vec<u32> = numbers.map(number).collect();
        let count = u64::from(*fanout.last()?);
        let is_whole = index.metadata().ok()?.len() >= HEADER as u64 + count * (id_len as u64 + 8);
        (fanout.is_sorted() && is_whole).then_some(())?;
        Some(Self { index, data, fanout, buckets: (0..256).map(|_| OnceLock::new()).collect() })
    }

    /// Returns where an object starts.
    fn find(&self, id: Oid) -> Option<u64> {
        let (wanted, first) = (id.as_bytes(), usize::from(id.as_bytes()[0]));
        let bucket = self.buckets[first].get_or_init(|| self.bucket(first, wanted.len())).as_ref()?;
        let (mut low, mut high) = (0, bucket.offsets.len() / 4);
        let id_at = |at: usize| &bucket.ids[at * wanted.len()..][..wanted.len()];
        // Ids are evenly spread, so that what follows the first byte tells how far in it is, give or take some.
        let guess = ((high as u64 * u64::from(number(&wanted[1..]))) >> 32) as usize;
        let (near, far) = (guess.saturating_sub(SPREAD), guess + SPREAD);
        if near > low && id_at(near) <= wanted {
            low = near;
        }
        if far < high && id_at(far) > wanted {
            high = far;
        }
        while low < high {
            let middle = (low + high) / 2;
            match id_at(middle).cmp(wanted) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return self.offset(number(&bucket.offsets[middle * 4..]), wanted.len()),
            }
        }
        None
    }

    fn bucket(&self, first: usize, id_len: usize) -> Option<Bucket> {
        let start = first.checked_sub(1).map_or(0, |before| self.fanout[before]) as usize;
        let len = self.fanout[first] as usize - start;
        let read = |table: u64, size: usize| {
            let mut bytes = vec![0; len * size];
            (fill(&self.index, &mut bytes, table + (start * size) as u64)? == bytes.len()).then_some(bytes)
        };
        let count = self.count();
        Some(Bucket {
            ids: read(HEADER as u64, id_len)?,
            // Behind the ids and four bytes of checksum for each.
            offsets: read(HEADER as u64 + count * (id_len as u64 + 4), 4)?,
        })
    }

    /// Offsets that do not fit are in a table of their own.
    fn offset(&self, offset: u32, id_len: usize) -> Option<u64> {
        let Some(large) = offset.checked_sub(1 << 31) else { return Some(u64::from(offset)) };
        let table = HEADER as u64 + self.count() * (id_len as u64 + 8);
        let mut bytes = [0; 8];
        let read = fill(&self.index, &mut bytes, table + u64::from(large) * 8)?;
        (read == bytes.len()).then(|| u64::from_be_bytes(bytes))
    }

    fn count(&self) -> u64 {
        u64::from(self.fanout[255])
    }
}

/// A mark, a version and the fanout.
const HEADER: usize = 8 + 256 * 4;

fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Reads as many bytes as asked for, or up to the end of the file. Returns how many.
pub(crate) fn fill(file: &File, bytes: &mut [u8], at: u64) -> Option<usize> {
    let mut done = 0;
    while done < bytes.len() {
        match read_at(file, &mut bytes[done..], at + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(done)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

/// What came of looking for an object.
pub(crate) enum Packed {
    Object(ObjectKind, Rc<Vec<u8>>),
    /// It has more bytes than asked for.
    TooLarge(usize),
    /// It is not here, or libgit2 had better read it.
    Elsewhere,
}

/// What an object is, and its bytes.
type Whole = (ObjectKind, Rc<Vec<u8>>);

/// Reads from packs, for one thread.
pub(crate) struct Reader {
    packs: Arc<Packs>,
    /// The pack where the last object was.
    last: usize,
    blocks: Blocks,
    inflate: Decompressor,
    /// By pack and offset.
    bases: Recent<(u32, u64), Whole>,
    /// Kept from one object to the next for its memory only.
    delta: Vec<u8>,
    deflated: Vec<u8>,
}

impl Reader {
    pub(crate) fn new(packs: Arc<Packs>) -> Self {
        let blocks = Blocks(Vec::new());
        let bases = Recent::new(BASES);
        Self { packs, last: 0, blocks, inflate: Decompressor::new(), bases, delta: Vec::new(), deflated: Vec::new() }
    }

    /// Reads an object unless it is longer than `limit` bytes.
    pub(crate) fn read(&mut self, id: Oid, limit: usize) -> Packed {
        let Some((pack, offset)) = self.find(id) else { return Packed::Elsewhere };
        self.resolve(pack, offset, limit).unwrap_or(Packed::Elsewhere)
    }

    fn find(&mut self, id: Oid) -> Option<(usize, u64)> {
        let packs = &self.packs.packs;
        let others = (0..packs.len()).filter(|other| *other != self.last);
        let found = [self.last].into_iter().chain(others).find_map(|pack| Some((pack, packs.get(pack)?.find(id)?)));
        self.last = found?.0;
        found
    }

    fn resolve(&mut self, pack: usize, offset: u64, limit: usize) -> Option<Packed> {
        // What stands on what, down to an object that is whole or known.
        let mut deltas: Vec<Entry> = Vec::new();
        let mut at = offset;
        let (kind, mut object) = loop {
            if let Some(known) = self.bases.get((pack as u32, at)) {
                break known;
            }
            let entry = self.entry(pack, at)?;
            match entry.base {
                Base::At(base) => {
                    (deltas.len() < MAX_CHAIN).then_some(())?;
                    deltas.push(entry);
                    at = base;
                }
                Base::Whole(kind) => {
                    if deltas.is_empty() && entry.size > limit {
                        return Some(Packed::TooLarge(entry.size));
                    }
                    let mut bytes = Vec::new();
                    self.inflate(pack, &entry, &mut bytes)?;
                    let object = Rc::new(bytes);
                    if kind != ObjectKind::Commit || !deltas.is_empty() {
                        self.keep(pack, at, kind, &object);
                    }
                    break (kind, object);
                }
            }
        };
        while let Some(entry) = deltas.pop() {
            let mut delta = std::mem::take(&mut self.delta);
            self.inflate(pack, &entry, &mut delta)?;
            let (before, after, changes) = sizes(&delta)?;
            if deltas.is_empty() && after > limit {
                return Some(Packed::TooLarge(after));
            }
            (before == object.len() && after <= MAX_LEN).then_some(())?;
            object = Rc::new(apply(&object, changes, after)?);
            self.delta = delta;
            self.keep(pack, entry.offset, kind, &object);
        }
        if object.len() > limit {
            return Some(Packed::TooLarge(object.len()));
        }
        Some(Packed::Object(kind, object))
    }

    fn keep(&mut self, pack: usize, offset: u64, kind: ObjectKind, object: &Rc<Vec<u8>>) {
        self.bases.put((pack as u32, offset), (kind, object.clone()), object.capacity() + 96);
    }

    /// Reads what stands before an object's bytes.
    fn entry(&mut self, pack: usize, offset: u64) -> Option<Entry> {
        let mut bytes = Bytes { blocks: &mut self.blocks, packs: &self.packs.packs, pack, at: offset };
        let first = bytes.next()?;
        let (mut size, mut shift, mut byte) = (usize::from(first & 15), 4, first);
        while byte & 0x80 != 0 {
            byte = bytes.next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
        }
        (size <= MAX_LEN && shift < usize::BITS).then_some(())?;
        let base = match first >> 4 & 7 {
            1 => Base::Whole(ObjectKind::Commit),
            2 => Base::Whole(ObjectKind::Tree),
            3 => Base::Whole(ObjectKind::Blob),
            4 => Base::Whole(ObjectKind::Tag),
            6 => {
                let mut byte = bytes.next()?;
                let mut back = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = bytes.next()?;
                    back = (back + 1).checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Base::At(offset.checked_sub(back).filter(|_| back > 0)?)
            }
            7 => {
                let id: Option<Vec<u8>> = (0..self.packs.id_len).map(|_| bytes.next()).collect();
                Base::At(self.packs.packs[pack].find(Oid::from_bytes(&id?)?)?)
            }
            _ => return None,
        };
        Some(Entry { offset, size, base, data: bytes.at })
    }

    /// Inflates an entry into `out`.
    fn inflate(&mut self, pack: usize, entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        out.try_reserve_exact(entry.size).ok()?;
        out.resize(entry.size, 0);
        let mut is_read = |deflated: &[u8]| self.inflate.zlib_decompress(deflated, out) == Ok(entry.size);
        // Where it ends is not known, but mostly that is in the same block.
        if is_read(self.blocks.rest(&self.packs.packs, pack, entry.data)?) {
            return Some(());
        }
        // Text takes a quarter of its size; nothing takes much more than its size.
        for len in [entry.size / 3, entry.size + entry.size / 1000].map(|len| len + BLOCK) {
            self.deflated.clear();
            self.deflated.try_reserve_exact(len).ok()?;
            self.deflated.resize(len, 0);
            let read = fill(&self.packs.packs[pack].data, &mut self.deflated, entry.data)?;
            if is_read(&self.deflated[..read]) {
                return Some(());
            }
        }
        None
    }
}

/// An object as it lies in a pack.
struct Entry {
    offset: u64,
    /// Of its bytes when they are inflated.
    size: usize,
    base: Base,
    /// Where they start.
    data: u64,
}

enum Base {
    /// It is whole.
    Whole(ObjectKind),
    /// It is a delta of what is there.
    At(u64),
}

/// Returns how long the object a delta is of is, how long the one is that it makes, and how it does.
fn sizes(delta: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut bytes = delta.iter();
    let mut size = || {
        let (mut size, mut shift) = (0, 0);
        loop {
            let byte = *bytes.next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(size);
            }
        }
    };
    Some((size()?, size()?, bytes.as_slice()))
}

/// Makes an object of `len` bytes of the one that it is a delta of.
fn apply(base: &[u8], changes: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut object = Vec::new();
    object.try_reserve_exact(len).ok()?;
    let mut changes = changes;
    while let Some((&code, rest)) = changes.split_first() {
        changes = rest;
        let piece = if code & 0x80 != 0 {
            let mut field = |bits: std::ops::Range<u8>| {
                let mut number = 0;
                for (place, bit) in bits.enumerate() {
                    if code & 1 << bit != 0 {
                        let (&byte, rest) = changes.split_first()?;
                        number |= usize::from(byte) << (8 * place);
                        changes = rest;
                    }
                }
                Some(number)
            };
            let (start, size) = (field(0..4)?, field(4..7)?);
            base.get(start..start.checked_add(if size == 0 { 0x10000 } else { size })?)?
        } else {
            let (piece, rest) = changes.split_at_checked(usize::from(code)).filter(|_| code != 0)?;
            changes = rest;
            piece
        };
        (piece.len() <= len - object.len()).then_some(())?;
        object.extend_from_slice(piece);
    }
    (object.len() == len).then_some(object)
}

/// Blocks of packs, each in the place its number says.
struct Blocks(Vec<Option<Block>>);

struct Block {
    pack: usize,
    number: u64,
    bytes: Vec<u8>,
}

impl Blocks {
    /// Returns the bytes of a pack from there to the end of a block; `None` at the end of the pack.
    fn rest(&mut self, packs: &[Pack], pack: usize, at: u64) -> Option<&[u8]> {
        if self.0.is_empty() {
            self.0.resize_with(BLOCKS, || None);
        }
        let number = at / BLOCK as u64;
        let slot = &mut self.0[(number as usize ^ pack << 4) % BLOCKS];
        if slot.as_ref().is_none_or(|block| (block.pack, block.number) != (pack, number)) {
            let mut bytes = slot.take().map_or_else(Vec::new, |block| block.bytes);
            bytes.resize(BLOCK, 0);
            let read = fill(&packs[pack].data, &mut bytes, number * BLOCK as u64)?;
            bytes.truncate(read);
            *slot = Some(Block { pack, number, bytes });
        }
        slot.as_ref()?.bytes.get((at % BLOCK as u64) as usize..).filter(|rest| !rest.is_empty())
    }
}

/// The bytes of a pack, one after the other.
struct Bytes<'b> {
    blocks: &'b mut Blocks,
    packs: &'b [Pack],
    pack: usize,
    at: u64,
}

impl Bytes<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.blocks.rest(self.packs, self.pack, self.at)?.first()?;
        self.at += 1;
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use deed_test::Repo;

    use super::*;

    /// Versions of a small and a large file, and one that deflates to more than it is.
    fn versions(repo: &Repo) {
        let mut noise = 1u64;
        for version in 0..12 {
            let large: String =
                (0..6000).map(|line| format!("line {line}: {}\n", line * 7919 % (version + 3))).collect();
            let bytes: String = (0..30_000)
                .map(|_| {
                    noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    char::from(b' ' + (noise >> 57) as u8 % 95)
                })
                .collect();
            let commit = repo.commit(&format!("version {version}"));
            commit
                .write("a/small.yaml", format!("v: {version}\n"))
                .write("large.yaml", large)
                .write("n", bytes)
                .create();
        }
        repo.git(["tag", "-a", "-m", "a tag", "t"]);
        repo.commit("nothing in it").write("empty", "").create();
    }

    /// All ids, each with its kind and its bytes as Git says they are.
    fn objects(repo: &Repo) -> Vec<(Oid, ObjectKind, Vec<u8>)> {
        let list = repo.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]);
        let kinds = [
            ("commit", ObjectKind::Commit),
            ("tree", ObjectKind::Tree),
            ("blob", ObjectKind::Blob),
            ("tag", ObjectKind::Tag),
        ];
        let git = git2::Repository::open(repo.dir()).expect("a repository");
        let odb = git.odb().expect("objects");
        let object = |line: &str| {
            let (id, name) = line.split_once(' ').expect("two words");
            let id: Oid = id.parse().expect("an id");
            let (_, kind) = kinds.into_iter().find(|kind| kind.0 == name).expect("a kind");
            (id, kind, odb.read(id.to_git()).expect("an object").data().to_vec())
        };
        list.lines().map(object).collect()
    }

    fn reader(repo: &Repo, id_len: usize) -> Reader {
        Reader::new(Arc::new(Packs::find(vec![repo.dir().join(".git").join("objects")], id_len)))
    }

    #[track_caller]
    fn same(repo: &Repo, id_len: usize) {
        let objects = objects(repo);
        assert!(objects.len() > 60);
        let mut reader = reader(repo, id_len);
        for (id, kind, bytes) in objects.iter().chain(objects.iter().rev()) {
            match reader.read(*id, usize::MAX) {
                Packed::Object(found, read) => assert_eq!((found, &*read), (*kind, bytes), "{id}"),
                Packed::TooLarge(_) | Packed::Elsewhere => panic!("{id} is not read"),
            }
            if let Some(less) = bytes.len().checked_sub(1) {
                assert!(matches!(reader.read(*id, less), Packed::TooLarge(size) if size == bytes.len()), "{id}");
            }
        }
        let nobody = Oid::from_bytes(&vec![7; id_len]).expect("an id");
        assert!(matches!(reader.read(nobody, usize::MAX), Packed::Elsewhere));
    }

    #[test]
    fn packed_objects_are_what_git_says() {
        for (arguments, id_len) in [(&[][..], 20), (&["--object-format=sha256"], 32)] {
            let dir = tempfile::tempdir().expect("a directory");
            let repo = Repo::init_with(dir.path(), arguments);
            versions(&repo);
            assert!(matches!(reader(&repo, id_len).read(objects(&repo)[0].0, usize::MAX), Packed::Elsewhere));
            repo.git(["repack", "-adfq", "--depth=9"]);
            same(&repo, id_len);
            // Deltas that name what they are of.
            repo.git(["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
            same(&repo, id_len);
            // Several packs.
            repo.git(["-c", "pack.packSizeLimit=1m", "repack", "-adfq"]);
            repo.commit("more").write("more.yaml", "v: 1\n").create();
            repo.git(["repack", "-dq"]);
            same(&repo, id_len);
            // Offsets as in a pack that is too large for 32 bits.
            repo.git(["-c", "pack.indexVersion=2", "repack", "-adfq"]);
            let pack = |repo: &Repo| {
                let files = fs::read_dir(repo.dir().join(".git/objects/pack")).expect("packs").flatten();
                files
                    .map(|file| file.path())
                    .find(|path| path.extension().is_some_and(|e| e == "pack"))
                    .expect("a pack")
            };
            let (data, index) = (pack(&repo), pack(&repo).with_extension("idx"));
            fs::remove_file(&index).expect("it is there");
            let (data, index) = (data.display().to_string(), index.display().to_string());
            repo.git(["index-pack", "--index-version=2,0x100", "-o", &index, &data]);
            same(&repo, id_len);
        }
    }

    #[test]
    fn what_a_clone_borrows_is_read_where_it_is() {
        let repo = Repo::temporary();
        versions(&repo);
        repo.git(["repack", "-adq"]);
        let dir = tempfile::tempdir().expect("a directory");
        repo.git(["clone", "-q", "--bare", "--shared", ".", &dir.path().display().to_string()]);
        let mut reader = Reader::new(Arc::new(Packs::find(vec![dir.path().join("objects")], 20)));
        for (id, _, bytes) in objects(&repo) {
            assert!(matches!(reader.read(id, usize::MAX), Packed::Object(_, read) if *read == bytes), "{id}");
        }
    }

    #[test]
    fn damage_is_left_to_others() {
        let repo = Repo::temporary();
        for version in 0..6 {
            repo.commit("v").write("a.yaml", format!("a: {version}\nb: some text that stays\n").repeat(9)).create();
        }
        repo.git(["repack", "-adfq"]);
        let ids: Vec<Oid> = objects(&repo).into_iter().map(|object| object.0).collect();
        let files = |directory: &Path| fs::read_dir(directory).expect("packs").flatten().map(|file| file.path());
        let packs: Vec<PathBuf> = files(&repo.dir().join(".git/objects/pack")).collect();
        for file in packs.iter().filter(|path| path.extension().is_some_and(|e| e == "pack" || e == "idx")) {
            let sound = fs::read(file).expect("a file");
            let dir = tempfile::tempdir().expect("a directory");
            let here = dir.path().join("pack");
            fs::create_dir(&here).expect("a directory");
            for other in &packs {
                fs::copy(other, here.join(other.file_name().expect("a name"))).expect("a copy");
            }
            let damaged = here.join(file.file_name().expect("a name"));
            fs::remove_file(&damaged).expect("it is there");
            for at in (0..sound.len()).step_by(3) {
                for change in [0x80, 0xff] {
                    let mut bytes = sound.clone();
                    bytes[at] ^= change;
                    fs::write(&damaged, &bytes).expect("a file");
                    let mut reader = Reader::new(Arc::new(Packs::find(vec![dir.path().to_owned()], 20)));
                    // Nothing but an end is asked for: what comes of it is hashed where it counts.
                    ids.iter().for_each(|id| drop(reader.read(*id, 1 << 20)));
                }
            }
            for len in [0, 7, 8, 1031, 1032, sound.len() / 2, sound.len() - 1] {
                fs::write(&damaged, &sound[..len]).expect("a file");
                let mut reader = Reader::new(Arc::new(Packs::find(vec![dir.path().to_owned()], 20)));
                ids.iter().for_each(|id| drop(reader.read(*id, 1 << 20)));
            }
        }
    }

    #[test]
    fn crafted_deltas_make_nothing() {
        let base = b"0123456789";
        assert_eq!(apply(base, &[0x91, 2, 3, 1, b'x'], 4).as_deref(), Some(&b"234x"[..]));
        for (changes, len) in [
            (&[0x91, 8, 3][..], 3),  // beyond the end
            (&[0x91, 2, 3], 4),      // too short
            (&[0x91, 2, 3], 2),      // too long
            (&[0x91, 2], 1),         // cut off
            (&[5, b'x'], 5),         // cut off
            (&[0], 0),               // kept for later
            (&[0xff; 8], 0xff_ffff), // far away
        ] {
            assert_eq!(apply(base, changes, len), None, "{changes:?}");
        }
        assert_eq!(sizes(&[0xff; 30]), None);
        assert_eq!(sizes(&[0x80]), None);
    }
}
