//! Which manifests are looked at, and what happens to those that cannot be.

use std::fs;

use crate::harness::Dir;

const UNOWNED: &str = "controls: { A.5.1: {} }\n";

/// The manifests with diagnostics of `unowned-control`.
#[track_caller]
fn places(dir: &Dir, args: &[&str]) -> Vec<String> {
    let run = dir.check(&[args, &["--format", "json"]].concat());
    assert!(run.code < 2, "{}", run.all());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let root = report["root"].as_str().unwrap();
    let here = dir.path().to_str().unwrap();
    let diagnostics = report["diagnostics"].as_array().unwrap().iter();
    let unowned = diagnostics.filter(|diagnostic| diagnostic["rule"] == "unowned-control");
    let paths = unowned.map(|it| format!("{root}/{}", it["path"].as_str().unwrap()));
    paths.map(|path| path.strip_prefix(here).unwrap().trim_start_matches('/').to_owned()).collect()
}

#[test]
fn every_manifest_below_the_root_counts_wherever_one_stands() {
    let dir = Dir::judged_by(
        &["unowned-control"],
        &[("deed.yaml", "deed: 1\n"), ("a/b/c.deed.yaml", UNOWNED), ("a/x.yaml", UNOWNED), ("d.deed.json", "{}")],
    );
    for args in [&[][..], &["a"], &["a/b"], &["a/b/c.deed.yaml"], &["a", "d.deed.json"]] {
        assert_eq!(places(&dir, args), ["a/b/c.deed.yaml"], "{args:?}");
    }
    assert_eq!(places(&dir, &["d.deed.json"]), [""; 0]);
}

#[test]
fn only_what_was_asked_for_is_reported_and_the_rest_is_mentioned() {
    let files =
        [("deed.yaml", "deed: 1\n"), ("a/1.deed.yaml", UNOWNED), ("b/2.deed.yaml", "controls: { A.5.2: {} }\n")];
    let dir = Dir::judged_by(&["unowned-control"], &files);
    assert_eq!(places(&dir, &["a"]), ["a/1.deed.yaml"]);
    let run = dir.check(&["a"]);
    assert!(run.stdout.contains("1 diagnostic elsewhere in the same workspace"), "{}", run.stdout);
}

#[test]
fn a_root_below_a_root_is_a_workspace_of_its_own() {
    let inner = "deed: 1\nroles: { it: {} }\ncontrols: { A.5.1: {} }\n";
    let dir = Dir::judged_by(&["unowned-control"], &[("deed.yaml", "deed: 1\n"), ("inner/deed.yaml", inner)]);
    // The settings of the outer root do not hold in the inner one.
    let run = dir.check(&["inner", "--format", "json"]);
    assert!(run.stdout.contains("\"root\": ") && run.stdout.contains("inner\""), "{}", run.stdout);
    assert_eq!(places(&dir, &[]), ["inner/deed.yaml"]);
}

#[test]
fn the_root_is_searched_for_no_further_than_the_repository() {
    let dir = Dir::with(&[("deed.yaml", "deed: 1\n"), ("repo/.git/HEAD", ""), ("repo/a/c.deed.yaml", UNOWNED)]);
    let run = dir.check(&["repo/a"]);
    assert!(run.stderr.contains("note: no `deed.yaml` at or above `repo/a`"), "{}", run.all());
    assert_eq!(places(&dir, &["repo/a"]), ["repo/a/c.deed.yaml"]);
}

#[test]
fn without_a_root_only_named_files_are_read() {
    let dir = Dir::with(&[("a.deed.yaml", UNOWNED), ("b.deed.yaml", UNOWNED), ("c/d.deed.yaml", UNOWNED)]);
    assert_eq!(places(&dir, &["a.deed.yaml"]), ["a.deed.yaml"]);
    assert_eq!(dir.check(&["a.deed.yaml", "--quiet"]).stderr, "");
}

#[test]
fn ignored_and_hidden_manifests_are_read_when_they_are_named() {
    let files = [
        ("deed.yaml", "deed: 1\n"),
        (".gitignore", "build/\n"),
        ("build/1.deed.yaml", UNOWNED),
        (".hidden/2.deed.yaml", "controls: { A.5.2: {} }\n"),
    ];
    let dir = Dir::judged_by(&["unowned-control"], &files);
    assert_eq!(places(&dir, &[]), [""; 0]);
    assert_eq!(places(&dir, &["build"]), ["build/1.deed.yaml"]);
    assert_eq!(places(&dir, &["build/1.deed.yaml"]), ["build/1.deed.yaml"]);
    assert_eq!(places(&dir, &[".hidden"]), [".hidden/2.deed.yaml"]);
    assert_eq!(places(&dir, &["--no-ignore"]), ["build/1.deed.yaml"]);
}

