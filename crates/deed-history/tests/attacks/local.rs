//! What a clone can be told about history, and what it lacks.

use std::fs;

use deed_history::evidence::{Request, log, on_day, snapshot};
use deed_history::{HistoryError, Repository};
use deed_model::evidence::{Gap, Problem, TrustRoot};
use deed_model::{Level, Section};
use deed_test::Repo;

use crate::organisation::*;

/// Clones a repository with more arguments.
fn clone(repo: &Repo, arguments: &[&str]) -> (tempfile::TempDir, Repo) {
    let dir = tempfile::tempdir().expect("a directory");
    let target = dir.path().join("clone");
    let mut all = vec!["clone", "--quiet"];
    all.extend(arguments);
    let url = format!("file://{}", repo.dir().display());
    all.extend([url.as_str(), target.to_str().expect("a path")]);
    repo.git(all);
    (dir, Repo::open(&target))
}

/// Ada's decision, and forty days of other work upon it.
fn worked_on() -> Repo {
    let repo = organisation();
    accept(&repo);
    for n in 1..=4 {
        let more = format!("{}# {n}\n", risks(2, BY_ADA));
        repo.commit("Work")
            .author(&who("ben"))
            .at(&format!("2026-04-0{n}T10:00:00+0000"))
            .write("risks.deed.yaml", more)
            .create();
    }
    repo
}

#[test]
fn replacements_are_for_other_eyes() {
    let repo = organisation();
    let unsigned = on_first_of_march(&repo, "Accept R-1", "mal").write("risks.deed.yaml", risks(2, BY_ADA)).create();
    let genuine = format!(
        "tree {}\nparent {}\nauthor ada <ada@acme.example> 1772359200 +0000\ncommitter ada <ada@acme.example> 1772359200 +0000\n\nAccept R-1\n",
        repo.id("main^{tree}"),
        repo.id("main~1")
    );
    let fake = repo.write_object("commit", genuine.as_bytes());
    repo.git(["replace", &unsigned, &fake]);
    assert_eq!(repo.git(["log", "-1", "--format=%an"]), "ada");
    let history = history(&repo);
    assert_eq!(said(&history).0, Level::Recorded);
    assert_eq!(history.gaps, [Gap::Replaced(1)]);
}

#[test]
fn grafts_are_for_other_eyes() {
    let repo = worked_on();
    fs::create_dir_all(repo.dir().join(".git/info")).expect("it is ours");
    fs::write(repo.dir().join(".git/info/grafts"), format!("{}\n", repo.id("HEAD"))).expect("it is ours");
    assert_eq!(repo.git(["rev-list", "--count", "HEAD"]), "1");
    let history = history(&repo);
    assert_eq!(said(&history), (Level::Signed, &[][..]));
    assert_eq!(history.gaps, [Gap::Grafted]);
}

#[test]
fn neither_mailmap_nor_ignored_revisions_say_who_decided() {
    let repo = organisation();
    on_first_of_march(&repo, "Accept R-1", "mal").write("risks.deed.yaml", risks(2, BY_ADA)).create();
    let forged = repo.id("HEAD");
    repo.commit("Map")
        .author(&who("mal"))
        .write(".mailmap", "ada <ada@acme.example> <mal@acme.example>\n")
        .write(".git-blame-ignore-revs", format!("{forged}\n"))
        .create();
    repo.git(["config", "blame.ignoreRevsFile", ".git-blame-ignore-revs"]);
    assert_eq!(repo.git(["log", "-1", "--format=%aN", &forged]), "ada");
    assert_eq!(said(&history(&repo)).0, Level::Recorded);
}

