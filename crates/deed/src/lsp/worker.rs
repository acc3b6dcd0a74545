//! The thread that reads and judges: always the latest that the editor said, and never twice at once.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deed_linter::{Memo, Outcome};
use deed_model::{Date, Manifest, Workspace};
use deed_syntax::Parse;

use super::desk::{Desk, Job};
use super::encoding::Encoding;
use super::names::Names;
use super::view::{LineTable, Root, Verdict, View};
use crate::cli::day::today;
use crate::load::prover::{Prover, State};
use crate::load::{self, Existing, Tree, Unreadable};

/// How many versions in a row are passed over because a later one is there already.
const PATIENCE: u32 = 8;

/// Somebody who wants to know what came of a change.
pub(super) trait Listener: Send + 'static {
    /// Everything is judged: what the editor shows may be another.
    fn judged(&mut self, view: &View);

    /// Something went wrong that is a bug.
    fn failed(&mut self, what: &str);
}

/// Reads and judges until the server ends.
pub(super) fn work(desk: &Arc<Desk>, trust_root: Option<String>, mut listener: impl Listener) {
    let mut worker = Worker { desk: desk.clone(), trust_root, roots: BTreeMap::new(), today: today(), passed_over: 0 };
    loop {
        let job = desk.next();
        if job.todo.end {
            return;
        }
        let revision = job.revision;
        let step = AssertUnwindSafe(|| worker.step(job, &mut listener));
        if catch_unwind(step).is_err() {
            // Nobody must wait for what does not come; the next change tries again from the start.
            worker.roots.clear();
            desk.show(Arc::new(View { revision, is_judged: true, roots: Vec::new() }));
            listener.failed("looking at the manifests failed, which is a bug in Deed");
        }
    }
}

struct Worker {
    desk: Arc<Desk>,
    trust_root: Option<String>,
    roots: BTreeMap<PathBuf, Bench>,
    today: Date,
    /// How many versions in a row were not judged.
    passed_over: u32,
}

/// What is kept of one root from one step to the next.
struct Bench {
    files: BTreeMap<PathBuf, Arc<Parse>>,
    unreadable: Vec<Unreadable>,
    existing: Existing,
    prover: Option<Prover>,
    view: Option<Arc<Root>>,
    memo: Memo,
    /// The texts that came since the register was made; `None` if all of it is to be made anew.
    edited: Option<BTreeMap<PathBuf, Arc<Parse>>>,
}

impl Worker {
    fn step(&mut self, job: Job, listener: &mut impl Listener) {
        let day = today();
        let is_another_day = std::mem::replace(&mut self.today, day) != day;
        let survey = job.todo.survey || is_another_day;
        if !job.todo.something && !is_another_day {
            return;
        }
        let texts = job.texts.iter().map(|(path, text)| (path.clone(), text.parse())).collect();
        if survey {
            self.survey(&job.folders, &texts);
        } else {
            self.take(&texts);
        }
        if job.todo.again {
            self.roots.values().filter_map(|bench| bench.prover.as_ref()).for_each(Prover::again);
        }
        let (names, encoding) = (job.names, job.encoding);
        for (root, bench) in &mut self.roots {
            bench.read(root, &names, encoding, day);
            if job.todo.judge || is_another_day {
                bench.forget();
            }
        }
        let view = |is_judged, roots: &BTreeMap<PathBuf, Bench>| {
            let roots = roots.values().filter_map(|bench| bench.view.clone()).collect();
            Arc::new(View { revision: job.revision, is_judged, roots })
        };
        self.desk.show(view(false, &self.roots));
        for (root, bench) in &mut self.roots {
            if self.passed_over < PATIENCE && !self.desk.is_current(job.revision) {
                // The editor is ahead: what it says now will be judged, and whoever waits for this waits for that.
                self.passed_over += 1;
                return;
            }
            bench.judge(root, &self.desk, self.trust_root.as_ref());
        }
        self.passed_over = 0;
        let view = view(true, &self.roots);
        self.desk.show(view.clone());
        listener.judged(&view);
    }

    /// Finds the roots anew.
    fn survey(&mut self, folders: &[PathBuf], texts: &BTreeMap<PathBuf, Arc<Parse>>) {
        let mut known: HashMap<PathBuf, Arc<Parse>> = HashMap::new();
        for bench in self.roots.values() {
            known.extend(bench.files.iter().map(|(path, parse)| (path.clone(), parse.clone())));
        }
        let trees = load::survey(folders, texts, &known);
        let mut before = std::mem::take(&mut self.roots);
        for Tree { root, files, unreadable } in trees {
            let bench = match before.remove(&root) {
                Some(old) if old.files.keys().eq(files.keys()) && old.existing.holds() => {
                    old.resurveyed(files, unreadable)
                }
                old => {
                    let (prover, view) = old.map_or((None, None), |old| (old.prover, old.view));
                    let existing = Existing::below(root.clone());
                    Bench { files, unreadable, existing, prover, view, memo: Memo::default(), edited: None }
                }
            };
            self.roots.insert(root, bench);
        }
    }

