//! What branches and merges do to decisions.

use deed_model::Level;
use deed_model::evidence::Problem;
use deed_test::Repo;

use crate::organisation::*;

const ANEW: &str = "{ by: ada, date: 2026-04-01 }";

#[test]
fn a_decision_lost_in_a_merge_has_vanished() {
    let repo = organisation();
    repo.branch("r-1");
    accept(&repo);
    repo.switch("main");
    repo.commit("Meanwhile").author(&who("mal")).write("notes.md", "x").create();
    repo.merge("r-1", "Merge R-1").author(&who("mal")).strategy("ours").create();
    let history = history(&repo);
    assert_eq!(vanished(&history), ["risks.R-1.accepted in Merge R-1 (merge)"]);
    // Git's log of the file does not show that there was one.
    assert!(!repo.git(["log", "--format=%s", "main", "--", "risks.deed.yaml"]).contains("Accept"));
}

#[test]
fn a_decision_removed_has_vanished_until_it_is_made_anew() {
    let repo = organisation();
    accept(&repo);
    repo.commit("Tidy up").author(&who("mal")).write("risks.deed.yaml", risks(2, "")).create();
    assert_eq!(vanished(&history(&repo)), ["risks.R-1.accepted in Tidy up"]);
    repo.commit("Remove the risk").author(&who("mal")).write("risks.deed.yaml", "risks: {}\n").create();
    assert_eq!(vanished(&history(&repo)), ["risks.R-1.accepted in Tidy up"]);
    repo.commit("Accept")
        .author(&who("ada"))
        .at("2026-04-01T10:00:00+0000")
        .write("risks.deed.yaml", risks(2, ANEW))
        .create();
    assert!(vanished(&history(&repo)).is_empty());
}

#[test]
fn a_decision_made_in_a_merge_is_the_mergers() {
    let repo = organisation();
    repo.branch("side");
    repo.commit("Side").author(&who("ada")).write("notes.md", "x").create();
    repo.switch("main");
    let merge = repo
        .merge("side", "Merge side")
        .author(&who("mal"))
        .at("2026-03-01T10:00:00+0000")
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    // Git's log shows no change of the file in it.
    assert!(!repo.git(["log", "-p", "-1", &merge]).contains("accepted"));
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!(evidence.level, Level::Recorded);
    assert_eq!(evidence.origin.as_ref().map(|commit| &commit.id), Some(&merge));
}

#[test]
fn a_merge_that_brings_an_older_decision_back_alters_the_one_that_stood_on_it() {
    for first_parent in ["old", "main"] {
        let repo = organisation();
        accept(&repo);
        repo.branch("old");
        repo.commit("Old notes").author(&who("mal")).write("notes.md", "x").create();
        repo.switch("main");
        let newer = "{ by: ada, date: 2026-04-01, until: 2026-06-01 }";
        repo.commit("Limit the acceptance")
            .author(&who("ada"))
            .at("2026-04-01T10:00:00+0000")
            .signed(&key("ada-1"))
            .write("risks.deed.yaml", risks(2, newer))
            .create();
        let (first, second) = if first_parent == "old" { ("old", "main") } else { ("main", "old") };
        repo.switch(first);
        let merge = repo
            .merge(second, "Merge")
            .author(&who("mal"))
            .at("2026-04-02T10:00:00+0000")
            .write("risks.deed.yaml", risks(2, BY_ADA))
            .create();
        repo.git(["branch", "--force", "end", "HEAD"]);
        repo.switch("end");
        repo.git(["branch", "--force", "main", "end"]);
        let problem =
            Problem::Altered { by: merge, author: "mal".to_owned(), fields: vec!["date".into(), "until".into()] };
        assert_said(&repo, Level::Signed, &[problem]);
    }
}

#[test]
fn a_criss_cross_keeps_origins() {
    let repo = organisation();
    repo.branch("side");
    let accepted = accept(&repo);
    repo.switch("main");
    let other = repo.commit("Other").author(&who("ben")).at("2026-03-01T11:00:00+0000").write("notes.md", "x").create();
    let on = |at: &str, from: &str| repo.merge(from, "Cross").author(&who("ben")).at(at).create();
    on("2026-03-02T10:00:00+0000", &accepted);
    repo.switch("side");
    on("2026-03-02T11:00:00+0000", &other);
    repo.switch("main");
    on("2026-03-03T10:00:00+0000", "side");
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!((evidence.level, &evidence.problems[..]), (Level::Signed, &[][..]));
    assert_eq!(evidence.origin.as_ref().map(|commit| &commit.id), Some(&accepted));
    assert_eq!(evidence.adoption.as_ref().map(|commit| commit.committer.day()), Some(day("2026-03-02")));
    assert!(evidence.outdated_by.is_empty() && history.vanished.is_empty());
}

