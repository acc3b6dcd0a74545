//! A list of pieces with a head, kept below the Git directory; the next one takes over the pieces that stay.
//!
//! The pieces of a long list lie in a file that is never changed, the stock. A second file, the index, has the head, says
//! where each piece is, and holds what has become new since. So a list that differs little from the one before is written
//! fast, and one piece of many is found without reading the others. When what is new is no longer little, all is written
//! anew.
//!
//! Each piece has a checksum, which tells damage, not malice: who can write here can write the repository. Both files are
//! written beside and moved into place, the index last. Whatever is wrong with them, they are as if they were not there.

use std::fs::{self, File};
use std::hash::Hasher as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rustc_hash::FxHasher;
use tempfile::NamedTempFile;

use crate::cache;
use crate::code::{Reader, Writer};
use crate::pack::fill;

/// Longer lists are not kept.
const MAX_LEN: u64 = 128 << 20;
/// What is no longer than this is kept in the index, and all of it may be new.
const LITTLE: usize = 64 << 10;
/// Of a longer list, one part in so many may be new.
const PART: u64 = 8;
/// The stock is read in blocks of so many bytes.
const BLOCK: usize = 64 << 10;

/// A list that is kept.
pub(crate) struct Kept {
    index: Vec<u8>,
    head: (usize, usize),
    pieces: Vec<Piece>,
    /// Where the pieces in the index start.
    new: usize,
    stock: Option<Stock>,
}

#[derive(Clone, Copy)]
struct Piece {
    is_new: bool,
    start: u64,
    len: usize,
    sum: u64,
}

/// The file with the pieces that stay.
struct Stock {
    file: File,
    sum: u64,
    len: u64,
    block: Vec<u8>,
    /// Where the block was read.
    at: u64,
}

impl Kept {
    /// Opens what is kept under a path, if it is whole and starts with that mark.
    pub(crate) fn open(path: &Path, magic: &[u8]) -> Option<Self> {
        let index = fs::read(path).ok()?;
        let mut reader = Reader::new(index.strip_prefix(magic)?);
        let (sum, list) = (reader.exactly(8)?, reader.bytes()?);
        if sum != checksum(list).to_le_bytes() {
            return None;
        }
        let new = index.len() - reader.rest().len();
        let mut reader = Reader::new(list);
        let head = reader.bytes()?;
        let end = new - list.len() + (list.len() - reader.rest().len());
        let head = (end - head.len(), end);
        let stock = match (reader.number()?, reader.exactly(8)?) {
            (0, _) => None,
            (len, sum) => {
                let sum = u64::from_le_bytes(sum.try_into().ok()?);
                let file = File::open(stock_of(path, sum)).ok()?;
                Some(Stock { file, sum, len: len as u64, block: Vec::new(), at: 0 })
            }
        };
        let count = reader.number()?;
        let mut pieces = Vec::with_capacity(count.min(list.len()));
        let mut ends = [0, 0];
        for _ in 0..count {
            let is_new = reader.number()? == 1;
            // A piece mostly follows the one before it.
            let start = match reader.number()? {
                0 => ends[usize::from(is_new)],
                start => start as u64 - 1,
            };
            let len = reader.number()?;
            let sum = u64::from_le_bytes(reader.exactly(8)?.try_into().ok()?);
            ends[usize::from(is_new)] = start.checked_add(len as u64)?;
            pieces.push(Piece { is_new, start, len, sum });
        }
        Some(Self { index, head, pieces, new, stock })
    }

    /// What was said about the list when it was kept.
    pub(crate) fn head(&self) -> &[u8] {
        &self.index[self.head.0..self.head.1]
    }

    /// How many pieces there are.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Returns a piece if it is undamaged.
    pub(crate) fn piece(&mut self, at: usize) -> Option<&[u8]> {
        let piece = *self.pieces.get(at)?;
        let bytes = self.stored(&piece)?;
        (checksum(bytes) == piece.sum).then_some(bytes)
    }

