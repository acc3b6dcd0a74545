//! Workspaces that are looked at again whenever something in them is another.
//!
//! Files are asked for their stamps now and then: that holds for every file system and every way to save, and costs next to
//! nothing, since the longer a look takes the rarer it is. What history says is watched by the [`Prover`](super::prover).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use deed_linter::Outcome;
use deed_model::Date;
use deed_syntax::Parse;

use super::find;
use super::history::{self, Past};
use super::prover::State;
use super::read::is_there;
use super::survey::{Tree, tree};
use super::{Existing, Judgement, Loaded, Project, Request, Standing, slashed};

/// How often files are asked for their stamps.
const LOOK: Duration = Duration::from_millis(200);
/// How often is looked for files that are new or gone.
const SEARCH: Duration = Duration::from_millis(500);
/// How much of the time may go by in looking: one part in so many.
const SHARE: u32 = 40;
/// How long files have to be left alone before they are read.
const REST: Duration = Duration::from_millis(40);
/// How long Git may hold its lock until that counts as forgotten.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is watched, and what is known of it.
pub(crate) struct Watch {
    request: Request,
    here: PathBuf,
    /// Files that count beside manifests.
    others: Vec<PathBuf>,
    roots: BTreeMap<PathBuf, Standing>,
    seen: Seen,
    news: Sender<()>,
    heard: Receiver<()>,
}

/// What the last look saw.
#[derive(Default)]
struct Seen {
    /// The files that were found; `None` where there was nothing to look at.
    found: Option<Vec<PathBuf>>,
    files: Vec<(PathBuf, Option<Stamp>)>,
    /// Where a branch that is switched or gets a commit leaves a trace.
    traces: Vec<(PathBuf, Option<Stamp>)>,
    /// What is there while Git is at work.
    locks: Vec<PathBuf>,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// On Unix the file itself and when it was last touched, which no tool sets back.
    identity: (u64, i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let file = path.metadata().ok()?;
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt as _;
            (file.ino(), file.ctime(), file.ctime_nsec())
        };
        #[cfg(not(unix))]
        let identity = (0, 0, 0);
        Some(Self { modified: file.modified().ok(), length: file.len(), identity })
    }
}

fn stamped(paths: impl IntoIterator<Item = PathBuf>) -> Vec<(PathBuf, Option<Stamp>)> {
    paths.into_iter().map(|path| (path.clone(), Stamp::of(&path))).collect()
}

fn hold(stamps: &[(PathBuf, Option<Stamp>)]) -> bool {
    stamps.iter().all(|(path, stamp)| Stamp::of(path) == *stamp)
}

impl Watch {
    /// Watches what a request asks for, from a directory.
    pub(crate) fn new(request: Request, here: PathBuf) -> Self {
        let (news, heard) = channel();
        Self { request, here, others: Vec::new(), roots: BTreeMap::new(), seen: Seen::default(), news, heard }
    }

    /// Has some more files count.
    pub(crate) fn watch_also(&mut self, others: Vec<PathBuf>) {
        self.others = others;
        let known = self.seen.files.iter().map(|(path, _)| path);
        let new: Vec<_> = self.others.iter().filter(|path| !known.clone().any(|known| known == *path)).collect();
        let new = stamped(new.into_iter().cloned());
        self.seen.files.extend(new);
    }

    /// Reads what is another than it was, and judges everything. Also returns whether history may be another.
    pub(crate) fn judge(&mut self, today: Date) -> Result<(Loaded, Vec<Outcome>, bool)> {
        let found = find::find(&self.request, &self.here);
        let before = std::mem::take(&mut self.seen);
        let (found, strays) = match found {
            Ok(found) => found,
            Err(error) => {
                self.roots.clear();
                self.seen.files = stamped(self.others.clone());
                return Err(error);
            }
        };
        let files = || found.iter().flat_map(|found| &found.files).map(|file| file.path.clone());
        // What changes while it is being read has another stamp than these.
        let (traces, locks) = repositories(found.iter().map(|found| found.root.as_path()));
        self.seen = Seen {
            found: Some(files().collect()),
            files: stamped(files().chain(self.others.clone())),
            traces: stamped(traces),
            locks,
        };
        let has_moved = before.traces != self.seen.traces;
        let known: HashMap<PathBuf, Arc<Parse>> = self
            .roots
            .values()
            .flat_map(|standing| standing.files().iter().map(|(path, parse)| (path.clone(), parse.clone())))
            .collect();
        let mut standings = std::mem::take(&mut self.roots);
        let (mut loaded, mut outcomes) = (Loaded { strays, ..Loaded::default() }, Vec::new());
        let mut places = Vec::new();
        for found in found {
            let tree = tree(found, &BTreeMap::new(), &known);
            let place = Place { has_root_manifest: tree.has_root_manifest, asked: tree.asked.clone() };
            places.push((tree.root.clone(), place));
            let Tree { root, .. } = &tree;
            let before = standings.remove(root);
            if has_moved {
                before.iter().for_each(Standing::read_history);
            }
            self.roots.insert(root.clone(), Standing::of(tree, before));
        }
        self.await_history();
        for (root, place) in places {
            let Some(standing) = self.roots.get_mut(&root) else { continue };
            let judgement = standing.judge(today);
            if judgement.unreadable.is_empty() {
                let (project, outcome) = place.project(root, standing, judgement);
                loaded.projects.push(project);
                outcomes.push(outcome);
            } else {
                loaded.unreadable.extend(judgement.unreadable);
            }
        }
        Ok((loaded, outcomes, has_moved))
    }

