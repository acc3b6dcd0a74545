//! A table for people.

use std::borrow::Cow;
use std::io::{self, Write};

use deed_history::{BlameEntry, FileBlame, Oid, Person};
use deed_linter::words::plain;

use super::Shown;
use crate::cli::terminal::Terminal;
use crate::cli::wrap::width;

/// Each column but the last is followed by two blanks.
const GAP: usize = 2;
const SHORT: usize = 10;
const DAY: usize = 10;
/// Names longer than this are cut.
const MAX_NAME: usize = 20;

pub(super) fn write(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let several = shown.blame.files.len() > 1;
    let named: Vec<Named> = shown.blame.commits.iter().map(Named::of).collect();
    let unknown = Named::unknown();
    let of = |commit: Option<u32>| commit.map_or(&unknown, |commit| &named[commit as usize]);
    let mut first = true;
    for file in &shown.blame.files {
        let rows: Vec<Row<'_>> = shown.entries(file).map(|entry| Row::new(of(entry.commit), file, entry)).collect();
        if rows.is_empty() {
            continue;
        }
        if several {
            let gap = if first { "" } else { "\n" };
            let strong = terminal.paint.strong;
            writeln!(out, "{gap}{strong}{}{strong:#}", String::from_utf8_lossy(&file.path))?;
        }
        first = false;
        table(&rows, terminal, out)?;
    }
    Ok(())
}

/// A commit as it is shown, which mostly is many times.
struct Named {
    id: String,
    author: String,
    day: String,
}

impl Named {
    fn of((id, author): &(Oid, Person)) -> Self {
        let mut day = author.time.to_string();
        day.truncate(DAY);
        Self { id: id.short(), author: cut(&plain(&author.name), MAX_NAME).into_owned(), day }
    }

    fn unknown() -> Self {
        Self { id: "?".to_owned(), author: "unknown".to_owned(), day: String::new() }
    }
}

struct Row<'s> {
    key: Cow<'s, str>,
    commit: &'s Named,
    value: Cow<'s, str>,
}

impl<'s> Row<'s> {
    fn new(commit: &'s Named, file: &'s FileBlame, entry: &'s BlameEntry) -> Self {
        let key = plain(&entry.path);
        let key = if entry.document > 0 { Cow::Owned(format!("#{} {key}", entry.document + 1)) } else { key };
        let value = &file.text[entry.range];
        let line = value.lines().next().unwrap_or_default();
        let first = plain(line);
        Self { key, commit, value: if line.len() < value.len() { Cow::Owned(format!("{first} …")) } else { first } }
    }
}

fn table(rows: &[Row<'_>], terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let widest = |of: fn(&Row<'_>) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let name_width = widest(|row| width(&row.commit.author));
    let fixed = SHORT + DAY + name_width + 4 * GAP;
    // What is left is shared by keys and values; values give way first.
    let room = terminal.width.saturating_sub(fixed).max(30);
    let key_width = widest(|row| width(&row.key)).min(room.saturating_sub(12).max(room * 2 / 3));
    let value_width = room.saturating_sub(key_width);
    let (code, faint) = (terminal.paint.code, terminal.paint.faint);
    let gap = |text: &str, to: usize| to.saturating_sub(width(text)) + GAP;
    for Row { key, commit, value } in rows {
        let key = cut(key, key_width);
        let Named { id, author, day } = commit;
        let (after_key, after_id, after_author) = (gap(&key, key_width), gap(id, SHORT), gap(author, name_width));
        write!(out, "{key}{:after_key$}{code}{id}{code:#}{:after_id$}{author}", "", "")?;
        match &*cut(value, value_width) {
            "" => writeln!(out, "{:after_author$}{faint}{day}{faint:#}", "")?,
            value => writeln!(out, "{:after_author$}{faint}{day:DAY$}{faint:#}{:GAP$}{value}", "", "")?,
        }
    }
    Ok(())
}

/// Cuts a text to a width, with an ellipsis where something is gone.
fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    // No character takes more columns than bytes.
    if text.len() <= limit || width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let (mut cut, mut taken) = (String::new(), 1);
    for c in text.chars() {
        taken += width(c.encode_utf8(&mut [0; 4]));
        if taken > limit {
            break;
        }
        cut.push(c);
    }
    Cow::Owned(cut + "…")
}
