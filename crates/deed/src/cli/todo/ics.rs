//! A calendar to subscribe to (RFC 5545).
//!
//! Events and not to-dos: those who subscribe with Google Calendar, Outlook or a telephone are shown no others. Each is all
//! day long on its last day and takes nobody's time; what is overdue, or to be done now, stands on the day it is judged on.
//! Nothing in it depends on when it was written, so that the same register gives the same bytes.

use std::io::{self, Write};

use deed_linter::Task;
use deed_model::Date;

use super::{Agenda, bare, command};

/// The longest a line may be, in bytes without its end.
const LINE: usize = 75;

pub(super) fn write(agenda: &Agenda<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whose = agenda.person.map(|person| format!(" of {}", person.display())).unwrap_or_default();
    let name = format!("{}: tasks{whose}", agenda.organization());
    line("BEGIN", "VCALENDAR", out)?;
    line("VERSION", "2.0", out)?;
    line("PRODID", concat!("-//Deed//deed ", env!("CARGO_PKG_VERSION"), "//EN"), out)?;
    line("CALSCALE", "GREGORIAN", out)?;
    line("METHOD", "PUBLISH", out)?;
    line("X-WR-CALNAME", &text(&name), out)?;
    line("REFRESH-INTERVAL;VALUE=DURATION", "P1D", out)?;
    line("X-PUBLISHED-TTL", "P1D", out)?;
    for task in &agenda.tasks {
        event(agenda, task, out)?;
    }
    line("END", "VCALENDAR", out)
}

fn event(agenda: &Agenda<'_>, task: &Task, out: &mut dyn Write) -> io::Result<()> {
    let on = task.due.unwrap_or(agenda.today).max(agenda.today);
    let overdue = if task.is_overdue(agenda.today) { "Overdue: " } else { "" };
    let who = agenda.who(task, str::to_owned);
    let whose = if agenda.person.is_none() { format!(" [{who}]") } else { String::new() };
    let mut described: Vec<String> = task.reasons.iter().map(|reason| bare(&reason.message)).collect();
    if task.is_overdue(agenda.today) {
        described.extend(task.due.map(|due| format!("Due on {due}.")));
    }
    described.push(format!("Waits for {who}."));
    described.extend(command(&agenda.project.workspace, &[task]));
    line("BEGIN", "VEVENT", out)?;
    line("UID", &format!("{}@deed", task.id), out)?;
    line("DTSTAMP", &format!("{}T000000Z", compact(agenda.today)), out)?;
    line("DTSTART;VALUE=DATE", &compact(on), out)?;
    line("DTEND;VALUE=DATE", &compact(on.tomorrow().unwrap_or(on)), out)?;
    line("SUMMARY", &text(&format!("{overdue}{}{whose}", bare(&agenda.line(task)))), out)?;
    line("DESCRIPTION", &text(&described.join("\n")), out)?;
    line("TRANSP", "TRANSPARENT", out)?;
    line("END", "VEVENT", out)
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// A text as a value: what would end it, or begin another, is escaped; other control characters are left out.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for char in value.chars() {
        match char {
            '\\' | ';' | ',' => escaped.extend(['\\', char]),
            '\n' => escaped += "\\n",
            '\t' => escaped.push(' '),
            _ if char.is_control() => {}
            _ => escaped.push(char),
        }
    }
    escaped
}

/// Writes a property, folded where it is long: no line is longer than 75 bytes, and no character is cut.
fn line(name: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
    let whole = format!("{name}:{value}");
    let mut rest = whole.as_str();
    let mut room = LINE;
    while rest.len() > room {
        let at = (0..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        write!(out, "{}\r\n ", &rest[..at])?;
        rest = &rest[at..];
        // The blank that a folded line begins with counts.
        room = LINE - 1;
    }
    write!(out, "{rest}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(value: &str) -> String {
        let mut out = Vec::new();
        line("SUMMARY", value, &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("no character is cut")
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        for value in
            ["x".repeat(67), "x".repeat(68), "x".repeat(400), "é🦀".repeat(60), "x".to_owned() + &"é".repeat(99)]
        {
            let folded = folded(&value);
            assert!(folded.ends_with("\r\n"), "{folded:?}");
            assert!(folded.split("\r\n").all(|line| line.len() <= LINE), "{folded:?}");
            assert_eq!(folded.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
        }
        assert!(!folded(&"x".repeat(67)).contains("\r\n "), "75 bytes are a line");
    }

    #[test]
    fn a_text_cannot_end_its_property() {
        assert_eq!(text("a;b, c\\d\r\nEND:VEVENT\u{7}"), "a\\;b\\, c\\\\d\\nEND:VEVENT");
    }
}
