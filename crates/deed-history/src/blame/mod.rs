//! Semantic blame: which commit gave each value of a file its present form.
//!
//! A commit *changed* a value when none of its parents has it. A value is followed to the first parent that has it, and on
//! from there; where no parent has it, that is its origin. What a value and its identity are, [`value`](crate::value) says.
//! A version that cannot be read is looked through.
//!
//! One walk over history finds the versions of all files (`lineage`, `rename`). Then each file's leaves flow back through
//! its versions (`flow`, `compare`), which are read next to each other, so that only what differs is read (`document`,
//! `block`, `line`, `node`). What was found is kept (`cache`), and when the tip advances only new commits are read
//! (`advance`).

mod advance;
mod block;
mod cache;
mod compare;
mod document;
mod flow;
mod follow;
mod leaf_set;
mod line;
mod lineage;
mod node;
mod rename;

use std::borrow::Cow;

use deed_syntax::TextRange;
use rustc_hash::FxHashMap;

use self::advance::Boundary;
use self::cache::Cache;
use self::flow::{Origin, Source};
use self::lineage::Walk;
use crate::{Commit, Filter, Graph, HistoryError, ObjectKind, Objects, Oid, Person, Repository, Trees};

/// The longest version of a file that is read, in bytes.
pub const MAX_SIZE: usize = 32 << 20;

/// So many bytes of directories are kept while walking.
const TREE_CACHE: usize = 8 << 20;

/// What is to be blamed.
#[derive(Clone, Debug)]
pub struct BlameRequest {
    /// The commit whose files are asked for.
    pub at: Oid,
    /// Files and directories, as paths from the root of the repository, which itself is the empty one; none at all means
    /// everything.
    pub paths: Vec<Vec<u8>>,
    /// On how many threads to work.
    pub threads: usize,
    /// Whether to use what was found before, and to keep what is found.
    pub cache: bool,
}

/// Where the values of files came from.
#[derive(Debug, PartialEq, Eq)]
pub struct Blame {
    /// The paths of all files in order, each with a commit from which to the one that was asked for nothing happened to the
    /// file: blamed at that commit it is the same.
    pub all: Vec<(Vec<u8>, Oid)>,
    /// The files in order of their paths, but for those that the asker knows.
    pub files: Vec<FileBlame>,
    /// The commits that are named, with their authors, by index.
    pub commits: Vec<(Oid, Person)>,
    /// Whether all of history was there.
    pub complete: bool,
}

impl Blame {
    /// Says whether nothing is missing, so that the answer will always be the same.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is_whole = |file: &FileBlame| match &file.outcome {
            Ok(entries) => entries.iter().all(|entry| entry.commit.is_some() && entry.adoption.is_some()),
            Err(why) => *why != Unreadable::Missing,
        };
        self.complete && self.files.iter().all(is_whole)
    }
}

/// Where the values of a file came from.
#[derive(Debug, PartialEq, Eq)]
pub struct FileBlame {
    /// From the root of the repository.
    pub path: Vec<u8>,
    /// The leaves in order, or why there are none.
    pub outcome: Result<Vec<BlameEntry>, Unreadable>,
    /// The file as it is in the commit that was asked for; empty where it cannot be read.
    pub text: Box<str>,
}

/// Why a file cannot be blamed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// It has syntax errors.
    Syntax,
    /// It is longer than [`MAX_SIZE`].
    TooLarge(usize),
    /// Its bytes are not here: the clone is partial, or damaged.
    Missing,
}

/// A leaf and where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlameEntry {
    /// The key path, with item numbers.
    pub path: Box<str>,
    /// Which of the file's documents it is in, from zero.
    pub document: u32,
    /// Where it is written.
    pub range: TextRange,
    /// The commit that gave it its value; `None` where history is missing. An index into [`Blame::commits`].
    pub commit: Option<u32>,
    /// By which commit it came to the line of first parents.
    pub adoption: Option<u32>,
    /// What the file was called in that commit, if not the same.
    pub origin_path: Option<Box<[u8]>>,
}

