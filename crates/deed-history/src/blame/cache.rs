//! What was found out before, kept under the Git directory.
//!
//! Kept is the blame of one commit for one set of paths, a piece for each file, and the ids of all commits it was found in.
//! It spares work and proves nothing: who can write it can write the repository.

use std::hash::Hasher as _;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use deed_syntax::{TextRange, TextSize};
use rustc_hash::FxHasher;

use super::{Blame, BlameEntry, BlameRequest, FileBlame, Unreadable};
use crate::code::{Reader, Writer};
use crate::kept::{Keeping, Kept};
use crate::{Oid, Person, Repository, Time, cache};

/// What files start with. Another version of Deed may see other values in a file.
const MAGIC: &[u8] = concat!("deed blame 2 ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();
/// How files are named; what follows tells sets of paths apart.
const PREFIX: &str = "blame-";
/// More blames than this are not kept.
const MAX_FILES: usize = 8;

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
    pub(super) commits: Vec<(Oid, Person)>,
    /// Each file with the commit since which nothing happened to it, in order of their paths.
    pub(super) files: Vec<(Vec<u8>, Oid)>,
    kept: Mutex<Kept>,
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

    /// Where a file is among all.
    pub(super) fn place(&self, path: &[u8]) -> Option<usize> {
        self.files.binary_search_by(|(file, _)| file.as_slice().cmp(path)).ok()
    }

    /// Reads the blame of a file; `None` where it is damaged or there is no such file.
    pub(super) fn file(&self, path: &[u8]) -> Option<FileBlame> {
        self.read(self.place(path)?)
    }

    pub(super) fn read(&self, place: usize) -> Option<FileBlame> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, _) = self.files.get(place)?;
        decode(kept.piece(place)?, path, self.commits.len())
    }

    /// All of it, but for files that the asker knows.
    pub(super) fn blame(&self, request: &BlameRequest, known: &dyn Fn(&[u8], Oid) -> bool) -> Option<Blame> {
        let asked =
            |path: &[u8]| request.paths.is_empty() || request.paths.iter().any(|it| crate::tree::is_below(path, it));
        let mut blame = Blame { all: vec![], files: vec![], commits: self.commits.clone(), complete: true };
        for (place, (path, since)) in self.files.iter().enumerate().filter(|(_, (path, _))| asked(path)) {
            blame.all.push((path.clone(), *since));
            if !known(path, *since) {
                blame.files.push(self.read(place)?);
            }
        }
        Some(blame)
    }
}

impl Cache {
    pub(super) fn new(repository: &Repository, paths: &[Vec<u8>]) -> Self {
        let directory = repository.common_dir().join(cache::DIRECTORY);
        Self { directory, names: [name(paths), name(&[])] }
    }

    /// Returns what is kept for a request, of whatever commit; or else what is kept of the whole repository at the commit.
    pub(super) fn read(&self, request: &BlameRequest) -> Option<Stored> {
        let read = |name: &String| open(Kept::open(&self.directory.join(name), MAGIC)?, request.at.as_bytes().len());
        let own = read(&self.names[0]).filter(|stored| stored.paths == request.paths);
        own.or_else(|| read(&self.names[1]).filter(|stored| stored.at == request.at && stored.paths.is_empty()))
    }

    /// Keeps a blame that is whole: the files in it, and in the place of others those that were stored before. `new` are the
    /// ids of commits that were not known then. That it cannot be kept is no error.
    pub(super) fn write(&self, request: &BlameRequest, blame: &Blame, stored: Option<Stored>, new: Vec<Oid>) {
        if blame.is_whole() {
            let _ = self.put(request, blame, stored, new);
        }
    }