#[test]
fn authority_that_comes_with_the_branch_does_not_count() {
    let mal_as_ceo = ROLES.replace("held_by: ada", "held_by: mal");
    let by_mal = "{ by: mal, date: 2026-03-01 }";
    // In one commit, and in two commits of one pull request.
    for at_once in [true, false] {
        let repo = organisation();
        repo.branch("pull-request");
        let mut draft = on_first_of_march(&repo, "Accept R-1", "mal").signed(&key("mal-1"));
        if at_once {
            draft = draft.write("roles.deed.yaml", &mal_as_ceo);
        } else {
            repo.commit("Promote")
                .author(&who("mal"))
                .signed(&key("mal-1"))
                .write("roles.deed.yaml", &mal_as_ceo)
                .create();
        }
        draft.write("risks.deed.yaml", risks(2, by_mal)).create();
        repo.switch("main");
        repo.merge("pull-request", "Merge")
            .author(&who("mal"))
            .at("2026-03-02T10:00:00+0000")
            .signed(&key("mal-1"))
            .create();
        let history = history(&repo);
        let why = "held no role".to_owned();
        assert_eq!(said(&history), (Level::Signed, &[Problem::NotEntitled { why }][..]));
        assert!(
            unguarded(&history).contains(&"roles.ceo.held_by by mal of Acme alone".to_owned()),
            "{:?}",
            unguarded(&history)
        );
    }
}

#[test]
fn settings_are_weakened_by_nobody_alone() {
    let weaker = [
        ("evidence.deed.yaml", "evidence:\n  grace: 7d\n  require: { default: recorded }\n", "evidence.require"),
        ("evidence.deed.yaml", "evidence:\n  grace: 7d\n", "evidence.require"),
        ("evidence.deed.yaml", "evidence:\n  grace: 10y\n  require: { default: signed }\n", "evidence.grace"),
        ("lint.deed.yaml", "lint: { rules: { unguarded-governance-change: allow } }\n", "lint.rules"),
        ("roles.deed.yaml", &ROLES.replace("head: head-of-it", "head: isms-manager"), "departments.it.head"),
    ];
    for (path, text, what) in weaker {
        let repo = organisation();
        // Whoever's name it bears: Mal has one key.
        repo.commit("Weaken").author(&who("ada")).signed(&key("mal-1")).write(path, text).create();
        assert_eq!(unguarded(&history(&repo)), [format!("{what} by mal of Acme alone")]);
        repo.git(["switch", "--quiet", "--create", "pull-request", "main~1"]);
        repo.commit("Weaken").author(&who("ada")).signed(&key("mal-1")).write(path, text).create();
        repo.git(["branch", "--quiet", "--force", "main", "main~1"]);
        repo.switch("main");
        let merge = || repo.merge("pull-request", "Merge");
        merge().author(&who("mal")).signed(&key("mal-1")).create();
        assert_eq!(unguarded(&history(&repo)), [format!("{what} by mal of Acme alone")]);
        repo.git(["reset", "--quiet", "--hard", "main~1"]);
        merge().author(&who("ben")).signed(&key("ben-1")).create();
        assert_eq!(unguarded(&history(&repo)), [] as [&str; 0]);
    }
    // All of a section at once.
    let repo = organisation();
    repo.commit("Weaken").author(&who("mal")).signed(&key("mal-1")).remove("evidence.deed.yaml").create();
    assert_eq!(
        unguarded(&history(&repo)),
        ["evidence.grace by mal of Acme alone", "evidence.require by mal of Acme alone"]
    );
}

