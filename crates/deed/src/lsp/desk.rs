//! What the editor said last, and who is waiting for what comes of it.
//!
//! Handlers change the desk before they first wait for anything, so that changes take effect in the order they came in.
//! One thread, the [`worker`](super::worker), looks at it, and lays out a new [`View`] whenever something is another.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tower_lsp::ls_types::Uri;

use super::documents::{Documents, Text};
use super::encoding::Encoding;
use super::names::{self, Directory, Names};
use super::view::View;
use crate::load;

/// How long the worker sleeps at most: it wakes to see whether the day is another.
const NAP: Duration = Duration::from_secs(30);
/// How often is looked whether the process that started the server is still there.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// What the editor said last.
pub(super) struct Desk {
    state: Mutex<State>,
    wake: Condvar,
    view: watch::Sender<Arc<View>>,
    /// The process that started the server, once it says which it is.
    parent: watch::Sender<Option<u32>>,
}

#[derive(Default)]
struct State {
    documents: Documents,
    folders: Vec<Uri>,
    /// Where they lie, as of the last survey.
    directories: Vec<Directory>,
    encoding: Encoding,
    /// How many changes there were.
    revision: u64,
    /// What was asked of the worker since it last looked.
    todo: Todo,
}

/// What is to be done beside looking at open documents.
#[derive(Clone, Copy, Default)]
pub(super) struct Todo {
    /// Something changed at all.
    pub(super) something: bool,
    /// Files on disk may be others, or other documents are open.
    pub(super) survey: bool,
    /// History may say something else.
    pub(super) judge: bool,
    /// History is to be read again.
    pub(super) again: bool,
    /// The server ends.
    pub(super) end: bool,
}

/// What the worker works on.
pub(super) struct Job {
    pub(super) revision: u64,
    pub(super) todo: Todo,
    pub(super) folders: Vec<PathBuf>,
    pub(super) encoding: Encoding,
    pub(super) texts: HashMap<PathBuf, Arc<Text>>,
    pub(super) names: Arc<Names>,
}

impl Desk {
    pub(super) fn new() -> Self {
        let nothing = View { revision: 0, is_judged: true, roots: Vec::new() };
        let (view, parent) = (watch::Sender::new(Arc::new(nothing)), watch::Sender::new(None));
        Self { state: Mutex::default(), wake: Condvar::new(), view, parent }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What a panic left behind is still what the editor said.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says where to look and how columns are counted.
    pub(super) fn begin(&self, folders: Vec<Uri>, encoding: Encoding) {
        let mut state = self.lock();
        state.folders = folders;
        state.encoding = encoding;
        self.stir(&mut state, Todo { survey: true, ..Todo::default() });
    }

    /// Changes what folders are looked at.
    pub(super) fn folders(&self, added: Vec<Uri>, removed: &[Uri]) {
        let mut state = self.lock();
        state.folders.retain(|folder| !removed.contains(folder));
        state.folders.extend(added);
        self.stir(&mut state, Todo { survey: true, ..Todo::default() });
    }

    /// Changes the open documents; `change` returns whether anything came of it.
    pub(super) fn documents(&self, survey: bool, change: impl FnOnce(&mut Documents, Encoding) -> bool) {
        let mut state = self.lock();
        let encoding = state.encoding;
        if change(&mut state.documents, encoding) {
            self.stir(&mut state, Todo { survey, ..Todo::default() });
        }
    }

    /// Where a manifest lies, be it open or not; `None` where the URI leads to no manifest.
    pub(super) fn place_of(&self, uri: &Uri) -> Option<PathBuf> {
        let written = names::written(uri)?;
        let open = self.lock().documents.place_of(&written);
        open.or_else(|| load::place_of(&written))
    }

    /// Has files on disk looked at again.
    pub(super) fn files_changed(&self) {
        self.stir(&mut self.lock(), Todo { survey: true, ..Todo::default() });
    }

    /// Has everything judged again: history says something else.
    pub(super) fn history_changed(&self) {
        self.stir(&mut self.lock(), Todo { judge: true, ..Todo::default() });
    }

    /// Has history read again.
    pub(super) fn read_history(&self) {
        self.stir(&mut self.lock(), Todo { again: true, ..Todo::default() });
    }

    pub(super) fn watch_parent(&self, parent: u32) {
        self.parent.send_replace(Some(parent));
    }

    /// Ends when the process that started the server is no more. Where the system does not tell, the end of standard input
    /// has to.
    pub(super) async fn orphaned(&self) {
        let mut parent = self.parent.subscribe();
        let parent = parent.wait_for(Option::is_some).await.map_or(None, |parent| *parent);
        while parent.is_none_or(|parent| load::is_running(parent) != Some(false)) {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    pub(super) fn end(&self) {
        self.stir(&mut self.lock(), Todo { end: true, ..Todo::default() });
    }

    fn stir(&self, state: &mut State, todo: Todo) {
        state.revision += 1;
        state.todo.something = true;
        state.todo.survey |= todo.survey;
        state.todo.judge |= todo.judge;
        state.todo.again |= todo.again;
        state.todo.end |= todo.end;
        self.wake.notify_all();
    }

    /// Waits for something to do, or until a while has passed.
    pub(super) fn next(&self) -> Job {
        let mut state = self.lock();
        if !state.todo.something {
            let waited = self.wake.wait_timeout_while(state, NAP, |state| !state.todo.something);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let todo = std::mem::take(&mut state.todo);
        if todo.survey {
            state.directories = state.folders.iter().filter_map(Directory::of).collect();
        }
        let texts = state.documents.iter().map(|(place, _, document)| (place.clone(), document.text.clone())).collect();
        let names = Arc::new(Names::of(&state.documents, &state.directories));
        let folders = state.folders.iter().filter_map(names::written).collect();
        Job { revision: state.revision, todo, folders, encoding: state.encoding, texts, names }
    }

    /// Whether nothing has changed since a revision.
    pub(super) fn is_current(&self, revision: u64) -> bool {
        self.lock().revision == revision
    }

    /// Lays out a new view.
    pub(super) fn show(&self, view: Arc<View>) {
        self.view.send_replace(view);
    }

    /// Returns the view that was laid out last.
    pub(super) fn shown(&self) -> Arc<View> {
        self.view.borrow().clone()
    }

    /// Returns the view with everything in it that the editor has said by now; with the verdict of the rules, if that is
    /// asked for.
    pub(super) async fn view(&self, judged: bool) -> Arc<View> {
        let revision = self.lock().revision;
        let mut views = self.view.subscribe();
        let is_it = |view: &Arc<View>| view.revision >= revision && (view.is_judged || !judged);
        // The sender is here.
        views.wait_for(is_it).await.map_or_else(|_| self.view.borrow().clone(), |view| view.clone())
    }
}
