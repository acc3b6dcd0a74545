//! `--fix`, `--unsafe-fixes`, `--diff`

use std::fs;

use insta::assert_snapshot;

use crate::harness::Dir;

const TYPO: &str = "controls:\n  A.5.1: { onwer: it } # ours\n  A.5.2: { owner: it, staus: partial }\n";

fn workspace() -> Dir {
    Dir::judged_by(&["schema-violation", "syntax-error"], &[("deed.yaml", "deed: 1\n"), ("a.deed.yaml", TYPO)])
}

#[test]
fn what_can_be_fixed_is_shown_as_a_change() {
    assert_snapshot!(workspace().check(&[]).all(), @r"
    exit 1
    --- stdout
    error[schema-violation]: `onwer` is not a field of a control; did you mean `owner`?
     --> a.deed.yaml:2:12
      |
    2 |   A.5.1: { onwer: it } # ours
      |            ^^^^^
      |
    help: write `owner` (`--unsafe-fixes`)
      |
    2 -   A.5.1: { onwer: it } # ours
    2 +   A.5.1: { owner: it } # ours
      |

    error[schema-violation]: `staus` is not a field of a control; did you mean `status`?
     --> a.deed.yaml:3:23
      |
    3 |   A.5.2: { owner: it, staus: partial }
      |                       ^^^^^
      |
    help: write `status` (`--unsafe-fixes`)
      |
    3 |   A.5.2: { owner: it, status: partial }
      |                          +

    Found 2 errors in 1 of 3 manifests, judged on 2026-06-30.
    2 can be fixed with `deed check --fix --unsafe-fixes`: look at the changes.
    For more on a rule, run for example `deed explain schema-violation`.
    ");
}

#[test]
fn unsafe_fixes_are_applied_only_on_request() {
    let dir = workspace();
    let run = dir.check(&["--fix"]);
    assert_eq!((run.code, dir.read("a.deed.yaml").as_str()), (1, TYPO));
    assert!(run.stdout.contains("2 can be fixed with `deed check --fix --unsafe-fixes`"), "{}", run.stdout);

    let run = dir.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(dir.read("a.deed.yaml"), TYPO.replace("onwer", "owner").replace("staus", "status"));
    assert_snapshot!(run.all(), @r"
    exit 0
    --- stdout
    Fixed 2:
      a.deed.yaml: 2 × schema-violation

    All good: 3 manifests, 2 controls, judged on 2026-06-30.
    ");
}

#[test]
fn safe_fixes_are_applied_round_by_round() {
    let text = "risks:\n  R-1:\n    controls: [A.12.6.1, A.9.1.1] # of the old edition\n";
    let dir = Dir::judged_by(&["unknown-control"], &[("a.deed.yaml", text)]);
    let shown = dir.check(&["--diff"]);
    assert_eq!((shown.code, dir.read("a.deed.yaml").as_str()), (1, text));
    let run = dir.check(&["--fix"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(dir.read("a.deed.yaml"), "risks:\n  R-1:\n    controls: [A.8.8, A.5.15] # of the old edition\n");
    assert!(run.stdout.starts_with("Fixed 2:\n  a.deed.yaml: 2 × unknown-control\n"), "{}", run.stdout);
    assert!(shown.stdout.contains("\n+    controls: [A.8.8, A.5.15] # of the old edition\n"), "{}", shown.stdout);
    assert_eq!(dir.check(&["--fix", "--diff"]).code, 0, "a second time there is nothing left");
}

#[test]
fn the_diff_writes_nothing() {
    let dir = workspace();
    let run = dir.check(&["--diff"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "there is nothing certain to change");
    assert_snapshot!(dir.check(&["--diff", "--unsafe-fixes"]).all(), @r"
    exit 1
    --- stdout
    --- a.deed.yaml
    +++ a.deed.yaml
    @@ -1,3 +1,3 @@
     controls:
    -  A.5.1: { onwer: it } # ours
    -  A.5.2: { owner: it, staus: partial }
    +  A.5.1: { owner: it } # ours
    +  A.5.2: { owner: it, status: partial }
    --- stderr
    note: this fixes 2
    ");
    assert_eq!(dir.read("a.deed.yaml"), TYPO);
}

#[test]
fn only_what_was_asked_for_is_fixed() {
    let dir = workspace();
    dir.write("b.deed.yaml", "controls: { A.5.3: { onwer: it } }\n");
    dir.check(&["b.deed.yaml", "--fix", "--unsafe-fixes"]);
    assert_eq!(dir.read("b.deed.yaml"), "controls: { A.5.3: { owner: it } }\n");
    assert_eq!(dir.read("a.deed.yaml"), TYPO);
}

#[test]
fn line_ends_and_the_missing_last_one_stay() {
    let dir = workspace();
    dir.write("a.deed.yaml", "\u{feff}controls:\r\n  A.5.1: { onwer: it }\r\n\r\n# end");
    dir.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(dir.read("a.deed.yaml"), "\u{feff}controls:\r\n  A.5.1: { owner: it }\r\n\r\n# end");
}

#[test]
fn a_file_with_bytes_that_are_not_utf_8_is_never_written() {
    let dir = workspace();
    let bytes = b"controls:\n  A.5.1: { onwer: it } # \xff\n";
    dir.write("a.deed.yaml", bytes);
    let run = dir.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert_eq!(fs::read(dir.path().join("a.deed.yaml")).unwrap(), bytes);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn permissions_stay_and_nothing_else_is_left_behind() {
        let dir = workspace();
        let path = dir.path().join("a.deed.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::metadata(&path).unwrap();
        dir.check(&["--fix", "--unsafe-fixes"]);
        let after = fs::metadata(&path).unwrap();
        assert_eq!(after.permissions().mode(), before.permissions().mode());
        assert_ne!(after.ino(), before.ino(), "a new file took its place");
        let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.deed.yaml", "deed.yaml", "zz.deed.yaml"]);
    }

    #[test]
    fn a_link_stays_a_link() {
        let dir = workspace();
        fs::rename(dir.path().join("a.deed.yaml"), dir.path().join("a.txt")).unwrap();
        symlink("a.txt", dir.path().join("a.deed.yaml")).unwrap();
        dir.check(&["--fix", "--unsafe-fixes"]);
        assert!(fs::symlink_metadata(dir.path().join("a.deed.yaml")).unwrap().is_symlink());
        assert!(!dir.read("a.txt").contains("onwer"));
    }

    #[test]
    fn what_may_not_be_written_is_an_error_that_names_it() {
        let dir = workspace();
        let path = dir.path().join("a.deed.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let run = dir.check(&["--fix", "--unsafe-fixes"]);
        assert_eq!(run.code, 2);
        assert_eq!(run.stderr, "error: cannot write `a.deed.yaml`\ncause: it is read-only\n");
        assert_eq!(dir.read("a.deed.yaml"), TYPO);
    }
}
