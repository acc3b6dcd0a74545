//! What became of values: copied, moved, changed and changed back.

use deed_model::Level;
use deed_model::evidence::{History, Problem};
use deed_test::Repo;

use crate::organisation::*;

fn origin<'h>(history: &'h History, decision: &str) -> &'h str {
    &of(history, decision).origin.as_ref().expect("an origin").summary
}

fn outdated(history: &History) -> Vec<String> {
    let by = &of(history, "risks.R-1.accepted").outdated_by;
    by.iter().map(|change| format!("{} in {}", change.what, change.commit.summary)).collect()
}

#[test]
fn a_copy_kept_elsewhere_does_not_launder_a_decision() {
    let repo = organisation();
    accept(&repo);
    let tidy = |message: &str| repo.commit(message).author(&who("mal")).at("2026-03-02T10:00:00+0000");
    // The second definition counts for nothing, until the first is gone.
    tidy("Keep a copy").write("z.deed.yaml", risks(2, BY_ADA)).create();
    let other = "{ by: ada, date: 2026-03-01, note: forged }";
    let changed = tidy("Change").write("risks.deed.yaml", risks(2, other)).create();
    let by = |by: String| Problem::Altered { by, author: "mal".to_owned(), fields: vec!["note".to_owned()] };
    assert_said(&repo, Level::Recorded, &[by(changed)]);
    let resurfaced = tidy("Remove").remove("risks.deed.yaml").create();
    let history = history(&repo);
    assert_eq!(origin(&history, "risks.R-1.accepted"), "Remove");
    assert_eq!(said(&history), (Level::Recorded, &[by(resurfaced)][..]));
}

#[test]
fn a_value_that_comes_back_is_whose_who_brought_it_back() {
    let repo = organisation();
    accept(&repo);
    let tidy = |message: &str| repo.commit(message).author(&who("mal")).at("2026-03-02T10:00:00+0000");
    tidy("Away").write("risks.deed.yaml", risks(2, "")).create();
    tidy("And back").write("risks.deed.yaml", risks(2, BY_ADA)).create();
    let history = history(&repo);
    assert_eq!(origin(&history, "risks.R-1.accepted"), "And back");
    assert_eq!(said(&history), (Level::Recorded, &[][..]));
}

#[test]
fn covered_content_that_was_changed_and_changed_back_was_changed() {
    let repo = organisation();
    accept(&repo);
    assert!(outdated(&history(&repo)).is_empty());
    repo.commit("Play it down").author(&who("mal")).write("risks.deed.yaml", risks(1, BY_ADA)).create();
    assert_eq!(outdated(&history(&repo)), ["risks.R-1.residual in Play it down"]);
    repo.commit("And back").author(&who("mal")).write("risks.deed.yaml", risks(2, BY_ADA)).create();
    assert_eq!(outdated(&history(&repo)), ["risks.R-1.residual in And back"]);
}

#[test]
fn writing_it_differently_or_elsewhere_changes_nothing() {
    let repo = organisation();
    accept(&repo);
    let json = r#"{"risks":{"R-1":{"accepted":{"date":"2026-03-01","by":"ada"},"residual":{"impact":3,"likelihood":2},
        "owner":"head-of-it","title":"Old terminals"}}}"#;
    repo.commit("Move").author(&who("mal")).remove("risks.deed.yaml").write("sub/risks.deed.json", json).create();
    let moved = history(&repo);
    assert_eq!((origin(&moved, "risks.R-1.accepted"), said(&moved)), ("Accept R-1", (Level::Signed, &[][..])));
    assert!(outdated(&moved).is_empty() && moved.vanished.is_empty());
}

#[test]
fn a_decision_is_about_its_own_subject() {
    let repo = organisation();
    accept(&repo);
    let renamed = risks(2, BY_ADA).replace("R-1:", "R-2:");
    let copied = format!("{}{}", risks(2, BY_ADA), renamed.strip_prefix("risks:\n").expect("a section"));
    repo.commit("Copy").author(&who("mal")).write("risks.deed.yaml", copied).create();
    let history_ = history(&repo);
    let evidence = of(&history_, "risks.R-2.accepted");
    assert_eq!((evidence.level, origin(&history_, "risks.R-2.accepted")), (Level::Recorded, "Copy"));
    assert_eq!(origin(&history_, "risks.R-1.accepted"), "Accept R-1");
    // Under another id it is another subject's, and the first one's is gone.
    repo.commit("Rename").author(&who("mal")).write("risks.deed.yaml", renamed).create();
    assert_eq!(vanished(&history(&repo)), ["risks.R-1.accepted in Rename"]);
}

