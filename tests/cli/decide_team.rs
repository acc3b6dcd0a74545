//! `deed decide` where several people work on one register: what others drafted, staged, changed and merged.

use crate::decide::Org;

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