    /// Returns a piece together with those that lie right behind it and were read with it, if all are undamaged, and how
    /// many they are.
    pub(crate) fn run(&mut self, at: usize) -> Option<(&[u8], usize)> {
        let Self { index, pieces, new, stock, .. } = self;
        let pieces = pieces.get(at..)?;
        let first = pieces.first()?;
        let bytes = if first.is_new { new_from(index, *new, first)? } else { stock.as_mut()?.read(first)? };
        let (mut end, mut count) = (0_usize, 0);
        for piece in pieces {
            let follows = piece.is_new == first.is_new && piece.start == first.start + end as u64;
            let Some(bytes) = bytes.get(end..end.saturating_add(piece.len)).filter(|_| follows) else { break };
            if checksum(bytes) != piece.sum {
                return None;
            }
            end += piece.len;
            count += 1;
        }
        (count > 0).then(|| (&bytes[..end], count))
    }

    fn stored(&mut self, piece: &Piece) -> Option<&[u8]> {
        let bytes =
            if piece.is_new { new_from(&self.index, self.new, piece) } else { self.stock.as_mut()?.read(piece) };
        bytes?.get(..piece.len)
    }
}

/// What is in the index from a piece on.
fn new_from<'i>(index: &'i [u8], new: usize, piece: &Piece) -> Option<&'i [u8]> {
    index.get(new.checked_add(usize::try_from(piece.start).ok()?)?..)
}

impl Stock {
    /// What is at hand from a piece on: all of it, and perhaps more.
    fn read(&mut self, piece: &Piece) -> Option<&[u8]> {
        let Piece { start, len, .. } = *piece;
        let is_there = |stock: &Self| {
            let skipped = usize::try_from(start.checked_sub(stock.at)?).ok()?;
            (skipped.checked_add(len)? <= stock.block.len()).then_some(skipped)
        };
        let skipped = is_there(self).or_else(|| {
            // A damaged number must not ask for all memory there is.
            if start.checked_add(len as u64)? > self.len.min(MAX_LEN) {
                return None;
            }
            self.block.resize(len.max(BLOCK), 0);
            let read = fill(&self.file, &mut self.block, start)?;
            self.block.truncate(read);
            self.at = start;
            is_there(self)
        })?;
        Some(&self.block[skipped..])
    }
}

/// Puts a list together that is to be kept.
pub(crate) struct Keeping {
    path: PathBuf,
    magic: &'static [u8],
    /// Whether pieces of an earlier list may be taken over, and checksum and length of its stock.
    earlier: bool,
    earlier_stock: Option<(u64, u64)>,
    pieces: Vec<Piece>,
    /// New pieces, as long as they are little.
    new: Vec<u8>,
    /// A stock that is being written, and how long it is.
    stock: Option<(NamedTempFile, u64)>,
    len: u64,
}

impl Keeping {
    /// Begins a list that is to be kept under a path, perhaps in the place of an earlier one.
    pub(crate) fn new(path: &Path, magic: &'static [u8], earlier: Option<&Kept>) -> Self {
        Self {
            path: path.to_owned(),
            magic,
            earlier: earlier.is_some(),
            earlier_stock: earlier.and_then(|earlier| earlier.stock.as_ref()).map(|stock| (stock.sum, stock.len)),
            pieces: Vec::new(),
            new: Vec::new(),
            stock: None,
            len: 0,
        }
    }

