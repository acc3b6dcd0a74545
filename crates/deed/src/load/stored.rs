//! Reads manifests as the index or a commit has them, without a look at the working tree.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use deed_history::{Commit, Oid, Repository, Stored};
use deed_model::{Date, Manifest, Workspace, is_hidden, is_manifest, is_root_manifest};
use deed_syntax::{Format, Parse};
use rayon::prelude::*;

use super::history::{Past, Proof};
use super::tracked::{Tracked, tracked};
use super::{Existing, Loaded, Project, Request, Unreadable, common_directory, index, without_links};
use crate::cli::history_mistake;
use crate::exit::{Exit, Mistake};

/// What is looked at in the place of the working tree.
#[derive(Clone, Debug)]
pub(crate) enum State {
    /// The index: what a commit would take in now.
    Index,
    /// A commit.
    Commit(String),
    /// The last commit that two revisions have in common.
    Common(String, String),
}

/// One workspace of a state: the directory of its root from the top, and its manifests from there.
type Group = BTreeMap<String, Vec<String>>;

/// Reads the workspaces around some paths, as a state has them.
pub(super) fn load(request: &Request, state: &State, on_file: &(dyn Fn() + Sync)) -> Result<Loaded> {
    let Tracked { repository, paths } = tracked(&request.paths).map_err(|error| history_mistake(&error))?;
    let paths: Vec<String> = paths.iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect();
    let loaded = read(repository, &paths, state, request.proof.as_ref(), on_file)?;
    if loaded.projects.is_empty() && loaded.unreadable.is_empty() {
        let asked: Vec<_> = request.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let place = match state {
            State::Index => "the index".to_owned(),
            State::Commit(revision) => format!("`{revision}`"),
            State::Common(one, other) => format!("what `{one}` and `{other}` have in common"),
        };
        let mistake = Mistake::new(format!("no manifest found at {} in {place}", asked.join(", ")));
        return Err(mistake.exit(Exit::NoManifest).into());
    }
    Ok(loaded)
}

/// Reads every workspace of the repository that a path lies in, as a state has them; none where there is no commit yet.
pub(crate) fn whole(path: &Path, state: &State, proof: Option<&Proof>) -> Result<Loaded> {
    let repository = Repository::open(path).map_err(|error| history_mistake(&error))?;
    read(repository, &[String::new()], state, proof, &|| ())
}

/// Reads every workspace of a repository as a commit has them.
pub(crate) fn of_commit(repository: Repository, commit: Oid, proof: Option<&Proof>) -> Result<Loaded> {
    read(repository, &[String::new()], &State::Commit(commit.to_string()), proof, &|| ())
}

fn read(
    repository: Repository,
    paths: &[String],
    state: &State,
    proof: Option<&Proof>,
    on_file: &(dyn Fn() + Sync),
) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let Some((stored, revision)) = find(&repository, state)? else { return Ok(loaded) };
    let stored = Arc::new(stored);
    let top = top(&repository);
    let is_asked = |path: &str| paths.iter().any(|asked| is_below(path, asked));
    let manifests: Vec<&str> = stored.paths().filter(|path| is_manifest_path(path)).collect();
    let (groups, roots) = grouped(&manifests);
    let repository = match state {
        State::Index => repository.judging(stored.clone()),
        _ => repository,
    };
    let seen = Seen { repository: &repository, stored: &stored, revision: &revision, top: &top };
    for (root, files) in groups {
        if files.iter().any(|file| is_asked(&join(&root, file))) {
            let has_root_manifest = roots.contains(&root);
            match seen.project(&root, &files, &is_asked, proof, on_file) {
                Ok(project) => loaded.projects.push(Project { has_root_manifest, ..project }),
                Err(unreadable) => loaded.unreadable.extend(unreadable),
            }
        }
    }
    Ok(loaded)
}

/// Returns a manifest of a commit that history does not see, and why: what it says could not be proven, nor would it be
/// noticed when it changes.
pub(crate) fn unseen(repository: &Repository, commit: Oid) -> Result<Option<(String, &'static str)>> {
    let stored = repository.stored_at(commit).map_err(|error| history_mistake(&error))?;
    let mut manifests = stored.paths().filter(|path| is_manifest_path(path));
    Ok(manifests.find_map(|path| Some((path.to_owned(), stored.unseen(path)?))))
}

/// Where the trees of a repository lie, or would lie.
pub(super) fn top(repository: &Repository) -> PathBuf {
    let top = repository.workdir().unwrap_or(repository.git_dir());
    without_links(top).unwrap_or_else(|_| top.to_owned())
}

/// The files of a state, and the revision that history is read from.
fn find(repository: &Repository, state: &State) -> Result<Option<(Stored, String)>> {
    let failed = |error| anyhow::Error::from(history_mistake(&error));
    if let State::Index = state {
        return Ok(Some((index::staged(repository)?, "HEAD".to_owned())));
    }
    let Some(commit) = commit(repository, state)? else { return Ok(None) };
    Ok(Some((repository.stored_at(commit).map_err(failed)?, commit.to_string())))
}

