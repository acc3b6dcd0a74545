//! `deed decide` where several people work on one register: what others drafted, staged, changed and merged.

use crate::decide::{ADA, BEN, Org, RISKS};

/// An organisation in which an acceptance takes a note, and Ada signs.
fn strict() -> Org {
    let org = Org::new();
    let text = org.dir.read("deed.yaml").replace("lint: { rules: { acceptance-without-rationale: warning } }\n", "");
    org.dir.write("deed.yaml", text);
    org.commit("Ask for a note", "2026-01-06T09:00:00+0000");
    org.signs_with("ada");
    org
}

/// The commands that `deed todo` has for somebody.
fn commands(org: &Org, person: &str) -> Vec<String> {
    let run = org.dir.deed(&["todo", "--for", person, "--today", "2026-06-30"]);
    let lines = run.stdout.lines().map(str::trim).filter(|line| line.starts_with("deed decide "));
    lines.map(str::to_owned).collect()
}

#[test]
fn an_acceptance_that_takes_a_note_is_asked_for_with_one_and_refused_without() {
    let org = strict();
    let found = commands(&org, "ada");
    assert!(found.contains(&"deed decide accepted risks.R-1 --note \"…\"".to_owned()), "{found:?}");
    // One of the lowest level takes none.
    let found = commands(&org, "ben");
    assert!(found.contains(&"deed decide accepted risks.R-2".to_owned()), "{found:?}");
    for dry in [&[][..], &["--dry-run"]] {
        let said = org.refused(&[&["accepted", "risks.R-1"][..], dry].concat());
        assert!(
            said.contains("nothing says why (acceptance-without-rationale)\n") && said.contains("`--note \"…\"`"),
            "{said}"
        );
    }
    let said = org.refused(&["accepted", "risks.R-1", "--note", "…"]);
    assert!(said.contains("`--note` is still `…`"), "{said}");
    org.decided(&["accepted", "risks.R-1", "--note", "gone by Q4"]);
    org.level("risks.R-1.accepted", "decided");
    // Again without one, it would lack it again, whatever was said before.
    let said = org.refused(&["accepted", "risks.R-1", "--until", "2027-01-31"]);
    assert!(said.contains("(acceptance-without-rationale)"), "{said}");
    // What is suppressed or set otherwise is not refused.
    let text = org.dir.read("deed.yaml") + "lint: { rules: { acceptance-without-rationale: allow } }\n";
    org.dir.write("deed.yaml", text);
    org.commit("Do not ask", "2026-06-30T10:00:00+0000");
    assert!(!commands(&org, "ada").iter().any(|command| command.contains("--note")));
    org.decided(&["accepted", "risks.R-1", "--until", "2027-01-31"]);
}

/// Has Ben write an acceptance of R-1 by Ada, which she has not seen.
fn drafted(org: &Org, decision: &str, at: &str) {
    let text = RISKS.replace("  R-2", &format!("    accepted: {decision}\n  R-2"));
    org.dir.write("risks.deed.yaml", text);
    org.commit("Draft it for Ada", at);
}

#[test]
fn a_draft_is_agreed_to_with_its_end_and_its_note() {
    let org = strict();
    drafted(&org, "{ by: ada, date: 2026-06-01, until: 2027-03-01, note: \"ok with it\" }", "2026-06-01T09:00:00+0000");
    assert_eq!(org.evidence("risks.R-1.accepted")["level"], "recorded");
    let run = org.decided(&["risks.R-1.accepted"]);
    let said = "note: `risks.R-1.accepted` takes over `until: 2027-03-01` and `note: ok with it` from what was drafted";
    assert!(run.stderr.contains(said) && !run.stderr.contains("may be accepted for"), "{}", run.all());
    let line = "    accepted: { by: ada, date: 2026-06-30, until: 2027-03-01, note: ok with it }\n";
    assert!(org.dir.read("risks.deed.yaml").contains(line), "{}", org.dir.read("risks.deed.yaml"));
    assert!(org.message().starts_with("Accept risk R-1 until 2027-03-01\n\nok with it\n\nDeed-"), "{}", org.message());
    org.level("risks.R-1.accepted", "decided");
    // What is hers she does not take over: another decision is another.
    let run = org.decided(&["risks.R-1.accepted", "--note", "still"]);
    assert!(org.dir.read("risks.deed.yaml").contains("until: 2027-06-30, note: still }"), "{}", run.all());
    assert!(!run.stderr.contains("drafted"), "{}", run.all());
}

