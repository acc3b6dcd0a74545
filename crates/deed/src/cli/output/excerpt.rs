//! Cuts out of manifests the lines that a diagnostic shows.

use std::borrow::Cow;

use annotate_snippets::{Annotation, AnnotationKind, Snippet};
use deed_model::FileId;
use deed_syntax::{TextRange, TextSize};

use crate::cli::lines::Lines;
use crate::cli::wrap::width;

/// Places further apart than this many lines are shown as two excerpts.
const NEAR: u32 = 60;
/// And those with more than this many bytes between them: JSON may stand in one line.
pub(super) const NEAR_BYTES: usize = 4000;
/// So many bytes of a line are kept before the first and behind the last mark; more than any terminal is wide.
pub(super) const AROUND: usize = 800;
/// A range over more lines than this is shown by its first line.
const TALL: u32 = 6;
/// So much a label may go beyond the right edge before it is shown by itself.
const SPILL: usize = 24;

/// Something to point at in one manifest.
pub(super) struct Mark<'d> {
    pub(super) range: TextRange,
    pub(super) kind: AnnotationKind,
    pub(super) label: Option<&'d str>,
    /// Something above it that is shown with it, so that one sees where one is.
    pub(super) heading: Option<TextRange>,
}

impl Mark<'_> {
    const fn is_primary(&self) -> bool {
        matches!(self.kind, AnnotationKind::Primary)
    }
}

/// Lines of a manifest with marks.
pub(super) struct Excerpt<'a> {
    pub(super) snippet: Snippet<'a, Annotation<'a>>,
    /// The place as it will be rendered, and as it is: where the beginning of a line is left out, the column is counted
    /// from what is left.
    pub(super) misplaced: Option<(String, String)>,
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
) -> Vec<Excerpt<'a>> {
    for mark in &mut marks {
        mark.range = by_first_line(lines, file, mark.range);
    }
    let fits = |mark: &Mark<'_>| {
        let line = lines.start(file, lines.line(file, mark.range.end()));
        let before = TextRange::new(line.min(mark.range.end()), mark.range.end());
        usize::from(before.len()) < NEAR_BYTES
            && width(&lines.text(file)[before]) + mark.label.map_or(0, width) < room + SPILL
    };
    let (mut fitting, wide): (Vec<_>, Vec<_>) = marks.into_iter().partition(fits);
    fitting.sort_by_key(|mark| mark.range.start());
    let mut clusters: Vec<Vec<Mark<'a>>> = Vec::new();
    let mut reached = TextSize::default();
    for mark in fitting {
        let near = lines.line(file, mark.range.start()) <= lines.line(file, reached) + NEAR
            && usize::from(mark.range.start()) <= usize::from(reached) + NEAR_BYTES;
        reached = reached.max(mark.range.end());
        match clusters.last_mut() {
            Some(cluster) if near => cluster.push(mark),
            _ => clusters.push(vec![mark]),
        }
    }
    clusters.extend(wide.into_iter().map(|mark| vec![Mark { heading: None, ..mark }]));
    clusters.sort_by_key(|cluster| !cluster.iter().any(Mark::is_primary));
    clusters.into_iter().map(|cluster| excerpt(lines, file, path, cluster)).collect()
}

fn excerpt<'a>(lines: &Lines<'a>, file: FileId, path: &str, cluster: Vec<Mark<'a>>) -> Excerpt<'a> {
    let ranges = cluster.iter().flat_map(|mark| [Some(mark.range), mark.heading]).flatten();
    let window = Window::around(lines, file, ranges.reduce(TextRange::cover).unwrap_or_default(), AROUND);
    let misplaced = window.is_cut.then(|| {
        let first = cluster.iter().find(|mark| mark.is_primary()).or(cluster.first());
        let range = first.map(|mark| mark.range).unwrap_or_default();
        let place = lines.place(file, range.start());
        let counted = window.text[..window.inside(range).start].chars().count() + 1;
        let at = |column| format!("{path}:{}:{column}\n", place.line);
        (at(counted), at(place.column as usize))
    });
    let headings = cluster.iter().filter_map(|mark| mark.heading);
    let headings: Vec<_> = headings.map(|range| AnnotationKind::Visible.span(window.inside(range))).collect();
    let marks = cluster.into_iter().map(|mark| {
        let annotation = mark.kind.span(window.inside(mark.range));
        annotation.label(mark.label.map(Cow::Borrowed))
    });
    let marks: Vec<_> = marks.collect();
    Excerpt { snippet: window.snippet(path).annotations(marks).annotations(headings), misplaced }
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

/// Some lines of a text, the first and the last maybe cut.
pub(super) struct Window<'a> {
    pub(super) text: &'a str,
    start: TextSize,
    first_line: u32,
    /// Whether the beginning of the first line is missing.
    is_cut: bool,
}

impl<'a> Window<'a> {
    /// The lines a range is in, with at most `keep` bytes before and behind it.
    pub(super) fn around(lines: &Lines<'a>, file: FileId, range: TextRange, keep: usize) -> Self {
        let text = lines.text(file);
        let first_line = lines.line(file, range.start());
        let line_start = usize::from(lines.start(file, first_line));
        let line_end = usize::from(lines.range(file, lines.line(file, range.end())).end());
        let (from, to) = (usize::from(range.start()), usize::from(range.end()));
        let start = text.floor_char_boundary(from.saturating_sub(keep).max(line_start));
        let end = text.ceil_char_boundary(to.saturating_add(keep).min(line_end)).max(start);
        let is_cut = start > line_start;
        Self { text: &text[start..end], start: TextSize::try_from(start).unwrap_or_default(), first_line, is_cut }
    }

    pub(super) fn inside(&self, range: TextRange) -> std::ops::Range<usize> {
        let at =
            |offset: TextSize| usize::from(offset.checked_sub(self.start).unwrap_or_default()).min(self.text.len());
        at(range.start())..at(range.end())
    }

    pub(super) fn snippet<T: Clone>(&self, path: &str) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.first_line as usize + 1).path(path.to_owned())
    }
}
