//! Reads a version of a manifest entry by entry, each text once: from one version to the next most entries stay as they are.
//!
//! Only plain block YAML is taken apart, where an entry means the same by itself: sections at the margin, entries below
//! them at one indentation, no anchors, no document marks, no tabs. Everything else, and every version with an entry that
//! does not parse by itself, is left to the reader of whole files, so that nobody sees another register here.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use deed_model::Section;
use deed_syntax::Format;

use super::facts::{FileFacts, GOVERNING, Names, SubjectFacts, read};

/// What an entry says of a subject.
type Said = Rc<SubjectFacts>;

/// What entries say, by their text with the section's key.
#[derive(Default)]
pub(crate) struct Parts {
    known: HashMap<Box<str>, Option<Rc<[Said]>>>,
}

impl Parts {
    /// Reads a version; `None` where it has to be read as a whole.
    pub(crate) fn read(&mut self, text: &str, names: &mut Names) -> Option<FileFacts> {
        let (mut all, mut governs) = (Vec::new(), false);
        for part in split(text)? {
            governs |= GOVERNING.contains(&part.section);
            let whole = part.text(text);
            let subjects = match self.known.get(whole.as_str()) {
                Some(known) => known.clone(),
                None => {
                    let parse = deed_syntax::parse(whole.as_str(), Format::Yaml);
                    let subjects = read(&parse, names).map(|facts| facts.subjects.into());
                    self.known.insert(whole.into(), subjects.clone());
                    subjects
                }
            };
            all.extend(subjects?.iter().cloned());
        }
        Some(FileFacts::new(all, governs))
    }
}

/// A manifest that is taken apart into texts that each mean the same by themselves.
pub(crate) struct Apart {
    text: Box<str>,
    parts: Vec<Part>,
}

impl Apart {
    /// Takes a text apart; `None` where it is not of the plain kind.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(Self { parts: split(text)?, text: text.into() })
    }

    /// Returns all parts, each with its section's key.
    pub(crate) fn all(&self) -> impl Iterator<Item = String> {
        self.parts.iter().map(|part| part.text(&self.text))
    }

    /// Returns one subject's part, with the section's key.
    pub(crate) fn of_subject(&self, section: Section, id: &str) -> Option<String> {
        let is_its = |part: &&Part| {
            let entry = || self.text[part.body.clone()].trim_start().split_once(':').map(|(id, _)| id);
            part.section == section && (part.head.is_empty() || entry() == Some(id))
        };
        self.parts.iter().find(is_its).map(|part| part.text(&self.text))
    }
}

/// A section, or one entry of it.
struct Part {
    section: Section,
    /// The section's line, where the part is an entry below it.
    head: Range<usize>,
    body: Range<usize>,
}

impl Part {
    fn text(&self, text: &str) -> String {
        [&text[self.head.clone()], &text[self.body.clone()]].concat()
    }
}

/// Takes a text apart, if it is of the plain kind.
fn split(text: &str) -> Option<Vec<Part>> {
    if !is_plain(text) {
        return None;
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut seen = Vec::new();
    let mut lines = Lines { text, at: 0 };
    // What stands before the first section.
    let mut section: Option<(Section, usize, usize)> = None;
    while let Some((start, line)) = lines.next() {
        let is_margin = !line.starts_with(' ') && !line.trim().is_empty() && !line.starts_with('#');
        if !is_margin {
            if section.is_none() && line.starts_with(' ') && !line.trim().is_empty() {
                return None;
            }
            continue;
        }
        if let Some((section, head, body)) = section.take() {
            cut(text, section, head, body, start, &mut parts)?;
        }
        let line = line.trim_end();
        if line == "deed: 1" {
            // Nothing may hang below it.
            section = None;
            continue;
        }
        let (key, rest) = line.split_once(':')?;
        let of = Section::of_key(key).filter(|of| !seen.contains(of))?;
        if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        seen.push(of);
        section = Some((of, start, lines.at));
    }
    if let Some((section, head, body)) = section {
        cut(text, section, head, body, text.len(), &mut parts)?;
    }
    Some(parts)
}

/// Cuts a section into its entries, or leaves it whole where it is not a block of them.
fn cut(text: &str, section: Section, head: usize, body: usize, end: usize, parts: &mut Vec<Part>) -> Option<()> {
    let line = text[head..body].trim_end();
    let rest = line.split_once(':')?.1.trim_start();
    let whole = || Part { section, head: 0..0, body: head..end };
    if section.is_singleton() || !(rest.is_empty() || rest.starts_with('#')) {
        parts.push(whole());
        return Some(());
    }
    let mut indent = None;
    let mut starts = Vec::new();
    for (start, line) in (Lines { text: &text[..end], at: body }) {
        let content = line.trim_start_matches(' ');
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        let here = line.len() - content.len();
        match *indent.get_or_insert(here) {
            entry if here < entry => return None,
            entry if here == entry => {
                // An entry begins with its id; anything else at this depth is not of the plain kind.
                let (id, rest) = content.split_once(':')?;
                if !rest.is_empty() && !rest.starts_with([' ', '\n']) {
                    return None;
                }
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
                if id.is_empty() || !id.chars().all(plain) || !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    return None;
                }
                starts.push(start);
            }
            _ => {}
        }
    }
    for (nth, start) in starts.iter().enumerate() {
        let stop = starts.get(nth + 1).copied().unwrap_or(end);
        parts.push(Part { section, head: head..body, body: *start..stop });
    }
    Some(())
}

