//! Commits, what changed between them and what files hold, as the real `git` tells it.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

/// A path, by number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(u32);

/// A blob's id, by number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Blob(u32);

pub(super) struct Commit {
    pub(super) id: String,
    tree: String,
    /// `None` for one that is not here.
    pub(super) parents: Vec<Option<usize>>,
    /// What changed since each parent that is here.
    changes: Vec<Rc<Changes>>,
}

/// What a file was, and what it is.
pub(super) type Changes = HashMap<Name, (Option<Blob>, Option<Blob>)>;

pub(super) struct History {
    git_dir: PathBuf,
    /// Children before parents.
    pub(super) commits: Vec<Commit>,
    pub(super) index: HashMap<String, usize>,
    pub(super) names: Numbered,
    blobs: Numbered,
    cat: Child,
}

/// Byte strings with a number each.
#[derive(Default)]
pub(super) struct Numbered {
    all: Vec<Rc<[u8]>>,
    index: HashMap<Rc<[u8]>, u32>,
}

impl Numbered {
    fn number(&mut self, bytes: &[u8]) -> u32 {
        if let Some(number) = self.index.get(bytes) {
            return *number;
        }
        let (bytes, number) = (Rc::<[u8]>::from(bytes), self.all.len() as u32);
        self.all.push(Rc::clone(&bytes));
        self.index.insert(bytes, number);
        number
    }

    pub(super) fn index(&mut self, path: &[u8]) -> Name {
        Name(self.number(path))
    }

    pub(super) fn get(&self, name: Name) -> &[u8] {
        &self.all[name.0 as usize]
    }
}

const FILES: [&str; 4] = ["--", ":(icase)*.yaml", ":(icase)*.yml", ":(icase)*.json"];

fn git<'a>(git_dir: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut git = Command::new("git");
    git.env("GIT_DIR", git_dir).env("GIT_NO_REPLACE_OBJECTS", "1").args(arguments);
    git
}

/// What a command answers to lines of input.
fn ask(command: &mut Command, input: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(input.into_iter().collect::<String>().as_bytes()).expect("it can be written");
    std::io::Seek::rewind(&mut file).expect("it can be read");
    let output = command.stdin(file).stderr(Stdio::inherit()).output().expect("git runs");
    assert!(output.status.success(), "git failed");
    output.stdout
}

impl History {
    pub(super) fn load(git_dir: &Path, revisions: &[String]) -> Self {
        let list = ask(&mut git(git_dir, ["rev-list", "--topo-order", "--stdin"]), lines(revisions));
        let ids: Vec<String> = String::from_utf8(list).expect("ids").lines().map(str::to_owned).collect();
        let index: HashMap<String, usize> = ids.iter().cloned().enumerate().map(|(at, id)| (id, at)).collect();
        let mut answers =
            BufReader::new(std::io::Cursor::new(ask(&mut git(git_dir, ["cat-file", "--batch"]), lines(&ids))));
        let commits: Vec<Commit> = ids
            .into_iter()
            .map(|id| {
                let object = object(&mut answers).unwrap_or_else(|| panic!("{id} is missing"));
                let object = String::from_utf8_lossy(&object).into_owned();
                let headers = || object.lines().take_while(|line| !line.is_empty()).map_while(|l| l.split_once(' '));
                let of = |name: &'static str| headers().filter(move |(key, _)| *key == name).map(|(_, value)| value);
                let tree = of("tree").next().expect("a tree").to_owned();
                let parents = of("parent").map(|parent| index.get(parent).copied()).collect();
                Commit { id, tree, parents, changes: vec![] }
            })
            .collect();
        let mut cat = git(git_dir, ["cat-file", "--batch"]);
        let cat = cat.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git runs");
        let mut history = Self {
            git_dir: git_dir.to_owned(),
            commits,
            index,
            names: Numbered::default(),
            blobs: Numbered::default(),
            cat,
        };
        history.compare();
        history
    }

