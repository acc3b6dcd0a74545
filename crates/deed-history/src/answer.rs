//! Answers that were given before, word for word.
//!
//! Of a large repository it takes longer to say what is known than to look it up. Like all that is kept it proves nothing,
//! and whatever is wrong with it, it is as if it were not there.

use std::fs::File;
use std::hash::Hasher as _;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHasher;
use tempfile::NamedTempFile;

use crate::{Oid, Repository, cache};

/// What was said before in answer to the same question about the same commit.
pub struct Answer {
    path: PathBuf,
    question: Vec<u8>,
}

/// What files start with. Another version of Deed may have another answer.
const MAGIC: &[u8] = concat!("deed answer 1 ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();
/// How files are named; what follows tells questions apart.
const PREFIX: &str = "answer-";
/// More answers than this are not kept, nor longer ones.
const MAX_ANSWERS: usize = 2;
const MAX_LEN: u64 = 128 << 20;
/// Answers are read, written and summed up in blocks of so many bytes.
const BLOCK: usize = 1 << 16;

impl Answer {
    /// Names what is asked about a commit.
    #[must_use]
    pub fn to(repository: &Repository, question: &[u8], at: Oid) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(question);
        // There is one file for a question; a later commit's answer takes the place of an earlier one's.
        let name = format!("{PREFIX}{:016x}", hasher.finish());
        let path = repository.common_dir().join(cache::DIRECTORY).join(name);
        Self { path, question: [question, at.as_bytes()].concat() }
    }

    /// Says it again. Returns whether it is kept; if not, nothing is written.
    ///
    /// # Errors
    /// Fails where it cannot be written to `out`.
    pub fn repeat(&self, out: &mut dyn Write) -> io::Result<bool> {
        let Some((mut file, start)) = self.open() else { return Ok(false) };
        if file.seek(SeekFrom::Start(start)).is_err() {
            return Ok(false);
        }
        let mut block = vec![0; BLOCK];
        loop {
            match file.read(&mut block)? {
                0 => return Ok(true),
                read => out.write_all(&block[..read])?,
            }
        }
    }

    /// Opens what is kept, if it is whole. Returns where the answer starts.
    fn open(&self) -> Option<(File, u64)> {
        let mut file = File::open(&self.path).ok()?;
        let mut head = vec![0; MAGIC.len() + 8 + self.question.len()];
        file.read_exact(&mut head).ok()?;
        let (sum, question) = head.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
        let mut hasher = FxHasher::default();
        let mut block = Vec::with_capacity(BLOCK);
        loop {
            block.clear();
            io::Read::by_ref(&mut file).take(BLOCK as u64).read_to_end(&mut block).ok()?;
            if block.is_empty() {
                break;
            }
            hasher.write(&block);
        }
        let is_sound = question == self.question && u64::from_le_bytes(*sum) == hasher.finish();
        is_sound.then_some((file, head.len() as u64))
    }

    /// Has `say` write to `out`, and keeps it. That it cannot be kept is no error.
    ///
    /// # Errors
    /// Fails where `say` does.
    pub fn keep(&self, out: &mut dyn Write, say: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let file = self.begin().ok();
        let mut kept = Kept { out, file, block: Vec::with_capacity(BLOCK), hasher: FxHasher::default(), len: 0 };
        say(&mut kept)?;
        kept.flush()?;
        let Kept { file, hasher, .. } = kept;
        let _ = file.map(|file| self.end(file, hasher.finish()));
        Ok(())
    }

    fn begin(&self) -> io::Result<NamedTempFile> {
        let mut file = cache::begin(&self.path)?;
        file.write_all(&[MAGIC, &[0; 8], &self.question].concat())?;
        Ok(file)
    }

    fn end(&self, mut file: NamedTempFile, sum: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        file.write_all(&sum.to_le_bytes())?;
        file.persist(&self.path)?;
        cache::prune(self.path.parent().unwrap_or(Path::new(".")), PREFIX, MAX_ANSWERS)
    }
}

/// Writes to two places, of which only the one must work.
struct Kept<'o> {
    out: &'o mut dyn Write,
    file: Option<NamedTempFile>,
    block: Vec<u8>,
    hasher: FxHasher,
    len: u64,
}

impl Write for Kept<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        self.hasher.write(&self.block);
        self.len += self.block.len() as u64;
        self.file.take_if(|file| self.len > MAX_LEN || file.write_all(&self.block).is_err());
        self.out.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use deed_test::Repo;

    use super::*;

    fn said(answer: &Answer) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let is_kept = answer.repeat(&mut out).expect("it is written");
        assert!(is_kept || out.is_empty());
        is_kept.then_some(out)
    }

    #[test]
    fn an_answer_is_said_again_to_the_same_question_only() {
        let repo = Repo::temporary();
        let [a, b] = ["a", "b"].map(|name| repo.commit(name).write(name, "").create().parse().expect("an id"));
        let git = Repository::open(repo.dir()).expect("a repository");
        let answer = Answer::to(&git, b"why", a);
        assert_eq!(said(&answer), None);
        for text in [vec![], b"because".to_vec(), vec![b'x'; BLOCK], vec![b'y'; 3 * BLOCK + 1]] {
            let mut out = Vec::new();
            answer.keep(&mut out, |out| text.chunks(999).try_for_each(|part| out.write_all(part))).expect("it is said");
            assert_eq!((&out, said(&answer).as_ref()), (&text, Some(&text)));
        }
        assert_eq!(said(&Answer::to(&git, b"what", a)), None);
        assert_eq!(said(&Answer::to(&git, b"why", b)), None);
        Answer::to(&git, b"why", b).keep(&mut Vec::new(), |out| out.write_all(b"so")).expect("it is said");
        assert_eq!((said(&answer), said(&Answer::to(&git, b"why", b))), (None, Some(b"so".to_vec())));
        for question in [b"1", b"2", b"3"] {
            Answer::to(&git, question, a).keep(&mut Vec::new(), |_| Ok(())).expect("it is said");
        }
        assert_eq!(fs::read_dir(git.common_dir().join(cache::DIRECTORY)).expect("a directory").count(), MAX_ANSWERS);
    }

    #[test]
    fn what_is_damaged_or_cut_short_is_not_said_again() {
        let repo = Repo::temporary();
        let at = repo.commit("a").write("a", "").create().parse().expect("an id");
        let git = Repository::open(repo.dir()).expect("a repository");
        let answer = Answer::to(&git, b"why", at);
        answer.keep(&mut Vec::new(), |out| out.write_all(&[b'x'; 500])).expect("it is said");
        let sound = fs::read(&answer.path).expect("it is kept");
        for at in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[at] ^= 1;
            fs::write(&answer.path, damaged).expect("a file");
            assert_eq!(said(&answer), None, "{at}");
            fs::write(&answer.path, &sound[..at]).expect("a file");
            assert_eq!(said(&answer), None, "{at}");
        }
        fs::remove_file(&answer.path).expect("it is there");
        let cut = answer.keep(&mut Vec::new(), |out| {
            out.write_all(b"bec")?;
            Err(io::ErrorKind::BrokenPipe.into())
        });
        assert!(cut.is_err());
        assert_eq!(said(&answer), None);
        assert_eq!(fs::read_dir(git.common_dir().join(cache::DIRECTORY)).expect("a directory").count(), 0);
    }
}
