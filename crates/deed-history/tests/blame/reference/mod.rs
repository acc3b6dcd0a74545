//! Blame as its definition says, slowly: each version of a file is parsed whole at each commit, and compared with all of
//! the commit's parents.
//!
//! Of the engine nothing is used but the parser of texts. History is read by the real `git` (`history`), what a value
//! and its identity are is said once more (`version`), and there is one walk for each file.

mod history;
mod version;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use deed_syntax::TextRange;

pub(crate) use self::history::Blob;
use self::history::{History, Name};
use self::version::Version;

/// The longest version of a file that is read, in bytes.
const MAX_SIZE: usize = 32 << 20;

/// With more files gone in one commit, a file may only have come of one of the same name.
const MANY_GONE: usize = 64;

/// So many leaves of versions are kept.
const KEPT: usize = 10_000_000;

pub(crate) struct Reference {
    history: History,
    versions: HashMap<(Blob, bool), Content>,
    kept: usize,
    /// How many versions were parsed.
    pub(crate) parsed: usize,
    /// How often a file was found to have had another name.
    pub(crate) renames: usize,
}

/// A leaf of a file and where it came from.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Source {
    pub(crate) display: String,
    pub(crate) document: usize,
    pub(crate) range: TextRange,
    /// The id of the commit, and what it called the file; `None` where history is missing.
    pub(crate) origin: Option<(String, Vec<u8>)>,
    /// The commit that brought it to the line of first parents.
    pub(crate) adoption: Option<String>,
}

/// A version of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Point {
    commit: usize,
    name: Name,
    blob: Blob,
}

/// What stands before a version, in the order in which it is asked.
enum Before {
    /// A version that can be read, and whether only first parents lead to it.
    Version(Point, bool),
    /// History that is not here, and whether only first parents lead to it.
    Unknown(bool),
}

/// What there is to read of a version.
#[derive(Clone)]
enum Content {
    Sound(Rc<Version>),
    /// It has syntax errors.
    Broken,
    TooLarge,
    /// Its bytes are not in this clone.
    Missing,
}

impl Content {
    fn sound(self) -> Option<Rc<Version>> {
        match self {
            Self::Sound(version) => Some(version),
            _ => None,
        }
    }
}

/// What a parent has of a file.
enum Found {
    File(Name, Blob),
    Nothing,
    Unknown,
}

impl Reference {
    /// Reads the history of some revisions of a repository.
    pub(crate) fn load(git_dir: &Path, revisions: &[String]) -> Self {
        let history = History::load(git_dir, revisions);
        Self { history, versions: HashMap::new(), kept: 0, parsed: 0, renames: 0 }
    }

    /// How many commits were read.
    pub(crate) fn commits(&self) -> usize {
        self.history.commits.len()
    }

    /// The YAML and JSON files of a commit, by path.
    pub(crate) fn files(&mut self, commit: &str) -> BTreeMap<Vec<u8>, Blob> {
        self.history.files(commit)
    }

    /// Where each leaf of a file came from; `None` when the file cannot be read.
    pub(crate) fn blame(&mut self, commit: &str, path: &[u8], blob: Blob) -> Option<Vec<Source>> {
        let name = self.history.names.index(path);
        let start = Point { commit: self.history.index[commit], name, blob };
        let head = self.version(name, blob).sound()?;
        let (origins, adoptions) = (self.origins(&head, start), self.adoptions(&head, start));
        let id = |commit: usize| self.history.commits[commit].id.clone();
        let sources = head.leaves.iter().zip(origins).zip(adoptions).map(|((leaf, origin), adoption)| Source {
            display: leaf.display.clone(),
            document: leaf.document,
            range: leaf.range,
            origin: origin.map(|point| (id(point.commit), self.history.names.get(point.name).to_vec())),
            adoption: adoption.map(id),
        });
        Some(sources.collect())
    }