    /// Adds a new piece.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.grow(bytes.len())?;
        self.put(bytes, checksum(bytes))
    }

    fn put(&mut self, bytes: &[u8], sum: u64) -> io::Result<()> {
        if !self.earlier && self.stock.is_none() && self.new.len() + bytes.len() > LITTLE {
            let mut file = cache::begin(&self.path)?;
            file.write_all(&self.new)?;
            self.stock = Some((file, self.new.len() as u64));
            self.new = Vec::new();
            self.pieces.iter_mut().for_each(|piece| piece.is_new = false);
        }
        let is_new = self.stock.is_none();
        let start = match &mut self.stock {
            Some((file, end)) => {
                file.write_all(bytes)?;
                std::mem::replace(end, *end + bytes.len() as u64)
            }
            None => {
                self.new.extend_from_slice(bytes);
                (self.new.len() - bytes.len()) as u64
            }
        };
        self.pieces.push(Piece { is_new, start, len: bytes.len(), sum });
        Ok(())
    }

    /// Takes over a piece of the earlier list as it is, damaged or not.
    pub(crate) fn take(&mut self, earlier: &mut Kept, at: usize) -> io::Result<()> {
        let piece = *earlier.pieces.get(at).ok_or(io::ErrorKind::NotFound)?;
        self.grow(piece.len)?;
        if piece.is_new {
            let bytes = earlier.stored(&piece).ok_or(io::ErrorKind::InvalidData)?;
            return self.put(bytes, piece.sum);
        }
        self.pieces.push(piece);
        Ok(())
    }

    fn grow(&mut self, by: usize) -> io::Result<()> {
        self.len += by as u64;
        if self.len > MAX_LEN { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }

    /// Keeps the list in the place of the earlier one.
    pub(crate) fn end(mut self, head: &[u8], earlier: Option<&mut Kept>) -> io::Result<()> {
        // What nobody asks for any more is to go as well.
        let stocked = self.earlier_stock.map_or(0, |(_, len)| len);
        let most = LITTLE as u64 + stocked / PART;
        let stale = stocked.saturating_sub(self.len);
        if let Some(earlier) = earlier.filter(|_| self.new.len() as u64 > most || stale > most) {
            return self.anew(earlier)?.end(head, None);
        }
        let stock = match self.stock.take() {
            None => self.earlier_stock.filter(|_| self.pieces.iter().any(|piece| !piece.is_new)),
            Some((file, len)) => {
                let mut hasher = FxHasher::default();
                self.pieces.iter().for_each(|piece| hasher.write_u64(piece.sum));
                let sum = hasher.finish();
                file.persist(stock_of(&self.path, sum))?;
                Some((sum, len))
            }
        };
        let mut list = Writer::new(b"");
        list.bytes(head);
        list.number(stock.map_or(0, |(_, len)| len as usize));
        list.exactly(&stock.map_or(0, |(sum, _)| sum).to_le_bytes());
        list.number(self.pieces.len());
        let mut ends = [0, 0];
        for piece in &self.pieces {
            let end = &mut ends[usize::from(piece.is_new)];
            list.number(usize::from(piece.is_new));
            list.number(if piece.start == *end { 0 } else { piece.start as usize + 1 });
            list.number(piece.len);
            list.exactly(&piece.sum.to_le_bytes());
            *end = piece.start + piece.len as u64;
        }
        let list = list.into_bytes();
        let mut index = Writer::new(self.magic);
        index.exactly(&checksum(&list).to_le_bytes());
        index.bytes(&list);
        index.exactly(&self.new);
        cache::replace(&self.path, &index.into_bytes())?;
        cache::leave_one(&self.path, stock.map(|(sum, _)| stock_of(&self.path, sum)).as_deref());
        Ok(())
    }

    /// The same list with a stock of its own.
    fn anew(self, earlier: &mut Kept) -> io::Result<Self> {
        let mut anew = Self { len: self.len, ..Self::new(&self.path, self.magic, None) };
        for piece in &self.pieces {
            let start = piece.start as usize;
            let bytes = if piece.is_new { self.new.get(start..start + piece.len) } else { earlier.stored(piece) };
            anew.put(bytes.ok_or(io::ErrorKind::InvalidData)?, piece.sum)?;
        }
        Ok(anew)
    }
}

fn stock_of(path: &Path, sum: u64) -> PathBuf {
    path.with_extension(format!("{sum:016x}"))
}

