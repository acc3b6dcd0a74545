//! What a push brings to the evidence branch, judged by the register before it.
//!
//! In: which references move from where to where. Out: whether they may. Rules, the levels of evidence that are asked for,
//! suppressions, keys and authority are those of the state before the push, so that nobody weakens a rule with the push that
//! breaks it; a baseline does not count.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use deed_history::evidence::{self, Unfit};
use deed_history::{Oid, Repository};
use deed_linter::{Diagnostic, Group, Outcome, Severity};
use deed_model::Date;
use deed_model::evidence::{Gap, KeyFlaw};

use super::super::check::{Changes, Known};
use super::super::output::{self, Format, Judged, Report, Talk, Tally};
use super::super::terminal::{Color, Terminal};
use super::super::{evidence::history_mistake, say};
use crate::exit::Exit;
use crate::load::history::{self, Proof};
use crate::load::{Loaded, Project, Unreadable, current_directory, stored};

/// A reference that moves.
pub(super) struct Update {
    /// By its full name.
    pub(super) name: String,
    /// Where it is; `None` where it is not yet.
    pub(super) old: Option<Oid>,
    /// Where it goes; `None` where it is to be no more.
    pub(super) new: Option<Oid>,
}

impl Update {
    /// Reads a line that Git gives to `pre-receive`: old, new, name.
    pub(super) fn received(line: &str) -> Option<Self> {
        let mut words = line.splitn(3, ' ');
        let (old, new) = (id(words.next()?)?, id(words.next()?)?);
        Some(Self { name: words.next()?.to_owned(), old, new })
    }

    /// Reads a line that Git gives to `pre-push`: what is pushed and its commit, where to and the commit there.
    pub(super) fn pushed(line: &str) -> Option<Self> {
        // What is pushed may be any expression.
        let mut words = line.rsplitn(4, ' ');
        let (old, name, new, _) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some(Self { name: name.to_owned(), old: id(old)?, new: id(new)? })
    }
}

/// Reads an id, of which all zeros are none.
fn id(text: &str) -> Option<Option<Oid>> {
    if !text.is_empty() && text.bytes().all(|digit| digit == b'0') {
        return Some(None);
    }
    Oid::from_hex(text.as_bytes()).map(Some)
}

/// Where a push is judged.
pub(super) struct Gate {
    /// A directory of the repository.
    pub(super) directory: PathBuf,
    /// Where objects lie beside the repository's own: those of the push until it is accepted.
    pub(super) objects: Vec<PathBuf>,
    /// It is here that the push arrives.
    pub(super) is_server: bool,
    pub(super) today: Date,
}

impl Gate {
    /// Judges a push.
    pub(super) fn judge(&self, updates: &[Update]) -> Result<Exit> {
        let mut exit = Exit::Clean;
        let repository = Repository::open(&self.directory).map_err(|error| history_mistake(&error))?;
        let named = self.evidence_branches(updates, &repository)?;
        for update in updates {
            let name = repository.stands_for(&update.name);
            let tag = name.strip_prefix("refs/tags/");
            let of_one = if let Some(tag) = tag.filter(|tag| tag.starts_with(evidence::CHECKPOINTS)) {
                self.checkpoint(tag, update, updates, &named, &repository)?
            } else if let Some(branch) = name.strip_prefix("refs/heads/") {
                self.branch(branch, update, &named)?
            } else {
                Exit::Clean
            };
            if of_one != Exit::Clean {
                exit = of_one;
            }
        }
        Ok(exit)
    }

