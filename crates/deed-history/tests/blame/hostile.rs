//! Repositories that were made to be trouble: none may crash or hang the walk, or pass for sound.

use deed_history::{Blame, BlameRequest, HistoryError, MAX_SIZE, Oid, Repository, Unreadable, blame};
use deed_test::Repo;

fn id(digits: &str) -> Oid {
    digits.parse().expect("an id")
}

fn tree(repo: &Repo, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, digits) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend_from_slice(id(digits).as_bytes());
    }
    repo.write_object("tree", &bytes)
}

fn commit(repo: &Repo, tree: &str, parents: &[&str]) -> String {
    let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
    let text = format!("tree {tree}\n{parents}author A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n\nc\n");
    repo.write_object("commit", text.as_bytes())
}

fn run(repo: &Repo, at: &str) -> Result<Blame, HistoryError> {
    let git = Repository::open(repo.dir()).expect("a repository");
    blame(&git, &BlameRequest { at: id(at), paths: vec![], threads: 1, cache: false })
}

#[test]
fn large_files_are_not_read() {
    let repo = Repo::temporary();
    let (small, large) = (repo.write_object("blob", b"a: 1\n"), repo.write_object("blob", &vec![b' '; MAX_SIZE + 1]));
    let [small, large] = [small, large].map(|blob| tree(&repo, &[("100644", b"a.yaml", &blob)]));
    let first = commit(&repo, &small, &[]);
    let second = commit(&repo, &large, &[&first]);
    let third = commit(&repo, &small, &[&second]);
    let found = run(&repo, &second).expect("blame");
    assert_eq!(found.files[0].outcome, Err(Unreadable::TooLarge(MAX_SIZE + 1)));
    // What a version held that nobody can read is not known, so nothing is said.
    let found = run(&repo, &third).expect("blame");
    assert_eq!(found.files[0].outcome.as_ref().expect("it is small")[0].commit, None);
}

#[test]
fn odd_names_and_broken_trees_are_read_as_far_as_they_go() {
    let repo = Repo::temporary();
    let blob = repo.write_object("blob", b"a: 1\n");
    let names: [&[u8]; 7] = [b"", b"..yaml", b"a\nb.yaml", b"a/b.yaml", b"\xff\xfe.yml", b"x.JSON", b"y.yaml"];
    let entries: Vec<_> = names.iter().map(|name| ("100644", *name, &*blob)).collect();
    let odd = tree(&repo, &entries);
    let first = commit(&repo, &odd, &[]);
    let again = tree(&repo, &[&entries[1..], &[("100644", b"y.yaml", &*blob)]].concat());
    let second = commit(&repo, &again, &[&first, &first, &first]);
    let found = run(&repo, &second).expect("blame");
    assert!(found.files.len() >= 5);
    for bytes in [&b"100644 a.yaml"[..], b"100644 a.yaml\0short", b"x\0", b"100644"] {
        let broken = repo.write_object("tree", bytes);
        run(&repo, &commit(&repo, &broken, &[&first])).expect("blame");
    }
    // A file where a directory should be, and the other way round.
    let wrong = tree(&repo, &[("40000", b"d", &blob), ("100644", b"e.yaml", &odd)]);
    assert!(run(&repo, &commit(&repo, &wrong, &[&first])).is_err());
}

#[test]
fn wide_and_deep_trees_end() {
    let repo = Repo::temporary();
    let [one, two] = ["a: 1\n", "a: 2\n"].map(|text| repo.write_object("blob", text.as_bytes()));
    let wide = |last: &str| {
        let names: Vec<String> = (0..30_000).map(|number| format!("{number:06}.yaml")).collect();
        let file = |name: &String| if name == "015000.yaml" { last.to_owned() } else { one.clone() };
        let blobs: Vec<String> = names.iter().map(file).collect();
        let entries: Vec<_> =
            names.iter().zip(&blobs).map(|(name, blob)| ("100644", name.as_bytes(), &**blob)).collect();
        tree(&repo, &entries)
    };
    let first = commit(&repo, &wide(&one), &[]);
    let second = commit(&repo, &wide(&two), &[&first]);
    let found = run(&repo, &second).expect("blame");
    assert_eq!((found.files.len(), found.commits.len()), (30_000, 2));

    let mut deep = tree(&repo, &[("100644", b"a.yaml", &one)]);
    for _ in 0..300 {
        deep = tree(&repo, &[("40000", b"d", &deep)]);
    }
    run(&repo, &commit(&repo, &deep, &[])).expect("blame");
}

#[test]
fn hostile_documents_end() {
    let repo = Repo::temporary();
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    }
    let texts = [
        bomb,
        "[".repeat(100_000),
        "- ".repeat(50_000) + "x\n",
        (0..5_000).map(|depth| " ".repeat(depth) + "a:\n").collect(),
        "a: &a [*a]\n".to_owned(),
        "? ".repeat(50_000),
        (0..20_000).map(|_| "- x\n").collect(),
        format!("{{\"a\":{}", "{\"a\":".repeat(50_000)),
    ];
    let mut last: Option<String> = None;
    for text in &texts {
        let blob = repo.write_object("blob", text.as_bytes());
        let tree = tree(&repo, &[("100644", b"a.yaml", &blob), ("100644", b"b.json", &blob)]);
        last = Some(commit(&repo, &tree, &last.iter().map(String::as_str).collect::<Vec<_>>()));
        run(&repo, last.as_ref().expect("a commit")).expect("blame");
    }
}

#[test]
fn references_that_go_round_in_circles_name_nothing() {
    let repo = Repo::temporary();
    repo.commit("a").write("a.yaml", "a: 1\n").create();
    repo.git(["symbolic-ref", "refs/heads/x", "refs/heads/y"]);
    repo.git(["symbolic-ref", "refs/heads/y", "refs/heads/x"]);
    let git = Repository::open(repo.dir()).expect("a repository");
    assert!(matches!(git.resolve("x"), Err(HistoryError::NoRevision { .. })));
}
