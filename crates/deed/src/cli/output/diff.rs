//! Unified diffs.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::cli::terminal::Terminal;

/// Writes how one text becomes another, as `patch -p0` takes it.
pub(crate) fn write(path: &str, before: &str, after: &str, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let paint = &terminal.paint;
    let (strong, code) = (paint.strong, paint.code);
    writeln!(out, "{strong}--- {path}{strong:#}\n{strong}+++ {path}{strong:#}")?;
    let diff = TextDiff::from_lines(before, after);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "{code}{}{code:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', paint.removed),
                ChangeTag::Insert => ('+', paint.added),
                ChangeTag::Equal => (' ', anstyle_none()),
            };
            let line = change.value();
            let text = line.strip_suffix('\n').unwrap_or(line);
            writeln!(out, "{style}{sign}{text}{style:#}")?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

const fn anstyle_none() -> annotate_snippets::renderer::Style {
    annotate_snippets::renderer::Style::new()
}
