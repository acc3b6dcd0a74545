//! What was, at any commit: commits as shown, manifests as parsed, the registers that authority is judged by.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use deed_model::evidence::{CommitFacts, Signatory, Signature};
use deed_model::{Manifest, Workspace};
use deed_syntax::Parse;

use super::ring::Ring;
use crate::register::facts;
use crate::register::flow::Timeline;
use crate::register::roots::join;
use crate::register::state::{FileKey, State};
use crate::signature::{Signed, split};
use crate::{Commit, Graph, MISSING, ObjectKind, Objects, Oid, Trees};

/// A file longer than this is no public key.
const MAX_KEY: usize = 1 << 20;

/// The past of one root.
pub(super) struct Archive<'a, 'r> {
    pub(super) objects: &'a Objects<'r>,
    pub(super) graph: &'a Graph,
    pub(super) timeline: &'a Timeline,
    trees: Trees<'r, 'a>,
    commits: HashMap<u32, Option<Rc<Record>>>,
    parses: HashMap<(Oid, String), Option<Arc<Parse>>>,
    registers: HashMap<Vec<(FileKey, Oid)>, Rc<Before>>,
    files: HashMap<(Oid, FileKey), Arc<Workspace>>,
    ancestors: HashMap<(u32, u32), bool>,
}

/// A commit, its bytes checked against its id.
pub(super) struct Record {
    /// All but the signature, which depends on who judges it.
    pub(super) facts: CommitFacts,
    pub(super) message: String,
    pub(super) signed: Option<Signed>,
}

/// The register that judges: who is who, who holds what, which keys speak for whom.
pub(super) struct Before {
    pub(super) workspace: Workspace,
    pub(super) ring: Ring,
    /// Nobody was there before, so the commit's own register serves.
    pub(super) first_use: bool,
}

impl<'a, 'r> Archive<'a, 'r> {
    pub(super) fn new(objects: &'a Objects<'r>, graph: &'a Graph, timeline: &'a Timeline) -> Self {
        let trees = Trees::new(objects, 4 << 20);
        let (commits, parses, registers, files, ancestors) = Default::default();
        Self { objects, graph, timeline, trees, commits, parses, registers, files, ancestors }
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

    /// Returns the register before a commit: its first parent's, or its own where nobody was in that.
    pub(super) fn before(&mut self, commit: u32) -> Rc<Before> {
        let parent = self.graph.parents(commit).first().copied().filter(|parent| *parent != MISSING);
        if let Some(before) = parent.map(|parent| self.register(parent, false))
            && !before.workspace.register().people.is_empty()
        {
            return before;
        }
        self.register(commit, true)
    }

    /// Returns the register of a commit, as far as it governs.
    pub(super) fn own(&mut self, commit: u32) -> Rc<Before> {
        self.register(commit, false)
    }

    fn register(&mut self, commit: u32, first_use: bool) -> Rc<Before> {
        let state = self.state(commit);
        let governing = state.files.iter().filter(|(_, file)| file.facts.governs);
        let mut key: Vec<(FileKey, Oid)> =
            governing.filter_map(|(key, file)| Some((key.clone(), file.readable?))).collect();
        if first_use {
            // Apart from the same register where it is somebody else's past.
            key.push((FileKey::new(Rc::from(&b""[..])), self.graph.id(0)));
        }
        if let Some(before) = self.registers.get(&key) {
            return before.clone();
        }
        let manifests = key.iter().filter_map(|(key, id)| self.manifest(key, *id)).collect();
        let workspace = Workspace::new(manifests);
        let tree = self.graph.tree(commit);
        let root = self.timeline.roots[commit as usize].clone();
        let read = |path: &str| {
            let id = self.trees.file_at(tree, &join(&root, path.as_bytes())).ok()??;
            let object = self.objects.read_up_to(id, ObjectKind::Blob, MAX_KEY).ok()?;
            Some(String::from_utf8_lossy(object.data()).into_owned())
        };
        let ring = Ring::of(workspace.register(), &read);
        let before = Rc::new(Before { workspace, ring, first_use });
        self.registers.insert(key, before.clone());
        before
    }

    /// Returns the manifest that defines a subject as it was at a commit, as a workspace of its own.
    pub(super) fn file(&mut self, state: &State, key: &FileKey) -> Option<Arc<Workspace>> {
        let id = state.files.get(key)?.readable?;
        if let Some(workspace) = self.files.get(&(id, key.clone())) {
            return Some(workspace.clone());
        }
        let workspace = Arc::new(Workspace::new(vec![self.manifest(key, id)?]));
        self.files.insert((id, key.clone()), workspace.clone());
        Some(workspace)
    }

    fn manifest(&mut self, key: &FileKey, id: Oid) -> Option<Manifest> {
        let path = String::from_utf8_lossy(&key.1).into_owned();
        let objects = self.objects;
        let parse = self.parses.entry((id, path.clone())).or_insert_with(|| {
            let object = objects.read(id, ObjectKind::Blob).ok()?;
            Some(Arc::new(facts::parse(object.data(), &path)))
        });
        Some(Manifest { path, parse: parse.clone()? })
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
    Some(Record { facts, message: commit.message, signed: split(object.data()) })
}