#[test]
fn a_signed_draft_is_no_decision() {
    let repo = organisation();
    repo.branch("draft");
    on_first_of_march(&repo, "DRAFT, do not merge", "ada")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, BY_ADA))
        .create();
    repo.switch("main");
    repo.git(["merge", "--quiet", "--ff-only", "draft"]);
    assert!(git_trusts(&repo, "main", &["ada"]));
    // Signed it is; whether it was meant, only a trailer could say.
    assert_said(&repo, Level::Signed, &[]);
    // A trailer about something else is none about this.
    repo.commit("Another").author(&who("ben")).write("notes.md", "x").create();
    let message = format!("Accept R-1\n\nDeed-Decision: risks.R-1.accepted {}\n", "0".repeat(64));
    repo.commit(&message)
        .author(&who("ada"))
        .at("2026-04-01T10:00:00+0000")
        .signed(&key("ada-1"))
        .write("risks.deed.yaml", risks(2, ANEW))
        .create();
    assert_said(&repo, Level::Signed, &[]);
}

/// Somebody prepares a decision on a branch; the one it names merges it, signed, and so decides.
fn merged_by(decider: &str, at: &str, between: impl FnOnce(&Repo)) -> Repo {
    let repo = organisation();
    repo.branch("draft");
    let accepted = format!("{{ by: {decider}, date: 2026-03-01 }}");
    let draft = |message: &str, likelihood| {
        let draft = on_first_of_march(&repo, message, "mal").signed(&key("mal-1"));
        draft.write("risks.deed.yaml", risks(likelihood, &accepted)).create()
    };
    draft("Prepare", 2);
    draft("Mend the score", 1);
    repo.switch("main");
    between(&repo);
    let merge = repo.merge("draft", "Merge").author(&who(decider)).at(at);
    merge.signed(&key(&format!("{decider}-1"))).create();
    repo
}

#[test]
fn who_merges_decides_on_what_is_merged() {
    let repo = merged_by("ada", "2026-03-02T10:00:00+0000", |_| ());
    let history = history(&repo);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!((evidence.level, &evidence.problems[..]), (Level::Signed, &[][..]));
    assert!(evidence.outdated_by.is_empty(), "{:?}", evidence.outdated_by);
    assert_eq!(evidence.act().map(|act| act.summary.as_str()), Some("Merge"));
    assert_eq!(act(&history, "ada").map(|act| act.day), Some(day("2026-03-02")));
}

#[test]
fn who_merges_decides_on_the_day_of_the_merge() {
    let repo = merged_by("ada", "2026-06-01T10:00:00+0000", |_| ());
    assert_said(&repo, Level::Signed, &[Problem::Backdated { days: 92 }]);
}

#[test]
fn who_merges_decides_with_the_authority_of_that_day() {
    let promote = |who_: &'static str| {
        move |repo: &Repo| {
            let roles = ROLES.replace("held_by: ada", &format!("held_by: {who_}"));
            let draft = repo.commit("Hand over").author(&who("ada")).at("2026-03-01T12:00:00+0000");
            draft.signed(&key("ada-1")).write("roles.deed.yaml", roles).create();
        }
    };
    // What was hers when somebody prepared it is hers no more.
    let repo = merged_by("ada", "2026-03-02T10:00:00+0000", promote("mal"));
    let why = "held no role".to_owned();
    assert_said(&repo, Level::Signed, &[Problem::NotEntitled { why }]);
    let repo = merged_by("chen", "2026-03-02T10:00:00+0000", promote("chen"));
    assert_said(&repo, Level::Signed, &[]);
}

#[test]
fn who_has_lost_a_role_does_not_decide_in_it_upon_an_old_commit() {
    for (handed_over, adopted, problems) in [
        ("2026-06-01", "2026-07-01", vec![Problem::NoLongerEntitled { why: "held no role".to_owned() }]),
        ("2026-06-01", "2026-03-02", vec![]),
    ] {
        let repo = organisation();
        repo.branch("old");
        accept(&repo);
        repo.switch("main");
        let hand_over = || {
            let roles = ROLES.replace("held_by: ada", "held_by: chen");
            let draft = repo.commit("Hand over").author(&who("ada")).at(&format!("{handed_over}T10:00:00+0000"));
            draft.signed(&key("ada-1")).write("roles.deed.yaml", roles).create();
        };
        let adopt = || {
            let draft = repo.merge("old", "Merge").author(&who("mal")).at(&format!("{adopted}T10:00:00+0000"));
            draft.signed(&key("mal-1")).create();
        };
        if handed_over < adopted {
            hand_over();
            adopt();
        } else {
            adopt();
            hand_over();
        }
        assert_said(&repo, Level::Signed, &problems);
        assert_eq!(of(&history(&repo), "risks.R-1.accepted").entitled, Some(true));
    }
}
