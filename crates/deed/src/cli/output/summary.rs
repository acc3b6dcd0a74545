//! The end of the text format: what it all comes to.

use std::io::{self, Write};

use deed_linter::Group;

use super::tally::{Counts, counted, joined};
use super::{Judged, Report, Tally};
use crate::cli::terminal::Terminal;
use crate::cli::wrap::wrap;

/// From this many diagnostics on a table says what they are about.
const MANY: usize = 10;
/// From this many on it is said how there is less to read.
const SO_MANY: usize = 50;

/// Writes the summary, of diagnostics that stand above it in full or not.
pub(super) fn write(
    report: &Report,
    tally: &Tally,
    is_in_full: bool,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = &terminal.paint;
    if report.judged.is_empty() {
        return Ok(());
    }
    let aside = tally.aside();
    let aside = if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) };
    let today = report.today;
    if tally.all.total() == 0 {
        let (good, manifests) = (paint.good, counted(tally.manifests, "manifest"));
        let mut parts = vec![manifests];
        parts.extend((tally.controls > 0).then(|| counted(tally.controls, "control")));
        parts.extend((tally.risks > 0).then(|| counted(tally.risks, "risk")));
        let all = if tally.baselined + tally.old == 0 { "All good:" } else { "Nothing new:" };
        writeln!(out, "{good}{all}{good:#} {}, judged on {today}{aside}.", parts.join(", "))?;
    } else {
        if tally.all.total() >= MANY && tally.groups.len() > 1 && !report.talk.statistics {
            groups(tally, terminal, out)?;
        }
        let manifests = match (tally.affected, tally.manifests) {
            (1, 1) => "1 manifest".to_owned(),
            (affected, all) => format!("{affected} of {}", counted(all, "manifest")),
        };
        let found = sentence(&tally.all, terminal);
        writeln!(out, "Found {found} in {manifests}{aside}, judged on {today}.")?;
    }
    fixable(tally, out)?;
    if report.talk.lets_wait && tally.waiting > 0 {
        let wait = match tally.waiting {
            1 => "1 waits for somebody to act, and stops nothing".to_owned(),
            count => format!("{count} wait for somebody to act, and stop nothing"),
        };
        writeln!(out, "{wait}: `deed todo` says for whom.")?;
    }
    if tally.elsewhere > 0 {
        let elsewhere = counted(tally.elsewhere, "diagnostic");
        let command = match report.judged.as_slice() {
            [Judged { project, .. }] if project.root != report.here => {
                format!("`deed check {}`", report.shown(&project.root))
            }
            _ => "`deed check`".to_owned(),
        };
        writeln!(out, "{elsewhere} elsewhere in the same workspace: {command} shows all.")?;
    }
    if let Some((rule, ..)) = tally.rules.iter().max_by_key(|(_, severity, count, _)| (*severity, *count)) {
        let faint = paint.faint;
        writeln!(out, "{faint}For more on a rule, run for example `deed explain {}`.{faint:#}", rule.id)?;
        if is_in_full && tally.all.total() >= SO_MANY {
            let less = "`--format concise` says each in a line, `--statistics` counts them by rule";
            writeln!(out, "{faint}For less to read: {less}.{faint:#}")?;
        }
    }
    Ok(())
}

fn fixable(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    let can_be = |count: usize| if count == 1 { "1 can be".to_owned() } else { format!("{count} can be") };
    match (tally.safe, tally.likely) {
        (0, 0) => Ok(()),
        (safe, 0) => writeln!(out, "{} fixed with `deed check --fix`.", can_be(safe)),
        (0, likely) => {
            writeln!(out, "{} fixed with `deed check --fix --unsafe-fixes`: look at the changes.", can_be(likely))
        }
        (safe, likely) => writeln!(
            out,
            "{} fixed with `deed check --fix`, {likely} more with `--unsafe-fixes`: look at the changes.",
            can_be(safe)
        ),
    }
}

fn sentence(counts: &Counts, terminal: &Terminal) -> String {
    let parts: Vec<_> = counts
        .parts()
        .into_iter()
        .map(|(severity, text)| {
            let style = terminal.paint.severity(severity);
            format!("{style}{text}{style:#}")
        })
        .collect();
    joined(&parts)
}

/// Says what was fixed.
pub(super) fn fixed(report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let count: usize = report.judged.iter().map(|judged| judged.changes.count()).sum();
    if count == 0 {
        return Ok(());
    }
    let good = terminal.paint.good;
    writeln!(out, "{good}Fixed {count}:{good:#}")?;
    for Judged { project, changes, .. } in &report.judged {
        for (file, rules) in &changes.fixed {
            let rules: Vec<_> = rules.iter().map(|(rule, count)| format!("{count} × {rule}")).collect();
            writeln!(out, "  {}: {}", report.manifest(project, *file), rules.join(", "))?;
        }
    }
    writeln!(out)
}

/// A table of what the diagnostics are about, worst first.
fn groups(tally: &Tally, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<(Group, Counts)> = tally.groups.iter().map(|(group, counts)| (*group, *counts)).collect();
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.errors, counts.warnings, counts.infos)));
    let columns: [fn(&Counts) -> usize; 3] = [|c| c.errors, |c| c.warnings, |c| c.infos];
    let nouns = ["error", "warning", "info"];
    let styles = [terminal.paint.error, terminal.paint.warning, terminal.paint.info];
    let name_width = rows.iter().map(|(group, _)| group.name().len()).max().unwrap_or(0);
    for (group, counts) in rows {
        let mut line = format!("  {:name_width$}", group.name());
        for ((column, noun), style) in columns.into_iter().zip(nouns).zip(styles) {
            let digits = column(&tally.all).to_string().len();
            match column(&counts) {
                // A column that nobody has is left out; an empty cell keeps the others in line.
                _ if column(&tally.all) == 0 => {}
                0 => line += &" ".repeat(2 + digits + 1 + noun.len() + 1),
                count => {
                    let text = format!("{count:>digits$} {noun}{}", if count == 1 { " " } else { "s" });
                    line += &format!("  {style}{text}{style:#}");
                }
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

/// Writes how often each rule reported, most often first.
pub(super) fn statistics(tally: &Tally, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let digits = tally.rules.first().map_or(1, |(_, _, count, _)| count.to_string().len());
    let name_width = tally.rules.iter().map(|(rule, ..)| rule.id.len()).max().unwrap_or(0);
    for (rule, severity, count, fixable) in &tally.rules {
        let style = terminal.paint.severity(*severity);
        let mark = if *fixable { "[*]" } else { "   " };
        let name = severity.name();
        let indent = digits + 2 + 7 + 2 + name_width + 2 + 3 + 2;
        let mut lines = wrap(rule.summary, terminal.width.saturating_sub(indent).max(30)).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "{count:>digits$}  {style}{name:7}{style:#}  {:name_width$}  {mark}  {first}", rule.id)?;
        lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))?;
    }
    if tally.rules.iter().any(|(.., fixable)| *fixable) {
        writeln!(out, "[*] some can be fixed with `deed check --fix`, maybe with `--unsafe-fixes`")?;
    }
    if tally.rules.is_empty() { Ok(()) } else { writeln!(out) }
}
