//! The walk over a register's history against a slow reference that cannot be wrong: random histories whose content is
//! known without reading it back, every commit compared with all of its parents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use deed_history::Repository;
use deed_history::evidence::{LogKind, Request, judge, log, snapshot};
use deed_model::Section;
use git2::{Oid, Repository as Git, Signature, Time};

type Fields = BTreeMap<&'static str, String>;
type Risks = BTreeMap<String, Fields>;
/// Risks by manifest.
type Files = BTreeMap<String, Risks>;

const FIELDS: [&str; 6] = ["title", "owner", "treatment", "controls", "residual", "accepted"];
const PATHS: [&str; 4] = ["deed.yaml", "a.deed.yaml", "sub/b.deed.yaml", "z.deed.json"];

/// A generator of numbers that is the same everywhere (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn value(&mut self, field: &str) -> String {
        let n = self.roll(4);
        match field {
            "controls" => format!("[A.5.{}, A.8.{}]", n + 1, self.roll(3) + 1),
            "residual" => format!("{{likelihood: {}, impact: {}}}", n + 1, self.roll(3) + 1),
            "accepted" => format!("{{by: ada, date: 2026-01-0{}, until: 2027-01-0{}}}", n + 1, self.roll(3) + 1),
            _ => format!("{field}-{n}"),
        }
    }
}

/// A commit of the reference.
struct Known {
    id: Oid,
    parents: Vec<usize>,
    root: &'static str,
    /// What is written.
    files: Files,
    /// What counts: of a broken file what it said before.
    counts: Files,
}

impl Known {
    fn get(&self, risk: &str, field: &str) -> Option<&String> {
        let mut paths: Vec<&String> = self.counts.keys().collect();
        paths.sort_by_key(|path| (path.as_str() != "deed.yaml", path.as_str()));
        let file = paths.into_iter().find(|path| self.counts[*path].contains_key(risk))?;
        self.counts[file][risk].get(field)
    }
}

/// Writes a manifest in one of many ways that mean the same.
fn written(path: &str, risks: &Risks, dice: &mut Dice) -> String {
    let json = path.ends_with(".json");
    let mut ids: Vec<&String> = risks.keys().collect();
    if dice.roll(2) == 0 {
        ids.reverse();
    }
    let mark = if path == "deed.yaml" { "deed: 1\n" } else { "" };
    if json || dice.roll(3) == 0 {
        let quote = |text: &str| {
            let (open, rest) = text.split_at(usize::from(text.starts_with(['[', '{'])));
            if !json {
                return text.to_owned();
            }
            match open {
                "[" => {
                    let items: Vec<String> =
                        rest.trim_end_matches(']').split(", ").map(|item| format!("\"{item}\"")).collect();
                    format!("[{}]", items.join(","))
                }
                "{" => {
                    let entries = rest.trim_end_matches('}').split(", ").filter_map(|entry| entry.split_once(": "));
                    let number = |value: &str| value.parse::<i64>().is_ok();
                    let entries: Vec<String> = entries
                        .map(|(key, value)| {
                            if number(value) { format!("\"{key}\":{value}") } else { format!("\"{key}\":\"{value}\"") }
                        })
                        .collect();
                    format!("{{{}}}", entries.join(","))
                }
                _ => format!("\"{text}\""),
            }
        };
        let key = |key: &str| if json { format!("\"{key}\"") } else { key.to_owned() };
        let entries: Vec<String> = ids
            .iter()
            .map(|id| {
                let fields: Vec<String> =
                    risks[*id].iter().map(|(name, value)| format!("{}: {}", key(name), quote(value))).collect();
                format!("{}: {{{}}}", key(id), fields.join(", "))
            })
            .collect();
        let body = format!("{{{}}}", entries.join(", "));
        return if json { format!("{{\"risks\": {body}}}") } else { format!("{mark}risks: {body}\n") };
    }
    let mut text = format!("{mark}# {}\nrisks:\n", dice.roll(100));
    let indent = " ".repeat(1 + dice.roll(4));
    for id in ids {
        text += &format!("{indent}{id}:\n");
        let mut fields: Vec<(&&str, &String)> = risks[id].iter().collect();
        if dice.roll(2) == 0 {
            fields.reverse();
        }
        for (name, value) in fields {
            let value =
                if dice.roll(3) == 0 && !value.starts_with(['[', '{']) { format!("'{value}'") } else { value.clone() };
            text += &format!("{indent}{indent}{name}: {value}{}\n", if dice.roll(4) == 0 { "  # so" } else { "" });
        }
    }
    text
}

