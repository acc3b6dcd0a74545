//! The format for programs: version 1, described by `schemas/blame.schema.json`.
//!
//! Of a large repository there is a lot to say, and the same commits are named over and over. So their part of an entry is
//! put in words once, entries are put together by hand, and lines are counted on from one entry to the next.

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

/// Everything is in one line.
pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let named: Vec<Named> = shown.blame.commits.iter().map(Named::of).collect();
    let complete = shown.blame.complete;
    write!(out, "{{\"version\":1,\"commit\":\"{}\",\"complete\":{complete},\"files\":[", shown.at)?;
    let mut words = Vec::new();
    for (index, of) in shown.blame.files.iter().enumerate() {
        words.clear();
        if index > 0 {
            words.push(b',');
        }
        file(shown, &named, of, &mut words);
        out.write_all(&words)?;
    }
    writeln!(out, "]}}")
}

fn file(shown: &Shown, named: &[Named], file: &FileBlame, out: &mut Vec<u8>) {
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
    for (index, of) in shown.entries(file).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        entry(named, &path, &mut cursor, of, out);
    }
    out.extend_from_slice(b"]}");
}

fn entry(named: &[Named], path: &[u8], cursor: &mut Cursor<'_>, entry: &BlameEntry, out: &mut Vec<u8>) {
    let of = |commit: Option<u32>| commit.map(|commit| &named[commit as usize]);
    out.extend_from_slice(b"{\"path\":");
    json(out, &*entry.path);
    out.extend_from_slice(b",\"document\":");
    json(out, &entry.document);
    out.extend_from_slice(b",\"range\":");
    json(out, &cursor.places(entry.range));
    match of(entry.commit) {
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
    out.extend_from_slice(of(entry.adoption).map_or(b"null", |commit| &commit.id));
    out.push(b'}');
}

fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("what is written here is always JSON");
}
