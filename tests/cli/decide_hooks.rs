//! `deed decide`, and hooks that make another commit of it than was announced.

use std::fs;

use crate::decide::{ADA, Org, RISKS};
use crate::harness::Run;

const LINE: &str = "    accepted: { by: ada, date: 2026-06-30, until: 2027-06-30 }\n";

/// What a hook does to the manifest that is about to be committed, and adds it again.
fn edit(script: &str) -> String {
    format!("sed -i {script} risks.deed.yaml && git add risks.deed.yaml")
}

/// Decides where something is to be looked at, and returns what was said.
#[track_caller]
fn troubled(org: &Org, args: &[&str]) -> Run {
    let run = org.decide(args);
    assert_eq!(run.code, 1, "{}", run.all());
    org.is_tidy();
    run
}

#[test]
fn a_hook_that_decides_more_is_told_of_and_can_be_taken_back() {
    let org = Org::new();
    org.signs_with("ada");
    org.dir.write("staged.txt", "x");
    org.repo.git(["add", "staged.txt"]);
    let (head, before) = (org.repo.id("HEAD"), org.dir.read("risks.deed.yaml"));
    org.hook("pre-commit", &edit("'/R-2/s/ }$/, accepted: { by: ada, date: 2026-06-30 } }/'"));
    let run = troubled(&org, &["accepted", "R-1"]);
    assert!(run.stdout.contains("Accept risk R-1"), "{}", run.all());
    let short = &org.repo.id("HEAD")[..10];
    for said in [
        "error: a hook made another commit of it than you were shown; it differs in `risks.R-2.accepted`\n".to_owned(),
        format!("hint: `git show {short}` shows all"),
        format!("hint: `git reset --soft {}` takes it back", &head[..10]),
    ] {
        assert!(run.stderr.contains(&said), "{}", run.all());
    }
    // As it says: nothing is lost by it.
    let made = org.dir.read("risks.deed.yaml");
    org.repo.git(["reset", "--soft", &head]);
    assert_eq!(org.dir.read("risks.deed.yaml"), made);
    assert_eq!(org.repo.git(["show", ":risks.deed.yaml"]) + "\n", made);
    assert_eq!(org.repo.git(["show", "HEAD:risks.deed.yaml"]) + "\n", before);
    assert_eq!(org.repo.git(["status", "--porcelain"]), "M  risks.deed.yaml\nA  staged.txt");
}

#[test]
fn a_hook_that_only_formats_is_harmless() {
    let org = Org::new();
    org.signs_with("ada");
    org.hook(
        "pre-commit",
        &edit(
            "-e 's/\"Fire\"/Fire/' -e 's/^# What.*/# Formatted/' -e 's/{ likelihood: 2,/{ x-was: 1, likelihood: 2,/'",
        ),
    );
    let run = org.decided(&["accepted", "R-1"]);
    assert!(run.stderr.contains("note: a hook wrote `risks.deed.yaml` in another form"), "{}", run.all());
    assert!(org.dir.read("risks.deed.yaml").contains(LINE) && org.dir.read("risks.deed.yaml").contains("# Formatted"));
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.repo.git(["status", "--porcelain"]), "");
}

