//! The example organisation: sound, the same every time, signed as Git sees it, and with every planted place in it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use deed_test::{Repo, example};

/// The example, generated once for all tests, in a place that the next run replaces.
fn acme() -> &'static Repo {
    static ACME: OnceLock<Repo> = OnceLock::new();
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acme");
    ACME.get_or_init(|| example::generate(&dir).expect("the directory is new or an earlier example"))
}

fn manifests(repo: &Repo) -> String {
    let files = repo.git(["ls-files", "*deed.yaml", "*.deed.json"]);
    files.lines().map(|path| repo.read(path)).collect()
}

#[test]
fn git_finds_nothing_wrong_and_nothing_uncommitted() {
    let fsck = acme().try_git(["fsck", "--strict", "--full"]);
    assert!(fsck.status.success(), "{}", String::from_utf8_lossy(&fsck.stderr));
    assert_eq!(acme().git(["status", "--porcelain", "--ignored"]), "");
    assert_eq!(acme().git(["branch", "--show-current"]), "main");
}

#[test]
fn another_run_replaces_an_earlier_one_and_gives_the_same_commits() {
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let left_over = dir.path().join("people.deed.yaml");
    fs::create_dir(dir.path().join(".git"))
        .and_then(|()| fs::write(dir.path().join(".git/deed-example"), ""))
        .and_then(|()| fs::write(&left_over, "half written"))
        .expect("the directory is ours");
    let again = example::generate(dir.path()).expect("the directory is an earlier example");
    assert_eq!(again.id("HEAD"), acme().id("HEAD"));
    assert_ne!(again.read("people.deed.yaml"), "half written");
}

#[test]
fn time_never_runs_backwards_and_nobody_works_on_sundays() {
    let log = acme().git(["log", "--format=%H %ct %P"]);
    let commits: Vec<Vec<&str>> = log.lines().map(|line| line.split_whitespace().collect()).collect();
    let time = |id: &str| -> i64 {
        let commit = commits.iter().find(|commit| commit[0] == id).expect("a parent is in the log");
        commit[1].parse().expect("a commit has a time")
    };
    for commit in &commits {
        for parent in &commit[2..] {
            assert!(time(parent) <= time(commit[0]), "{} is older than its parent", commit[0]);
        }
        // Day 0 of Unix time was a Thursday.
        assert_ne!(time(commit[0]).div_euclid(86_400).rem_euclid(7), 3, "{} was made on a Sunday", commit[0]);
    }
}

#[test]
fn git_knows_every_signature_by_a_key_of_the_register() {
    let people = acme().read("people.deed.yaml");
    let keys = people.split('"').filter(|text| text.starts_with("ssh-ed25519 "));
    let allowed: String = keys.map(|key| format!("{} {key}\n", key.rsplit(' ').next().unwrap_or_default())).collect();
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let path = dir.path().join("allowed_signers");
    fs::write(&path, allowed).expect("the directory is ours");
    let setting = format!("gpg.ssh.allowedSignersFile={}", path.display());
    let log = acme().git(["-c", &setting, "log", "--format=%G? %GS %an"]);
    let verdicts: Vec<&str> = log.lines().collect();
    assert!(verdicts.iter().all(|verdict| verdict.starts_with("G ") || verdict.starts_with("N ")), "{log}");
    assert!(verdicts.iter().filter(|verdict| verdict.starts_with("G ")).count() > 200);
    // The one that Git believes and nobody should: see `wrong-signer` in PLANTED.md.
    assert!(verdicts.contains(&"G ben@acmepay.example Mei-Ling Wu"));
}

#[test]
fn all_planted_subjects_are_there() {
    let text = manifests(acme());
    let planted = fs::read_to_string(example::source().join("planted.csv")).expect("the list is in the tree");
    let notes = fs::read_to_string(example::source().join("PLANTED.md")).expect("the notes are in the tree");
    for line in planted.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [rule, subject, _group, _note, history] = fields[..] else { panic!("five fields: {line}") };
        let id = subject.split_once('.').map_or(subject, |(_, id)| id);
        let there = [format!("{id}:"), format!("\"{id}\":")].iter().any(|key| text.contains(key));
        assert_eq!(there, rule != "missing-control", "{subject}");
        assert!(notes.contains(&format!("| `{rule}`")) && notes.contains(&format!("`{subject}`")), "{line}");
        assert!(history == "yes" || history == "no", "{line}");
    }
}

#[test]
fn somebody_elses_directory_is_left_alone() {
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let thesis = dir.path().join("thesis.txt");
    fs::write(&thesis, "three years of work").expect("the directory is ours");
    let mut program = Command::new(env!("CARGO_BIN_EXE_example-org"));
    let refused = program.arg(dir.path()).output().expect("it can be run");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("neither empty nor an earlier example"));
    assert_eq!(fs::read_to_string(&thesis).expect("it is still there"), "three years of work");
}
