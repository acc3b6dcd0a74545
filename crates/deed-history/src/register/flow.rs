//! One walk from the first commits to the tips: the register at each commit, each value with the commit it came from.
//!
//! A commit changed a value when it differs from the value at every parent; otherwise the value comes from the first
//! parent that has it. Only what differs from the first parent is looked at: everything else is shared with it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use deed_model::{Section, Verb, is_manifest, is_root_manifest};

use super::canonical::Hash;
use super::facts::{self, DecisionFacts, FieldId, FieldName, FileFacts, Names, SubjectFacts, SubjectId};
use super::memo::{Memo, Question};
use super::parts::Parts;
use super::roots::{directory, file_at, join, roots};
use super::state::{Alteration, FieldState, FileKey, FileState, Gone, Path, State, SubjectState};
use crate::{Change, EntryKind, Filter, Graph, MISSING, ObjectError, ObjectKind, Objects, Oid, TreeEntries, Trees};

/// A manifest longer than this is not read: it stands for a version that is not here.
pub(crate) const MAX_BLOB: usize = 16 << 20;

/// How many bytes of directories are kept while walking.
const TREE_CACHE: usize = 32 << 20;

/// The register through all of history.
pub(crate) struct Timeline {
    pub(crate) names: Names,
    /// By commit.
    pub(crate) states: Vec<Rc<State>>,
    /// The root's directory, by commit.
    pub(crate) roots: Vec<Path>,
    /// Every change of a value, oldest commit first.
    pub(crate) events: Vec<Event>,
    /// How many objects were not here.
    pub(crate) missing: usize,
}

/// A change of a value in a commit, against all its parents.
pub(crate) struct Event {
    pub(crate) commit: u32,
    pub(crate) subject: SubjectId,
    pub(crate) field: FieldId,
    pub(crate) kind: EventKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EventKind {
    Added,
    Changed,
    Removed,
}

/// Walks the history of the root in directory `root`; `branch` says of each commit whether it is on the evidence branch.
pub(crate) fn walk(
    objects: &Objects<'_>,
    graph: &Graph,
    memo: &RefCell<Memo>,
    root: &[u8],
    branch: &[bool],
) -> Timeline {
    let trees = Trees::strict(objects, TREE_CACHE);
    let roots = roots(graph, &trees, memo, root);
    let (names, states, events, missing) = {
        let mut walk = Walk {
            objects,
            graph,
            memo,
            trees,
            roots: &roots,
            branch,
            names: Names::default(),
            versions: HashMap::new(),
            parts: Parts::default(),
            states: vec![None; graph.len()],
            events: Vec::new(),
            missing: 0,
        };
        for commit in (0..u32::try_from(graph.len()).unwrap_or(u32::MAX)).rev() {
            let state = walk.step(commit);
            walk.states[commit as usize] = Some(state);
        }
        let states = walk.states.into_iter().map(Option::unwrap_or_default).collect();
        (walk.names, states, walk.events, walk.missing)
    };
    Timeline { names, states, roots, events, missing }
}

struct Walk<'w, 'r> {
    objects: &'w Objects<'r>,
    graph: &'w Graph,
    memo: &'w RefCell<Memo>,
    trees: Trees<'r, 'w>,
    roots: &'w [Path],
    branch: &'w [bool],
    names: Names,
    /// Versions of manifests by blob and whether the name says JSON; `None` for broken ones.
    versions: HashMap<(Oid, bool), Option<Rc<FileFacts>>>,
    parts: Parts,
    states: Vec<Option<Rc<State>>>,
    events: Vec<Event>,
    missing: usize,
}

/// What one commit is compared with.
struct Step {
    commit: u32,
    parents: Vec<Rc<State>>,
    /// Every parent is here, with all of its manifests.
    is_certain: bool,
    /// A manifest of a parent is not here: what seems to be as it was may have been another in between.
    is_gap: bool,
}

impl Walk<'_, '_> {
    fn step(&mut self, commit: u32) -> Rc<State> {
        let graph = self.graph;
        let here = graph.parents(commit).iter().copied().filter(|parent| *parent != MISSING);
        let first = graph.parents(commit).first().copied().filter(|parent| *parent != MISSING);
        let parents: Vec<Rc<State>> =
            here.map(|parent| self.states[parent as usize].clone().expect("parents come first")).collect();
        let is_gap = self.missing > 0 && parents.iter().any(|parent| parent.has_gap());
        let is_certain = parents.len() == graph.parents(commit).len() && !is_gap;
        let base = first.map_or_else(Rc::default, |first| self.states[first as usize].clone().expect("parents first"));
        let old = first.and_then(|first| self.root_tree(first));
        let new = self.root_tree(commit);
        let step = Step { commit, parents, is_certain, is_gap };
        if old == new && step.parents.len() < 2 {
            return base;
        }
        let mut state = (*base).clone();
        if old != new {
            self.changed(&step, &base, &mut state, old, new);
        }
        if step.parents.len() > 1 {
            self.undone(&step, &mut state);
        }
        self.carry_gone(&step, &base, &mut state);
        Rc::new(state)
    }

