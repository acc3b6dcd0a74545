//! What was, at any commit: commits as shown, manifests as parsed, the registers that authority is judged by.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use deed_model::evidence::{CommitFacts, Signatory, Signature};
use deed_model::{Date, Manifest, Section, Workspace};
use deed_syntax::{Format, Parse};

use super::clock::{Clock, moment};
use super::judged::Judged;
use super::line::Line;
use super::ring::Ring;
use crate::register::facts::{self, SubjectId};
use crate::register::flow::{Timeline, normal};
use crate::register::parts::Apart;
use crate::register::roots::join;
use crate::register::state::{FileKey, State};
use crate::signature::{Interval, PublicKey, Seal, split};
use crate::{Commit, Graph, MISSING, ObjectKind, Objects, Oid, Time, Trees};

/// A file longer than this is no public key.
const MAX_KEY: usize = 1 << 20;
/// How many versions of manifests are kept as they were taken apart.
const MAX_APART: usize = 16;

/// The past of one root.
pub(super) struct Archive<'a, 'r> {
    pub(super) objects: &'a Objects<'r>,
    pub(super) graph: &'a Graph,
    pub(super) timeline: &'a Timeline,
    pub(super) line: &'a Line,
    clock: Clock,
    /// Where what is known by now of keys stands: the commit that is judged and the tip of the branch.
    latest: Vec<u32>,
    trees: Trees<'r, 'a>,
    commits: HashMap<u32, Option<Rc<Record>>>,
    parses: HashMap<(Oid, String), Vec<Arc<Parse>>>,
    /// The latest versions of manifests that were taken apart, where they can be: each has all of its text, and there may be
    /// as many as commits.
    apart: VecDeque<(Oid, Option<Rc<Apart>>)>,
    /// Entries of manifests, by their text.
    parts: HashMap<String, Arc<Parse>>,
    workspaces: HashMap<Versions, Rc<Workspace>>,
    registers: HashMap<Sources, Rc<Before>>,
    by_commit: HashMap<(u32, bool), Rc<Before>>,
    subjects: HashMap<(Oid, FileKey, SubjectId), Arc<Workspace>>,
    ancestors: HashMap<(u32, u32), bool>,
    /// What came of judging a commit, by the commit and the one that adopted it.
    pub(super) judged: HashMap<(u32, u32), Option<Rc<Judged>>>,
    keys: HashMap<String, Option<PublicKey>>,
}

/// A commit, its bytes checked against its id.
pub(super) struct Record {
    /// All but the signature, which depends on who judges it.
    pub(super) facts: CommitFacts,
    pub(super) message: String,
    pub(super) signed: Option<Arc<Seal>>,
}

/// Versions of manifests.
type Versions = Vec<(FileKey, Oid)>;

/// What a register that judges is read from: its manifests, the files with keys, and what was before it.
type Sources = (Versions, Vec<Option<Oid>>, Beginning);

/// The register that judges: who is who, who holds what, which keys speak for whom.
pub(super) struct Before {
    pub(super) workspace: Rc<Workspace>,
    pub(super) ring: Ring,
    pub(super) beginning: Beginning,
}

/// What is before a commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Beginning {
    /// A register.
    Known,
    /// Nobody was there before, so the commit's own register serves.
    FirstUse,
    /// History, or a part of the register then, is not here: nothing can be judged by it.
    Missing,
}

impl Before {
    pub(super) fn is_first_use(&self) -> bool {
        self.beginning == Beginning::FirstUse
    }

    pub(super) fn is_missing(&self) -> bool {
        self.beginning == Beginning::Missing
    }
}

