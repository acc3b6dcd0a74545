//! The formats of CI systems, and the baseline. `tests/formats/run.sh` has other programs read them.

use insta::{assert_snapshot, with_settings};
use serde_json::Value;

use crate::harness::{Dir, TODAY};
use crate::json::breaks;

const PEOPLE: &str = "\
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example] }
roles:
  ceo: { title: CEO, layer: executive, held_by: ada }
  it: { title: Head of IT, layer: owner, held_by: bob }
  # deed: ignore[unknown-reference] Cleo starts in July
  hr: { title: Head of HR, layer: owner, held_by: cleo }
";

/// One mistake, one that is held back, one hint; in a directory with a name that takes care.
fn org() -> Dir {
    let files = [("a b,c/deed.yaml", "deed: 1\nisms: { owner: cio }\n"), ("a b,c/people.deed.yaml", PEOPLE)];
    let dir = Dir::judged_by(&["unknown-reference", "unused-suppression"], &[]);
    let settings = dir.read("zz.deed.yaml");
    let dir = Dir::with(&files);
    dir.write("a b,c/zz.deed.yaml", settings);
    dir.write(".git/HEAD", "");
    dir
}

fn written(dir: &Dir, format: &str, args: &[&str]) -> String {
    let run = dir.check(&[&["--no-evidence", "--format", format, "a b,c"], args].concat());
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    run.stdout
}

fn json(dir: &Dir, format: &str, args: &[&str]) -> Value {
    serde_json::from_str(&written(dir, format, args)).unwrap()
}

/// A text without what is another in each run.
fn stable(dir: &Dir, text: &str) -> String {
    text.replace(dir.path().to_str().unwrap(), "DIR")
}

#[test]
fn sarif() {
    let dir = org();
    let log = json(&dir, "sarif", &[]);
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "unknown-reference");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], result["ruleId"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b%2Cc/deed.yaml", "from the top of the repository");
    assert_eq!(place["region"]["startLine"], 2);
    let held: Vec<_> =
        run["results"].as_array().unwrap().iter().filter(|it| it.get("suppressions").is_some()).collect();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["suppressions"][0]["kind"], "inSource");
    assert_eq!(held[0]["suppressions"][0]["justification"], "Cleo starts in July");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let same = json(&dir, "json", &[]);
    let fingerprint = same["diagnostics"][0]["fingerprint"].as_str().unwrap();
    assert!(result["partialFingerprints"]["deed/v1"].as_str().unwrap().ends_with(fingerprint));
}

#[test]
fn the_other_formats() {
    let dir = org();
    for format in ["gitlab", "junit", "markdown"] {
        with_settings!({ snapshot_suffix => format }, { assert_snapshot!(stable(&dir, &written(&dir, format, &[]))) });
    }
}

#[test]
fn junit_fails_only_where_the_exit_code_does() {
    let dir = org();
    let cases = |text: &str| (text.matches("<failure").count(), text.matches("<testcase").count());
    let (failures, all) = cases(&written(&dir, "junit", &[]));
    assert!(failures > 0);
    dir.write("a b,c/zz.deed.yaml", dir.read("a b,c/zz.deed.yaml") + "    unknown-reference: warning\n");
    let run = dir.check(&["--no-evidence", "--format", "junit", "a b,c"]);
    assert_eq!((run.code, cases(&run.stdout)), (0, (0, all)));
}

#[test]
fn github() {
    let dir = org();
    let mut command = dir.command(&["check", "--today", TODAY, "--no-evidence", "--format", "github", "a b,c"]);
    let summary = dir.path().join("summary.md");
    std::fs::write(&summary, "before\n").unwrap();
    let output = command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_snapshot!(text);
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n### Deed: "), "{summary}");
}

#[test]
fn github_shows_ten_of_a_kind_and_logs_the_rest_where_it_can_command_nothing() {
    let roles: String = (0..14).map(|n| format!("  r{n}: {{ title: R, layer: owner, held_by: p{n} }}\n")).collect();
    let dir = Dir::judged_by(&["unknown-reference"], &[("deed.yaml", "deed: 1\n")]);
    dir.write("a.deed.yaml", format!("roles:\n{roles}"));
    let text = dir.check(&["--no-evidence", "--format", "github"]).stdout;
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10, "{text}");
    let (_, rest) = text.split_once("::stop-commands::").unwrap();
    let (token, rest) = rest.split_once('\n').unwrap();
    let (rest, end) = rest.split_once(&format!("::{token}::")).unwrap();
    assert_eq!(rest.lines().count(), 4, "{text}");
    assert_eq!(end.trim(), "::endgroup::");
}

