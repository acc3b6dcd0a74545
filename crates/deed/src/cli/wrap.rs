//! Breaks text into lines by the width it takes on a terminal.

use unicode_width::UnicodeWidthStr as _;

/// Returns how many columns a text takes; escape sequences in it take none.
pub(crate) fn width(text: &str) -> usize {
    if !text.contains('\x1b') {
        return text.width();
    }
    anstream::adapter::strip_str(text).map(|part| part.width()).sum()
}

/// Breaks a text at spaces so that no line is wider than `limit`, unless a single word is.
///
/// Spaces inside `` `code` `` do not break. Line breaks in the text stay.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut taken = 0;
        for word in words(paragraph) {
            let wide = width(word);
            if taken > 0 && taken + 1 + wide > limit {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            if taken > 0 {
                line.push(' ');
                taken += 1;
            }
            line.push_str(word);
            taken += wide;
        }
        lines.push(line);
    }
    lines
}

/// Splits at spaces outside of backquotes; an unpaired backquote does not keep anything together.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut in_code) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '`' => in_code = !in_code && text[at + 1..].contains('`'),
            ' ' if !in_code => {
                words.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, limit: usize, lines: &[&str]) {
        assert_eq!(wrap(text, limit), lines);
    }

    #[test]
    fn lines_are_broken_at_spaces() {
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 13, &["one two three"]);
        check("unbreakable word", 4, &["unbreakable", "word"]);
        check("one\n\ntwo", 10, &["one", "", "two"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        check("日本 語", 4, &["日本", "語"]);
        check("日本 語", 7, &["日本 語"]);
    }

    #[test]
    fn code_is_kept_together() {
        check("write `owner: head-of-it` here", 12, &["write", "`owner: head-of-it`", "here"]);
        check("a ` b c", 3, &["a `", "b c"]);
    }

    #[test]
    fn escape_sequences_take_no_room() {
        check("\x1b[1mone\x1b[0m two", 7, &["\x1b[1mone\x1b[0m two"]);
    }
}