/// Whether a text has nothing in it that reaches from one entry into another.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_so = |at: usize| {
        let before = at.checked_sub(1).map_or(b'\n', |at| bytes[at]);
        match bytes[at] {
            b'\t' | b'\r' | 0 => true,
            b'&' | b'*' | b'!' => matches!(before, b' ' | b'[' | b'{' | b',' | b'\n'),
            b'<' => bytes.get(at + 1) == Some(&b'<'),
            _ => before == b'\n',
        }
    };
    let mut suspects = bytes.iter().enumerate().filter(|(_, byte)| SUSPECT[usize::from(**byte)]);
    !text.starts_with('\u{feff}') && !suspects.any(|(at, _)| is_so(at))
}

/// Bytes that may reach from one entry into another, somewhere: those of [`is_plain`].
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"\t\r\0&*!<%-.?|>\"'@`";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// The lines of a text with where each starts.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let len = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let start = self.at;
        self.at += len;
        Some((start, &rest[..len]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a version says, by parts and as a whole; `None` where it is not taken apart.
    fn both(text: &str) -> Option<(String, String)> {
        let mut names = Names::default();
        let parse = deed_syntax::parse(text, Format::Yaml);
        let whole = read(&parse, &mut names);
        let parts = Parts::default().read(text, &mut names)?;
        Some((format!("{:?}", Some(parts)), format!("{whole:?}")))
    }

    const MANIFEST: &str = "# Risks of ours\ndeed: 1\nisms:\n  owner: ceo\n  adopted: { by: ada, date: 2026-01-01 }\nrisks:  # all\n  # The first.\n  R-1:\n    title: 'One: two'\n    note: |\n      long\n\n      text\n    accepted: { by: ada,\n      date: 2026-01-02 }\n\n  R-2: { title: Two }\npolicies: { P-1: { title: x } }\nsoa: { version: \"4\" }\n";

    #[test]
    fn plain_manifests_are_taken_apart() {
        let (parts, whole) = both(MANIFEST).expect("it is plain");
        assert_eq!(parts, whole);
        assert_eq!(split(MANIFEST).map(|parts| parts.len()), Some(5));
        for other in [
            "a: &x 1\n",
            "risks:\n\tR-1: {}\n",
            "---\nrisks: {}\n",
            "risks:\n  R-1: {}\nrisks:\n  R-2: {}\n",
            "x: |\n  y\n",
            "risks:\n  R-1: {}\n  R-2:- {}\n",
        ] {
            assert!(split(other).is_none(), "{other:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        /// Whatever is done to a manifest: where it is taken apart, the parts say what the whole says.
        #[test]
        fn parts_say_what_the_whole_says(
            edits in prop::collection::vec((0..MANIFEST.len(), 0..4usize, "[ \\n:'\"{}|>#a-z-]{0,3}"), 1..4),
        ) {
            let mut text = MANIFEST.to_owned();
            for (at, cut, insert) in edits {
                let at = at.min(text.len());
                let end = (at + cut).min(text.len());
                text.replace_range(at..end, &insert);
            }
            if let Some((parts, whole)) = both(&text) {
                prop_assert_eq!(parts, whole, "{}", text);
            }
        }
    }
}
