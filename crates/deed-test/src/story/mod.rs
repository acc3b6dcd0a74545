//! Plays a story: a text that says who commits which edits when becomes a Git repository.
//!
//! The working tree at the end is nothing but the sum of the story's edits, so the two cannot drift apart.

mod cast;
mod edits;
mod manifest;
mod script;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Draft, Repo};
use cast::Cast;
use edits::Edits;
use script::{Commit, Event};

/// A story, read and ready to be played into an empty repository.
#[derive(Debug)]
pub struct Story {
    files: PathBuf,
    cast: Cast,
    events: Vec<Event>,
}

impl Story {
    /// Reads `cast.csv`, `story/*.story` in the order of their names, and remembers `files/`, all below `dir`.
    pub fn read(dir: &Path) -> std::io::Result<Self> {
        let cast = Cast::read(&fs::read_to_string(dir.join("cast.csv"))?);
        let mut parts =
            fs::read_dir(dir.join("story"))?.map(|part| Ok(part?.path())).collect::<std::io::Result<Vec<_>>>()?;
        parts.sort();
        let mut events = Vec::new();
        for part in parts {
            events.extend(script::read(&part, &fs::read_to_string(&part)?));
        }
        Ok(Self { files: dir.join("files"), cast, events })
    }

    /// Plays every event in order; panics with the place in the story where it does not fit what came before.
    pub fn play(&self, repo: &Repo) {
        for event in &self.events {
            match event {
                Event::Move { place, words } => {
                    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                        ["branch", name] => repo.branch(name),
                        ["switch", name] => repo.switch(name),
                        _ => panic!("{place}: branch or switch, not {words:?}"),
                    };
                }
                Event::Commit(commit) => self.commit(repo, commit),
            }
        }
    }

    fn commit(&self, repo: &Repo, commit: &Commit) {
        let author = self.cast.member(&commit.author);
        let edits = Edits::make(self, repo, commit);
        let Some(via) = commit.flag("via") else {
            let draft = match commit.flag("merge") {
                Some(branch) => repo.merge(branch, &commit.message),
                None => repo.commit(&commit.message),
            };
            let draft = match commit.flag("strategy") {
                Some(strategy) => draft.strategy(strategy),
                None => draft,
            };
            let draft = match commit.flag("committer") {
                Some(committer) => draft.committer(&self.cast.member(committer).identity),
                None => draft,
            };
            let draft = draft.author(&author.identity).at(&author.time(&commit.date, &commit.time));
            self.sign(edits.write(draft), commit).create();
            return;
        };
        // A second person merges the first one's branch.
        let (merger, when) = via.split_once('@').unwrap_or((via, ""));
        let (date, time) = when.split_once('T').unwrap_or((&commit.date, "17:40"));
        let merger = self.cast.member(merger);
        let subject = commit.message.lines().next().unwrap_or_default();
        let branch = format!("{}/{}", commit.author, slug(subject));
        repo.branch(&branch);
        let draft = repo.commit(&commit.message).author(&author.identity);
        self.sign(edits.write(draft.at(&author.time(&commit.date, &commit.time))), commit).create();
        repo.switch("main");
        repo.merge(&branch, &format!("Merge branch '{branch}'\n"))
            .author(&merger.identity)
            .at(&merger.time(date, time))
            .signed(merger.key(date))
            .create();
        repo.git(["branch", "--quiet", "--delete", &branch]);
    }

    fn sign<'r>(&self, draft: Draft<'r>, commit: &Commit) -> Draft<'r> {
        match (commit.flag("key"), commit.flag("signed")) {
            (Some(key), _) => draft.signed(self.cast.key(key)),
            (None, Some(_)) => draft.signed(self.cast.member(&commit.author).key(&commit.date)),
            (None, None) => draft,
        }
    }
}

/// Makes a branch name of a subject line.
fn slug(subject: &str) -> String {
    let words = subject.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.take(5).collect::<Vec<_>>().join("-")
}