#[test]
fn the_register_may_move_and_another_may_stand_beside_it() {
    let repo = organisation();
    accept(&repo);
    let files = ["deed.yaml", "evidence.deed.yaml", "people.deed.yaml", "roles.deed.yaml", "risks.deed.yaml"];
    let mut draft = repo.commit("Move the root").author(&who("mal"));
    for file in files {
        draft = draft.rename(file, &format!("isms/{file}"));
    }
    draft.create();
    let history_ = history_of(&repo, "isms", "HEAD");
    assert_eq!((origin(&history_, "risks.R-1.accepted"), said(&history_)), ("Accept R-1", (Level::Signed, &[][..])));
    // What another root says of its own R-1 is none of this one's business.
    repo.commit("Another root")
        .author(&who("mal"))
        .write("other/deed.yaml", "deed: 1\n")
        .write("other/risks.deed.yaml", risks(5, "{ by: mal, date: 2026-01-01 }"))
        .create();
    let history_ = history_of(&repo, "isms", "HEAD");
    assert_eq!((origin(&history_, "risks.R-1.accepted"), said(&history_)), ("Accept R-1", (Level::Signed, &[][..])));
    assert!(outdated(&history_).is_empty());
    let history_ = history_of(&repo, "other", "HEAD");
    assert_eq!(origin(&history_, "risks.R-1.accepted"), "Another root");
}

/// The risk with a list of decisions under a key, committed by somebody.
fn list(repo: &Repo, key_: &str, message: &str, at: &str, by: &str, decisions: &[&str]) -> String {
    let decisions = decisions.join(", ");
    let text = risks(2, "").replace("    title", &format!("    {key_}: [{decisions}]\n    title"));
    let draft = repo.commit(message).author(&who(by)).at(at).signed(&key(&format!("{by}-1")));
    draft.write("risks.deed.yaml", text).create()
}

/// Which commits recorded the decisions, in their order; asserts that nothing speaks against any.
#[track_caller]
fn origins(repo: &Repo) -> Vec<String> {
    let history = history(repo);
    for evidence in &history.decisions {
        let entitled: Vec<_> =
            evidence.problems.iter().filter(|it| !matches!(it, Problem::NotEntitled { .. })).collect();
        assert_eq!((evidence.level, entitled), (Level::Signed, vec![]), "{}", evidence.decision);
    }
    let origin = |evidence: &deed_model::evidence::DecisionEvidence| Some(evidence.origin.as_ref()?.id.clone());
    history.decisions.iter().filter_map(|evidence| origin(evidence)).collect()
}

#[test]
fn what_stands_beside_it_in_a_list_is_none_of_a_decision() {
    let repo = organisation();
    let review = |message: &str, at: &str, by: &str, all: &[&str]| list(&repo, "reviewed", message, at, by, all);
    let [march, june] = ["{ by: chen, date: 2026-03-01 }", "{ by: chen, date: 2026-06-01 }"];
    let [again, january] = ["{ by: chen, date: 2026-06-01, note: again }", "{ by: chen, date: 2026-01-08 }"];
    let first = review("Review in March", "2026-03-01T10:00:00+0000", "chen", &[march]);
    let second = review("Review in June", "2026-06-01T10:00:00+0000", "chen", &[june, march]);
    review("Sort", "2026-06-01T11:00:00+0000", "ben", &[march, june]);
    assert_eq!(origins(&repo), [first.as_str(), &second]);
    let third = review("Review again", "2026-06-01T12:00:00+0000", "chen", &[march, june, again]);
    review("Sort", "2026-06-01T13:00:00+0000", "ben", &[march, again, june]);
    assert_eq!(origins(&repo), [first.as_str(), &third, &second]);
    // What was superseded may go.
    review("Tidy up", "2026-06-02T10:00:00+0000", "ben", &[again, june]);
    assert_eq!(origins(&repo), [third.as_str(), &second]);
    assert_eq!(vanished(&history(&repo)), [] as [&str; 0]);
    // One that is entered late is somebody's own, and makes the others nobody else's.
    let late = review("Enter one late", "2026-06-03T10:00:00+0000", "ben", &[january, again, june]);
    let history = history(&repo);
    let said: Vec<_> =
        history.decisions.iter().map(|it| (it.level, it.origin.as_ref().expect("one").id.as_str())).collect();
    assert_eq!(said, [(Level::Recorded, late.as_str()), (Level::Signed, &third), (Level::Signed, &second)]);
    let altered = |it: &Problem| matches!(it, Problem::Altered { .. });
    assert!(!history.decisions.iter().any(|it| it.problems.iter().any(altered)));
}

