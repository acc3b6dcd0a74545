//! Parses every YAML and JSON file below some directories, as food for the parser: `food DIR…`.
//!
//! Nothing may panic or hang, ranges nest and lie on character boundaries, and the text at a scalar's range reads as that
//! scalar again. Prints how much was read, how fast, and how many files have errors; `--errors` lists them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deed_syntax::{Format, Node, NodeKind, Parse, ScalarStyle, TextRange, parse_bytes};

#[derive(Default)]
struct Tally {
    files: usize,
    bytes: usize,
    leaves: usize,
    broken: usize,
    errors: usize,
    spent: Duration,
    slowest: (Duration, PathBuf),
    wrong: Vec<String>,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().any(|argument| argument == "--errors");
    arguments.retain(|argument| argument != "--errors");
    let mut wrong = 0;
    for directory in arguments {
        let mut tally = Tally::default();
        feed(Path::new(&directory), list, &mut tally);
        let speed = tally.bytes as f64 / 1e6 / tally.spent.as_secs_f64();
        println!(
            "{directory}: {} files, {:.1} MB, {} leaves, {speed:.0} MB/s; {} files with {} errors; slowest {:?} {}",
            tally.files,
            tally.bytes as f64 / 1e6,
            tally.leaves,
            tally.broken,
            tally.errors,
            tally.slowest.0,
            tally.slowest.1.display()
        );
        wrong += tally.wrong.len();
        tally.wrong.iter().take(20).for_each(|line| println!("  WRONG {line}"));
    }
    std::process::exit(i32::from(wrong > 0));
}

fn feed(path: &Path, list: bool, tally: &mut Tally) {
    if path.is_dir() {
        let mut entries: Vec<_> = std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| feed(entry, list, tally));
        return;
    }
    let Ok(bytes) = std::fs::read(path) else { return };
    let start = Instant::now();
    let parse = parse_bytes(&bytes, Format::of_path(&path.to_string_lossy()));
    let spent = start.elapsed();
    tally.files += 1;
    tally.bytes += bytes.len();
    tally.spent += spent;
    if spent > tally.slowest.0 {
        tally.slowest = (spent, path.to_owned());
    }
    if !parse.errors().is_empty() {
        tally.broken += 1;
        tally.errors += parse.errors().len();
        if list {
            let line = |offset: usize| parse.text()[..offset].matches('\n').count() + 1;
            let first = &parse.errors()[0];
            println!("{}:{}: {}", path.display(), line(first.range.start().into()), first.message);
        }
    }
    let whole = TextRange::up_to(deed_syntax::TextSize::of(parse.text()));
    for document in parse.documents() {
        visit(path, &parse, document, whole, tally);
    }
}

fn visit(path: &Path, parse: &Parse, node: Node<'_>, within: TextRange, tally: &mut Tally) {
    let range = node.range();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            tally.wrong.push(format!("{} {range:?}: {what}", path.display()));
        }
    };
    claim(within.contains_range(range), "lies outside of what holds it");
    let Some(text) = parse.text().get(std::ops::Range::<usize>::from(range)) else {
        return claim(false, "is not on character boundaries");
    };
    match node.kind() {
        NodeKind::Scalar(style) => {
            // A scalar over several lines reads differently when its indentation is gone, and what is kept of a broken
            // value need not read as it did.
            if parse.errors().is_empty()
                && !text.contains('\n')
                && matches!(style, ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
            {
                let again = deed_syntax::parse(text, parse.format());
                let same = again.root().and_then(Node::scalar_text) == node.scalar_text() || node.is_missing();
                claim(same || node.tag().is_some(), "the text there does not read as the same scalar");
            }
            tally.leaves += 1;
        }
        NodeKind::Mapping { .. } => {
            for entry in node.entries() {
                visit(path, parse, entry.key(), entry.range(), tally);
                visit(path, parse, entry.value(), entry.range(), tally);
                if !range.contains_range(entry.range()) {
                    tally.wrong.push(format!(
                        "{} {:?}: an entry lies outside of its mapping",
                        path.display(),
                        entry.range()
                    ));
                }
            }
        }
        NodeKind::Sequence { .. } => node.items().for_each(|item| visit(path, parse, item, range, tally)),
        NodeKind::Alias => {}
    }
}
