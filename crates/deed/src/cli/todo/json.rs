//! The format for programs: version 1, described by `schemas/todo.schema.json`.

use std::io::{self, Write};

use deed_linter::words::name;
use deed_linter::{Doer, Reason};
use serde_json::{Value, json};

use super::{Agenda, command};
use crate::cli::lines::Lines;
use crate::load::history::Past;

pub(super) fn write(agenda: &Agenda<'_>, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &agenda.project.workspace;
    let lines = Lines::new(workspace);
    let doer = |doer: &Doer| -> Value {
        json!({ "person": doer.person, "name": name(&doer.person, agenda.register()), "role": doer.role })
    };
    let reason = |reason: &Reason| -> Value {
        let fingerprint = (!reason.fingerprint.is_empty()).then_some(&reason.fingerprint);
        json!({
            "rule": reason.rule.map(|rule| rule.id),
            "severity": reason.severity.name(),
            "message": reason.message,
            "fingerprint": fingerprint,
        })
    };
    let tasks = agenda.tasks.iter().map(|task| {
        json!({
            "id": task.id,
            "act": task.act.name(),
            "decision": task.act.verb().map(|verb| verb.key()),
            "subject": task.subject,
            "title": (!task.title.is_empty()).then_some(&task.title),
            "what": task.line(),
            "due": task.due.map(|due| due.to_string()),
            "overdue": task.is_overdue(agenda.today),
            "waits_for": task.waits_for.iter().map(doer).collect::<Vec<_>>(),
            "escalates_to": task.escalates_to.as_ref().map(doer),
            "reasons": task.reasons.iter().map(reason).collect::<Vec<_>>(),
            "path": workspace.manifest(task.span.file).path,
            "range": lines.places(task.span),
            "command": command(workspace, &[task]),
        })
    });
    let head = match &agenda.project.past {
        Past::Read(history) => history.head.as_deref(),
        _ => None,
    };
    let document = json!({
        "version": 1,
        "today": agenda.today.to_string(),
        "until": agenda.until.to_string(),
        "head": head,
        "for": agenda.person.map(|person| &person.head.id),
        "tasks": tasks.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
