//! The evidence of every decision of a register.
//!
//! In: a repository, where the root is, and the register as it stands now. Out: [`History`], which says of each decision
//! who recorded it, when, by whose signature, and what speaks against it.
//!
//! Where this differs from Git, on purpose:
//!
//! - A signature says whose key made it. Git says so and looks no further; here names that it belies count for nothing.
//! - Which keys count says the register of the evidence branch before the commit, not a file of today, nor one that came with
//!   the commit or its branch. What became known of a key since can only speak against it.
//! - Git asks whether a key was valid at the time that the commit claims. Here it must have been valid from the latest time
//!   that anything below the commit claims to when the branch adopted it.
//! - Whoever merges what somebody else had prepared decides then and there: by the register, the clock and the content of
//!   the merge.
//! - A merge that brings an older decision back, though the later one stood on it, altered that one, whatever the
//!   three-way merge would say.
//! - Replacements, grafts, `.mailmap`, ignored revisions and notes are for the eyes of one clone. What is not here is said to
//!   be missing, and nothing is claimed of it.
//!
//! Start at [`judge`], then `ladder.rs`.

mod ahead;
mod archive;
mod checkpoint;
mod clock;
mod guard;
mod intended;
mod judged;
mod ladder;
mod line;
mod log;
mod outdated;
mod past;
mod reuse;
mod ring;
mod trailer;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deed_model::evidence::{
    Act, Alias, Branch, Change, Checkpoint, DecisionEvidence, Gap, History, Problem, Proof, TrustRoot, Vanished,
};
use deed_model::{Date, Decision, FileRange, Head, Level, Section, Verb, Workspace};

use self::archive::Archive;
pub use self::checkpoint::{CHECKPOINTS, Unfit, unfit};
use self::guard::Unguarded;
pub use self::intended::{Foreseen, Intended, Stranger, foresee, is_named, stranger};
use self::judged::Judged;
use self::ladder::Witness;
use self::line::Line;
pub use self::log::{LogChange, LogEntry, LogKind, log};
use self::outdated::{Comparison, Texts};
pub use self::past::{Snapshot, on_day, snapshot};
use self::reuse::Reuse;
pub use self::trailer::DECISION_TRAILER;
use crate::graph::link;
use crate::register::facts::{FieldName, hash_of_decision};
use crate::register::flow;
use crate::register::memo::Memo;
use crate::{Graph, HistoryError, MISSING, Oid, Repository};

/// What is to be judged.
pub struct Request<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// The root's directory below the top of the repository, with `/` between the parts; empty for the top itself.
    pub root: &'a str,
    /// The register as it stands now.
    pub workspace: &'a Workspace,
    /// The revision it is compared with. With `HEAD` it is the register of the working tree, and so are the documents that
    /// policies name.
    pub revision: &'a str,
    /// A commit that was pinned out of band, instead of the setting `deed.trustRoot`.
    pub trust_root: Option<&'a str>,
    /// Whether what was read before is kept below the Git directory, and believed.
    pub cache: bool,
    /// The day by the clock on the wall: a commit that claims a later one lies. `None` believes any.
    pub today: Option<Date>,
}

/// Finds the evidence of every decision of a register.
///
/// Missing history is told in the result, not as an error.
///
/// # Errors
/// Fails where the repository cannot be read at all.
pub fn judge(request: &Request<'_>) -> Result<History, HistoryError> {
    session(request, |judge| judge(request.workspace, Documents::Read))
}

/// What counts of the documents of policies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Documents {
    /// What was read of them last, where the subject is as it was.
    Known,
    /// What lies there now.
    Read,
}

/// Judges a workspace by a history that has been read.
pub type Judge<'j> = dyn FnMut(&Workspace, Documents) -> History + 'j;

