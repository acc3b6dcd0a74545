//! Manifests with what is wrong with them written below the place, see `cases/`.
//!
//! A case starts with `## what it shows`; `(json)` behind that makes it a JSON manifest. A line of carets points at the
//! line above it, the `#` standing for the first column; `# help:` and `# fix:` may follow. Expected are exactly these
//! violations. `UPDATE=1 cargo test -p deed-schema --test cases` writes what the crate says today: read the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use deed_schema::{Violation, violations};
use deed_syntax::{Format, Parse};

struct Case {
    title: String,
    text: String,
}

impl Case {
    fn parse(&self) -> Parse {
        let json = self.title.ends_with("(json)");
        deed_syntax::parse(self.text.as_str(), if json { Format::Json } else { Format::Yaml })
    }
}

/// Splits a file into its cases, without the markers.
fn cases(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in file.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case { title: title.to_owned(), text: String::new() });
        } else if let Some(case) = cases.last_mut()
            && !is_marker(line)
        {
            case.text += line;
            case.text.push('\n');
        }
    }
    cases
}

fn is_marker(line: &str) -> bool {
    line.starts_with("# help: ")
        || line.starts_with("# fix: ")
        || line.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with('^'))
}

/// Writes a case with its markers.
fn marked(case: &Case) -> String {
    let parse = case.parse();
    let found = parse.root().map(violations).unwrap_or_default();
    let mut out = format!("## {}\n", case.title);
    let mut start = 0;
    for line in case.text.split_inclusive('\n') {
        out += line;
        let end = start + line.len();
        for violation in found.iter().filter(|v| (start..end).contains(&v.range.start().into())) {
            mark(violation, line.trim_end(), start, &mut out);
        }
        start = end;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn mark(violation: &Violation, line: &str, start: usize, out: &mut String) {
    let from = usize::from(violation.range.start()) - start;
    let to = (usize::from(violation.range.end()) - start).min(line.len());
    let columns = |text: &str| text.chars().count();
    let (before, width) = (columns(&line[..from]), columns(&line[from..to]).max(1));
    let carets = match before {
        0 => format!("#{}", "^".repeat(width.max(2) - 1)),
        _ => format!("#{}{}", " ".repeat(before - 1), "^".repeat(width)),
    };
    let _ = writeln!(out, "{carets} {}", violation.message);
    if let Some(help) = &violation.help {
        let _ = writeln!(out, "# help: {help}");
    }
    if let Some(suggestion) = &violation.suggestion {
        assert_eq!(suggestion.range, violation.range, "a marker shows one range for both");
        let _ = writeln!(out, "# fix: {}", suggestion.replacement);
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).expect("the folder of cases is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file of cases can be read")
}

#[test]
fn each_mistake_is_reported_where_it_is_and_once() {
    let mut wrong = Vec::new();
    for path in files() {
        let file = read(&path);
        let head: String =
            file.lines().take_while(|line| !line.starts_with("## ")).fold(String::new(), |mut head, line| {
                head += line;
                head + "\n"
            });
        let body: Vec<String> = cases(&file).iter().map(marked).collect();
        let actual = head + &body.join("\n");
        if actual == file {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &actual).expect("a file of cases can be written");
        }
        let different = file.lines().zip(actual.lines()).find(|(before, now)| before != now);
        wrong.push(format!("{}: {different:#?}", path.display()));
    }
    let hint = "UPDATE=1 cargo test -p deed-schema --test cases writes them; read the difference";
    assert!(wrong.is_empty(), "{}\n{hint}", wrong.join("\n"));
}

#[test]
fn there_are_cases_for_all_sorts_of_mistakes() {
    let all: Vec<Case> = files().iter().flat_map(|path| cases(&read(path))).collect();
    assert!(all.len() >= 60, "{} cases", all.len());
    let mut titles: Vec<&str> = all.iter().map(|case| case.title.as_str()).collect();
    titles.sort_unstable();
    assert!(titles.windows(2).all(|pair| pair[0] != pair[1]), "two cases show the same");
}

#[test]
fn applying_every_fix_leaves_nothing_to_fix() {
    for case in files().iter().flat_map(|path| cases(&read(path))) {
        let parse = case.parse();
        let found = parse.root().map(violations).unwrap_or_default();
        let fixable: Vec<_> = found.iter().filter_map(|violation| violation.suggestion.as_ref()).collect();
        let edits: Vec<_> = fixable
            .iter()
            .map(|fix| deed_syntax::edit::Edit { range: fix.range, new_text: fix.replacement.as_ref().into() })
            .collect();
        let text = deed_syntax::edit::apply(parse.text(), &edits).expect("fixes do not overlap");
        let fixed = deed_syntax::parse(text, parse.format());
        assert_eq!(fixed.errors().len(), parse.errors().len(), "{}: {}", case.title, fixed.text());
        let left = fixed.root().map(violations).unwrap_or_default();
        let again: Vec<_> = left.iter().filter(|violation| violation.suggestion.is_some()).collect();
        assert!(again.is_empty(), "{}: {again:#?}", case.title);
        assert!(left.len() <= found.len() - fixable.len(), "{}: {left:#?}", case.title);
    }
}
