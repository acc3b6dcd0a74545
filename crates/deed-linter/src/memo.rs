//! Diagnostics of a workspace that is being edited: the same as [`crate::lint`] gives, for the price of what changed.
//!
//! In: the workspace after each edit, made by [`deed_model::Workspace::edited`] so that it shares with the one before what is
//! the same. Out: an [`Outcome`].
//!
//! Of each rule, and of each subject that rules look at one by one ([`Context::each`](crate::Context::each)), is kept what was
//! found and what was read ([`Reads`]). What has read something that an edit changed is looked at again; what is kept of the
//! rest is moved to where it stands now. Suppressions, order and fingerprints are settled each time.

mod history;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use deed_model::evidence::History;
use deed_model::reads::{self, Read, Reads};
use deed_model::{Changes, Date, FileId, FileRange, Head, Manifest, Place, Register, Section, Workspace};
use rayon::prelude::*;

use crate::damage::Damage;
use crate::engine::{Shared, arrange, config, locate};
use crate::pass::{Log, Of, Pass, Sections};
use crate::proof::Proofs;
use crate::suppression::Suppression;
use crate::{Check, Config, Context, Diagnostic, FileEdit, Inputs, Outcome, RULES, Rule};

/// From so many subjects on, rules share the threads of the machine.
const MANY: usize = 64;

/// What is kept from one edit to the next.
///
/// Which files exist is taken to stay as it is: where that may not be so, begin with a new one.
#[derive(Default)]
pub struct Memo(Option<Kept>);

/// What is known of the workspace as it was.
struct Kept {
    workspace: Arc<Workspace>,
    history: Option<Arc<History>>,
    today: Date,
    config: Config,
    /// The manifests with broken text.
    damaged: Vec<FileId>,
    files: Vec<OfFile>,
    /// By the place in [`RULES`].
    rules: Vec<OfRule>,
    subjects: Subjects,
}

/// What is found in a manifest by itself.
struct OfFile {
    found: Vec<Diagnostic>,
    suppressions: Vec<Suppression>,
    is_stale: bool,
}

/// What a rule found beside that of single subjects.
struct OfRule {
    /// What it read before it looked at single subjects, so that what it found of each rests on it.
    before: Reads,
    /// What it read after that.
    after: Reads,
    sections: Sections,
    found: Vec<Diagnostic>,
    state: State,
}

/// Whether what a rule found still holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// All of it, but for what it found of subjects that are marked themselves.
    Holds,
    /// Not what it found beside that of single subjects.
    IsStale,
    /// Nothing of it.
    IsVoid,
}

/// What rules found of one subject.
#[derive(Default)]
struct OfSubject {
    reads: Reads,
    found: Vec<Diagnostic>,
    is_stale: bool,
}

/// By section and manifest.
#[derive(Default)]
struct Subjects([Vec<(FileId, Vec<OfSubject>)>; Section::ALL.len()]);

impl Memo {
    /// Returns what [`crate::lint`] would.
    pub fn lint(
        &mut self,
        workspace: &Arc<Workspace>,
        today: Date,
        exists: Option<&(dyn Fn(&str) -> bool + Sync)>,
        history: Option<&Arc<History>>,
    ) -> Outcome {
        let inputs = Inputs { workspace, today, exists, history: history.map(AsRef::as_ref) };
        let config = config(&inputs, workspace.register());
        // Should anything fail on the way, the next time begins anew.
        let known = self.0.take().filter(|kept| kept.today == today && kept.config == config);
        let known = known.and_then(|kept| kept.taken_to(workspace, history));
        let mut kept = known.unwrap_or_else(|| Kept::new(workspace, history, today, config));
        let outcome = kept.judge(&inputs);
        self.0 = Some(kept);
        outcome
    }
}

