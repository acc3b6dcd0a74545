//! The format for programs: version 1, described by `schemas/blame.schema.json`.

use std::borrow::Cow;
use std::io::{self, Write};

use deed_history::{BlameEntry, FileBlame, Oid, Person, Unreadable};
use line_index::LineIndex;
use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};

use super::Shown;
use crate::cli::lines::{Places, places};

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    commit: String,
    complete: bool,
    #[serde(serialize_with = "files")]
    files: (&'s Shown, &'s [Named<'s>]),
}

/// A commit in words; most are named many times.
struct Named<'s> {
    id: String,
    author: Author<'s>,
    time: String,
}

#[derive(Serialize)]
struct File<'s> {
    path: String,
    error: Option<&'static str>,
    entries: Vec<Entry<'s>>,
}

#[derive(Serialize)]
struct Entry<'s> {
    path: &'s str,
    document: u32,
    range: Places,
    commit: Option<&'s str>,
    author: Option<Author<'s>>,
    time: Option<&'s str>,
    origin_path: Option<Cow<'s, str>>,
    adoption: Option<&'s str>,
}

#[derive(Clone, Copy, Serialize)]
struct Author<'s> {
    name: &'s str,
    email: &'s str,
}

impl<'s> Named<'s> {
    fn of((id, author): &'s (Oid, Person)) -> Self {
        let who = Author { name: &author.name, email: &author.email };
        Self { id: id.to_string(), author: who, time: author.time.to_string() }
    }
}

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let named: Vec<Named<'_>> = shown.blame.commits.iter().map(Named::of).collect();
    let (commit, complete) = (shown.at.to_string(), shown.blame.complete);
    // In one line: of a large repository there is a lot to say.
    serde_json::to_writer(&mut *out, &Document { version: 1, commit, complete, files: (shown, &named) })?;
    writeln!(out)
}

/// One after the other, since all entries of a large repository at once would take a lot of memory.
fn files<S: Serializer>((shown, named): &(&Shown, &[Named<'_>]), serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(shown.blame.files.len()))?;
    for file in &shown.blame.files {
        list.serialize_element(&of(shown, named, file))?;
    }
    list.end()
}

fn of<'s>(shown: &'s Shown, named: &'s [Named<'s>], file: &'s FileBlame) -> File<'s> {
    let index = LineIndex::new(&file.text);
    File {
        path: String::from_utf8_lossy(&file.path).into_owned(),
        error: file.outcome.as_ref().err().map(|why| match why {
            Unreadable::Syntax => "syntax",
            Unreadable::TooLarge(_) => "too-large",
            Unreadable::Missing => "missing",
        }),
        entries: shown.entries(file).map(|entry| value(named, file, &index, entry)).collect(),
    }
}

fn value<'s>(named: &'s [Named<'s>], file: &'s FileBlame, index: &LineIndex, entry: &'s BlameEntry) -> Entry<'s> {
    let of = |commit: Option<u32>| commit.map(|commit| &named[commit as usize]);
    let commit = of(entry.commit);
    let origin_path = entry.origin_path.as_deref().unwrap_or(&file.path);
    Entry {
        path: &entry.path,
        document: entry.document,
        range: places(index, &file.text, entry.range),
        commit: commit.map(|commit| &*commit.id),
        author: commit.map(|commit| commit.author),
        time: commit.map(|commit| &*commit.time),
        origin_path: commit.map(|_| String::from_utf8_lossy(origin_path)),
        adoption: of(entry.adoption).map(|commit| &*commit.id),
    }
}
