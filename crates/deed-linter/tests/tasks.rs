//! What is to be done, and what the rules report, are the same on any day.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deed_linter::{Inputs, Task, lint, tasks};
use deed_model::{Date, Manifest, Workspace, is_manifest, parse_date};
use deed_syntax::Format;

/// The day the organisations are judged on.
const TODAY: &str = "2026-11-24";

/// An organisation of `tests/orgs`.
fn organization(name: &str) -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/orgs").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    let manifest = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let parse = deed_syntax::parse_bytes(&std::fs::read(path).unwrap(), Format::of_path(&name));
        is_manifest(&name).then(|| Manifest { path: name, parse: Arc::new(parse) })
    };
    Workspace::new(paths.iter().filter_map(manifest).collect())
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn on(workspace: &Workspace, day: Date) -> Inputs<'_> {
    Inputs { workspace, today: day, exists: None, history: None }
}

fn reported(workspace: &Workspace, day: Date) -> BTreeSet<String> {
    lint(&on(workspace, day)).diagnostics.into_iter().map(|diagnostic| diagnostic.fingerprint.to_string()).collect()
}

fn fingerprints(task: &Task) -> impl Iterator<Item = String> {
    task.reasons.iter().filter(|reason| reason.rule.is_some()).map(|reason| reason.fingerprint.clone())
}

#[test]
fn what_is_to_come_is_reported_on_the_day_after_and_not_before() {
    let mut days = 0;
    for name in ["centralized", "federated", "executive-led"] {
        let workspace = organization(name);
        let today = day(TODAY);
        let mut by_day: BTreeMap<Date, BTreeSet<String>> = BTreeMap::new();
        for task in tasks(&on(&workspace, today), day("2027-11-24")) {
            if let Some(due) = task.due.filter(|due| *due >= today) {
                by_day.entry(due).or_default().extend(fingerprints(&task));
            }
        }
        by_day.retain(|_, told| !told.is_empty());
        days += by_day.len();
        for (day, told) in by_day {
            let (before, after) = (reported(&workspace, day), reported(&workspace, day.tomorrow().unwrap()));
            assert!(told.is_subset(&after), "{name}, {day}: {:?}", told.difference(&after));
            assert!(told.is_disjoint(&before), "{name}, {day}: {:?}", told.intersection(&before));
        }
    }
    assert!(days > 20, "{days}");
}

#[test]
fn what_was_to_come_is_what_has_come() {
    for name in ["centralized", "federated", "executive-led"] {
        let workspace = organization(name);
        let (early, late) = (day(TODAY), day("2027-06-01"));
        // Who looked ahead knows everything by its name that who looks later finds overdue.
        let ahead: BTreeSet<String> = tasks(&on(&workspace, early), late).into_iter().map(|task| task.id).collect();
        let later = tasks(&on(&workspace, late), late);
        let overdue: Vec<_> = later.iter().filter(|task| task.is_overdue(late)).collect();
        assert!(overdue.len() > 3, "{name}: {}", overdue.len());
        for task in overdue {
            assert!(ahead.contains(&task.id), "{name}: {}", task.line());
        }
    }
}

#[test]
fn what_is_overdue_comes_first_then_what_is_to_be_done_now_then_what_is_to_come() {
    for name in ["centralized", "federated", "executive-led"] {
        let workspace = organization(name);
        let list = || tasks(&on(&workspace, day(TODAY)), day("2027-11-24"));
        let (one, other) = (list(), list());
        let ids = |list: &[Task]| list.iter().map(|task| task.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&one), ids(&other));
        assert_eq!(ids(&one).into_iter().collect::<BTreeSet<_>>().len(), one.len(), "each is one");
        let rank = |task: &Task| match task.due {
            Some(due) if due < day(TODAY) => (0, due),
            None => (1, day(TODAY)),
            Some(due) => (2, due),
        };
        assert!(one.iter().map(rank).collect::<Vec<_>>().is_sorted());
    }
}

#[test]
fn what_is_due_later_is_not_on_the_list_yet() {
    // The first cycle of audits began with the ISMS; that it will take them is said early.
    let text =
        "deed: 1\nisms: { owner: ceo, approved: { by: ada, date: 2026-03-01 } }\ncontrols: { A.5.1: { owner: it } }\n";
    let parse = Arc::new(deed_syntax::parse(text, Format::Yaml));
    let workspace = Workspace::new(vec![Manifest { path: "deed.yaml".to_owned(), parse }]);
    let audits = |until: &str| {
        let all = tasks(&on(&workspace, day(TODAY)), day(until));
        all.iter().filter(|task| task.act == deed_linter::Act::Audit).map(|task| task.due).collect::<Vec<_>>()
    };
    let ends = day("2029-03-01");
    assert_eq!(audits("2029-03-01"), [Some(ends)]);
    assert_eq!(audits("2029-02-28"), []);
}