/// Reads the history of a root once, and judges by it as many workspaces as `serve` asks about: a register while it is
/// edited. What it says is what [`judge`] would, as long as no reference of the repository moves ([`mark`]) and the workspace
/// has the same [`branch_names`]. Decisions whose subjects are as they were the last time are not judged again.
///
/// # Errors
/// Fails where the repository cannot be read at all.
pub fn session<T>(request: &Request<'_>, serve: impl FnOnce(&mut Judge<'_>) -> T) -> Result<T, HistoryError> {
    let mut serve = Some(serve);
    let gaps = gaps(request.repository);
    let mut serve = |judge: &mut Judge<'_>| serve.take().map(|serve| serve(judge));
    let served = with_past(request, |past| {
        let (seals, is_done) = (past.archive.seals(past.head), AtomicBool::new(false));
        let verify = || seals.iter().take_while(|_| !is_done.load(Ordering::Relaxed)).for_each(|seal| seal.prepare());
        std::thread::scope(|scope| {
            // Signatures take long. Who needs one that is not verified yet does it at once.
            let helper = std::thread::Builder::new().name("signatures".to_owned()).spawn_scoped(scope, verify);
            let settled = past.settle(request, &gaps);
            let mut reuse = Reuse::default();
            let served = serve(&mut |workspace, documents| {
                if documents == Documents::Read {
                    reuse = Reuse::default();
                }
                past.judge(request, &settled, workspace, &mut reuse)
            });
            is_done.store(true, Ordering::Relaxed);
            drop(helper);
            served
        })
    });
    let served = match served {
        Err(HistoryError::Unborn) => {
            let unborn = |workspace: &Workspace| History {
                gaps: gaps.clone(),
                decisions: asserted(workspace),
                ..History::default()
            };
            serve(&mut |workspace, _| unborn(workspace))
        }
        other => other?,
    };
    Ok(served.expect("it is served once"))
}

/// What [`judge`] depends on beside the workspace and objects: see [`Repository::mark`].
#[must_use]
pub fn mark(repository: &Repository, workspace: &Workspace) -> String {
    repository.mark(&branch_names(workspace), CHECKPOINTS)
}

/// What the evidence branch may be called: as the workspace says, or by custom.
#[must_use]
pub fn branch_names(workspace: &Workspace) -> Vec<&str> {
    let named = workspace.register().evidence().and_then(|evidence| evidence.branch.as_ref());
    named.map_or_else(|| vec!["main", "master"], |name| vec![name.as_str()])
}

/// The history of one root, read.
struct Past<'p, 'a, 'r> {
    archive: &'p mut Archive<'a, 'r>,
    /// The commit of the request's revision.
    head: u32,
    /// The tip of the evidence branch, if there is one.
    tip: Option<u32>,
    branch: Branch,
}

/// What history says whatever the register looks like now.
struct Settled {
    gaps: Vec<Gap>,
    trust_root: TrustRoot,
    witnesses: Vec<Witness>,
    lost_checkpoints: Vec<Checkpoint>,
    unguarded: Unguarded,
    acts: BTreeMap<String, Act>,
    grants: BTreeMap<String, BTreeSet<Date>>,
}

impl Past<'_, '_, '_> {
    fn settle(&mut self, request: &Request<'_>, gaps: &[Gap]) -> Settled {
        let (archive, head) = (&mut *self.archive, self.head);
        let mut gaps = gaps.to_vec();
        if archive.timeline.missing > 0 {
            gaps.push(Gap::MissingObjects(archive.timeline.missing));
        }
        match archive.graph.is_complete() {
            // It is cut off elsewhere.
            true => gaps.retain(|gap| *gap != Gap::Shallow),
            false if !gaps.contains(&Gap::Shallow) => gaps.push(Gap::MissingObjects(1)),
            false => {}
        }
        let (witnesses, lost_checkpoints) = checkpoint::all(archive, request.repository, self.tip.unwrap_or(head));
        let now = archive.state(head);
        Settled {
            gaps,
            trust_root: trust_root(request, archive.graph, head),
            witnesses,
            lost_checkpoints,
            unguarded: guard::unguarded(archive, now, head),
            acts: acts(archive),
            grants: grants(archive, head),
        }
    }

    fn judge(&mut self, request: &Request<'_>, settled: &Settled, workspace: &Workspace, reuse: &mut Reuse) -> History {
        let (archive, head, tip) = (&mut *self.archive, self.head, self.tip);
        let mut history = History {
            head: Some(archive.graph.id(head).to_string()),
            branch: self.branch.clone(),
            gaps: settled.gaps.clone(),
            trust_root: settled.trust_root.clone(),
            lost_checkpoints: settled.lost_checkpoints.clone(),
            unguarded: places(workspace, &settled.unguarded),
            acts: settled.acts.clone(),
            grants: settled.grants.clone(),
            aliases: aliases(request.repository, workspace),
            ..History::default()
        };
        let texts = Texts::of(request);
        let mut judging =
            Judging { archive, workspace, texts: &texts, head, tip, witnesses: &settled.witnesses, pinned: None };
        judging.pin(&history.trust_root);
        reuse.begin(workspace);
        for (of, decision, several) in every(workspace) {
            let evidence = reuse.known(of, decision).unwrap_or_else(|| {
                let moved = reuse.find(of, decision);
                let evidence = moved.unwrap_or_else(|| Arc::new(judging.judge(of, decision, several)));
                reuse.keep(of, decision, &evidence);
                evidence
            });
            history.decisions.push(evidence);
        }
        reuse.end();
        vanished(archive, workspace, head, &mut history);
        history
    }
}

