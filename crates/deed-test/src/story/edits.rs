//! The verbs of the story: what a commit does to the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::Story;
use super::manifest::Manifest;
use super::script::{Commit, Operation};
use crate::{Draft, Repo};

/// The files as a commit leaves them.
pub(super) struct Edits<'s> {
    story: &'s Story,
    repo: &'s Repo,
    commit: &'s Commit,
    manifests: BTreeMap<String, Manifest>,
    /// Everything that the commit writes (`Some`) or removes (`None`).
    written: BTreeMap<String, Option<Vec<u8>>>,
    changed: BTreeSet<String>,
}

impl<'s> Edits<'s> {
    /// Carries out a commit's operations in memory.
    pub(super) fn make(story: &'s Story, repo: &'s Repo, commit: &'s Commit) -> Self {
        let mut manifests = BTreeMap::new();
        // A merge writes what the other side brings, so the files of this side are not what it edits.
        if commit.flag("merge").is_none() {
            for path in files_below(repo.dir(), "") {
                if is_manifest(&path) {
                    let manifest = Manifest::new(&repo.read(&path));
                    manifests.insert(path, manifest);
                }
            }
        }
        let mut edits = Self { story, repo, commit, manifests, written: BTreeMap::new(), changed: BTreeSet::new() };
        for operation in &commit.operations {
            edits.operate(operation);
        }
        edits
    }

