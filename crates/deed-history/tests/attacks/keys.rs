//! Which keys speak for whom: by the register before, on the branch, and by what became known since.

use deed_model::Level;
use deed_model::evidence::{KeyFlaw, Problem};
use deed_test::{Keyring, Repo};

use crate::organisation::*;

/// The people, with other keys for one of them.
fn people_with(id: &str, keys: &[String]) -> String {
    people().replace(&person(id, &[entry(&format!("{id}-1"), "")]), &person(id, keys))
}

fn people_change(repo: &Repo, message: &str, at: &str, people: String) {
    repo.commit(message).author(&who("ada")).at(at).signed(&key("ada-1")).write("people.deed.yaml", people).create();
}

#[test]
fn a_key_that_comes_with_the_decision_proves_nothing() {
    let repo = organisation();
    let forged = on_first_of_march(&repo, "Accept R-1, and a new key for Ada", "ada")
        .signed(&key("mal-2"))
        .write("people.deed.yaml", people_with("ada", &[entry("ada-1", ""), entry("mal-2", "")]))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    // Asked with the allowed signers that this very commit brings, Git is content.
    let allowed = repo.allowed_signers(&[(&who("ada"), &key("mal-2"))]);
    assert!(repo.verify_commit(&forged, &allowed).status.success());
    let what = "people.ada.keys".to_owned();
    assert_said(&repo, Level::Attributed, &[Problem::SelfIntroduced { what }]);
    assert_eq!(unguarded(&history(&repo)), ["people.ada.keys by ada of Acme alone, unsigned"]);
}

#[test]
fn nor_does_a_key_that_comes_with_the_branch() {
    let repo = organisation();
    repo.branch("pull-request");
    repo.commit("A new key for Ada")
        .author(&who("mal"))
        .signed(&key("mal-1"))
        .write("people.deed.yaml", people_with("ada", &[entry("ada-1", ""), entry("mal-2", "")]))
        .create();
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-2"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    let what = "people.ada.keys".to_owned();
    assert_said(&repo, Level::Attributed, &[Problem::SelfIntroduced { what: what.clone() }]);
    repo.switch("main");
    repo.merge("pull-request", "Merge")
        .author(&who("ben"))
        .at("2026-03-02T10:00:00+0000")
        .signed(&key("ben-1"))
        .create();
    assert_said(&repo, Level::Attributed, &[Problem::SelfIntroduced { what }]);
    // Two people stand for the key by now: what it signs from here on counts.
    on_first_of_march(&repo, "Accept R-1 anew", "ada")
        .at("2026-03-09T10:00:00+0000")
        .signed(&key("mal-2"))
        .write("risks.deed.yaml", risks(2, "{ by: ada, date: 2026-03-09 }"))
        .create();
    assert_said(&repo, Level::Signed, &[]);
}

#[test]
fn nobody_begins_anew_by_removing_what_was() {
    let repo = organisation();
    repo.commit("Remove people").author(&who("mal")).remove("people.deed.yaml").create();
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-2"))
        .write("people.deed.yaml", people_with("ada", &[entry("mal-2", "")]))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert!(!evidence.first_use);
    let what = "people.ada.keys".to_owned();
    assert_eq!((evidence.level, &evidence.problems[..]), (Level::Attributed, &[Problem::SelfIntroduced { what }][..]));
}

#[test]
fn a_history_of_its_own_does_not_bring_its_own_keys() {
    let repo = organisation();
    repo.orphan("elsewhere");
    repo.commit("Another beginning")
        .author(&who("ada"))
        .at("2026-03-01T10:00:00+0000")
        .signed(&key("mal-2"))
        .write("deed.yaml", ROOT)
        .write("people.deed.yaml", people_with("ada", &[entry("mal-2", "")]))
        .write("roles.deed.yaml", ROLES)
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    repo.switch("main");
    repo.merge("elsewhere", "Join them")
        .author(&who("mal"))
        .signed(&key("mal-1"))
        .at("2026-03-02T10:00:00+0000")
        .write("people.deed.yaml", people())
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!(evidence.level, Level::Attributed);
    assert!(!evidence.first_use);
    assert!(
        evidence
            .problems
            .iter()
            .any(|problem| matches!(problem, Problem::UntrustedKey(KeyFlaw::Unknown) | Problem::SelfIntroduced { .. }))
    );
}

