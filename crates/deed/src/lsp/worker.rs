//! The thread that reads and judges: always the latest that the editor said, and never twice at once.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deed_model::{Date, Workspace};
use deed_syntax::Parse;

use super::desk::{Desk, Job};
use super::encoding::Encoding;
use super::names::Names;
use super::view::{LineTable, Root, Verdict, View};
use crate::cli::day::today;
use crate::load::prover::State;
use crate::load::{self, Judgement, Standing};

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
    standing: Standing,
    view: Option<Arc<Root>>,
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
            self.roots.values().for_each(|bench| bench.standing.read_history());
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
        // Where the editor is ahead, what it says now will be judged, and whoever waits for this waits for that.
        let is_behind = || self.passed_over < PATIENCE && !self.desk.is_current(job.revision);
        let is_done = self.roots.values_mut().all(|bench| {
            let is_due = !is_behind();
            if is_due {
                bench.judge(&self.desk, self.trust_root.as_ref());
            }
            is_due
        });
        if !is_done || is_behind() {
            self.passed_over += 1;
            return;
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
            known.extend(bench.standing.files().iter().map(|(path, parse)| (path.clone(), parse.clone())));
        }
        let trees = load::survey(folders, texts, &known);
        let mut before = std::mem::take(&mut self.roots);
        for tree in trees {
            let root = tree.root.clone();
            let (standing, view) = before.remove(&root).map_or((None, None), |old| (Some(old.standing), old.view));
            let mut bench = Bench { standing: Standing::of(tree, standing), view };
            bench.forget();
            self.roots.insert(root, bench);
        }
    }

    /// Takes in the texts of open documents.
    fn take(&mut self, texts: &BTreeMap<PathBuf, Arc<Parse>>) {
        for (path, parse) in texts {
            self.roots.values_mut().for_each(|bench| bench.standing.take(path, parse));
        }
    }
}

impl Bench {
    /// Makes the register anew, if a text is another.
    fn read(&mut self, root: &Path, names: &Arc<Names>, encoding: Encoding, today: Date) {
        let before = self.view.take();
        let workspace = self.standing.workspace();
        let same = before.as_ref().filter(|view| Arc::ptr_eq(&view.workspace, &workspace));
        let verdict = same.and_then(|view| view.verdict.clone());
        let lines = match same {
            Some(view) => view.lines.clone(),
            None => {
                let before = before.as_deref().map(|view| (&*view.workspace, &*view.lines));
                Arc::new(LineTable::of(&workspace, before))
            }
        };
        let me = self.standing.state().and_then(|state| me(&workspace, &state));
        let (root, names) = (root.to_owned(), names.clone());
        self.view = Some(Arc::new(Root { root, workspace, lines, names, encoding, today, me, verdict }));
    }

    /// Has everything judged again.
    fn forget(&mut self) {
        self.view = self.view.take().map(|view| Arc::new(Root { verdict: None, ..Root::clone(&view) }));
    }

    /// Asks history and the rules.
    fn judge(&mut self, desk: &Arc<Desk>, trust_root: Option<&String>) {
        let Some(view) = self.view.clone().filter(|view| view.verdict.is_none()) else { return };
        let news = desk.clone();
        self.standing.look_at_history(trust_root, move || news.history_changed());
        let Judgement { outcome, history, state, unreadable } = self.standing.judge(view.today);
        let state = state.unwrap_or(State::Reading);
        let me = me(&view.workspace, &state);
        let verdict = Some(Arc::new(Verdict { outcome, history, state, unreadable }));
        self.view = Some(Arc::new(Root { verdict, me, ..Root::clone(&view) }));
    }
}

/// The person with the address that Git commits with.
fn me(workspace: &Workspace, state: &State) -> Option<String> {
    let State::Ready { email: Some(email) } = state else { return None };
    workspace.register().person_at(email).map(|person| person.head.id.clone())
}
