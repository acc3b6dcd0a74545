//! What users wrote, in Markdown: shown as it is, whatever is in it.

use deed_linter::words::plain;

/// A few lines about one thing: a heading and a list.
pub(crate) struct Card {
    heading: String,
    lines: Vec<String>,
}

impl Card {
    /// Begins a card; the heading is Markdown.
    pub(crate) fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), lines: Vec::new() }
    }

    /// Adds a line of Markdown.
    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Adds a line with what it is about in front; nothing where there is nothing to say.
    pub(crate) fn field(&mut self, what: &str, said: impl AsRef<str>) {
        if !said.as_ref().is_empty() {
            self.lines.push(format!("{what}: {}", said.as_ref()));
        }
    }

    /// Returns the whole of it.
    pub(crate) fn markdown(self) -> String {
        let mut out = self.heading;
        for (nth, line) in self.lines.iter().enumerate() {
            out += if nth == 0 { "\n\n- " } else { "\n- " };
            out += line;
        }
        out
    }
}

/// Returns text for the middle of a line, so that nothing in it is markup.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = plain(text);
    let mut words = text.split_whitespace();
    for c in words.next().unwrap_or_default().chars().chain(words.flat_map(|word| " ".chars().chain(word.chars()))) {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns text as code.
pub(crate) fn code(text: &str) -> String {
    let text = plain(text);
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// Returns a sentence of ours, in which names stand in backticks and everything else is text.
pub(crate) fn prose(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(sentence);
    }
    let mut out = String::new();
    for (nth, part) in parts.into_iter().enumerate() {
        if nth % 2 == 1 {
            out += &code(part);
            continue;
        }
        let begins = part.starts_with(char::is_whitespace) && nth > 0;
        out += if begins { " " } else { "" };
        out += &escape(part);
        out += if part.trim_end() != part && !part.trim().is_empty() { " " } else { "" };
    }
    out
}

/// How many names a list shows.
const SHOWN: usize = 4;

/// Returns names as code: some, and how many more there are.
pub(crate) fn few<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| code(name)).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// Returns Markdown of ours as it reads where none is shown: without escapes, fences and marks of emphasis or code; lists stay
/// lists, and a link has its address behind it.
pub fn plain_text(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut in_fence = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        if in_fence {
            out += line;
        } else {
            let heading = line.trim_start_matches('#').strip_prefix(' ');
            plain_line(heading.filter(|_| line.starts_with('#')).unwrap_or(line), &mut out);
        }
    }
    out
}

/// Writes a line of Markdown without its marks.
fn plain_line(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let escaped = after.chars().next().filter(char::is_ascii_punctuation);
        match (c, escaped) {
            ('\\', Some(escaped)) => {
                out.push(escaped);
                rest = &after[1..];
            }
            ('`', _) => {
                let fence = &rest[..rest.len() - rest.trim_start_matches('`').len()];
                let inside = &rest[fence.len()..];
                if let Some((text, behind)) = inside.split_once(fence) {
                    // Spaces keep a backtick inside from the fence.
                    let bare = text.strip_prefix(' ').and_then(|text| text.strip_suffix(' '));
                    *out += bare.filter(|_| fence.len() > 1).unwrap_or(text);
                    rest = behind;
                } else {
                    *out += fence;
                    rest = inside;
                }
            }
            ('*', _) => rest = after,
            ('[', _) if link(rest).is_some() => {
                let (text, url, behind) = link(rest).unwrap_or_default();
                plain_line(text, out);
                *out += &format!(" ({url})");
                rest = behind;
            }
            _ => {
                out.push(c);
                rest = after;
            }
        }
    }
}

/// The text and the address of a link at the start of a text, and what stands behind it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, behind) = text.strip_prefix('[')?.split_once("](")?;
    let (url, behind) = behind.split_once(')')?;
    (!label.contains(['[', ']']) && !url.contains(char::is_whitespace)).then_some((label, url, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_reads_well_as_plain_text() {
        for (markdown, plain) in [
            (
                "**A.8.9** Configuration management\n\n- owner: `it` (*Ben*)",
                "A.8.9 Configuration management\n\n- owner: it (Ben)",
            ),
            (r"a \*b\* \[c\](d) \<img\> \&lt;", "a *b* [c](d) <img> &lt;"),
            ("`` a`b `` and `x_*y*`", "a`b and x_*y*"),
            ("see [the rule](https://x/y), \"[1]\"", "see the rule (https://x/y), \"[1]\""),
            ("## Why\ntext\n```yaml\n# *a*\n```\nend", "Why\ntext\n# *a*\nend"),
            ("open ` only, back\\", "open ` only, back\\"),
            ("", ""),
        ] {
            assert_eq!(plain_text(markdown), plain);
        }
        for text in ["a *b* [c](d) `e` _f_ # $ ~", "<b>&amp;</b> | \\"] {
            assert_eq!(plain_text(&escape(text)), text);
            assert_eq!(plain_text(&code(text)), text);
        }
    }

    #[test]
    fn what_users_wrote_is_no_markup() {
        for (text, shown) in [
            ("a *b* [c](d) <img src=x>", r"a \*b\* \[c\](d) \<img src=x\>"),
            ("one\n\n# two\r\n- three", r"one \# two - three"),
            ("&lt; `x` ~y~ | $z$", r"\&lt; \`x\` \~y\~ \| \$z\$"),
            ("", ""),
        ] {
            assert_eq!(escape(text), shown);
        }
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(prose("the end of `R-1` was *moved* by `x`"), r"the end of `R-1` was \*moved\* by `x`");
        assert_eq!(prose("one ` only"), r"one \` only");
        assert_eq!(few(["a", "b", "c", "d", "e", "f"]), "`a`, `b`, `c`, `d` and 2 more");
    }
}
