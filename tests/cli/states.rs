//! `--at`, `--staged` and `--since`: what is judged is not the working tree, or only what is new is reported.

use deed_test::{Identity, Repo};
use serde_json::Value;

use crate::harness::{Dir, TODAY};

const RULES: [&str; 4] = ["unknown-reference", "missing-file", "uncommitted-decision", "outdated-approval"];

/// Two mistakes and a policy with its text, committed; only some rules report.
fn org() -> (Dir, Repo) {
    let dir =
        Dir::judged_by(&RULES.into_iter().filter(|rule| deed_linter::rule(rule).is_some()).collect::<Vec<_>>(), &[]);
    let repo = Repo::init(dir.path());
    dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody }\n");
    dir.write("people.deed.yaml", "people:\n  ada: { name: Ada Moreau, emails: [ada@acme.example] }\n");
    dir.write("roles.deed.yaml", "roles:\n  ceo: { title: CEO, layer: executive, held_by: ada, authority: { approve_policy: true } }\n  it: { title: IT, layer: owner, held_by: bob }\n");
    dir.write("policy.md", "# Rules\n");
    dir.write(
        "policies.deed.yaml",
        "policies:\n  rules: { title: Rules, owner: ceo, document: policy.md, approved: { by: ada, date: 2026-01-05 } }\n",
    );
    commit(&repo, "Start");
    (dir, repo)
}

/// Commits everything as Ada.
fn commit(repo: &Repo, message: &str) {
    repo.git(["add", "-A"]);
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    repo.commit(message).author(&ada).at("2026-01-05T09:00:00+0000").create();
}

/// The messages that a check gives.
fn said(dir: &Dir, args: &[&str]) -> Vec<String> {
    let run = dir.check(&[&["--format", "json"], args].concat());
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
    let diagnostics = document["diagnostics"].as_array().unwrap().iter();
    diagnostics.map(|it| format!("{}: {}", it["rule"].as_str().unwrap(), it["message"].as_str().unwrap())).collect()
}

/// A repository in the middle of a merge that has a conflict in `deed.yaml`.
fn in_conflict() -> (Dir, Repo) {
    let (dir, repo) = org();
    repo.branch("topic");
    repo.switch("main");
    dir.write("deed.yaml", "deed: 1\nisms: { owner: a }\n");
    commit(&repo, "One");
    repo.switch("topic");
    dir.write("deed.yaml", "deed: 1\nisms: { owner: b }\n");
    commit(&repo, "Other");
    assert!(!repo.try_git(["merge", "main"]).status.success());
    (dir, repo)
}

#[test]
fn a_commit_is_judged_without_a_look_at_the_files_here() {
    let (dir, repo) = org();
    let before = said(&dir, &[]);
    assert_eq!(before.len(), 2, "{before:?}");
    dir.write("deed.yaml", "deed: 1\nisms: { owner: ceo }\n");
    commit(&repo, "Name the owner");
    std::fs::remove_file(dir.path().join("roles.deed.yaml")).unwrap();
    dir.write("policy.md", "# Other rules\n");
    assert_eq!(said(&dir, &["--at", "HEAD"]).len(), 1);
    assert_eq!(said(&dir, &["--at", "HEAD~1"]), before);
    let run = dir.check(&["--at", "HEAD", "nowhere"]);
    assert_eq!(run.code, 3, "{}", run.all());
    let run = dir.check(&["--at", "no-such"]);
    assert_eq!((run.code, run.stderr.contains("`no-such` names no commit")), (2, true), "{}", run.all());
}

