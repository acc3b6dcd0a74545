//! Answers that were given before, word for word.
//!
//! Of a large repository it takes longer to say what is known than to look it up. An answer is a list of pieces, one for
//! each file; where little has happened since, most pieces of an earlier answer are pieces of the next. Like all that is
//! kept it proves nothing, and whatever is wrong with it, it is as if it were not there.

use std::hash::Hasher as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHasher};

use crate::code::{Reader, Writer};
use crate::kept::{Keeping, Kept};
use crate::{Oid, Repository, cache};

/// What is said in answer to a question about a commit: an opening, pieces with commas between, an end.
pub struct Answer {
    path: PathBuf,
    question: Vec<u8>,
    at: Oid,
    kept: Option<Kept>,
    is_whole: bool,
    /// The opening and the end of what is kept.
    frame: [Vec<u8>; 2],
    /// Where each piece is.
    pieces: FxHashMap<Vec<u8>, usize>,
}

/// What files start with. Another version of Deed may have another answer.
const MAGIC: &[u8] = concat!("deed answer 3 ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();
/// How files are named; what follows tells questions apart.
const PREFIX: &str = "answer-";
/// More answers than this are not kept.
const MAX_ANSWERS: usize = 2;

impl Answer {
    /// Reads what is kept in answer to a question: about this commit, or an earlier one.
    #[must_use]
    pub fn to(repository: &Repository, question: &[u8], at: Oid) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(question);
        // There is one answer to a question; a later commit's takes the place of an earlier one's.
        let name = format!("{PREFIX}{:016x}", hasher.finish());
        let path = repository.common_dir().join(cache::DIRECTORY).join(name);
        let kept = Kept::open(&path, MAGIC);
        let none = Self {
            path,
            question: question.to_vec(),
            at,
            kept: None,
            is_whole: false,
            frame: Default::default(),
            pieces: FxHashMap::default(),
        };
        let Some(kept) = kept else { return none };
        let Some((is_whole, frame, pieces)) = read(kept.head(), &none) else { return none };
        Self { kept: Some(kept), is_whole, frame, pieces, ..none }
    }

    /// Says it again, if it is about the same commit. Returns whether all of it is said; otherwise what is said is how it
    /// starts.
    ///
    /// # Errors
    /// Fails where it cannot be written to `out`.
    pub fn repeat(&mut self, out: &mut dyn Write) -> io::Result<bool> {
        let Some(kept) = self.kept.as_mut().filter(|_| self.is_whole) else { return Ok(false) };
        out.write_all(&self.frame[0])?;
        let mut at = 0;
        while at < kept.len() {
            let Some((run, count)) = kept.run(at) else { return Ok(false) };
            out.write_all(if at == 0 { without_comma(run) } else { run })?;
            at += count;
        }
        out.write_all(&self.frame[1])?;
        Ok(true)
    }

    /// Says whether a piece of that name is kept.
    #[must_use]
    pub fn has(&self, piece: &[u8]) -> bool {
        self.pieces.contains_key(piece)
    }

    /// Says it: the pieces that are kept under a name as they are, others in the words of `say`. Keeps it for the next time,
    /// where pieces without a name are not said again in another answer; that it cannot be kept is no error.
    ///
    /// Returns whether all of it is said, for a piece may be damaged that seemed to be kept and `say` does not know; what
    /// is said then is how it starts.
    ///
    /// # Errors
    /// Fails where it cannot be written to `out`.
    pub fn say(
        self,
        frame: [&[u8]; 2],
        pieces: &[Vec<u8>],
        say: &mut dyn FnMut(usize, &mut Vec<u8>) -> bool,
        out: &mut dyn Write,
    ) -> io::Result<bool> {
        let Self { path, question, at, mut kept, pieces: known, .. } = self;
        let mut keeping = Some(Keeping::new(&path, MAGIC, kept.as_ref()));
        let mut words = Vec::new();
        out.write_all(frame[0])?;
        for (index, piece) in pieces.iter().enumerate() {
            let place = known.get(piece).copied();
            if let Some((place, kept)) = place.zip(kept.as_mut())
                && let Some(bytes) = kept.piece(place)
            {
                out.write_all(if index == 0 { without_comma(bytes) } else { bytes })?;
                keeping.take_if(|keeping| keeping.take(kept, place).is_err());
            } else {
                words.clear();
                words.push(b',');
                if !say(index, &mut words) {
                    return Ok(false);
                }
                keeping.take_if(|keeping| keeping.add(&words).is_err());
                out.write_all(if index == 0 { without_comma(&words) } else { &words })?;
            }
        }
        out.write_all(frame[1])?;
        if let Some(keeping) = keeping {
            let mut head = Writer::new(b"");
            head.bytes(&question);
            head.id(at);
            frame.iter().for_each(|part| head.bytes(part));
            pieces.iter().for_each(|piece| head.bytes(piece));
            let end = || {
                keeping.end(&head.into_bytes(), kept.as_mut())?;
                cache::prune(path.parent().unwrap_or(Path::new(".")), PREFIX, MAX_ANSWERS)
            };
            let _ = end();
        }
        Ok(true)
    }
}

/// Each piece is kept with the comma before it, so that many are said in one go; but the first has none.
fn without_comma(piece: &[u8]) -> &[u8] {
    piece.get(1..).unwrap_or_default()
}

type Head = (bool, [Vec<u8>; 2], FxHashMap<Vec<u8>, usize>);