    /// A leaf goes to the first version before that has it; where none has it, that is its origin.
    fn origins(&mut self, head: &Version, start: Point) -> Vec<Option<Point>> {
        let mut origins = vec![None; head.leaves.len()];
        // Commits are numbered from the tips, so that all of a commit's children come before it.
        let mut waiting = BTreeMap::from([(start, (0..head.leaves.len()).collect::<Vec<_>>())]);
        while let Some((point, mut leaves)) = waiting.pop_first() {
            // A first parent that has the whole file has all of its leaves.
            if let Some(before) = self.unchanged(point) {
                waiting.entry(before).or_default().extend(leaves);
                continue;
            }
            for before in self.before(point) {
                match before {
                    Before::Unknown(_) => leaves.clear(),
                    Before::Version(before, _) => {
                        let version = self.version(before.name, before.blob).sound().expect("it can be read");
                        let (here, rest) = leaves.into_iter().partition(|leaf| version.has(head, *leaf));
                        let here: Vec<usize> = here;
                        leaves = rest;
                        if !here.is_empty() {
                            waiting.entry(before).or_default().extend(here);
                        }
                    }
                }
            }
            leaves.into_iter().for_each(|leaf| origins[leaf] = Some(point));
        }
        origins
    }

    /// The same on first parents only.
    fn adoptions(&mut self, head: &Version, start: Point) -> Vec<Option<usize>> {
        let mut adoptions = vec![None; head.leaves.len()];
        let (mut point, mut leaves) = (start, (0..head.leaves.len()).collect::<Vec<_>>());
        while !leaves.is_empty() {
            if let Some(before) = self.unchanged(point) {
                point = before;
                continue;
            }
            let first = self.before(point).into_iter().find(|before| match before {
                Before::Version(_, on_line) | Before::Unknown(on_line) => *on_line,
            });
            match first {
                None => {
                    leaves.iter().for_each(|leaf| adoptions[*leaf] = Some(point.commit));
                    break;
                }
                Some(Before::Unknown(_)) => break,
                Some(Before::Version(before, _)) => {
                    let version = self.version(before.name, before.blob).sound().expect("it can be read");
                    let (here, rest) = leaves.into_iter().partition(|leaf| version.has(head, *leaf));
                    let rest: Vec<usize> = rest;
                    rest.iter().for_each(|leaf| adoptions[*leaf] = Some(point.commit));
                    (point, leaves) = (before, here);
                }
            }
        }
        adoptions
    }

    /// The same file at the first parent, where that has it as it is.
    fn unchanged(&mut self, point: Point) -> Option<Point> {
        let parent = (*self.history.commits[point.commit].parents.first()?)?;
        let is_same = !self.history.changes(point.commit, 0).contains_key(&point.name);
        is_same.then_some(Point { commit: parent, ..point })
    }

    /// The readable versions next to one, through those that are not.
    fn before(&mut self, point: Point) -> Vec<Before> {
        enum Step {
            Look(Point, bool),
            Found(Before),
        }
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let mut steps = vec![Step::Look(point, true)];
        while let Some(step) = steps.pop() {
            let (point, on_line) = match step {
                Step::Found(before) => {
                    all.push(before);
                    continue;
                }
                Step::Look(point, _) if !seen.insert(point) => continue,
                Step::Look(point, on_line) => (point, on_line),
            };
            let mut parents = Vec::new();
            for (index, parent) in self.history.commits[point.commit].parents.clone().into_iter().enumerate() {
                let on_line = on_line && index == 0;
                match parent.map_or(Found::Unknown, |_| self.at_parent(point, index)) {
                    Found::Unknown => parents.push(Step::Found(Before::Unknown(on_line))),
                    Found::Nothing => {}
                    Found::File(name, blob) => {
                        let before = Point { commit: parent.expect("it is known"), name, blob };
                        parents.push(match self.version(name, blob) {
                            Content::Sound(_) => Step::Found(Before::Version(before, on_line)),
                            Content::Broken => Step::Look(before, on_line),
                            Content::TooLarge | Content::Missing => Step::Found(Before::Unknown(on_line)),
                        });
                        // A first parent that has the file as it is has it all.
                        if index == 0 && (name, blob) == (point.name, point.blob) {
                            break;
                        }
                    }
                }
            }
            steps.extend(parents.into_iter().rev());
        }
        all
    }