#[test]
fn what_is_staged_counts_and_what_is_not_does_not() {
    let (dir, repo) = org();
    assert!(said(&dir, &["--staged"]).is_empty(), "all of it was there before");
    // Staged: a mistake. In the file here: another one, and the first mended.
    dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody, manager: staged }\n");
    repo.git(["add", "deed.yaml"]);
    dir.write("deed.yaml", "deed: 1\nisms: { owner: here }\n");
    let found = said(&dir, &["--staged"]);
    assert!(found.len() == 1 && found[0].contains("`staged`"), "{found:?}");
    let run = dir.check(&["--staged", "-q"]);
    assert_eq!(run.code, 1);
    // What is staged and gone here is there; what is not added is not.
    std::fs::remove_file(dir.path().join("roles.deed.yaml")).unwrap();
    dir.write("new.deed.yaml", "roles:\n  x: { title: X, layer: owner, held_by: untracked }\n");
    repo.git(["add", "--intent-to-add", "new.deed.yaml"]);
    assert_eq!(said(&dir, &["--staged"]), found);
}

#[test]
fn the_index_that_git_names_to_a_hook_is_the_one_that_counts() {
    let (dir, repo) = org();
    dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody, manager: taken_along }\n");
    let program = env!("CARGO_BIN_EXE_deed");
    let hook = format!("#!/bin/sh\nexec '{program}' check --staged --today {TODAY} >hook.log 2>&1\n");
    dir.write(".git/hooks/pre-commit", hook);
    make_executable(&dir.path().join(".git/hooks/pre-commit"));
    // Nothing is staged: `-a` and a path each make an index of their own.
    for arguments in [["commit", "-q", "-a", "-mx"], ["commit", "-q", "-mx", "deed.yaml"]] {
        let committed = repo.command(arguments).env("HOME", dir.path()).output().unwrap();
        assert!(!committed.status.success(), "{arguments:?}");
        let log = dir.read("hook.log");
        assert!(log.contains("`taken_along`"), "{log}");
    }
    dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody, manager: ceo }\n");
    let committed = repo.command(["commit", "-q", "-a", "-mx"]).output().unwrap();
    assert!(committed.status.success(), "{}", dir.read("hook.log"));
}

#[test]
fn an_index_that_is_split_or_sparse_is_read_all_the_same() {
    for kind in ["split", "sparse"] {
        let (dir, repo) = org();
        dir.write("far/x.deed.yaml", "roles:\n  x: { title: X, layer: owner, held_by: far_away }\n");
        dir.write("far/text.md", "x\n");
        dir.write("near/y.deed.yaml", "policies: { far: { title: Far, owner: ceo, document: far/text.md } }\n");
        commit(&repo, "More");
        let before = said(&dir, &[]);
        assert_eq!(before.len(), 3, "{before:?}");
        match kind {
            "split" => repo.git(["update-index", "--split-index"]),
            _ => repo.git(["sparse-checkout", "set", "--cone", "--sparse-index", "near"]),
        };
        let here = deed_history::Repository::open(dir.path()).unwrap();
        assert!(here.staged(None).is_err(), "libgit2 can read it by now");
        assert_eq!(dir.path().join("far").exists(), kind == "split");
        // What is left out here is as it is committed.
        assert_eq!(said(&dir, &[]), before, "{kind}");
        assert_eq!(said(&dir, &["--at", "HEAD"]), before, "{kind}");
        assert!(said(&dir, &["--staged"]).is_empty(), "{kind}: all of it was there before");
        dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody, manager: staged }\n");
        repo.git(["add", "deed.yaml"]);
        dir.write("deed.yaml", "deed: 1\nisms: { owner: here }\n");
        dir.write("near/new.deed.yaml", "roles:\n  z: { title: Z, layer: owner, held_by: untracked }\n");
        repo.git(["add", "--intent-to-add", "near/new.deed.yaml"]);
        let found = said(&dir, &["--staged"]);
        assert!(found.len() == 1 && found[0].contains("`staged`"), "{kind}: {found:?}");
        // An index of its own.
        let mut check = dir.command(&["check", "--staged", "--today", TODAY]);
        repo.git(["read-tree", "--index-output=.git/other", "HEAD"]);
        assert!(check.env("GIT_INDEX_FILE", ".git/other").output().unwrap().status.success(), "{kind}");
    }
    let (dir, repo) = in_conflict();
    repo.git(["update-index", "--split-index"]);
    let run = dir.check(&["--staged"]);
    assert!(run.code == 2 && run.stderr.contains("`deed.yaml` has a conflict"), "{}", run.all());
    dir.write(".git/index", "DIRC what is this");
    let run = dir.check(&["--staged"]);
    assert!(run.code == 2 && run.stderr.contains("the index"), "{}", run.all());
}