/// Tells damage, not malice.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.write_usize(bytes.len());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: &[u8] = b"test 1\n";

    /// All pieces, which come one after another as they do by themselves.
    fn all(kept: &mut Kept) -> Option<Vec<Vec<u8>>> {
        let pieces: Option<Vec<_>> = (0..kept.len()).map(|at| kept.piece(at).map(<[u8]>::to_vec)).collect();
        let (mut at, mut run) = (0, Some(Vec::new()));
        while let Some(found) = run.as_mut().filter(|_| at < kept.len()) {
            match kept.run(at) {
                Some((bytes, count)) => {
                    found.extend_from_slice(bytes);
                    at += count;
                }
                None => run = None,
            }
        }
        assert_eq!(run, pieces.as_ref().map(|pieces| pieces.concat()));
        pieces
    }

    fn files(directory: &Path) -> Vec<PathBuf> {
        let mut files: Vec<_> = fs::read_dir(directory).expect("a directory").flatten().map(|it| it.path()).collect();
        files.sort();
        files
    }

    /// Keeps a list; what the earlier one has at the same place is taken over.
    fn keep(path: &Path, list: &[Vec<u8>], mut earlier: Option<Kept>) {
        let mut keeping = Keeping::new(path, MAGIC, earlier.as_ref());
        for (at, piece) in list.iter().enumerate() {
            let same = earlier.as_mut().filter(|kept| kept.len() > at);
            let same = same.and_then(|kept| (kept.piece(at) == Some(piece)).then_some(kept));
            match same {
                Some(kept) => keeping.take(kept, at),
                None => keeping.add(piece),
            }
            .expect("there is room");
        }
        keeping.end(b"head", earlier.as_mut()).expect("it is kept");
        let mut kept = Kept::open(path, MAGIC).expect("it is kept");
        assert_eq!(kept.head(), b"head");
        assert!(all(&mut kept).expect("it is sound") == list, "it is the same list");
    }

    fn list(pieces: u8, len: usize) -> Vec<Vec<u8>> {
        (0..pieces).map(|piece| vec![piece; len + usize::from(piece)]).collect()
    }

    #[test]
    fn a_list_grows_out_of_the_one_before() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("list");
        assert!(Kept::open(&path, MAGIC).is_none());
        for len in [0, 10, LITTLE, 3 * BLOCK] {
            let mut now = list(100, len);
            keep(&path, &now, None);
            let is_long = len * 100 > LITTLE;
            let before = files(directory.path());
            assert_eq!(before.len(), 1 + usize::from(is_long));
            // A piece in the middle, one more, one less, the order.
            now[50] = b"new".to_vec();
            keep(&path, &now, Kept::open(&path, MAGIC));
            assert_eq!(files(directory.path()), before, "what stays is not written again");
            now.push(b"last".to_vec());
            keep(&path, &now, Kept::open(&path, MAGIC));
            now.remove(99);
            now.swap(3, 80);
            keep(&path, &now, Kept::open(&path, MAGIC));
            assert_eq!(files(directory.path()), before);
            // Most of it, so that all is written anew and nothing is left of what was.
            now[20..].iter_mut().for_each(|piece| piece.push(1));
            keep(&path, &now, Kept::open(&path, MAGIC));
            assert_eq!(files(directory.path()).len(), before.len());
            assert_eq!(files(directory.path()) != before, is_long);
            now.truncate(1);
            keep(&path, &now, Kept::open(&path, MAGIC));
            assert_eq!(files(directory.path()).len(), 1 + usize::from(len > LITTLE));
        }
    }

    #[test]
    fn damage_is_seen() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("list");
        let mut now = list(5, LITTLE / 4);
        keep(&path, &now, None);
        now[2] = b"new".to_vec();
        keep(&path, &now, Kept::open(&path, MAGIC));
        let files = files(directory.path());
        assert_eq!(files.len(), 2);
        for file in &files {
            let sound = fs::read(file).expect("it is kept");
            let step = (sound.len() / 500).max(1);
            for at in (0..sound.len()).step_by(step) {
                let mut flipped = sound.clone();
                flipped[at] ^= 1;
                for damaged in [&flipped, &sound[..at]] {
                    fs::write(file, damaged).expect("a file");
                    let read = Kept::open(&path, MAGIC).and_then(|mut kept| all(&mut kept));
                    // The piece that became new is still in the stock, where nobody asks for it.
                    assert!(read.is_none_or(|read| read == now), "{at} of {}", file.display());
                }
            }
            fs::write(file, sound).expect("a file");
        }
        fs::remove_file(&files[1]).expect("it is there");
        assert!(Kept::open(&path, MAGIC).is_none());
        assert!(Kept::open(&path, b"test 2\n").is_none());
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut keeping = Keeping::new(&directory.path().join("list"), MAGIC, None);
        keeping.add(b"some").expect("there is room");
        assert!(keeping.add(&vec![0; MAX_LEN as usize]).is_err());
        drop(keeping);
        assert_eq!(files(directory.path()), [] as [PathBuf; 0]);
    }
}
