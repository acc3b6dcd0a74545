//! A table for people.

use std::io::{self, Write};

use deed_history::{BlameEntry, FileBlame};

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
    let mut first = true;
    for file in &shown.blame.files {
        let rows: Vec<Row> = shown.entries(file).map(|entry| Row::new(shown, file, entry)).collect();
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

struct Row {
    key: String,
    commit: String,
    author: String,
    day: String,
    value: String,
}

impl Row {
    fn new(shown: &Shown, file: &FileBlame, entry: &BlameEntry) -> Self {
        let (commit, author, day) = match entry.commit.map(|commit| shown.commit(commit)) {
            Some((id, author)) => {
                let day = author.time.to_string();
                (id.short(), plain(&author.name), day.get(..DAY).unwrap_or_default().to_owned())
            }
            None => ("?".to_owned(), "unknown".to_owned(), String::new()),
        };
        let value = &file.text[entry.range];
        let line = value.lines().next().unwrap_or_default();
        let more = if line.len() < value.len() { " …" } else { "" };
        let document = if entry.document > 0 { format!("#{} ", entry.document + 1) } else { String::new() };
        Self { key: format!("{document}{}", plain(&entry.path)), commit, author, day, value: plain(line) + more }
    }
}

fn table(rows: &[Row], terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let widest =
        |of: fn(&Row) -> &str, limit: usize| rows.iter().map(|row| width(of(row))).max().unwrap_or(0).min(limit);
    let name_width = widest(|row| &row.author, MAX_NAME);
    let fixed = SHORT + DAY + name_width + 4 * GAP;
    // What is left is shared by keys and values; values give way first.
    let room = terminal.width.saturating_sub(fixed).max(30);
    let key_width = widest(|row| &row.key, room.saturating_sub(12).max(room * 2 / 3));
    let value_width = room.saturating_sub(key_width);
    let (code, faint) = (terminal.paint.code, terminal.paint.faint);
    for row in rows {
        let key = cut(&row.key, key_width);
        let author = cut(&row.author, name_width);
        let pad = |text: &str, to: usize| " ".repeat(to.saturating_sub(width(text)) + GAP);
        let line = format!(
            "{key}{}{code}{}{code:#}{}{author}{}{faint}{:DAY$}{faint:#}{}{}",
            pad(&key, key_width),
            row.commit,
            pad(&row.commit, SHORT),
            pad(&author, name_width),
            row.day,
            " ".repeat(GAP),
            cut(&row.value, value_width)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Cuts a text to a width, with an ellipsis where something is gone.
fn cut(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut) + width(c.encode_utf8(&mut [0; 4])) + 1 > limit {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// Names and values are other people's: what could move the cursor is shown as a blank.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