impl<'a, 'r> Archive<'a, 'r> {
    pub(super) fn new(
        objects: &'a Objects<'r>,
        graph: &'a Graph,
        timeline: &'a Timeline,
        line: &'a Line,
        head: u32,
        today: Option<Date>,
    ) -> Self {
        let mut latest = vec![line.tip, head];
        latest.dedup();
        let (trees, clock) = (Trees::new(objects, 4 << 20), Clock::new(graph, today));
        let (commits, parses, workspaces, registers, by_commit, subjects, ancestors) = Default::default();
        let (judged, keys, apart, parts) = Default::default();
        Self {
            objects,
            graph,
            timeline,
            line,
            clock,
            latest,
            trees,
            commits,
            parses,
            apart,
            parts,
            workspaces,
            registers,
            by_commit,
            subjects,
            ancestors,
            judged,
            keys,
        }
    }

    pub(super) fn state(&self, commit: u32) -> &'a State {
        &self.timeline.states[commit as usize]
    }

    /// Whether a commit stands on another, remembered.
    pub(super) fn is_ancestor(&mut self, ancestor: u32, descendant: u32) -> bool {
        let graph = self.graph;
        *self.ancestors.entry((ancestor, descendant)).or_insert_with(|| graph.is_ancestor(ancestor, descendant))
    }

    /// Reads a commit; `None` where its bytes are not what its id says.
    pub(super) fn commit(&mut self, commit: u32) -> Option<Rc<Record>> {
        let (objects, graph) = (self.objects, self.graph);
        self.commits.entry(commit).or_insert_with(|| read(objects, graph.id(commit)).map(Rc::new)).clone()
    }

    /// Returns the signatures of the commits that decisions came from at a commit, or came in by: they are sure to be asked
    /// for.
    pub(super) fn seals(&mut self, commit: u32) -> Vec<Arc<Seal>> {
        let decided = self.state(commit).subjects().flat_map(|subject| {
            let values = subject.facts.decisions.iter().filter_map(|decision| subject.field(decision.field));
            values.flat_map(|value| [value.origin, value.adoption])
        });
        let commits: BTreeSet<u32> = decided.filter(|commit| *commit != MISSING).collect();
        commits.into_iter().filter_map(|commit| self.commit(commit)?.signed.clone()).collect()
    }

    /// Returns the earliest that a commit can have been made, if the clocks before it were right.
    pub(super) fn not_before(&mut self, commit: u32) -> Time {
        let bound = self.clock.bound(commit).unwrap_or(commit);
        let record = self.commit(bound);
        record.map_or(Time { seconds: self.graph.time(bound), offset_minutes: 0 }, |record| moment(&record.facts))
    }

    /// Returns between when something was made that names a commit, and claims a time of its own.
    pub(super) fn since(&mut self, commit: u32, claimed: Time) -> Interval {
        let not_before = self.not_before(commit);
        self.clock.between(not_before, claimed)
    }

    /// Whether the time of a commit is believed, as far as it goes.
    pub(super) fn is_believed(&self, commit: u32) -> bool {
        self.clock.is_believed(commit)
    }

    /// Returns the commit that claims to be younger than one that stands on it.
    pub(super) fn contradicted_by(&self, commit: u32) -> Option<u32> {
        self.clock.contradicted_by(self.graph, commit)
    }

    /// Believes the time of a commit no longer.
    pub(super) fn disbelieve(&mut self, commit: u32) {
        self.clock.disbelieve(self.graph, commit);
    }

    /// Whether a commit's own time proves nothing.
    pub(super) fn has_wrong_clock(&self, commit: u32) -> bool {
        self.clock.is_wrong(self.graph, commit)
    }

    /// Returns the register before a commit: the one of the evidence branch that it stands on.
    ///
    /// What a branch brings with it counts once it is adopted, not before: a key that is registered in one commit of a pull
    /// request proves nothing about the next. A commit on the evidence branch is judged by its first parent's register.
    ///
    /// Where nobody is in that register, it is the one that adopted the commit, or would adopt it: a history of its own that
    /// is joined later does not bring its own keys. If there was nobody either, this is where the register begins, and the
    /// commit's own serves. Nobody begins anew by removing all that was.
    pub(super) fn before(&mut self, commit: u32) -> Rc<Before> {
        if let Some(before) = self.by_commit.get(&(commit, true)) {
            return before.clone();
        }
        let before = self.find_before(commit);
        self.by_commit.insert((commit, true), before.clone());
        before
    }

    fn find_before(&mut self, commit: u32) -> Rc<Before> {
        let (line, graph) = (self.line, self.graph);
        let is_missing = graph.parents(commit).contains(&MISSING);
        let adopting = match line.landed(commit) {
            Some(landed) => line.base(landed).filter(|_| landed != commit),
            None => Some(line.tip),
        };
        self.first_peopled([line.base(commit), adopting], is_missing, commit)
    }

    /// Returns the register before a commit that is yet to be made upon another one.
    pub(super) fn before_next(&mut self, upon: u32) -> Rc<Before> {
        let line = self.line;
        let base = if line.on[upon as usize] { Some(upon) } else { line.base(upon) };
        self.first_peopled([base, Some(line.tip)], false, upon)
    }

    /// Returns the last register with people on the lines to some commits, or else that of the commit itself.
    fn first_peopled(&mut self, starts: [Option<u32>; 2], mut is_missing: bool, commit: u32) -> Rc<Before> {
        let graph = self.graph;
        for start in starts.into_iter().flatten() {
            for past in graph.first_parents_of(start) {
                if self.is_peopled(past) {
                    return self.register(past, Beginning::Known);
                }
                is_missing |= graph.parents(past).first() == Some(&MISSING) || self.state(past).has_gap();
            }
        }
        self.register(commit, if is_missing { Beginning::Missing } else { Beginning::FirstUse })
    }

    /// Whether a register has people.
    fn is_peopled(&self, commit: u32) -> bool {
        let names = &self.timeline.names;
        self.state(commit).subjects().any(|subject| names.of_subject(subject.facts.subject).0 == Section::People)
    }

    /// Returns the register of a commit, as far as it governs.
    pub(super) fn own(&mut self, commit: u32) -> Rc<Before> {
        if let Some(own) = self.by_commit.get(&(commit, false)) {
            return own.clone();
        }
        let own = self.register(commit, Beginning::Known);
        self.by_commit.insert((commit, false), own.clone());
        own
    }

    /// Returns the registers of the present, as far as commits have them: what is known by now of keys.
    pub(super) fn latest(&mut self) -> Vec<Rc<Before>> {
        self.latest.clone().into_iter().map(|commit| self.own(commit)).collect()
    }

    fn register(&mut self, commit: u32, beginning: Beginning) -> Rc<Before> {
        let state = self.state(commit);
        let beginning = if state.has_gap() { Beginning::Missing } else { beginning };
        let governing = state.files.iter().filter(|(_, file)| file.facts.governs);
        let versions: Versions = governing.filter_map(|(key, file)| Some((key.clone(), file.readable?))).collect();
        let workspace = self.workspaces.get(&versions).cloned().unwrap_or_else(|| {
            let manifests = versions.iter().flat_map(|(key, id)| self.manifests(key, *id)).collect();
            let workspace = Rc::new(Workspace::new(manifests));
            self.workspaces.insert(versions.clone(), workspace.clone());
            workspace
        });
        let (tree, root) = (self.graph.tree(commit), self.timeline.roots[commit as usize].clone());
        let file = |path: &str| self.trees.file_at(tree, &join(&root, normal(path).as_bytes())).ok().flatten();
        // The same register has other keys where they stand in files.
        let key_files: Vec<Option<Oid>> = Ring::paths(workspace.register()).map(file).collect();
        let key = (versions, key_files, beginning);
        if let Some(before) = self.registers.get(&key) {
            return before.clone();
        }
        let read = |path: &str| {
            let object = self.objects.read_up_to(file(path)?, ObjectKind::Blob, MAX_KEY).ok()?;
            Some(String::from_utf8_lossy(object.data()).into_owned())
        };
        let ring = Ring::of(workspace.register(), &read, &mut self.keys);
        let before = Rc::new(Before { workspace, ring, beginning });
        self.registers.insert(key, before.clone());
        before
    }

    /// Returns a subject as it was at a commit, in a workspace of its own: its part of the manifest that defines it, or all
    /// of that manifest where it cannot be taken apart.
    pub(super) fn subject(&mut self, state: &State, subject: SubjectId) -> Option<Arc<Workspace>> {
        let key = state.get(subject)?.files.first()?;
        let id = state.files.get(key)?.readable?;
        let known = (id, key.clone(), subject);
        if let Some(workspace) = self.subjects.get(&known) {
            return Some(workspace.clone());
        }
        let (section, name) = self.timeline.names.of_subject(subject);
        let path = String::from_utf8_lossy(&key.1).into_owned();
        let part = self.apart(&path, id).and_then(|apart| apart.of_subject(section, name));
        let manifests = match part {
            Some(part) => vec![Manifest { parse: self.part(part), path }],
            None => self.manifests(key, id),
        };
        let workspace = Arc::new(Workspace::new(manifests));
        self.subjects.insert(known, workspace.clone());
        Some(workspace)
    }

    /// Returns a version of a manifest; entry by entry where that says the same, as most of them are in other versions too.
    fn manifests(&mut self, key: &FileKey, id: Oid) -> Vec<Manifest> {
        let path = String::from_utf8_lossy(&key.1).into_owned();
        let known = (id, path.clone());
        if !self.parses.contains_key(&known) {
            let parts = self.apart(&path, id);
            let parts = parts.map(|parts| parts.all().map(|part| self.part(part)).collect::<Vec<_>>());
            let sound = parts.filter(|parts| parts.iter().all(|parse| parse.errors().is_empty()));
            let parses = sound.unwrap_or_else(|| match self.objects.read(id, ObjectKind::Blob) {
                Ok(object) => vec![Arc::new(facts::parse(object.data(), &path))],
                Err(_) => Vec::new(),
            });
            self.parses.insert(known.clone(), parses);
        }
        self.parses[&known].iter().map(|parse| Manifest { path: path.clone(), parse: parse.clone() }).collect()
    }

    /// Takes a version of a manifest apart; `None` where that cannot be done, or it is not here.
    fn apart(&mut self, path: &str, id: Oid) -> Option<Rc<Apart>> {
        if Format::of_path(path) != Format::Yaml {
            return None;
        }
        if let Some((_, apart)) = self.apart.iter().find(|(known, _)| *known == id) {
            return apart.clone();
        }
        let object = self.objects.read(id, ObjectKind::Blob).ok();
        let text = object.as_ref().and_then(|object| std::str::from_utf8(object.data()).ok());
        let apart = text.and_then(Apart::of).map(Rc::new);
        self.apart.truncate(MAX_APART - 1);
        self.apart.push_front((id, apart.clone()));
        apart
    }

    fn part(&mut self, text: String) -> Arc<Parse> {
        if let Some(known) = self.parts.get(&text) {
            return known.clone();
        }
        let parse = Arc::new(deed_syntax::parse(text.as_str(), Format::Yaml));
        self.parts.insert(text, parse.clone());
        parse
    }
}

fn read(objects: &Objects<'_>, id: Oid) -> Option<Record> {
    let object = objects.read_verified(id, ObjectKind::Commit).ok()?;
    let commit = Commit::parse(object.data())?;
    let signatory = |person: &crate::Person| Signatory {
        name: person.name.clone(),
        email: person.email.clone(),
        time: person.time.seconds,
        offset: person.time.offset_minutes,
    };
    let summary = commit.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    let facts = CommitFacts {
        id: id.to_string(),
        author: signatory(&commit.author),
        committer: signatory(&commit.committer),
        summary,
        is_merge: commit.parents.len() > 1,
        signature: Signature::default(),
    };
    Some(Record {
        facts,
        message: commit.message,
        signed: split(object.data()).map(|signed| Arc::new(Seal::new(signed))),
    })
}
