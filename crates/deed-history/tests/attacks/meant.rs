//! What was meant, and who else stands for it: the message names the decision, another person signs.

use deed_model::Level;
use deed_test::Repo;
use sha2::{Digest as _, Sha256};

use crate::organisation::*;

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The fingerprint of Ada's acceptance of R-1, made by hand from what is documented.
fn fingerprint() -> String {
    let lines = [
        ("accepted", r#"{"by":"ada","date":"2026-03-01"}"#),
        ("owner", r#""head-of-it""#),
        ("residual", r#"{"impact":3,"likelihood":2}"#),
        ("title", r#""Old terminals""#),
    ];
    let lines = lines.map(|(field, text)| format!("risks.R-1.{field} {}", sha256(text)));
    sha256(&lines.join("\n"))
}

/// Ada accepts R-1 with a message that names a decision.
fn decide(repo: &Repo, named: &str, likelihood: u8) {
    on_first_of_march(repo, &format!("Accept R-1\n\nDeed-Decision: {named} {}\n", fingerprint()), "ada")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(likelihood, BY_ADA))
        .create();
}

fn level(repo: &Repo) -> (Level, Option<String>) {
    let history = history(repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert!(evidence.problems.is_empty(), "{:?}", evidence.problems);
    (evidence.level, evidence.proof.witness.clone())
}

fn checkpoint(repo: &Repo, person: &str) {
    checkpoint_at(repo, person, "2026-03-31T10:00:00+0000");
}

fn checkpoint_at(repo: &Repo, person: &str, at: &str) {
    let name = format!("deed/checkpoint/{person}");
    let draft = repo.tag(&name, "Checkpoint").author(&who(person)).at(at);
    draft.signed(&key(&format!("{person}-1"))).create();
}

#[test]
fn a_message_decides_what_it_names_and_nothing_else() {
    for (named, likelihood, expected, is_transplanted) in [
        ("risks.R-1.accepted", 2, Level::Decided, false),
        ("risks.R-2.accepted", 2, Level::Signed, false),
        ("risks.R-1.approved", 2, Level::Signed, false),
        // The message was meant for another risk than this has become.
        ("risks.R-1.accepted", 3, Level::Signed, true),
    ] {
        let repo = organisation();
        decide(&repo, named, likelihood);
        assert_eq!(level(&repo), (expected, None), "{named} {likelihood}");
        let history = history(&repo);
        let evidence = of(&history, "risks.R-1.accepted");
        assert_eq!((evidence.is_transplanted, evidence.is_outdated()), (is_transplanted, is_transplanted), "{named}");
    }
}

#[test]
fn a_rebase_makes_no_decision_about_what_it_is_moved_onto() {
    // Far enough apart for Git to see no conflict.
    let apart = |likelihood: u8, decision: &str| {
        let (before, accepted) = (risks(likelihood, ""), risks(likelihood, decision));
        let space = "    # Nobody has looked at them yet.\n".repeat(6);
        format!("{before}{space}{}", accepted.strip_prefix(&before).expect("it comes last"))
    };
    let keys = tempfile::tempdir().expect("a directory");
    let signing = format!("user.signingKey={}", key("ada-1").store(keys.path()).display());
    for (sign, expected) in [("--gpg-sign", Level::Signed), ("--no-gpg-sign", Level::Attributed)] {
        let repo = organisation();
        let day = |day: u8| format!("2026-03-0{day}T09:00:00+0000");
        repo.commit("Space").author(&who("ben")).at(&day(1)).write("risks.deed.yaml", apart(2, "")).create();
        repo.branch("stale");
        let message = format!("Accept R-1\n\nDeed-Decision: risks.R-1.accepted {}\n", fingerprint());
        let draft = on_first_of_march(&repo, &message, "ada").signed(&key("ada-1"));
        draft.write("risks.deed.yaml", apart(2, BY_ADA)).create();
        repo.switch("main");
        let draft = repo.commit("Raise the rating").author(&who("ben")).at(&day(2));
        draft.write("risks.deed.yaml", apart(3, "")).create();
        let said = |branch: &str| {
            repo.switch(branch);
            let history = history(&repo);
            let evidence = of(&history, "risks.R-1.accepted");
            (evidence.level, evidence.is_transplanted, evidence.outdated_by.len())
        };
        assert_eq!(said("stale"), (Level::Decided, false, 0));
        repo.branch("rebased");
        let rebase =
            ["-c", "gpg.format=ssh", "-c", &signing, "rebase", "--quiet", "--committer-date-is-author-date", sign];
        repo.git(rebase.into_iter().chain(["main"]));
        assert_eq!(said("rebased"), (expected, true, 0), "{sign}");
        // After a merge it is to be seen from what changed.
        repo.switch("main");
        repo.branch("merged");
        repo.merge("stale", "Merge").author(&who("ada")).at(&day(3)).create();
        assert_eq!(said("merged"), (Level::Decided, false, 1));
    }
}

#[test]
fn a_trailer_is_one_where_git_has_trailers() {
    let trailer = format!("Deed-Decision: risks.R-1.accepted {}", fingerprint());
    for (message, expected) in [
        (format!("Accept R-1\n\nIt is fine.\n\n{trailer}\nSigned-off-by: Ada <ada@acme.example>\n"), Level::Decided),
        (format!("Accept R-1\r\n\r\n{}\r\n\r\n", trailer.replace("Deed-Decision", "deed-decision")), Level::Decided),
        (
            format!("DRAFT, do not merge\n\nIn earnest it would say:\n\n{trailer}\n\nBut it does not yet.\n"),
            Level::Signed,
        ),
        (format!("Squashed\n\n    Accept R-1\n    {trailer}\n"), Level::Signed),
        (format!("{trailer}\n"), Level::Signed),
    ] {
        let repo = organisation();
        let draft = on_first_of_march(&repo, &message, "ada").signed(&key("ada-1"));
        draft.write("risks.deed.yaml", risks(2, BY_ADA)).create();
        assert_eq!(level(&repo), (expected, None), "{message}");
    }
}

#[test]
fn a_witness_is_another_person_whose_key_still_does() {
    let repo = organisation();
    decide(&repo, "risks.R-1.accepted", 2);
    checkpoint(&repo, "ada");
    assert_eq!(level(&repo), (Level::Decided, None));
    checkpoint(&repo, "ben");
    assert_eq!(level(&repo), (Level::Witnessed, Some("ben".to_owned())));
    // Once Ben's key is known to be stolen, it could have been anybody.
    let stolen = people().replace(&entry("ben-1", ""), &entry("ben-1", ", revoked: 2026-06-01, reason: compromised"));
    let draft = repo.commit("Revoke Ben's key").author(&who("ada")).at("2026-06-01T10:00:00+0000");
    draft.signed(&key("ada-1")).write("people.deed.yaml", stolen).create();
    assert_eq!(level(&repo), (Level::Decided, None));
}

#[test]
fn a_checkpoint_is_not_dated_at_will() {
    let witnessed = (Level::Witnessed, Some("ben".to_owned()));
    let decided = (Level::Decided, None);
    // Ben's key did until the end of June; one that lies about its day was made by today, when it does not.
    for (until, at, expected) in [
        (", until: 2026-06-30", "2026-03-31T10:00:00+0000", &witnessed),
        (", until: 2026-06-30", "2026-03-01T09:58:00+0000", &witnessed),
        (", until: 2026-06-30", "2026-07-01T10:00:00+0000", &decided),
        (", until: 2026-06-30", "2026-02-27T10:00:00+0000", &decided),
        (", until: 2026-06-30", "1970-01-01T00:00:01+0000", &decided),
        (", until: 2026-06-30", "@4294967296 +0000", &decided),
        ("", "2026-02-27T10:00:00+0000", &witnessed),
        (", until: 2026-12-31", "2027-03-01T10:00:00+0000", &witnessed),
    ] {
        let repo = organisation();
        let ending = people().replace(&entry("ben-1", ""), &entry("ben-1", until));
        let draft = repo.commit("Ben's key ends").author(&who("ada")).at("2026-02-01T10:00:00+0000");
        draft.signed(&key("ada-1")).write("people.deed.yaml", ending + "\n").create();
        decide(&repo, "risks.R-1.accepted", 2);
        checkpoint_at(&repo, "ben", at);
        assert_eq!(level(&repo), *expected, "{until} {at}");
    }
}

#[test]
fn a_merge_is_a_witness_if_somebody_else_signed_it() {
    for (merger, expected) in [("ada", (Level::Decided, None)), ("ben", (Level::Witnessed, Some("ben".to_owned())))] {
        let repo = organisation();
        repo.branch("r-1");
        decide(&repo, "risks.R-1.accepted", 2);
        repo.switch("main");
        let merge = repo.merge("r-1", "Merge").author(&who(merger)).at("2026-03-02T10:00:00+0000");
        merge.signed(&key(&format!("{merger}-1"))).create();
        assert_eq!(level(&repo), expected);
    }
}

#[test]
fn a_witness_whom_a_branch_brings_is_none() {
    let repo = organisation();
    decide(&repo, "risks.R-1.accepted", 2);
    repo.branch("side");
    let more = format!("{}{}", people(), person("zed", &[entry("zed-1", "")]));
    let draft = repo.commit("Make somebody up").author(&who("mal")).at("2026-03-02T10:00:00+0000");
    draft.write("people.deed.yaml", more).create();
    checkpoint(&repo, "zed");
    repo.switch("main");
    repo.commit("Meanwhile").author(&who("ben")).at("2026-03-02T10:00:00+0000").write("notes.md", "x").create();
    let merge = repo.merge("side", "Merge").author(&who("mal")).at("2026-04-01T10:00:00+0000");
    merge.strategy("ours").create();
    assert_eq!(level(&repo), (Level::Decided, None));
}
