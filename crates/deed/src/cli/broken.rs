//! Manifests of which a part cannot be read: what stands there is missing from whatever is said of them.

use deed_model::Workspace;
use deed_syntax::{SyntaxError, SyntaxErrorKind};

use super::lines::Lines;
use super::say;
use crate::exit::{Exit, Mistake};
use crate::load::Unreadable;

/// Says on standard error what of a workspace was not looked at, once for each manifest, with the place of its first mistake;
/// returns how a run ends that made the best of the rest. `state` says which of several states it is, as in "in v1, ".
pub(super) fn tell(workspace: &Workspace, state: &str) -> Exit {
    let broken = broken(workspace);
    for text in &broken {
        say("error", &format!("{state}{text}"));
    }
    if broken.is_empty() {
        return Exit::Clean;
    }
    say("hint", "what stands there is not looked at; `deed check` shows the mistakes");
    Exit::Failed
}

/// The same before what rests on history: that passes over each version of a file in which a key is there twice, of which
/// whoever reads the manifest takes the first.
pub(super) fn tell_with_history(workspace: &Workspace, state: &str) -> Exit {
    let lines = Lines::new(workspace);
    for (file, manifest) in workspace.files() {
        let twice = manifest.parse.errors().iter().find(|error| error.kind == SyntaxErrorKind::DuplicateKey);
        if let Some(error) = twice {
            let place = format!("`{}:{}`", manifest.path, lines.line(file, error.range.start()) + 1);
            let passed_over = "history passes over each version of the file that has that";
            say("warning", &format!("{state}{place}: {}; {passed_over}", error.message));
        }
    }
    tell(workspace, state)
}

/// Returns the first mistake of each manifest that hides something, as in "`a.deed.yaml:3` cannot be read: …".
pub(super) fn broken(workspace: &Workspace) -> Vec<String> {
    let lines = Lines::new(workspace);
    // Of two equal keys the first is read.
    let hides = |error: &&SyntaxError| error.kind != SyntaxErrorKind::DuplicateKey;
    let broken = workspace.files().filter_map(|(file, manifest)| {
        let error = manifest.parse.errors().iter().find(hides)?;
        let line = lines.line(file, error.range.start()) + 1;
        Some(format!("`{}:{line}` cannot be read: {}", manifest.path, error.message))
    });
    broken.collect()
}

/// That files cannot be read; `None` where all can.
pub(crate) fn unreadable(files: &[Unreadable]) -> Option<Mistake> {
    let each: Vec<_> = files.iter().map(|it| format!("cannot read `{}`: {}", it.path.display(), it.reason)).collect();
    (!each.is_empty()).then(|| Mistake::new(each.join("; ")))
}
