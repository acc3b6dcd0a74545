//! When it was: times are claims, order is not.

use deed_history::Repository;
use deed_history::evidence::{on_day, snapshot};
use deed_model::Level;
use deed_model::evidence::Problem;
use deed_test::Repo;

use crate::organisation::*;

/// Returns the subject line of the commit that stood on the branch at the end of a day.
fn stood(repo: &Repo, on: &str) -> String {
    let repository = Repository::open(repo.dir()).expect("a repository");
    let head = repository.resolve("HEAD").expect("a commit");
    let now = snapshot(&repository, "", head).expect("a register");
    let commit = on_day(&repository, &now.workspace, day(on)).expect("a branch");
    commit.map_or_else(String::new, |commit| repo.git(["log", "-1", "--format=%s", &commit.to_string()]))
}

#[test]
fn a_date_long_before_its_commit_is_dated_back_and_one_after_it_is_dated_on() {
    for (date, problem) in [
        ("2026-02-22", None),
        ("2026-02-21", Some(Problem::Backdated { days: 8 })),
        ("2026-03-02", None),
        ("2026-03-04", Some(Problem::Postdated { days: 3 })),
    ] {
        let repo = organisation();
        let accepted = format!("{{ by: ada, date: {date} }}");
        on_first_of_march(&repo, "Accept R-1", "ada")
            .signed(&key("ada-1"))
            .write("risks.deed.yaml", risks(2, &accepted))
            .create();
        assert_said(&repo, Level::Signed, problem.as_slice());
    }
}

#[test]
fn a_commit_cannot_be_older_than_what_it_stands_on() {
    for claimed in ["1970-01-01T00:00:01+0000", "2026-01-01T10:00:00+0000"] {
        let repo = organisation();
        repo.commit("February").at("2026-02-01T10:00:00+0000").create();
        // Its own parent is as old as it claims.
        repo.commit("Nothing").at(claimed).create();
        let accepted = "{ by: ada, date: 2026-01-01 }";
        repo.commit("Accept R-1")
            .author(&who("ada"))
            .at(claimed)
            .signed(&key("ada-1"))
            .write("risks.deed.yaml", risks(2, accepted))
            .create();
        assert_said(&repo, Level::Signed, &[Problem::ClockRegression, Problem::Backdated { days: 31 }]);
    }
}

#[test]
fn clocks_a_moment_apart_are_no_lie() {
    let repo = organisation();
    repo.commit("A moment later").at("2026-03-01T10:02:00+0000").create();
    accept(&repo);
    assert_said(&repo, Level::Signed, &[]);
}

#[test]
fn a_clock_that_ran_ahead_makes_no_liars_of_those_after_it() {
    for ahead in ["@4294967296 +0000", "2027-01-01T00:00:00+0000"] {
        let repo = organisation();
        repo.commit("From the future").at(ahead).create();
        accept(&repo);
        assert_said(&repo, Level::Signed, &[]);
    }
    // Of itself it proves nothing.
    let repo = organisation();
    repo.commit("Accept R-1")
        .author(&who("ada"))
        .at("@4294967296 +0000")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    let history = history(&repo);
    let (level, problems) = said(&history);
    assert_eq!((level, problems.first()), (Level::Signed, Some(&Problem::ClockRegression)));
    assert!(!problems.iter().any(|problem| matches!(problem, Problem::Backdated { .. })), "{problems:?}");
}

/// Who makes a commit and on which day, in order.
type Made<'m> = &'m [(&'m str, &'m str)];

/// Commits of nothing, each by a person at a time; signed with their key, unless they are strangers.
fn commit_each(repo: &Repo, all: &[(&str, &str)], are_signed: bool) {
    for (person, day) in all {
        let draft = repo.commit("Something").author(&who(person)).at(&format!("{day}T10:00:00+0000"));
        if are_signed && PEOPLE.contains(person) { draft.signed(&key(&format!("{person}-1"))) } else { draft }.create();
    }
}

