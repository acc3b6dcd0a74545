//! Examples in Markdown: files in fences, with the diagnostics they are to give marked in them.
//!
//! A fence is opened by ` ```yaml file=people.deed.yaml today=2026-06-30 `; both settings may be left out. Fences under one
//! heading make one workspace. A line that ends in `# error`, `# warning` or `# info` is to give one diagnostic of that
//! severity; `# error below` speaks of the line behind it.
//!
//! A `diff` fence below them makes the workspace a little repository, whose first commit has the other fences' files: see
//! [`crate::replay`]. `ssh-ed25519 AAAA… ada` stands for the throwaway key called `ada`.

use crate::Key;
use crate::replay::{Step, steps};

/// One heading's files and what they are to give.
#[derive(Debug, Default)]
pub struct Example {
    /// The heading, without the `#`.
    pub heading: String,
    /// Path and text of each file, in order.
    pub files: Vec<(String, String)>,
    /// The day, where a fence names one.
    pub today: Option<String>,
    /// What happens to the files, where a fence tells.
    pub steps: Vec<Step>,
    /// What is to be reported.
    pub expected: Vec<Expected>,
}

/// A diagnostic that is to be reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The file.
    pub path: String,
    /// The line it begins in, from 1.
    pub line: usize,
    /// `error`, `warning` or `info`.
    pub severity: String,
}

/// Returns the examples of a Markdown text: one for each heading with a `yaml`, `json` or `diff` fence below it.
///
/// # Panics
/// Panics on a setting that is none, so that a misspelt one does not pass unseen.
pub fn examples(markdown: &str) -> Vec<Example> {
    let mut all: Vec<Example> = Vec::new();
    let mut heading = String::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
            continue;
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let mut words = info.split_whitespace();
        let (language, mut path, mut today) = (words.next().unwrap_or_default(), None, None);
        if !matches!(language, "yaml" | "json" | "diff") {
            continue;
        }
        for word in words {
            match word.split_once('=') {
                Some(("file", value)) => path = Some(value.to_owned()),
                Some(("today", value)) => today = Some(value.to_owned()),
                _ => panic!("`{word}` is no setting of a fence"),
            }
        }
        if all.last().is_none_or(|example| example.heading != heading) {
            all.push(Example { heading: heading.clone(), ..Example::default() });
        }
        let Some(example) = all.last_mut() else { continue };
        let text = with_keys(&(body.join("\n") + "\n"));
        if language == "diff" {
            example.today = example.today.take().or(today);
            example.expected.extend(markers("", &body));
            example.steps.extend(steps(&text));
            continue;
        }
        let path = path.unwrap_or_else(|| format!("example.deed.{language}"));
        example.today = example.today.take().or(today);
        example.expected.extend(markers(&path, &body));
        example.files.push((path, text));
    }
    all
}

/// Puts in the keys that `ssh-ed25519 AAAA… NAME` stands for.
fn with_keys(text: &str) -> String {
    let mut parts = text.split(KEY);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(part.len());
        whole += &Key::ed25519(&part[..end]).public_line();
        whole += &part[end..];
    }
    whole
}

/// What a key begins with whose name follows.
const KEY: &str = "ssh-ed25519 AAAA… ";

/// Returns what the markers of a text ask for.
pub fn marked(path: &str, text: &str) -> Vec<Expected> {
    markers(path, &text.lines().collect::<Vec<_>>()).collect()
}

fn markers<'t>(path: &'t str, lines: &'t [&str]) -> impl Iterator<Item = Expected> + 't {
    lines.iter().zip(1..).filter_map(move |(line, number)| {
        let marker = line.rsplit_once("# ")?.1;
        let (severity, line) = match marker.strip_suffix(" below") {
            Some(severity) => (severity, number + 1),
            None => (marker, number),
        };
        matches!(severity, "error" | "warning" | "info").then(|| Expected {
            path: path.to_owned(),
            line,
            severity: severity.to_owned(),
        })
    })
}

/// Returns a text without its markers.
pub fn without_markers(text: &str) -> String {
    let lines = text.lines().filter_map(|line| {
        let marked = line
            .rsplit_once("# ")
            .filter(|(_, marker)| matches!(marker.trim_end_matches(" below"), "error" | "warning" | "info"));
        match marked {
            None => Some(line),
            Some((before, _)) if before.trim().is_empty() => None,
            Some((before, _)) => Some(before.trim_end()),
        }
    });
    lines.map(|line| line.to_owned() + "\n").collect()
}