#[test]
fn a_shallow_clone_knows_less_and_claims_no_more() {
    let repo = worked_on();
    repo.tag("deed/checkpoint/1", "Checkpoint").author(&who("ben")).signed(&key("ben-1")).create();
    let pinned = repo.id("main~5");
    repo.git(["tag", "--force", "deed/checkpoint/0", "deed/checkpoint/1"]);
    let (_dir, shallow) = clone(&repo, &["--depth=2"]);
    // Blame lays it all at the door of the oldest commit here.
    assert!(shallow.git(["blame", "-s", "risks.deed.yaml"]).starts_with('^'));
    shallow.git(["config", "deed.trustRoot", &pinned]);
    let history = history(&shallow);
    assert_eq!(said(&history), (Level::Recorded, &[Problem::IncompleteHistory][..]));
    assert_eq!(history.gaps, [Gap::Shallow]);
    let evidence = of(&history, "risks.R-1.accepted");
    assert_eq!((&evidence.origin, &evidence.adoption), (&None, &None));
    // Nor does the time line.
    let git = Repository::open(shallow.dir()).expect("a repository");
    let read = snapshot(&git, "", git.resolve("HEAD").expect("a commit")).expect("it is here").workspace;
    let request = |repository| Request {
        repository,
        root: "",
        workspace: &read,
        revision: "HEAD",
        trust_root: None,
        cache: false,
        today: Some(today()),
    };
    let entries = log(&request(&git), Section::Risks, "R-1").expect("it can be read");
    let (newer, oldest) = entries.split_at(entries.len() - 1);
    assert!(oldest[0].is_cut && !newer.iter().any(|entry| entry.is_cut), "{entries:#?}");
    assert_eq!(on_day(&git, &read, day("2026-01-10")), Err(HistoryError::Cut));
    assert_eq!(on_day(&git, &read, today()), Ok(Some(git.resolve("HEAD").expect("a commit"))));
    let whole = Repository::open(repo.dir()).expect("a repository");
    assert!(!log(&request(&whole), Section::Risks, "R-1").expect("it can be read").iter().any(|entry| entry.is_cut));
    assert!(on_day(&whole, &read, day("2026-01-10")).is_ok_and(|commit| commit.is_some()));
    assert!(lost(&history).is_empty() && history.vanished.is_empty() && unguarded(&history).is_empty());
    assert_eq!(history.trust_root, TrustRoot::FirstUse);
}

#[test]
fn what_is_cut_off_elsewhere_is_no_gap() {
    let repo = worked_on();
    let before = history(&repo);
    repo.orphan("draft");
    let first = repo.commit("A draft").write("x.txt", "x").create();
    repo.switch("main");
    std::fs::write(repo.dir().join(".git/shallow"), format!("{first}\n")).expect("it is ours");
    let history = history(&repo);
    assert_eq!((said(&history), &history.gaps[..]), (said(&before), &[][..]));
}

#[test]
fn a_partial_clone_knows_less_and_fetches_nothing() {
    let repo = worked_on();
    repo.git(["config", "uploadpack.allowFilter", "true"]);
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let (_dir, partial) = clone(&repo, &[filter]);
        let count = || partial.git(["rev-list", "--objects", "--all", "--missing=print"]).matches("\n?").count();
        let missing = count();
        let history = history(&partial);
        assert_eq!(said(&history), (Level::Recorded, &[Problem::IncompleteHistory][..]), "{filter}");
        assert!(matches!(history.gaps[..], [Gap::MissingObjects(_)]), "{:?}", history.gaps);
        assert!(history.vanished.is_empty() && unguarded(&history).is_empty());
        assert_eq!(count(), missing, "nothing was fetched");
    }
}

#[test]
fn who_was_who_then_is_not_guessed_from_now() {
    // The decision's own file is whole; what people were then is not here.
    let repo = organisation();
    let alone = risks(2, BY_ADA).replace("R-1", "R-2");
    on_first_of_march(&repo, "Accept R-2", "ada").signed(&key("ada-1")).write("r-2.deed.yaml", alone).create();
    let more = format!("{}# more\n", people());
    repo.commit("Later").author(&who("ada")).at("2026-04-01T10:00:00+0000").write("people.deed.yaml", more).create();
    repo.git(["config", "uploadpack.allowFilter", "true"]);
    let (_dir, partial) = clone(&repo, &["--filter=blob:none"]);
    let history = history(&partial);
    let evidence = of(&history, "risks.R-2.accepted");
    assert_eq!((evidence.level, &evidence.problems[..]), (Level::Recorded, &[Problem::IncompleteHistory][..]));
}

#[test]
fn what_led_to_a_pinned_root_is_not_believed_on_first_use() {
    let repo = Repo::temporary();
    let draft = on_first_of_march(&repo, "Found it with a decision", "ada").signed(&key("ada-1"));
    let draft = draft.write("deed.yaml", ROOT).write("people.deed.yaml", people()).write("roles.deed.yaml", ROLES);
    draft.write("risks.deed.yaml", risks(2, BY_ADA)).create();
    let is_first_use = || of(&history(&repo), "risks.R-1.accepted").first_use;
    assert!(is_first_use());
    repo.git(["config", "deed.trustRoot", "main"]);
    assert!(!is_first_use());
}

#[test]
fn a_pinned_root_must_be_an_ancestor() {
    let repo = worked_on();
    repo.git(["config", "deed.trustRoot", &repo.id("main~5")]);
    assert_eq!(history(&repo).trust_root, TrustRoot::Pinned(repo.id("main~5")));
    repo.orphan("elsewhere");
    let other = repo.commit("Other").create();
    repo.switch("main");
    repo.git(["config", "deed.trustRoot", &other]);
    assert_eq!(history(&repo).trust_root, TrustRoot::Lost(other));
}