#[test]
fn first_use_is_said_to_be() {
    let repo = Repo::temporary();
    repo.commit("Found it all at once")
        .author(&who("ada"))
        .at("2026-03-01T10:00:00+0000")
        .signed(&key("ada-1"))
        .write("deed.yaml", ROOT)
        .write("people.deed.yaml", people())
        .write("roles.deed.yaml", ROLES)
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!((evidence.level, evidence.first_use), (Level::Signed, true));
}

#[test]
fn a_key_that_stands_in_a_file_is_another_when_the_file_is() {
    let repo = organisation();
    let in_file = people_with("ada", &["{ key: keys/ada.pub }".to_owned()]);
    repo.commit("Keep Ada's key in a file")
        .author(&who("ada"))
        .signed(&key("ada-1"))
        .write("people.deed.yaml", in_file)
        .write("keys/ada.pub", key("ada-1").public_line() + "\n")
        .create();
    repo.branch("honest");
    accept(&repo);
    assert_said(&repo, Level::Signed, &[]);
    assert_eq!(unguarded(&history(&repo)), [] as [&str; 0]);
    repo.switch("main");
    repo.commit("Tidy up").author(&who("mal")).write("keys/ada.pub", key("mal-2").public_line() + "\n").create();
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-2"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    // The register says so by now; that it came to say so, somebody has to answer for.
    assert_eq!(unguarded(&history(&repo)), ["people.ada.keys by mal of Acme alone, unsigned"]);
    // In one commit it proves nothing at all.
    repo.git(["reset", "--quiet", "--hard", "main~2"]);
    on_first_of_march(&repo, "Accept R-1", "ada")
        .signed(&key("mal-2"))
        .write("keys/ada.pub", key("mal-2").public_line() + "\n")
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    assert_said(&repo, Level::Attributed, &[Problem::SelfIntroduced { what: "people.ada.keys".to_owned() }]);
}

/// Mal has Ada's old key and puts a decision upon a commit from before it was given up.
fn upon_an_old_commit(given_up: &str) -> Repo {
    let repo = organisation();
    repo.branch("old");
    repo.switch("main");
    let keys = [entry("ada-1", given_up), entry("ada-2", ", from: 2026-06-01")];
    people_change(&repo, "Replace Ada's key", "2026-06-01T10:00:00+0000", people_with("ada", &keys));
    repo.switch("old");
    accept(&repo);
    repo.switch("main");
    repo.merge("old", "Merge").author(&who("mal")).at("2026-07-01T10:00:00+0000").signed(&key("mal-1")).create();
    repo
}

#[test]
fn a_key_given_up_signs_no_more_upon_old_commits() {
    for (given_up, flaw) in [
        (", until: 2026-06-01", KeyFlaw::Expired(day("2026-06-01"))),
        (", revoked: 2026-06-01, reason: left", KeyFlaw::Revoked(day("2026-06-01"))),
        (", revoked: 2026-06-01, reason: compromised", KeyFlaw::Revoked(day("2026-06-01"))),
    ] {
        assert_said(&upon_an_old_commit(given_up), Level::Attributed, &[Problem::UntrustedKey(flaw)]);
    }
    // Nor if it is struck off altogether.
    let repo = organisation();
    repo.branch("old");
    repo.switch("main");
    let keys = [entry("ada-2", "")];
    people_change(&repo, "Replace Ada's key", "2026-06-01T10:00:00+0000", people_with("ada", &keys));
    repo.switch("old");
    accept(&repo);
    repo.switch("main");
    repo.merge("old", "Merge").author(&who("mal")).at("2026-07-01T10:00:00+0000").signed(&key("mal-1")).create();
    assert_said(&repo, Level::Attributed, &[Problem::UntrustedKey(KeyFlaw::Unknown)]);
}