    /// The tree of the root's directory.
    fn root_tree(&mut self, commit: u32) -> Option<Oid> {
        let mut tree = self.graph.tree(commit);
        let root = self.roots[commit as usize].clone();
        for name in root.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            let question = Question { old: None, new: Some(tree), about: [b"directory ", name].concat() };
            let ask = || {
                let object = self.trees.read(tree)?;
                let mut entries = TreeEntries::new(object.data(), tree.as_bytes().len());
                let found = entries.find(|entry| entry.name == name && entry.kind == EntryKind::Directory);
                Ok::<_, ObjectError>(found.map(|entry| whole(entry.id)).into_iter().collect())
            };
            tree = Memo::changes(self.memo, question, ask).ok()?.first()?.new?;
        }
        Some(tree)
    }

    /// Brings the state up to the commit's trees.
    fn changed(&mut self, step: &Step, base: &State, state: &mut State, old: Option<Oid>, new: Option<Oid>) {
        let by_name = |name: &[u8]| std::str::from_utf8(name).is_ok_and(is_manifest);
        let filter = Filter { name: &by_name, below: &[], hidden: false };
        let question = Question { old, new, about: b"manifests".to_vec() };
        let changes = Memo::changes(self.memo, question, || self.trees.changes(old, new, &filter)).ok();
        let Some(changes) = changes.filter(|_| !base.is_gap).or_else(|| self.anew(base, state, new, &filter)) else {
            // A directory is not here: what came of the manifests in it cannot be told.
            self.missing += 1;
            state.is_gap = true;
            return;
        };
        let mut changed: BTreeMap<FileKey, Option<Oid>> = BTreeMap::new();
        let mut borders = Vec::new();
        for change in changes.iter() {
            let below = directory(&change.path);
            let is_border =
                !below.is_empty() && is_root_manifest(&String::from_utf8_lossy(&change.path[below.len() + 1..]));
            if is_border {
                let nested = Rc::make_mut(&mut state.nested);
                let path: Path = below.into();
                let count = nested.entry(path.clone()).or_insert(0);
                *count = (*count + usize::from(change.new.is_some())).saturating_sub(usize::from(change.old.is_some()));
                if *count == 0 {
                    nested.remove(&path);
                }
                borders.push(path);
            }
            changed.insert(FileKey::new(change.path.as_slice().into()), change.new);
        }
        for border in borders {
            self.redraw(&border, base, state, new, &mut changed);
        }
        changed.retain(|key, version| {
            !state.is_nested(&key.1) || {
                *version = None;
                base.files.contains_key(key)
            }
        });
        let mut affected: BTreeSet<SubjectId> = BTreeSet::new();
        for (key, version) in &changed {
            let before = base.files.get(key).map_or_else(FileFacts::empty, |file| file.facts.clone());
            let file = version.map(|version| self.file(base.files.get(key), version, &key.1));
            let now = file.as_ref().map_or_else(FileFacts::empty, |file| file.facts.clone());
            for (these, those) in [(&before, &now), (&now, &before)] {
                // Of which a version says the very same as the one before is as it was, unless that cannot be told.
                let is_same = |it: &Rc<SubjectFacts>| those.get(it.subject).is_some_and(|that| Rc::ptr_eq(it, that));
                let others = these.subjects.iter().filter(|subject| step.is_gap || !is_same(subject));
                affected.extend(others.map(|subject| subject.subject));
            }
            let files = Rc::make_mut(&mut state.files);
            match file {
                Some(file) => drop(files.insert(key.clone(), file)),
                None => drop(files.remove(key)),
            }
        }
        let documents = self.documents(state, &affected, &changed, old, new);
        affected.extend(documents);
        let mut defining: HashMap<SubjectId, Vec<FileKey>> = HashMap::new();
        for (key, file) in changed.keys().filter_map(|key| Some((key, state.files.get(key)?))) {
            for facts in file.facts.subjects.iter().filter(|facts| affected.contains(&facts.subject)) {
                defining.entry(facts.subject).or_default().push(key.clone());
            }
        }
        for subject in affected {
            self.subject(step, state, subject, &changed, defining.remove(&subject).unwrap_or_default());
        }
    }

