//! The editor says what `deed check` says: the same diagnostics, at the same places, with the same fixes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Folder;
use crate::client::{Client, uri};

/// Everything that is said, as text by text in a fixed order: path, place, severity, rule, message.
type Said = Vec<(String, String, String, String, String)>;

/// What `deed check` says of everything below a directory, with the fixes.
fn checked(directory: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deed"));
    command.args(["check", "--format", "json"]).current_dir(directory);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Line and column in bytes, from zero.
fn place(text: &str, offset: &Value) -> (u64, u64) {
    let before = &text[..usize::try_from(offset.as_u64().expect("a number")).expect("it fits")];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() as u64, (before.len() - start) as u64)
}

fn of_check(directory: &Path, report: &Value) -> Said {
    let said = report["diagnostics"].as_array().expect("a list").iter().map(|it| {
        let path = it["path"].as_str().expect("a path");
        let text = fs::read_to_string(directory.join(path)).expect("it is there");
        let (start, end) = (place(&text, &it["range"]["start"]["offset"]), place(&text, &it["range"]["end"]["offset"]));
        let word = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
        (path.to_owned(), format!("{start:?}-{end:?}"), word("severity"), word("rule"), word("message"))
    });
    sorted(said.collect())
}

fn of_server(directory: &Path, report: &Value) -> Said {
    let mut said = Vec::new();
    for file in report["items"].as_array().expect("a list") {
        let path = file["uri"].as_str().and_then(|it| it.strip_prefix(&format!("{}/", uri(directory)))).expect("below");
        for it in file["items"].as_array().expect("a list") {
            let at = |end: &str| {
                let position = &it["range"][end];
                (position["line"].as_u64().expect("a line"), position["character"].as_u64().expect("a column"))
            };
            let severity = ["", "error", "warning", "info"][it["severity"].as_u64().map_or(0, |it| it as usize)];
            let message = it["message"].as_str().unwrap_or_default().split("\nhelp: ").next().unwrap_or_default();
            let rule = it["code"].as_str().unwrap_or_default();
            let place = format!("{:?}-{:?}", at("start"), at("end"));
            said.push((path.to_owned(), place, severity.to_owned(), rule.to_owned(), message.to_owned()));
        }
    }
    sorted(said)
}

fn sorted(mut said: Said) -> Said {
    said.sort();
    said
}

fn open(directory: &Path) -> Client {
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-16", "utf-8"] }, "textDocument": { "diagnostic": {} }
    });
    Client::with(directory, capabilities, json!({ "pull": true }))
}

/// Waits until the server says what `deed check` says: history is read in the background.
fn agree(client: &mut Client, directory: &Path, report: &Value) {
    let expected = of_check(directory, report);
    assert!(!expected.is_empty());
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let found = of_server(directory, &client.result("workspace/diagnostic", json!({ "previousResultIds": [] })));
        if found == expected {
            return;
        }
        if Instant::now() > until {
            let only = |a: &Said, b: &Said| a.iter().filter(|it| !b.contains(it)).cloned().collect::<Said>();
            panic!("only `check`: {:#?}\nonly the server: {:#?}", only(&expected, &found), only(&found, &expected));
        }
    }
}

#[test]
fn the_server_says_of_the_example_what_check_says_and_offers_its_fixes() {
    let folder = Folder::with(&[]);
    let directory = folder.path().join("example");
    deed_test::example::generate(&directory).expect("the example is made");
    let report = checked(&directory);
    let mut client = open(&directory);
    agree(&mut client, &directory, &report);

    let mut offered = 0;
    for it in report["diagnostics"].as_array().expect("a list") {
        let path = directory.join(it["path"].as_str().expect("a path"));
        let text = fs::read_to_string(&path).expect("it is there");
        let position = |end: &str| {
            let (line, character) = place(&text, &it["range"][end]["offset"]);
            json!({ "line": line, "character": character })
        };
        let range = json!({ "start": position("start"), "end": position("end") });
        let actions = client.result(
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": uri(&path) }, "range": range, "context": { "diagnostics": [] } }),
        );
        // In the editor a title begins with a capital letter; in a terminal it stands behind a colon.
        let titles: Vec<String> =
            actions.as_array().into_iter().flatten().filter_map(|action| action["title"].as_str()).map(small).collect();
        for fix in it["fixes"].as_array().into_iter().flatten() {
            let title = fix["title"].as_str().expect("a title");
            let is_edit = fix["edits"].as_array().is_some_and(|edits| !edits.is_empty());
            assert!(!is_edit || titles.contains(&small(title)), "{title:?} is not among {titles:?}");
            offered += 1;
        }
    }
    assert!(offered > 0);
    client.close();
}

fn small(title: &str) -> String {
    title.chars().take(1).flat_map(char::to_lowercase).chain(title.chars().skip(1)).collect()
}

/// The first line of a fence, and what is in it.
fn fences(markdown: &str) -> Vec<(&str, String)> {
    let mut all: Vec<(&str, String)> = Vec::new();
    let mut open = None;
    for line in markdown.lines() {
        match (open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                open = Some(kind);
                all.push((kind, String::new()));
            }
            (Some(_), Some(_)) => open = None,
            (Some(_), None) => {
                if let Some((_, text)) = all.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            (None, None) => {}
        }
    }
    all
}

#[test]
fn the_server_says_of_the_examples_of_every_rule_what_check_says() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/deed-linter/src/rules");
    let folder = Folder::with(&[]);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(&rules).expect("the rules").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|it| it != "md") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        for (number, (kind, text)) in fences(&fs::read_to_string(&path).expect("text")).into_iter().enumerate() {
            let ending = kind.split_whitespace().next().unwrap_or_default();
            if matches!(ending, "yaml" | "json") {
                folder.write(&format!("{name}-{number}/deed.{ending}"), text);
                *count.entry(name.clone()).or_default() += 1;
            }
        }
    }
    assert!(count.len() > 60, "only {} rules have examples", count.len());
    let report = checked(&folder.path());
    let mut client = open(&folder.path());
    agree(&mut client, &folder.path(), &report);
    client.close();
}
