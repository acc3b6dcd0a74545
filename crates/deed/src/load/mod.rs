//! Reads manifests: the only place that does, for every face.
//!
//! In: paths that were asked for. Out: [`Project`]s, each a whole workspace with what was asked for in it marked.
//! The order of everything is fixed; files are read and parsed in parallel.

#![expect(clippy::disallowed_methods, reason = "this is where files are read and written")]

pub(crate) mod commit;
mod find;
pub(crate) mod git;
pub(crate) mod history;
pub(crate) mod hook;
mod index;
pub(crate) mod prover;
mod read;
mod save;
pub(crate) mod sides;
mod standing;
pub(crate) mod stored;
mod survey;
pub(crate) mod tracked;
mod watch;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use deed_linter::{Inputs, Outcome, Task};
use deed_model::{Date, FileId, Manifest, Workspace};
use deed_syntax::Format;
use rayon::prelude::*;

use self::find::{Found, FoundFile};
pub(crate) use self::find::{common_directory, manifest_name, place_of, root_around, top_of, without_links};
use self::history::{Past, Proof};
pub(crate) use self::read::{Existing, file, is_there, names_in};
pub(crate) use self::save::{create, create_all, hold, save};
pub(crate) use self::standing::{Judgement, Standing};
pub(crate) use self::stored::State;
pub(crate) use self::survey::{Tree, survey};
pub(crate) use self::tracked::future_directory;
pub(crate) use self::watch::Watch;

/// What is to be read.
#[derive(Default)]
pub(crate) struct Request {
    /// Files and directories asked for. The workspaces they belong to are read whole.
    pub(crate) paths: Vec<PathBuf>,
    /// A text that counts instead of what is on disk.
    pub(crate) overlay: Option<Overlay>,
    /// Whether to look also into what `.gitignore` excludes.
    pub(crate) ignored: bool,
    /// What is looked at in the place of the working tree.
    pub(crate) state: Option<State>,
    /// How history is looked at; not at all where it is left out of account.
    pub(crate) proof: Option<Proof>,
}

/// A text that counts instead of what is on disk, or beside it where nothing is there.
pub(crate) struct Overlay {
    /// Where it would lie.
    pub(crate) path: PathBuf,
    /// The text as bytes.
    pub(crate) text: Vec<u8>,
}

/// What was read.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The workspaces, sorted by root.
    pub(crate) projects: Vec<Project>,
    /// What could not be read. A workspace with such a file is not among the projects: judged without it, every
    /// reference into it would look wrong.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Files that look like manifests but for their name, and are not read.
    pub(crate) strays: Vec<PathBuf>,
}

/// A file or directory that could not be read.
#[derive(Clone)]
pub(crate) struct Unreadable {
    /// Which.
    pub(crate) path: PathBuf,
    /// Why, as in "permission denied".
    pub(crate) reason: String,
}

/// One workspace on disk.
pub(crate) struct Project {
    /// The directory of the root manifest, symbolic links resolved.
    pub(crate) root: PathBuf,
    /// Whether there is a root manifest; without one the directory that was asked for stands in.
    pub(crate) has_root_manifest: bool,
    /// The manifests and the register.
    pub(crate) workspace: Arc<Workspace>,
    /// What history says of the workspace as it is.
    pub(crate) past: Past,
    proof: Option<Proof>,
    asked: HashSet<FileId>,
    existing: Existing,
}

/// Reads the workspaces around some paths. `on_file` is called for each file that has been read and parsed.
pub(crate) fn load(request: &Request, on_file: &(dyn Fn() + Sync)) -> Result<Loaded> {
    if let Some(state) = &request.state {
        return stored::load(request, state, on_file);
    }
    let here = current_directory()?;
    let (found, strays) = find::find(request, &here)?;
    let overlay = request.overlay.as_ref().map(|overlay| overlay.text.as_slice());
    let read: Vec<_> =
        found.into_par_iter().map(|found| read_project(found, overlay, request.proof.as_ref(), on_file)).collect();
    let mut loaded = Loaded { projects: Vec::new(), unreadable: Vec::new(), strays };
    for project in read {
        match project {
            Ok(project) => loaded.projects.push(project),
            Err(unreadable) => loaded.unreadable.extend(unreadable),
        }
    }
    Ok(loaded)
}

/// Returns the current directory, symbolic links resolved.
pub(crate) fn current_directory() -> Result<PathBuf> {
    let here = std::env::current_dir().and_then(|here| without_links(&here));
    here.context("cannot find out what the current directory is")
}

