//! Opening a repository, and what must be known about it before its history is believed.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once, OnceLock};

use git2::{ErrorCode, ObjectFormat, RepositoryOpenFlags};

use crate::pack::Packs;
use crate::{Graph, HistoryError, Objects, Oid, Stored};

/// References that stand for others are followed so many times, as by Git.
const MAX_SYMBOLIC: usize = 5;

/// A repository, opened for reading.
///
/// It can go to another thread but not be used by two at once: [`Repository::reopen`] gives each its own.
pub struct Repository {
    git: git2::Repository,
    /// Found when the first object is read.
    packs: OnceLock<Arc<Packs>>,
    /// What counts in the place of the working tree.
    instead: Option<Arc<Stored>>,
    /// What counts in the place of the evidence branch as it is.
    incoming: Option<Arc<Incoming>>,
}

/// A branch as it would be.
#[derive(Debug)]
struct Incoming {
    branch: String,
    tip: Oid,
    since: Option<Oid>,
    /// Where objects lie beside the repository's own.
    objects: Vec<PathBuf>,
}

/// Where HEAD points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The branch, without `refs/heads/`; `None` when HEAD is detached.
    pub branch: Option<String>,
    /// The commit; `None` when the branch is unborn.
    pub id: Option<Oid>,
}

/// A file of the working tree.
#[derive(Debug)]
pub(crate) enum WorkingFile {
    /// It holds this.
    Bytes(Vec<u8>),
    /// It is a symbolic link, or lies behind one.
    Link,
    /// There is none.
    Missing,
    /// There is no working tree, or it cannot be read.
    Unknown,
}