    /// Begins to look at history where nobody did yet, and waits until it has been read.
    fn await_history(&mut self) {
        let Some(proof) = &self.request.proof else { return };
        for standing in self.roots.values_mut() {
            let news = self.news.clone();
            standing.look_at_history(proof.trust_root.as_ref(), move || {
                // Where nobody watches any more, nobody has to be told.
                let _ = news.send(());
            });
        }
        while self.roots.values().any(|standing| standing.state() == Some(State::Reading)) {
            let _ = self.heard.recv_timeout(LOOK);
        }
        while self.heard.try_recv().is_ok() {}
    }

    /// Waits until something may be another than it was, and has been left alone since; `is_over` says that the day is.
    pub(crate) fn wait(&mut self, is_over: impl Fn() -> bool) {
        let (mut pause, mut search) = (LOOK, Instant::now() + SEARCH);
        loop {
            match self.heard.recv_timeout(pause) {
                Ok(()) => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(pause),
            }
            let begin = Instant::now();
            if is_over() || !hold(&self.seen.files) || !hold(&self.seen.traces) {
                break;
            }
            pause = LOOK.max(begin.elapsed() * SHARE);
            if search <= begin {
                if !self.finds_the_same() {
                    break;
                }
                search = Instant::now() + SEARCH.max(begin.elapsed() * SHARE);
            }
        }
        self.rest();
    }

    /// Whether the same files are there, and those that manifests name are there or missing as they were.
    fn finds_the_same(&self) -> bool {
        let found = find::find(&self.request, &self.here).ok();
        let found = found.map(|(found, _)| {
            let files = found.into_iter().flat_map(|found| found.files);
            files.map(|file| file.path).collect::<Vec<_>>()
        });
        found == self.seen.found && self.roots.values().all(Standing::holds)
    }

    /// Waits until nobody is writing: a branch that is being switched to is read when it is all there.
    fn rest(&self) {
        let begin = Instant::now();
        let paths: Vec<_> = self.seen.files.iter().chain(&self.seen.traces).map(|(path, _)| path.clone()).collect();
        while begin.elapsed() < PATIENCE {
            let stamps = stamped(paths.clone());
            thread::sleep(REST);
            if hold(&stamps) && !self.seen.locks.iter().any(|lock| is_there(lock)) {
                return;
            }
        }
    }
}

/// What is known of a root beside what stands in its manifests.
struct Place {
    has_root_manifest: bool,
    asked: HashSet<PathBuf>,
}

impl Place {
    fn project(self, root: PathBuf, standing: &mut Standing, judgement: Judgement) -> (Project, Outcome) {
        let Judgement { outcome, history, state, .. } = judgement;
        let workspace = standing.workspace();
        let is_asked = |path: &str| self.asked.contains(&root.join(path));
        let files = workspace.files().filter(|(_, manifest)| is_asked(&slashed(Path::new(&manifest.path))));
        let project = Project {
            has_root_manifest: self.has_root_manifest,
            past: Past::known(&root, state, history),
            proof: None,
            asked: files.map(|(file, _)| file).collect(),
            existing: Existing::below(root.clone()),
            workspace: workspace.clone(),
            root,
        };
        (project, outcome)
    }
}

/// The files by which the repositories around some roots show that a branch was switched or has another commit, and those
/// that are there while Git is at work.
fn repositories<'r>(roots: impl Iterator<Item = &'r Path>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut traces, mut locks) = (Vec::new(), Vec::new());
    for root in roots {
        let Ok(Some((repository, _))) = history::open(root) else { continue };
        let at = |name: &str| repository.git_dir().join(name);
        traces.extend([at("HEAD"), at("logs/HEAD")]);
        locks.extend([at("index.lock"), at("HEAD.lock")]);
    }
    (traces, locks)
}
