//! Cuts out of manifests the lines that a diagnostic shows.

use std::borrow::Cow;

use annotate_snippets::{Annotation, AnnotationKind, Patch, Snippet};
use deed_model::FileId;
use deed_syntax::edit::Edit;
use deed_syntax::{TextRange, TextSize};

use crate::cli::lines::Lines;

/// Places further apart than this many lines are shown as two excerpts.
const NEAR: u32 = 60;
/// A range over more lines than this is shown by its first line.
const TALL: u32 = 6;
/// A fix that touches or makes more lines than this is told, not shown.
const LONG_FIX: usize = 24;

/// Something to point at in one manifest.
pub(super) struct Mark<'d> {
    pub(super) range: TextRange,
    pub(super) kind: AnnotationKind,
    pub(super) label: Option<&'d str>,
}

/// Returns the excerpts that show all marks, the one with the primary mark first.
///
/// Each holds only the lines from its first mark to its last: rendering takes time by the length of what it is given.
pub(super) fn annotated<'a>(
    lines: &Lines<'a>,
    file: FileId,
    path: &str,
    mut marks: Vec<Mark<'a>>,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    for mark in &mut marks {
        let first = lines.line(file, mark.range.start());
        if lines.line(file, mark.range.end()) > first + TALL {
            let line = lines.range(file, first);
            let text = lines.text(file)[line].trim_end();
            let end = (line.start() + TextSize::of(text)).max(mark.range.start());
            mark.range = TextRange::new(mark.range.start(), end);
        }
    }
    marks.sort_by_key(|mark| mark.range.start());
    let mut clusters: Vec<Vec<Mark<'a>>> = Vec::new();
    let mut reached = 0;
    for mark in marks {
        let (from, to) = (lines.line(file, mark.range.start()), lines.line(file, mark.range.end()));
        match clusters.last_mut() {
            Some(cluster) if from <= reached + NEAR => cluster.push(mark),
            _ => clusters.push(vec![mark]),
        }
        reached = to.max(if clusters.len() > 1 { 0 } else { reached });
    }
    let is_primary = |cluster: &Vec<Mark<'_>>| cluster.iter().any(|mark| matches!(mark.kind, AnnotationKind::Primary));
    clusters.sort_by_key(|cluster| !is_primary(cluster));
    clusters
        .into_iter()
        .map(|cluster| {
            let ranges = cluster.iter().map(|mark| mark.range);
            let all = ranges.reduce(TextRange::cover).unwrap_or_default();
            let window = Window::around(lines, file, all);
            let annotations = cluster
                .into_iter()
                .map(|mark| mark.kind.span(window.inside(mark.range)).label(mark.label.map(Cow::Borrowed)));
            let annotations: Vec<_> = annotations.collect();
            window.snippet(path).annotations(annotations)
        })
        .collect()
}

/// Returns the excerpt that shows edits of one manifest, unless they are too long to show.
pub(super) fn patched<'a>(
    lines: &Lines<'a>,
    file: FileId,
    path: &str,
    edits: &[&'a Edit],
) -> Option<Snippet<'a, Patch<'a>>> {
    let all = edits.iter().map(|edit| edit.range).reduce(TextRange::cover)?;
    let window = Window::around(lines, file, all);
    let new_lines: usize = edits.iter().map(|edit| edit.new_text.lines().count()).sum();
    if window.text.lines().count() + new_lines > LONG_FIX {
        return None;
    }
    let patches = edits.iter().map(|edit| Patch::new(window.inside(edit.range), edit.new_text.as_str()));
    Some(window.snippet(path).patches(patches))
}

/// Whole lines of a text.
struct Window<'a> {
    text: &'a str,
    start: TextSize,
    first_line: u32,
}

impl<'a> Window<'a> {
    fn around(lines: &Lines<'a>, file: FileId, range: TextRange) -> Self {
        let first_line = lines.line(file, range.start());
        let start = lines.start(file, first_line);
        let end = lines.range(file, lines.line(file, range.end())).end();
        let text = &lines.text(file)[TextRange::new(start, end.max(start))];
        Self { text, start, first_line }
    }

    fn inside(&self, range: TextRange) -> std::ops::Range<usize> {
        let at =
            |offset: TextSize| usize::from(offset.checked_sub(self.start).unwrap_or_default()).min(self.text.len());
        at(range.start())..at(range.end())
    }

    fn snippet<T: Clone>(&self, path: &str) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.first_line as usize + 1).path(path.to_owned())
    }
}
