//! One version of a file, read as cheaply as may be.

use std::rc::Rc;

use deed_syntax::{Format, Parse, parse_sound};

use super::block::{Common, Odd, collection, derive, starts_collection};
use super::line::is_ordinary;
use super::node::{self, Import, Node, identity_of_document};
use crate::value::Values;

/// The values of a version of a file.
#[derive(Debug)]
pub(super) struct Version {
    text: Box<str>,
    pub(super) documents: Vec<Document>,
}

/// One document of a file, which mostly is the only one.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Where its first entry starts.
    start: u32,
    /// Where its text ends.
    end: u32,
    pub(super) value: u64,
    /// `None` for a scalar or an empty collection.
    pub(super) root: Option<Rc<Node>>,
    /// What tells it from others, if it says so.
    pub(super) identity: Option<u64>,
}

impl Document {
    fn new(start: usize, end: usize, value: u64, root: Option<Rc<Node>>) -> Self {
        let identity = root.as_deref().and_then(identity_of_document);
        Self { start: start as u32, end: end as u32, value, root, identity }
    }
}

impl Version {
    /// Reads a version; `None` when something is wrong with it. One that is much the same helps.
    pub(super) fn read(bytes: &[u8], format: Format, near: Option<&Self>) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        if text.len() >= u32::MAX as usize {
            return None;
        }
        let documents = match format {
            Format::Yaml => match in_parts(text, near) {
                Ok(documents) => documents,
                Err(_) => whole(text, format)?,
            },
            Format::Json => whole(text, format)?,
        };
        Some(Self { text: text.into(), documents })
    }

    /// Takes over a version that was parsed, unless reading it anew lets its parts be used again.
    pub(super) fn of(parse: &Parse) -> Option<Self> {
        match parse.format() {
            Format::Yaml => Self::read(parse.text().as_bytes(), Format::Yaml, None),
            Format::Json => Some(Self { text: parse.text().into(), documents: taken_over(parse) }),
        }
    }

    /// Returns what tells each document from the others.
    pub(super) fn identities(&self) -> Vec<Option<u64>> {
        self.documents.iter().map(|document| document.identity).collect()
    }

    /// Returns path and value of all leaves, sorted.
    pub(super) fn leaves(&self) -> Vec<(u64, u64)> {
        node::leaves(self.documents.iter().map(|document| (document.value, document.root.as_deref())))
    }
}

/// Reads a text with the parser.
fn whole(text: &str, format: Format) -> Option<Vec<Document>> {
    Some(taken_over(&parse_sound(text, format)?))
}

fn taken_over(parse: &Parse) -> Vec<Document> {
    let mut import = Import::new(Values::new(parse));
    let documents = parse.documents().map(|root| {
        let (value, root) = import.node(root, 0);
        Document::new(0, 0, value, root)
    });
    documents.collect()
}

/// Reads a text of one document that differs in the middle from one that was read entry by entry. `None` when there is
/// more to it.
fn in_the_middle(text: &str, near: &Version) -> Option<Document> {
    let [document] = &*near.documents else { return None };
    let root = document.root.as_ref().filter(|root| root.column != Node::FOREIGN)?;
    let common = Common::of(&near.text, text);
    let start = document.start as usize;
    // What leads to the first entry is the same, and where the texts differ no line has a meaning of its own.
    let differing = common.prefix.saturating_sub(4)..(text.len() - common.suffix + 4).min(text.len());
    let middle = &text.as_bytes()[differing];
    let is_special = memchr::memchr(b'\r', middle).is_some()
        || memchr::memmem::find(middle, b"\n---").is_some()
        || memchr::memmem::find(middle, b"\n...").is_some();
    if common.prefix < start + 2 || is_special || document.end as usize != near.text.len() || ends_in_blanks(text) {
        return None;
    }
    let (before, body) = (&near.text[start..], &text[start..]);
    let root = derive(root, before, body, common.within(start, 0)?, 0).ok()?;
    Some(Document::new(start, text.len(), root.value, Some(root)))
}

/// Entries end where the next one's indentation starts; only at the very end blanks may be the text of a block.
fn ends_in_blanks(text: &str) -> bool {
    let last = &text[text.rfind('\n').map_or(0, |newline| newline + 1)..];
    !last.is_empty() && last.trim_start_matches(' ').is_empty()
}