impl Kept {
    /// Knows nothing yet.
    fn new(workspace: &Arc<Workspace>, history: Option<&Arc<History>>, today: Date, config: Config) -> Self {
        let mut kept = Self {
            workspace: workspace.clone(),
            history: history.cloned(),
            today,
            config,
            damaged: Vec::new(),
            files: Vec::new(),
            rules: Vec::new(),
            subjects: Subjects::default(),
        };
        for (file, manifest) in workspace.files() {
            kept.damaged.extend((!manifest.parse.damage().is_empty()).then_some(file));
            kept.files.push(OfFile::new(file, manifest));
        }
        kept.rules.resize_with(RULES.len(), OfRule::new);
        for (place, head) in workspace.register().placed_heads() {
            kept.subjects.of_file(head.section, place.file).push(OfSubject::new(head));
        }
        kept
    }

    /// Goes over to another state of the workspace, and marks what does not hold any more; `None` if nothing would.
    fn taken_to(mut self, workspace: &Arc<Workspace>, history: Option<&Arc<History>>) -> Option<Self> {
        let mut changes = Changes::between(&self.workspace, workspace)?;
        if history.is_some() != self.history.is_some() || changes.reads.has(Read::Subject(Section::Evidence, "")) {
            return None;
        }
        let before = Damage::of_files(&self.workspace, &self.damaged);
        let mut damaged = self.damaged.clone();
        damaged.retain(|file| !changes.files.contains_key(file));
        damaged.extend(changes.files.keys().filter(|file| !workspace.manifest(**file).parse.damage().is_empty()));
        damaged.sort_unstable();
        let mut more = Vec::new();
        if !before.is_as(&Damage::of_files(workspace, &damaged)) {
            more.push(Read::Damage);
        }
        if let (Some(before), Some(after)) = (&self.history, history) {
            more.extend(history::changed(before, after, &changes));
        }
        changes.reads.extend(&Reads::of(more));
        for (file, of_file) in &changes.files {
            self.files[file.0 as usize] = OfFile::new(*file, workspace.manifest(*file));
            self.subjects.shift(workspace.register(), *file, &of_file.kept);
        }
        for rule in &mut self.rules {
            let is_stale = !follow(&mut rule.found, &changes) || rule.after.meets(&changes.reads);
            rule.state = match rule.before.meets(&changes.reads) {
                true => State::IsVoid,
                false if is_stale => State::IsStale,
                false => State::Holds,
            };
        }
        for subject in self.subjects.iter_mut() {
            subject.is_stale |= subject.reads.meets(&changes.reads) || !follow(&mut subject.found, &changes);
        }
        self.damaged = damaged;
        self.workspace = workspace.clone();
        self.history = history.cloned();
        Some(self)
    }

    /// Looks again at what does not hold any more, and settles the rest.
    fn judge(&mut self, inputs: &Inputs<'_>) -> Outcome {
        let damage = Damage::of_files(inputs.workspace, &self.damaged);
        let proofs = Proofs::of(inputs, &self.config, inputs.workspace.register());
        let shared =
            Shared { inputs, horizon: inputs.today, config: &self.config, damage: &damage, proofs: proofs.as_ref() };
        for (file, of_file) in (0..).map(FileId).zip(&mut self.files).filter(|(_, of_file)| of_file.is_stale) {
            of_file.is_stale = false;
            of_file.found = RULES.iter().flat_map(|rule| of_one_file(&shared, rule, file)).collect();
        }
        let focus = self.subjects.begin(inputs.workspace.register());
        let jobs: Vec<Job<'_>> = self.rules.iter().enumerate().filter_map(|(nth, of)| of.job(nth, &focus)).collect();
        let anew: HashSet<&str> = jobs.iter().filter(|job| job.focus.is_none()).map(|job| job.rule.id).collect();
        if !anew.is_empty() {
            self.subjects.iter_mut().for_each(|of| of.found.retain(|diagnostic| !anew.contains(diagnostic.rule.id)));
        }
        let is_much = focus.len() >= MANY || !anew.is_empty();
        let known = Mutex::new((&mut self.rules, &mut self.subjects));
        let work = |job: &Job<'_>| {
            let done = job.run(&shared);
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let (rules, subjects) = &mut *known;
            done.put(rules, subjects);
        };
        if is_much {
            jobs.par_iter().for_each(work);
        } else {
            jobs.iter().for_each(work);
        }
        let mut found: Vec<&mut Diagnostic> = self.rules.iter_mut().flat_map(|of| &mut of.found).collect();
        found.extend(self.files.iter_mut().flat_map(|of| &mut of.found));
        found.extend(self.subjects.iter_mut().flat_map(|of| &mut of.found));
        locate(inputs.workspace, found.iter_mut().map(|one| &mut **one).filter(|one| one.hash == 0).collect());
        let mut found: Vec<Diagnostic> = found.into_iter().map(|diagnostic| diagnostic.clone()).collect();
        arrange(&mut found);
        let mut suppressions: Vec<_> = self.files.iter().flat_map(|of| &of.suppressions).cloned().collect();
        suppressions.extend(Suppression::in_settings(inputs.workspace.register()));
        shared.conclude(found, suppressions)
    }
}