#[test]
fn what_cannot_be_read_is_said_in_every_format() {
    let dir = org();
    let path = dir.path().join("a b,c/people.deed.yaml");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir_all(dir.path().join("x")).unwrap();
    // A symbolic link to nowhere cannot be read by anybody, whoever runs the tests.
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    for format in ["sarif", "github", "gitlab", "junit", "markdown"] {
        let run = dir.check(&["--no-evidence", "--format", format, "a b,c"]);
        assert_eq!(run.code, 2, "{format}");
        assert!(run.stdout.contains("people.deed.yaml"), "{format}: {}", run.stdout);
    }
}

#[test]
fn a_baseline_leaves_only_what_is_new() {
    let dir = org();
    let before = dir.check(&["--no-evidence", "a b,c"]);
    assert_eq!(before.code, 1);
    let run = dir.check(&["--no-evidence", "--write-baseline", "a b,c"]);
    assert_eq!((run.code, run.stderr.contains("a b,c/deed-baseline.json")), (0, true), "{}", run.all());
    let baseline = dir.read("a b,c/deed-baseline.json");
    assert_snapshot!(baseline);
    let schema: Value = serde_json::from_str(&dir.deed(&["schema", "baseline"]).stdout).unwrap();
    let mut found = Vec::new();
    breaks(&schema, &schema, &serde_json::from_str(&baseline).unwrap(), "", &mut found);
    assert!(found.is_empty(), "{found:?}");
    let run = dir.check(&["--no-evidence", "a b,c"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("Nothing new:"), "{}", run.stdout);

    // What moves stays known; what is new is reported.
    let people = format!(
        "# Everybody\n\n{}  cfo: {{ title: CFO, layer: executive, held_by: dan }}\n",
        dir.read("a b,c/people.deed.yaml")
    );
    dir.write("a b,c/people.deed.yaml", people);
    let log = json(&dir, "json", &[]);
    assert_eq!(log["diagnostics"].as_array().map(Vec::len), Some(1));
    assert!(log["diagnostics"][0]["message"].as_str().unwrap().contains("dan"));
    assert_eq!(log["summary"]["baselined"], 2);
    let log = json(&dir, "sarif", &[]);
    let states = log["runs"][0]["results"].as_array().unwrap().iter().map(|it| it["baselineState"].as_str().unwrap());
    let states: Vec<_> = states.collect();
    assert_eq!(states.iter().filter(|state| **state == "unchanged").count(), 3, "{states:?}");
    assert_eq!(dir.check(&["--no-evidence", "--no-baseline", "-q", "a b,c"]).code, 1);
}

#[test]
fn what_is_mended_is_told_and_taken_out() {
    let dir = org();
    dir.check(&["--no-evidence", "--write-baseline", "a b,c"]);
    dir.write("a b,c/deed.yaml", "deed: 1\nisms: { owner: ceo }\n");
    let run = dir.check(&["--no-evidence", "a b,c"]);
    assert!(run.stderr.contains("1 diagnostic in `a b,c/deed-baseline.json` is mended"), "{}", run.stderr);
    let before = dir.read("a b,c/deed-baseline.json");
    let run = dir.check(&["--no-evidence", "--prune-baseline", "a b,c"]);
    assert!(run.stderr.contains("took 1 diagnostic out"), "{}", run.stderr);
    let after = dir.read("a b,c/deed-baseline.json");
    assert!(after.len() < before.len() && !after.contains("cio"));
    assert_eq!(dir.check(&["--no-evidence", "a b,c"]).stderr, "");
    // The old mistake again is a new one.
    dir.write("a b,c/deed.yaml", "deed: 1\nisms: { owner: cio }\n");
    assert_eq!(dir.check(&["--no-evidence", "-q", "a b,c"]).code, 1);
}

#[test]
fn a_broken_manifest_is_never_put_up_with() {
    let dir = Dir::with(&[("deed.yaml", "deed: 1\nisms: {\n")]);
    assert_eq!(dir.check(&["--no-evidence", "--write-baseline", "-q"]).code, 1);
    assert!(!dir.read("deed-baseline.json").contains("syntax-error"));
    assert_eq!(dir.check(&["--no-evidence", "-q"]).code, 1);
}

#[test]
fn a_baseline_that_is_none_is_a_mistake_with_a_way_out() {
    let dir = org();
    for text in ["", "[]", "{\"version\":2,\"diagnostics\":[]}", "{\"version\":1,\"diagnostics\":[],\"x\":1}"] {
        dir.write("a b,c/deed-baseline.json", text);
        let run = dir.check(&["--no-evidence", "a b,c"]);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains("is no baseline") && run.stderr.contains("hint:"), "{}", run.stderr);
    }
    let run = dir.check(&["--no-evidence", "--baseline", "no.json", "a b,c"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("there is no baseline `no.json`"), "{}", run.stderr);
    let run = dir.check(&["--no-evidence", "--write-baseline", "--no-baseline"]);
    assert_eq!(run.code, 2);
}
