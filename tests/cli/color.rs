//! Colours and links.

use crate::harness::{Dir, Run, TODAY};

fn run(color: Option<&str>, environment: &[(&str, &str)]) -> Run {
    let dir = Dir::with(&[("deed.yaml", "controls: { A.5.1: {} }\n")]);
    let mut args = vec!["check", "--today", TODAY];
    args.extend(color.iter().flat_map(|color| ["--color", color]));
    let mut command = dir.command(&args);
    Run::of(command.envs(environment.iter().copied()).output().unwrap())
}

#[track_caller]
fn check(color: Option<&str>, environment: &[(&str, &str)], expected: bool) {
    let run = run(color, environment);
    assert_eq!(run.stdout.contains("\x1b["), expected, "{}", run.stdout);
    assert!(!run.stdout.contains("\x1b]8;"), "no links where nobody is known to understand them");
}

#[test]
fn colours_are_for_terminals_unless_somebody_says_otherwise() {
    check(None, &[], false);
    check(None, &[("CLICOLOR_FORCE", "1")], true);
    check(None, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false);
    check(Some("always"), &[("NO_COLOR", "1")], true);
    check(Some("never"), &[("CLICOLOR_FORCE", "1")], false);
    check(Some("auto"), &[("CLICOLOR_FORCE", "1")], true);
}

#[test]
fn the_rule_links_to_its_documentation_where_links_are_understood() {
    let run = run(Some("always"), &[("FORCE_HYPERLINK", "1")]);
    let link =
        "\x1b]8;;https://github.com/deed-lint/deed/blob/main/crates/deed-linter/src/rules/unowned_control.md\x1b\\";
    assert!(run.stdout.contains(link), "{}", run.stdout);
}

#[test]
fn escape_sequences_in_a_manifest_do_not_reach_the_terminal() {
    let dir = Dir::with(&[("deed.yaml", "controls: { \"A.\\e[31m\": {}, x\u{1b}[32m: {} }\n")]);
    for args in [&["--color", "never"][..], &["--color", "always"]] {
        let run = dir.check(args);
        assert!(!run.stdout.contains("\x1b[31m\"") && !run.stdout.contains("x\x1b[32m"), "{:?}", run.stdout);
    }
}
