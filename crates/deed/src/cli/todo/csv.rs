//! One row a task, for spreadsheets.

use std::io::{self, Write};

use deed_linter::Doer;
use deed_linter::words::name;

use super::{Agenda, bare, command};
use crate::cli::csv::row;
use crate::cli::lines::Lines;

pub(super) fn write(agenda: &Agenda<'_>, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &agenda.project.workspace;
    let lines = Lines::new(workspace);
    let header = [
        "due",
        "overdue",
        "what",
        "subject",
        "title",
        "waits_for",
        "roles",
        "escalates_to",
        "rules",
        "place",
        "command",
    ];
    row(&header, out)?;
    for task in &agenda.tasks {
        let names = |doers: &[Doer]| {
            doers.iter().map(|doer| name(&doer.person, agenda.register())).collect::<Vec<_>>().join("; ")
        };
        let roles: Vec<_> = task.waits_for.iter().filter_map(|doer| doer.role.as_deref()).collect();
        let rules: Vec<_> = task.reasons.iter().filter_map(|reason| reason.rule).map(|rule| rule.id).collect();
        let line = lines.line(task.span.file, task.span.range.start()) + 1;
        row(
            &[
                task.due.map(|due| due.to_string()).unwrap_or_default(),
                if task.is_overdue(agenda.today) { "yes" } else { "no" }.to_owned(),
                bare(&task.line()),
                task.subject.clone(),
                task.title.clone(),
                names(&task.waits_for),
                roles.join("; "),
                names(task.escalates_to.as_slice()),
                rules.join(" "),
                format!("{}:{line}", workspace.manifest(task.span.file).path),
                command(workspace, &[task]).unwrap_or_default(),
            ],
            out,
        )?;
    }
    Ok(())
}
