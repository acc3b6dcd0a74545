//! Semantic blame: which commit gave each value of a file its present form.
//!
//! A commit *changed* a value when none of its parents has it. A value is followed to the first parent that has it, and on
//! from there; where no parent has it, that is its origin. What a value and its identity are, [`value`](crate::value) says.
//! A version that cannot be read is looked through.
//!
//! One walk over history finds the versions of all files (`lineage`, `rename`). Then each file's leaves flow back through
//! its versions (`flow`, `compare`), which are read next to each other, so that only what differs is read (`document`,
//! `block`, `line`, `node`).

mod block;
mod compare;
mod document;
mod flow;
mod leaf_set;
mod line;
mod lineage;
mod node;
mod rename;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use deed_syntax::{Format, TextRange, parse_sound};
use rustc_hash::FxHashMap;

use self::compare::Head;
use self::document::Version;
use self::flow::{Flow, Source};
use self::lineage::{Lineage, Walk};
use crate::value::Values;
use crate::{Commit, Filter, Graph, HistoryError, ObjectError, ObjectKind, Objects, Oid, Repository, Trees};

/// The longest version of a file that is read, in bytes.
pub const MAX_SIZE: usize = 32 << 20;

/// So many bytes of directories are kept while walking.
const TREE_CACHE: usize = 32 << 20;

/// What is to be blamed.
#[derive(Clone, Debug)]
pub struct BlameRequest {
    /// The commit whose files are asked for.
    pub at: Oid,
    /// Files and directories, as paths from the root of the repository; none at all means everything.
    pub paths: Vec<Vec<u8>>,
}

/// Where the values of files came from.
#[derive(Debug)]
pub struct Blame {
    /// In order of their paths.
    pub files: Vec<FileBlame>,
    /// The commits that are named, by index.
    pub commits: Vec<(Oid, Commit)>,
    /// Whether all of history was there.
    pub complete: bool,
}

/// Where the values of a file came from.
#[derive(Debug)]
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

/// Blames files of a commit, on so many threads.
pub fn blame(repository: &Repository, request: &BlameRequest, threads: usize) -> Result<Blame, HistoryError> {
    let objects = repository.objects()?;
    let graph = Graph::load(&objects, request.at)?;
    let trees = Trees::new(&objects, TREE_CACHE);
    let filter = Filter { name: &is_readable, below: &request.paths };
    let files = trees.files(graph.tree(0), &filter).map_err(|_| HistoryError::NoCommit { id: request.at })?;
    let lineage = Walk::new(&graph, &objects, trees).run(&files);
    let found = follow(repository, &lineage, threads)?;
    let mut result =
        Blame { files: Vec::with_capacity(files.len()), commits: Vec::new(), complete: graph.is_complete() };
    let mut index: FxHashMap<u32, u32> = FxHashMap::default();
    let mut commits = Vec::new();
    let mut name = |commit: u32| {
        *index.entry(commit).or_insert_with(|| {
            commits.push(graph.id(commit));
            commits.len() as u32 - 1
        })
    };
    for ((path, _), leaves) in files.into_iter().zip(found) {
        let outcome = leaves.outcome.map(|entries| {
            let entries = entries.into_iter().map(|(mut entry, source)| {
                let origin = source.origin.map(|point| lineage.point(point));
                entry.commit = origin.map(|origin| name(origin.commit));
                entry.adoption = source.adoption.map(&mut name);
                let before = origin.map(|origin| &lineage.paths[origin.path as usize]);
                entry.origin_path = before.filter(|before| ***before != *path).cloned();
                entry
            });
            entries.collect()
        });
        result.files.push(FileBlame { path, outcome, text: leaves.text });
    }
    for id in commits {
        result.commits.push((id, Commit::read(&objects, id).map_err(|_| HistoryError::NoCommit { id })?));
    }
    Ok(result)
}

/// The leaves of a file with their sources.
struct Leaves {
    text: Box<str>,
    outcome: Result<Vec<(BlameEntry, Source)>, Unreadable>,
}

impl Leaves {
    fn none(why: Unreadable) -> Self {
        Self { text: "".into(), outcome: Err(why) }
    }
}

fn follow(repository: &Repository, lineage: &Lineage, threads: usize) -> Result<Vec<Leaves>, HistoryError> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Leaves)>> = Mutex::new(Vec::with_capacity(lineage.heads.len()));
    let work = |repository: &Repository| -> Result<(), HistoryError> {
        let objects = repository.objects()?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(&head) = lineage.heads.get(index) else { return Ok(()) };
            let leaves = file(&objects, lineage, head);
            found.lock().unwrap_or_else(PoisonError::into_inner).push((index, leaves));
        }
    };
    if threads <= 1 {
        work(repository)?;
    } else {
        let others = (1..threads).map(|_| repository.reopen()).collect::<Result<Vec<_>, _>>()?;
        std::thread::scope(|scope| {
            let work = &work;
            let others: Vec<_> = others.into_iter().map(|other| scope.spawn(move || work(&other))).collect();
            work(repository)?;
            others
                .into_iter()
                .try_for_each(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_unstable_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, leaves)| leaves).collect())
}

fn file(objects: &Objects<'_>, lineage: &Lineage, head: u32) -> Leaves {
    let point = lineage.point(head);
    let object = match objects.read_up_to(point.blob, ObjectKind::Blob, MAX_SIZE) {
        Ok(object) => object,
        Err(ObjectError::TooLarge(_, size)) => return Leaves::none(Unreadable::TooLarge(size)),
        Err(_) => return Leaves::none(Unreadable::Missing),
    };
    let Ok(text) = std::str::from_utf8(object.data()) else { return Leaves::none(Unreadable::Syntax) };
    let format = Format::of_path(&String::from_utf8_lossy(&lineage.paths[point.path as usize]));
    let (Some(parse), Some(version)) = (parse_sound(text, format), Version::read(object.data(), format, None)) else {
        return Leaves { text: text.into(), outcome: Err(Unreadable::Syntax) };
    };
    let mut values = Values::new(&parse);
    let (mut leaves, mut documents, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for (root, document) in parse.documents().zip(&version.documents) {
        documents.push((document.identity, values.outline(root, &mut leaves)));
        ends.push(leaves.len());
    }
    let head_values = Head { documents };
    let sources = Flow::run(objects, lineage, &head_values, head, version, leaves.len());
    let entry = |(index, leaf): (usize, crate::value::Leaf)| BlameEntry {
        path: leaf.display,
        document: ends.partition_point(|end| *end <= index) as u32,
        range: leaf.range,
        commit: None,
        adoption: None,
        origin_path: None,
    };
    let entries = leaves.into_iter().enumerate().map(entry).zip(sources).collect();
    Leaves { text: text.into(), outcome: Ok(entries) }
}
