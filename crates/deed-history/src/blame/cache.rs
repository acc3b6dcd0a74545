//! What was found out before, kept under the Git directory.
//!
//! A file holds the blame of one commit for one set of paths, and the ids of all commits it was found in. It is written
//! beside and moved into place, so that others see all of it or nothing. Whatever is wrong with it, it is as if it were
//! not there. It spares work and proves nothing: who can write it can write the repository.

use std::fs;
use std::hash::Hasher as _;
use std::io;
use std::path::PathBuf;

use deed_syntax::{TextRange, TextSize};
use rustc_hash::FxHasher;

use super::{Blame, BlameEntry, BlameRequest, FileBlame, Unreadable};
use crate::{Oid, Person, Repository, Time, cache};

/// What files start with. Another version of Deed may see other values in a file.
const MAGIC: &str = concat!("deed blame 1 ", env!("CARGO_PKG_VERSION"), "\n");
/// How files are named; what follows tells sets of paths apart.
const PREFIX: &str = "blame-";
/// More files than this are not kept, nor larger ones.
const MAX_FILES: usize = 8;
const MAX_LEN: usize = 128 << 20;

/// Where the blame of a set of paths is kept.
pub(super) struct Cache {
    directory: PathBuf,
    /// Of the paths, and of the whole repository.
    names: [String; 2],
}

/// What is known of a commit.
pub(super) struct Stored {
    pub(super) at: Oid,
    paths: Vec<Vec<u8>>,
    /// The ids of all commits it stands on, itself included, sorted.
    ids: Vec<u8>,
    pub(super) blame: Blame,
}

impl Stored {
    pub(super) fn knows(&self, id: Oid) -> bool {
        let (mut low, len) = (0, id.as_bytes().len());
        let mut high = self.ids.len() / len;
        while low < high {
            let middle = (low + high) / 2;
            if &self.ids[middle * len..(middle + 1) * len] < id.as_bytes() { low = middle + 1 } else { high = middle }
        }
        self.ids.get(low * len..(low + 1) * len) == Some(id.as_bytes())
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = Oid> {
        self.ids.chunks_exact(self.at.as_bytes().len()).filter_map(Oid::from_bytes)
    }

    pub(super) fn file(&self, path: &[u8]) -> Option<&FileBlame> {
        let at = self.blame.files.binary_search_by(|file| file.path.as_slice().cmp(path)).ok()?;
        Some(&self.blame.files[at])
    }
}

impl Cache {
    pub(super) fn new(repository: &Repository, paths: &[Vec<u8>]) -> Self {
        let directory = repository.common_dir().join(cache::DIRECTORY);
        Self { directory, names: [name(paths), name(&[])] }
    }

    /// Returns what is kept for a request, of whatever commit; or else what is kept of the whole repository at the commit.
    pub(super) fn read(&self, request: &BlameRequest) -> Option<Stored> {
        let read = |name: &String| decode(&fs::read(self.directory.join(name)).ok()?, request.at.as_bytes().len());
        if let Some(stored) = read(&self.names[0]).filter(|stored| stored.paths == request.paths) {
            return Some(stored);
        }
        let whole = read(&self.names[1]).filter(|stored| stored.at == request.at && stored.paths.is_empty());
        whole.map(|mut stored| {
            let asked = |file: &FileBlame| request.paths.iter().any(|path| crate::tree::is_below(&file.path, path));
            stored.blame.files.retain(asked);
            stored
        })
    }

    /// Keeps a blame that is whole. That it cannot be kept is no error.
    pub(super) fn write(&self, request: &BlameRequest, blame: &Blame, ids: &[Oid]) {
        if blame.is_whole() {
            let bytes = encode(request, blame, ids);
            if bytes.len() <= MAX_LEN {
                let _ = self.put(&bytes);
            }
        }
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        cache::replace(&self.directory.join(&self.names[0]), bytes)?;
        cache::prune(&self.directory, PREFIX, MAX_FILES)
    }
}

fn name(paths: &[Vec<u8>]) -> String {
    let mut hasher = FxHasher::default();
    for path in paths {
        hasher.write(path);
        hasher.write_u8(0);
    }
    format!("{PREFIX}{:016x}", hasher.finish())
}

/// Tells damage, not malice.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.write_usize(bytes.len());
    hasher.finish()
}

