//! The format for people.

use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::Dir;

#[test]
fn a_diagnostic_shows_the_place_its_subject_and_what_to_do() {
    let dir = Dir::judged_by(
        &["unowned-control", "duplicate-key"],
        &[
            ("deed.yaml", "deed: 1\ncontrols:\n  A.5.15:\n    status: implemented\n"),
            ("b.deed.yaml", "controls:\n  A.5.16:\n    status: partial\n    owner: it\n    # whose?\n    owner: hr\n"),
        ],
    );
    assert_snapshot!(dir.check(&[]).all(), @r"
    exit 1
    --- stdout
    error[unowned-control]: control `A.5.15` (Access control) has no owner
     --> deed.yaml:3:3
      |
    3 |   A.5.15:
      |   ^^^^^^
      |
      = help: name the one role that is accountable for it, as its `owner`

    error[duplicate-key]: the key `owner` stands here a second time
     --> b.deed.yaml:6:5
      |
    2 |   A.5.16:
    3 |     status: partial
    4 |     owner: it
      |     ----- first written here, and this is the one that counts
    5 |     # whose?
    6 |     owner: hr
      |     ^^^^^
      |
      = help: keep one of the two

    Found 2 errors in 2 of 3 manifests, judged on 2026-06-30.
    For more on a rule, run for example `deed explain unowned-control`.
    ");
}

#[test]
fn labels_lead_to_other_manifests() {
    let dir = Dir::judged_by(
        &["duplicate-subject"],
        &[
            ("deed.yaml", "deed: 1\nrisks:\n  R-1: { owner: it }\n"),
            ("sub/b.deed.yaml", "# moved here\nrisks:\n  R-1: { owner: hr }\n"),
        ],
    );
    assert_snapshot!(dir.check(&["--quiet"]).all(), @r"
    exit 1
    --- stdout
    error[duplicate-subject]: risk `R-1` is defined here a second time, after `deed.yaml`
     --> sub/b.deed.yaml:3:3
      |
    3 |   R-1: { owner: hr }
      |   ^^^
      |
     ::: deed.yaml:3:3
      |
    3 |   R-1: { owner: it }
      |   --- first defined here, and this is the definition that counts
      |
      = help: keep one of the two, after settling what they differ in: `owner`
    help: remove this definition, whatever it says
      |
    2 - risks:
    3 -   R-1: { owner: hr }
      |
    ");
}

#[test]
fn places_far_apart_are_two_excerpts() {
    let gap = "    x-note: nothing to see here\n".replace("note", "");
    let filler: String = (0..200).map(|n| gap.replace("x-", &format!("x-{n}"))).collect();
    let text = format!("controls:\n  A.5.15:\n    owner: it\n{filler}    owner: hr\n");
    let dir = Dir::judged_by(&["duplicate-key"], &[("deed.yaml", &text)]);
    assert_snapshot!(dir.check(&["--quiet"]).all(), @r"
    exit 1
    --- stdout
    error[duplicate-key]: the key `owner` stands here a second time
       --> deed.yaml:204:5
        |
    204 |     owner: hr
        |     ^^^^^
        |
       ::: deed.yaml:3:5
        |
      2 |   A.5.15:
      3 |     owner: it
        |     ----- first written here, and this is the one that counts
        |
        = help: keep one of the two
    ");
}

#[test]
fn wide_characters_tabs_and_carriage_returns_keep_the_marks_in_place() {
    let dir = Dir::judged_by(
        &["duplicate-key", "schema-violation"],
        &[
            ("deed.yaml", "people:\n  ada: { \"x-名前\": 漢字, \"x-名前\": 🎉 } # 日本語\n"),
            ("a.deed.json", "{\"people\": {\"ada\":\t{\"naem\": \"Ada\"}}}"),
            ("b.deed.yaml", "people:\r\n  ben:\r\n    naem: Ben\r\n    joined: 2021-04-01\r\n"),
            ("c.deed.yaml", "\u{feff}peopel: {}\n"),
        ],
    );
    assert_snapshot!(dir.check(&["--quiet"]).all(), @r#"
    exit 1
    --- stdout
    error[duplicate-key]: the key `"x-名前"` stands here a second time
     --> deed.yaml:2:22
      |
    2 |   ada: { "x-名前": 漢字, "x-名前": 🎉 } # 日本語
      |          --------        ^^^^^^^^
      |          |
      |          first written here, and this is the one that counts
      |
      = help: keep one of the two

    error[schema-violation]: `naem` is not a field of a person; did you mean `name`?
     --> a.deed.json:1:21
      |
    1 | {"people": {"ada":    {"naem": "Ada"}}}
      |                        ^^^^^^
      |
    help: write `"name"` (`--unsafe-fixes`)
      |
    1 - {"people": {"ada":    {"naem": "Ada"}}}
    1 + {"people": {"ada":    {"name": "Ada"}}}
      |

    error[schema-violation]: `naem` is not a field of a person; did you mean `name`?
     --> b.deed.yaml:3:5
      |
    2 |   ben:
    3 |     naem: Ben
      |     ^^^^
      |
    help: write `name` (`--unsafe-fixes`)
      |
    3 -     naem: Ben
    3 +     name: Ben
      |

    error[schema-violation]: `peopel` is not a section; did you mean `people`?
     --> c.deed.yaml:1:1
      |
    1 | peopel: {}
      | ^^^^^^
      |
    help: write `people` (`--unsafe-fixes`)
      |
    1 - peopel: {}
    1 + people: {}
      |
    "#);
}

#[test]
fn many_diagnostics_are_counted_by_what_they_are_about() {
    let controls: String = (1..=9).map(|n| format!("  A.5.{n}:\n    staus: implemented\n")).collect();
    let text = format!("deed: 1\nlint:\n  rules: {{ unowned-control: warning }}\ncontrols:\n{controls}");
    let dir = Dir::with(&[("deed.yaml", &text)]);
    let run = dir.check(&[]);
    let summary: Vec<_> = run.stdout.rsplit("\n\n").take(2).collect();
    assert!(summary[1].contains("form") && summary[1].contains("9 errors"), "{}", run.stdout);
    assert!(summary[1].contains("controls") && summary[1].contains("9 warnings"), "{}", run.stdout);
    assert!(summary[0].starts_with("Found ") && summary[0].contains(" in 1 manifest, judged on 2026-06-30."));
}

#[test]
fn counts_by_rule_stand_in_for_the_diagnostics() {
    let dir = Dir::judged_by(
        &["unowned-control", "schema-violation"],
        &[("deed.yaml", "controls:\n  A.5.1: {}\n  A.5.2: {}\n  A.5.3: { onwer: it }\n")],
    );
    assert_snapshot!(dir.check(&["--statistics"]).all(), @r"
    exit 1
    --- stdout
    2  error    unowned-control        an applicable control has no owner
    1  error    schema-violation  [*]  a value breaks the manifest schema
    [*] some can be fixed with `deed check --fix`, maybe with `--unsafe-fixes`

    Found 3 errors in 1 of 2 manifests, judged on 2026-06-30.
    1 can be fixed with `deed check --fix --unsafe-fixes`: look at the changes.
    For more on a rule, run for example `deed explain unowned-control`.
    ");
}

#[test]
fn a_line_each_says_what_the_whole_says() {
    let text = "deed: 1\nroles:\n  it: { title: Head of IT, layer: owner, held_by: bob }\ncontrols:\n  A.5.1: {}\n";
    let dir = Dir::judged_by(&["unknown-reference", "unowned-control"], &[("deed.yaml", text)]);
    assert_snapshot!(dir.check(&["--format", "concise"]).all(), @r"
    exit 1
    --- stdout
    deed.yaml:3:51: error[unknown-reference]: `held_by` of role `it` names `bob`, which is no person
    deed.yaml:5:3: error[unowned-control]: control `A.5.1` (Policies for information security) has no owner

    Found 2 errors in 1 of 2 manifests, judged on 2026-06-30.
    For more on a rule, run for example `deed explain unowned-control`.
    ");
    let said: Value = serde_json::from_str(&dir.check(&["--format", "json"]).stdout).unwrap();
    let lines: Vec<String> = said["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let (start, word) = (&it["range"]["start"], |key: &str| it[key].as_str().unwrap());
            let (severity, rule, message) = (word("severity"), word("rule"), word("message"));
            format!("{}:{}:{}: {severity}[{rule}]: {message}", word("path"), start["line"], start["column"])
        })
        .collect();
    let quiet = dir.check(&["--format", "concise", "-q"]);
    assert_eq!((quiet.code, quiet.stdout.lines().collect::<Vec<_>>()), (1, lines.iter().map(String::as_str).collect()));
}

#[test]
fn a_clean_workspace_is_a_happy_line() {
    let text = "deed: 1\ncontrols:\n  A.5.1: { owner: it }\nrisks:\n  R-1: { owner: it }\n  R-2: { owner: it }\n";
    let dir = Dir::judged_by(&["unowned-control"], &[("deed.yaml", text)]);
    assert_snapshot!(dir.check(&[]).all(), @r"
    exit 0
    --- stdout
    All good: 2 manifests, 1 control, 2 risks, judged on 2026-06-30.
    ");
}

#[test]
fn what_is_suppressed_is_counted() {
    let text = "controls:\n  A.5.1: {} # deed: ignore[unowned-control] being hired\n  A.5.2: {}\n";
    let dir = Dir::judged_by(&["unowned-control"], &[("deed.yaml", text)]);
    let run = dir.check(&[]);
    assert!(run.stdout.contains("Found 1 error in 1 of 2 manifests (1 suppressed), judged"), "{}", run.stdout);
}

#[test]
fn the_excerpt_fits_the_width() {
    let text =
        format!("controls:\n  A.5.1: {{ x-a: \"{}\", onwer: it, x-b: \"{}\" }}\n", "a".repeat(300), "b".repeat(300));
    let dir = Dir::judged_by(&["schema-violation"], &[("deed.yaml", &text)]);
    let run = dir.check(&["--quiet"]);
    let excerpt = run.stdout.lines().find(|line| line.contains("onwer: it")).unwrap();
    assert!(excerpt.chars().count() <= 110, "{}", run.stdout);
}

#[test]
fn several_workspaces_are_told_apart_by_their_paths() {
    let text = "deed: 1\nlint: { rules: { unowned-control: error } }\ncontrols:\n  A.5.1: {}\n";
    let dir = Dir::with(&[("pay/deed.yaml", text), ("bank/deed.yaml", text), ("bank/sub/c.deed.yaml", "")]);
    let run = dir.check(&[]);
    let mut places: Vec<_> =
        run.stdout.lines().filter(|line| line.contains("--> ") && line.ends_with(":4:3")).collect();
    places.dedup();
    assert_eq!(places, [" --> bank/deed.yaml:4:3", " --> pay/deed.yaml:4:3"], "{}", run.stdout);
}

#[test]
fn the_order_is_the_same_on_every_run() {
    let files: Vec<_> =
        (0..40).map(|n| (format!("d{}/{n}.deed.yaml", n % 7), format!("controls: {{ A.5.{n}: {{}} }}\n"))).collect();
    let dir = Dir::with(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    dir.write("deed.yaml", "deed: 1\n");
    let first = dir.check(&[]).stdout;
    assert!(first.len() > 1000);
    for _ in 0..5 {
        assert_eq!(dir.check(&[]).stdout, first);
    }
}

#[test]
fn a_manifest_in_one_line_is_shown_around_the_places() {
    let filler = "0".repeat(6000);
    let text = format!(
        "{{ \"x-a\": \"{filler}\", \"people\": {{ \"ada\": {{ \"naem\": 1, \"x-b\": \"{filler}\", \"naem\": 2 }} }} }}"
    );
    let dir = Dir::judged_by(&["duplicate-key"], &[("a.deed.json", &text)]);
    let (first, again) = (text.find("\"naem\"").unwrap() + 1, text.rfind("\"naem\"").unwrap() + 1);
    let run = dir.check(&["--quiet"]);
    assert!(run.stdout.contains(&format!("\n --> a.deed.json:1:{again}\n")), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("\n ::: a.deed.json:1:{first}\n")), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.len() < 120), "{}", run.stdout);
    let run = dir.check(&["--format", "json"]);
    assert!(run.stdout.contains(&format!("\"column\": {again},")), "{}", run.stdout);
}