/// Reads the history of a root and asks something of it.
fn with_past<T>(request: &Request<'_>, ask: impl FnOnce(&mut Past<'_, '_, '_>) -> T) -> Result<T, HistoryError> {
    let repository = request.repository;
    let head = repository.resolve(request.revision)?;
    let (branch, tip) = branch(repository, request.workspace);
    let objects = repository.objects()?;
    let tips = [Some(head), tip].into_iter().flatten().collect::<Vec<_>>();
    let memo = RefCell::new(match request.cache {
        true => Memo::open(repository.common_dir(), request.root),
        false => Memo::none(),
    });
    let graph = Graph::load_linked(&tips, &mut |id| {
        let known = memo.borrow_mut().commit(id);
        known.or_else(|| {
            let link = link(&objects, id)?;
            memo.borrow_mut().remember_commit(id, link.clone());
            Some(link)
        })
    })?;
    let at = |id: Oid| graph.find(id).unwrap_or(0);
    let (head, tip) = (at(head), tip.map(at));
    let floor = repository.judged_since().and_then(|id| graph.find(id));
    let line = Line::new(&graph, tip.unwrap_or(head), floor);
    let timeline = flow::walk(&objects, &graph, &memo, request.root.as_bytes(), &line.on);
    memo.borrow().save();
    let mut archive = Archive::new(&objects, &graph, &timeline, &line, head, request.today);
    ahead::overrule(&mut archive);
    Ok(ask(&mut Past { archive: &mut archive, head, tip, branch }))
}

fn gaps(repository: &Repository) -> Vec<Gap> {
    let replaced = repository.replaced().len();
    let found = [
        repository.is_shallow().then_some(Gap::Shallow),
        (replaced > 0).then_some(Gap::Replaced(replaced)),
        repository.grafts().map(|_| Gap::Grafted),
    ];
    found.into_iter().flatten().collect()
}

/// Finds the branch that decisions are adopted on: the one named, or else `main` or `master`; here, or at `origin` where
/// it is not here or has gone on since.
fn branch(repository: &Repository, workspace: &Workspace) -> (Branch, Option<Oid>) {
    if let Some(name) = repository.judged_branch() {
        let tip = repository.reference(&format!("refs/heads/{name}"));
        return (Branch { name: name.to_owned(), found: Some(name.to_owned()) }, tip);
    }
    let names = branch_names(workspace);
    let here = |name: &str| repository.reference(&format!("refs/heads/{name}"));
    let there = |name: &str| repository.reference(&format!("refs/remotes/origin/{name}"));
    let name =
        names.iter().find(|name| here(name).is_some()).or_else(|| names.iter().find(|name| there(name).is_some()));
    let Some(name) = name.map(|name| (*name).to_owned()) else {
        return (Branch { name: names[0].to_owned(), found: None }, None);
    };
    match (here(&name), there(&name)) {
        (None, Some(there)) => (Branch { found: Some(format!("origin/{name}")), name }, Some(there)),
        (Some(here), Some(there)) if repository.is_ahead(there, here) => {
            (Branch { found: Some(format!("origin/{name}")), name }, Some(there))
        }
        (here, _) => (Branch { found: Some(name.clone()), name }, here),
    }
}

/// Finds the registered e-mails that `.mailmap` shows as something else.
fn aliases(repository: &Repository, workspace: &Workspace) -> Vec<Alias> {
    let people = workspace.register().people.iter();
    let written = people.flat_map(|person| person.emails.iter().map(|email| (person.display(), email.as_str())));
    let written: Vec<(&str, &str)> = written.collect();
    let Some(shown) = repository.shown(&written) else { return Vec::new() };
    let changed = written
        .into_iter()
        .zip(shown)
        .filter(|((name, email), shown)| (*name, email.to_lowercase()) != (&*shown.0, shown.1.to_lowercase()));
    let alias = |((_, email), (shown_name, shown_email)): ((&str, &str), _)| Alias {
        email: email.to_owned(),
        shown_name,
        shown_email,
    };
    changed.map(alias).collect()
}

