//! Kinds of repositories and clones.

use std::fs;
use std::path::Path;

use deed_history::evidence::{Request, judge, snapshot};
use deed_history::{HistoryError, Repository};
use deed_model::evidence::{Branch, History, Problem};
use deed_model::{Level, Workspace};
use deed_test::Repo;

use crate::organisation::*;

/// Judges what a revision of the repository around a path says.
fn judged_at(path: &Path, revision: &str) -> History {
    let repository = Repository::open(path).unwrap_or_else(|error| panic!("{error}"));
    let commit = repository.resolve(revision).expect("a commit");
    let now = snapshot(&repository, "", commit).expect("a register");
    let workspace = &now.workspace;
    let request = Request {
        repository: &repository,
        root: "",
        workspace,
        revision,
        trust_root: None,
        cache: false,
        today: Some(today()),
    };
    judge(&request).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_signed(path: &Path) {
    let history = judged_at(path, "HEAD");
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    assert!(history.gaps.is_empty(), "{:?}", history.gaps);
}

/// The organisation with Ada's decision, and a directory for others beside it.
fn decided() -> (Repo, tempfile::TempDir) {
    let repo = organisation();
    accept(&repo);
    (repo, tempfile::tempdir().expect("a directory"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn every_way_to_lay_out_a_repository_is_the_same_history() {
    let (repo, beside) = decided();
    let at = |name: &str| beside.path().join(name);
    let here = text(repo.dir());
    repo.git(["clone", "--quiet", "--bare", here, text(&at("bare.git"))]);
    assert_signed(&at("bare.git"));
    repo.git(["worktree", "add", "--quiet", "--detach", text(&at("worktree"))]);
    assert_signed(&at("worktree"));
    repo.git(["clone", "--quiet", "--shared", here, text(&at("shared"))]);
    assert!(at("shared").join(".git/objects/info/alternates").exists());
    assert_signed(&at("shared"));
    repo.git(["clone", "--quiet", "--sparse", here, text(&at("sparse"))]);
    let sparse = Repo::open(&at("sparse"));
    sparse.git(["sparse-checkout", "set", "--sparse-index", "--cone", "nothing"]);
    assert_signed(sparse.dir());
    repo.git(["clone", "--quiet", here, text(&at("packed"))]);
    let packed = Repo::open(&at("packed"));
    packed.git(["repack", "-a", "-d", "--quiet", "--depth=50"]);
    packed.git(["pack-refs", "--all"]);
    packed.git(["commit-graph", "write"]);
    packed.git(["multi-pack-index", "write"]);
    packed.git(["update-index", "--split-index"]);
    assert_signed(packed.dir());
    // A submodule's `.git` is a file.
    let outer = Repo::temporary();
    outer.commit("Outer").create();
    outer.git(["submodule", "--quiet", "add", here, "inner"]);
    assert!(outer.dir().join("inner/.git").is_file());
    assert_signed(&outer.dir().join("inner"));
}

#[test]
fn ids_may_be_of_either_kind() {
    let dir = tempfile::tempdir().expect("a directory");
    let repo = Repo::init_with(dir.path(), &["--object-format=sha256"]);
    found(&repo);
    let accepted = accept(&repo);
    assert_eq!(accepted.len(), 64);
    assert!(git_trusts(&repo, &accepted, &["ada"]));
    assert_signed(repo.dir());
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_so() {
    let dir = tempfile::tempdir().expect("a directory");
    let repo = Repo::open(dir.path());
    if repo.try_git(["init", "--quiet", "--ref-format=reftable"]).status.success() {
        assert!(matches!(Repository::open(dir.path()), Err(HistoryError::Reftable { .. })));
    }
}

/// Git refuses the repository of another user, and so does this: its settings could be anybody's.
#[cfg(unix)]
#[test]
fn somebody_elses_repository_is_refused() {
    let (repo, _beside) = decided();
    let all = [repo.dir().to_owned(), repo.dir().join(".git")];
    // Only who may give files away can try.
    if all.iter().all(|path| std::os::unix::fs::chown(path, Some(12_345), None).is_ok()) {
        assert!(!repo.try_git(["status"]).status.success());
        assert!(matches!(Repository::open(repo.dir()), Err(HistoryError::Owner { .. })));
        all.iter().for_each(|path| std::os::unix::fs::chown(path, Some(0), None).expect("it is ours again"));
    }
}

#[test]
fn nothing_is_written() {
    let (repo, _beside) = decided();
    let list = || {
        let mut all = Vec::new();
        let mut pending = vec![repo.dir().join(".git")];
        while let Some(dir) = pending.pop() {
            for entry in fs::read_dir(&dir).expect("a directory").flatten() {
                let data = entry.metadata().expect("it is there");
                all.push((entry.path(), data.len(), data.modified().expect("a time")));
                pending.extend(data.is_dir().then(|| entry.path()));
            }
        }
        all.sort();
        all
    };
    let before = list();
    assert_signed(repo.dir());
    assert_eq!(list(), before);
}

#[test]
fn a_head_without_commits_asserts_and_a_detached_one_proves() {
    let (repo, _beside) = decided();
    repo.git(["switch", "--quiet", "--detach", "main"]);
    assert_signed(repo.dir());
    let repository = Repository::open(repo.dir()).expect("a repository");
    let head = repository.resolve("HEAD").expect("a commit");
    let now = snapshot(&repository, "", head).expect("a register");
    repo.git(["switch", "--quiet", "--orphan", "unborn"]);
    let workspace: &Workspace = &now.workspace;
    let request = Request {
        repository: &repository,
        root: "",
        workspace,
        revision: "HEAD",
        trust_root: None,
        cache: false,
        today: Some(today()),
    };
    let history = judge(&request).expect("no error");
    assert_eq!(said(&history), (Level::Asserted, &[Problem::Uncommitted][..]));
    assert_eq!(history.head, None);
}

#[test]
fn the_branch_may_be_known_from_the_remote_alone() {
    let (repo, beside) = decided();
    let target = beside.path().join("clone");
    repo.git(["clone", "--quiet", text(repo.dir()), text(&target)]);
    let clone = Repo::open(&target);
    clone.git(["switch", "--quiet", "--create", "topic"]);
    clone.git(["branch", "--quiet", "--delete", "--force", "main"]);
    let history = judged_at(clone.dir(), "HEAD");
    assert_eq!(history.branch, Branch { name: "main".into(), found: Some("origin/main".into()) });
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    assert!(of(&history, "risks.R-1.accepted").adoption.is_some());
    // Nowhere at all: what is checked out is all there is.
    clone.git(["remote", "remove", "origin"]);
    let history = judged_at(clone.dir(), "HEAD");
    assert_eq!(history.branch, Branch { name: "main".into(), found: None });
    assert_eq!(said(&history), (Level::Signed, &[][..]));
}

#[test]
fn a_local_branch_that_fell_behind_its_remote_is_not_what_was_adopted() {
    let (repo, beside) = decided();
    let target = beside.path().join("clone");
    repo.git(["clone", "--quiet", text(repo.dir()), text(&target)]);
    let another = people().replace(&entry("ada-1", ""), &entry("ada-2", ""));
    let draft = repo.commit("Ada's new key").author(&who("ada")).at("2026-04-01T10:00:00+0000");
    draft.signed(&key("ada-1")).write("people.deed.yaml", another).create();
    let anew = risks(2, "{ by: ada, date: 2026-04-02 }");
    let draft = repo.commit("Accept R-1 anew").author(&who("ada")).at("2026-04-02T10:00:00+0000");
    draft.signed(&key("ada-2")).write("risks.deed.yaml", anew).create();
    let clone = Repo::open(&target);
    clone.git(["fetch", "--quiet"]);
    clone.git(["switch", "--quiet", "--create", "topic", "origin/main"]);
    let history = judged_at(clone.dir(), "HEAD");
    assert_eq!(history.branch, Branch { name: "main".into(), found: Some("origin/main".into()) });
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    // What is not pushed yet has been adopted here.
    clone.git(["switch", "--quiet", "main"]);
    clone.git(["merge", "--quiet", "--ff-only", "origin/main"]);
    clone.commit("Later").create();
    let history = judged_at(clone.dir(), "HEAD");
    assert_eq!(history.branch.found.as_deref(), Some("main"));
}