    /// Reads all of a tree where the one before is not here; `None` where this one is not, either.
    fn anew(&self, base: &State, state: &mut State, new: Option<Oid>, filter: &Filter<'_>) -> Option<Rc<[Change]>> {
        let mut all = self.trees.changes(None, new, filter).ok()?;
        state.is_gap = false;
        state.nested = Rc::default();
        let here: BTreeSet<&[u8]> = all.iter().map(|change| change.path.as_slice()).collect();
        let gone = base.files.keys().filter(|key| !here.contains(&*key.1));
        let gone: Vec<Change> = gone.map(|key| Change { path: key.1.to_vec(), old: None, new: None }).collect();
        all.extend(gone);
        Some(all.into())
    }

    /// A directory became a root of its own, or is none any more: the manifests below it leave or join.
    fn redraw(
        &mut self,
        border: &Path,
        base: &State,
        state: &State,
        new: Option<Oid>,
        changed: &mut BTreeMap<FileKey, Option<Oid>>,
    ) {
        if state.nested.contains_key(border) {
            let inside = base.files.keys().filter(|key| key.1.starts_with(&join(border, b"")));
            changed.extend(inside.map(|key| (key.clone(), None)));
            return;
        }
        let by_name = |name: &[u8]| std::str::from_utf8(name).is_ok_and(is_manifest);
        let below = [border.to_vec()];
        if let Some(Ok(files)) =
            new.map(|tree| self.trees.files(tree, &Filter { name: &by_name, below: &below, hidden: false }))
        {
            changed.extend(files.into_iter().map(|(path, id)| (FileKey::new(path.as_slice().into()), Some(id))));
        }
    }

    /// A manifest at its new version; a broken version is passed through.
    fn file(&mut self, before: Option<&FileState>, version: Oid, path: &[u8]) -> FileState {
        let carried = before.map_or_else(FileFacts::empty, |file| file.facts.clone());
        let readable = before.and_then(|file| file.readable);
        let was_gap = before.is_some_and(|file| file.is_gap);
        match self.version(version, path) {
            Ok(Some(facts)) => FileState { readable: Some(version), facts, is_gap: false },
            Ok(None) => FileState { readable, facts: carried, is_gap: was_gap },
            Err(_) => {
                self.missing += 1;
                FileState { readable, facts: carried, is_gap: true }
            }
        }
    }

    fn version(&mut self, version: Oid, path: &[u8]) -> Result<Option<Rc<FileFacts>>, ObjectError> {
        let path = String::from_utf8_lossy(path);
        let key = (version, path.ends_with(".json"));
        if let Some(facts) = self.versions.get(&key) {
            return Ok(facts.clone());
        }
        if let Some(facts) = self.memo.borrow_mut().facts(version, key.1, &mut self.names) {
            self.versions.insert(key, facts.clone());
            return Ok(facts);
        }
        let object = self.objects.read_up_to(version, ObjectKind::Blob, MAX_BLOB)?;
        let plain = std::str::from_utf8(object.data()).ok().filter(|_| !key.1);
        let apart = plain.and_then(|text| self.parts.read(text, &mut self.names));
        let whole = || facts::read(&facts::parse(object.data(), &path), &mut self.names);
        let facts = apart.or_else(whole).map(Rc::new);
        self.memo.borrow_mut().remember_facts(version, key.1, facts.as_deref(), &self.names);
        self.versions.insert(key, facts.clone());
        Ok(facts)
    }