/// Adds a commit with those files.
fn commit(
    git: &Git,
    known: &[Known],
    parents: &[usize],
    root: &str,
    texts: &BTreeMap<String, String>,
    n: usize,
) -> Oid {
    let mut index = git2::Index::new().expect("an index");
    for (path, text) in texts {
        let path = if root.is_empty() { path.clone() } else { format!("{root}/{path}") };
        let id = git.blob(text.as_bytes()).expect("a blob");
        let entry = git2::IndexEntry {
            ctime: git2::IndexTime::new(0, 0),
            mtime: git2::IndexTime::new(0, 0),
            dev: 0,
            ino: 0,
            mode: 0o100_644,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended: 0,
            path: path.into_bytes(),
        };
        index.add(&entry).expect("an entry");
    }
    let tree = index.write_tree_to(git).expect("a tree");
    let tree = git.find_tree(tree).expect("the tree");
    let time = Time::new(1_700_000_000 + i64::try_from(n).expect("few") * 3600, 0);
    let who = Signature::new("Ada", "ada@x.example", &time).expect("a signature");
    let parents: Vec<git2::Commit<'_>> =
        parents.iter().map(|parent| git.find_commit(known[*parent].id).expect("a commit")).collect();
    let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
    git.commit(None, &who, &who, &format!("Commit {n}"), &tree, &parents).expect("a commit")
}

/// Makes a history: edits, moves, other ways of writing, broken versions, moved roots, merges of two and three.
fn history(git: &Git, dice: &mut Dice) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    let mut tips: Vec<usize> = Vec::new();
    let count = 8 + dice.roll(20);
    for n in 0..count {
        let last = n + 1 == count;
        let parents: Vec<usize> = if tips.is_empty() {
            Vec::new()
        } else if last {
            tips.clone()
        } else if tips.len() > 1 && dice.roll(4) == 0 {
            let first = dice.roll(tips.len());
            let second = (first + 1) % tips.len();
            vec![tips[first], tips[second]]
        } else {
            vec![tips[dice.roll(tips.len())]]
        };
        let mut files = parents.first().map(|parent| known[*parent].files.clone()).unwrap_or_default();
        for other in parents.iter().skip(1) {
            // A merge takes whole risks of either side, and now and then drops or makes up something.
            for (path, risks) in known[*other].files.clone() {
                for (id, fields) in risks {
                    if dice.roll(3) > 0 {
                        files.entry(path.clone()).or_default().insert(id, fields);
                    }
                }
            }
        }
        files.entry("deed.yaml".to_owned()).or_default();
        for _ in 0..dice.roll(if parents.len() > 1 { 2 } else { 4 }) {
            let path = PATHS[dice.roll(PATHS.len())].to_owned();
            let id = format!("R-{}", dice.roll(4));
            match dice.roll(8) {
                0 => drop(files.get_mut(&path).and_then(|risks| risks.remove(&id))),
                1 => {
                    // Moves to another manifest.
                    let from = files.iter().find(|(_, risks)| risks.contains_key(&id)).map(|(path, _)| path.clone());
                    if let Some(fields) = from.and_then(|from| files.get_mut(&from)?.remove(&id)) {
                        files.entry(path).or_default().insert(id, fields);
                    }
                }
                2 if path != "deed.yaml" => drop(files.remove(&path)),
                _ => {
                    let field = FIELDS[dice.roll(FIELDS.len())];
                    let value = dice.value(field);
                    let risk = files.entry(path).or_default().entry(id).or_default();
                    if dice.roll(6) == 0 { drop(risk.remove(field)) } else { drop(risk.insert(field, value)) }
                }
            }
        }
        let before = parents.first().map_or("", |parent| known[*parent].root);
        let root =
            if parents.len() < 2 && dice.roll(12) == 0 { ["", "isms", "company/isms"][dice.roll(3)] } else { before };
        let merges_roots = parents.iter().any(|parent| known[*parent].root != root);
        let root = if parents.len() > 1 && merges_roots { before } else { root };
        let mut texts = BTreeMap::new();
        let mut counts = Files::new();
        for (path, risks) in &files {
            let mut text = written(path, risks, dice);
            // One must be able to tell a moved root: its own manifest is whole.
            if !last && path != "deed.yaml" && dice.roll(10) == 0 {
                text = format!("{text}\n<<<<<<< ours\n[ }}: '\n");
                let carried = parents.first().and_then(|parent| known[*parent].counts.get(path));
                counts.insert(path.clone(), carried.cloned().unwrap_or_default());
            } else {
                counts.insert(path.clone(), risks.clone());
            }
            texts.insert(path.clone(), text);
        }
        let id = commit(git, &known, &parents, root, &texts, n);
        if parents.len() == 1 && dice.roll(3) == 0 && tips.len() < 3 {
            tips.push(n);
        } else {
            tips.retain(|tip| !parents.contains(tip));
            tips.push(n);
        }
        known.push(Known { id, parents, root, files, counts });
    }
    known
}