#[test]
fn a_clock_that_ran_ahead_is_told_by_three_others() {
    let honest = [("ben", "2026-02-10"), ("chen", "2026-02-12")];
    // September has come by now; when the first of these was made, it had not.
    let ahead = [("mal", "2026-09-01")];
    let twice = [("mal", "2026-09-01"), ("mal", "2026-09-02")];
    let of_two = [("mal", "2026-09-01"), ("eve", "2026-09-02")];
    let wrong = [Problem::ClockRegression, Problem::Backdated { days: 184 }];
    let wronger = [Problem::ClockRegression, Problem::Backdated { days: 185 }];
    let no_earlier = [Problem::ClockRegression, Problem::Backdated { days: 225 }];
    let cases: [(Made<'_>, Made<'_>, bool, &[Problem]); 8] = [
        (&ahead, &honest, true, &[]),
        (&twice, &honest, true, &[]),
        // Names are free text.
        (&ahead, &honest, false, &wrong),
        // Whoever is judged has only one beside them.
        (&ahead, &honest[1..], true, &wrong),
        (&ahead, &[honest[0], honest[0]], true, &wrong),
        // Nobody is two.
        (&ahead, &[honest[0], ("mal", "2026-02-12")], true, &wrong),
        // It is the word of two.
        (&of_two, &honest, true, &wronger),
        // Nobody says it was earlier.
        (&ahead, &[("ben", "2026-10-10"), ("chen", "2026-10-12")], true, &no_earlier),
    ];
    for (first, then, are_signed, expected) in cases {
        let repo = organisation();
        commit_each(&repo, first, true);
        commit_each(&repo, then, are_signed);
        accept(&repo);
        let history = history(&repo);
        assert_eq!(said(&history), (Level::Signed, expected), "{first:?} {then:?} {are_signed}");
    }
    // Of the one that ran ahead the time proves nothing.
    let three = [honest[0], honest[1], ("mal", "2026-02-14")];
    for (then, expected) in [(&honest[..1], &[][..]), (&three[..], &wrong[..1])] {
        let repo = organisation();
        let draft = repo.commit("Accept R-1").author(&who("ada")).at("2026-09-01T10:00:00+0000").signed(&key("ada-1"));
        draft.write("risks.deed.yaml", risks(2, "{ by: ada, date: 2026-09-01 }")).create();
        commit_each(&repo, then, true);
        assert_said(&repo, Level::Signed, expected);
    }
}

#[test]
fn nobody_slips_a_commit_into_the_past() {
    let repo = organisation();
    repo.commit("February").at("2026-02-01T10:00:00+0000").create();
    repo.commit("April").at("2026-04-01T10:00:00+0000").create();
    let slipped = repo.commit("Slipped in").at("1970-01-01T00:00:01+0000").create();
    // Git finds the last of all commits and says it stood there then.
    assert_eq!(repo.git(["rev-list", "-1", "--before=2026-02-15", "HEAD"]), slipped);
    assert_eq!(stood(&repo, "2026-02-15"), "February");
    repo.commit("May").at("2026-05-01T10:00:00+0000").create();
    assert_eq!(stood(&repo, "2026-02-15"), "February");
    assert_eq!(stood(&repo, "2026-04-15"), "Slipped in");
    assert_eq!(stood(&repo, "2026-05-15"), "May");
    assert_eq!(stood(&repo, "2025-12-31"), "");
}

#[test]
fn a_day_is_the_committers_own() {
    let repo = organisation();
    repo.commit("Late in New York").at("2026-02-01T22:30:00-0500").create();
    repo.commit("Early in Tokyo").at("2026-02-03T06:00:00+0900").create();
    assert_eq!(stood(&repo, "2026-02-01"), "Late in New York");
    assert_eq!(stood(&repo, "2026-02-02"), "Late in New York");
    assert_eq!(stood(&repo, "2026-02-03"), "Early in Tokyo");
}

