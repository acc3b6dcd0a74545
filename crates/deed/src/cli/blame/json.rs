//! The format for programs: version 1, described by `schemas/blame.schema.json`.

use std::io::{self, Write};

use deed_history::{BlameEntry, FileBlame, Unreadable};
use deed_syntax::TextSize;
use line_index::{LineIndex, WideEncoding};
use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};

use super::Shown;

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    commit: String,
    complete: bool,
    #[serde(serialize_with = "files")]
    files: &'s Shown,
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
    range: Range,
    commit: Option<String>,
    author: Option<Author<'s>>,
    time: Option<String>,
    origin_path: Option<String>,
    adoption: Option<String>,
}

#[derive(Serialize)]
struct Author<'s> {
    name: &'s str,
    email: &'s str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u32,
}

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { version: 1, commit: shown.at.to_string(), complete: shown.blame.complete, files: shown };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// One after the other, since all entries of a large repository at once would take a lot of memory.
fn files<S: Serializer>(shown: &&Shown, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(shown.blame.files.len()))?;
    for file in &shown.blame.files {
        list.serialize_element(&of(shown, file))?;
    }
    list.end()
}

fn of<'s>(shown: &'s Shown, file: &'s FileBlame) -> File<'s> {
    let index = LineIndex::new(&file.text);
    File {
        path: String::from_utf8_lossy(&file.path).into_owned(),
        error: file.outcome.as_ref().err().map(|why| match why {
            Unreadable::Syntax => "syntax",
            Unreadable::TooLarge(_) => "too-large",
            Unreadable::Missing => "missing",
        }),
        entries: shown.entries(file).map(|entry| value(shown, file, &index, entry)).collect(),
    }
}

fn value<'s>(shown: &'s Shown, file: &'s FileBlame, index: &LineIndex, entry: &'s BlameEntry) -> Entry<'s> {
    let commit = entry.commit.map(|commit| shown.commit(commit));
    let author = commit.map(|(_, author)| author);
    let origin_path = entry.origin_path.as_deref().unwrap_or(&file.path);
    Entry {
        path: &entry.path,
        document: entry.document,
        range: Range { start: place(index, entry.range.start()), end: place(index, entry.range.end()) },
        commit: commit.map(|(id, _)| id.to_string()),
        author: author.map(|author| Author { name: &author.name, email: &author.email }),
        time: author.map(|author| author.time.to_string()),
        origin_path: commit.map(|_| String::from_utf8_lossy(origin_path).into_owned()),
        adoption: entry.adoption.map(|adoption| shown.commit(adoption).0.to_string()),
    }
}

/// Lines and columns count from 1, columns in Unicode scalar values.
fn place(index: &LineIndex, offset: TextSize) -> Place {
    let narrow = index.try_line_col(offset).unwrap_or(line_index::LineCol { line: 0, col: 0 });
    let column = index.to_wide(WideEncoding::Utf32, narrow).map_or(narrow.col, |wide| wide.col);
    Place { line: narrow.line + 1, column: column + 1, offset: offset.into() }
}
