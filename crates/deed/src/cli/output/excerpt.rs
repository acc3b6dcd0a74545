//! Cuts out of manifests the lines that a diagnostic shows.

use std::borrow::Cow;

use annotate_snippets::{Annotation, AnnotationKind, Patch, Snippet};
use deed_model::FileId;
use deed_syntax::edit::Edit;
use deed_syntax::{TextRange, TextSize};

use crate::cli::lines::Lines;
use crate::cli::wrap::width;

/// Places further apart than this many lines are shown as two excerpts.
const NEAR: u32 = 60;
/// A range over more lines than this is shown by its first line.
const TALL: u32 = 6;
/// So much a label may go beyond the right edge before it is shown by itself.
const SPILL: usize = 24;
/// A fix that touches or makes more lines than this is told, not shown.
const LONG_FIX: usize = 24;

/// Something to point at in one manifest.
pub(super) struct Mark<'d> {
    pub(super) range: TextRange,
    pub(super) kind: AnnotationKind,
    pub(super) label: Option<&'d str>,
    /// Something above it that is shown with it, so that one sees where one is.
    pub(super) heading: Option<TextRange>,
}

/// Returns the excerpts that show all marks, the one with the primary mark first.
///
/// Each holds only the lines from its first mark to its last: rendering takes time by the length of what it is given.
/// A mark that does not fit into `room` columns with its label is shown by itself, as every line of an excerpt is
/// shifted to the left for the longest.
pub(super) fn annotated<'a>(
    lines: &Lines<'a>,
    file: FileId,
    path: &str,
    mut marks: Vec<Mark<'a>>,
    room: usize,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    for mark in &mut marks {
        mark.range = by_first_line(lines, file, mark.range);
    }
    let fits = |mark: &Mark<'_>| {
        let line = lines.start(file, lines.line(file, mark.range.end()));
        let before = TextRange::new(line.min(mark.range.end()), mark.range.end());
        width(&lines.text(file)[before]) + mark.label.map_or(0, width) < room + SPILL
    };
    let (mut fitting, wide): (Vec<_>, Vec<_>) = marks.into_iter().partition(fits);
    fitting.sort_by_key(|mark| mark.range.start());
    let mut clusters: Vec<Vec<Mark<'a>>> = Vec::new();
    let mut reached = 0;
    for mark in fitting {
        let (from, to) = (lines.line(file, mark.range.start()), lines.line(file, mark.range.end()));
        match clusters.last_mut() {
            Some(cluster) if from <= reached + NEAR => cluster.push(mark),
            _ => clusters.push(vec![mark]),
        }
        reached = reached.max(to);
    }
    clusters.extend(wide.into_iter().map(|mark| vec![Mark { heading: None, ..mark }]));
    let is_primary = |cluster: &Vec<Mark<'_>>| cluster.iter().any(|mark| matches!(mark.kind, AnnotationKind::Primary));
    clusters.sort_by_key(|cluster| !is_primary(cluster));
    clusters.into_iter().map(|cluster| excerpt(lines, file, path, cluster)).collect()
}

fn excerpt<'a>(lines: &Lines<'a>, file: FileId, path: &str, cluster: Vec<Mark<'a>>) -> Snippet<'a, Annotation<'a>> {
    let ranges = cluster.iter().flat_map(|mark| [Some(mark.range), mark.heading]).flatten();
    let window = Window::around(lines, file, ranges.reduce(TextRange::cover).unwrap_or_default());
    let headings = cluster.iter().filter_map(|mark| mark.heading);
    let headings: Vec<_> = headings.map(|range| AnnotationKind::Visible.span(window.inside(range))).collect();
    let marks = cluster.into_iter().map(|mark| {
        let annotation = mark.kind.span(window.inside(mark.range));
        annotation.label(mark.label.map(Cow::Borrowed))
    });
    let marks: Vec<_> = marks.collect();
    window.snippet(path).annotations(marks).annotations(headings)
}

/// What is left of a range that is too tall to be shown: what lies in its first line.
fn by_first_line(lines: &Lines<'_>, file: FileId, range: TextRange) -> TextRange {
    let first = lines.line(file, range.start());
    if lines.line(file, range.end()) <= first + TALL {
        return range;
    }
    let line = lines.range(file, first);
    let end = line.start() + TextSize::of(lines.text(file)[line].trim_end());
    TextRange::new(range.start(), end.max(range.start()))
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
