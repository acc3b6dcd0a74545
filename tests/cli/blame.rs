//! `deed blame`, on repositories made by the real Git.

use deed_test::{Identity, Repo};
use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::{Dir, Run};
use crate::json::breaks;

fn ada() -> Identity {
    Identity::new("Ada Moreau", "ada@acme.example")
}

fn ben() -> Identity {
    Identity::new("Ben Okafor", "ben@acme.example")
}

/// Ada writes, Ben changes one value on a branch that Ada merges and reformats.
fn story(dir: &Dir) -> (Repo, [String; 4]) {
    let repo = Repo::init(dir.path());
    let first = "risks:\n  R-1: { owner: it, plan: [ { name: patch, by: ada }, { name: test, by: ada } ] }\n";
    let start = repo.commit("Start").author(&ada()).write("r.yaml", first).write("o.json", "{\"a\": [1, {}]}").create();
    repo.branch("side");
    let changed = first.replace("test, by: ada", "test, by: ben");
    let side =
        repo.commit("Ben tests").author(&ben()).at("2026-03-01T10:00:00+0100").write("r.yaml", &changed).create();
    repo.switch("main");
    repo.commit("Other").write("notes.md", "x").create();
    let merge = repo.merge("side", "Merge").author(&ada()).create();
    let block = "risks:\n  R-1:\n    plan:\n      - by: \"ben\"\n        name: test\n      - { by: ada, name: patch }\n    # it\n    owner: it\n";
    let format = repo.commit("Format").author(&ben()).remove("r.yaml").write("sub/risks.yaml", block).create();
    (repo, [start, side, merge, format])
}

fn blame(dir: &Dir, args: &[&str]) -> Run {
    dir.deed(&[&["blame"], args].concat())
}

#[test]
fn each_value_shows_who_gave_it_its_form() {
    let dir = Dir::new();
    let (_, [start, side, ..]) = story(&dir);
    let run = blame(&dir, &["."]);
    let shown = run.all().replace(&start[..10], "<start>   ").replace(&side[..10], "<side>    ");
    assert_snapshot!(shown, @r#"
    exit 0
    --- stdout
    o.json
    a[0]  <start>     Ada Moreau  2026-01-05  1
    a[1]  <start>     Ada Moreau  2026-01-05  {}

    sub/risks.yaml
    risks.R-1.plan[0].by    <side>      Ben Okafor  2026-03-01  "ben"
    risks.R-1.plan[0].name  <start>     Ada Moreau  2026-01-05  test
    risks.R-1.plan[1].by    <start>     Ada Moreau  2026-01-05  ada
    risks.R-1.plan[1].name  <start>     Ada Moreau  2026-01-05  patch
    risks.R-1.owner         <start>     Ada Moreau  2026-01-05  it
    "#);
}

#[test]
fn a_key_narrows_and_a_revision_goes_back() {
    let dir = Dir::new();
    let (_, [start, ..]) = story(&dir);
    let run = blame(&dir, &["sub/risks.yaml", "--key", "risks.R-1.plan[0]"]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 2), "{}", run.all());
    let run = blame(&dir, &["r.yaml", "--at", &start, "--key", "risks.R-1.owner"]);
    assert_eq!(run.stdout, format!("risks.R-1.owner  {}  Ada Moreau  2026-01-05  it\n", &start[..10]));
    assert_eq!(blame(&dir, &["sub", "--key", "risks.R"]).code, 2);
}

#[test]
fn programs_get_what_the_schema_says() {
    let dir = Dir::new();
    let (_, [start, side, merge, format]) = story(&dir);
    let run = blame(&dir, &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let schema: Value = serde_json::from_str(&dir.deed(&["schema", "blame"]).stdout).unwrap();
    let mut found = Vec::new();
    breaks(&schema, &schema, &report, "$", &mut found);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!((&report["commit"], &report["complete"]), (&Value::from(format), &Value::from(true)));
    let entries = report["files"][1]["entries"].as_array().unwrap();
    let shown: Vec<_> =
        entries.iter().map(|entry| (entry["path"].as_str().unwrap(), &entry["commit"], &entry["adoption"])).collect();
    let (start, side, merge) = (Value::from(start), Value::from(side), Value::from(merge));
    assert_eq!(
        shown,
        [
            ("risks.R-1.plan[0].by", &side, &merge),
            ("risks.R-1.plan[0].name", &start, &start),
            ("risks.R-1.plan[1].by", &start, &start),
            ("risks.R-1.plan[1].name", &start, &start),
            ("risks.R-1.owner", &start, &start),
        ]
    );
    assert_eq!(entries[0]["origin_path"], "r.yaml");
    assert_eq!(entries[0]["author"]["email"], "ben@acme.example");
    assert_eq!(entries[0]["time"], "2026-03-01T10:00:00+01:00");
    assert_eq!(
        (&entries[0]["range"]["start"]["line"], &entries[0]["range"]["start"]["column"]),
        (&4.into(), &13.into())
    );
}

#[test]
fn what_is_missing_or_broken_is_said() {
    let dir = Dir::new();
    let (repo, _) = story(&dir);
    repo.commit("Break").write("b.yaml", "a: [\n").create();
    let run = blame(&dir, &["."]);
    assert_eq!(run.code, 0);
    assert_eq!(run.stderr, "warning: `b.yaml` is left out: it has syntax errors\n");
    assert_eq!(blame(&dir, &["b.yaml"]).code, 2);

    let shallow = Dir::new();
    let url = format!("file://{}", dir.path().display());
    repo.git(["clone", "--quiet", "--depth=1", &url, &shallow.path().join("c").display().to_string()]);
    let run = blame(&shallow, &["c/sub/risks.yaml"]);
    assert!(run.stdout.lines().all(|line| line.contains("?           unknown")), "{}", run.stdout);
    assert!(run.stderr.contains("git fetch --unshallow"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_blamed_says_why() {
    let dir = Dir::new();
    let run = blame(&dir, &["."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is a Git repository"), "{}", run.stderr);
    let repo = Repo::init(dir.path());
    assert!(blame(&dir, &["."]).stderr.contains("no commit yet"));
    repo.commit("Start").write("a.md", "x").create();
    assert!(blame(&dir, &["."]).stderr.contains("no YAML or JSON file is at `.` in HEAD"));
    assert!(blame(&dir, &["--at", "nothing"]).stderr.contains("`nothing` names no commit"));
}

#[test]
fn a_bare_repository_and_a_path_that_is_gone_are_read() {
    let dir = Dir::new();
    let (repo, [_, _, merge, _]) = story(&dir);
    assert_eq!(blame(&dir, &["r.yaml", "--at", &merge]).code, 0);
    let bare = Dir::new();
    repo.git([
        "clone",
        "--quiet",
        "--bare",
        &dir.path().display().to_string(),
        &bare.path().join("b").display().to_string(),
    ]);
    assert_eq!(blame(&bare, &["b"]).stdout, blame(&dir, &["."]).stdout);
}