/// A workspace with a file that cannot be read, and another workspace beside it.
fn beside(make: impl Fn(&Dir)) -> Dir {
    let dir = Dir::with(&[("bad/deed.yaml", UNOWNED), ("good/deed.yaml", UNOWNED)]);
    make(&dir);
    dir
}

#[track_caller]
fn is_refused(dir: &Dir, path: &str, reason: &str) {
    let run = dir.check(&[]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.stderr.contains(&format!("error: cannot read `{path}`: {reason}")), "{}", run.all());
    assert!(run.stdout.contains("--> good/deed.yaml") && !run.stdout.contains("bad/deed.yaml"), "{}", run.all());
    let report: serde_json::Value = serde_json::from_str(&dir.check(&["--format", "json"]).stdout).unwrap();
    assert_eq!(report["unreadable"][0]["path"], path);
    assert!(report["unreadable"][0]["reason"].as_str().unwrap().starts_with(reason));
}

#[test]
fn a_directory_in_the_place_of_a_manifest_is_refused() {
    let dir = beside(|dir| fs::create_dir(dir.path().join("bad/people.deed.yaml")).unwrap());
    is_refused(&dir, "bad/people.deed.yaml", "it is a directory");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_to_nothing_is_refused() {
        let dir = beside(|dir| symlink("gone", dir.path().join("bad/people.deed.yaml")).unwrap());
        is_refused(&dir, "bad/people.deed.yaml", "it is a symbolic link to something that does not exist");
    }

    #[test]
    fn a_link_out_of_the_workspace_is_refused() {
        let dir = beside(|dir| symlink("../good/deed.yaml", dir.path().join("bad/people.deed.yaml")).unwrap());
        is_refused(&dir, "bad/people.deed.yaml", "it is a symbolic link that leads out of the workspace");
    }

    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let dir = beside(|dir| {
            let path = dir.path().join("bad/people.deed.yaml");
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        });
        is_refused(&dir, "bad/people.deed.yaml", "it is not a regular file");
    }

    #[test]
    fn a_name_that_is_not_text_is_refused() {
        let name = std::ffi::OsStr::from_bytes(b"bad/\xff.deed.yaml");
        let dir = beside(|dir| fs::write(dir.path().join(name), "").unwrap());
        is_refused(&dir, "bad/\u{fffd}.deed.yaml", "its name is not UTF-8");
    }

    #[test]
    fn what_may_not_be_read_is_refused() {
        for what in ["bad/people.deed.yaml", "bad/people"] {
            let dir = Dir::with(&[
                ("bad/deed.yaml", UNOWNED),
                ("good/deed.yaml", UNOWNED),
                ("bad/people.deed.yaml", ""),
                ("bad/people/p.deed.yaml", ""),
            ]);
            fs::set_permissions(dir.path().join(what), fs::Permissions::from_mode(0o000)).unwrap();
            // Root may read everything: nothing to see then.
            let forbidden = fs::File::open(dir.path().join(what)).is_err();
            if forbidden {
                is_refused(&dir, what, "permission denied");
            }
            fs::set_permissions(dir.path().join(what), fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn links_in_circles_do_no_harm() {
        let dir = Dir::judged_by(&["unowned-control"], &[("deed.yaml", "deed: 1\n"), ("a/1.deed.yaml", UNOWNED)]);
        symlink("..", dir.path().join("a/up")).unwrap();
        assert_eq!(places(&dir, &[]), ["a/1.deed.yaml"]);
        // A link to a manifest below the root is that manifest once more.
        symlink("1.deed.yaml", dir.path().join("a/2.deed.yaml")).unwrap();
        let run = dir.check(&["a/2.deed.yaml"]);
        assert!(run.code < 2, "{}", run.all());
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_a_diagnostic() {
    let dir = Dir::judged_by(&["syntax-error"], &[("deed.yaml", "deed: 1\n")]);
    dir.write("people.deed.yaml", b"people:\n  ada: { name: Ad\xff }\n");
    let run = dir.check(&[]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[syntax-error]: invalid UTF-8 at byte offset 25"), "{}", run.stdout);
}

#[test]
fn a_file_that_is_named_like_a_section_and_looks_like_one_is_mentioned() {
    let files = [
        ("deed.yaml", "deed: 1\n"),
        ("risks.yaml", "# ours\nrisks:\n  R-1: {}\n"),
        ("sub/roles.json", "{ \"roles\": {} }"),
        ("people.yaml", "a list of people\n"),
    ];
    let run = Dir::judged_by(&["unowned-control"], &files).check(&[]);
    assert!(
        run.stderr.contains("`risks.yaml` is not read, since the name decides: call it `risks.deed.yaml`"),
        "{}",
        run.all()
    );
    assert!(run.stderr.contains("call it `roles.deed.json`") && !run.stderr.contains("people"), "{}", run.all());
    let lone = Dir::with(&[("risks.yaml", "risks: {}\n")]);
    assert!(lone.check(&[]).stderr.contains("name it `risks.deed.yaml`"));
}
