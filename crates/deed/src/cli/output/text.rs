//! The formats for people.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, normalize_untrusted_str};
use deed_linter::{Applicability, Diagnostic, Fix, Severity};
use deed_model::{FileId, FileRange};
use deed_syntax::TextRange;
use rayon::prelude::*;

use super::excerpt::{self, Mark};
use super::subjects::Subjects;
use super::{Judged, Report, Tally, patch, summary, url};
use crate::cli::lines::{Lines, Place};
use crate::cli::terminal::Terminal;
use crate::cli::wrap::wrap;

/// How many diagnostics are rendered, in parallel, before they are written.
const BATCH: usize = 512;
/// How many fixes of one diagnostic are shown.
const FIXES: usize = 3;

/// Writes a report: each diagnostic, in full or in one line, then the summary.
pub(super) fn write(report: &Report, concise: bool, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(report);
    if !report.talk.quiet {
        summary::fixed(report, terminal, out)?;
    }
    if report.talk.statistics {
        summary::statistics(&tally, terminal, out)?;
    } else {
        for judged in &report.judged {
            let view = View::of(report, judged, terminal);
            let all = judged.diagnostics.iter();
            if concise {
                view.list(all, out)?;
                continue;
            }
            // What stops nothing must not bury what does.
            let (waiting, rest): (Vec<_>, Vec<_>) = all.partition(|it| report.talk.lets_wait && it.rule.awaits());
            view.show(&rest, out)?;
            if !waiting.is_empty() {
                view.list(waiting.into_iter(), out)?;
                writeln!(out)?;
            }
        }
        if concise && tally.all.total() > 0 && !report.talk.quiet {
            writeln!(out)?;
        }
    }
    if report.talk.quiet {
        Ok(())
    } else {
        summary::write(report, &tally, !concise && !report.talk.statistics, terminal, out)
    }
}

/// One workspace, with what it takes to show places in it.
struct View<'a> {
    report: &'a Report,
    judged: &'a Judged,
    lines: Lines<'a>,
    subjects: Subjects,
    terminal: &'a Terminal,
}

impl<'a> View<'a> {
    fn of(report: &'a Report, judged: &'a Judged, terminal: &'a Terminal) -> Self {
        let workspace = &judged.project.workspace;
        Self { report, judged, lines: Lines::new(workspace), subjects: Subjects::of(workspace.register()), terminal }
    }