#[test]
fn the_same_commit_is_judged_alike_wherever_its_manifests_lie() {
    let (dir, repo) = org();
    dir.write(".gitignore", "build/\n/x.deed.yaml\n");
    let role = |id: &str| format!("roles:\n  {id}: {{ title: X, layer: owner, held_by: nobody_{id} }}\n");
    for (id, path) in ["build/a.deed.yaml", ".hidden/b.deed.yaml", ".c.deed.yaml", "x.deed.yaml"].iter().enumerate() {
        dir.write(path, role(&format!("r{id}")));
    }
    // What is for programs is no register, whatever it is called.
    dir.write(".github/workflows/deed.yml", "on: push\njobs: {}\n");
    dir.write(".root/deed.yaml", "deed: 1\nisms: { owner: nobody_there }\n");
    dir.write(".root/zz.deed.yaml", dir.read("zz.deed.yaml"));
    // What is not tracked is passed over as before.
    let before = said(&dir, &[]);
    assert_eq!(before.len(), 2, "{before:?}");
    repo.git(["add", "--force", "."]);
    assert_eq!(said(&dir, &[]).len(), 5);
    assert_eq!(said(&dir, &["--staged"]).len(), 3, "what the commit would bring in");
    repo.git(["commit", "-q", "-m", "All"]);
    let of_commit = said(&dir, &["--at", "HEAD"]);
    assert_eq!(of_commit.len(), 5, "{of_commit:?}");
    assert_eq!(said(&dir, &[]), of_commit);
    repo.git(["update-index", "--split-index"]);
    assert_eq!(said(&dir, &[]), of_commit);
    // What is gone here is gone, and what lies behind a link is another file.
    std::fs::remove_file(dir.path().join("x.deed.yaml")).unwrap();
    std::fs::rename(dir.path().join("build"), dir.path().join(".moved")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(".moved", dir.path().join("build")).unwrap();
    assert_eq!(said(&dir, &[]).len(), 3);
}

#[cfg(unix)]
fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_decision_may_be_staged_and_the_text_it_is_about_counts_as_staged() {
    let (dir, repo) = org();
    dir.write("policy.md", "# Changed here only\n");
    assert!(said(&dir, &[]).iter().any(|it| it.starts_with("outdated-approval")));
    assert!(said(&dir, &["--staged"]).is_empty(), "not staged");
    repo.git(["add", "policy.md"]);
    let found = said(&dir, &["--staged"]);
    assert!(found.len() == 1 && found[0].starts_with("outdated-approval"), "{found:?}");
    let policies = dir.read("policies.deed.yaml").replace("2026-01-05", "2026-06-30");
    dir.write("policies.deed.yaml", policies);
    repo.git(["add", "-A"]);
    assert!(said(&dir, &["--staged"]).is_empty(), "a decision about to be committed is no news");
    assert!(said(&dir, &[]).iter().any(|it| it.starts_with("uncommitted-decision")));
}

#[test]
fn since_reports_the_difference_from_where_histories_parted() {
    let (dir, repo) = org();
    repo.branch("topic");
    repo.switch("main");
    // The main line goes on and mends what the branch still has: that is nothing the branch brings in.
    dir.write("deed.yaml", "deed: 1\nisms: { owner: ceo }\n");
    commit(&repo, "Name the owner");
    repo.switch("topic");
    assert!(said(&dir, &["--since", "main"]).is_empty());
    // The old mistake moves by some lines, and a new one comes.
    let roles = dir.read("roles.deed.yaml").replace("roles:\n", "# Who does what\n\nroles:\n");
    dir.write("roles.deed.yaml", roles + "  hr: { title: HR, layer: owner, held_by: eve }\n");
    commit(&repo, "Add a role");
    let found = said(&dir, &["--since", "main"]);
    assert!(found.len() == 1 && found[0].contains("`eve`"), "{found:?}");
    let run = dir.check(&["--since", "main"]);
    assert!(run.stdout.contains("(2 there before)"), "{}", run.stdout);
    // What is not committed yet is new as well.
    dir.write("deed.yaml", "deed: 1\nisms: { owner: nobody, manager: frank }\n");
    assert_eq!(said(&dir, &["--since", "main"]).len(), 2);
    // Another history altogether.
    repo.git(["stash", "--quiet"]);
    repo.orphan("other");
    dir.write("deed.yaml", "deed: 1\n");
    commit(&repo, "Other");
    let run = dir.check(&["--since", "main"]);
    assert_eq!((run.code, run.stderr.contains("no commit in common")), (2, true), "{}", run.all());
}

#[test]
fn what_is_in_the_baseline_is_not_mended_because_it_is_old() {
    let (dir, repo) = org();
    assert_eq!(dir.check(&["--write-baseline"]).code, 0);
    commit(&repo, "A baseline");
    repo.branch("topic");
    let run = dir.check(&["--since", "main"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.all());
    dir.write("deed.yaml", "deed: 1\nisms: { owner: ceo }\n");
    let run = dir.check(&["--since", "main"]);
    assert!(run.stderr.contains("1 diagnostic in `deed-baseline.json` is mended"), "{}", run.all());
}

#[test]
fn that_the_past_cannot_be_read_is_said() {
    let (dir, repo) = org();
    std::os::unix::fs::symlink("nowhere", dir.path().join("x.deed.yaml")).unwrap();
    commit(&repo, "A link");
    std::fs::remove_file(dir.path().join("x.deed.yaml")).unwrap();
    repo.branch("topic");
    commit(&repo, "No link");
    let run = dir.check(&["--since", "main"]);
    assert!(run.code == 1 && run.stderr.contains("before, `x.deed.yaml` cannot be read"), "{}", run.all());
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let dir = Dir::judged_by(&["unknown-reference"], &[("deed.yaml", "deed: 1\nisms: { owner: nobody }\n")]);
    let repo = Repo::init(dir.path());
    repo.git(["add", "-A"]);
    assert_eq!(said(&dir, &["--staged"]).len(), 1);
}

#[test]
fn a_conflict_in_the_index_is_no_clean_end() {
    let (dir, _repo) = in_conflict();
    let run = dir.check(&["--staged"]);
    assert_eq!((run.code, run.stderr.contains("`deed.yaml` has a conflict")), (2, true), "{}", run.all());
}

#[test]
fn a_manifest_that_is_a_link_is_read_where_it_leads() {
    let (dir, repo) = org();
    dir.write("shared/roles.yaml", "roles:\n  x: { title: X, layer: owner, held_by: linked }\n");
    std::os::unix::fs::symlink("shared/roles.yaml", dir.path().join("x.deed.yaml")).unwrap();
    repo.git(["add", "-A"]);
    let found = said(&dir, &["--staged"]);
    assert!(found.len() == 1 && found[0].contains("`linked`"), "{found:?}");
    std::fs::remove_file(dir.path().join("x.deed.yaml")).unwrap();
    std::os::unix::fs::symlink("../outside.yaml", dir.path().join("x.deed.yaml")).unwrap();
    repo.git(["add", "-A"]);
    let run = dir.check(&["--staged"]);
    assert_eq!((run.code, run.stderr.contains("leads out of the repository")), (2, true), "{}", run.all());
}