fn read_project(
    mut found: Found,
    overlay: Option<&[u8]>,
    proof: Option<&Proof>,
    on_file: &(dyn Fn() + Sync),
) -> Result<Project, Vec<Unreadable>> {
    let root = found.root;
    let read_one = |file: &FoundFile| -> Result<(Manifest, bool), Unreadable> {
        let unreadable = |reason| Unreadable { path: file.path.clone(), reason };
        let path = slashed(file.path.strip_prefix(&root).unwrap_or(&file.path));
        let format = Format::of_path(&path);
        let parse = match overlay {
            Some(text) if file.asked => deed_syntax::parse_bytes(text, format),
            _ => deed_syntax::parse_bytes(&read::read(file, &root).map_err(unreadable)?, format),
        };
        on_file();
        Ok((Manifest { path, parse: Arc::new(parse) }, file.asked))
    };
    let read: Vec<_> = found.files.par_iter().map(read_one).collect();
    let mut manifests = Vec::with_capacity(read.len());
    let mut asked_paths = HashSet::new();
    for result in read {
        match result {
            Ok((manifest, asked)) => {
                if asked {
                    asked_paths.insert(manifest.path.clone());
                }
                manifests.push(manifest);
            }
            Err(unreadable) => found.unreadable.push(unreadable),
        }
    }
    if !found.unreadable.is_empty() {
        return Err(found.unreadable);
    }
    let workspace = Arc::new(Workspace::new(manifests));
    let asked =
        workspace.files().filter(|(_, manifest)| asked_paths.contains(&manifest.path)).map(|(file, _)| file).collect();
    let existing = Existing::below(root.clone());
    let look = || Past::of(&root, &workspace, proof);
    let past = if proof.is_some() { rayon::join(look, || deed_linter::prepare(&workspace)).0 } else { look() };
    let (has_root_manifest, proof) = (found.has_root_manifest, proof.cloned());
    Ok(Project { root, has_root_manifest, workspace, past, proof, asked, existing })
}

impl Project {
    /// Runs every rule, with the files below the root at hand.
    pub(crate) fn lint(&self, today: Date) -> Outcome {
        self.judge(today, deed_linter::lint)
    }

    /// Runs every rule by the settings of another state of the workspace.
    pub(crate) fn lint_by(&self, today: Date, settings: &Workspace) -> Outcome {
        self.judge(today, |inputs| deed_linter::lint_by(inputs, settings))
    }

    fn judge<T>(&self, today: Date, by: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let exists = |path: &str| self.existing.has(path);
        by(&Inputs { workspace: &self.workspace, today, exists: Some(&exists), history: self.past.history() })
    }

    /// Returns what is to be done now and up to a day.
    pub(crate) fn tasks(&self, today: Date, until: Date) -> Vec<Task> {
        self.judge(today, |inputs| deed_linter::tasks(inputs, until))
    }

    /// Returns whether a manifest is, or lies below, a path that was asked for.
    pub(crate) fn is_asked(&self, file: FileId) -> bool {
        self.asked.contains(&file)
    }

    /// Returns the manifests that were asked for.
    pub(crate) fn asked_files(&self) -> impl Iterator<Item = FileId> {
        self.asked.iter().copied()
    }

    /// Returns how many of the manifests were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    /// Returns where a manifest lies.
    pub(crate) fn path(&self, file: FileId) -> PathBuf {
        self.root.join(&self.workspace.manifest(file).path)
    }

    /// Puts other texts in the place of some manifests'; ids of files stay as they are.
    pub(crate) fn replace(&mut self, texts: &BTreeMap<FileId, String>) {
        let manifests = self.workspace.files().map(|(file, manifest)| match texts.get(&file) {
            None => manifest.clone(),
            Some(text) => {
                let parse = deed_syntax::parse(text.as_str(), manifest.parse.format());
                Manifest { path: manifest.path.clone(), parse: Arc::new(parse) }
            }
        });
        self.workspace = Arc::new(Workspace::new(manifests.collect()));
        self.past = Past::of(&self.root, &self.workspace, self.proof.as_ref());
    }
}

/// Returns whether a process is there; `None` where the system does not show its processes as files.
pub(crate) fn is_running(process: u32) -> Option<bool> {
    let all = Path::new("/proc");
    (cfg!(unix) && all.join("self").symlink_metadata().is_ok())
        .then(|| all.join(process.to_string()).symlink_metadata().is_ok())
}

/// Returns a path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}
