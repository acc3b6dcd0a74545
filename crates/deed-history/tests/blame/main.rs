//! The blame engine against its definition, on thousands of random histories.

mod history;
mod oracle;

use deed_history::{BlameRequest, Graph, Oid, Repository, blame};
use deed_test::Repo;

use crate::oracle::Oracle;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `HISTORIES=5000 FIRST=0 cargo test …` tries more.
#[test]
fn the_engine_finds_what_the_definition_says() {
    let (first, count) = (number("FIRST", 0), number("HISTORIES", 400));
    let repo = Repo::temporary();
    history::import(&repo, first..first + count);
    let git = Repository::open(repo.dir()).expect("a repository");
    let (mut leaves, mut differences) = (0, Vec::new());
    for seed in first..first + count {
        let found = compare(&git, &format!("h{seed}"), &mut leaves);
        differences.extend(found.into_iter().map(|difference| format!("h{seed}: {difference}")));
    }
    let shown = differences.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} of {leaves} leaves differ:\n{shown}", differences.len());
    assert!(leaves as u64 > count, "{leaves} leaves are too few to mean anything");
}

#[test]
fn what_lies_beyond_a_cut_is_unknown() {
    let repo = Repo::temporary();
    history::import(&repo, 0..number("HISTORIES", 60));
    let dir = tempfile::tempdir().expect("a directory");
    let url = format!("file://{}", repo.dir().display());
    repo.git([
        "clone",
        "--quiet",
        "--bare",
        "--depth=5",
        "--no-single-branch",
        &url,
        &dir.path().display().to_string(),
    ]);
    let git = Repository::open(dir.path()).expect("a repository");
    let (mut leaves, mut differences) = (0, Vec::new());
    for seed in 0..number("HISTORIES", 60) {
        differences.extend(compare(&git, &format!("h{seed}"), &mut leaves));
    }
    assert!(differences.is_empty(), "{} of {leaves} leaves differ:\n{}", differences.len(), differences[0]);
    assert!(leaves > 100, "{leaves} leaves are too few to mean anything");
}

fn compare(git: &Repository, revision: &str, count: &mut usize) -> Vec<String> {
    let at = git.resolve(revision).expect("a revision");
    let objects = git.objects().expect("objects");
    let graph = Graph::load(&objects, at).expect("a graph");
    let mut oracle = Oracle::new(&graph, &objects);
    let found = blame(git, &BlameRequest { at, paths: vec![] }, 1).expect("blame");
    let mut differences = Vec::new();
    assert_eq!(
        found.files.iter().map(|file| &file.path).collect::<Vec<_>>(),
        oracle.files().iter().map(|(path, _)| path).collect::<Vec<_>>()
    );
    for file in &found.files {
        let name = String::from_utf8_lossy(&file.path).into_owned();
        let expected = oracle.blame(&file.path);
        let Some(expected) = expected else {
            assert!(file.outcome.is_err(), "{name} can be read");
            continue;
        };
        let entries = file.outcome.as_ref().unwrap_or_else(|why| panic!("{revision} {name}: {why:?}"));
        assert_eq!(entries.len(), expected.len(), "{name}");
        for (entry, (origin, adoption)) in entries.iter().zip(expected) {
            *count += 1;
            let commit = |index: Option<u32>| index.map(|index| found.commits[index as usize].0);
            let path = entry.commit.map(|_| entry.origin_path.as_deref().unwrap_or(&file.path).to_vec());
            let ours: (Option<Oid>, Option<Vec<u8>>, Option<Oid>) =
                (commit(entry.commit), path, commit(entry.adoption));
            let theirs = (
                origin.as_ref().map(|(commit, _)| graph.id(*commit)),
                origin.map(|(_, path)| path),
                adoption.map(|commit| graph.id(commit)),
            );
            if ours != theirs {
                differences.push(format!("{name} {}: {ours:?} instead of {theirs:?}", entry.path));
            }
        }
    }
    differences
}
