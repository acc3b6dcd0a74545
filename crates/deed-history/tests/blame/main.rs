//! The blame engine against its definition, on thousands of random histories.

mod history;
mod hostile;
mod oracle;

use deed_history::{Blame, BlameEntry, BlameRequest, FileBlame, Graph, Oid, Repository, blame, clear_cache};
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

/// Blame of one commit after the other, each with what is known of the one before.
#[test]
fn what_was_found_before_changes_nothing() {
    let count = number("HISTORIES", 100);
    let repo = Repo::temporary();
    history::import(&repo, 0..count);
    let git = Repository::open(repo.dir()).expect("a repository");
    let objects = git.objects().expect("objects");
    let mut compared = 0;
    for seed in 0..count {
        let graph = Graph::load(&objects, git.resolve(&format!("h{seed}")).expect("a revision")).expect("a graph");
        let line: Vec<u32> = graph.first_parents().collect();
        for paths in [vec![], vec![b"d".to_vec()]] {
            // Forward in steps of one to three, and once more where nothing is new.
            let steps = (0..line.len()).rev().filter(|step| step % 3 != seed as usize % 3 || *step == 0);
            for at in steps.chain([0]).map(|step| graph.id(line[step])) {
                let request = |cache| BlameRequest { at, paths: paths.clone(), threads: 1, cache };
                let (kept, fresh) = (blame(&git, &request(true)), blame(&git, &request(false)));
                let (kept, fresh) = (kept.expect("blame"), fresh.expect("blame"));
                assert_eq!(shown(&kept), shown(&fresh), "h{seed} at {at}");
                compared += fresh.files.len();
            }
        }
    }
    assert!(compared as u64 > count);
    assert!(clear_cache(&git).expect("it can be cleared") > 0);
    assert_eq!(clear_cache(&git).expect("it can be cleared"), 0);
}

#[test]
fn a_damaged_cache_is_as_none() {
    let repo = Repo::temporary();
    repo.commit("a").write("a.yaml", "a: [x, {name: y}]\n").create();
    let git = Repository::open(repo.dir()).expect("a repository");
    let request = BlameRequest { at: git.resolve("HEAD").expect("a commit"), paths: vec![], threads: 1, cache: true };
    let first = blame(&git, &request).expect("blame");
    let file =
        std::fs::read_dir(git.common_dir().join("deed")).expect("a cache").flatten().next().expect("a file").path();
    let sound = std::fs::read(&file).expect("it can be read");
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x41;
        std::fs::write(&file, &bytes).expect("it can be written");
        assert_eq!(blame(&git, &request).expect("blame"), first);
        std::fs::write(&file, &sound[..at]).expect("it can be written");
        assert_eq!(blame(&git, &request).expect("blame"), first);
    }
    std::fs::remove_dir_all(git.common_dir().join("deed")).expect("it can be removed");
    std::fs::write(git.common_dir().join("deed"), "in the way").expect("it can be written");
    assert_eq!(blame(&git, &request).expect("blame"), first);
}

/// All that a blame says, without the order in which it numbers commits.
fn shown(blame: &Blame) -> Vec<String> {
    let commit = |index: Option<u32>| index.map(|index| &blame.commits[index as usize]);
    let file = |file: &FileBlame| {
        let entry = |entry: &BlameEntry| {
            let adoption = commit(entry.adoption).map(|(id, _)| id);
            format!("{} {:?} {:?} {adoption:?} {:?}", entry.path, entry.range, commit(entry.commit), entry.origin_path)
        };
        let entries = file.outcome.as_ref().map(|entries| entries.iter().map(entry).collect::<Vec<_>>());
        format!("{:?} {:?} {entries:#?}", String::from_utf8_lossy(&file.path), file.text)
    };
    blame.files.iter().map(file).collect()
}

fn compare(git: &Repository, revision: &str, count: &mut usize) -> Vec<String> {
    let at = git.resolve(revision).expect("a revision");
    let objects = git.objects().expect("objects");
    let graph = Graph::load(&objects, at).expect("a graph");
    let mut oracle = Oracle::new(&graph, &objects);
    let found = blame(git, &BlameRequest { at, paths: vec![], threads: 1, cache: false }).expect("blame");
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
