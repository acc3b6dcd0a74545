//! Says on a terminal how far a long run is.

use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run shorter than this says nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(80);

/// A line on standard error that appears when a run takes long, and is gone when it ends.
pub(crate) struct Progress {
    shared: Arc<Shared>,
    watcher: Option<JoinHandle<()>>,
}

struct Shared {
    files: AtomicUsize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    doing: &'static str,
    ended: bool,
}

impl Progress {
    /// Begins to wait. `wanted` is for the caller's reasons not to show anything; none is shown either where standard
    /// error is no terminal.
    pub(crate) fn start(doing: &'static str, wanted: bool) -> Self {
        let shared = Arc::new(Shared {
            files: AtomicUsize::new(0),
            state: Mutex::new(State { doing, ended: false }),
            changed: Condvar::new(),
        });
        let watcher = (wanted && stderr().is_terminal()).then(|| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.watch())
        });
        Self { shared, watcher }
    }

    /// Counts one more file.
    pub(crate) fn file(&self) {
        self.shared.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Says what is being done from now on.
    pub(crate) fn doing(&self, what: &'static str) {
        self.shared.lock().doing = what;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_all();
        if let Some(watcher) = self.watcher.take() {
            // Only drawing can have panicked there, and the result does not depend on it.
            let _ = watcher.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, state: MutexGuard<'g, State>, time: Duration) -> MutexGuard<'g, State> {
        let waited = self.changed.wait_timeout_while(state, time, |state| !state.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn watch(&self) {
        let mut state = self.wait(self.lock(), PATIENCE);
        if state.ended {
            return;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {msg}") {
            bar.set_style(style);
        }
        while !state.ended {
            let files = self.files.load(Ordering::Relaxed);
            bar.set_message(match files {
                0 => state.doing.to_owned(),
                files => format!("{} ({files} manifests)", state.doing),
            });
            bar.tick();
            state = self.wait(state, TICK);
        }
        bar.finish_and_clear();
    }
}
