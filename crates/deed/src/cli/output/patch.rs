//! Shows a fix as the lines it changes.

use annotate_snippets::{Patch, Snippet};
use deed_model::FileId;
use deed_syntax::edit::Edit;
use deed_syntax::{TextRange, TextSize};

use super::excerpt::{AROUND, NEAR_BYTES, Window};
use crate::cli::lines::Lines;
use crate::cli::wrap::width;

/// A fix that touches or makes more lines than this is told, not shown.
const LONG: usize = 24;

/// Returns the excerpt that shows edits of one manifest, unless they are too long to show.
pub(super) fn patched<'a>(
    lines: &Lines<'a>,
    file: FileId,
    path: &str,
    edits: &[&'a Edit],
    room: usize,
) -> Option<Snippet<'a, Patch<'a>>> {
    let edits: Vec<_> = edits.iter().map(|edit| by_whole_lines(lines.text(file), edit)).collect();
    let all = edits.iter().map(|edit| edit.range).reduce(TextRange::cover)?;
    let whole = Window::around(lines, file, all, AROUND);
    let new_lines: usize = edits.iter().map(|edit| edit.new_text.lines().count()).sum();
    if whole.text.lines().count() + new_lines > LONG || usize::from(all.len()) > NEAR_BYTES {
        return None;
    }
    // Changed lines are not cut where they are drawn, so one that is too wide is cut here.
    let is_wide = whole.text.lines().count() == 1 && width(whole.text) > room;
    let window = if is_wide { Window::around(lines, file, all, room / 3) } else { whole };
    let patches = edits.into_iter().map(|edit| {
        // A carriage return would be drawn.
        Patch::new(window.inside(edit.range), edit.new_text.replace("\r\n", "\n"))
    });
    let patches: Vec<_> = patches.collect();
    Some(window.snippet(path).patches(patches))
}

/// The same edit, but one that inserts lines does so between lines: it is shown as added lines, not as changed ones.
fn by_whole_lines(text: &str, edit: &Edit) -> Edit {
    let at = usize::from(edit.range.start());
    let (before, behind) = text.split_at(at);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &before[line_start..];
    let moved = if !edit.range.is_empty() {
        None
    } else if let Some((newline, lines)) = newline_and_rest(&edit.new_text).filter(|(it, _)| behind.starts_with(it)) {
        Some((at + newline.len(), format!("{lines}{newline}")))
    } else if indent.trim().is_empty() && edit.new_text.contains('\n') {
        edit.new_text.strip_suffix(indent).map(|lines| (line_start, format!("{indent}{lines}")))
    } else {
        None
    };
    match moved {
        Some((at, new_text)) => Edit { range: TextRange::empty(TextSize::try_from(at).unwrap_or_default()), new_text },
        None => edit.clone(),
    }
}

/// A text that begins with a line break: that, and what follows.
fn newline_and_rest(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'))?;
    Some((&text[..text.len() - rest.len()], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, at: u32, new_text: &str, shown: Option<(u32, &str)>) {
        let edit = |at, text: &str| Edit { range: TextRange::empty(TextSize::new(at)), new_text: text.to_owned() };
        let (edit, found) = (edit(at, new_text), by_whole_lines(text, &edit(at, new_text)));
        let expected = shown.map_or_else(
            || edit.clone(),
            |(at, text)| Edit { range: TextRange::empty(at.into()), new_text: text.to_owned() },
        );
        assert_eq!(found, expected);
        let apply = |edit| deed_syntax::edit::apply(text, &[edit]);
        assert_eq!(apply(found), apply(edit), "it is the same edit");
    }

    #[test]
    fn inserted_lines_are_shown_between_lines() {
        check("a:\n  b: 1\n", 5, "c: 2\n  ", Some((3, "  c: 2\n")));
        check("a:\n  b: 1\n", 9, "\n  c: 2", Some((10, "  c: 2\n")));
        check("a:\r\n  b: 1\r\n", 10, "\r\n  c: 2", Some((12, "  c: 2\r\n")));
    }

    #[test]
    fn other_edits_stay_as_they_are() {
        check("a: { b: 1 }\n", 9, ", c: 2", None);
        check("a: 1", 4, "\nb: 2", None);
        check("a:\n  b: 1\n", 5, "c: 2\n", None);
    }
}