    /// Has `git` compare the tree of each commit with that of each of its parents.
    fn compare(&mut self) {
        let pair = |commit: &Commit, parent: &usize| (self.commits[*parent].tree.clone(), commit.tree.clone());
        let pairs = self.commits.iter().flat_map(|commit| {
            let parents = commit.parents.iter().flatten();
            parents.map(|parent| pair(commit, parent)).collect::<Vec<_>>()
        });
        let pairs: std::collections::BTreeSet<(String, String)> = pairs.collect();
        let mut command = git(&self.git_dir, ["diff-tree", "--stdin", "-r", "-z", "--no-renames", "--raw"]);
        let found = ask(command.args(FILES), pairs.iter().map(|(old, new)| format!("{old} {new}\n")));
        let mut changes: HashMap<(String, String), Changes> =
            pairs.into_iter().map(|pair| (pair, Changes::new())).collect();
        let mut rest = &*found;
        let mut current = None;
        while !rest.is_empty() {
            if rest[0] != b':' {
                let (old, new) = until(&mut rest, b'\n')
                    .split_once(' ')
                    .map(|(a, b)| (a.to_owned(), b.to_owned()))
                    .expect("two trees");
                current = changes.get_mut(&(old, new));
                continue;
            }
            let record = until(&mut rest, 0);
            let fields: Vec<&str> = record[1..].split(' ').collect();
            let path = rest.iter().position(|byte| *byte == 0).expect("a path");
            let name = Name(self.names.number(&rest[..path]));
            rest = &rest[path + 1..];
            // Regular files, executable or not.
            let mut side =
                |mode: &str, id: &str| mode.starts_with("100").then(|| Blob(self.blobs.number(id.as_bytes())));
            let (old, new) = (side(fields[0], fields[2]), side(fields[1], fields[3]));
            if old != new {
                current.as_mut().expect("a header").insert(name, (old, new));
            }
        }
        let changes: HashMap<_, Rc<Changes>> = changes.into_iter().map(|(pair, all)| (pair, Rc::new(all))).collect();
        let trees: Vec<String> = self.commits.iter().map(|commit| commit.tree.clone()).collect();
        let none = Rc::new(Changes::new());
        for commit in &mut self.commits {
            let since = |parent: &Option<usize>| match parent {
                Some(parent) => Rc::clone(&changes[&(trees[*parent].clone(), commit.tree.clone())]),
                None => Rc::clone(&none),
            };
            commit.changes = commit.parents.iter().map(since).collect();
        }
    }

    pub(super) fn changes(&self, commit: usize, parent: usize) -> Rc<Changes> {
        Rc::clone(&self.commits[commit].changes[parent])
    }

    pub(super) fn files(&mut self, commit: &str) -> BTreeMap<Vec<u8>, Blob> {
        let listed = ask(&mut git(&self.git_dir, ["ls-tree", "-r", "-z", commit]), []);
        let mut files = BTreeMap::new();
        for entry in listed.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            let tab = entry.iter().position(|byte| *byte == b'\t').expect("a path");
            let (head, path) = (std::str::from_utf8(&entry[..tab]).expect("ascii"), &entry[tab + 1..]);
            let lower = path.to_ascii_lowercase();
            if head.starts_with("100") && [&b".yaml"[..], b".yml", b".json"].iter().any(|end| lower.ends_with(end)) {
                let id = head.rsplit(' ').next().expect("an id");
                files.insert(path.to_vec(), Blob(self.blobs.number(id.as_bytes())));
            }
        }
        files
    }

    /// The bytes of a blob; `None` where they are not in this clone.
    pub(super) fn read(&mut self, blob: Blob) -> Option<Vec<u8>> {
        let stdin = self.cat.stdin.as_mut().expect("a pipe");
        stdin.write_all(&self.blobs.all[blob.0 as usize]).and_then(|()| stdin.write_all(b"\n")).expect("git listens");
        object(&mut BufReader::with_capacity(1, self.cat.stdout.as_mut().expect("a pipe")))
    }
}

impl Drop for History {
    fn drop(&mut self) {
        drop(self.cat.stdin.take());
        let _ = self.cat.wait();
    }
}

fn lines(all: &[String]) -> impl Iterator<Item = String> {
    all.iter().map(|line| format!("{line}\n"))
}

/// Takes a text off the front, up to a byte that ends it.
fn until<'b>(rest: &mut &'b [u8], end: u8) -> &'b str {
    let at = rest.iter().position(|byte| *byte == end).expect("an end");
    let text = std::str::from_utf8(&rest[..at]).expect("ascii");
    *rest = &rest[at + 1..];
    text
}

/// The next object that `git cat-file --batch` gives; `None` where it has none.
fn object(answers: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut head = String::new();
    answers.read_line(&mut head).expect("an answer");
    let size = match head.trim_end().rsplit_once(' ').expect("an id and a size") {
        (_, "missing") => return None,
        (_, size) => size.parse::<usize>().expect("a size"),
    };
    let mut bytes = vec![0; size + 1];
    answers.read_exact(&mut bytes).expect("a whole object");
    bytes.pop();
    Some(bytes)
}