fn trust_root(request: &Request<'_>, graph: &Graph, head: u32) -> TrustRoot {
    let pinned = request.trust_root.map(str::to_owned).or_else(|| request.repository.setting("deed.trustRoot"));
    let Some(pinned) = pinned else { return TrustRoot::FirstUse };
    let commit = request.repository.resolve(&pinned).ok().and_then(|id| graph.find(id));
    match commit {
        Some(commit) if graph.is_ancestor(commit, head) => TrustRoot::Pinned(graph.id(commit).to_string()),
        // It may lie in what is not here.
        _ if !graph.is_complete() => TrustRoot::FirstUse,
        _ => TrustRoot::Lost(pinned),
    }
}

/// Every decision with nothing but the manifest's word.
fn asserted(workspace: &Workspace) -> Vec<Arc<DecisionEvidence>> {
    every(workspace).into_iter().map(|(head, decision, several)| Arc::new(assertion(head, decision, several))).collect()
}

/// Every decision with its subject, and whether several stand under its key.
fn every(workspace: &Workspace) -> Vec<(&Head, &Decision, bool)> {
    let decisions: Vec<(&Head, &Decision)> = workspace.register().decisions().collect();
    let mut all = Vec::with_capacity(decisions.len());
    for of_one in decisions.chunk_by(|(a, _), (b, _)| std::ptr::eq(*a, *b)) {
        let several = |verb: Verb| of_one.iter().filter(|(_, decision)| decision.verb == verb).count() > 1;
        all.extend(of_one.iter().map(|(head, decision)| (*head, *decision, several(decision.verb))));
    }
    all
}

fn assertion(head: &Head, decision: &Decision, several: bool) -> DecisionEvidence {
    DecisionEvidence {
        decision: ladder::reference(head, decision, several),
        at: decision.range,
        level: Level::Asserted,
        origin: None,
        adoption: None,
        first_use: false,
        outdated_by: Vec::new(),
        outdated_here: Vec::new(),
        is_transplanted: false,
        problems: vec![Problem::Uncommitted],
        entitled: None,
        proof: Proof::default(),
    }
}

/// What decisions are judged by.
struct Judging<'j, 'a, 'r> {
    archive: &'j mut Archive<'a, 'r>,
    workspace: &'j Workspace,
    texts: &'j Texts<'j>,
    head: u32,
    tip: Option<u32>,
    witnesses: &'j [Witness],
    /// The commit that somebody vouches for.
    pinned: Option<u32>,
}

impl Judging<'_, '_, '_> {
    fn pin(&mut self, trust_root: &TrustRoot) {
        if let TrustRoot::Pinned(commit) = trust_root {
            self.pinned = commit.parse().ok().and_then(|id| self.archive.graph.find(id));
        }
    }

    fn judge(&mut self, of: &Head, decision: &Decision, several: bool) -> DecisionEvidence {
        let (archive, workspace) = (&mut *self.archive, self.workspace);
        let (names, now) = (&archive.timeline.names, archive.state(self.head));
        let mut evidence = assertion(of, decision, several);
        let subject = names.known_subject(of.section, &of.id);
        // Where the commit has no such subject there is nothing to compare.
        let committed = subject.filter(|subject| now.get(*subject).is_some()).and_then(|subject| {
            let hash = hash_of_decision(workspace.manifest(decision.range.file).parse.node(decision.node));
            let by = decision.by.as_ref().map_or("", |by| by.as_str());
            let field = names.known_field(&FieldName::Decision(decision.verb, by.to_owned(), hash))?;
            Some((subject, now.field(subject, field)?))
        });
        let Some((subject, value)) = committed else { return evidence };
        evidence.problems.clear();
        let mut value = value.clone();
        if value.adoption == MISSING {
            // It may have come into the branch on another way.
            let there = self.tip.and_then(|tip| archive.state(tip).field(subject, value.field));
            value.adoption = there.map_or(MISSING, |there| there.adoption);
        }
        let act = ladder::climb(archive, &mut evidence, of, decision, subject, &value, self.witnesses);
        // Whoever pinned a commit vouches for what led to it.
        evidence.first_use &= !self.pinned.is_some_and(|pinned| archive.is_ancestor(act, pinned));
        let texts = self.texts;
        Comparison { archive, evidence: &mut evidence, workspace, now, decided_in: act, texts }.run(of, subject);
        evidence
    }
}

