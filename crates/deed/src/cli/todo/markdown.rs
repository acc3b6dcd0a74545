//! A list to tick off, for an issue or a wiki.

use std::io::{self, Write};

use deed_linter::Task;

use super::Agenda;
use crate::cli::output::markdown::{ROOM, code, plain};

pub(super) fn write(agenda: &Agenda<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whose = agenda.person.map(|person| format!(" for {}", person.display())).unwrap_or_default();
    writeln!(out, "### {}{}: {}", plain(agenda.organization()), plain(&whose), agenda.summary())?;
    writeln!(out, "\nJudged on {}.", agenda.today)?;
    let (mut room, mut shown) = (ROOM, 0);
    for (when, tasks) in agenda.groups() {
        let mut has_title = false;
        for task in tasks {
            let item = item(agenda, task);
            let Some(left) = room.checked_sub(item.chars().count() + 32) else {
                let more = agenda.tasks.len() - shown;
                return writeln!(out, "\nAnd {more} more: `deed todo` lists all.");
            };
            (room, shown) = (left, shown + 1);
            if !has_title {
                writeln!(out, "\n#### {}\n", when.title())?;
                has_title = true;
            }
            writeln!(out, "{item}")?;
        }
    }
    Ok(())
}

fn item(agenda: &Agenda<'_>, task: &Task) -> String {
    let day = task.due.map(|due| format!("**{due}** ")).unwrap_or_default();
    let who = match agenda.person {
        Some(_) if task.waits_for.len() == 1 => String::new(),
        _ => format!(" — {}", plain(&agenda.who(task, code))),
    };
    format!("- [ ] {day}{}{who}", plain(&agenda.line(task)))
}
