//! One slip in one line of a good register gives one diagnostic, whatever line it is.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deed_linter::{Diagnostic, Inputs, lint};
use deed_model::{Manifest, Section, Workspace, is_manifest, parse_date};
use deed_syntax::Format;

/// The manifests of an organisation: path and text.
fn organization(name: &str) -> Vec<Manifest> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/orgs").join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.retain(|path| is_manifest(&name(path)));
    files.iter().map(|path| manifest(&name(path), &fs::read_to_string(path).unwrap())).collect()
}

fn manifest(path: &str, text: &str) -> Manifest {
    Manifest { path: path.to_owned(), parse: Arc::new(deed_syntax::parse(text, Format::of_path(path))) }
}

fn diagnostics(manifests: &[Manifest]) -> Vec<Diagnostic> {
    let workspace = Workspace::new(manifests.to_vec());
    let exists = |_: &str| true;
    let today = parse_date("2026-11-24").unwrap();
    lint(&Inputs { workspace: &workspace, today, exists: Some(&exists), history: None }).diagnostics
}

/// What a line becomes by a slip, if it can.
type Slip = fn(&str) -> Option<String>;

/// Slips that break the text.
const BREAKING: &[Slip] = &[
    |line| line.contains(": ").then(|| line.replacen(": ", " ", 1)),
    |line| Some(line.strip_suffix(':')?.to_owned()),
    |line| line.contains(": ").then(|| line.replacen(": ", ":", 1)),
    |line| Some(line.strip_suffix('}')?.to_owned()),
    |line| line.contains(']').then(|| line.replacen(']', "", 1)),
    |line| Some(line.strip_suffix('"')?.to_owned()),
    |line| line.contains(": ").then(|| line.replacen(": ", ": \"", 1)),
    |line| line.starts_with("  ").then(|| line.replacen("  ", "\t", 1)),
    |line| (!line.is_empty()).then(|| format!("{line} }}")),
    |line| (!line.is_empty()).then(|| format!(" {line}")),
    |line| Some(line.strip_prefix(' ')?.to_owned()),
];

/// Every how many lines a slip is made: all of them take minutes.
const STRIDE: usize = 17;

/// Makes slips in the lines of good registers; returns those that gave other than one diagnostic more, and how many were made.
fn slips(kinds: &[Slip], stride: usize, counts: impl Fn(&Manifest) -> bool) -> (Vec<String>, usize) {
    let (mut wrong, mut made) = (Vec::new(), 0);
    for name in ["centralized", "federated", "executive-led"] {
        let manifests = organization(name);
        let before: HashSet<String> = diagnostics(&manifests)
            .into_iter()
            .flat_map(|d| [d.fingerprint.to_string(), d.message.to_string()])
            .collect();
        for (index, Manifest { path, parse }) in manifests.iter().enumerate() {
            let lines: Vec<&str> = parse.text().lines().collect();
            for (at, kind) in
                (made % stride..lines.len()).step_by(stride).flat_map(|at| kinds.iter().map(move |kind| (at, kind)))
            {
                let Some(line) = kind(lines[at]) else { continue };
                let text = [&lines[..at], &[line.as_str()], &lines[at + 1..]].concat().join("\n") + "\n";
                let mut broken = manifests.clone();
                broken[index] = manifest(path, &text);
                if !counts(&broken[index]) {
                    continue;
                }
                made += 1;
                let mut after = diagnostics(&broken);
                after.retain(|diagnostic| {
                    !before.contains(&*diagnostic.fingerprint) && !before.contains(&*diagnostic.message)
                });
                if after.len() != 1 {
                    let said: String =
                        after.iter().take(9).map(|d| format!("\n    {} {}", d.rule.id, d.message)).collect();
                    wrong.push(format!("{name}/{path}:{}: {line}{said}", at + 1));
                }
            }
        }
    }
    (wrong, made)
}

#[test]
fn a_broken_line_gives_one_diagnostic() {
    let (wrong, made) = slips(BREAKING, STRIDE, |manifest| !manifest.parse.errors().is_empty());
    assert!(wrong.is_empty() && made > 300, "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the schema would have written is read as if it were.
#[test]
fn a_misspelt_section_is_read_as_the_one_it_means() {
    let mut misspelt: Vec<String> =
        ["persons", "users", "units", "audits", "config", "statement-of-applicability"].map(str::to_owned).into();
    for section in Section::ALL {
        let key = section.key();
        misspelt.extend([key.to_uppercase(), format!("{key}s"), key.trim_end_matches('s').to_owned()]);
        misspelt.extend((1..key.len()).map(|at| [&key[..at], &key[at + 1..]].concat()));
        misspelt.extend(
            (2..key.len()).map(|at| [&key[..at - 1], &key[at..=at], &key[at - 1..at], &key[at + 1..]].concat()),
        );
    }
    for key in misspelt.iter().filter(|key| Section::of_key(key).is_none()) {
        let manifest = manifest("deed.yaml", &format!("{key}: {{}}\n"));
        let violations = deed_schema::violations(manifest.parse.root().unwrap());
        let section = |key: &str| Section::of_key(key).filter(|_| violations[0].message.contains("did you mean"));
        let meant = violations[0].message.rsplit('`').nth(1).and_then(section);
        assert!(meant.is_none() || Section::meant_by(key) == meant, "{key}: {:?} {meant:?}", Section::meant_by(key));
    }
    let (wrong, made) = slips(&[misspelt_section], 1, |_| true);
    assert!(wrong.is_empty() && made > 10, "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
}

fn misspelt_section(line: &str) -> Option<String> {
    let key = line.split(':').next().filter(|key| key.len() > 4 && Section::of_key(key).is_some())?;
    Some(line.replacen(key, &format!("{}{}", &key[..1], &key[2..]), 1))
}
