//! Finds roots and the manifests below them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::FileType;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use deed_model::{ROOT_MANIFESTS, Section, is_hidden, is_root_manifest};
use ignore::WalkBuilder;

use super::index::{self, Manifests};
use super::read::is_there;
use super::{Request, Unreadable, slashed};
use crate::exit::{Exit, Mistake};

/// A root and what lies below it.
pub(super) struct Found {
    pub(super) root: PathBuf,
    pub(super) has_root_manifest: bool,
    pub(super) files: Vec<FoundFile>,
    pub(super) unreadable: Vec<Unreadable>,
}

/// A manifest by name; what it really is shows when it is read.
pub(super) struct FoundFile {
    pub(super) path: PathBuf,
    /// `None`: nothing lies on disk there, the text is given.
    pub(super) kind: Option<FileType>,
    /// The text of one that a sparse checkout leaves out.
    pub(super) left_out: Option<Arc<[u8]>>,
    /// Whether it is, or lies below, a path that was asked for.
    pub(super) asked: bool,
}

/// Whether a file of that name is a manifest. Of a name that is not UTF-8 the end still decides; reading it then says
/// what is wrong with it.
fn is_manifest_name(name: &OsStr) -> bool {
    deed_model::is_manifest(&name.to_string_lossy())
}

/// Finds the workspaces that hold something of what was asked for, each whole, sorted by root.
///
/// Also returns the files that look like manifests but for their name.
pub(super) fn find(request: &Request, here: &Path) -> Result<(Vec<Found>, Vec<PathBuf>)> {
    let mut search = Search { ignored: request.ignored, ..Search::default() };
    if let Some(overlay) = &request.overlay {
        let path = place(&here.join(&overlay.path), &overlay.path)?;
        search.overlays.insert(path.clone());
        search.add_file(path, None);
    }
    for given in &request.paths {
        search.add(here, given)?;
    }
    let strays: Vec<PathBuf> = search.strays.iter().filter(|path| is_stray(path)).cloned().collect();
    let found = search.finish();
    if found.is_empty() {
        let places: Vec<_> = request.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let mistake = Mistake::new(format!("no manifest found in {}", places.join(", ")));
        let mistake = match strays.first() {
            Some(stray) => {
                mistake.hint(format!("`{}` looks like one: name it `{}`", stray.display(), manifest_name(stray)))
            }
            None => mistake,
        };
        let around = request.paths.first().and_then(|path| Search::default().root_above(&without_links(path).ok()?));
        return Err(mistake
            .hint("a manifest is a file named `deed.yaml` or `*.deed.yaml` (or `.yml`, `.json`)")
            .hint(match around {
                Some(root) => format!("the root of the register around it is `{}`: name that", root.display()),
                None => "`deed init` begins a register".to_owned(),
            })
            .exit(Exit::NoManifest)
            .into());
    }
    Ok((found, strays))
}

/// Finds the workspaces below some directories and around some files, each whole, sorted by root. Files in `open` need
/// not be on disk. What is not there is left out, and so is whatever is no manifest.
pub(super) fn survey(directories: &[PathBuf], open: &BTreeSet<PathBuf>) -> Vec<Found> {
    let mut search = Search { overlays: open.clone(), ..Search::default() };
    for path in open {
        let kind = path.symlink_metadata().ok().map(|metadata| metadata.file_type());
        search.add_file(path.clone(), kind);
    }
    for directory in directories {
        // One that is gone holds nothing.
        let _ = search.add(Path::new(""), directory);
    }
    search.finish()
}

/// Returns the nearest directory at or above one that has a root manifest, in the same repository; else that one.
pub(crate) fn root_around(directory: &Path) -> PathBuf {
    let here = without_links(directory).unwrap_or_else(|_| directory.to_owned());
    Search::default().root_above(&here).unwrap_or_else(|| directory.to_owned())
}

/// Returns where a manifest lies, its directory without symbolic links; `None` where its name says that it is none, or a
/// directory of its repository's hides it.
pub(crate) fn place_of(path: &Path) -> Option<PathBuf> {
    let place = place(path, path).ok()?;
    let below = top_of(&place).and_then(|top| place.strip_prefix(top).ok());
    (!below.is_some_and(|below| is_hidden(&slashed(below)))).then_some(place)
}

/// Returns where something lies, without symbolic links, if it is there: what there is on Windows as `C:\org`, never as
/// `\\?\C:\org`, which Git and editors do not take.
pub(crate) fn without_links(path: &Path) -> io::Result<PathBuf> {
    dunce::canonicalize(path)
}