fn encode(request: &BlameRequest, blame: &Blame, ids: &[Oid]) -> Vec<u8> {
    let mut out = Writer(MAGIC.as_bytes().to_vec());
    out.0.extend([0; 8]);
    out.0.extend(request.at.as_bytes());
    out.list(&request.paths, |out, path| out.bytes(path));
    let mut ids: Vec<&[u8]> = ids.iter().map(Oid::as_bytes).collect();
    ids.sort_unstable();
    out.bytes(&ids.concat());
    out.list(&blame.commits, |out, (id, author)| {
        out.0.extend(id.as_bytes());
        out.bytes(author.name.as_bytes());
        out.bytes(author.email.as_bytes());
        out.0.extend(author.time.seconds.to_le_bytes());
        out.0.extend(author.time.offset_minutes.to_le_bytes());
    });
    out.list(&blame.files, |out, file| {
        out.bytes(&file.path);
        out.bytes(file.text.as_bytes());
        match &file.outcome {
            Ok(entries) => {
                out.number(0);
                out.list(entries, |out, entry| {
                    out.bytes(entry.path.as_bytes());
                    out.number(entry.document);
                    out.number(entry.range.start().into());
                    out.number(entry.range.end().into());
                    // It is whole.
                    out.number(entry.commit.unwrap_or(0));
                    out.number(entry.adoption.unwrap_or(0));
                    out.bytes(entry.origin_path.as_deref().unwrap_or_default());
                });
            }
            Err(Unreadable::TooLarge(size)) => {
                out.number(2);
                out.number(u32::try_from(*size).unwrap_or(u32::MAX));
            }
            Err(Unreadable::Syntax | Unreadable::Missing) => out.number(1),
        }
    });
    let sum = checksum(&out.0[MAGIC.len() + 8..]).to_le_bytes();
    out.0[MAGIC.len()..MAGIC.len() + 8].copy_from_slice(&sum);
    out.0
}

fn decode(bytes: &[u8], id_len: usize) -> Option<Stored> {
    let (sum, body) = bytes.strip_prefix(MAGIC.as_bytes())?.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*sum) != checksum(body) {
        return None;
    }
    let mut input = Reader { rest: body, id_len };
    let at = input.id()?;
    let paths = input.list(|input| Some(input.bytes()?.to_vec()))?;
    let ids = input.bytes()?.to_vec();
    let commits = input.list(|input| {
        let id = input.id()?;
        let (name, email) = (input.text()?.to_owned(), input.text()?.to_owned());
        let time =
            Time { seconds: i64::from_le_bytes(input.array()?), offset_minutes: i32::from_le_bytes(input.array()?) };
        Some((id, Person { name, email, time }))
    })?;
    let is_commit = |index: u32| ((index as usize) < commits.len()).then_some(index);
    let files = input.list(|input| {
        let path = input.bytes()?.to_vec();
        let text = input.text()?;
        let outcome = match input.number()? {
            0 => Ok(input.list(|input| {
                let path = input.text()?.into();
                let (document, start, end) = (input.number()?, input.number()?, input.number()?);
                text.get(start as usize..end as usize)?;
                let (commit, adoption) = (is_commit(input.number()?)?, is_commit(input.number()?)?);
                let name = input.bytes()?;
                Some(BlameEntry {
                    path,
                    document,
                    range: TextRange::new(TextSize::new(start), TextSize::new(end)),
                    commit: Some(commit),
                    adoption: Some(adoption),
                    origin_path: (!name.is_empty()).then(|| name.into()),
                })
            })?),
            1 => Err(Unreadable::Syntax),
            _ => Err(Unreadable::TooLarge(input.number()? as usize)),
        };
        Some(FileBlame { path, outcome, text: text.into() })
    })?;
    input.rest.is_empty().then_some(Stored { at, paths, ids, blame: Blame { files, commits, complete: true } })
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, the lowest first; most numbers are small.
    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u32);
        self.0.extend(bytes);
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u32);
        items.iter().for_each(|item| each(self, item));
    }
}

struct Reader<'b> {
    rest: &'b [u8],
    id_len: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn id(&mut self) -> Option<Oid> {
        Oid::from_bytes(self.take(self.id_len)?)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let [byte] = self.array()?;
            number |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'b [u8]> {
        let len = self.number()?;
        self.take(len as usize)
    }

    fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = self.number()?;
        // A damaged number must not ask for all memory there is.
        let mut items = Vec::with_capacity((len as usize).min(self.rest.len()));
        for _ in 0..len {
            items.push(each(self)?);
        }
        Some(items)
    }
}