    /// Looks up the documents of policies; returns the policies whose document has other bytes now.
    fn documents(
        &mut self,
        state: &mut State,
        affected: &BTreeSet<SubjectId>,
        changed: &BTreeMap<FileKey, Option<Oid>>,
        old: Option<Oid>,
        new: Option<Oid>,
    ) -> Vec<SubjectId> {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for facts in changed.keys().filter_map(|key| state.files.get(key)).flat_map(|file| &file.facts.subjects) {
            wanted.extend(facts.files.iter().filter(|_| affected.contains(&facts.subject)).cloned());
        }
        wanted.retain(|path| !state.documents.contains_key(path));
        for path in wanted {
            let id =
                new.and_then(|tree| file_at(&self.trees, self.memo, tree, normal(&path).as_bytes()).ok().flatten());
            Rc::make_mut(&mut state.documents).insert(path, id);
        }
        let known: Vec<(String, Vec<u8>)> =
            state.documents.keys().map(|path| (path.clone(), normal(path).into_bytes())).collect();
        if known.is_empty() {
            return Vec::new();
        }
        let below: Vec<Vec<u8>> = known.iter().map(|(_, path)| path.clone()).collect();
        let filter = Filter { name: &|_| true, below: &below, hidden: true };
        let about = [b"documents ", below.join(&b'\n').as_slice()].concat();
        let question = Question { old, new, about };
        let Ok(changes) = Memo::changes(self.memo, question, || self.trees.changes(old, new, &filter)) else {
            return Vec::new();
        };
        let mut moved = BTreeSet::new();
        for change in changes.iter() {
            for (path, _) in known.iter().filter(|(_, normal)| *normal == change.path) {
                moved.insert(path.clone());
                Rc::make_mut(&mut state.documents).insert(path.clone(), change.new);
            }
        }
        if moved.is_empty() {
            return Vec::new();
        }
        let subjects = state.subjects();
        let names = |subject: &SubjectFacts| subject.files.iter().any(|path| moved.contains(path));
        subjects.filter(|subject| names(&subject.facts)).map(|subject| subject.facts.subject).collect()
    }

    /// Works out a subject anew, given the changed manifests that define it now.
    fn subject(
        &mut self,
        step: &Step,
        state: &mut State,
        subject: SubjectId,
        changed: &BTreeMap<FileKey, Option<Oid>>,
        defining: Vec<FileKey>,
    ) {
        let before = state.get(subject).cloned();
        let mut files: Vec<FileKey> = before.iter().flat_map(|before| before.files.iter()).cloned().collect();
        files.retain(|key| !changed.contains_key(key));
        files.extend(defining);
        files.sort_unstable();
        let Some(first) = files.first() else {
            if let Some(before) = &before {
                self.removed(step, before, &[]);
            }
            state.set(subject, None);
            return;
        };
        let file = &state.files[first];
        let facts = file.facts.get(subject).expect("it defines the subject").clone();
        let is_certain = step.is_certain && !file.is_gap;
        let mut values = facts.fields.clone();
        if !facts.files.is_empty() {
            let ids: Vec<Option<Oid>> =
                facts.files.iter().map(|path| state.documents.get(path).copied().flatten()).collect();
            values.push((self.names.field(FieldName::FileBytes), hash_of_files(&ids)));
        }
        values.sort_unstable();
        let fields: Vec<FieldState> =
            values.iter().map(|(field, hash)| self.value(step, &facts, subject, *field, *hash, is_certain)).collect();
        if let Some(before) = &before {
            self.removed(step, before, &fields);
        }
        state.set(subject, Some(Rc::new(SubjectState { facts, files: files.into(), fields })));
    }

    /// A field's value with where it came from.
    fn value(
        &mut self,
        step: &Step,
        facts: &SubjectFacts,
        subject: SubjectId,
        field: FieldId,
        hash: Hash,
        is_certain: bool,
    ) -> FieldState {
        let on_branch = self.branch[step.commit as usize];
        let mut known = false;
        for (nth, parent) in step.parents.iter().enumerate() {
            let Some(value) = parent.field(subject, field) else { continue };
            known = true;
            if value.hash == hash {
                let mut value = value.clone();
                value.is_certain &= !step.is_gap;
                if on_branch && (nth > 0 || value.adoption == MISSING) {
                    value.adoption = step.commit;
                }
                return value;
            }
        }
        let kind = if known { EventKind::Changed } else { EventKind::Added };
        self.events.push(Event { commit: step.commit, subject, field, kind });
        let altered = facts.decision(field).and_then(|decision| alteration(step, facts, decision));
        FieldState {
            field,
            hash,
            origin: step.commit,
            adoption: if on_branch { step.commit } else { MISSING },
            is_certain,
            altered: altered.map(Rc::new),
        }
    }