/// What a rule that looks at manifests one by one says of one.
fn of_one_file(shared: &Shared<'_>, rule: &'static Rule, file: FileId) -> Vec<Diagnostic> {
    match rule.check {
        Check::File(check) => shared.of_file(rule, check, file).collect(),
        Check::Register(_) | Check::Suppressions(_) => Vec::new(),
    }
}

/// Moves diagnostics to where their places are now; returns whether each of these is still there.
fn follow(found: &mut [Diagnostic], changes: &Changes) -> bool {
    let place = |at: &mut FileRange| changes.place(*at).map(|now| *at = now);
    found.iter_mut().all(|diagnostic| {
        // What is around it may be another: its address is looked up again.
        if changes.files.contains_key(&diagnostic.span.file) {
            diagnostic.hash = 0;
        }
        let labels = diagnostic.labels.iter_mut().map(|label| &mut label.span);
        let edits = diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        let edit = |edit: &mut FileEdit| changes.range(edit.file, edit.edit.range).map(|now| edit.edit.range = now);
        std::iter::once(&mut diagnostic.span).chain(labels).all(|at| place(at).is_some())
            && edits.into_iter().all(|one| edit(one).is_some())
    })
}

/// A rule and the subjects it is to look at again; all and everything, where none are named.
struct Job<'f> {
    nth: usize,
    rule: &'static Rule,
    check: fn(&mut Context<'_>),
    focus: Option<&'f [Of]>,
    state: State,
}

/// What came of it.
struct Done {
    nth: usize,
    state: State,
    log: Log,
    found: Vec<(Option<Of>, Diagnostic)>,
}

impl Job<'_> {
    fn run(&self, shared: &Shared<'_>) -> Done {
        let ((found, log), _) = reads::record(|| {
            let pass = Pass::new(self.focus);
            let found = shared.report(self.rule, Some(&pass), self.check);
            (found, pass.end())
        });
        Done { nth: self.nth, state: self.state, log, found }
    }
}

impl Done {
    /// Adds it to what is known.
    fn put(self, rules: &mut [OfRule], subjects: &mut Subjects) {
        let rule = &mut rules[self.nth];
        if self.state != State::Holds {
            rule.found.clear();
            rule.after = self.log.after;
        }
        if self.state == State::IsVoid {
            rule.before = self.log.before;
            rule.sections = self.log.sections;
        }
        for (of, read) in self.log.subjects {
            subjects.get_mut(of).reads.extend(&read);
        }
        for (of, diagnostic) in self.found {
            match of {
                Some(of) => subjects.get_mut(of).found.push(diagnostic),
                None if self.state != State::Holds => rule.found.push(diagnostic),
                // Nothing that it rests on has changed.
                None => {}
            }
        }
    }
}