#[test]
fn of_a_draft_only_what_may_hold_is_taken_over_and_not_what_is_said_otherwise() {
    let org = strict();
    drafted(&org, "{ by: ada, date: 2026-06-01, until: 2030-01-01, note: ok }", "2026-06-01T09:00:00+0000");
    org.decided(&["risks.R-1.accepted", "--dry-run"]);
    org.decided(&["risks.R-1.accepted", "--note", "only until the move"]);
    let text = org.dir.read("risks.deed.yaml");
    assert!(text.contains("until: 2027-06-30, note: only until the move }"), "{text}");
    org.level("risks.R-1.accepted", "decided");
}

#[test]
fn a_draft_of_the_same_day_is_agreed_to_as_it_is() {
    let org = strict();
    drafted(&org, "{ by: ada, date: 2026-06-30, until: 2027-03-01, note: ok with it }", "2026-06-30T09:00:00+0000");
    let run = org.decided(&["accepted", "R-1"]);
    assert!(
        run.stderr.contains("but is `recorded` only, and `attributed` is asked for; it names the role `ceo` now"),
        "{}",
        run.all()
    );
    let line = "accepted: { by: ada, date: 2026-06-30, until: 2027-03-01, as: ceo, note: ok with it }";
    assert!(org.dir.read("risks.deed.yaml").contains(line), "{}", org.dir.read("risks.deed.yaml"));
    org.level("risks.R-1.accepted", "decided");
    // It is hers now.
    let head = org.repo.id("HEAD");
    let run = org.decided(&["accepted", "R-1", "--until", "2027-03-01", "--note", "ok with it"]);
    assert!(run.stderr.contains("is recorded like that already\n"), "{}", run.all());
    assert_eq!(org.repo.id("HEAD"), head);
}

#[test]
fn a_text_is_approved_as_often_a_day_as_it_changes() {
    let org = strict();
    org.decided(&["approved", "backup"]);
    for text in ["Weekly.", "Hourly.", "Always."] {
        org.dir.write("policies/backup.md", format!("# Backups\n{text}\n"));
        org.commit(text, "2026-06-30T10:00:00+0000");
        let run = org.decided(&["approved", "backup"]);
        assert!(run.stdout.contains("is decided\n"), "{}", run.all());
        org.level("policies.backup.approved", "decided");
        let run = org.decided(&["approved", "backup"]);
        assert!(run.stderr.contains("is recorded like that already\n"), "{}", run.all());
    }
}

/// Registers Dana, who holds `it` from now on.
fn dana_comes(org: &Org) {
    let text = org.dir.read("deed.yaml");
    let text = text.replace("  dan: {", "  dana: { name: Dana Ruiz, emails: [dana@acme.example] }\n  dan: {");
    org.dir.write("deed.yaml", text.replace("held_by: ben", "held_by: dana"));
    org.commit("Dana joins", "2026-06-29T09:00:00+0000");
}

const DANA: (&str, &str) = ("Dana Ruiz", "dana@acme.example");

#[test]
fn who_is_registered_on_a_branch_only_decides_when_that_is_merged() {
    let org = Org::new();
    org.repo.branch("topic");
    dana_comes(&org);
    org.is(DANA);
    let said = org.refused(&["reviewed", "A.5.15"]);
    assert!(
        said.starts_with(
            "error: Dana Ruiz <dana@acme.example> is not registered in `main` as this branch left it, and by"
        ),
        "{said}"
    );
    assert!(said.contains("hint: have the entry in `people` merged into `main`, then decide upon that\n"), "{said}");
    // Ada was there before, and Dana writes what she wants as a draft.
    org.is(ADA);
    org.decided(&["accepted", "R-1", "--dry-run"]);
    org.is(DANA);
    org.decided(&["reviewed", "A.5.15", "--no-commit"]);
    org.repo.git(["checkout", "-q", "."]);
    // A branch that began before it is merged takes it in first.
    org.repo.git(["branch", "-q", "late"]);
    org.dir.write("other.txt", "");
    org.commit("More", "2026-06-29T09:30:00+0000");
    org.repo.switch("main");
    assert!(org.git(&["merge", "-q", "--no-ff", "-m", "Merge", "topic"]).status().unwrap().success());
    org.repo.switch("late");
    let said = org.refused(&["reviewed", "A.5.15"]);
    assert!(said.contains("hint: `main` has the entry by now: `git merge main`, then decide\n"), "{said}");
    org.repo.git(["reset", "-q", "--hard", "main"]);
    org.decided(&["reviewed", "A.5.15"]);
    org.level("controls.A.5.15.reviewed", "attributed");
    org.repo.switch("main");
    org.decided(&["reviewed", "A.5.16"]);
    org.level("controls.A.5.16.reviewed", "attributed");
}

