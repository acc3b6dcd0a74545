//! What `deed check` says of the example organisations is what was planted in them, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const TODAY: &str = "2026-11-24";

fn here() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn deed(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_deed"))
        .args(["check", "--today", TODAY])
        .args(arguments)
        .current_dir(directory)
        .env("COLUMNS", "104")
        .env_remove("NO_COLOR")
        .output()
        .expect("deed runs");
    assert!(output.status.code().is_some_and(|code| code <= 1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Rule and subject of each diagnostic.
fn reported(directory: &Path, arguments: &[&str]) -> BTreeSet<(String, String)> {
    let arguments = [&["--format", "json"], arguments].concat();
    let output: Value = serde_json::from_str(&deed(directory, &arguments)).expect("JSON");
    let text = |diagnostic: &Value, key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
    let diagnostics = output["diagnostics"].as_array().expect("diagnostics");
    diagnostics.iter().map(|diagnostic| (text(diagnostic, "rule"), text(diagnostic, "subject"))).collect()
}

/// The rows of a list of planted problems: the columns from `skip` on are rule and subject.
fn planted(csv: &Path, skip: usize, matching: impl Fn(&[&str]) -> bool) -> BTreeSet<(String, String)> {
    let csv = read(csv);
    let rows = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| matching(row)).map(|row| (row[skip].to_owned(), row[skip + 1].to_owned())).collect()
}

#[track_caller]
fn assert_same(found: &BTreeSet<(String, String)>, expected: &BTreeSet<(String, String)>) {
    let missing: Vec<_> = expected.difference(found).collect();
    let unplanned: Vec<_> = found.difference(expected).collect();
    assert!(missing.is_empty() && unplanned.is_empty(), "not reported: {missing:#?}\nnot planted: {unplanned:#?}");
}

struct Example {
    _directory: tempfile::TempDir,
    root: PathBuf,
}

fn example() -> Example {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path().join("acme-pay");
    deed_test::example::generate(&root).expect("the example is generated");
    Example { _directory: directory, root }
}

#[test]
fn the_example_has_the_problems_that_were_planted() {
    let example = example();
    let list = here().join("example/planted.csv");
    assert_same(&reported(&example.root, &[]), &planted(&list, 0, |_| true));
    let needs_no_history = |row: &[&str]| row.last() == Some(&"no");
    assert_same(&reported(&example.root, &["--no-evidence"]), &planted(&list, 0, needs_no_history));
}

/// On Windows, Git gives files other line endings where nobody says otherwise: that is no change of what anybody decided on.
#[test]
fn a_checkout_with_other_line_endings_is_told_the_same() {
    let example = example();
    let elsewhere = example.root.with_file_name("windows");
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet", "--config", "core.autocrlf=true"]).arg(&example.root).arg(&elsewhere);
    assert!(clone.status().expect("git runs").success());
    assert!(read(&elsewhere.join("deed.yaml")).contains("\r\n"), "the line endings are others");
    let (there, here) = (deed(&elsewhere, &[]), deed(&example.root, &[]));
    let differing = there.lines().zip(here.lines()).find(|(there, here)| there != here);
    assert_eq!((differing, there.lines().count()), (None, here.lines().count()));
}

#[test]
fn each_model_has_the_problems_that_were_planted() {
    for model in ["centralized", "federated", "executive-led"] {
        let expected = planted(&here().join("orgs/planted.csv"), 1, |row| row[0] == model);
        assert!(!expected.is_empty(), "{model}");
        // Their history is that of this repository, which proves nothing of theirs.
        assert_same(&reported(&here().join("orgs").join(model), &["--no-evidence"]), &expected);
    }
}

/// The terminal picture in the README: some of what the example gives, and the summary. `UPDATE=1` writes it.
#[test]
fn the_screenshot_is_fresh() {
    let example = example();
    let output = deed(&example.root, &["--color", "always"]);
    let blocks: Vec<&str> = output.split("\n\n").collect();
    let shown = ["acceptance-beyond-authority", "wrong-signer", "unknown-reference"];
    let mut picture = String::from("$ deed check\n");
    for rule in shown {
        let block = blocks.iter().find(|block| block.lines().next().is_some_and(|line| line.contains(rule)));
        picture += block.unwrap_or_else(|| panic!("the example has no {rule}"));
        picture += "\n\n";
    }
    picture += "⋮\n\n";
    picture += blocks[blocks.len().saturating_sub(2)..].join("\n\n").as_str();
    let svg = anstyle_svg::Term::new().render_svg(&picture);
    let path = here().join("example/screenshot.svg");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, svg).expect("the picture is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == svg, "tests/example/screenshot.svg is out of date: run `UPDATE=1 cargo test --test example`");
}