/// Reads a YAML text entry by entry.
fn in_parts(text: &str, near: Option<&Version>) -> Result<Vec<Document>, Odd> {
    if let Some(document) = near.and_then(|near| in_the_middle(text, near)) {
        return Ok(vec![document]);
    }
    if memchr::memchr(b'\r', text.as_bytes()).is_some() || text.starts_with(['\u{feff}', '%']) {
        return Err(Odd::Throughout);
    }
    if ends_in_blanks(text) {
        return Err(Odd::Throughout);
    }
    let stretches = stretches(text)?;
    let single = stretches.len() == 1;
    let mut documents = Vec::with_capacity(stretches.len());
    for (index, (start, end)) in stretches.iter().copied().enumerate() {
        let stretch = &text[start..end];
        let Some((at, column)) = content(stretch)? else {
            // Without a marker there is no document; with one, the parser says what it is.
            return if single && start == 0 { Ok(documents) } else { Err(Odd::Throughout) };
        };
        let body = &stretch[at..];
        let old = near.filter(|near| near.documents.len() == stretches.len()).and_then(|near| {
            let old = &near.documents[index];
            let root = old.root.as_ref().filter(|root| root.column as usize == column)?;
            Some((root, &near.text[old.start as usize..old.end as usize]))
        });
        let root = match old {
            Some((root, before)) => {
                derive(root, before, body, Common::of(before, body), 0).or_else(|_| collection(body, column, 0))?
            }
            None => {
                if !starts_collection(body) {
                    return Err(Odd::Throughout);
                }
                collection(body, column, 0)?
            }
        };
        documents.push(Document::new(start + at, end, root.value, Some(root)));
    }
    Ok(documents)
}

/// Returns where the documents lie between their markers.
fn stretches(text: &str) -> Result<Vec<(usize, usize)>, Odd> {
    let bytes = text.as_bytes();
    if text.starts_with("...") || memchr::memmem::find(bytes, b"\n...").is_some() {
        return Err(Odd::Throughout);
    }
    let mut found = Vec::new();
    let mut start = 0;
    let first = text.starts_with("---").then_some(0);
    for marker in first.into_iter().chain(memchr::memmem::find_iter(bytes, b"\n---").map(|newline| newline + 1)) {
        let end = memchr::memchr(b'\n', &bytes[marker..]).map_or(text.len(), |len| marker + len + 1);
        let rest = text[marker + 3..end].trim_end_matches('\n');
        let comment = rest.trim_start_matches(' ');
        if !comment.is_empty() && (comment.len() == rest.len() || !comment.starts_with('#') || !is_ordinary(comment)) {
            return Err(Odd::Throughout);
        }
        // Before the first marker there may be comments only.
        if start > 0 || content(&text[..marker])?.is_some() {
            found.push((start, marker));
        }
        start = end;
    }
    found.push((start, text.len()));
    Ok(found)
}