    /// Adds the edits to a draft.
    pub(super) fn write<'r>(mut self, mut draft: Draft<'r>) -> Draft<'r> {
        for path in &self.changed {
            let text = self.manifests[path].text().into_bytes();
            self.written.insert(path.clone(), Some(text));
        }
        for (path, content) in self.written {
            draft = match content {
                Some(content) => draft.write(&path, content),
                None => draft.remove(&path),
            };
        }
        draft
    }

    fn operate(&mut self, operation: &Operation) {
        let Operation { place, verb, rest, block } = operation;
        let rest = self.filled(rest);
        let block: Vec<String> = block.iter().map(|line| self.filled(line)).collect();
        let words: Vec<&str> = rest.split_whitespace().collect();
        match (verb.as_str(), words.as_slice()) {
            ("put", [path]) if block.is_empty() => self.put_files(path),
            ("put", [path]) => self.put(path, (block.join("\n") + "\n").into_bytes()),
            ("put", [path, "<", source]) => {
                let text = self.source(source);
                self.put(path, text);
            }
            ("from", [revision, path]) => {
                let content = self.repo.read_object(&format!("{revision}:{path}"));
                self.put(path, content);
            }
            ("remove", [path]) => self.remove(path),
            ("rename", [from, to]) => {
                let content = self.current(from).into_bytes();
                self.remove(from);
                self.put(to, content);
            }
            ("replace", [path]) => self.replace(place, path, &block),
            ("set", [address, ..]) => {
                let value = rest[address.len()..].trim();
                let value = if value.is_empty() { format!("\n{}", block.join("\n")) } else { value.to_owned() };
                self.set(address, &value);
            }
            ("unset", [address]) => {
                let (section, id, field) = split(address);
                self.at(section, id).unset(section, id, field);
            }
            ("append", [address, ..]) => {
                let (section, id, field) = split(address);
                self.at(section, id).append(section, id, field, rest[address.len()..].trim());
            }
            ("add", [path, section]) => {
                let entries: Vec<String> = block
                    .iter()
                    .map(|line| if line.is_empty() { String::new() } else { format!("  {line}") })
                    .collect();
                self.file(path).add(section, &entries);
            }
            ("move", [subjects @ .., ">", path]) => self.carry(subjects, path, true),
            ("copy", [subjects @ .., ">", path]) => self.carry(subjects, path, false),
            ("cut", [subject]) => {
                let (section, id) = subject.split_once('.').expect("a subject has a section and an id");
                self.at(section, id).cut(section, id);
            }
            ("sort", [path, section]) => self.file(path).sort(section),
            ("reindent", [path]) => self.file(path).reindent(),
            ("accept", [risk, "until", until, ..]) => {
                let note = rest.split_once('"').map_or(String::new(), |(_, note)| format!(", note: \"{note}"));
                let value = format!("{{ {}, until: {until}{note} }}", self.decision());
                self.set(&format!("risks.{risk}.accepted"), &value);
            }
            ("cite", [path, date, ttl, ids @ ..]) => {
                for id in ids {
                    let value = format!("[{{ path: {path}, date: {date}, ttl: {ttl} }}]");
                    self.at("controls", id).set("controls", id, "evidence", &value);
                }
            }
            ("ack", roles) => {
                let held = self.roles_of_author();
                let roles = if roles.is_empty() { held } else { roles.iter().map(|&role| role.to_owned()).collect() };
                assert!(!roles.is_empty(), "{place}: {} holds no role", self.commit.author);
                for role in roles {
                    self.decide("roles", &role, "acknowledged");
                }
            }
            ("take", ["owned", ..]) => {
                let owned = self.owned("controls", &words[1..]);
                assert!(!owned.is_empty(), "{place}: {} owns no control", self.commit.author);
                for id in owned {
                    self.decide("controls", &id, "accepted");
                }
            }
            ("take", ids) => ids.iter().for_each(|id| self.decide("controls", id, "accepted")),
            ("review", ["owned", ..]) => {
                for section in ["controls", "risks"] {
                    for id in self.owned(section, &words[1..]) {
                        self.decide(section, &id, "reviewed");
                    }
                }
            }
            ("review", ids) => ids.iter().for_each(|id| self.decide(section_of(id), id, "reviewed")),
            ("approve", ids) => ids.iter().for_each(|id| match *id {
                "isms" | "soa" | "risk_criteria" => self.decide(id, "", "approved"),
                id => self.decide(section_of(id), id, "approved"),
            }),
            ("hold", [review]) => self.decide("reviews", review, "held"),
            _ => panic!("{place}: no such statement: {verb} {rest}"),
        }
    }

    /// Fills in `$me`, `$today` and `<key:NAME>`.
    fn filled(&self, text: &str) -> String {
        let mut text = text.replace("$today", self.today()).replace("$me", &self.commit.author);
        while let Some((before, after)) = text.split_once("<key:") {
            let (key, rest) = after.split_once('>').expect("a key reference is closed");
            text = format!("{before}{}{rest}", self.story.cast.public_line(key));
        }
        text
    }

    /// Returns the date that the commit's decisions claim.
    fn today(&self) -> &'s str {
        self.commit.flag("date").unwrap_or(&self.commit.date)
    }

    fn decision(&self) -> String {
        format!("by: {}, date: {}", self.commit.author, self.today())
    }

    fn decide(&mut self, section: &str, id: &str, field: &str) {
        let decision = format!("{{ {} }}", self.decision());
        self.at(section, id).set(section, id, field, &decision);
    }

    fn set(&mut self, address: &str, value: &str) {
        let (section, id, field) = split(address);
        self.at(section, id).set(section, id, field, value);
    }

    fn roles_of_author(&self) -> Vec<String> {
        let mut roles = Vec::new();
        for manifest in self.manifests.values() {
            let held = |role: &String| manifest.get("roles", role, "held_by").as_ref() == Some(&self.commit.author);
            roles.extend(manifest.ids("roles").into_iter().filter(held));
        }
        roles
    }

    /// Returns what the author's roles own, without what stands behind `except`.
    fn owned(&self, section: &str, words: &[&str]) -> Vec<String> {
        let roles = self.roles_of_author();
        let excepted = |id: &String| words.contains(&id.as_str());
        let mut owned = Vec::new();
        for manifest in self.manifests.values() {
            let is_owned = |id: &String| manifest.get(section, id, "owner").is_some_and(|owner| roles.contains(&owner));
            owned.extend(manifest.ids(section).into_iter().filter(|id| is_owned(id) && !excepted(id)));
        }
        owned
    }

    /// Returns the one manifest with a subject, which will be written.
    fn at(&mut self, section: &str, id: &str) -> &mut Manifest {
        let place = &self.commit.place;
        let holders: Vec<String> = self
            .manifests
            .iter()
            .filter(|(path, manifest)| path.ends_with("yaml") && manifest.has(section, id))
            .map(|(path, _)| path.clone())
            .collect();
        let [path] = holders.as_slice() else { panic!("{place}: {section}.{id} stands in {holders:?}") };
        self.file(path)
    }

    fn file(&mut self, path: &str) -> &mut Manifest {
        self.changed.insert(path.to_owned());
        self.manifests.entry(path.to_owned()).or_insert_with(|| Manifest::new(""))
    }

    fn carry(&mut self, subjects: &[&str], path: &str, cut: bool) {
        for subject in subjects {
            let (section, id) = subject.split_once('.').expect("a subject has a section and an id");
            let from = self.at(section, id);
            let mut lines = if cut { from.cut(section, id) } else { from.copy(section, id) };
            let to = self.file(path);
            if !to.ids(section).is_empty() && lines.len() > 1 {
                lines.insert(0, String::new());
            }
            to.add(section, &lines);
        }
    }

    /// Returns a file as the commit has left it so far.
    fn current(&self, path: &str) -> String {
        match (self.manifests.get(path), self.written.get(path)) {
            (Some(manifest), _) => manifest.text(),
            (None, Some(Some(content))) => String::from_utf8_lossy(content).into_owned(),
            (None, _) => self.repo.read(path),
        }
    }

    fn put(&mut self, path: &str, content: Vec<u8>) {
        if is_manifest(path) {
            self.manifests.insert(path.to_owned(), Manifest::new(&String::from_utf8_lossy(&content)));
        }
        self.changed.remove(path);
        self.written.insert(path.to_owned(), Some(content));
    }

    fn put_files(&mut self, path: &str) {
        let paths = match path.strip_suffix('/') {
            Some(dir) => files_below(&self.story.files, dir),
            None => vec![path.to_owned()],
        };
        for path in paths {
            let content = self.source(&path);
            self.put(&path, content);
        }
    }

    fn source(&self, path: &str) -> Vec<u8> {
        let place = &self.commit.place;
        let text = fs::read_to_string(self.story.files.join(path));
        self.filled(&text.unwrap_or_else(|error| panic!("{place}: {path}: {error}"))).into_bytes()
    }

    fn remove(&mut self, path: &str) {
        self.manifests.remove(path);
        self.changed.remove(path);
        self.written.insert(path.to_owned(), None);
    }

    /// Replaces the `- ` lines of the block, which must stand in the file exactly once, by its `+ ` lines.
    fn replace(&mut self, place: &str, path: &str, block: &[String]) {
        let side = |sign: char| {
            let lines = block.iter().filter_map(|line| line.strip_prefix(sign));
            lines.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect::<String>()
        };
        let (old, new) = (side('-'), side('+'));
        let text = self.current(path);
        let found = text.matches(&old).count();
        assert!(found == 1, "{place}: {found} places in {path} read\n{old}");
        self.put(path, text.replacen(&old, &new, 1).into_bytes());
    }
}

/// Splits `risks.R-12.accepted` and `isms.approved`; ids may have dots.
fn split(address: &str) -> (&str, &str, &str) {
    let (section, rest) = address.split_once('.').expect("an address has a section and a field");
    let (id, field) = rest.rsplit_once('.').unwrap_or(("", rest));
    (section, id, field)
}

/// Returns the section an id of the example belongs to.
fn section_of(id: &str) -> &'static str {
    match id.split_once(['.', '-']) {
        Some(("A", _)) => "controls",
        Some(("R", _)) => "risks",
        _ => "policies",
    }
}

fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "deed.yaml" || name.ends_with(".deed.yaml") || name.ends_with(".deed.json")
}

/// Returns the files below a directory, sorted, as paths with `/` from `root`; Git's own are left out.
fn files_below(root: &Path, dir: &str) -> Vec<String> {
    let mut files = Vec::new();
    let entries = fs::read_dir(root.join(dir)).unwrap_or_else(|error| panic!("cannot read {dir}: {error}"));
    for entry in entries {
        let entry = entry.expect("a directory of ours can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
        if entry.path().is_dir() {
            if name != ".git" {
                files.extend(files_below(root, &path));
            }
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
