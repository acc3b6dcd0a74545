//! 0 clean, 1 diagnostics, 2 could not run, 3 no manifest.

use std::process::Stdio;

use crate::harness::Dir;

const WARNED: &str = "lint: { rules: { unowned-control: warning } }\ncontrols: { A.5.1: {} }\n";

#[track_caller]
fn check(text: &str, args: &[&str], code: i32) {
    // Settings in two places: the one in the root manifest counts, so only one rule is left on there.
    let others = deed_linter::RULES.iter().filter(|rule| rule.id != "unowned-control");
    let allowed: String = others.map(|rule| format!(", {}: allow", rule.id)).collect();
    let dir = Dir::with(&[("deed.yaml", &text.replace(" } }\nc", &format!("{allowed} }} }}\nc")))]);
    let run = dir.check(args);
    assert_eq!(run.code, code, "{}", run.all());
}

#[test]
fn fail_on_sets_the_lowest_severity_that_fails() {
    let (error, info) = (WARNED.replace("warning", "error"), WARNED.replace("warning", "info"));
    check(&error, &[], 1);
    check(WARNED, &[], 0);
    check(WARNED, &["--fail-on", "warning"], 1);
    check(WARNED, &["--fail-on", "info"], 1);
    check(&info, &["--fail-on", "warning"], 0);
    check(&info, &["--fail-on", "info"], 1);
    check(&info, &["--format", "json", "--fail-on", "info"], 1);
}

#[test]
fn exit_zero_forgives_diagnostics_only() {
    check("controls: { A.5.1: {} }\n", &["--exit-zero"], 0);
    assert_eq!(Dir::new().check(&["--exit-zero"]).code, 3);
    assert_eq!(Dir::new().check(&["--exit-zero", "nowhere"]).code, 2);
}

#[test]
fn no_manifest_is_three_with_a_hint() {
    let dir = Dir::with(&[("people.yaml", "people: {}\n")]);
    let run = dir.check(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.starts_with("error: no manifest found in `.`\nhint: "), "{}", run.stderr);
    assert!(run.stderr.contains("hint: `deed init` begins a register\n"), "{}", run.stderr);
    // Below a root another one would be a mistake.
    let dir = Dir::with(&[("deed.yaml", "deed: 1\n"), ("policies/access.md", "")]);
    let run = dir.check(&["policies"]);
    let root = dir.path().canonicalize().unwrap();
    let said = format!("hint: the root of the register around it is `{}`: name that\n", root.display());
    assert!(run.code == 3 && run.stderr.ends_with(&said), "{}", run.stderr);
}

#[test]
fn mistakes_on_the_command_line_are_two_with_a_hint() {
    let dir = Dir::with(&[("deed.yaml", "deed: 1\n"), ("notes.yaml", "")]);
    for (args, says) in [
        (&["check", "nowhere"][..], "there is no `nowhere`"),
        (&["check", "notes.yaml"], "`notes.yaml` is not a manifest\nhint: the name decides"),
        (&["check", "--unsafe-fixes"], "`--unsafe-fixes` does nothing by itself\nhint: add `--diff`"),
        (&["check", "-"], "`-` needs to know which manifest the text is\nhint: add `--stdin-path`"),
        (&["check", "-", "deed.yaml", "--stdin-path", "deed.yaml"], "`-` cannot be combined"),
        (&["check", "--stdin-path", "deed.yaml"], "`--stdin-path` is only for standard input\nhint: add `-`"),
        (&["check", "--diff", "--format", "json"], "their format is text or concise\nhint: "),
        (&["check", "--today", "2026-02-30"], "write a day of the calendar as 2026-11-24"),
        (&["check", "--fail-on", "eror"], "a similar value exists: 'error'"),
        (&["chekc"], "unrecognized subcommand 'chekc'\n\n  tip: "),
        (&["explain", "unownd-control"], "there is no rule `unownd-control`\nhint: did you mean `unowned-control`?"),
        (&["man", "chekc"], "there is no command `chekc`"),
        (&["rules", "--model", "anarchic"], "the models are `centralized`"),
    ] {
        let run = dir.deed(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(says), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let controls: String = (0..300).map(|n| format!("  C.{n}: {{}}\n")).collect();
    let dir = Dir::with(&[("deed.yaml", &format!("controls:\n{controls}"))]);
    for args in [&["check"][..], &["check", "--format", "json"], &["check", "--fix", "--diff"], &["schema"], &["man"]] {
        let mut child = dir.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let code = i32::from(args[0] == "check" && !args.contains(&"--diff"));
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(!String::from_utf8(output.stderr).unwrap().contains("error"), "{args:?}");
    }
}