/// Returns where the first entry of a document starts, and in which column.
fn content(text: &str) -> Result<Option<(usize, usize)>, Odd> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let blanks = line.len() - content.len();
        match content.as_bytes().first() {
            None | Some(b'\n') => {}
            Some(b'#') if is_ordinary(content.trim_end_matches('\n')) => {}
            Some(b'#' | b'%') => return Err(Odd::Throughout),
            Some(_) => return Ok(Some((at + blanks, blanks))),
        }
        at += line.len();
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a version shows: per document its value, its identity and all below it.
    fn shown(version: Option<&Version>) -> Option<Vec<(u64, Option<u64>, String)>> {
        fn below(node: &Node, out: &mut String) {
            out.push_str(&format!("{:?}{}(", node.kind, node.value));
            for entry in &node.entries {
                out.push_str(&format!("{} {} {},", entry.step, entry.value, entry.part));
                entry.child.iter().for_each(|child| below(child, out));
            }
            out.push(')');
        }
        let show = |document: &Document| {
            let mut out = String::new();
            document.root.iter().for_each(|root| below(root, &mut out));
            (document.value, document.identity, out)
        };
        Some(version?.documents.iter().map(show).collect())
    }

    fn by_parser(text: &str) -> Option<Version> {
        Some(Version { text: text.into(), documents: whole(text, Format::Yaml)? })
    }

    #[track_caller]
    fn check(before: &str, text: &str) {
        let expected = shown(by_parser(text).as_ref());
        assert_eq!(shown(Version::read(text.as_bytes(), Format::Yaml, None).as_ref()), expected, "alone: {text:?}");
        if let Some(near) = Version::read(before.as_bytes(), Format::Yaml, None) {
            let read = Version::read(text.as_bytes(), Format::Yaml, Some(&near));
            assert_eq!(shown(read.as_ref()), expected, "after {before:?}: {text:?}");
        }
    }

    const LINES: [&str; 46] = [
        "a: 1",
        "b: x y",
        "c:",
        "a:",
        "- x",
        "- y # c",
        "-",
        "- a: 1",
        "- id: 1",
        "  b: 2",
        "# c",
        "",
        "d: 'q'",
        "e: \"q\"",
        "f: |",
        "f: >-",
        "g: [a, b]",
        "g: [a,",
        "b]",
        "h: {a: 1}",
        "i: 'a",
        "b'",
        "- - x",
        "j: &n z",
        "k: *n",
        "<<: *n",
        "---",
        "...",
        "l: !t x",
        "? m",
        ": n",
        "o: p: q",
        "\"r\": s",
        "t: a #b",
        "u: - v",
        "text",
        "- name: n",
        "v: []",
        "w: {}",
        "- {id: 1}",
        "x: -",
        "y: |+",
        "z:   ",
        "  ",
        "-  id: 2",
        "- \"s\": 1",
    ];

    fn line() -> impl Strategy<Value = String> {
        (0..5usize, 0..LINES.len()).prop_map(|(indent, line)| format!("{:1$}{2}", "", indent * 2, LINES[line]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(std::env::var("CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000)))]

        #[test]
        fn any_lines_are_read_as_the_parser_reads_them(lines in prop::collection::vec(line(), 0..9)) {
            check("", &lines.join("\n"));
            check("", &(lines.join("\n") + "\n"));
        }

        #[test]
        fn a_near_version_changes_nothing(
            nodes in prop::collection::vec((0..4usize, 0..12usize), 1..30),
            edits in prop::collection::vec((0..30usize, 0..3usize, 0..5usize, 0..LINES.len()), 1..4),
        ) {
            let before = sound(&nodes);
            let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
            for (at, what, indent, line) in edits {
                let at = at % (lines.len() + 1);
                let line = format!("{:1$}{2}", "", indent * 2, LINES[line]);
                match what {
                    0 => lines.insert(at, line),
                    1 if at < lines.len() => { lines.remove(at); }
                    _ if at < lines.len() => {
                        let indent = lines[at].len() - lines[at].trim_start().len();
                        lines[at] = format!("{:1$}{2}", "", indent, line.trim_start());
                    }
                    _ => {}
                }
            }
            let after = lines.join("\n") + "\n";
            check(&before, &after);
            check(&after, &before);
        }
    }

    /// A text that is mostly sound, of nodes with a depth and a shape.
    fn sound(nodes: &[(usize, usize)]) -> String {
        let mut text = String::new();
        let mut open = vec![0usize];
        for (index, (depth, shape)) in nodes.iter().enumerate() {
            open.truncate(depth + 1);
            let indent = *open.last().unwrap_or(&0);
            let line = match shape {
                0..4 => format!("k{index}: v{shape}"),
                4 => format!("k{index}: [a, {shape}]"),
                5 => format!("k{index}:\n{:indent$}- a\n{:indent$}- b", "", ""),
                6 => format!("k{index}: |\n{:indent$}  text\n{:indent$}   more", "", ""),
                7 => {
                    format!("k{index}:\n{:indent$}  - id: a\n{:indent$}    v: {index}\n{:indent$}  - id: b", "", "", "")
                }
                8 => format!("# comment\n{:indent$}k{index}: 'q'", ""),
                _ => {
                    open.push(indent + 2);
                    format!("k{index}:\n{:indent$}  in{index}: {shape}", "")
                }
            };
            text.push_str(&format!("{:indent$}{line}\n", ""));
        }
        text
    }

    #[test]
    fn documents_are_told_apart() {
        check("", "a: 1\n---\nb: 2\n");
        check("", "# c\n---\nkind: A\nmetadata: {name: x}\n--- # d\nkind: B\nmetadata:\n  name: y\n");
        check("a: 1\n---\nb: 2\n", "a: 1\n---\nb: 3\n");
        check("a: 1\n---\nb: 2\n", "a: 1\n---\n---\nb: 2\n");
        check("", "---\n---\n");
        check("", "---\n# c\n");
        check("", "# c\n");
        check("", "");
        check("", "--- a\n");
        check("", "a: 1\n...\nb\n");
        check("", "%YAML 1.2\n---\na: 1\n");
    }

    /// `REPOSITORY=/path/to/clone cargo test …` tries all versions on the line of first parents of a repository nobody
    /// here wrote, each alone and next to the one after it.
    #[test]
    fn versions_of_a_repository_are_read_as_the_parser_reads_them() {
        let Some(path) = std::env::var_os("REPOSITORY") else { return };
        let repository = crate::Repository::open(std::path::Path::new(&path)).expect("a repository");
        let objects = repository.objects().expect("objects");
        let graph = crate::Graph::load(&objects, repository.resolve("HEAD").expect("a commit")).expect("a graph");
        let trees = crate::Trees::new(&objects, 32 << 20);
        let filter = crate::Filter { name: &super::super::is_readable, below: &[], hidden: true };
        let line: Vec<u32> = graph.first_parents().collect();
        let mut versions = 0;
        for step in line.windows(2) {
            let (old, new) = (graph.tree(step[1]), graph.tree(step[0]));
            for change in trees.changes(Some(old), Some(new), &filter).expect("trees") {
                let text = |blob| {
                    let object = objects.read(blob?, crate::ObjectKind::Blob).ok()?;
                    String::from_utf8(object.data().to_vec()).ok()
                };
                if let (Some(old), Some(new)) = (text(change.old), text(change.new))
                    && !change.path.ends_with(b"json")
                {
                    check(&new, &old);
                    versions += 1;
                }
            }
        }
        assert!(versions > 0, "there is nothing to read");
    }
}
