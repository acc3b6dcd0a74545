//! The blame engine against its definition, on thousands of random histories and on whole clones.

mod clones;
mod history;
mod hostile;
mod reference;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use deed_history::{
    Blame, BlameEntry, BlameRequest, FileBlame, Graph, Oid, Repository, blame, blame_unknown, clear_cache,
};
use deed_test::Repo;

use crate::reference::{Blob, Reference, Source};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `HISTORIES=5000 FIRST=0 cargo test …` tries more.
#[test]
fn the_engine_finds_what_the_definition_says() {
    let (first, count) = (number("FIRST", 0), number("HISTORIES", 400));
    let repo = Repo::temporary();
    history::import(&repo, first..first + count);
    compare_all(&Repository::open(repo.dir()).expect("a repository"), first..first + count);
}

#[test]
fn what_lies_beyond_a_cut_is_unknown() {
    let seeds = 0..number("HISTORIES", 60);
    let repo = Repo::temporary();
    history::import(&repo, seeds.clone());
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
    compare_all(&Repository::open(dir.path()).expect("a repository"), seeds);
}

/// Compares the blame of random histories with the reference's.
fn compare_all(git: &Repository, seeds: Range<u64>) {
    let at = |seed: &u64| git.resolve(&format!("h{seed}")).expect("a revision");
    let tips: Vec<String> = seeds.clone().map(|seed| at(&seed).to_string()).collect();
    let mut reference = Reference::load(git.common_dir(), &tips);
    let (mut leaves, mut different) = (0, Vec::new());
    for seed in seeds.clone() {
        let request = BlameRequest { at: at(&seed), paths: vec![], threads: 1, cache: false };
        let found = blame(git, &request).expect("blame");
        let tip = &tips[(seed - seeds.start) as usize];
        let differences = differences(&mut reference, &found, tip, &mut leaves);
        different.extend(differences.into_iter().map(|difference| format!("h{seed}: {difference}")));
    }
    let shown = different.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(different.is_empty(), "{} of {leaves} leaves differ:\n{shown}", different.len());
    assert!(leaves > 2 * tips.len(), "{leaves} leaves are too few to mean anything");
}

/// Blame of one commit after the other, each with what is known of the one before.
#[test]
fn what_was_found_before_changes_nothing() {
    let count = number("HISTORIES", 100);
    let repo = Repo::temporary();
    history::import(&repo, 0..count);
    let git = Repository::open(repo.dir()).expect("a repository");
    let objects = git.objects().expect("objects");
    let (mut compared, mut asked) = (0, 0);
    for seed in 0..count {
        let graph = Graph::load(&objects, git.resolve(&format!("h{seed}")).expect("a revision")).expect("a graph");
        let line: Vec<u32> = graph.first_parents().collect();
        for paths in [vec![], vec![b"d".to_vec()]] {
            // What was told of a file as of some commit, which half of the histories ask for only once.
            let mut told: HashMap<(Vec<u8>, Oid), String> = HashMap::new();
            // Forward in steps of one to three, and once more where nothing is new.
            let steps = (0..line.len()).rev().filter(|step| step % 3 != seed as usize % 3 || *step == 0);
            for at in steps.chain([0]).map(|step| graph.id(line[step])) {
                let request = |cache| BlameRequest { at, paths: paths.clone(), threads: 1, cache };
                let known = |path: &[u8], since| seed % 2 == 0 && told.contains_key(&(path.to_vec(), since));
                let (kept, fresh) = (blame_unknown(&git, &request(true), &known), blame(&git, &request(false)));
                let (kept, fresh) = (kept.expect("blame"), fresh.expect("blame"));
                asked += kept.all.len() - kept.files.len();
                let all: BTreeMap<&Vec<u8>, Oid> = kept.all.iter().map(|(path, since)| (path, *since)).collect();
                for (file, words) in kept.files.iter().zip(shown(&kept)) {
                    let before = told.insert((file.path.clone(), all[&file.path]), words.clone());
                    assert!(before.is_none_or(|before| before == words), "h{seed} at {at}");
                }
                let kept: Vec<&String> = kept.all.iter().map(|file| &told[file]).collect();
                assert_eq!(kept, shown(&fresh).iter().collect::<Vec<_>>(), "h{seed} at {at}");
                compared += fresh.files.len();
            }
        }
    }
    assert!(compared as u64 > count && asked as u64 > count, "{compared} files, {asked} of them known");
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

/// What of a blame is not as the reference says. Adds how many leaves were compared.
fn differences(reference: &mut Reference, blame: &Blame, commit: &str, leaves: &mut usize) -> Vec<String> {
    let files = reference.files(commit);
    let paths = blame.files.iter().map(|file| &file.path);
    assert!(paths.eq(files.keys()), "these are other files");
    let mut differences = Vec::new();
    for (file, (path, blob)) in blame.files.iter().zip(files) {
        differences.extend(differences_of_file(reference, blame, file, commit, (&path, blob), leaves));
    }
    differences
}

fn differences_of_file(
    reference: &mut Reference,
    blame: &Blame,
    file: &FileBlame,
    commit: &str,
    (path, blob): (&[u8], Blob),
    leaves: &mut usize,
) -> Vec<String> {
    let name = String::from_utf8_lossy(path);
    let (entries, expected) = match (&file.outcome, reference.blame(commit, path, blob)) {
        (Err(_), None) => return vec![],
        (Err(why), Some(_)) => return vec![format!("{name} can be read: {why:?}")],
        (Ok(_), None) => return vec![format!("{name} cannot be read")],
        (Ok(entries), Some(expected)) => (entries, expected),
    };
    if entries.len() != expected.len() {
        return vec![format!("{name} has {} leaves instead of {}", entries.len(), expected.len())];
    }
    *leaves += entries.len();
    let id = |index: u32| blame.commits[index as usize].0.to_string();
    let found = |entry: &BlameEntry| Source {
        display: entry.path.to_string(),
        document: entry.document as usize,
        range: entry.range,
        origin: entry.commit.map(|at| (id(at), entry.origin_path.as_deref().unwrap_or(path).to_vec())),
        adoption: entry.adoption.map(id),
    };
    let pairs = entries.iter().map(found).zip(expected).filter(|(found, expected)| found != expected);
    pairs.map(|(found, expected)| format!("{name}: {found:?} instead of {expected:?}")).collect()
}