/// The commit that a state is; `None` for the index, and where there is none yet.
fn commit(repository: &Repository, state: &State) -> Result<Option<Oid>> {
    let resolve =
        |revision: &str| repository.resolve(revision).map_err(|error| anyhow::Error::from(history_mistake(&error)));
    match state {
        State::Index => Ok(None),
        State::Commit(revision) if revision == "HEAD" => {
            Ok(repository.head().map_err(|error| history_mistake(&error))?.id)
        }
        State::Commit(revision) => resolve(revision).map(Some),
        State::Common(one, other) => {
            let common = repository.merge_base(resolve(one)?, resolve(other)?);
            let named = |revision: &str| if revision == "HEAD" { "HEAD".to_owned() } else { format!("`{revision}`") };
            common.map(Some).ok_or_else(|| {
                Mistake::new(format!("{} and {} have no commit in common", named(one), named(other)))
                    .hint(if repository.is_shallow() {
                        "this clone is shallow: `git fetch --unshallow`, or `fetch-depth: 0` for the checkout in CI"
                    } else {
                        "name a revision that stands on the other, or parted from it"
                    })
                    .into()
            })
        }
    }
}

/// Returns the commit that a state is, and its day.
pub(super) fn commit_and_day(repository: &Repository, state: &State) -> Result<Option<(String, Date)>> {
    let Some(id) = commit(repository, state)? else { return Ok(None) };
    let objects = repository.objects().map_err(|error| history_mistake(&error))?;
    let read = Commit::read(&objects, id).map_err(|error| Mistake::new(format!("cannot read commit {id}: {error}")))?;
    Ok(Some((id.to_string(), read.committer.time.day())))
}

struct Seen<'a> {
    repository: &'a Repository,
    stored: &'a Arc<Stored>,
    revision: &'a str,
    top: &'a Path,
}

impl Seen<'_> {
    fn project(
        &self,
        root: &str,
        files: &[String],
        is_asked: &dyn Fn(&str) -> bool,
        proof: Option<&Proof>,
        on_file: &(dyn Fn() + Sync),
    ) -> Result<Project, Vec<Unreadable>> {
        let (mut texts, mut unreadable) = (Vec::new(), Vec::new());
        for file in files {
            let path = join(root, file);
            match self.stored.read(self.repository, &path) {
                Ok(bytes) => texts.push((file, bytes)),
                Err(reason) => unreadable.push(Unreadable { path: self.top.join(&path), reason }),
            }
        }
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        let parsed = texts.into_par_iter().map(|(file, bytes)| {
            on_file();
            let parse: Parse = deed_syntax::parse_bytes(&bytes, Format::of_path(file));
            Manifest { path: file.clone(), parse: Arc::new(parse) }
        });
        let workspace = Arc::new(Workspace::new(parsed.collect()));
        let asked: HashSet<_> = workspace
            .files()
            .filter(|(_, manifest)| is_asked(&join(root, &manifest.path)))
            .map(|(file, _)| file)
            .collect();
        let past = Past::at(self.repository, root, &workspace, self.revision, proof);
        Ok(Project {
            root: if root.is_empty() { self.top.to_owned() } else { self.top.join(root) },
            has_root_manifest: true,
            workspace,
            past,
            proof: proof.cloned(),
            asked,
            existing: Existing::stored(self.stored.clone(), root),
        })
    }
}

/// Sorts manifests by the roots they belong to; also returns the roots. Those below none belong to the directory they have
/// in common.
fn grouped(manifests: &[&str]) -> (Group, BTreeSet<String>) {
    let directory = |path: &str| path.rsplit_once('/').map_or(String::new(), |(directory, _)| directory.to_owned());
    let roots: BTreeSet<String> =
        manifests.iter().filter(|path| is_root_manifest(name(path))).map(|path| directory(path)).collect();
    let root_of = |path: &str| roots.iter().filter(|root| is_below(path, root)).max_by_key(|root| root.len());
    let loose: Vec<PathBuf> =
        manifests.iter().filter(|path| root_of(path).is_none()).map(|path| Path::new("/").join(path)).collect();
    let lone = super::slashed(&common_directory(loose.iter())).trim_start_matches('/').to_owned();
    let mut groups = Group::new();
    for path in manifests {
        let root = root_of(path).unwrap_or(&lone);
        let below = path[root.len()..].trim_start_matches('/').to_owned();
        groups.entry(root.clone()).or_default().push(below);
    }
    (groups, roots)
}

/// Whether a path from the top of a repository is a manifest's: by its name, and by what it leads through.
pub(super) fn is_manifest_path(path: &str) -> bool {
    is_manifest(name(path)) && !is_hidden(path)
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn join(root: &str, path: &str) -> String {
    if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
}

/// Whether a path is another one, or lies below it; everything lies below the empty one.
fn is_below(path: &str, directory: &str) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_belong_to_the_nearest_root() {
        let paths = ["a/deed.yaml", "a/b/x.deed.yaml", "a/b/c/deed.yaml", "a/b/c/y.deed.yaml", "ab/z.deed.yaml"];
        let (groups, roots) = grouped(&paths);
        assert_eq!(roots.into_iter().collect::<Vec<_>>(), ["a", "a/b/c"]);
        assert_eq!(groups["a"], ["deed.yaml", "b/x.deed.yaml"]);
        assert_eq!(groups["a/b/c"], ["deed.yaml", "y.deed.yaml"]);
        assert_eq!(groups["ab"], ["z.deed.yaml"]);
        let (groups, _) = grouped(&["deed.yaml", "x/y.deed.yaml"]);
        assert_eq!(groups[""], ["deed.yaml", "x/y.deed.yaml"]);
    }
}