/// Whether a file has the name of a section, as in `risks.yaml`.
fn is_stray_name(name: &OsStr) -> bool {
    let name = Path::new(name);
    let ending = name.extension().and_then(OsStr::to_str);
    let section = name.file_stem().and_then(OsStr::to_str).and_then(Section::of_key);
    matches!(ending, Some("yaml" | "yml" | "json")) && section.is_some()
}

/// Whether a file that is named like a section has that section near its start.
fn is_stray(path: &Path) -> bool {
    let Some(section) = path.file_stem().and_then(OsStr::to_str) else { return false };
    let mut start = [0; 4096];
    let Ok(read) = std::fs::File::open(path).and_then(|mut file| file.read(&mut start)) else { return false };
    let text = String::from_utf8_lossy(&start[..read]);
    text.lines().any(|line| {
        let line = line.trim_start_matches(['{', ' ']).trim_start_matches('"');
        line.strip_prefix(section).is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(':'))
    })
}

/// The name under which a stray file would be read, as in `risks.deed.yaml`.
pub(crate) fn manifest_name(stray: &Path) -> String {
    let part = |part: Option<&OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}.deed.{}", part(stray.file_stem()), part(stray.extension()))
}

/// Returns where a file lies: its directory with symbolic links resolved, so that paths compare, but not its own name,
/// which decides what it is.
fn place(path: &Path, given: &Path) -> Result<PathBuf> {
    let not_a_manifest = || {
        Mistake::new(format!("`{}` is not a manifest", given.display()))
            .hint("the name decides: `deed.yaml`, `*.deed.yaml` (or `.yml`, `.json`)")
    };
    let name = path.file_name().filter(|name| is_manifest_name(name)).ok_or_else(not_a_manifest)?;
    let parent = path.parent().unwrap_or(Path::new("/"));
    let parent = without_links(parent).with_context(|| format!("cannot look into `{}`", parent.display()))?;
    Ok(parent.join(name))
}

#[derive(Default)]
struct Search {
    ignored: bool,
    /// Files whose text is given.
    overlays: BTreeSet<PathBuf>,
    asked: HashSet<PathBuf>,
    walked: HashSet<PathBuf>,
    /// The manifests that Git tracks, by the top of their repository.
    tracked: HashMap<PathBuf, Manifests>,
    left_out: BTreeMap<PathBuf, Arc<[u8]>>,
    roots: BTreeSet<PathBuf>,
    /// Directories asked for with no root above them: they stand in for one.
    loose: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, Option<FileType>>,
    unreadable: BTreeMap<PathBuf, String>,
    /// Files named like a section.
    strays: BTreeSet<PathBuf>,
}

