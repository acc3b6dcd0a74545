//! The format for programs: version 1, described by `schemas/diff.schema.json`.

use std::io::{self, Write};

use deed_linter::difference::Group;
use serde_json::{Map, Value, json};

use super::{End, Shown};

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let end = |end: &End| json!({ "revision": end.name, "commit": end.commit, "day": end.day.to_string() });
    let people = shown.comparison.people.iter().map(|turnover| {
        json!({
            "person": turnover.person,
            "name": turnover.name,
            "gained": turnover.gained,
            "lost": turnover.lost,
        })
    });
    let differences = shown.comparison.differences.iter().map(|difference| {
        json!({
            "kind": difference.kind,
            "group": difference.group.name(),
            "subjects": difference.subjects,
            "what": difference.what,
            "before": difference.before,
            "after": difference.after,
        })
    });
    let summary: Map<String, Value> =
        Group::ALL.into_iter().map(|group| (group.name().to_owned(), shown.count(group).into())).collect();
    let document = json!({
        "version": 1,
        "before": end(&shown.before),
        "after": end(&shown.after),
        "summary": summary,
        "people": people.collect::<Vec<_>>(),
        "differences": differences.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