    /// Takes in the texts of open documents.
    fn take(&mut self, texts: &BTreeMap<PathBuf, Arc<Parse>>) {
        for (path, parse) in texts {
            for bench in self.roots.values_mut() {
                if let Some(known) = bench.files.get_mut(path).filter(|known| !Arc::ptr_eq(known, parse)) {
                    *known = parse.clone();
                    bench.edited.iter_mut().for_each(|edited| drop(edited.insert(path.clone(), parse.clone())));
                }
            }
        }
    }
}

impl Bench {
    /// Goes on with what a survey found where it found the same files: what is known of those with the same text holds.
    fn resurveyed(mut self, files: BTreeMap<PathBuf, Arc<Parse>>, unreadable: Vec<Unreadable>) -> Self {
        let other = files.iter().filter(|(path, parse)| !Arc::ptr_eq(&self.files[*path], parse));
        let other: Vec<_> = other.map(|(path, parse)| (path.clone(), parse.clone())).collect();
        self.edited.iter_mut().for_each(|edited| edited.extend(other.iter().cloned()));
        self.forget();
        Self { files, unreadable, ..self }
    }

    /// Makes the register anew, if a text is another.
    fn read(&mut self, root: &Path, names: &Arc<Names>, encoding: Encoding, today: Date) {
        let before = self.view.take();
        let (workspace, verdict) = match (&before, self.edited.replace(BTreeMap::new())) {
            (Some(view), Some(edited)) if edited.is_empty() => (view.workspace.clone(), view.verdict.clone()),
            (Some(view), Some(edited)) => {
                let edited = edited.into_iter().filter_map(|(path, parse)| Some((view.file_of(&path)?, parse)));
                (Arc::new(view.workspace.edited(edited)), None)
            }
            _ => {
                let manifest = |(path, parse): (&PathBuf, &Arc<Parse>)| {
                    let below = path.strip_prefix(root).unwrap_or(path);
                    Manifest { path: load::slashed(below), parse: parse.clone() }
                };
                (Arc::new(Workspace::new(self.files.iter().map(manifest).collect())), None)
            }
        };
        let lines = match &before {
            Some(view) if Arc::ptr_eq(&view.workspace, &workspace) => view.lines.clone(),
            before => {
                let before = before.as_deref().map(|view| (&*view.workspace, &*view.lines));
                Arc::new(LineTable::of(&workspace, before))
            }
        };
        let me = self.prover.as_ref().and_then(|prover| me(&workspace, &prover.state()));
        let (root, names) = (root.to_owned(), names.clone());
        self.view = Some(Arc::new(Root { root, workspace, lines, names, encoding, today, me, verdict }));
    }

    /// Has everything judged again.
    fn forget(&mut self) {
        self.view = self.view.take().map(|view| Arc::new(Root { verdict: None, ..Root::clone(&view) }));
    }

    /// Asks history and the rules.
    fn judge(&mut self, root: &Path, desk: &Arc<Desk>, trust_root: Option<&String>) {
        let Some(view) = self.view.clone().filter(|view| view.verdict.is_none()) else { return };
        let workspace = &view.workspace;
        let prover = self.prover.get_or_insert_with(|| {
            let desk = desk.clone();
            Prover::start(root.to_owned(), workspace.clone(), trust_root.cloned(), move || desk.history_changed())
        });
        let state = prover.state();
        let history = prover.judge(workspace);
        let exists = |path: &str| self.existing.has(path);
        let outcome = if self.unreadable.is_empty() {
            self.memo.lint(workspace, view.today, Some(&exists), history.as_ref())
        } else {
            // Judged without what cannot be read, every reference into it would look wrong.
            Outcome::default()
        };
        let unreadable = self.unreadable.clone();
        let me = me(workspace, &state);
        let verdict = Some(Arc::new(Verdict { outcome, history, state, unreadable }));
        self.view = Some(Arc::new(Root { verdict, me, ..Root::clone(&view) }));
    }
}

/// The person with the address that Git commits with.
fn me(workspace: &Workspace, state: &State) -> Option<String> {
    let State::Ready { email: Some(email) } = state else { return None };
    workspace.register().person_at(email).map(|person| person.head.id.clone())
}
