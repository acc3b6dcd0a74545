//! A list for people.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use deed_linter::Task;
use deed_linter::words::plain;

use super::entry::{Entry, entries};
use super::{Agenda, When};
use crate::cli::terminal::Terminal;
use crate::cli::wrap::{width, wrap};

/// How wide a day is, and what stands between columns.
const DAY: usize = 10;
const GAP: usize = 2;

pub(super) fn write(agenda: &Agenda<'_>, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let strong = terminal.paint.strong;
    let whose = agenda.person.map_or_else(|| agenda.organization().to_owned(), |person| person.display().to_owned());
    let heading = format!("{strong}{}{strong:#} on {}: {}", plain(&whose), agenda.today, agenda.summary());
    for line in wrap(&heading, terminal.width) {
        writeln!(out, "{line}")?;
    }
    for (when, tasks) in agenda.groups() {
        writeln!(out, "\n{strong}{}{strong:#}", when.title())?;
        for entry in entries(agenda, tasks) {
            match agenda.person {
                None => row(agenda, when, &entry, terminal, out)?,
                Some(_) => item(agenda, when, &entry, terminal, out)?,
            }
        }
    }
    if agenda.person.is_none() && !agenda.tasks.is_empty() {
        let faint = terminal.paint.faint;
        writeln!(out, "\n{faint}`deed todo --for PERSON` says more of each, and how it is done.{faint:#}")?;
    }
    Ok(())
}

/// The day of a task, in the colour of its time.
fn day(when: When, task: &Task, terminal: &Terminal) -> (String, Style) {
    let day = task.due.map_or_else(|| "now".to_owned(), |due| due.to_string());
    let style = match when {
        When::Overdue => terminal.paint.error,
        When::Now | When::Week => terminal.paint.warning,
        When::Month | When::Later => Style::new(),
    };
    (format!("{day:DAY$}"), style)
}

/// A line of the whole list: when, what, who.
fn row(agenda: &Agenda<'_>, when: When, entry: &Entry<'_>, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let room = terminal.width.saturating_sub(DAY + 3 * GAP);
    let wide = (room * 2 / 5).min(34);
    let what = wrap(&plain(&entry.line), room - wide);
    let who = wrap(&plain(&agenda.who(entry.task, str::to_owned)), wide);
    let (day, style) = day(when, entry.task, terminal);
    for line in 0..what.len().max(who.len()) {
        let day = if line == 0 { day.as_str() } else { "" };
        let what = what.get(line).map_or("", String::as_str);
        let who = who.get(line).map_or("", String::as_str);
        let gap = " ".repeat((room - wide).saturating_sub(width(what)) + GAP);
        let faint = terminal.paint.faint;
        let line = format!("  {style}{day:DAY$}{style:#}  {what}{gap}{faint}{who}{faint:#}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// One of somebody's own: why, in full, and the command that does it.
fn item(
    agenda: &Agenda<'_>,
    when: When,
    entry: &Entry<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (faint, code) = (terminal.paint.faint, terminal.paint.code);
    let indent = DAY + 2 * GAP;
    let room = terminal.width.saturating_sub(indent).max(30);
    let (day, style) = day(when, entry.task, terminal);
    for (nth, line) in wrap(&plain(&entry.line), room).into_iter().enumerate() {
        let day = if nth == 0 { day.as_str() } else { "" };
        writeln!(out, "  {style}{day:DAY$}{style:#}  {line}")?;
    }
    let also = (entry.task.waits_for.len() != 1).then(|| agenda.who(entry.task, str::to_owned));
    for said in entry.more.iter().chain(&also) {
        for line in wrap(&plain(said), room) {
            writeln!(out, "{:indent$}{faint}{line}{faint:#}", "")?;
        }
    }
    if let Some(command) = &entry.command {
        writeln!(out, "{:indent$}{code}{}{code:#}", "", plain(command))?;
    }
    Ok(())
}