/// What each commit changed against all of its parents, by the reference.
fn changes(known: &[Known], risk: &str) -> BTreeSet<(String, String, String)> {
    let head = known.len() - 1;
    let mut reached = BTreeSet::from([head]);
    let mut pending = vec![head];
    while let Some(commit) = pending.pop() {
        pending.extend(known[commit].parents.iter().filter(|parent| reached.insert(**parent)));
    }
    let mut changes = BTreeSet::new();
    for at in reached {
        let commit = &known[at];
        for field in FIELDS {
            let now = commit.get(risk, field);
            let before: Vec<_> = commit.parents.iter().map(|parent| known[*parent].get(risk, field)).collect();
            let kind = match now {
                Some(_) if before.contains(&now) => continue,
                Some(_) if before.iter().any(Option::is_some) => "changed",
                Some(_) => "added",
                None if !before.is_empty() && before.iter().all(Option::is_some) => "removed",
                None => continue,
            };
            changes.insert((commit.id.to_string(), field.to_owned(), kind.to_owned()));
        }
    }
    changes
}

/// The commit that gave a value, by the reference.
fn origin(known: &[Known], at: usize, risk: &str, field: &str) -> usize {
    let now = known[at].get(risk, field);
    let same = known[at].parents.iter().find(|parent| known[**parent].get(risk, field) == now);
    same.map_or(at, |parent| origin(known, *parent, risk, field))
}

/// The first-parent commit that brought a value in, by the reference.
fn adoption(known: &[Known], at: usize, risk: &str, field: &str) -> usize {
    match known[at].parents.first() {
        Some(parent) if known[*parent].get(risk, field) == known[at].get(risk, field) => {
            adoption(known, *parent, risk, field)
        }
        _ => at,
    }
}

fn agree(seed: u64, dir: &Path) {
    let git = Git::init(dir).expect("a repository");
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let known = history(&git, &mut dice);
    let head = known.last().expect("a commit");
    git.reference("refs/heads/main", head.id, true, "test").expect("a branch");
    git.set_head("refs/heads/main").expect("HEAD");
    let repository = Repository::open(dir).expect("the repository");
    let tip = repository.resolve("HEAD").expect("the tip");
    let now = snapshot(&repository, head.root, tip).expect("the manifests");
    let request = Request {
        repository: &repository,
        root: head.root,
        workspace: &now.workspace,
        revision: "HEAD",
        trust_root: None,
        // Read once and kept, then read from what was kept: the same comes out.
        cache: true,
        today: None,
    };
    for n in 0..4 {
        let risk = format!("R-{n}");
        let found: BTreeSet<(String, String, String)> = log(&request, Section::Risks, &risk)
            .expect("a log")
            .into_iter()
            .flat_map(|entry| {
                let id = entry.commit.id.clone();
                entry.changes.into_iter().map(move |change| {
                    let kind = match change.kind {
                        LogKind::Added => "added",
                        LogKind::Changed => "changed",
                        LogKind::Removed => "removed",
                    };
                    (id.clone(), change.field, kind.to_owned())
                })
            })
            .collect();
        assert_eq!(found, changes(&known, &risk), "seed {seed}, {risk}");
    }
    let last = known.len() - 1;
    // The logs have filled the memo: this is what was kept.
    for evidence in judge(&request).expect("evidence").decisions {
        let risk = &evidence.decision.id;
        let expected = origin(&known, last, risk, "accepted");
        let found = evidence.origin.as_ref().map(|commit| commit.id.clone());
        assert_eq!(found, Some(known[expected].id.to_string()), "seed {seed}, {risk} origin");
        let expected = adoption(&known, last, risk, "accepted");
        let found = evidence.adoption.as_ref().map(|commit| commit.id.clone());
        assert_eq!(found, Some(known[expected].id.to_string()), "seed {seed}, {risk} adoption");
    }
}

#[test]
fn random_histories_have_the_changes_that_brute_force_finds() {
    let seeds = std::env::var("DEED_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(80);
    for seed in 1..=seeds {
        let dir = tempfile::tempdir().expect("a directory");
        agree(seed, dir.path());
    }
}