impl Search {
    fn add(&mut self, here: &Path, given: &Path) -> Result<()> {
        let path = here.join(given);
        let metadata = path.symlink_metadata().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => anyhow::Error::from(Mistake::new(format!("there is no `{}`", given.display()))),
            _ => anyhow::Error::from(error).context(format!("cannot look at `{}`", given.display())),
        })?;
        if path.is_dir() {
            let dir = without_links(&path).with_context(|| format!("cannot look into `{}`", given.display()))?;
            self.asked.insert(dir.clone());
            match self.root_above(&dir) {
                Some(root) => self.walk(&root),
                None => drop(self.loose.insert(dir.clone())),
            }
            // Once more from here: what was named is looked into even if it is hidden or ignored from above.
            self.walk(&dir);
        } else {
            self.add_file(place(&path, given)?, Some(metadata.file_type()));
        }
        Ok(())
    }

    fn add_file(&mut self, path: PathBuf, kind: Option<FileType>) {
        if let Some(root) = path.parent().and_then(|parent| self.root_above(parent)) {
            self.walk(&root);
        }
        self.asked.insert(path.clone());
        self.files.insert(path, kind);
    }

    /// The nearest directory at or above `dir` with a root manifest, in the same repository: what lies beyond it has
    /// another history.
    fn root_above(&self, dir: &Path) -> Option<PathBuf> {
        for dir in dir.ancestors() {
            let marks = |name| {
                let path = dir.join(name);
                path.symlink_metadata().is_ok() || self.overlays.contains(&path)
            };
            if ROOT_MANIFESTS.into_iter().any(marks) {
                return Some(dir.to_owned());
            }
            if dir.join(".git").exists() {
                break;
            }
        }
        None
    }

    fn walk(&mut self, start: &Path) {
        if !self.walked.insert(start.to_owned()) {
            return;
        }
        // What is looked at must not depend on the machine: only `.gitignore` files count.
        let walk = WalkBuilder::new(start)
            .follow_links(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .git_ignore(!self.ignored)
            .require_git(false)
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if is_manifest_name(entry.file_name()) && entry.depth() > 0 => {
                    let kind = entry.file_type();
                    self.files.entry(entry.into_path()).or_insert(kind);
                }
                Ok(entry) => {
                    if is_stray_name(entry.file_name()) {
                        self.strays.insert(entry.into_path());
                    }
                }
                Err(error) => {
                    let path = path_of(&error).unwrap_or(start).to_owned();
                    let reason = error.io_error().map_or_else(|| error.to_string(), plain);
                    self.unreadable.insert(path, reason);
                }
            }
        }
        self.add_tracked(start);
    }

    /// Adds what lies below a directory and Git tracks: it is in commits, be it ignored here or not. What a sparse checkout
    /// leaves out is as it is staged.
    fn add_tracked(&mut self, start: &Path) {
        let Some(top) = top_of(start) else { return };
        let tracked = self.tracked.entry(top.to_owned()).or_insert_with(|| index::manifests(top));
        for path in tracked.paths.iter().filter(|path| path.starts_with(start)) {
            if self.files.contains_key(path) {
                continue;
            }
            if let Ok(file) = path.symlink_metadata() {
                // What lies behind a link is not what is tracked.
                let parent = path.parent().and_then(|parent| Some((parent, without_links(parent).ok()?)));
                if parent.is_some_and(|(parent, real)| parent == real) {
                    self.files.insert(path.clone(), Some(file.file_type()));
                }
            } else if let Some(text) = tracked.left_out.get(path) {
                self.left_out.insert(path.clone(), text.clone());
                self.files.insert(path.clone(), None);
            }
        }
    }

    fn finish(mut self) -> Vec<Found> {
        for path in self.files.keys() {
            let name = path.file_name().and_then(|name| name.to_str());
            if let (true, Some(dir)) = (name.is_some_and(is_root_manifest), path.parent()) {
                self.roots.insert(dir.to_owned());
            }
        }
        let lone = common_directory(self.files.keys().filter(|path| self.root_of(path).is_none()));
        let mut all: BTreeMap<&Path, Found> = BTreeMap::new();
        let new = |root: &Path| Found {
            root: root.to_owned(),
            has_root_manifest: self.roots.contains(root),
            files: Vec::new(),
            unreadable: Vec::new(),
        };
        for (path, kind) in &self.files {
            let root = self.root_of(path).unwrap_or(&lone);
            let left_out = self.left_out.get(path).cloned();
            let file = FoundFile { path: path.clone(), kind: *kind, left_out, asked: self.is_asked(path) };
            all.entry(root).or_insert_with(|| new(root)).files.push(file);
        }
        for (path, reason) in &self.unreadable {
            let root = self.root_of(path).unwrap_or(&lone);
            let unreadable = Unreadable { path: path.clone(), reason: reason.clone() };
            all.entry(root).or_insert_with(|| new(root)).unreadable.push(unreadable);
        }
        let mut found: Vec<_> = all.into_values().collect();
        found.retain(|found| {
            found.files.iter().any(|file| file.asked) || found.unreadable.iter().any(|it| self.is_asked(&it.path))
        });
        found
    }

    fn root_of(&self, path: &Path) -> Option<&Path> {
        let root = path.ancestors().skip(1).find_map(|dir| self.roots.get(dir));
        root.or_else(|| self.loose.iter().find(|dir| path.starts_with(dir))).map(PathBuf::as_path)
    }

    fn is_asked(&self, path: &Path) -> bool {
        path.ancestors().any(|path| self.asked.contains(path))
    }
}

/// The deepest directory that holds all of them.
pub(crate) fn common_directory<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> PathBuf {
    let mut common: Option<PathBuf> = None;
    for path in paths {
        let dir = path.parent().unwrap_or(path);
        let common = common.get_or_insert_with(|| dir.to_owned());
        while !dir.starts_with(&common) && common.pop() {}
    }
    common.unwrap_or_default()
}

/// Returns the top of the working tree that a directory lies in: the nearest with a `.git`.
pub(crate) fn top_of(dir: &Path) -> Option<&Path> {
    dir.ancestors().find(|dir| is_there(&dir.join(".git")))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.first().and_then(path_of),
        _ => None,
    }
}

/// Says an I/O error without the number of the operating system.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