impl OfFile {
    fn new(file: FileId, manifest: &Manifest) -> Self {
        Self { found: Vec::new(), suppressions: Suppression::in_file(file, manifest), is_stale: true }
    }
}

impl OfRule {
    fn new() -> Self {
        Self {
            before: Reads::default(),
            after: Reads::default(),
            sections: Sections::default(),
            found: Vec::new(),
            state: State::IsVoid,
        }
    }

    /// What a rule has to do again, given the subjects that do not hold any more.
    fn job<'f>(&self, nth: usize, focus: &'f [Of]) -> Option<Job<'f>> {
        let rule = RULES[nth];
        let Check::Register(check) = rule.check else { return None };
        let is_concerned = || focus.iter().any(|of| self.sections.has(of.section));
        let state = self.state;
        let focus = (state != State::IsVoid).then_some(focus);
        (state != State::Holds || is_concerned()).then_some(Job { nth, rule, check, focus, state })
    }
}

impl OfSubject {
    fn new(head: &Head) -> Self {
        Self { reads: own(head), found: Vec::new(), is_stale: true }
    }
}

/// What looking at a subject reads at least: the subject, and what history shows of it.
fn own(head: &Head) -> Reads {
    Reads::of([Read::Subject(head.section, &head.id), Read::Evidence(head.section, &head.id)])
}

impl Subjects {
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut OfSubject> {
        self.0.iter_mut().flatten().flat_map(|(_, of_file)| of_file)
    }

    /// Those of one manifest, to be added to.
    fn of_file(&mut self, section: Section, file: FileId) -> &mut Vec<OfSubject> {
        let files = &mut self.0[section as usize];
        let at = files.binary_search_by_key(&file, |(file, _)| *file).unwrap_or_else(|at| {
            files.insert(at, (file, Vec::new()));
            at
        });
        &mut files[at].1
    }

    fn get_mut(&mut self, of: Of) -> &mut OfSubject {
        &mut self.of_file(of.section, of.place.file)[of.place.nth as usize]
    }

    /// Takes those of one manifest over to what it has now, given the number that each had before.
    fn shift(&mut self, register: &Register, file: FileId, kept: &HashMap<Section, Vec<Option<u32>>>) {
        for section in Section::ALL {
            let files = &mut self.0[section as usize];
            let at = files.binary_search_by_key(&file, |(file, _)| *file);
            let mut before = at.map_or_else(|_| Vec::new(), |at| std::mem::take(&mut files[at].1));
            let now = kept.get(&section).map_or(&[][..], Vec::as_slice).iter().zip(0..).filter_map(|(was, nth)| {
                let kept = was.and_then(|was| before.get_mut(was as usize)).map(std::mem::take);
                kept.or_else(|| Some(OfSubject::new(register.head_at(section, Place { file, nth })?)))
            });
            let now: Vec<_> = now.collect();
            match at {
                Ok(at) if now.is_empty() => drop(files.remove(at)),
                Ok(at) => files[at].1 = now,
                Err(at) if !now.is_empty() => files.insert(at, (file, now)),
                Err(_) => {}
            }
        }
    }

    /// Forgets what does not hold any more; returns of which subjects that is, in order.
    fn begin(&mut self, register: &Register) -> Vec<Of> {
        let mut stale = Vec::new();
        for (files, section) in self.0.iter_mut().zip(Section::ALL) {
            for (file, subjects) in files {
                for (subject, nth) in subjects.iter_mut().zip(0..).filter(|(subject, _)| subject.is_stale) {
                    let place = Place { file: *file, nth };
                    subject.found.clear();
                    subject.is_stale = false;
                    subject.reads = register.head_at(section, place).map(own).unwrap_or_default();
                    stale.push(Of { section, place });
                }
            }
        }
        stale
    }
}