#[test]
fn nobody_ends_history_with_a_commit_from_the_future() {
    let repo = organisation();
    repo.commit("February").at("2026-02-01T10:00:00+0000").create();
    repo.commit("From the future").at("@4294967296 +0000").create();
    repo.commit("April").at("2026-04-01T10:00:00+0000").create();
    assert_eq!(stood(&repo, "2026-02-15"), "From the future");
    assert_eq!(stood(&repo, "2026-04-15"), "April");
}

#[test]
fn a_checkpoint_shows_that_history_was_rewritten() {
    let repo = organisation();
    accept(&repo);
    repo.tag("deed/checkpoint/2026-03-31", "Checkpoint")
        .author(&who("ben"))
        .at("2026-03-31T10:00:00+0000")
        .signed(&key("ben-1"))
        .create();
    assert_eq!(lost(&history(&repo)), [] as [&str; 0]);
    // Force-pushed: the decision is gone, and to Git all is well.
    repo.git(["reset", "--quiet", "--hard", "main~1"]);
    assert!(repo.try_git(["fsck"]).status.success());
    assert_eq!(lost(&history(&repo)), ["deed/checkpoint/2026-03-31"]);
    // A tag that nobody signed pins nothing: anybody could point it anywhere.
    repo.set_ref("refs/tags/deed/checkpoint/light", &repo.id("deed/checkpoint/2026-03-31^{commit}"));
    // Nor does one that was signed for something else.
    repo.git(["switch", "--quiet", "--detach", "deed/checkpoint/2026-03-31^{commit}"]);
    let draft = repo.tag("v1", "Release").author(&who("ben")).at("2026-03-31T10:00:00+0000");
    let release = draft.signed(&key("ben-1")).create();
    repo.switch("main");
    repo.set_ref("refs/tags/deed/checkpoint/v1", &release);
    assert_eq!(lost(&history(&repo)), ["deed/checkpoint/2026-03-31"]);
}

#[test]
fn nobody_cries_that_history_was_rewritten_by_a_key_of_their_own() {
    let repo = organisation();
    let side = |from: &str, id: &str| {
        repo.git(["switch", "--quiet", "--detach", from]);
        // The commit that is pinned may say of its maker what it likes.
        let more = format!("{}{}", people(), person(id, &[entry(&format!("{id}-1"), "")]));
        repo.commit("Another story")
            .author(&who("mal"))
            .at("2026-03-02T10:00:00+0000")
            .write("people.deed.yaml", more)
            .create();
        let name = format!("deed/checkpoint/{id}");
        let draft = repo.tag(&name, "Checkpoint").author(&who(id)).at("2026-03-31T10:00:00+0000");
        draft.signed(&key(&format!("{id}-1"))).create();
        repo.switch("main");
    };
    side("main", "zed");
    assert_eq!(lost(&history(&repo)), [] as [&str; 0]);
    // Merged, so that the branch leads to it, but for what it says.
    repo.branch("merged");
    let more = format!("{}{}", people(), person("yan", &[entry("yan-1", "")]));
    repo.commit("Make Yan up")
        .author(&who("mal"))
        .at("2026-03-02T10:00:00+0000")
        .write("people.deed.yaml", more)
        .create();
    repo.switch("main");
    repo.merge("merged", "Merge").author(&who("ben")).at("2026-03-03T10:00:00+0000").strategy("ours").create();
    side("main~1", "yan");
    assert_eq!(lost(&history(&repo)), [] as [&str; 0]);
    // Whoever was known once made theirs in earnest, though they have left since and nothing is said of them any more.
    let more = format!("{}{}", people(), person("zed", &[entry("zed-1", "")]));
    repo.commit("Zed comes")
        .author(&who("ada"))
        .at("2026-04-01T10:00:00+0000")
        .signed(&key("ada-1"))
        .write("people.deed.yaml", more)
        .create();
    assert_eq!(lost(&history(&repo)), ["deed/checkpoint/zed"]);
    repo.commit("Zed goes")
        .author(&who("ada"))
        .at("2026-05-01T10:00:00+0000")
        .signed(&key("ada-1"))
        .write("people.deed.yaml", people())
        .create();
    assert_eq!(lost(&history(&repo)), ["deed/checkpoint/zed"]);
}
