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

use deed_syntax::TextRange;
use rustc_hash::FxHashMap;

use self::advance::Boundary;
use self::cache::{Cache, Stored};
use self::flow::Origin;
use self::lineage::Walk;
use crate::{Commit, Filter, Graph, HistoryError, ObjectKind, Oid, Person, Repository, Trees};

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
    /// In order of their paths.
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
    let mut request = request.clone();
    if request.paths.iter().any(Vec::is_empty) {
        request.paths.clear();
    }
    request.paths.sort_unstable();
    request.paths.dedup();
    let request = &request;
    let cache = request.cache.then(|| Cache::new(repository, &request.paths));
    let Some(cache) = cache else { return Ok(cold(repository, request)?.0) };
    let stored = match cache.read(request) {
        Some(stored) if stored.at == request.at => return Ok(stored.blame),
        other => other,
    };
    let advanced = match stored {
        Some(stored) => advance::advance(repository, request, stored)?,
        None => None,
    };
    let (blame, ids) = match advanced {
        Some(advanced) => advanced,
        None => cold(repository, request)?,
    };
    cache.write(request, &blame, &ids);
    Ok(blame)
}

/// Reads all of history. Returns the commits it is made of as well.
fn cold(repository: &Repository, request: &BlameRequest) -> Result<(Blame, Vec<Oid>), HistoryError> {
    let objects = repository.objects()?;
    let graph = Graph::load(&objects, request.at)?;
    let blame = walk(repository, request, &graph, None)?.blame;
    Ok((blame, (0..graph.len()).map(|commit| graph.id(commit as u32)).collect()))
}

/// What a walk found.
struct Walked {
    blame: Blame,
    /// Files that need more of history than the walk could see.
    deep: Vec<usize>,
}

/// Walks back over the commits of a graph, or from its tip to what is known of an earlier one.
fn walk(
    repository: &Repository,
    request: &BlameRequest,
    graph: &Graph,
    boundary: Option<&Boundary<'_>>,
) -> Result<Walked, HistoryError> {
    let objects = repository.objects()?;
    let trees = Trees::new(&objects, TREE_CACHE);
    let filter = Filter { name: &is_readable, below: &request.paths };
    let files = trees.files(graph.tree(0), &filter).map_err(|_| HistoryError::NoCommit { id: request.at })?;
    let lineage = Walk::new(graph, &objects, trees).run(&files);
    let found = follow::follow(repository, &lineage, boundary, request.threads)?;
    let mut walked = Walked {
        blame: Blame { files: Vec::with_capacity(files.len()), commits: Vec::new(), complete: graph.is_complete() },
        deep: Vec::new(),
    };
    let mut commits = Commits::default();
    for (index, ((path, _), leaves)) in files.into_iter().zip(found).enumerate() {
        if leaves.deep {
            walked.deep.push(index);
        }
        let before = |path: &[u8]| boundary.and_then(|boundary| boundary.stored.file(path));
        let outcome = match leaves.outcome {
            // Nothing happened to it since.
            Ok(None) => before(&path).expect("it is as it was").outcome.clone().map(|mut entries| {
                let stored = boundary.expect("it was found there").stored;
                for entry in &mut entries {
                    entry.commit = entry.commit.map(|commit| commits.stored(stored, commit));
                    entry.adoption = entry.adoption.map(|commit| commits.stored(stored, commit));
                }
                entries
            }),
            Ok(Some(entries)) => Ok(entries
                .into_iter()
                .map(|(mut entry, source)| {
                    let (origin_path, inherited) = match source.origin {
                        None => (None, None),
                        Some(Origin::Point(point)) => {
                            let point = lineage.point(point);
                            entry.commit = Some(commits.index(graph.id(point.commit)));
                            (Some(&*lineage.paths[point.path as usize]), None)
                        }
                        Some(Origin::Stored(point, leaf)) => {
                            let stored = boundary.expect("it was found there").stored;
                            let name = &lineage.paths[lineage.point(point).path as usize];
                            let leaves = before(name).and_then(|file| file.outcome.as_ref().ok());
                            let leaf = leaves.and_then(|leaves| leaves.get(leaf as usize)).expect("it was found there");
                            entry.commit = leaf.commit.map(|commit| commits.stored(stored, commit));
                            let adoption = leaf.adoption.map(|commit| commits.stored(stored, commit));
                            (Some(leaf.origin_path.as_deref().unwrap_or(name)), adoption)
                        }
                    };
                    entry.adoption = source.adoption.map(|commit| commits.index(graph.id(commit))).or(inherited);
                    entry.origin_path = origin_path.filter(|name| *name != path).map(Into::into);
                    entry
                })
                .collect()),
            Err(why) => Err(why),
        };
        walked.blame.files.push(FileBlame { path, outcome, text: leaves.text });
    }
    for (id, author) in commits.list {
        let author = match author {
            Some(author) => author,
            None => {
                // Not verified, as nothing that led here was: a blame is no evidence.
                let object = objects.read(id, ObjectKind::Commit).map_err(|_| HistoryError::NoCommit { id })?;
                Commit::parse(object.data()).ok_or(HistoryError::NoCommit { id })?.author
            }
        };
        walked.blame.commits.push((id, author));
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
    fn index(&mut self, id: Oid) -> u32 {
        *self.index.entry(id).or_insert_with(|| {
            self.list.push((id, None));
            self.list.len() as u32 - 1
        })
    }

    fn stored(&mut self, stored: &Stored, commit: u32) -> u32 {
        let (id, author) = &stored.blame.commits[commit as usize];
        let index = self.index(*id);
        self.list[index as usize].1.get_or_insert_with(|| author.clone());
        index
    }
}