    /// Marks the decisions that a merge brings back, or keeps, in the place of later ones that stood on them.
    fn undone(&self, step: &Step, state: &mut State) {
        let mut found = Vec::new();
        for parent in &step.parents {
            for there in parent.subjects_unlike(state).filter(|there| !there.facts.decisions.is_empty()) {
                let subject = there.facts.subject;
                let Some(now) = state.get(subject) else { continue };
                for decision in &now.facts.decisions {
                    let of_verb = |facts: &'_ SubjectFacts| {
                        let decisions = facts.decisions.iter().filter(|it| it.verb == decision.verb);
                        decisions.cloned().collect::<Vec<_>>()
                    };
                    let Some(value) = now.field(decision.field) else { continue };
                    let same = there.field(decision.field).filter(|that| that.hash == value.hash);
                    if let Some(alteration) = same.and_then(|that| that.altered.clone()) {
                        // What one parent knows of it, another does not undo.
                        found.push((subject, decision.field, alteration));
                        continue;
                    }
                    let (theirs, ours) = (of_verb(&there.facts), of_verb(&now.facts));
                    let is_kept = |that: &DecisionFacts| ours.iter().any(|it| it.parts == that.parts);
                    let Some(before) = theirs.first() else { continue };
                    let Some(later) = there.field(before.field) else { continue };
                    let is_later = decision.date <= before.date && value.origin != later.origin;
                    if is_later
                        && value.origin != step.commit
                        && !theirs.iter().any(is_kept)
                        && self.graph.is_ancestor(value.origin, later.origin)
                    {
                        found.push((subject, decision.field, Rc::new(altered(step.commit, later, before, decision))));
                    }
                }
            }
        }
        for (subject, field, alteration) in found {
            let Some(mut now) = state.get(subject).map(|now| (**now).clone()) else { continue };
            if let Some(value) = now.fields.iter_mut().find(|value| value.field == field) {
                value.altered = Some(alteration);
            }
            state.set(subject, Some(Rc::new(now)));
        }
    }

    /// Notes the fields that no longer are.
    fn removed(&mut self, step: &Step, before: &SubjectState, now: &[FieldState]) {
        let subject = before.facts.subject;
        let is_there = |field: FieldId| now.binary_search_by_key(&field, |field| field.field).is_ok();
        for old in before.fields.iter().filter(|old| !is_there(old.field)) {
            // Decisions are told apart by what they say: each parent may have had one of its own.
            let verb = before.facts.decision(old.field).map(|decision| decision.verb);
            let decided = |facts: &SubjectFacts| facts.decisions.iter().any(|it| Some(it.verb) == verb);
            let stays = verb.is_some() && now.iter().any(|field| self.is_decision(field.field, verb));
            let had = |parent: &Rc<State>| {
                parent.field(subject, old.field).is_some()
                    || !stays && parent.get(subject).is_some_and(|there| decided(&there.facts))
            };
            if step.parents.iter().all(had) {
                let kind = EventKind::Removed;
                self.events.push(Event { commit: step.commit, subject, field: old.field, kind });
            }
        }
    }

    fn is_decision(&self, field: FieldId, verb: Option<Verb>) -> bool {
        matches!(self.names.of_field(field), FieldName::Decision(of, ..) if Some(*of) == verb)
    }

    /// Keeps account of decisions that were there once.
    ///
    /// A decision that a parent has and the commit has not was removed by the commit, or lost in the merge; unless another
    /// act stands in its place, or another parent's line had removed it before: then the merge only takes that over.
    fn carry_gone(&mut self, step: &Step, base: &State, state: &mut State) {
        let mut gone: BTreeMap<(SubjectId, FieldId), Rc<Gone>> = (*base.gone).clone();
        let before = gone.len();
        for parent in step.parents.iter().skip(1) {
            for (key, tomb) in parent.gone.iter() {
                gone.entry(*key).or_insert_with(|| tomb.clone());
            }
        }
        let by_merge = step.parents.len() > 1;
        let mut lost = Vec::new();
        for parent in &step.parents {
            for subject in parent.subjects_unlike(state) {
                let id = subject.facts.subject;
                let now = state.get(id);
                for decision in &subject.facts.decisions {
                    let key = (id, decision.field);
                    let origin = subject.field(decision.field).map_or(step.commit, |field| field.origin);
                    let later = subject
                        .facts
                        .decisions
                        .iter()
                        .any(|it| (it.verb, &it.by) == (decision.verb, &decision.by) && it.date > decision.date);
                    let tomb = Gone {
                        commit: step.commit,
                        by_merge,
                        origin,
                        verb: decision.verb,
                        by: decision.by.clone(),
                        date: decision.date,
                        is_certain: step.is_certain,
                    };
                    // What had been superseded before may be tidied away.
                    if !later && !gone.contains_key(&key) && !self.is_followed(step, now, decision.field, &tomb) {
                        lost.push((key, Rc::new(tomb)));
                    }
                }
            }
        }
        let changed = !lost.is_empty() || gone.len() != before || !gone.is_empty();
        for (key, tomb) in lost {
            gone.entry(key).or_insert(tomb);
        }
        gone.retain(|(subject, field), tomb| !self.is_followed(step, state.get(*subject), *field, tomb));
        if changed {
            state.gone = Rc::new(gone);
        }
    }

    /// Whether a decision stands, or another act in its place: one of a later day, one that this commit records, or, in
    /// a merge, one that another parent's line recorded upon it.
    fn is_followed(&self, step: &Step, now: Option<&Rc<SubjectState>>, field: FieldId, tomb: &Gone) -> bool {
        let Some(now) = now else { return false };
        now.facts.decisions.iter().filter(|it| it.verb == tomb.verb).any(|it| {
            let origin = now.field(it.field).map_or(step.commit, |value| value.origin);
            let upon =
                || step.parents.len() > 1 && origin != tomb.origin && self.graph.is_ancestor(tomb.origin, origin);
            it.field == field || it.date > tomb.date || origin == step.commit || upon()
        })
    }
}