impl Repository {
    /// Opens the repository that holds `path`, a file or a directory: bare, a worktree or a submodule alike.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        settle();
        let mut start = path;
        while !start.is_dir() {
            // A file, or a path that is no longer there: the search starts in the directory that is.
            let Some(parent) = start.parent() else { break };
            start = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        }
        match git2::Repository::open_ext(start, RepositoryOpenFlags::empty(), &[] as &[&OsStr]) {
            Ok(git) => Ok(Self::of(git)),
            Err(error) => Err(refusal(start, &error)),
        }
    }

    /// Makes a repository in a directory, with what Git would put into one here; its first branch is the one Git is set to, or
    /// else `main`.
    pub fn create(directory: &Path) -> Result<Self, HistoryError> {
        settle();
        let mut options = git2::RepositoryInitOptions::new();
        options.no_reinit(true).external_template(true);
        if general_setting("init.defaultBranch").is_none() {
            options.initial_head("main");
        }
        match git2::Repository::init_opts(directory, &options) {
            Ok(git) => Ok(Self::of(git)),
            Err(error) => Err(refusal(directory, &error)),
        }
    }

    /// Opens the same repository again, for another thread.
    pub fn reopen(&self) -> Result<Self, HistoryError> {
        let path = self.git_dir();
        let flags = RepositoryOpenFlags::NO_SEARCH;
        let git = git2::Repository::open_ext(path, flags, &[] as &[&OsStr]).map_err(|error| refusal(path, &error))?;
        let (instead, incoming) = (self.instead.clone(), self.incoming.clone());
        let reopened = Self { git, packs: self.packs.clone(), instead, incoming };
        reopened.borrow_objects()?;
        Ok(reopened)
    }

    const fn of(git: git2::Repository) -> Self {
        Self { git, packs: OnceLock::new(), instead: None, incoming: None }
    }

    /// Has a branch be the evidence branch, whatever a register says, and its tip be that commit: what is judged is a push
    /// that is not accepted yet. What came after `since` says nothing of keys, names and authority. `objects` are directories
    /// with more objects: until a push is accepted, Git keeps its objects apart.
    ///
    /// # Errors
    /// Fails where those objects cannot be read.
    pub fn receiving(
        mut self,
        branch: &str,
        tip: Oid,
        since: Option<Oid>,
        objects: &[PathBuf],
    ) -> Result<Self, HistoryError> {
        let objects = objects.to_vec();
        self.incoming = Some(Arc::new(Incoming { branch: branch.to_owned(), tip, since, objects }));
        self.packs = OnceLock::new();
        self.borrow_objects()?;
        Ok(self)
    }

    /// Reads also objects that lie elsewhere.
    fn borrow_objects(&self) -> Result<(), HistoryError> {
        let mut elsewhere = self.incoming.iter().flat_map(|incoming| &incoming.objects);
        let added = self
            .git
            .odb()
            .and_then(|objects| elsewhere.try_for_each(|place| objects.add_disk_alternate(&place.to_string_lossy())));
        added.map_err(|error| self.damaged(&error))
    }

    /// Returns the last commit whose register says who may do what, if it is not the one before each commit.
    pub(crate) fn judged_since(&self) -> Option<Oid> {
        self.incoming.as_ref().and_then(|incoming| incoming.since)
    }

    /// Returns the branch that counts as the evidence branch, if it is not for a register to say.
    pub(crate) fn judged_branch(&self) -> Option<&str> {
        self.incoming.as_ref().map(|incoming| incoming.branch.as_str())
    }

    /// Has other files count in the place of those of the working tree: what is staged.
    #[must_use]
    pub fn judging(mut self, stored: Arc<Stored>) -> Self {
        self.instead = Some(stored);
        self
    }

    pub(crate) const fn git(&self) -> &git2::Repository {
        &self.git
    }

    /// Returns the Git directory, which a linked worktree has of its own.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        self.git.path()
    }

    /// Returns the Git directory that all worktrees share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        self.git.commondir()
    }

    /// Returns the directory of the working tree; `None` when the repository is bare.
    #[must_use]
    pub fn workdir(&self) -> Option<&Path> {
        self.git.workdir()
    }

    /// Returns where HEAD points.
    pub fn head(&self) -> Result<Head, HistoryError> {
        let damaged = |error: &git2::Error| self.damaged(error);
        let head = self.git.find_reference("HEAD").map_err(|error| damaged(&error))?;
        let target = head.symbolic_target_bytes().map(|name| String::from_utf8_lossy(name).into_owned());
        let branch = target.map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned());
        match self.git.head() {
            Ok(head) => match self.commit_of(&head) {
                Some(id) => Ok(Head { branch, id: Some(id) }),
                None => Err(HistoryError::Damaged {
                    path: self.git_dir().to_owned(),
                    reason: "HEAD names no commit".to_owned(),
                }),
            },
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                Ok(Head { branch, id: None })
            }
            Err(error) => Err(damaged(&error)),
        }
    }

    /// Returns the commit that a revision such as `HEAD`, `main~3`, a tag or an abbreviated id names.
    pub fn resolve(&self, revision: &str) -> Result<Oid, HistoryError> {
        let no_revision = |error: &git2::Error| HistoryError::NoRevision {
            revision: revision.to_owned(),
            reason: error.message().to_owned(),
        };
        if revision == "HEAD" {
            return self.head()?.id.ok_or(HistoryError::Unborn);
        }
        if let Some(id) = Oid::from_hex(revision.as_bytes()).filter(|id| self.is_commit(*id)) {
            return Ok(id);
        }
        let object = self.git.revparse_single(revision).map_err(|error| no_revision(&error))?;
        let commit = object.peel(git2::ObjectType::Commit).map_err(|error| no_revision(&error))?;
        Ok(Oid::from_git(commit.id()))
    }

    /// Returns the way to the objects.
    pub fn objects(&self) -> Result<Objects<'_>, HistoryError> {
        let objects = self.git.odb().map_err(|error| self.damaged(&error))?;
        let id_len = match self.git.object_format() {
            ObjectFormat::Sha1 => 20,
            ObjectFormat::Sha256 => 32,
        };
        let packs = self.packs.get_or_init(|| {
            let incoming = self.incoming.iter().flat_map(|incoming| incoming.objects.clone());
            let directories = incoming.chain([self.common_dir().join("objects")]);
            Arc::new(Packs::find(directories.collect(), id_len))
        });
        Ok(Objects::new(objects, packs.clone()))
    }

    /// Says whether the clone was cut off at some depth.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        let boundary = |dir: &Path| fs::metadata(dir.join("shallow")).is_ok_and(|file| file.len() > 0);
        boundary(self.common_dir()) || boundary(self.git_dir())
    }

    /// Says whether the clone left out objects that its remote has: a partial clone.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let Ok(config) = self.git.config() else { return false };
        if config.get_entry("extensions.partialclone").is_ok() {
            return true;
        }
        let mut promisor = false;
        if let Ok(entries) = config.entries(Some(r"^remote\..*\.promisor$")) {
            let _ = entries.for_each(|entry| promisor |= entry.value().is_ok_and(|value| value != "false"));
        }
        promisor
    }

    /// Returns the objects for which a local reference offers a substitute. It is never followed here, but other tools
    /// follow it and show another history.
    #[must_use]
    pub fn replaced(&self) -> Vec<Oid> {
        let Ok(names) = self.git.references_glob("refs/replace/*") else { return Vec::new() };
        let ids = names.flatten().filter_map(|reference| {
            let name = reference.name_bytes().rsplit(|byte| *byte == b'/').next()?.to_vec();
            Oid::from_hex(&name)
        });
        ids.collect()
    }

    /// Returns the file in which parents are rewritten for local eyes, if there is one. It is never believed here, but
    /// other tools believe it, and so do [relative revisions](Self::resolve).
    #[must_use]
    pub fn grafts(&self) -> Option<PathBuf> {
        let path = self.common_dir().join("info").join("grafts");
        let text = fs::read(&path).ok()?;
        let is_graft = |line: &[u8]| !line.trim_ascii().is_empty() && !line.starts_with(b"#");
        text.split(|byte| *byte == b'\n').any(is_graft).then_some(path)
    }

    /// Returns what is under way in the working tree, as in "a merge", and the Git command that deals with it; `None` where
    /// nothing is.
    #[must_use]
    pub fn under_way(&self) -> Option<(&'static str, &'static str)> {
        use git2::RepositoryState as State;
        Some(match self.git.state() {
            State::Clean => return None,
            State::Merge => ("a merge", "merge"),
            State::Revert | State::RevertSequence => ("a revert", "revert"),
            State::CherryPick | State::CherryPickSequence => ("a cherry-pick", "cherry-pick"),
            State::Bisect => ("a bisection", "bisect"),
            State::Rebase | State::RebaseInteractive | State::RebaseMerge => ("a rebase", "rebase"),
            State::ApplyMailbox | State::ApplyMailboxOrRebase => ("the applying of a mailbox", "am"),
        })
    }

    /// Returns a setting of Git's, such as `deed.trustRoot`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<String> {
        let config = self.git.config().ok()?;
        config.get_string(name).ok()
    }

    /// Says whether a setting of Git's holds for other repositories as well: of all of a user or a machine.
    #[must_use]
    pub fn is_general(&self, name: &str) -> bool {
        use git2::ConfigLevel as Level;
        let Ok(config) = self.git.config() else { return false };
        let level = config.get_entry(name).map(|entry| entry.level());
        matches!(level, Ok(Level::ProgramData | Level::System | Level::XDG | Level::Global))
    }

    /// Returns the branch that all work comes together on, as far as can be told: the one that `origin` says, `main` or
    /// `master` where there is one, else the one that HEAD is on.
    #[must_use]
    pub fn main_branch(&self) -> Option<String> {
        const THERE: &str = "refs/remotes/origin/";
        let origin = self.git.find_reference("refs/remotes/origin/HEAD").ok();
        let target =
            origin.and_then(|origin| Some(String::from_utf8_lossy(origin.symbolic_target_bytes()?).into_owned()));
        let at_origin = target.and_then(|name| Some(name.strip_prefix(THERE)?.to_owned()));
        let is_here = |name: &&str| {
            ["refs/heads/", THERE].iter().any(|place| self.reference(&format!("{place}{name}")).is_some())
        };
        let by_custom = || ["main", "master"].into_iter().find(is_here).map(str::to_owned);
        at_origin.or_else(by_custom).or_else(|| self.head().ok()?.branch)
    }

    /// Returns the commit that a reference names by its full name, such as `refs/heads/main`.
    #[must_use]
    pub fn reference(&self, name: &str) -> Option<Oid> {
        let incoming = self.incoming.as_ref().filter(|it| name.strip_prefix("refs/heads/") == Some(&it.branch));
        if let Some(incoming) = incoming {
            return Some(incoming.tip);
        }
        self.commit_of(&self.git.find_reference(name).ok()?)
    }

    /// The commit a reference leads to. It need not be one that libgit2 can read, which asks for more than is needed here.
    fn commit_of(&self, reference: &git2::Reference<'_>) -> Option<Oid> {
        let target = Oid::from_git(reference.resolve().ok()?.target()?);
        if self.is_commit(target) {
            return Some(target);
        }
        Some(Oid::from_git(reference.peel_to_commit().ok()?.id()))
    }

    /// Says whether a commit stands on another one, as far as Git shows it here: which of two branches has gone on, but
    /// nothing that evidence is taken from.
    pub(crate) fn is_ahead(&self, commit: Oid, of: Oid) -> bool {
        self.git.graph_descendant_of(commit.to_git(), of.to_git()).unwrap_or(false)
    }

    /// Says whether a commit is another one, or comes before it on the line of first parents.
    #[must_use]
    pub fn is_on_line(&self, commit: Oid, of: Oid) -> bool {
        let mut next = self.git.find_commit(of.to_git()).ok();
        while let Some(here) = next {
            if here.id() == commit.to_git() {
                return true;
            }
            next = here.parent(0).ok();
        }
        false
    }

    /// Says whether all commits are here that a commit stands on and another one does not.
    ///
    /// # Errors
    /// Fails where one of the two is not here.
    pub fn is_whole(&self, tip: Oid, since: Oid) -> Result<bool, HistoryError> {
        let objects = self.objects()?;
        let before = Graph::load(&objects, since)?;
        Ok(Graph::load_until(&objects, tip, |id| before.find(id).is_some())?.is_complete())
    }

    /// Returns the full name of the reference that another one stands for, itself if none: what moves when it is pushed to.
    #[must_use]
    pub fn stands_for(&self, name: &str) -> String {
        let mut name = name.to_owned();
        for _ in 0..MAX_SYMBOLIC {
            let reference = self.git.find_reference(&name).ok();
            match reference.as_ref().and_then(|reference| reference.symbolic_target_bytes()) {
                Some(target) => name = String::from_utf8_lossy(target).into_owned(),
                None => break,
            }
        }
        name
    }

    /// Says whether a commit is here.
    #[must_use]
    pub fn has_commit(&self, id: Oid) -> bool {
        self.is_commit(id)
    }

    fn is_commit(&self, id: Oid) -> bool {
        let header = self.git.odb().and_then(|objects| objects.read_header(id.to_git()));
        header.is_ok_and(|(_, kind)| kind == git2::ObjectType::Commit)
    }

    /// Returns the commit that an object is, or leads to as a tag.
    pub(crate) fn peeled(&self, id: Oid) -> Option<Oid> {
        let object = self.git.find_object(id.to_git(), None).ok()?;
        Some(Oid::from_git(object.peel(git2::ObjectType::Commit).ok()?.id()))
    }

    /// Returns the tags whose names start with a prefix: name, the object the tag names, and the commit it leads to.
    #[must_use]
    pub fn tags(&self, prefix: &str) -> Vec<(String, Oid, Option<Oid>)> {
        let Ok(references) = self.git.references_glob(&format!("refs/tags/{prefix}*")) else { return Vec::new() };
        let tags = references.flatten().filter_map(|reference| {
            let name = String::from_utf8_lossy(reference.name_bytes()).strip_prefix("refs/tags/")?.to_owned();
            Some((name, Oid::from_git(reference.target()?), self.commit_of(&reference)))
        });
        tags.collect()
    }

    /// Returns what evidence depends on beside objects: where HEAD, some branches (here and at `origin`) and tags with a
    /// prefix point, and what hides or replaces history. Two equal marks mean that nothing moved in between.
    #[must_use]
    pub fn mark(&self, branches: &[&str], tag_prefix: &str) -> String {
        let mut mark = format!("{:?}", self.head().ok().map(|head| (head.branch, head.id)));
        for branch in branches {
            for prefix in ["refs/heads", "refs/remotes/origin"] {
                let _ = write!(mark, " {:?}", self.reference(&format!("{prefix}/{branch}")));
            }
        }
        let shallow = fs::metadata(self.common_dir().join("shallow")).ok();
        let shallow = shallow.and_then(|file| Some((file.len(), file.modified().ok()?)));
        let settings = ["deed.trustRoot", "user.email"].map(|name| self.setting(name));
        let _ = write!(
            mark,
            " {:?} {:?} {shallow:?} {settings:?} {:?}",
            self.tags(tag_prefix),
            self.replaced(),
            self.grafts()
        );
        mark
    }

    /// Returns what `.mailmap`, as it lies at the top of the working tree, has other tools show in place of a name and an
    /// e-mail; `None` where there is none. Nothing here believes it.
    pub(crate) fn shown(&self, who: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        let WorkingFile::Bytes(bytes) = self.working_file(".mailmap") else { return None };
        let text = small_emails(&String::from_utf8_lossy(&bytes));
        let mailmap = git2::Mailmap::from_buffer(&text).ok();
        let shown = |(name, email): &(&str, &str)| {
            let written = git2::Signature::new(name, &email.to_lowercase(), &git2::Time::new(0, 0)).ok()?;
            let shown = mailmap.as_ref()?.resolve_signature(&written).ok()?;
            Some((shown.name().ok()?.to_owned(), shown.email().ok()?.to_owned()))
        };
        let as_written = |who: &(&str, &str)| shown(who).unwrap_or((who.0.to_owned(), who.1.to_owned()));
        Some(who.iter().map(as_written).collect())
    }

    /// Reads a file of the working tree; `path` counts from its top.
    pub(crate) fn working_file(&self, path: &str) -> WorkingFile {
        if let Some(stored) = &self.instead {
            return match stored.read(self, path) {
                _ if stored.is_linked(path) => WorkingFile::Link,
                _ if !stored.has(path) => WorkingFile::Missing,
                Ok(bytes) => WorkingFile::Bytes(bytes),
                Err(_) => WorkingFile::Unknown,
            };
        }
        let Some(top) = self.workdir() else { return WorkingFile::Unknown };
        let mut place = top.to_owned();
        for part in path.split('/') {
            place.push(part);
            if place.is_symlink() {
                return WorkingFile::Link;
            }
        }
        match fs::read(&place) {
            Ok(bytes) => WorkingFile::Bytes(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => WorkingFile::Missing,
            Err(_) => WorkingFile::Unknown,
        }
    }

    /// Says whether attributes have a file look otherwise in the working tree than in history, apart from its line endings:
    /// as Git LFS does.
    pub(crate) fn is_converted(&self, path: &str) -> bool {
        // Where the index cannot be read, as one that is split or sparse, the files that lie here say it.
        let beside = self.git.index().is_err().then(|| {
            let git = git2::Repository::open(self.git_dir())?;
            git.set_index(&mut git2::Index::new_ext(git.object_format())?)?;
            Ok::<_, git2::Error>(git)
        });
        let beside = beside.and_then(Result::ok);
        let git = beside.as_ref().unwrap_or(&self.git);
        let is_set = |name| {
            let value = git.get_attr(Path::new(path), name, git2::AttrCheckFlags::default());
            !matches!(git2::AttrValue::from_string(value.unwrap_or_default()), git2::AttrValue::Unspecified)
        };
        ["filter", "ident", "working-tree-encoding"].into_iter().any(is_set)
    }

    fn damaged(&self, error: &git2::Error) -> HistoryError {
        HistoryError::Damaged { path: self.git_dir().to_owned(), reason: error.message().to_owned() }
    }
}