#[test]
fn who_decides_as_well_alters_nothing() {
    let repo = organisation();
    let chens = "{ by: chen, date: 2026-03-01 }";
    let first = list(&repo, "accepted", "Accept", "2026-03-01T10:00:00+0000", "ada", &[BY_ADA]);
    let second = list(&repo, "accepted", "Me too", "2026-03-01T12:00:00+0000", "chen", &[BY_ADA, chens]);
    assert_eq!(origins(&repo), [first.as_str(), &second]);
    // Who changes what the other one signed does.
    let changed = "{ by: ada, date: 2026-03-01, until: 2027-03-01 }";
    let by = list(&repo, "accepted", "For long", "2026-03-01T13:00:00+0000", "chen", &[changed, chens]);
    let history = history(&repo);
    let altered = Problem::Altered { by, author: "chen".to_owned(), fields: vec!["until".to_owned()] };
    assert!(of(&history, "risks.R-1.accepted[ada]").problems.contains(&altered));
    assert_eq!(of(&history, "risks.R-1.accepted[chen]").origin.as_ref().map(|origin| &origin.id), Some(&second));
}

#[test]
fn one_of_several_who_decided_does_not_go_unsaid() {
    for day in ["2026-03-01", "2026-03-02"] {
        let repo = organisation();
        let chens = format!("{{ by: chen, date: {day} }}");
        list(&repo, "accepted", "Accept", "2026-03-01T10:00:00+0000", "ada", &[BY_ADA]);
        list(&repo, "accepted", "Me too", &format!("{day}T12:00:00+0000"), "chen", &[BY_ADA, &chens]);
        list(&repo, "accepted", "Tidy up", "2026-03-03T10:00:00+0000", "mal", &[BY_ADA]);
        assert_eq!(vanished(&history(&repo)), ["risks.R-1.accepted in Tidy up"]);
        list(&repo, "accepted", "Put it back", "2026-03-04T10:00:00+0000", "ben", &[BY_ADA, &chens]);
        assert_eq!(vanished(&history(&repo)), [] as [&str; 0]);
    }
}

#[test]
fn a_branch_that_has_not_heard_of_a_correction_loses_nothing() {
    let repo = organisation();
    accept(&repo);
    repo.branch("topic");
    repo.commit("Notes").author(&who("ben")).at("2026-03-01T11:00:00+0000").write("notes.md", "x").create();
    repo.switch("main");
    // Ada mends her own decision on its day, and signs it again.
    let mended = "{ by: ada, date: 2026-03-01, note: \"until they are replaced\" }";
    let draft = on_first_of_march(&repo, "Say why", "ada").at("2026-03-01T12:00:00+0000").signed(&key("ada-1"));
    draft.write("risks.deed.yaml", risks(2, mended)).create();
    assert_said(&repo, Level::Signed, &[]);
    repo.merge("topic", "Merge").author(&who("ben")).at("2026-03-02T10:00:00+0000").signed(&key("ben-1")).create();
    assert_said(&repo, Level::Signed, &[]);
    assert_eq!(vanished(&history(&repo)), [] as [&str; 0]);
    // Months later it is not the day's any more.
    let extended = "{ by: ada, date: 2026-03-01, until: 2027-03-01 }";
    let draft = on_first_of_march(&repo, "Extend", "ada").at("2026-06-01T12:00:00+0000").signed(&key("ada-1"));
    draft.write("risks.deed.yaml", risks(2, extended)).create();
    assert_said(&repo, Level::Signed, &[Problem::Backdated { days: 92 }]);
}

#[test]
fn a_broken_version_hides_nothing() {
    let repo = organisation();
    accept(&repo);
    let broken = |repo: &Repo| repo.commit("Break").author(&who("mal")).write("risks.deed.yaml", "risks: {").create();
    broken(&repo);
    repo.commit("Mend").author(&who("ben")).write("risks.deed.yaml", risks(2, BY_ADA)).create();
    assert_eq!(origin(&history(&repo), "risks.R-1.accepted"), "Accept R-1");
    broken(&repo);
    repo.commit("Mend").author(&who("mal")).write("risks.deed.yaml", risks(1, BY_ADA)).create();
    assert_eq!(outdated(&history(&repo)), ["risks.R-1.residual in Mend"]);
}