#[test]
fn what_was_signed_before_somebody_left_stays_signed_and_before_a_theft_does_not() {
    for (reason, level, problems) in [
        ("left", Level::Signed, vec![]),
        ("superseded", Level::Signed, vec![]),
        ("compromised", Level::Attributed, vec![Problem::UntrustedKey(KeyFlaw::Revoked(day("2026-06-01")))]),
    ] {
        let repo = organisation();
        accept(&repo);
        let keys = [entry("ada-1", &format!(", revoked: 2026-06-01, reason: {reason}"))];
        people_change(&repo, "Revoke Ada's key", "2026-06-01T10:00:00+0000", people_with("ada", &keys));
        assert_said(&repo, level, &problems);
    }
}

#[test]
fn an_expired_key_does_not_sign_again_in_a_commit_that_is_dated_back() {
    let expired = [entry("ada-1", ", until: 2026-02-01"), entry("ada-2", "")];
    let repo = organisation();
    people_change(&repo, "Ada's new key", "2026-02-02T10:00:00+0000", people_with("ada", &expired));
    // One commit to hide behind: the decision's own parent is as old as it claims to be.
    repo.commit("Nothing").author(&who("mal")).at("2026-01-20T09:00:00+0000").create();
    let forged = repo
        .commit("Accept R-1")
        .author(&who("ada"))
        .at("2026-01-20T10:00:00+0000")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, "{ by: ada, date: 2026-01-20 }"))
        .create();
    // Git asks ssh-keygen with the time that the commit claims.
    let line = format!("valid-before=\"20260202\" {}", key("ada-1").public_line());
    let allowed = repo.allow(&[(&who("ada"), &line)]);
    assert!(repo.verify_commit(&forged, &allowed).status.success());
    let (level, problems) = (
        Level::Attributed,
        [
            Problem::ClockRegression,
            Problem::Backdated { days: 13 },
            Problem::UntrustedKey(KeyFlaw::Expired(day("2026-02-01"))),
        ],
    );
    assert_said(&repo, level, &problems);
}

#[test]
fn openpgp_keys_are_judged_alike() {
    let keyring = Keyring::new();
    let ada = keyring.generate("Ada <ada@acme.example>", "ed25519", "20260201T000000", "20260101T090000");
    let repo = organisation();
    let block = |keyring: &Keyring| {
        let armor: String = keyring.export(&ada).lines().map(|line| format!("          {line}\n")).collect();
        person("ada", &[format!("key: |\n{armor}")])
    };
    let all = people().replace(&person("ada", &[entry("ada-1", "")]), &block(&keyring));
    people_change(&repo, "Ada signs with OpenPGP", "2026-01-06T10:00:00+0000", all);
    let sign = |at: &str, clock: &str, date: &str| {
        std::fs::write(repo.dir().join("risks.deed.yaml"), risks(2, &format!("{{ by: ada, date: {date} }}")))
            .expect("it is ours");
        repo.git(["add", "--all"]);
        let program = format!("gpg.program={}", keyring.program(clock).display());
        let signer = format!("user.signingKey={ada}!");
        let mut command = repo.command([
            "-c",
            "gpg.format=openpgp",
            "-c",
            &program,
            "-c",
            &signer,
            "commit",
            "--quiet",
            "-S",
            "-m",
            "Accept R-1",
        ]);
        command.env("GNUPGHOME", keyring.home());
        command.env("GIT_AUTHOR_NAME", "ada").env("GIT_AUTHOR_EMAIL", "ada@acme.example");
        command.env("GIT_AUTHOR_DATE", at).env("GIT_COMMITTER_DATE", at);
        assert!(command.status().expect("it is ours").success());
    };
    sign("2026-01-20T10:00:00+0000", "20260120T100000", "2026-01-20");
    assert_said(&repo, Level::Signed, &[]);
    // Dated back to when the key was valid, by gpg's clock and by Git's.
    repo.commit("Later").author(&who("ben")).at("2026-05-01T10:00:00+0000").create();
    sign("2026-01-21T10:00:00+0000", "20260121T100000", "2026-01-21");
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!(evidence.level, Level::Attributed);
    assert!(
        evidence.problems.contains(&Problem::UntrustedKey(KeyFlaw::Expired(day("2026-02-01")))),
        "{:?}",
        evidence.problems
    );
}