/// Says by its name whether a file can be blamed: YAML and JSON files can.
#[must_use]
pub fn is_readable(name: &[u8]) -> bool {
    let ending = name.rsplit(|byte| *byte == b'.').next().filter(|ending| ending.len() < name.len());
    ending.is_some_and(|ending| [&b"yaml"[..], b"yml", b"json"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Blames files of a commit.
pub fn blame(repository: &Repository, request: &BlameRequest) -> Result<Blame, HistoryError> {
    blame_unknown(repository, request, &|_, _| false)
}

/// Blames files of a commit, and may leave out those of which the asker knows what they came to at an earlier commit: its
/// `known` says of a path and that commit whether it does.
pub fn blame_unknown(
    repository: &Repository,
    request: &BlameRequest,
    known: &dyn Fn(&[u8], Oid) -> bool,
) -> Result<Blame, HistoryError> {
    let mut request = request.clone();
    if request.paths.iter().any(Vec::is_empty) {
        request.paths.clear();
    }
    request.paths.sort_unstable();
    request.paths.dedup();
    let request = &request;
    let cache = request.cache.then(|| Cache::new(repository, &request.paths));
    let Some(cache) = cache else { return Ok(cold(repository, request)?.0) };
    if let Some(stored) = cache.read(request) {
        if stored.at == request.at {
            if let Some(blame) = stored.blame(request, known) {
                return Ok(blame);
            }
        } else if let Some((blame, new)) = advance::advance(repository, request, &stored, known)? {
            cache.write(request, &blame, Some(stored), new);
            return Ok(blame);
        }
    }
    let (blame, ids) = cold(repository, request)?;
    cache.write(request, &blame, None, ids);
    Ok(blame)
}

/// Reads all of history. Returns the commits it is made of as well.
fn cold(repository: &Repository, request: &BlameRequest) -> Result<(Blame, Vec<Oid>), HistoryError> {
    let objects = repository.objects()?;
    let graph = Graph::load(&objects, request.at)?;
    let trees = Trees::new(&objects, TREE_CACHE);
    let filter = Filter { name: &is_readable, below: &request.paths, hidden: true };
    let files = trees.files(graph.tree(0), &filter).map_err(|_| HistoryError::NoCommit { id: request.at })?;
    let mut commits = Commits::default();
    let walked = walk(repository, request.threads, &graph, &objects, files, None, &mut commits)?;
    let blame = Blame {
        all: walked.files.iter().map(|file| (file.path.clone(), request.at)).collect(),
        files: walked.files,
        commits: commits.with_authors(&objects)?,
        complete: graph.is_complete(),
    };
    Ok((blame, (0..graph.len()).map(|commit| graph.id(commit as u32)).collect()))
}

/// What a walk found.
struct Walked {
    files: Vec<FileBlame>,
    /// Those that need more of history than the walk could see.
    deep: Vec<usize>,
}

/// Follows files of the tip of a graph back over its commits, or to what is known of an earlier one.
fn walk<'r>(
    repository: &'r Repository,
    threads: usize,
    graph: &Graph,
    objects: &Objects<'r>,
    files: Vec<(Vec<u8>, Oid)>,
    boundary: Option<&Boundary<'_>>,
    commits: &mut Commits,
) -> Result<Walked, HistoryError> {
    let lineage = Walk::new(graph, objects, Trees::new(objects, TREE_CACHE)).run(&files);
    let found = follow::follow(repository, &lineage, boundary, threads)?;
    let mut walked = Walked { files: Vec::with_capacity(files.len()), deep: Vec::new() };
    for (index, ((path, _), leaves)) in files.into_iter().zip(found).enumerate() {
        if leaves.deep {
            walked.deep.push(index);
        }
        let entry = |(mut entry, source): (BlameEntry, Source)| {
            let (origin_path, inherited) = match source.origin {
                None => (None, None),
                Some(Origin::Point(point)) => {
                    let point = lineage.point(point);
                    entry.commit = Some(commits.index(graph.id(point.commit)));
                    (Some(Cow::Borrowed(&*lineage.paths[point.path as usize])), None)
                }
                Some(Origin::Stored(point, leaf)) => {
                    let name = &lineage.paths[lineage.point(point).path as usize];
                    let leaf = boundary.and_then(|boundary| boundary.leaf(name, leaf)).expect("it was found there");
                    entry.commit = leaf.commit;
                    let name = leaf.origin_path.map_or(Cow::Borrowed(&**name), |name| Cow::Owned(name.into_vec()));
                    (Some(name), leaf.adoption)
                }
            };
            entry.adoption = source.adoption.map(|commit| commits.index(graph.id(commit))).or(inherited);
            entry.origin_path = origin_path.filter(|name| **name != path).map(|name| name.into_owned().into());
            entry
        };
        let outcome = leaves.outcome.map(|entries| entries.into_iter().map(entry).collect());
        walked.files.push(FileBlame { path, outcome, text: leaves.text });
    }
    Ok(walked)
}

/// Commits that are named, each once.
#[derive(Default)]
struct Commits {
    list: Vec<(Oid, Option<Person>)>,
    index: FxHashMap<Oid, u32>,
}

impl Commits {
    fn known(commits: &[(Oid, Person)]) -> Self {
        Self {
            list: commits.iter().map(|(id, author)| (*id, Some(author.clone()))).collect(),
            index: commits.iter().zip(0..).map(|((id, _), index)| (*id, index)).collect(),
        }
    }

    fn index(&mut self, id: Oid) -> u32 {
        *self.index.entry(id).or_insert_with(|| {
            self.list.push((id, None));
            self.list.len() as u32 - 1
        })
    }

    fn add(&mut self, id: Oid, author: Person) -> u32 {
        let index = self.index(id);
        self.list[index as usize].1.get_or_insert(author);
        index
    }

    fn with_authors(self, objects: &Objects<'_>) -> Result<Vec<(Oid, Person)>, HistoryError> {
        let author = |(id, author): (Oid, Option<Person>)| {
            if let Some(author) = author {
                return Ok((id, author));
            }
            // Not verified, as nothing that led here was: a blame is no evidence.
            let object = objects.read(id, ObjectKind::Commit).map_err(|_| HistoryError::NoCommit { id })?;
            Ok((id, Commit::parse(object.data()).ok_or(HistoryError::NoCommit { id })?.author))
        };
        self.list.into_iter().map(author).collect()
    }
}
