//! For people.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;
use deed_linter::difference::{Difference, Group};
use deed_linter::words::plain;

use super::{Shown, listed};
use crate::cli::terminal::{Paint, Terminal};
use crate::cli::wrap::wrap;

pub(super) fn write(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let strong = terminal.paint.strong;
    let heading = format!(
        "{strong}{}{strong:#}: {} → {}",
        plain(&shown.organization),
        plain(&shown.before.told()),
        plain(&shown.after.told())
    );
    for line in wrap(&heading, terminal.width) {
        writeln!(out, "{line}")?;
    }
    for line in wrap(&shown.summary(), terminal.width) {
        writeln!(out, "{line}")?;
    }
    let mut told_of_people = false;
    for (group, differences) in shown.groups() {
        if group >= Group::Ownership && !told_of_people {
            told_of_people = true;
            people(shown, terminal, out)?;
        }
        writeln!(out, "\n{strong}{}{strong:#}", group.title())?;
        for difference in differences {
            let (mark, style) = mark(difference, &terminal.paint);
            item(mark, style, &difference.what, terminal, out)?;
        }
    }
    if told_of_people { Ok(()) } else { people(shown, terminal, out) }
}

/// Who answers for more, and who for less.
fn people(shown: &Shown, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    if shown.comparison.people.is_empty() {
        return Ok(());
    }
    let strong = terminal.paint.strong;
    writeln!(out, "\n{strong}Who answers for what{strong:#}")?;
    for turnover in &shown.comparison.people {
        writeln!(out, "  {}", plain(&turnover.name))?;
        let paint = &terminal.paint;
        for (mark, style, what) in [("+", paint.added, &turnover.gained), ("-", paint.removed, &turnover.lost)] {
            if !what.is_empty() {
                item(&format!("  {mark}"), style, &listed(what), terminal, out)?;
            }
        }
    }
    Ok(())
}

const fn mark(difference: &Difference, paint: &Paint) -> (&'static str, Style) {
    match difference.group {
        Group::Weakened => ("!", paint.error),
        Group::Lost => ("-", paint.error),
        Group::Decided => ("+", paint.added),
        Group::Subjects | Group::Ownership | Group::Authority | Group::Other => match difference.kind.as_bytes() {
            [.., b'a', b'd', b'd', b'e', b'd'] => ("+", paint.added),
            [.., b'r', b'e', b'm', b'o', b'v', b'e', b'd'] => ("-", paint.removed),
            _ => ("~", paint.warning),
        },
    }
}

fn item(mark: &str, style: Style, what: &str, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let indent = mark.len() + 3;
    let lines = wrap(&plain(what).replace('`', ""), terminal.width.saturating_sub(indent).max(30));
    for (nth, line) in lines.into_iter().enumerate() {
        match nth {
            0 => writeln!(out, "  {style}{mark}{style:#} {line}")?,
            _ => writeln!(out, "{:indent$}{line}", "")?,
        }
    }
    Ok(())
}
