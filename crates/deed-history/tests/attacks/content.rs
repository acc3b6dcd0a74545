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

#[test]
fn the_order_of_a_list_is_none_of_a_decision() {
    let repo = organisation();
    let list = |decisions: &str| risks(2, "").replace("    title", &format!("    reviewed: [{decisions}]\n    title"));
    let review = |message: &str, at: &str, decisions: &str| {
        let draft = repo.commit(message).author(&who("chen")).at(at).signed(&key("chen-1"));
        draft.write("risks.deed.yaml", list(decisions)).create()
    };
    let [march, june] = ["{ by: chen, date: 2026-03-01 }", "{ by: chen, date: 2026-06-01 }"];
    let first = review("Review in March", "2026-03-01T10:00:00+0000", march);
    let second = review("Review in June", "2026-06-01T10:00:00+0000", &format!("{june}, {march}"));
    let draft = repo.commit("Sort").author(&who("mal")).at("2026-06-02T10:00:00+0000");
    draft.write("risks.deed.yaml", list(&format!("{march}, {june}"))).create();
    let history = history(&repo);
    let found: Vec<_> = history.decisions.iter().filter(|it| it.decision.to_string().contains("reviewed")).collect();
    let origins: Vec<&str> = found.iter().filter_map(|it| Some(it.origin.as_ref()?.id.as_str())).collect();
    assert_eq!(origins, [first, second]);
    assert!(found.iter().all(|it| it.level == Level::Signed && it.problems.is_empty()));
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
