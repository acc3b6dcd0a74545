//! A register that is edited is judged as if nothing had been judged before.

use std::sync::Arc;

use deed_history::Repository;
use deed_history::evidence::{Documents, Judge, Request, session, snapshot};
use deed_model::evidence::DecisionEvidence;
use deed_model::{Manifest, Workspace, parse_date};

/// Makes another text of the one at a path.
type Edit = Box<dyn Fn(&str, &str) -> String>;

/// Puts other texts in the place of some, sharing what stays.
fn edited(workspace: &Workspace, edit: impl Fn(&str, &str) -> String) -> Workspace {
    let manifests = workspace.manifests().iter().map(|manifest| {
        let text = edit(&manifest.path, manifest.parse.text());
        let is_same = text == manifest.parse.text();
        let parse = if is_same { manifest.parse.clone() } else { Arc::new(manifest.parse.edited(text)) };
        Manifest { path: manifest.path.clone(), parse }
    });
    Workspace::new(manifests.collect())
}

#[test]
fn what_is_not_judged_again_is_what_would_be_judged() {
    let directory = tempfile::tempdir().expect("a directory");
    deed_test::example::generate(directory.path()).expect("the example");
    let repository = Repository::open(directory.path()).expect("a repository");
    let head = repository.resolve("HEAD").expect("a commit");
    let now = snapshot(&repository, "", head).expect("a register").workspace;
    let request = Request {
        repository: &repository,
        root: "",
        workspace: &now,
        revision: "HEAD",
        trust_root: None,
        cache: false,
        today: parse_date("2026-11-24"),
    };
    let with = |from: &'static str, to: &'static str| move |_: &str, text: &str| text.replace(from, to);
    let edits: [(&str, Edit); 9] = [
        ("nothing", Box::new(|_, text| text.to_owned())),
        ("a line above", Box::new(|_, text| format!("# above\n{text}"))),
        ("titles", Box::new(with("title: ", "title: The "))),
        ("back again", Box::new(with("title: The ", "title: "))),
        ("owners", Box::new(with("owner: ", "owner: x-"))),
        ("days", Box::new(with("date: 2026", "date: 2025"))),
        ("indentation", Box::new(|_, text| text.replace("\n      ", "\n        "))),
        ("anchors", Box::new(with("    title: ", "    title: &a "))),
        ("half of each", Box::new(|_, text| text[..text.floor_char_boundary(text.len() / 2)].to_owned())),
    ];
    let compare = |judge: &mut Judge<'_>, afresh: &mut Judge<'_>| {
        let mut workspace = edited(&now, |_, text| text.to_owned());
        let mut before: Vec<Arc<DecisionEvidence>> = Vec::new();
        for (what, edit) in &edits {
            // Once with some manifests by themselves, and once with all.
            let paths: Vec<String> = workspace.manifests().iter().map(|manifest| manifest.path.clone()).collect();
            for path in paths.iter().step_by(7).map(Some).chain([None]) {
                let is_it = |other: &str| path.is_none_or(|path| path == other);
                workspace =
                    edited(&workspace, |path, text| if is_it(path) { edit(path, text) } else { text.to_owned() });
                let (known, again) = (judge(&workspace, Documents::Known), afresh(&workspace, Documents::Read));
                assert!(known.decisions == again.decisions, "{what} in {path:?}");
                assert_eq!((known.vanished, known.unguarded), (again.vanished, again.unguarded), "{what} in {path:?}");
                if *what == "nothing" && !before.is_empty() {
                    let is_taken = |(a, b): (&Arc<DecisionEvidence>, _)| Arc::ptr_eq(a, b);
                    let taken = before.iter().zip(&known.decisions).filter(|pair| is_taken(*pair)).count();
                    assert!(
                        before.len() > 100 && taken + 5 > before.len(),
                        "{taken} of {} are taken over",
                        before.len()
                    );
                }
                before = known.decisions;
            }
        }
    };
    session(&request, |judge| session(&request, |afresh| compare(judge, afresh)).expect("history")).expect("history");
}
