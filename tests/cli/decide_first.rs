//! `deed decide` where nothing is committed yet.

use std::path::Path;
use std::process::Command;

use deed_test::Repo;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Dir, Run};

const ADA: (&str, &str) = ("Ada Moreau", "ada@acme.example");
const INIT: [&str; 6] = ["init", "--git", "--yes", "--organization", "Acme", "--owner"];

/// A register that was just begun by Ada.
fn begun(more: &[&str]) -> (Dir, TempDir) {
    let (dir, home) = (Dir::new(), tempfile::tempdir().unwrap());
    let run = deed(dir.path(), &home, &[&INIT[..], &["Ada Moreau <ada@acme.example>"], more].concat());
    assert_eq!(run.code, 0, "{}", run.all());
    (dir, home)
}

fn with_git(command: &mut Command, home: &TempDir) {
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home.path()).env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), ADA.0).env(format!("GIT_{role}_EMAIL"), ADA.1);
    }
}

fn deed(path: &Path, home: &TempDir, args: &[&str]) -> Run {
    let mut command = Dir::new().command(args);
    with_git(&mut command, home);
    Run::of(command.current_dir(path).output().unwrap())
}

/// Types what stands between backticks in a hint.
#[track_caller]
fn typed(path: &Path, home: &TempDir, said: &str, nth: usize) {
    let line = said.lines().find(|line| line.contains("commit the register: ")).unwrap();
    let line = line.split('`').nth(nth * 2 + 1).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(path);
    with_git(&mut command, home);
    assert!(command.output().unwrap().status.success(), "{line}");
}

fn level(path: &Path, home: &TempDir) -> Value {
    let run = deed(path, home, &["evidence", "--format", "json", "isms.approved"]);
    let found: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
    found["decisions"][0]["level"].clone()
}

#[test]
fn before_the_first_commit_it_is_said_how_to_make_it() {
    for more in [&[][..], &["--hooks"]] {
        let (dir, home) = begun(more);
        let (path, before) = (dir.path(), dir.read("deed.yaml"));
        for args in [&["decide", "approved", "isms"][..], &["decide", "approved", "isms", "--dry-run"]] {
            let run = deed(path, &home, args);
            assert!(run.code == 2 && run.stdout.is_empty(), "{}", run.all());
            assert!(
                run.stderr.starts_with("error: branch `main` has no commit yet, and who may decide is judged by the"),
                "{}",
                run.all()
            );
            assert!(
                run.stderr.contains("hint: then decide; `--no-commit` writes the decision at once"),
                "{}",
                run.all()
            );
            assert_eq!(dir.read("deed.yaml"), before);
        }
        // What it says to type makes the commit, and the decision after it counts.
        let said = deed(path, &home, &["decide", "approved", "isms"]).stderr;
        assert_eq!(said.contains(" --no-verify "), !more.is_empty(), "{said}");
        typed(path, &home, &said, 0);
        typed(path, &home, &said, 1);
        let run = deed(path, &home, &["decide", "approved", "isms"]);
        assert_eq!(run.code, 0, "{}", run.all());
        assert_eq!(level(path, &home), "attributed");
    }
}

#[test]
fn without_a_commit_it_is_written_and_said_what_it_is_worth() {
    let (dir, home) = begun(&[]);
    let decide = ["decide", "approved", "isms", "--no-commit"];
    let run = deed(dir.path(), &home, &decide);
    assert_eq!(run.code, 0, "{}", run.all());
    let said =
        "note: not committed, so it proves nothing yet; in a first commit, nothing before it vouches for who you are\n";
    assert!(run.stderr.contains(said) && run.stderr.contains("hint: for better proof, commit"), "{}", run.all());
    assert!(dir.read("deed.yaml").contains("  approved: { by: ada, date: "), "{}", dir.read("deed.yaml"));
    assert_eq!(level(dir.path(), &home), "asserted");
    let again = deed(dir.path(), &home, &decide);
    assert!(
        again.code == 0 && again.stderr.starts_with("note: `isms.approved` is written here like that already"),
        "{}",
        again.all()
    );
    assert!(again.stderr.contains(said), "{}", again.all());
}

#[test]
fn an_orphan_branch_of_a_linked_worktree_has_no_commit_either() {
    let (dir, home) = begun(&[]);
    let repo = Repo::init(dir.path());
    repo.commit("Begin").at("2026-01-05T09:00:00+0000").create();
    let outside = tempfile::tempdir().unwrap();
    let tree = outside.path().canonicalize().unwrap().join("linked");
    repo.git(["worktree", "add", "-q", "--detach", tree.to_str().unwrap()]);
    repo.git(["-C", tree.to_str().unwrap(), "checkout", "-q", "--orphan", "anew"]);
    let run = deed(&tree, &home, &["decide", "approved", "isms"]);
    assert!(run.code == 2 && run.stderr.starts_with("error: branch `anew` has no commit yet"), "{}", run.all());
    let written = deed(&tree, &home, &["decide", "approved", "isms", "--no-commit"]);
    assert!(written.code == 0 && written.stderr.contains("in a first commit"), "{}", written.all());
    repo.git(["-C", tree.to_str().unwrap(), "checkout", "-q", "-f", "-B", "other", "main"]);
    repo.git(["-C", tree.to_str().unwrap(), "checkout", "-q", "--orphan", "once-more"]);
    typed(&tree, &home, &run.stderr, 0);
    typed(&tree, &home, &run.stderr, 1);
    let run = deed(&tree, &home, &["decide", "approved", "isms"]);
    assert!(run.code == 0 && run.stdout.contains("[once-more "), "{}", run.all());
    assert_eq!(repo.git(["rev-list", "--count", "once-more"]), "2");
    assert_eq!(repo.git(["status", "--porcelain"]), "", "the other tree is left alone");
}