/// Returns what was altered, if a decision is not a new act: one of the same subject and kind had been recorded under the
/// same day or a later one, and is no more.
fn alteration(step: &Step, facts: &SubjectFacts, decision: &DecisionFacts) -> Option<Alteration> {
    let of_verb = |parent: &&Rc<State>| parent.get(facts.subject).filter(|there| there.has(decision.verb)).cloned();
    let parent = step.parents.iter().find_map(|parent| of_verb(&parent))?;
    let alike = |it: &&DecisionFacts| it.verb == decision.verb;
    let lost = || parent.facts.decisions.iter().filter(alike).filter(|it| facts.decision(it.field).is_none());
    let same_person = lost().filter(|it| it.by == decision.by).max_by_key(|it| (it.date == decision.date, it.date));
    // The only one that is missing, if nothing new is by the one who had made it.
    let of_another = || {
        let mut lost = lost();
        let (first, others) = (lost.next()?, lost.count());
        let mut new = facts.decisions.iter().filter(alike).filter(|it| parent.facts.decision(it.field).is_none());
        (others == 0 && new.all(|it| it.by != first.by)).then_some(first)
    };
    let before = same_person.or_else(of_another)?;
    if decision.date? > before.date? {
        return None;
    }
    Some(altered(step.commit, parent.field(before.field)?, before, decision))
}

/// What a commit altered about a decision that had been recorded.
fn altered(commit: u32, state: &FieldState, before: &DecisionFacts, now: &DecisionFacts) -> Alteration {
    let part =
        |parts: &[(String, Hash)], name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, hash)| *hash);
    let names: BTreeSet<&String> = before.parts.iter().chain(&now.parts).map(|(name, _)| name).collect();
    let differs = |name: &&String| part(&before.parts, name) != part(&now.parts, name);
    let parts: Vec<String> = names.into_iter().filter(differs).cloned().collect();
    let original = state.altered.as_ref().map_or(state.origin, |altered| altered.original);
    Alteration { commit, original, before: before.clone(), parts }
}

/// An answer that is one object.
pub(super) const fn whole(id: Oid) -> Change {
    Change { path: Vec::new(), old: None, new: Some(id) }
}

/// The bytes of files as a value; `None` where a file does not exist.
fn hash_of_files(ids: &[Option<Oid>]) -> Hash {
    let ids: Vec<String> = ids.iter().map(|id| id.map_or_else(String::new, |id| id.to_string())).collect();
    Hash::of(&ids.join("\n"))
}

/// A file's path as Git writes it.
pub(crate) fn normal(path: &str) -> String {
    let parts = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

/// Returns whether a field of a section says who is who, who may do what, or what counts.
pub(crate) fn governs(section: Section, field: &str) -> bool {
    match section {
        Section::Isms => field == "model",
        Section::RiskCriteria => true,
        Section::People => matches!(field, "emails" | "keys" | "kind" | "joined" | "left"),
        Section::Departments => field == "head",
        Section::Roles => matches!(field, "layer" | "held_by" | "acting_until" | "authority" | "department"),
        Section::Evidence => true,
        Section::Lint => field == "rules",
        _ => false,
    }
}