/// Decisions that history has and the register has no more.
fn vanished(archive: &mut Archive<'_, '_>, workspace: &Workspace, head: u32, history: &mut History) {
    let timeline = archive.timeline;
    let register = workspace.register();
    if archive.state(head).gone.iter().next().is_none() {
        return;
    }
    let decided: Vec<_> = register.decisions().zip(&history.decisions).collect();
    for ((subject, _), gone) in archive.state(head).gone.iter() {
        let (section, id) = timeline.names.of_subject(*subject);
        let exists = register.subject(section, id).is_some();
        // What the working tree has put back, or in its place.
        let stands = decided.iter().any(|((head, decision), evidence)| {
            let date = decision.date.as_ref().map(|date| date.value);
            (head.section, head.id.as_str(), decision.verb) == (section, id, gone.verb)
                && (date > gone.date || evidence.level == Level::Asserted)
        });
        if stands || !gone.is_certain || gone.verb == Verb::Reviewed || !exists && !guard::keeps_record(section) {
            continue;
        }
        let Some(commit) = archive.commit(gone.commit) else { continue };
        let last = archive.commit(gone.origin).map(|record| Arc::new(record.facts.clone()));
        history.vanished.push(Vanished {
            decision: deed_model::evidence::DecisionRef { section, id: id.to_owned(), verb: gone.verb, by: None },
            commit: Arc::new(commit.facts.clone()),
            by_merge: gone.by_merge,
            last,
            by: Some(gone.by.clone()).filter(|by| !by.is_empty()),
            date: gone.date,
        });
    }
    history.vanished.sort_by(|a, b| a.decision.cmp(&b.decision));
}

/// Finds where unguarded values stand; leaves out what the working tree has taken back.
fn places(workspace: &Workspace, unguarded: &Unguarded) -> Vec<Change> {
    let place = |change: &Change| {
        let (subject, field) = change.what.rsplit_once('.')?;
        let head = workspace.register().at_address(subject)?;
        let node = workspace.manifest(head.key.file).parse.node(head.node);
        let range = node.get(field)?.value().range();
        Some(FileRange { file: head.key.file, range })
    };
    let changed = unguarded.changed.iter().map(|change| Change { at: place(change), ..change.clone() });
    let mut all: Vec<Change> = changed.filter(|change| change.at.is_some()).collect();
    all.extend(unguarded.removed.iter().filter(|change| place(change).is_none()).cloned());
    all
}

/// The days on which each exception was granted, again and again.
fn grants(archive: &mut Archive<'_, '_>, head: u32) -> BTreeMap<String, BTreeSet<Date>> {
    let timeline = archive.timeline;
    let mut grants: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for event in timeline.events.iter().filter(|event| event.kind != flow::EventKind::Removed) {
        let (section, id) = timeline.names.of_subject(event.subject);
        let is_grant = matches!(timeline.names.of_field(event.field), FieldName::Decision(Verb::Granted, ..));
        if section != Section::Exceptions || !is_grant || !archive.is_ancestor(event.commit, head) {
            continue;
        }
        let facts = archive.state(event.commit).get(event.subject).map(|subject| &subject.facts);
        let date = facts.and_then(|facts| facts.decision(event.field)?.date);
        grants.entry(id.to_owned()).or_default().extend(date);
    }
    grants
}

/// The latest decision each person provably made.
fn acts(archive: &mut Archive<'_, '_>) -> BTreeMap<String, Act> {
    let timeline = archive.timeline;
    let mut acts: BTreeMap<String, Act> = BTreeMap::new();
    // The newest first: who is known to have acted later need not be looked at again.
    for event in timeline.events.iter().rev().filter(|event| event.kind != flow::EventKind::Removed) {
        let FieldName::Decision(verb, by, _) = timeline.names.of_field(event.field) else { continue };
        let landed = archive.line.landed(event.commit).filter(|landed| *landed != event.commit);
        // A commit of their own or, where that is somebody else's draft, the merge that adopted it.
        let Some(judged) = [Some(event.commit), landed].into_iter().flatten().find_map(|commit| {
            let record = archive.commit(commit)?;
            if acts.get(by).is_some_and(|act| record.facts.committer.day() <= act.day) {
                return None;
            }
            Judged::of(archive, commit, commit).filter(|judged| judged.is_by(by))
        }) else {
            continue;
        };
        // A clock that runs behind is believed, one that runs ahead is not: nobody is busier by it.
        let day = judged.record.facts.committer.day().min(judged.not_before.day());
        if acts.get(by).is_none_or(|act| act.day < day) {
            let (section, id) = timeline.names.of_subject(event.subject);
            let decision = deed_model::evidence::DecisionRef { section, id: id.to_owned(), verb: *verb, by: None };
            acts.insert(by.clone(), Act { day, decision, commit: judged.record.facts.id.clone() });
        }
    }
    acts
}
