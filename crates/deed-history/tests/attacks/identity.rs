//! Whose decision it is: names are free text.

use deed_model::Level;
use deed_model::evidence::{KeyFlaw, Problem};

use crate::organisation::*;

#[test]
fn an_honest_decision_is_signed() {
    let repo = organisation();
    accept(&repo);
    let history = history(&repo);
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!(evidence.entitled, Some(true));
    assert!(!evidence.first_use);
    assert!(history.vanished.is_empty() && unguarded(&history).is_empty() && history.gaps.is_empty());
    assert_eq!(act(&history, "ada").map(|act| act.day), Some(day("2026-03-01")));
}

#[test]
fn a_name_alone_is_an_attribution_and_somebody_elses_key_belies_it() {
    let repo = organisation();
    on_first_of_march(&repo, "Accept R-1", "ada").write("risks.deed.yaml", risks(2, BY_ADA)).create();
    // What blame can prove, and no more.
    assert_said(&repo, Level::Attributed, &[]);

    let repo = organisation();
    let forged = on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    // Git compares no names with signers.
    assert!(git_trusts(&repo, &forged, &["mal"]));
    assert_said(&repo, Level::Recorded, &[Problem::WrongSigner { signer: "mal".to_owned() }]);
    // Nor did Ada do anything that day.
    let history = history(&repo);
    assert_eq!(act(&history, "ada").map(|act| act.day), None);
}

#[test]
fn a_trailer_is_no_approval() {
    let repo = organisation();
    let message = "Accept R-1\n\nApproved-by: Ada <ada@acme.example>\n";
    on_first_of_march(&repo, message, "mal").write("risks.deed.yaml", risks(2, BY_ADA)).create();
    let line = "Approved-by: Ada <ada@acme.example>".to_owned();
    assert_said(&repo, Level::Recorded, &[Problem::TrailerOnly { line }]);
}

#[test]
fn a_trailer_names_somebody_by_a_whole_name_or_address() {
    for (who, is_named) in [
        ("ADA  of acme <somebody@else.example>", true),
        ("the board <ADA@acme.example>", true),
        ("ada@acme.example", true),
        ("Chen of Acme, Ada of Acme (on the phone)", true),
        ("Ada of Acmeville <ada@acmeville.example>", false),
        ("Granada of Acme <granada@acme.example>", false),
        ("Ada <ada@acme.example.org>", false),
        ("everybody, ada@acme.example excepted", false),
        ("", false),
    ] {
        let repo = organisation();
        let line = format!("Reviewed-by: {who}").trim().to_owned();
        let message = format!("Accept R-1\n\n{line}\n");
        on_first_of_march(&repo, &message, "mal").write("risks.deed.yaml", risks(2, BY_ADA)).create();
        let expected: Vec<Problem> = is_named.then_some(Problem::TrailerOnly { line }).into_iter().collect();
        assert_said(&repo, Level::Recorded, &expected);
    }
}

#[test]
fn rewriting_a_commit_drops_its_signature_and_keeps_its_author() {
    let rewrites: [&[&[&str]]; 3] = [
        &[&["commit", "--quiet", "--amend", "--no-edit", "--date=now"]],
        &[
            &["switch", "--quiet", "--detach", "main~1"],
            &["cherry-pick", "main"],
            &["branch", "--force", "main", "HEAD"],
        ],
        &[&["rebase", "--quiet", "--force-rebase", "main~1"]],
    ];
    for rewrite in rewrites {
        let repo = organisation();
        let before = accept(&repo);
        for arguments in rewrite {
            repo.git(arguments.iter());
        }
        assert_ne!(repo.id("HEAD"), before, "{rewrite:?}");
        let history = history(&repo);
        let evidence = of(&history, "risks.R-1.accepted");
        assert_eq!(evidence.level, Level::Attributed, "{rewrite:?}");
        let origin = evidence.origin.as_ref().expect("an origin");
        assert_eq!((origin.author.email.as_str(), origin.committer.name.as_str()), ("ada@acme.example", "Somebody"));
    }
}