/// Reads what is said of an answer: whether it is about the commit, how it begins and ends, which pieces it has.
fn read(head: &[u8], wanted: &Answer) -> Option<Head> {
    let mut reader = Reader::new(head);
    if reader.bytes()? != wanted.question {
        return None;
    }
    let is_whole = reader.id()? == wanted.at;
    let frame = [reader.bytes()?.to_vec(), reader.bytes()?.to_vec()];
    let (mut pieces, mut place) = (FxHashMap::default(), 0);
    // Of an answer that is said as it is, nobody asks for pieces.
    while !is_whole && !reader.rest().is_empty() {
        let (name, at) = (reader.bytes()?, place);
        place += 1;
        if !name.is_empty() {
            pieces.insert(name.to_vec(), at);
        }
    }
    Some((is_whole, frame, pieces))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use deed_test::Repo;

    use super::*;

    const FRAME: [&[u8]; 2] = [b"[", b"]\n"];

    fn list(pieces: &[(&str, &str)]) -> (Vec<Vec<u8>>, Vec<String>) {
        pieces.iter().map(|(name, words)| (name.as_bytes().to_vec(), (*words).to_owned())).unzip()
    }

    /// Has an answer said; `None` where it asks for words of a piece that has none.
    fn say(answer: Answer, pieces: &[(&str, &str)]) -> Option<String> {
        let (names, words) = list(pieces);
        let mut out = Vec::new();
        let mut say = |at: usize, out: &mut Vec<u8>| {
            out.extend_from_slice(words[at].as_bytes());
            !words[at].is_empty()
        };
        let is_said = answer.say(FRAME, &names, &mut say, &mut out).expect("it is written");
        is_said.then(|| String::from_utf8(out).expect("a text"))
    }

    fn said(mut answer: Answer) -> Option<String> {
        let mut out = Vec::new();
        let is_said = answer.repeat(&mut out).expect("it is written");
        is_said.then(|| String::from_utf8(out).expect("a text"))
    }

    #[test]
    fn an_answer_is_said_again_to_the_same_question_only() {
        let repo = Repo::temporary();
        let [a, b] = ["a", "b"].map(|name| repo.commit(name).write(name, "").create().parse().expect("an id"));
        let git = Repository::open(repo.dir()).expect("a repository");
        let answer = |at| Answer::to(&git, b"why", at);
        assert_eq!(said(answer(a)), None);
        let long = "x".repeat(200_000);
        for pieces in [&[][..], &[("1", "one")], &[("1", "one"), ("2", &*long), ("", "three")]] {
            fs::remove_dir_all(git.common_dir().join(cache::DIRECTORY)).ok();
            let expected = format!("[{}]\n", list(pieces).1.join(","));
            assert_eq!(say(answer(a), pieces), Some(expected.clone()));
            assert_eq!(said(answer(a)), Some(expected));
        }
        assert_eq!(said(Answer::to(&git, b"what", a)), None);
        // About another commit only pieces are the same, by their names.
        assert_eq!(said(answer(b)), None);
        assert!(answer(b).has(b"1") && !answer(b).has(b"one") && !answer(b).has(b""));
        assert_eq!(
            say(answer(b), &[("", "no"), ("2", ""), ("3", "three"), ("1", "")]),
            Some(format!("[no,{long},three,one]\n"))
        );
        assert_eq!(said(answer(b)), Some(format!("[no,{long},three,one]\n")));
        assert_eq!(said(answer(a)), None);
        for question in [b"1", b"2", b"3"] {
            say(Answer::to(&git, question, a), &[("1", &*long)]).expect("it is said");
        }
        let files = fs::read_dir(git.common_dir().join(cache::DIRECTORY)).expect("a directory");
        assert_eq!(files.count(), 2 * MAX_ANSWERS, "an index and a stock each");
    }

    #[test]
    fn what_is_damaged_is_not_said() {
        let repo = Repo::temporary();
        let [a, b] = ["a", "b"].map(|name| repo.commit(name).write(name, "").create().parse().expect("an id"));
        let git = Repository::open(repo.dir()).expect("a repository");
        let long = "x".repeat(200_000);
        let pieces = [("1", "one"), ("2", &*long), ("3", "three")];
        let expected = say(Answer::to(&git, b"why", a), &pieces).expect("it is said");
        let files = fs::read_dir(git.common_dir().join(cache::DIRECTORY)).expect("a directory");
        for file in files.flatten().map(|file| file.path()) {
            let sound = fs::read(&file).expect("it is kept");
            for at in (0..sound.len()).step_by((sound.len() / 300).max(1)) {
                let mut flipped = sound.clone();
                flipped[at] ^= 1;
                for damaged in [&flipped, &sound[..at]] {
                    fs::write(&file, damaged).expect("a file");
                    let mut out = Vec::new();
                    let is_said = Answer::to(&git, b"why", a).repeat(&mut out).expect("it is written");
                    assert!(!is_said && expected.as_bytes().starts_with(&out), "{at} of {}", file.display());
                    // What cannot be taken over is asked for.
                    let again = Answer::to(&git, b"why", b);
                    if again.has(b"3") {
                        assert_eq!(say(again, &[("1", ""), ("2", ""), ("3", "")]), None, "{at} of {}", file.display());
                    }
                }
            }
            fs::write(&file, sound).expect("a file");
        }
        assert_eq!(said(Answer::to(&git, b"why", a)), Some(expected));
    }

    #[test]
    fn what_cannot_be_said_to_the_end_is_not_kept() {
        let repo = Repo::temporary();
        let at = repo.commit("a").write("a", "").create().parse().expect("an id");
        let git = Repository::open(repo.dir()).expect("a repository");
        assert_eq!(say(Answer::to(&git, b"why", at), &[("1", "one"), ("2", "")]), None);
        assert_eq!(said(Answer::to(&git, b"why", at)), None);
        assert!(!git.common_dir().join(cache::DIRECTORY).exists());
    }
}
