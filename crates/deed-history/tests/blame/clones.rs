//! The blame engine against its definition, on whole repositories that nobody here wrote.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{Write as _, stdout};
use std::path::Path;
use std::time::Instant;

use deed_history::{BlameRequest, FileBlame, Repository, blame};
use deed_test::Repo;

use crate::reference::Reference;
use crate::{differences_of_file, number, shown};

/// Compares every leaf of every YAML and JSON file at HEAD of each clone with the reference, which takes minutes:
///
/// ```text
/// CLONES="/path/to/one.git /path/to/other" cargo test --release -p deed-history --test blame -- --ignored
/// ```
///
/// `SAMPLE=300` asks the reference about so many files of each clone only, and says so; the engine still walks them all.
#[test]
#[ignore = "takes minutes and clones: CLONES=\"path path\" cargo test --release -p deed-history --test blame -- --ignored"]
fn whole_clones_are_blamed_as_the_definition_says() {
    let clones = std::env::var("CLONES").unwrap_or_default();
    let clones: Vec<&Path> = clones.split_whitespace().map(Path::new).collect();
    assert!(!clones.is_empty(), "NOTHING WAS COMPARED: CLONES names no clone of a repository");
    let differences: usize = clones.into_iter().map(compare).sum();
    assert_eq!(differences, 0, "leaves differ");
}

/// An answer that was kept ten commits ago and went on is the one that is found anew. Nothing is written to the clones.
#[test]
#[ignore = "takes clones: CLONES=\"path path\" cargo test --release -p deed-history --test blame -- --ignored"]
fn answers_about_whole_clones_go_on() {
    let clones = std::env::var("CLONES").unwrap_or_default();
    assert!(!clones.trim().is_empty(), "NOTHING WAS COMPARED: CLONES names no clone of a repository");
    for clone in clones.split_whitespace() {
        let dir = tempfile::tempdir().expect("a directory");
        let copy = Repo::temporary();
        copy.git(["clone", "--quiet", "--bare", "--shared", clone, &dir.path().display().to_string()]);
        let git = Repository::open(dir.path()).expect("a repository");
        let blame = |at: &str, cache: bool| {
            let at = git.resolve(at).expect("a commit");
            let found = blame(&git, &BlameRequest { at, paths: vec![], threads: 2, cache }).expect("blame");
            let since: Vec<_> = found.all.iter().filter(|(_, since)| *since != at).collect();
            (shown(&found), since.len())
        };
        let (_, none) = blame("HEAD~30", true);
        assert_eq!(none, 0);
        for at in ["HEAD~20", "HEAD~10", "HEAD~9", "HEAD"] {
            let ((kept, as_before), (fresh, _)) = (blame(at, true), blame(at, false));
            assert!(kept == fresh, "{clone} differs at {at}");
            assert!(as_before > kept.len() / 2, "{clone} was read anew at {at}");
            say(&format!("{clone} at {at}: {} files, {as_before} as before", kept.len()));
        }
    }
}

/// Prints what was compared and each difference. Returns how many there are.
fn compare(clone: &Path) -> usize {
    let git = Repository::open(clone).unwrap_or_else(|error| panic!("{}: {error}", clone.display()));
    let at = git.resolve("HEAD").expect("a commit");
    let begun = Instant::now();
    let found = blame(&git, &BlameRequest { at, paths: vec![], threads: 1, cache: false }).expect("blame");
    let engine = begun.elapsed();
    let tip = at.to_string();
    let mut reference = Reference::load(git.common_dir(), std::slice::from_ref(&tip));
    let files = reference.files(&tip);
    assert!(found.files.iter().map(|file| &file.path).eq(files.keys()), "these are other files");
    let sample = sample(&found.files, number("SAMPLE", u64::MAX) as usize);
    let (mut leaves, mut different) = (0, 0);
    for file in &sample {
        let blob = files[&file.path];
        for difference in differences_of_file(&mut reference, &found, file, &tip, (&file.path, blob), &mut leaves) {
            say(&format!("  {difference}"));
            different += 1;
        }
    }
    let unreadable = sample.iter().filter(|file| file.outcome.is_err()).count();
    say(&format!(
        "{} at {tip}: {} commits; {} of {} files compared, {unreadable} of them unreadable; {leaves} leaves, {different} \
         different; {} versions parsed, {} times under another name; the engine took {:.0?}, all {:.0?}",
        clone.display(),
        reference.commits(),
        sample.len(),
        files.len(),
        reference.parsed,
        reference.renames,
        engine,
        begun.elapsed(),
    ));
    assert!(leaves > 0, "NOTHING WAS COMPARED in {}", clone.display());
    if sample.len() < files.len() {
        say(&format!("NOT COMPARED in {}: {} files", clone.display(), files.len() - sample.len()));
    }
    different
}

/// To who waits, whether the harness shows what tests print or not.
fn say(line: &str) {
    writeln!(stdout(), "{line}").expect("somebody listens");
}

/// Some of the files, the same each time.
fn sample(files: &[FileBlame], count: usize) -> Vec<&FileBlame> {
    let mut files: Vec<&FileBlame> = files.iter().collect();
    files.sort_by_cached_key(|file| {
        let mut hasher = DefaultHasher::new();
        file.path.hash(&mut hasher);
        hasher.finish()
    });
    files.truncate(count);
    files
}