    /// The branches that are for evidence. That says the one that all work comes together on, as it was before; others say of
    /// themselves what they like.
    fn evidence_branches(&self, all: &[Update], repository: &Repository) -> Result<Named> {
        let Some(main) = repository.main_branch() else { return Ok(Named::Nowhere) };
        let (old, _) = tips(&main, all, repository);
        let Some(old) = old else { return Ok(Named::Nowhere) };
        if !self.is_here(&main, old)? {
            return Ok(Named::Nowhere);
        }
        let Loaded { projects, unreadable, .. } = match self.manifests(&main, old) {
            Ok(loaded) => loaded,
            Err(error) => return Ok(Named::Unreadable(main, error.to_string())),
        };
        let names = |project: &Project| {
            evidence::branch_names(&project.workspace).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let names: BTreeSet<String> = projects.iter().flat_map(names).collect();
        Ok(match unreadable.first() {
            // It came before this hook did.
            Some(Unreadable { path, reason }) if names.is_empty() => {
                let shown = output::shown(path, &current_directory()?);
                Named::Unreadable(main, format!("`{shown}` cannot be read: {reason}"))
            }
            _ if names.is_empty() => Named::Nowhere,
            _ => Named::These(names),
        })
    }

    /// Judges a tag that pins history. It stays for good, so only somebody whom the register knows makes one, on the evidence
    /// branch.
    fn checkpoint(
        &self,
        name: &str,
        update: &Update,
        all: &[Update],
        named: &Named,
        repository: &Repository,
    ) -> Result<Exit> {
        if update.old == update.new {
            return Ok(Exit::Clean);
        }
        let (None, Some(tag)) = (update.old, update.new) else {
            say("error", &format!("`{}` is a checkpoint, which is neither moved nor taken away", update.name));
            return Ok(Exit::Diagnostics);
        };
        let Named::These(branches) = named else { return Ok(Exit::Clean) };
        let line = |branch: &str| {
            let (old, new) = tips(branch, all, repository);
            Some((old.filter(|tip| self.is_here(branch, *tip).unwrap_or(false))?, new?))
        };
        let mut why = None;
        for branch in branches.iter().map(String::as_str) {
            let Some((old, new)) = line(branch) else { continue };
            for project in self.manifests(branch, old)?.projects.iter().filter(|it| named.is_one(branch, it)) {
                let repository = self.open(branch, new, Some(old))?;
                match history::unfit(&repository, project, new, name, tag).map_err(|error| history_mistake(&error))? {
                    None => return Ok(Exit::Clean),
                    // What there is to mend says the branch that the commit is on.
                    Some(unfit) if why.is_none() || unfit != Unfit::Elsewhere => why = Some((unfit, branch)),
                    Some(_) => {}
                }
            }
        }
        Ok(why.map_or(Exit::Clean, |(unfit, branch)| refuse_checkpoint(update, &unfit, branch)))
    }

    fn branch(&self, branch: &str, update: &Update, named: &Named) -> Result<Exit> {
        let Some(old) = update.old else {
            // Whatever is wrong with a new branch, it is nobody's evidence yet.
            let after = update.new.and_then(|new| self.manifests(branch, new).ok());
            let is_evidence = |project: &Project| named.is_one(branch, project);
            if after.is_some_and(|after| after.projects.iter().any(is_evidence)) {
                say("note", &format!("`{branch}` is new: there is no register before it to judge it by"));
            }
            return Ok(Exit::Clean);
        };
        let refuse = |what: &str| {
            say("error", &format!("`{branch}` is the evidence branch: {what}"));
            Ok(Exit::Diagnostics)
        };
        match named {
            // Most branches are drafts: of those nobody has to read anything.
            Named::These(names) if !names.contains(branch) => return Ok(Exit::Clean),
            Named::Unreadable(main, why) if main == branch => {
                return refuse(&format!(
                    "there is no register before this push to judge it by, since {why}; to mend that, push once without \
                     the hook"
                ));
            }
            Named::Unreadable(..) => return Ok(Exit::Clean),
            _ => {}
        }
        if !self.is_here(branch, old)? {
            // Git refuses such a push itself, unless it is told to.
            say("note", &format!("`{branch}` has moved on there: fetch it, and push again"));
            return Ok(Exit::Clean);
        }
        let is_one = |project: &Project| named.is_one(branch, project);
        // Any branch could be one then, and most are none: of those nobody has to read history.
        if matches!(named, Named::Nowhere) && !self.manifests(branch, old)?.projects.iter().any(is_one) {
            return Ok(Exit::Clean);
        }
        let mut before = self.load(branch, old, None)?.projects;
        before.retain(is_one);
        if before.is_empty() {
            return Ok(Exit::Clean);
        }
        let Some(new) = update.new else { return refuse("what it proves would be gone with it") };
        let repository = self.open(branch, new, None)?;
        // A server may be told to take what a shallow clone has. Behind its edge anything could have happened.
        if !repository.is_whole(new, old).map_err(|error| history_mistake(&error))? {
            return refuse("this push stands on commits that are not here; `git fetch --unshallow`, and push again");
        }
        if repository.merge_base(old, new) != Some(old) {
            return refuse("it only grows, and this push would take commits out of it");
        }
        if !repository.is_on_line(old, new) {
            return refuse(
                "this push would merge it into another line, so that what was merged there would be a side line; \
                 `git pull --rebase`, or merge the other way round",
            );
        }
        if let Some((path, why)) = stored::unseen(&repository, new)? {
            return refuse(&format!("history does not see `{path}`, since {why}: nobody could prove what it says"));
        }
        let Loaded { projects: mut after, unreadable, .. } = self.load(branch, new, Some(old))?;
        let mut judged = Vec::new();
        for was in &before {
            let place = after.iter().position(|is| is.root == was.root);
            // The root may have moved.
            let only = (before.len() == 1 && after.len() == 1).then_some(0);
            match place.or(only) {
                Some(place) => judged.push(self.judged(after.swap_remove(place), was)),
                None if unreadable.is_empty() => {
                    let shown = output::shown(&was.root, &current_directory()?);
                    return refuse(&format!("the register in `{shown}` would be gone"));
                }
                None => {}
            }
        }
        // A root within a register takes part of it out.
        for project in after {
            let around = before.iter().filter(|was| project.root.starts_with(&was.root));
            match around.max_by_key(|was| was.root.as_os_str().len()) {
                Some(was) => judged.push(self.judged(project, was)),
                None => {
                    let shown = output::shown(&project.root, &current_directory()?);
                    say("note", &format!("the register in `{shown}` is new: there is none before it to judge it by"));
                }
            }
        }
        let gaps = judged.iter().filter_map(|it| it.project.past.history()).flat_map(|history| &history.gaps);
        if gaps.into_iter().any(|gap| matches!(gap, Gap::MissingObjects(_))) {
            return refuse(
                "its history would not be whole: a manifest is missing, or longer than anything that is read",
            );
        }
        self.report(
            branch,
            Report {
                judged,
                unreadable,
                today: self.today,
                here: current_directory()?,
                fail_on: Severity::Error,
                talk: Talk { lets_wait: true, ..Talk::default() },
            },
        )
    }

    /// Judges a workspace by what it was before.
    fn judged(&self, project: Project, was: &Project) -> Judged {
        let mut known = Known::of(was.lint(self.today).diagnostics.iter().map(what));
        let Outcome { mut diagnostics, suppressed } = project.lint_by(self.today, &was.workspace);
        for diagnostic in diagnostics.iter_mut().filter(|it| it.rule.id == "uncommitted-decision") {
            // In a commit, that is no state that goes by: history does not know what stands there, for it is no plain file.
            diagnostic.severity = Severity::Error;
        }
        let old: Vec<Diagnostic> = diagnostics.extract_if(.., |it| known.take(&what(it))).collect();
        Judged {
            project,
            changes: Changes::default(),
            diagnostics,
            suppressed,
            has_baseline: false,
            remark: None,
            baselined: Vec::new(),
            old: old.len(),
            elsewhere: 0,
        }
    }

    fn report(&self, branch: &str, report: Report) -> Result<Exit> {
        let tally = Tally::of(&report);
        if tally.all.total() == 0 && report.unreadable.is_empty() {
            return Ok(Exit::Clean);
        }
        // Whoever pushes sees it, even if nobody reads to the end.
        let terminal = Terminal::of(&io::stderr(), Color::Auto);
        let _ = output::write(Format::Text, &report, &terminal, &mut io::stderr().lock());
        let fails =
            report.judged.iter().flat_map(|judged| &judged.diagnostics).any(|diagnostic| report.fails(diagnostic));
        if !fails && report.unreadable.is_empty() {
            return Ok(Exit::Clean);
        }
        say("error", &format!("`{branch}` stays as it is: mend this, and push again"));
        say("hint", "what a push changes about rules, keys and authority counts for later ones, not for itself");
        Ok(Exit::Diagnostics)
    }

    /// Whether the commit that a branch is at is here. Where a push arrives it must be.
    fn is_here(&self, branch: &str, commit: Oid) -> Result<bool> {
        Ok(self.is_server || self.open(branch, commit, None)?.has_commit(commit))
    }

    /// Reads the workspaces of a commit, and nothing of history.
    fn manifests(&self, branch: &str, commit: Oid) -> Result<Loaded> {
        stored::of_commit(self.open(branch, commit, None)?, commit, None)
    }

    /// Reads the workspaces of a commit and their history.
    fn load(&self, branch: &str, commit: Oid, since: Option<Oid>) -> Result<Loaded> {
        stored::of_commit(self.open(branch, commit, since)?, commit, Some(&Proof::default()))
    }

    /// Opens the repository as it is with the evidence branch at a commit; what came after `since` does not count for itself.
    fn open(&self, branch: &str, commit: Oid, since: Option<Oid>) -> Result<Repository> {
        let opened = Repository::open(&self.directory);
        let moved = opened.and_then(|repository| repository.receiving(branch, commit, since, &self.objects));
        moved.map_err(|error| history_mistake(&error).into())
    }
}

fn refuse_checkpoint(update: &Update, unfit: &Unfit, branch: &str) -> Exit {
    let why = match unfit {
        Unfit::Plain => "it is no annotated tag of a commit".to_owned(),
        Unfit::Renamed(own) => format!("it was made as `{own}`"),
        Unfit::Unsigned => "nobody signed it".to_owned(),
        Unfit::Elsewhere => format!("the commit it names is not on `{branch}`"),
        Unfit::Forge => "a forge signed it, and no person".to_owned(),
        Unfit::Untrusted(KeyFlaw::Unknown) => {
            format!("nobody in the register of `{branch}` has the key that signed it")
        }
        Unfit::Untrusted(KeyFlaw::NotYetValid(day)) => format!("the key that signed it is valid from {day} only"),
        Unfit::Untrusted(KeyFlaw::Expired(day)) => format!("the key that signed it had ended on {day}"),
        Unfit::Untrusted(KeyFlaw::Revoked(day)) => format!("the key that signed it is revoked as of {day}"),
        Unfit::Untrusted(KeyFlaw::Bad(flaw)) => format!("its signature does not verify: {flaw}"),
    };
    say("error", &format!("`{}` would be no checkpoint: {why}", update.name));
    say(
        "hint",
        &format!("a checkpoint stays for good: `git tag --sign` on a commit of `{branch}`, with a registered key"),
    );
    Exit::Diagnostics
}

/// What makes a diagnostic the same before and after: about a decision that is another one now, the same is new.
fn what(diagnostic: &Diagnostic) -> (Arc<str>, Option<Arc<str>>) {
    let is_proof = diagnostic.rule.group == Group::Proof;
    (diagnostic.fingerprint.clone(), is_proof.then(|| diagnostic.message.clone()))
}

/// Which branches are for evidence.
enum Named {
    /// No register says so: each branch may of itself.
    Nowhere,
    /// These.
    These(BTreeSet<String>),
    /// The register of the main branch, which would say so, cannot be read, and why.
    Unreadable(String, String),
}

impl Named {
    /// Whether decisions of a workspace are adopted on a branch.
    fn is_one(&self, branch: &str, project: &Project) -> bool {
        let is_said = match self {
            Self::Nowhere => true,
            Self::These(names) => names.contains(branch),
            Self::Unreadable(main, _) => main == branch,
        };
        is_said && evidence::branch_names(&project.workspace).contains(&branch)
    }
}

/// Where a branch is before a push, and after it.
fn tips(branch: &str, all: &[Update], repository: &Repository) -> (Option<Oid>, Option<Oid>) {
    let reference = format!("refs/heads/{branch}");
    let moved = all.iter().find(|update| repository.stands_for(&update.name) == reference);
    moved.map_or_else(
        || {
            let tip = repository.reference(&reference);
            (tip, tip)
        },
        |update| (update.old, update.new),
    )
}