#[test]
fn where_the_evidence_branch_has_no_register_yet_the_first_one_serves() {
    let org = Org::new();
    org.repo.git(["checkout", "-q", "--orphan", "begin"]);
    org.repo.git(["branch", "-q", "-D", "main"]);
    org.repo.git(["rm", "-rq", "--cached", "."]);
    org.repo.git(["commit", "-q", "--allow-empty", "-m", "Nothing yet"]);
    org.repo.git(["branch", "-q", "main"]);
    org.repo.git(["add", "-A"]);
    org.commit("Begin on a branch", "2026-06-29T09:00:00+0000");
    org.decided(&["accepted", "R-1"]);
    org.level("risks.R-1.accepted", "attributed");
}

#[test]
fn what_is_changed_and_not_committed_is_said_of_every_decision() {
    let org = Org::new();
    org.decided(&["approved", "backup"]);
    org.dir.write("policies/backup.md", "# Backups\nNever.\n");
    let said = org.refused(&["approved", "backup"]);
    assert!(said.contains("error: `policies/backup.md` is changed here and not committed\n"), "{said}");
    org.repo.git(["checkout", "-q", "."]);
    org.is(BEN);
    for (subject, from, to) in [("R-1", "\"Fire\"", "\"Water\""), ("A.5.15", "owner: it", "owner: [it, ceo]")] {
        let text = org.dir.read("risks.deed.yaml");
        org.dir.write("risks.deed.yaml", RISKS.replace(from, to));
        for stage in [false, true] {
            if stage {
                org.repo.git(["add", "-A"]);
            }
            let said = org.refused(&["reviewed", subject]);
            assert!(said.contains("is changed here and not committed\n"), "{said}");
            assert!(said.contains("hint: you would review what is committed: commit the change first"), "{said}");
        }
        org.dir.write("risks.deed.yaml", text);
        org.repo.git(["add", "-A"]);
        org.decided(&["reviewed", subject]);
    }
    // What is not looked at in a review may wait.
    let status = org.dir.read("risks.deed.yaml").replace("A.5.16:\n", "A.5.16:\n    status: partial\n");
    org.dir.write("risks.deed.yaml", status);
    org.decided(&["reviewed", "A.5.16"]);
}

#[test]
fn what_origin_has_and_one_has_not_is_noted() {
    let org = Org::new();
    org.repo.git(["branch", "-q", "begun"]);
    org.dir.write("other.txt", "");
    let ahead = org.commit("Theirs", "2026-06-29T09:00:00+0000");
    org.repo.git(["reset", "-q", "--hard", "begun"]);
    assert!(!org.decided(&["accepted", "R-1", "--dry-run"]).stderr.contains("origin/"));
    org.repo.git(["update-ref", "refs/remotes/origin/main", &ahead]);
    let said = |run: &crate::harness::Run, first: &str| {
        let said = format!("note: `origin/main` has 1 commit that you have not: `{first}` first");
        assert!(run.stderr.contains(&said), "{}", run.all());
    };
    said(&org.decided(&["accepted", "R-1", "--dry-run"]), "git pull");
    org.repo.git(["checkout", "-q", "begun"]);
    said(&org.decided(&["accepted", "R-1", "--dry-run"]), "git merge origin/main");
    // A branch with work of its own is as it is meant to be.
    org.dir.write("mine.txt", "");
    org.commit("Mine", "2026-06-29T09:00:00+0000");
    assert!(!org.decided(&["accepted", "R-1", "--dry-run"]).stderr.contains("origin/"));
}

#[test]
fn other_commands_take_an_id_by_itself_too() {
    let org = Org::new();
    org.decided(&["accepted", "R-1"]);
    let by_id = |args: &[&str]| {
        let run = org.dir.deed(args);
        assert_eq!(run.code, 0, "{}", run.all());
        run.stdout
    };
    for (short, full) in [("R-1", "risks.R-1"), ("A.5.15", "controls.A.5.15"), ("ceo", "roles.ceo")] {
        for command in ["who", "log"] {
            assert_eq!(by_id(&[command, short]), by_id(&[command, full]), "{command} {short}");
        }
    }
    for (short, full) in [("R-1", "risks.R-1"), ("R-1.accepted", "risks.R-1.accepted")] {
        assert_eq!(by_id(&["evidence", short]), by_id(&["evidence", full]));
        assert_eq!(by_id(&["log", short]), by_id(&["log", full]));
    }
    for command in ["who", "log"] {
        let run = org.dir.deed(&[command, "risk.R-1"]);
        assert_eq!(run.stderr, "error: there is no `risk.R-1`\nhint: did you mean `risks.R-1`?\n");
    }
    org.dir.write("more.deed.yaml", "exceptions: { R-1: { control: A.5.15 } }\n");
    let run = org.dir.deed(&["who", "R-1"]);
    let said = run.stderr.starts_with("error: `R-1` may be ") && run.stderr.contains("`exceptions.R-1`");
    assert!(said && run.stderr.contains("`risks.R-1`"), "{}", run.all());
}
