//! Evidence for a face that stays: a thread for each root reads its history once and judges by it whatever the register
//! looks like now, until a reference of the repository moves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use deed_history::Repository;
use deed_history::evidence::{self, Documents, Request};
use deed_model::Workspace;
use deed_model::evidence::History;

use super::find::top_of;
use super::history::open;
use super::read::is_there;
use crate::cli::day::today;

/// How often is looked whether a reference moved: Git tells nobody, and not every editor watches `.git`.
const LOOK: Duration = Duration::from_millis(500);

/// The evidence of one root.
pub(crate) struct Prover {
    asks: Sender<Ask>,
    state: Arc<Mutex<State>>,
}

/// How far the evidence of a root is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// History is being read.
    Reading,
    /// It can be asked.
    Ready {
        /// The address that Git commits with here.
        email: Option<String>,
    },
    /// There is none: the root is in no repository, or the repository cannot be read.
    None {
        /// Why, as a sentence without a full stop.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

/// Where the evidence of a workspace goes.
type Answer = Sender<Option<Arc<History>>>;

enum Ask {
    /// Judge a workspace.
    Judge(Arc<Workspace>, Answer),
    /// Read history again.
    Again,
}

/// How a look at history ended.
enum End {
    /// Something moved: read it again.
    Moved,
    /// Nobody is left to ask.
    Gone,
}

impl Prover {
    /// Begins to read the history of a root. `changed` is called whenever the state is another one, or what was judged
    /// holds no more.
    pub(crate) fn start(
        root: PathBuf,
        workspace: Arc<Workspace>,
        trust_root: Option<String>,
        changed: impl Fn() + Send + 'static,
    ) -> Self {
        let (asks, asked) = channel();
        let state = Arc::new(Mutex::new(State::Reading));
        let work = Work { root, trust_root, asked, state: state.clone(), changed: Box::new(changed), waiting: None };
        thread::Builder::new()
            .name("evidence".to_owned())
            .spawn(move || work.run(workspace))
            .map_or_else(|_| drop(state.lock().map(|mut state| *state = no_thread())), drop);
        Self { asks, state }
    }

    /// How far it is.
    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Judges a workspace, if there is something to judge it by; waits for history that is being read again.
    pub(crate) fn judge(&self, workspace: &Arc<Workspace>) -> Option<Arc<History>> {
        if !matches!(self.state(), State::Ready { .. }) {
            return None;
        }
        let (answer, answered) = channel();
        self.asks.send(Ask::Judge(workspace.clone(), answer)).ok()?;
        answered.recv().ok()?
    }

    /// Reads history again.
    pub(crate) fn again(&self) {
        // Where the thread has ended there is nobody to tell.
        let _ = self.asks.send(Ask::Again);
    }
}

fn no_thread() -> State {
    State::None { why: "no thread could be started to read history".to_owned(), hint: None }
}

struct Work {
    root: PathBuf,
    trust_root: Option<String>,
    asked: Receiver<Ask>,
    state: Arc<Mutex<State>>,
    changed: Box<dyn Fn() + Send>,
    /// What was asked when history had to be read again first.
    waiting: Option<(Arc<Workspace>, Answer)>,
}

impl Work {
    fn run(mut self, mut workspace: Arc<Workspace>) {
        loop {
            let end = match open(&self.root) {
                Ok(Some((repository, below))) => {
                    let look = AssertUnwindSafe(|| self.look(&repository, &below, &mut workspace));
                    catch_unwind(look).unwrap_or_else(|_| {
                        let hint = concat!("please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues");
                        self.set(State::None {
                            why: "looking at history failed, which is a bug in Deed".to_owned(),
                            hint: Some(hint.to_owned()),
                        });
                        self.wait(&mut |_| false)
                    })
                }
                Ok(None) => {
                    let why = "this is in no Git repository, so nothing is known of who decided what".to_owned();
                    self.set(State::None { why, hint: None });
                    let root = self.root.clone();
                    self.wait(&mut |_| top_of(&root).is_some())
                }
                Err(error) => {
                    self.set(State::None { why: format!("history was not looked at: {error}"), hint: error.help() });
                    // It may be mended.
                    let (root, told) = (self.root.clone(), error.to_string());
                    self.wait(&mut |_| open(&root).err().is_none_or(|error| error.to_string() != told))
                }
            };
            match end {
                End::Moved => {}
                End::Gone => return,
            }
        }
    }

    /// Reads history and judges by it, until it is not the same any more.
    fn look(&mut self, repository: &Repository, below: &str, workspace: &mut Arc<Workspace>) -> End {
        let basis = workspace.clone();
        let mark = evidence::mark(repository, &basis);
        let trust_root = self.trust_root.clone();
        let request = Request {
            repository,
            root: below,
            workspace: &basis,
            revision: "HEAD",
            trust_root: trust_root.as_deref(),
            cache: true,
            today: Some(today()),
        };
        let served = evidence::session(&request, |judge| {
            self.set(State::Ready { email: repository.setting("user.email") });
            // Texts of policies as they lie here count too.
            let (mut texts, mut documents) = (texts(&self.root, &basis), Documents::Read);
            if let Some((asked, answer)) = self.waiting.take() {
                let documents = std::mem::replace(&mut documents, Documents::Known);
                let _ = answer.send(Some(Arc::new(judge(&asked, documents))));
            }
            let (mut judged, mut looked) = (basis.clone(), Instant::now());
            loop {
                match self.asked.recv_timeout(LOOK.saturating_sub(looked.elapsed())) {
                    Ok(Ask::Judge(asked, answer)) => {
                        if evidence::branch_names(&asked) != evidence::branch_names(&basis) {
                            *workspace = asked.clone();
                            self.waiting = Some((asked, answer));
                            return End::Moved;
                        }
                        let documents = std::mem::replace(&mut documents, Documents::Known);
                        // Who asked may have given up.
                        let _ = answer.send(Some(Arc::new(judge(&asked, documents))));
                        judged = asked;
                    }
                    Ok(Ask::Again) => return End::Moved,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return End::Gone,
                }
                if looked.elapsed() < LOOK {
                    continue;
                }
                looked = Instant::now();
                if evidence::mark(repository, &basis) != mark || !is_there(repository.git_dir()) {
                    *workspace = judged;
                    return End::Moved;
                }
                let now = self::texts(&self.root, &judged);
                if now != texts {
                    (texts, documents) = (now, Documents::Read);
                    (self.changed)();
                }
            }
        });
        served.unwrap_or_else(|error| {
            self.set(State::None { why: format!("history was not looked at: {error}"), hint: error.help() });
            self.wait(&mut |_| evidence::mark(repository, &basis) != mark)
        })
    }

    /// Waits until there is something to look at.
    fn wait(&mut self, is_time: &mut dyn FnMut(&Self) -> bool) -> End {
        if let Some((_, answer)) = self.waiting.take() {
            let _ = answer.send(None);
        }
        loop {
            match self.asked.recv_timeout(LOOK) {
                Ok(Ask::Judge(_, answer)) => drop(answer.send(None)),
                Ok(Ask::Again) => return End::Moved,
                Err(RecvTimeoutError::Timeout) if is_time(self) => return End::Moved,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return End::Gone,
            }
        }
    }

    fn set(&self, state: State) {
        let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // History that was read again may say something else even so.
        let is_news = matches!(state, State::Ready { .. }) || *known != state;
        *known = state;
        drop(known);
        if is_news {
            (self.changed)();
        }
    }
}

/// The documents of policies, each with when it was last written and how long it is.
fn texts(root: &Path, workspace: &Workspace) -> Vec<(String, Option<(SystemTime, u64)>)> {
    let documents = workspace.register().policies.iter().filter_map(|policy| policy.document.as_ref());
    let stamp = |path: &str| {
        let file = root.join(path).metadata().ok()?;
        Some((file.modified().ok()?, file.len()))
    };
    documents.map(|path| (path.value.clone(), stamp(path))).collect()
}