/// A mailmap with its e-mails in small letters: to Git case does not count in them, to libgit2 it does.
fn small_emails(text: &str) -> String {
    let mut within = false;
    let small = text.chars().filter(|char| *char != '\0').flat_map(|char| {
        within = (within || char == '<') && char != '>' && char != '\n';
        if within { char.to_lowercase().collect::<Vec<_>>() } else { vec![char] }
    });
    small.collect()
}

/// Returns a setting of Git's outside of any repository, such as `user.name`.
#[must_use]
pub fn general_setting(name: &str) -> Option<String> {
    git2::Config::open_default().ok()?.get_string(name).ok()
}

/// Sets libgit2's switches, which are the process's. Verifying the hash of each object read costs up to as much again
/// as reading it, and walks keep trees of their own: [`Objects::read_verified`] verifies what evidence is taken from.
fn settle() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(false);
    });
}

fn refusal(path: &Path, error: &git2::Error) -> HistoryError {
    let path = path.to_owned();
    let reason = error.message().to_owned();
    match error.code() {
        ErrorCode::Owner => HistoryError::Owner { path },
        ErrorCode::NotFound => HistoryError::NoRepository { path },
        _ if reason.contains("refstorage") => HistoryError::Reftable { path },
        _ if reason.contains("extension") || reason.contains("object format") || reason.contains("version") => {
            HistoryError::Unsupported { path, reason }
        }
        _ => HistoryError::Damaged { path, reason },
    }
}
