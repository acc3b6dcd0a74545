//! The format for programs: version 1, described by `schemas/blame.schema.json`.
//!
//! Of a large repository there is a lot to say, and the same commits are named over and over. So their part of an entry is
//! put in words once, entries are put together by hand, and lines are counted on from one entry to the next.

use std::cell::OnceCell;
use std::io::{self, Write};

use deed_history::{BlameEntry, FileBlame, Oid, Person, Unreadable};
use serde::Serialize;

use super::Shown;
use crate::cli::lines::Cursor;

/// A commit in words.
struct Named {
    /// The id, with quotes.
    id: Vec<u8>,
    /// Id, author and time, as members of an entry.
    origin: Vec<u8>,
}

#[derive(Serialize)]
struct Author<'s> {
    name: &'s str,
    email: &'s str,
}

impl Named {
    fn of((id, author): &(Oid, Person)) -> Self {
        let mut words = Self { id: Vec::new(), origin: Vec::new() };
        json(&mut words.id, &id.to_string());
        words.origin.extend_from_slice(b"\"commit\":");
        words.origin.extend_from_slice(&words.id);
        words.origin.extend_from_slice(b",\"author\":");
        json(&mut words.origin, &Author { name: &author.name, email: &author.email });
        words.origin.extend_from_slice(b",\"time\":");
        json(&mut words.origin, &author.time.to_string());
        words
    }
}

/// What is said: everything is in one line.
pub(super) struct Words<'s> {
    shown: &'s Shown,
    /// The commits that were named, by index.
    named: Vec<OnceCell<Named>>,
    /// Before the files.
    pub(super) opening: Vec<u8>,
}

/// Behind the files.
pub(super) const END: &[u8] = b"]}\n";

impl<'s> Words<'s> {
    pub(super) fn of(shown: &'s Shown) -> Self {
        let (at, complete) = (shown.at, shown.blame.complete);
        let opening = format!("{{\"version\":1,\"commit\":\"{at}\",\"complete\":{complete},\"files\":[");
        let named = shown.blame.commits.iter().map(|_| OnceCell::new()).collect();
        Self { shown, named, opening: opening.into_bytes() }
    }

    fn named(&self, commit: Option<u32>) -> Option<&Named> {
        let commit = commit? as usize;
        Some(self.named[commit].get_or_init(|| Named::of(&self.shown.blame.commits[commit])))
    }

    /// All of it.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.opening)?;
        let mut words = Vec::new();
        for (index, of) in self.shown.blame.files.iter().enumerate() {
            words.clear();
            if index > 0 {
                words.push(b',');
            }
            self.file(of, &mut words);
            out.write_all(&words)?;
        }
        out.write_all(END)
    }

    /// A file.
    pub(super) fn file(&self, file: &FileBlame, out: &mut Vec<u8>) {
        let error = file.outcome.as_ref().err().map(|why| match why {
            Unreadable::Syntax => "syntax",
            Unreadable::TooLarge(_) => "too-large",
            Unreadable::Missing => "missing",
        });
        let mut path = Vec::new();
        json(&mut path, &String::from_utf8_lossy(&file.path));
        out.extend_from_slice(b"{\"path\":");
        out.extend_from_slice(&path);
        out.extend_from_slice(b",\"error\":");
        json(out, &error);
        out.extend_from_slice(b",\"entries\":[");
        let mut cursor = Cursor::new(&file.text);
        for (index, of) in self.shown.entries(file).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            self.entry(&path, &mut cursor, of, out);
        }
        out.extend_from_slice(b"]}");
    }

    fn entry(&self, path: &[u8], cursor: &mut Cursor<'_>, entry: &BlameEntry, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"path\":");
        json(out, &*entry.path);
        out.extend_from_slice(b",\"document\":");
        json(out, &entry.document);
        out.extend_from_slice(b",\"range\":");
        json(out, &cursor.places(entry.range));
        match self.named(entry.commit) {
            Some(commit) => {
                out.push(b',');
                out.extend_from_slice(&commit.origin);
                out.extend_from_slice(b",\"origin_path\":");
                match &entry.origin_path {
                    Some(path) => json(out, &String::from_utf8_lossy(path)),
                    None => out.extend_from_slice(path),
                }
            }
            None => out.extend_from_slice(b",\"commit\":null,\"author\":null,\"time\":null,\"origin_path\":null"),
        }
        out.extend_from_slice(b",\"adoption\":");
        out.extend_from_slice(self.named(entry.adoption).map_or(b"null", |commit| &commit.id));
        out.push(b'}');
    }
}

fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("what is written here is always JSON");
}