    fn at_parent(&mut self, point: Point, parent: usize) -> Found {
        match self.history.changes(point.commit, parent).get(&point.name) {
            None => Found::File(point.name, point.blob),
            Some((Some(old), _)) => Found::File(point.name, *old),
            Some((None, _)) => {
                let found = self.renamed(point, parent);
                self.renames += usize::from(matches!(found, Found::File(..)));
                found
            }
        }
    }

    /// The file that one came of, among those that are gone since a parent: one with the same bytes, or the one that
    /// shares most leaves.
    fn renamed(&mut self, point: Point, parent: usize) -> Found {
        let changes = self.history.changes(point.commit, parent);
        let mut gone: Vec<(Name, Blob)> = Vec::new();
        let mut come = HashSet::new();
        for (name, change) in changes.iter() {
            match *change {
                (Some(blob), None) => gone.push((*name, blob)),
                (None, Some(blob)) => drop(come.insert(blob)),
                _ => {}
            }
        }
        gone.sort_unstable_by(|a, b| self.history.names.get(a.0).cmp(self.history.names.get(b.0)));
        let last = |path: &[u8]| path.rsplit(|byte| *byte == b'/').next().expect("a part").to_vec();
        let own = last(self.history.names.get(point.name));
        let same_name: HashSet<Name> =
            gone.iter().map(|(name, _)| *name).filter(|name| last(self.history.names.get(*name)) == own).collect();
        let exact = gone.iter().filter(|(_, blob)| *blob == point.blob);
        if let Some((name, blob)) = exact.min_by_key(|(name, _)| !same_name.contains(name)) {
            return Found::File(*name, *blob);
        }
        gone.retain(|(_, blob)| !come.contains(blob));
        if gone.len() > MANY_GONE {
            gone.retain(|(name, _)| same_name.contains(name));
        }
        if gone.is_empty() {
            return Found::Nothing;
        }
        let ours = match self.version(point.name, point.blob) {
            Content::Sound(version) => version,
            Content::Missing => return Found::Unknown,
            Content::Broken | Content::TooLarge => return Found::Nothing,
        };
        let mut best: Option<((usize, bool), (Name, Blob))> = None;
        for (name, blob) in gone {
            let theirs = match self.version(name, blob) {
                Content::Sound(version) => version,
                Content::Missing => return Found::Unknown,
                Content::Broken | Content::TooLarge => continue,
            };
            let Some(common) = ours.common(&theirs) else { continue };
            let rank = (common, same_name.contains(&name));
            if best.is_none_or(|(best, _)| rank > best) {
                best = Some((rank, (name, blob)));
            }
        }
        best.map_or(Found::Nothing, |(_, (name, blob))| Found::File(name, blob))
    }

    fn version(&mut self, name: Name, blob: Blob) -> Content {
        let is_json = self.history.names.get(name).to_ascii_lowercase().ends_with(b".json");
        if let Some(version) = self.versions.get(&(blob, is_json)) {
            return version.clone();
        }
        if self.kept > KEPT {
            self.versions.clear();
            self.kept = 0;
        }
        let version = match self.history.read(blob) {
            None => Content::Missing,
            Some(bytes) if bytes.len() > MAX_SIZE => Content::TooLarge,
            Some(bytes) => {
                self.parsed += 1;
                Version::parse(&bytes, is_json).map_or(Content::Broken, |version| Content::Sound(Rc::new(version)))
            }
        };
        self.kept += version.clone().sound().map_or(0, |version| version.leaves.len());
        self.versions.insert((blob, is_json), version.clone());
        version
    }
}