#[test]
fn a_forge_vouches_for_an_author_and_is_nobody_else() {
    let repo = organisation();
    let settings = format!("{SETTINGS}  forges: [{}]\n", entry("forge", ""));
    repo.commit("Trust the forge")
        .author(&who("ada"))
        .signed(&key("ada-1"))
        .write("evidence.deed.yaml", settings)
        .create();
    let squash = on_first_of_march(&repo, "Accept R-1 (#7)", "ada")
        .committer(&deed_test::Identity::new("GitHub", "noreply@github.com"))
        .signed(&key("forge"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    assert!(!git_trusts(&repo, &squash, &["ada"]));
    assert_said(&repo, Level::Vouched, &[Problem::ForgeOnly]);
    // A forge that nobody listed is a key that nobody knows.
    let repo = organisation();
    on_first_of_march(&repo, "Accept R-1 (#7)", "ada")
        .signed(&key("forge"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    assert_said(&repo, Level::Attributed, &[Problem::UntrustedKey(KeyFlaw::Unknown)]);
}

#[test]
fn what_a_custodian_records_an_executive_signs_by_merging() {
    let repo = organisation();
    repo.branch("r-1");
    on_first_of_march(&repo, "Record the acceptance", "ben")
        .signed(&key("ben-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    repo.switch("main");
    let merge = |author: &str| repo.merge("r-1", "Merge R-1").author(&who(author)).at("2026-03-02T10:00:00+0000");
    merge("ada").signed(&key("ada-1")).create();
    assert_said(&repo, Level::Signed, &[]);
    // Merged by the custodian, it is the custodian's word.
    repo.git(["reset", "--quiet", "--hard", "main~1"]);
    merge("ben").signed(&key("ben-1")).create();
    assert_said(&repo, Level::Recorded, &[Problem::WrongSigner { signer: "ben".to_owned() }]);
}

#[test]
fn who_signed_is_a_person_and_not_a_key() {
    // One person with two keys is no second person; a key that two people share is neither's.
    let two = people().replace(&entry("ada-1", ""), &format!("{}\n      - {}", entry("ada-1", ""), entry("ada-2", "")));
    let repo = organisation();
    repo.commit("A second key").author(&who("ada")).signed(&key("ada-1")).write("people.deed.yaml", &two).create();
    repo.branch("r-1");
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    repo.switch("main");
    repo.merge("r-1", "Merge").author(&who("ada")).at("2026-03-02T10:00:00+0000").signed(&key("ada-2")).create();
    let history_ = history(&repo);
    let evidence = of(&history_, "risks.R-1.accepted");
    assert_eq!((evidence.level, &evidence.proof.witness), (Level::Signed, &None));

    let shared =
        people().replace(&entry("ben-1", ""), &format!("{}\n      - {}", entry("ben-1", ""), entry("ada-1", "")));
    let repo = organisation();
    repo.commit("Share a key").author(&who("ada")).signed(&key("ada-1")).write("people.deed.yaml", &shared).create();
    accept(&repo);
    let why = "its key is registered to ada and ben alike".to_owned();
    assert_said(&repo, Level::Attributed, &[Problem::UntrustedKey(KeyFlaw::Bad(why))]);
}

#[test]
fn a_merge_in_the_deciders_name_is_belied_by_somebody_elses_key() {
    let merged = |signer: Option<&str>| {
        let repo = organisation();
        repo.branch("r-1");
        on_first_of_march(&repo, "Accept R-1", "mal").write("risks.deed.yaml", risks(2, BY_ADA)).create();
        repo.switch("main");
        let merge = repo.merge("r-1", "Merge R-1").author(&who("ada")).at("2026-03-02T10:00:00+0000");
        match signer {
            Some(signer) => merge.signed(&key(signer)).create(),
            None => merge.create(),
        };
        repo
    };
    assert_said(&merged(None), Level::Attributed, &[]);
    assert_said(&merged(Some("mal-1")), Level::Recorded, &[Problem::WrongSigner { signer: "mal".to_owned() }]);
}

#[test]
fn a_key_belies_a_name_even_after_its_last_day() {
    let repo = organisation();
    let ended = people().replace(&entry("mal-1", ""), &entry("mal-1", ", until: 2026-02-01"));
    let draft = repo.commit("Mal's key ends").author(&who("ada")).at("2026-02-02T10:00:00+0000");
    draft.signed(&key("ada-1")).write("people.deed.yaml", ended).create();
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    assert_said(&repo, Level::Recorded, &[Problem::UntrustedKey(KeyFlaw::Expired(day("2026-02-01")))]);
    assert_eq!(act(&history(&repo), "ada"), None);
}

#[test]
fn an_address_that_two_have_is_nobodys() {
    let mut shared = people();
    for id in ["ada", "ben"] {
        let own = format!("{id}@acme.example");
        shared = shared.replace(&format!("[{own}]"), &format!("[{own}, office@acme.example]"));
    }
    let repo = organisation();
    repo.commit("An office").author(&who("ada")).signed(&key("ada-1")).write("people.deed.yaml", shared).create();
    let office = deed_test::Identity::new("The office", "office@acme.example");
    on_first_of_march(&repo, "Accept R-1", "ada").author(&office).write("risks.deed.yaml", risks(2, BY_ADA)).create();
    assert_said(&repo, Level::Recorded, &[]);
    assert_eq!(act(&history(&repo), "ada"), None);
}

#[test]
fn a_machine_is_no_second_person() {
    let robot = "  robot:\n    name: Robot\n    kind: service\n    emails: [robot@acme.example]\n    keys:\n";
    let all = format!("{}{robot}      - {}\n", people(), entry("robot", ""));
    let repo = organisation();
    repo.commit("A robot").author(&who("ada")).signed(&key("ada-1")).write("people.deed.yaml", &all).create();
    repo.branch("key");
    let more = all.replace(&entry("ada-1", ""), &format!("{}\n      - {}", entry("ada-1", ""), entry("mal-2", "")));
    repo.commit("Add a key").author(&who("mal")).signed(&key("mal-1")).write("people.deed.yaml", more).create();
    repo.switch("main");
    repo.merge("key", "Merge").author(&who("robot")).signed(&key("robot")).create();
    assert_eq!(unguarded(&history(&repo)), ["people.ada.keys by mal of Acme alone"]);
}
