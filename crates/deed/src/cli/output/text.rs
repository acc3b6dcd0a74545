//! The format for people.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, normalize_untrusted_str};
use deed_linter::{Applicability, Diagnostic, Fix, Severity};
use deed_model::{FileId, FileRange, Section, Workspace};
use deed_syntax::{Step, TextRange};

use super::excerpt::{self, Mark};
use super::{Judged, Report, Tally, summary, url};
use crate::cli::lines::Lines;
use crate::cli::terminal::Terminal;
use crate::cli::wrap::wrap;

/// How many fixes of one diagnostic are shown.
const FIXES: usize = 3;

/// Writes a report: each diagnostic, then the summary.
pub(super) fn write(report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(report);
    if !report.talk.quiet {
        summary::fixed(report, terminal, out)?;
    }
    if report.talk.statistics {
        summary::statistics(&tally, terminal, out)?;
    } else {
        let renderer = if terminal.styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.hyperlink(terminal.hyperlinks).term_width(terminal.width);
        for judged in &report.judged {
            let lines = Lines::new(&judged.project.workspace);
            for diagnostic in &judged.diagnostics {
                let groups = groups(report, judged, &lines, terminal, diagnostic);
                writeln!(out, "{}\n", renderer.render(&groups))?;
            }
        }
    }
    if report.talk.quiet { Ok(()) } else { summary::write(report, &tally, terminal, out) }
}

fn groups<'a>(
    report: &Report,
    judged: &'a Judged,
    lines: &Lines<'a>,
    terminal: &Terminal,
    diagnostic: &'a Diagnostic,
) -> Vec<Group<'a>> {
    let rule = diagnostic.rule;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(rule.id).id_url(url(rule));
    let mut first = Group::with_title(title);
    for (file, marks) in marks(&judged.project.workspace, lines, diagnostic) {
        let path = report.manifest(&judged.project, file);
        first = first.elements(excerpt::annotated(lines, file, &path, marks));
    }
    // `   = help: ` stands before each.
    let room = terminal.width.saturating_sub(14).max(30);
    for help in &diagnostic.help {
        first = first.element(Level::HELP.message(wrap(&normalize_untrusted_str(help), room).join("\n")));
    }
    let mut groups = Vec::new();
    for fix in diagnostic.fixes.iter().take(FIXES) {
        match patch(report, judged, lines, fix) {
            Some(group) => groups.push(group),
            None => first = first.element(Level::HELP.message(title_of(fix))),
        }
    }
    groups.insert(0, first);
    groups
}

/// What is pointed at, by manifest: that of the primary range first, then in the order of the labels.
fn marks<'a>(workspace: &Workspace, lines: &Lines<'a>, diagnostic: &'a Diagnostic) -> Vec<(FileId, Vec<Mark<'a>>)> {
    let mark = |at: FileRange, kind, label| (at.file, Mark { range: at.range, kind, label });
    let primary = mark(diagnostic.span, AnnotationKind::Primary, None);
    let labels = diagnostic.labels.iter();
    let labels = labels.map(|label| mark(label.span, AnnotationKind::Context, Some(label.message.as_str())));
    let mut all: Vec<(FileId, Vec<Mark<'a>>)> = Vec::new();
    for (file, mark) in [primary].into_iter().chain(labels) {
        match all.iter_mut().find(|(other, _)| *other == file) {
            Some((_, marks)) => marks.push(mark),
            None => all.push((file, vec![mark])),
        }
    }
    for (file, marks) in &mut all {
        let subjects: Vec<_> = marks.iter().filter_map(|mark| subject(workspace, lines, *file, mark.range)).collect();
        marks.extend(subjects.into_iter().map(|range| Mark { range, kind: AnnotationKind::Visible, label: None }));
    }
    all
}

/// The key of the subject that a place is in, where it is near enough to be shown with it.
fn subject(workspace: &Workspace, lines: &Lines<'_>, file: FileId, range: TextRange) -> Option<TextRange> {
    let steps = workspace.manifest(file).parse.path_at(range.start());
    let mut entries = steps.into_iter().map_while(|step| match step {
        Step::Entry(entry) => Some(entry),
        Step::Item(..) => None,
    });
    let section = entries.next()?;
    let is_singleton = Section::of_key(section.name()?).is_some_and(Section::is_singleton);
    let key = if is_singleton { section.key() } else { entries.next()?.key() }.range();
    let apart = lines.line(file, range.start()).checked_sub(lines.line(file, key.start()))?;
    (1..40).contains(&apart).then_some(key)
}

/// A fix as the lines it changes; nothing where those are too many.
fn patch<'a>(report: &Report, judged: &'a Judged, lines: &Lines<'a>, fix: &'a Fix) -> Option<Group<'a>> {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut group = Group::with_title(Level::HELP.secondary_title(title_of(fix)));
    for file in files {
        let mut edits: Vec<_> = fix.edits.iter().filter(|edit| edit.file == file).map(|edit| &edit.edit).collect();
        edits.sort_by_key(|edit| edit.range.start());
        let path = report.manifest(&judged.project, file);
        group = group.element(excerpt::patched(lines, file, &path, &edits)?);
    }
    Some(group)
}

fn title_of(fix: &Fix) -> String {
    let title = normalize_untrusted_str(&fix.title);
    match fix.applicability {
        Applicability::Safe => format!("{title} (`--fix`)"),
        Applicability::Unsafe => format!("{title} (`--unsafe-fixes`)"),
        Applicability::Display => title,
    }
}
