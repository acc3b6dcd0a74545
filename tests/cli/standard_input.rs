//! `deed check - --stdin-path PATH`

use insta::assert_snapshot;

use crate::harness::Dir;

const RULES: &[&str] = &["unowned-control", "schema-violation", "syntax-error"];

fn workspace() -> Dir {
    let files = [
        ("deed.yaml", "deed: 1\n"),
        ("a.deed.yaml", "controls: { A.5.1: {} }\n"),
        ("b.deed.yaml", "controls: { A.5.2: {} }\n"),
    ];
    Dir::judged_by(RULES, &files)
}

#[test]
fn the_text_stands_in_for_the_file_and_only_it_is_reported() {
    let dir = workspace();
    let run = dir.check_text("# not saved yet\ncontrols: { A.5.3: {} }\n", &["-", "--stdin-path", "a.deed.yaml"]);
    assert_snapshot!(run.all(), @r"
    exit 1
    --- stdout
    error[unowned-control]: control `A.5.3` (Segregation of duties) has no owner
     --> a.deed.yaml:2:13
      |
    2 | controls: { A.5.3: {} }
      |             ^^^^^
      |
      = help: name the one role that is accountable for it, as its `owner`

    Found 1 error in 1 manifest, judged on 2026-06-30.
    1 diagnostic elsewhere in the same workspace: `deed check` shows all.
    For more on a rule, run for example `deed explain unowned-control`.
    ");
}

#[test]
fn the_text_may_be_of_a_file_that_is_not_there_yet() {
    let dir = workspace();
    let run = dir.check_text("controls: { A.5.3: {} }\n", &["-", "--stdin-path", "new.deed.yaml", "-q"]);
    assert!(run.code == 1 && run.stdout.contains("--> new.deed.yaml:1:13"), "{}", run.all());
}

#[test]
fn the_text_may_be_the_root_manifest_itself() {
    let dir = Dir::with(&[("a.deed.yaml", "")]);
    let run = dir.check_text("deed: 1\ncontrols: { A.5.3: {} }\n", &["-", "--stdin-path", "deed.yaml"]);
    assert!(run.stdout.contains("error[unowned-control]: control `A.5.3`") && run.stderr.is_empty(), "{}", run.all());
}

#[test]
fn the_text_must_be_of_a_manifest() {
    let run = workspace().check_text("", &["-", "--stdin-path", "notes.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`notes.yaml` is not a manifest"), "{}", run.stderr);
}

#[test]
fn fixing_prints_the_text_and_reports_beside_it() {
    let dir = workspace();
    let text = "controls:\n  A.5.1: { onwer: it }\n  A.5.2: {}\n";
    let run = dir.check_text(text, &["-", "--stdin-path", "a.deed.yaml", "--fix", "--unsafe-fixes"]);
    assert_eq!(run.stdout, text.replace("onwer", "owner"));
    assert!(
        run.stderr.contains("Fixed 1:") && run.stderr.contains("error[unowned-control]: control `A.5.2`"),
        "{}",
        run.stderr
    );
    assert_eq!(dir.read("a.deed.yaml"), "controls: { A.5.1: {} }\n", "nothing is written");
}

#[test]
fn text_without_anything_to_fix_comes_back_byte_for_byte() {
    let dir = workspace();
    for text in [&b"controls: { A.5.1: {} }"[..], b"\xff\r\n\xfe", b""] {
        let mut command = dir.command(&["check", "-", "--stdin-path", "a.deed.yaml", "--fix"]);
        let mut child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        child = child.stderr(std::process::Stdio::null());
        let mut child = child.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text).unwrap();
        assert_eq!(child.wait_with_output().unwrap().stdout, text);
    }
}