    fn put(&self, request: &BlameRequest, blame: &Blame, stored: Option<Stored>, new: Vec<Oid>) -> io::Result<()> {
        let mut head = Writer::new(b"");
        head.exactly(request.at.as_bytes());
        head.number(request.paths.len());
        request.paths.iter().for_each(|path| head.bytes(path));
        head.bytes(&merged(stored.as_ref().map_or(&[], |stored| &stored.ids), new));
        head.number(blame.commits.len());
        for (id, author) in &blame.commits {
            head.exactly(id.as_bytes());
            head.bytes(author.name.as_bytes());
            head.bytes(author.email.as_bytes());
            head.signed(author.time.seconds);
            head.signed(author.time.offset_minutes.into());
        }
        head.number(blame.all.len());
        for (path, since) in &blame.all {
            head.bytes(path);
            head.exactly(since.as_bytes());
        }
        let places: Vec<Option<usize>> = match &stored {
            Some(stored) => blame.all.iter().map(|(path, _)| stored.place(path)).collect(),
            None => vec![None; blame.all.len()],
        };
        let mut earlier = stored.map(|stored| stored.kept.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut keeping = Keeping::new(&self.directory.join(&self.names[0]), MAGIC, earlier.as_ref());
        let mut files = blame.files.iter().peekable();
        for ((path, since), place) in blame.all.iter().zip(places) {
            let found = files.next_if(|file| file.path == *path);
            match (found, place, &mut earlier) {
                (found, Some(place), Some(earlier)) if *since != request.at || found.is_none() => {
                    keeping.take(earlier, place)?
                }
                (Some(file), ..) => keeping.add(&encode(file))?,
                _ => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        keeping.end(&head.into_bytes(), earlier.as_mut())?;
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

/// Ids that are sorted, with some more.
fn merged(mut sorted: &[u8], mut more: Vec<Oid>) -> Vec<u8> {
    more.sort_unstable();
    let mut all = Vec::with_capacity(sorted.len() + more.len() * 32);
    for id in &more {
        let (id, mut before) = (id.as_bytes(), 0);
        while sorted.get(before..before + id.len()).is_some_and(|next| next < id) {
            before += id.len();
        }
        let (start, rest) = sorted.split_at(before);
        all.extend_from_slice(start);
        all.extend_from_slice(id);
        sorted = rest;
    }
    all.extend_from_slice(sorted);
    all
}

fn open(kept: Kept, id_len: usize) -> Option<Stored> {
    let mut head = Reader::new(kept.head());
    let id = |head: &mut Reader<'_>| Oid::from_bytes(head.exactly(id_len)?);
    let at = id(&mut head)?;
    let paths = (0..head.number()?).map(|_| Some(head.bytes()?.to_vec())).collect::<Option<_>>()?;
    let ids = head.bytes()?.to_vec();
    let mut commits = Vec::new();
    for _ in 0..head.number()? {
        let id = id(&mut head)?;
        let (name, email) = (head.text()?.to_owned(), head.text()?.to_owned());
        let time = Time { seconds: head.signed()?, offset_minutes: head.signed()?.try_into().ok()? };
        commits.push((id, Person { name, email, time }));
    }
    let mut files = Vec::new();
    for _ in 0..head.number()? {
        files.push((head.bytes()?.to_vec(), id(&mut head)?));
    }
    let is_whole = head.rest().is_empty() && files.len() == kept.len();
    is_whole.then(|| Stored { at, paths, ids, commits, files, kept: Mutex::new(kept) })
}

fn encode(file: &FileBlame) -> Vec<u8> {
    let mut out = Writer::new(b"");
    out.bytes(file.text.as_bytes());
    match &file.outcome {
        Ok(entries) => {
            out.number(0);
            out.number(entries.len());
            for entry in entries {
                out.bytes(entry.path.as_bytes());
                out.number(entry.document as usize);
                out.number(u32::from(entry.range.start()) as usize);
                out.number(u32::from(entry.range.end()) as usize);
                // It is whole.
                out.number(entry.commit.unwrap_or(0) as usize);
                out.number(entry.adoption.unwrap_or(0) as usize);
                out.bytes(entry.origin_path.as_deref().unwrap_or_default());
            }
        }
        Err(Unreadable::TooLarge(size)) => {
            out.number(2);
            out.number(*size);
        }
        Err(Unreadable::Syntax | Unreadable::Missing) => out.number(1),
    }
    out.into_bytes()
}

fn decode(bytes: &[u8], path: &[u8], commits: usize) -> Option<FileBlame> {
    let mut input = Reader::new(bytes);
    let text = input.text()?;
    let number = |input: &mut Reader<'_>| u32::try_from(input.number()?).ok();
    let commit = |input: &mut Reader<'_>| number(input).filter(|index| (*index as usize) < commits);
    let outcome = match input.number()? {
        0 => {
            let count = input.number()?;
            let mut entries = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                let path = input.text()?.into();
                let (document, start, end) = (number(&mut input)?, number(&mut input)?, number(&mut input)?);
                text.get(start as usize..end as usize)?;
                let (origin, adoption) = (commit(&mut input)?, commit(&mut input)?);
                let name = input.bytes()?;
                entries.push(BlameEntry {
                    path,
                    document,
                    range: TextRange::new(TextSize::new(start), TextSize::new(end)),
                    commit: Some(origin),
                    adoption: Some(adoption),
                    origin_path: (!name.is_empty()).then(|| name.into()),
                });
            }
            Ok(entries)
        }
        1 => Err(Unreadable::Syntax),
        _ => Err(Unreadable::TooLarge(input.number()?)),
    };
    input.rest().is_empty().then(|| FileBlame { path: path.to_vec(), outcome, text: text.into() })
}