#[test]
fn what_else_a_hook_changes_in_the_register_is_named() {
    for (script, said) in [
        // The content that is decided about, and the decision itself.
        (edit("'s/impact: 3/impact: 1/'"), "it differs in `risks.R-1.inherent`\n"),
        (edit("'s/until: 2027-06-30/until: 2036-06-30/'"), "it differs in `risks.R-1.accepted`\n"),
        (edit("'/accepted: /d'") + "; echo >more.txt; git add more.txt", "it differs in `risks.R-1.accepted`\n"),
        (edit("'$ a\\  A.5.18: ['"), "`risks.deed.yaml`\n"),
        // Other manifests, of another register too, and texts that decisions are about.
        (
            "echo 'risks: { R-7: { accepted: { by: ada, date: 2026-06-30 } } }' >more.deed.yaml; git add more.deed.yaml".to_owned(),
            "it differs in `risks.R-7`, `risks.R-7.accepted`\n",
        ),
        (
            "mkdir below; echo 'isms: { approved: { by: ada } }' >below/deed.yaml; git add below".to_owned(),
            "it differs in `below: isms`, `below: isms.approved`\n",
        ),
        ("echo Never. >>policies/backup.md; git add policies".to_owned(), "it differs in `policies/backup.md`\n"),
    ] {
        let org = Org::new();
        org.hook("pre-commit", &script);
        let run = troubled(&org, &["accepted", "R-1"]);
        assert_eq!(run.stdout.contains("does not stand here any more"), script.contains("accepted: /d"), "{}", run.all());
        assert!(run.stderr.contains("a hook made another commit of it") && run.stderr.contains(said), "{}", run.all());
        assert_eq!(org.repo.git(["rev-list", "--count", "HEAD"]), "2");
    }
}

/// The hook adds the whole file, with what was here and not to be committed.
#[test]
fn edits_that_lie_here_and_get_into_the_commit_by_a_hook_are_named() {
    let org = Org::new();
    org.dir.write("risks.deed.yaml", RISKS.replace("title: 'Flood'", "title: 'Deluge'"));
    org.hook("pre-commit", "git add -u");
    let run = troubled(&org, &["accepted", "R-1"]);
    assert!(run.stderr.contains("it differs in `risks.R-2.title`\n"), "{}", run.all());
    assert!(org.repo.git(["show", "HEAD:risks.deed.yaml"]).contains("Deluge"));
}

#[test]
fn a_commit_upon_the_decision_is_not_taken_back_with_it() {
    let org = Org::new();
    org.hook("pre-commit", &edit("'s/impact: 3/impact: 1/'"));
    org.hook(
        "post-commit",
        "[ -e .git/once ] || { touch .git/once; git commit -q --no-verify --allow-empty -m Theirs; }",
    );
    let run = troubled(&org, &["accepted", "R-1"]);
    let id = org.repo.id("HEAD~1");
    assert!(run.stderr.contains(&format!("`git revert {}` takes it back", &id[..10])), "{}", run.all());
    assert!(!run.stderr.contains("reset"), "{}", run.all());
}

/// Whoever edits while a hook runs that fails in the end.
#[test]
fn an_edit_made_meanwhile_is_kept_and_no_hint_would_lose_it() {
    let org = Org::new();
    org.signs_with("ada");
    org.hook("pre-commit", "echo '# mine' >>risks.deed.yaml; exit 1");
    let run = org.decide(&["accepted", "R-1"]);
    assert_eq!(run.code, 2, "{}", run.all());
    for said in ["nothing was committed, but the decision is left here: ", "somebody changed it in the meantime\n"] {
        assert!(run.stderr.contains(said), "{}", run.all());
    }
    assert!(
        !run.stderr.contains("git restore") && run.stderr.contains("the same command again commits it"),
        "{}",
        run.all()
    );
    let here = org.dir.read("risks.deed.yaml");
    assert!(here.contains(LINE) && here.ends_with("# mine\n"), "{here}");
    assert_eq!(org.repo.git(["status", "--porcelain"]), " M risks.deed.yaml");
    org.is_tidy();
    // As it says: the decision goes in, the edit stays here.
    fs::remove_file(org.dir.path().join(".git/hooks/pre-commit")).unwrap();
    org.is(ADA);
    org.decided(&["accepted", "R-1"]);
    org.level("risks.R-1.accepted", "decided");
    assert_eq!(org.dir.read("risks.deed.yaml"), here);
    assert_eq!(org.repo.git(["diff", "--stat"]).matches("1 insertion").count(), 1);
}

#[test]
fn a_hook_that_takes_the_decision_back_itself_leaves_all_as_it_was() {
    let org = Org::new();
    org.hook("pre-commit", "sed -i '/accepted: /d' risks.deed.yaml; exit 1");
    let said = org.refused(&["accepted", "R-1"]);
    assert!(said.contains("everything is as it was"), "{said}");
}
