//! The story as written: commits with their edits, one statement a line.
//!
//! ```text
//! # A comment.
//! ~ branch terminals
//! @ 2026-03-01 10:00 ada signed: Accept R-12 until September
//! | More of the message.
//! accept R-12 until 2026-09-01 "terminals are replaced in Q3"
//! set risks.R-12.review 6mo
//! put reviews/2026-h1.md
//!   # Text indented by two spaces is the statement's block.
//! ```

use std::path::Path;

/// Something that happens in the repository.
#[derive(Debug)]
pub(super) enum Event {
    /// `~ branch NAME`, `~ switch NAME`, `~ tag NAME`.
    Move {
        /// Where the story says so.
        place: String,
        /// The words behind the tilde.
        words: Vec<String>,
    },
    /// `@ …`: a commit or merge.
    Commit(Box<Commit>),
}

/// A commit of the story.
#[derive(Debug)]
pub(super) struct Commit {
    /// Where the story says so.
    pub(super) place: String,
    /// `2026-03-01`.
    pub(super) date: String,
    /// `10:00`, local to the author.
    pub(super) time: String,
    /// Who is the author, by the cast's name.
    pub(super) author: String,
    /// Subject line and body.
    pub(super) message: String,
    /// `signed`, `key=ben-1`, `committer=ben`, `via=cleo`, `merge=BRANCH`, `strategy=ours`, `date=2026-02-01`.
    pub(super) flags: Vec<(String, String)>,
    /// What it changes.
    pub(super) operations: Vec<Operation>,
}

/// One edit of a commit.
#[derive(Debug)]
pub(super) struct Operation {
    /// Where the story says so.
    pub(super) place: String,
    /// The verb.
    pub(super) verb: String,
    /// The rest of the line.
    pub(super) rest: String,
    /// The indented lines below, without their indentation.
    pub(super) block: Vec<String>,
}

impl Commit {
    /// Returns the value of a flag; a flag without one has the empty value.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(flag, _)| flag == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a story; panics with file and line where it makes no sense.
pub(super) fn read(path: &Path, text: &str) -> Vec<Event> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut events: Vec<Event> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let place = format!("{name}:{}", at + 1);
        let commit = match events.last_mut() {
            Some(Event::Commit(commit)) => Some(commit),
            _ => None,
        };
        if let Some(header) = line.strip_prefix("@ ") {
            events.push(Event::Commit(Box::new(commit_of(header, place))));
        } else if let Some(words) = line.strip_prefix("~ ") {
            events.push(Event::Move { place, words: words.split_whitespace().map(str::to_owned).collect() });
        } else if line.starts_with('#') || (line.is_empty() && commit.is_none()) {
        } else if let Some(block) = line.strip_prefix("  ").or(line.is_empty().then_some("")) {
            let operation = commit.and_then(|commit| commit.operations.last_mut());
            // Blank lines between commits are no part of a block.
            if let Some(operation) = operation.filter(|it| !block.is_empty() || !it.block.is_empty()) {
                operation.block.push(block.to_owned());
            } else {
                assert!(block.is_empty(), "{place}: an indented line belongs to no statement");
            }
        } else {
            let commit = commit.unwrap_or_else(|| panic!("{place}: a statement outside a commit"));
            if let Some(body) = line.strip_prefix('|') {
                let gap = if commit.message.contains('\n') { "\n" } else { "\n\n" };
                commit.message += &format!("{gap}{}", body.trim());
            } else {
                let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
                let (verb, rest) = (verb.to_owned(), rest.trim().to_owned());
                commit.operations.push(Operation { place, verb, rest, block: Vec::new() });
            }
        }
    }
    for event in &mut events {
        let Event::Commit(commit) = event else { continue };
        for operation in &mut commit.operations {
            while operation.block.last().is_some_and(String::is_empty) {
                operation.block.pop();
            }
        }
    }
    events
}

fn commit_of(header: &str, place: String) -> Commit {
    // The clock time has a colon too; the one before the message is followed by a space.
    let (head, message) = header.split_once(": ").unwrap_or_else(|| panic!("{place}: a commit has no message"));
    let mut words = head.split_whitespace().map(str::to_owned);
    let mut next = |what| words.next().unwrap_or_else(|| panic!("{place}: a commit has no {what}"));
    let (date, time, author) = (next("date"), next("time"), next("author"));
    let flags = words
        .map(|word| word.split_once('=').map_or((word.clone(), String::new()), |(a, b)| (a.to_owned(), b.to_owned())))
        .collect();
    Commit { date, time, author, message: message.to_owned(), flags, operations: Vec::new(), place }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Event, read};

    #[test]
    fn a_commit_has_flags_message_and_operations_with_blocks() {
        let story = "# x\n~ branch b\n@ 2026-03-01 10:00 ada signed key=ada-2: Accept: all\n| Why.\n| And how.\n\
                     put a.md\n  one\n\n    two\n\nset isms.x 1\n\n@ 2026-03-02 10:00 bo: Next\n";
        let events = read(Path::new("t.story"), story);
        let [Event::Move { words, .. }, Event::Commit(commit), Event::Commit(next)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!(words, &["branch", "b"]);
        assert_eq!((commit.flag("signed"), commit.flag("key"), commit.flag("via")), (Some(""), Some("ada-2"), None));
        assert_eq!(commit.message, "Accept: all\n\nWhy.\nAnd how.");
        assert_eq!(commit.operations[0].block, ["one", "", "  two"]);
        assert_eq!((commit.operations[1].verb.as_str(), commit.operations[1].place.as_str()), ("set", "t.story:11"));
        assert!(commit.operations[1].block.is_empty() && next.operations.is_empty());
    }
}
