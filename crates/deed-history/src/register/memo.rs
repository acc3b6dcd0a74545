//! What reading Git told before, kept in a file below the Git directory.
//!
//! Everything here is a fact about objects, keyed by their ids: it cannot be out of date, and history that was rewritten
//! only asks for other keys. A file that is damaged, of another version or not ours is as good as none. Signatures and
//! what is shown of commits are never taken from here.
//!
//! Written beside and renamed, so that two processes at once at worst do the same work twice. What a run did not use is
//! left out when it writes, and a memo over [`MAX_FILE`] is not written, so that its size stays bounded.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::facts::{FileFacts, Names, SubjectFacts};
use crate::cache::{DIRECTORY, replace};
use crate::code::{Reader, Writer};
use crate::graph::CommitLink;
use crate::kept::checksum;
use crate::{Change, Oid};

/// The first bytes of a memo; the number is that of its format and of everything that decides what it holds.
const MAGIC: &[u8] = b"deed register memo 7\n";
/// The largest memo that is written, in bytes.
pub(crate) const MAX_FILE: usize = 64 << 20;

/// Two trees and what was asked of them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) old: Option<Oid>,
    pub(crate) new: Option<Oid>,
    /// Which files matter, in a form of the asker's.
    pub(crate) about: Vec<u8>,
}

struct Known<T> {
    value: T,
    used: bool,
}

/// The memo of one root.
pub(crate) struct Memo {
    path: Option<PathBuf>,
    is_new: bool,
    commits: FxHashMap<Oid, Known<CommitLink>>,
    answers: FxHashMap<Question, Known<Rc<[Change]>>>,
    /// Versions of manifests by blob and whether the name says JSON; `None` for broken ones.
    versions: FxHashMap<(Oid, bool), Known<Option<Version>>>,
    /// What versions say of subjects, each once: from one version to the next most of it stays.
    subjects: Vec<Stored>,
    /// Where in `subjects` something stands.
    by_bytes: FxHashMap<Rc<[u8]>, usize>,
    by_facts: FxHashMap<*const SubjectFacts, usize>,
}

/// A version: whether it governs, and its subjects by where they stand among all.
struct Version {
    governs: bool,
    subjects: Vec<usize>,
}

/// Facts of a subject as stored; taken apart when they are first asked for.
struct Stored {
    bytes: Rc<[u8]>,
    facts: Option<Rc<SubjectFacts>>,
}

impl Memo {
    /// A memo that starts empty and is not kept.
    pub(crate) fn none() -> Self {
        Self {
            path: None,
            is_new: false,
            commits: FxHashMap::default(),
            answers: FxHashMap::default(),
            versions: FxHashMap::default(),
            subjects: Vec::new(),
            by_bytes: FxHashMap::default(),
            by_facts: FxHashMap::default(),
        }
    }

    /// Reads the memo of a root from below a Git directory.
    pub(crate) fn open(git_dir: &Path, root: &str) -> Self {
        let name = format!("register-{}", &Writer::hex(&Sha256::digest(root))[..16]);
        let path = git_dir.join(DIRECTORY).join(name);
        let mut memo = Self { path: Some(path.clone()), ..Self::none() };
        if let Ok(bytes) = fs::read(&path)
            && memo.read(&bytes).is_none()
        {
            memo = Self { path: Some(path), ..Self::none() };
        }
        memo
    }

    fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let (body, sum) = bytes.split_last_chunk()?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut reader = Reader::new(body.strip_prefix(MAGIC)?);
        for _ in 0..reader.number()? {
            let (id, tree, time) = (reader.id()?, reader.id()?, reader.signed()?);
            let parents = (0..reader.number()?).map(|_| reader.id()).collect::<Option<_>>()?;
            self.commits.insert(id, Known { value: (tree, parents, time), used: false });
        }
        for _ in 0..reader.number()? {
            let question =
                Question { old: reader.maybe_id()?, new: reader.maybe_id()?, about: reader.bytes()?.to_vec() };
            let change = |reader: &mut Reader<'_>| {
                Some(Change { path: reader.bytes()?.to_vec(), old: reader.maybe_id()?, new: reader.maybe_id()? })
            };
            let changes: Vec<Change> = (0..reader.number()?).map(|_| change(&mut reader)).collect::<Option<_>>()?;
            self.answers.insert(question, Known { value: changes.into(), used: false });
        }
        for _ in 0..reader.number()? {
            let bytes: Rc<[u8]> = reader.bytes()?.into();
            self.by_bytes.insert(bytes.clone(), self.subjects.len());
            self.subjects.push(Stored { bytes, facts: None });
        }
        for _ in 0..reader.number()? {
            let key = (reader.id()?, reader.number()? == 1);
            let version = match reader.number()? {
                0 => None,
                kind => {
                    let count = reader.number()?;
                    let known = |at: &usize| *at < self.subjects.len();
                    let subjects = (0..count).map(|_| reader.number().filter(known)).collect::<Option<_>>()?;
                    Some(Version { governs: kind == 2, subjects })
                }
            };
            self.versions.insert(key, Known { value: version, used: false });
        }
        Some(())
    }

    /// Keeps what this run used, if any of it is new.
    pub(crate) fn save(&self) {
        let Some(path) = self.path.as_ref().filter(|_| self.is_new) else { return };
        let mut writer = Writer::new(MAGIC);
        let commits: Vec<_> = self.commits.iter().filter(|(_, known)| known.used).collect();
        writer.number(commits.len());
        for (id, Known { value: (tree, parents, time), .. }) in commits {
            writer.id(*id);
            writer.id(*tree);
            writer.signed(*time);
            writer.number(parents.len());
            parents.iter().for_each(|parent| writer.id(*parent));
        }
        let answers: Vec<_> = self.answers.iter().filter(|(_, known)| known.used).collect();
        writer.number(answers.len());
        for (question, Known { value, .. }) in answers {
            writer.maybe_id(question.old);
            writer.maybe_id(question.new);
            writer.bytes(&question.about);
            writer.number(value.len());
            for change in value.iter() {
                writer.bytes(&change.path);
                writer.maybe_id(change.old);
                writer.maybe_id(change.new);
            }
        }
        let versions: Vec<_> = self.versions.iter().filter(|(_, known)| known.used).collect();
        let mut places = vec![None; self.subjects.len()];
        let mut subjects = Vec::new();
        for at in versions.iter().filter_map(|(_, known)| known.value.as_ref()).flat_map(|version| &version.subjects) {
            if places[*at].is_none() {
                places[*at] = Some(subjects.len());
                subjects.push(&self.subjects[*at].bytes);
            }
        }
        writer.number(subjects.len());
        subjects.into_iter().for_each(|bytes| writer.bytes(bytes));
        writer.number(versions.len());
        for ((id, json), Known { value, .. }) in versions {
            writer.id(*id);
            writer.number(usize::from(*json));
            let Some(version) = value else {
                writer.number(0);
                continue;
            };
            writer.number(if version.governs { 2 } else { 1 });
            writer.number(version.subjects.len());
            version.subjects.iter().for_each(|at| writer.number(places[*at].unwrap_or_default()));
        }
        let mut bytes = writer.into_bytes();
        bytes.extend_from_slice(&checksum(&bytes).to_le_bytes());
        if bytes.len() <= MAX_FILE {
            // Where nothing can be written, the next run reads Git again.
            let _ = replace(path, &bytes);
        }
    }

    /// A commit, as the memo knows it.
    pub(crate) fn commit(&mut self, id: Oid) -> Option<CommitLink> {
        let known = self.commits.get_mut(&id)?;
        known.used = true;
        Some(known.value.clone())
    }

    pub(crate) fn remember_commit(&mut self, id: Oid, link: CommitLink) {
        self.is_new = true;
        self.commits.insert(id, Known { value: link, used: true });
    }

    /// The answer to a question, or what `ask` finds out.
    pub(crate) fn changes<E>(
        memo: &RefCell<Self>,
        question: Question,
        ask: impl FnOnce() -> Result<Vec<Change>, E>,
    ) -> Result<Rc<[Change]>, E> {
        if let Some(known) = memo.borrow_mut().answers.get_mut(&question) {
            known.used = true;
            return Ok(known.value.clone());
        }
        let changes: Rc<[Change]> = ask()?.into();
        let mut memo = memo.borrow_mut();
        memo.is_new = true;
        memo.answers.insert(question, Known { value: changes.clone(), used: true });
        Ok(changes)
    }

    /// The facts of a version, as the memo knows them: `Some(None)` for a broken one.
    #[expect(clippy::option_option, reason = "not known, known to be broken, and known")]
    pub(crate) fn facts(&mut self, id: Oid, json: bool, names: &mut Names) -> Option<Option<Rc<FileFacts>>> {
        let known = self.versions.get_mut(&(id, json))?;
        let Some(version) = &known.value else {
            known.used = true;
            return Some(None);
        };
        let all = &mut self.subjects;
        let subjects = version.subjects.iter().map(|at| all[*at].facts(names)).collect::<Option<Vec<_>>>()?;
        known.used = true;
        Some(Some(Rc::new(FileFacts::new(subjects, version.governs))))
    }

    pub(crate) fn remember_facts(&mut self, id: Oid, json: bool, facts: Option<&FileFacts>, names: &Names) {
        if self.path.is_none() {
            return;
        }
        self.is_new = true;
        let value = facts.map(|facts| Version {
            governs: facts.governs,
            subjects: facts.subjects.iter().map(|subject| self.keep(subject, names)).collect(),
        });
        self.versions.insert((id, json), Known { value, used: true });
    }

    /// Keeps the facts of a subject; returns where they stand.
    fn keep(&mut self, facts: &Rc<SubjectFacts>, names: &Names) -> usize {
        if let Some(at) = self.by_facts.get(&Rc::as_ptr(facts)) {
            return *at;
        }
        let mut writer = Writer::new(b"");
        facts.encode(&mut writer, names);
        let bytes: Rc<[u8]> = writer.into_bytes().into();
        let at = *self.by_bytes.entry(bytes.clone()).or_insert(self.subjects.len());
        if at == self.subjects.len() {
            self.subjects.push(Stored { bytes, facts: Some(facts.clone()) });
            // It is kept, so that the address stays its own.
            self.by_facts.insert(Rc::as_ptr(facts), at);
        }
        at
    }
}

impl Stored {
    fn facts(&mut self, names: &mut Names) -> Option<Rc<SubjectFacts>> {
        if self.facts.is_none() {
            self.facts = SubjectFacts::decode(&mut Reader::new(&self.bytes), names).map(Rc::new);
        }
        self.facts.clone()
    }
}
