//! `deed hook`, with the real Git running what it installs.

use std::path::Path;
use std::process::Output;

use deed_test::Repo;

use crate::harness::Dir;

fn org() -> (Dir, Repo) {
    let dir = Dir::judged_by(&["unknown-reference"], &[("deed.yaml", "deed: 1\nisms: { owner: nobody }\n")]);
    let repo = Repo::init(dir.path());
    repo.git(["add", "-A"]);
    repo.commit("What was wrong before").at("2026-01-05T09:00:00+0000").create();
    (dir, repo)
}

fn try_commit(dir: &Dir, repo: &Repo, text: &str) -> Output {
    dir.write("isms.deed.yaml", text);
    repo.git(["add", "-A"]);
    repo.command(["commit", "-q", "-m", "x"]).output().unwrap()
}

fn script(dir: &Dir, path: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    dir.write(path, text);
    std::fs::set_permissions(dir.path().join(path), std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn is_there(dir: &Dir, path: &str) -> bool {
    Path::new(&dir.path().join(path)).symlink_metadata().is_ok()
}

#[test]
fn a_commit_that_brings_in_errors_is_stopped() {
    let (dir, repo) = org();
    let run = dir.deed(&["hook", "install"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "installed `.git/hooks/pre-commit`\n"), "{}", run.all());
    let bad = try_commit(&dir, &repo, "isms: { manager: eve }\n");
    assert!(
        !bad.status.success() && String::from_utf8_lossy(&bad.stdout).contains("`eve`")
            || String::from_utf8_lossy(&bad.stderr).contains("`eve`"),
        "{bad:?}"
    );
    assert!(try_commit(&dir, &repo, "x-note: well\n").status.success());
    assert!(dir.deed(&["hook", "install"]).stdout.contains("installed already"));
    assert!(dir.deed(&["hook", "uninstall"]).stdout.contains("removed"));
    assert!(!is_there(&dir, ".git/hooks/pre-commit"));
    assert!(dir.deed(&["hook", "uninstall"]).stdout.contains("none of Deed's"));
    assert!(try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
}

#[test]
fn a_hook_that_is_there_runs_first_and_is_put_back() {
    let (dir, repo) = org();
    let old = "#!/bin/sh\necho ran >>ran.log\n[ ! -e stop ]\n";
    script(&dir, ".git/hooks/pre-commit", old);
    assert!(dir.deed(&["hook", "install"]).stdout.contains("runs first"));
    assert!(dir.deed(&["hook", "install"]).stdout.contains("installed already"));
    assert!(!try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
    assert_eq!(dir.read("ran.log"), "ran\n");
    dir.write("stop", "");
    assert!(!try_commit(&dir, &repo, "x-note: well\n").status.success(), "what was there may stop a commit as before");
    dir.deed(&["hook", "uninstall"]);
    assert_eq!(dir.read(".git/hooks/pre-commit"), old);
    assert!(!is_there(&dir, ".git/hooks/pre-commit.before-deed"));
}

#[test]
fn the_directory_that_git_is_told_of_counts_from_wherever_it_is_asked() {
    let (dir, repo) = org();
    repo.git(["config", "core.hooksPath", ".githooks"]);
    dir.write("sub/x.txt", "");
    let run = dir.deed(&["hook", "install", "-C", "sub"]);
    assert_eq!(run.stdout, "installed `.githooks/pre-commit`\n", "{}", run.all());
    assert!(!try_commit(&dir, &repo, "isms: { manager: eve }\n").status.success());
    let nowhere = Dir::new();
    let run = nowhere.deed(&["hook", "install"]);
    assert_eq!(run.code, 2, "{}", run.all());
}