    /// Shows each diagnostic with an excerpt, labels, help and fixes.
    fn show(&self, diagnostics: &[&'a Diagnostic], out: &mut dyn Write) -> io::Result<()> {
        let renderer = if self.terminal.styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.hyperlink(self.terminal.hyperlinks).term_width(self.terminal.width);
        for batch in diagnostics.chunks(BATCH) {
            let texts: Vec<String> = batch.par_iter().map(|diagnostic| self.render(&renderer, diagnostic)).collect();
            texts.iter().try_for_each(|text| writeln!(out, "{text}\n"))?;
        }
        Ok(())
    }

    /// Says each diagnostic in one line, which editors and other programs that read the output of compilers understand.
    fn list(&self, diagnostics: impl Iterator<Item = &'a Diagnostic>, out: &mut dyn Write) -> io::Result<()> {
        let paint = &self.terminal.paint;
        for diagnostic in diagnostics {
            let Diagnostic { rule, severity, span, message, .. } = diagnostic;
            let (style, strong, file) = (paint.severity(*severity), paint.strong, self.path(span.file));
            let Place { line, column, .. } = self.lines.places(*span).start;
            let (level, id) = (severity.name(), self.terminal.link(rule.id, &url(rule)));
            let message = normalize_untrusted_str(message);
            writeln!(out, "{strong}{file}{strong:#}:{line}:{column}: {style}{level}[{id}]{style:#}: {message}")?;
        }
        Ok(())
    }

    fn render(&self, renderer: &Renderer, diagnostic: &'a Diagnostic) -> String {
        let mut misplaced = Vec::new();
        let text = renderer.render(&self.groups(diagnostic, &mut misplaced));
        misplaced.into_iter().fold(text, |text, (rendered, real)| text.replacen(&rendered, &real, 1))
    }

    fn groups(&self, diagnostic: &'a Diagnostic, misplaced: &mut Vec<(String, String)>) -> Vec<Group<'a>> {
        let rule = diagnostic.rule;
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let title = level.primary_title(&*diagnostic.message).id(rule.id).id_url(url(rule));
        let mut first = Group::with_title(title);
        let room = self.room();
        for (file, marks) in self.marks(diagnostic) {
            for excerpt in excerpt::annotated(&self.lines, file, &self.path(file), marks, room) {
                misplaced.extend(excerpt.misplaced);
                first = first.element(excerpt.snippet);
            }
        }
        for help in &diagnostic.help {
            first = first.element(Level::HELP.message(wrap(&normalize_untrusted_str(help), room).join("\n")));
        }
        let mut patches = Vec::new();
        for fix in diagnostic.fixes.iter().take(FIXES) {
            match self.patch(fix) {
                Some(group) => patches.push(group),
                None => first = first.element(Level::HELP.message(title_of(fix))),
            }
        }
        [first].into_iter().chain(patches).collect()
    }

    /// What is pointed at, by manifest: that of the primary range first, then in the order of the labels.
    fn marks(&self, diagnostic: &'a Diagnostic) -> Vec<(FileId, Vec<Mark<'a>>)> {
        let mark =
            |at: FileRange, kind, label| (at.file, Mark { range: at.range, kind, label, heading: self.subject(at) });
        let primary = mark(diagnostic.span, AnnotationKind::Primary, None);
        let labels = diagnostic.labels.iter();
        let labels = labels.map(|label| mark(label.span, AnnotationKind::Context, Some(&*label.message)));
        let mut all: Vec<(FileId, Vec<Mark<'a>>)> = Vec::new();
        for (file, mark) in [primary].into_iter().chain(labels) {
            match all.iter_mut().find(|(other, _)| *other == file) {
                Some((_, marks)) => marks.push(mark),
                None => all.push((file, vec![mark])),
            }
        }
        all
    }

    /// The key of the subject that a place is in, where it stands above it and near enough to be shown with it.
    fn subject(&self, at: FileRange) -> Option<TextRange> {
        let key = self.subjects.key_at(at.file, at.range.start())?;
        let line = |offset| self.lines.line(at.file, offset);
        let apart = line(at.range.start()).checked_sub(line(key.start()))?;
        (1..40).contains(&apart).then_some(key)
    }

    /// A fix as the lines it changes; nothing where those are too many.
    fn patch(&self, fix: &'a Fix) -> Option<Group<'a>> {
        let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.file).collect();
        files.sort_unstable();
        files.dedup();
        let mut group = Group::with_title(Level::HELP.secondary_title(title_of(fix)));
        for file in files {
            let mut edits: Vec<_> = fix.edits.iter().filter(|edit| edit.file == file).map(|edit| &edit.edit).collect();
            edits.sort_by_key(|edit| edit.range.start());
            group = group.element(patch::patched(&self.lines, file, &self.path(file), &edits, self.room())?);
        }
        Some(group)
    }

    /// How much of a line is left for text: `12345 |   = help: ` or less stands before it.
    fn room(&self) -> usize {
        self.terminal.width.saturating_sub(14).max(30)
    }

    fn path(&self, file: FileId) -> String {
        self.report.manifest(&self.judged.project, file)
    }
}

fn title_of(fix: &Fix) -> String {
    let title = normalize_untrusted_str(&fix.title);
    match fix.applicability {
        Applicability::Safe => format!("{title} (`--fix`)"),
        Applicability::Unsafe => format!("{title} (`--unsafe-fixes`)"),
        Applicability::Display => title,
    }
}
