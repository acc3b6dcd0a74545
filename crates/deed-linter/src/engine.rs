//! Runs the rules: levels, suppressions, addresses, fingerprints, order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use deed_model::evidence::History;
use deed_model::{Date, FileId, Register, Section, Workspace};
use deed_syntax::{Step, TextSize, shown_path};
use rayon::prelude::*;

use crate::damage::Damage;
use crate::pass::{Of, Pass};
use crate::proof::Proofs;
use crate::suppression::{self, Index, Suppression};
use crate::{Check, Config, Context, Diagnostic, Label, RULES, Rule, Setting};

/// What goes into a run.
pub struct Inputs<'a> {
    /// The manifests.
    pub workspace: &'a Workspace,
    /// The day everything is judged on.
    pub today: Date,
    /// Tells whether a file below the root exists; `None` where that is not known.
    pub exists: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// What history shows of the manifests; `None` where nobody looked.
    pub history: Option<&'a History>,
}

/// What comes out of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The diagnostics: by manifest, place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that a suppression held back.
    pub suppressed: Vec<Suppressed>,
}

/// A diagnostic that a suppression held back.
#[derive(Debug)]
pub struct Suppressed {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// The reason given, if one is.
    pub reason: Option<String>,
}

/// Finds out ahead what takes long and depends on the texts alone. It is kept with the trees, so that [`lint`] does not have
/// to: somebody else may look at history meanwhile.
pub fn prepare(workspace: &Workspace) {
    let manifests: Vec<_> = workspace.files().map(|(_, manifest)| manifest).collect();
    manifests.into_par_iter().filter_map(|manifest| manifest.parse.root()).for_each(|root| {
        drop(deed_schema::violations(root));
    });
}

/// Runs every rule.
pub fn lint(inputs: &Inputs<'_>) -> Outcome {
    run(inputs, None, inputs.today)
}

/// Runs every rule by the settings of another state of the workspace: what is set, asked for or suppressed in this one alone
/// does not count, so that nobody weakens a rule together with what it would find.
pub fn lint_by(inputs: &Inputs<'_>, settings: &Workspace) -> Outcome {
    run(inputs, Some(settings), inputs.today)
}

/// Runs one rule by itself; suppressions do not apply. For the examples in a rule's documentation.
pub fn lint_only(inputs: &Inputs<'_>, rule: &'static Rule) -> Vec<Diagnostic> {
    match rule.check {
        // Whether a suppression was used is known only after every other rule.
        Check::Suppressions(_) => {
            let mut diagnostics = lint(inputs).diagnostics;
            diagnostics.retain(|diagnostic| diagnostic.rule == rule);
            diagnostics
        }
        Check::File(_) | Check::Register(_) => {
            let mut diagnostics = with_shared(inputs, None, inputs.today, |shared| shared.apply(rule));
            finish(inputs.workspace, &mut diagnostics);
            diagnostics
        }
    }
}

/// Runs every rule as if what is due before a day to come were over; returns what is not yet.
pub(crate) fn ahead(inputs: &Inputs<'_>, horizon: Date) -> Vec<Diagnostic> {
    let mut diagnostics = run(inputs, None, horizon).diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.due.is_some_and(|due| due >= inputs.today && due < horizon));
    diagnostics
}

fn run(inputs: &Inputs<'_>, settings: Option<&Workspace>, horizon: Date) -> Outcome {
    with_shared(inputs, settings, horizon, |shared| {
        let mut found: Vec<_> = RULES.par_iter().flat_map_iter(|rule| shared.apply(rule)).collect();
        finish(inputs.workspace, &mut found);
        let mut suppressions = Suppression::all(inputs.workspace);
        if let Some(settings) = settings {
            suppression::retain_known(inputs.workspace, &mut suppressions, settings);
        }
        shared.conclude(found, suppressions)
    })
}

/// Does something with what all rules share.
fn with_shared<T>(
    inputs: &Inputs<'_>,
    settings: Option<&Workspace>,
    horizon: Date,
    then: impl FnOnce(&Shared<'_>) -> T,
) -> T {
    let settings = settings.unwrap_or(inputs.workspace).register();
    let config = config(inputs, settings);
    let damage = Damage::of(inputs.workspace);
    let proofs = Proofs::of(inputs, &config, settings);
    then(&Shared { inputs, horizon, config: &config, damage: &damage, proofs: proofs.as_ref() })
}

/// What all rules of a run share.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    pub(crate) inputs: &'a Inputs<'a>,
    /// What is due before this day counts as over.
    pub(crate) horizon: Date,
    pub(crate) config: &'a Config,
    pub(crate) damage: &'a Damage<'a>,
    pub(crate) proofs: Option<&'a Proofs<'a>>,
}

impl<'a> Shared<'a> {
    /// Runs a rule over everything, unless it is about suppressions.
    fn apply(&self, rule: &'static Rule) -> Vec<Diagnostic> {
        match rule.check {
            Check::File(check) => {
                let files: Vec<FileId> = self.inputs.workspace.files().map(|(file, _)| file).collect();
                files.par_iter().flat_map_iter(|file| self.of_file(rule, check, *file)).collect()
            }
            Check::Register(check) => {
                self.report(rule, None, check).into_iter().map(|(_, diagnostic)| diagnostic).collect()
            }
            Check::Suppressions(_) => Vec::new(),
        }
    }

    /// Runs a rule over one manifest.
    pub(crate) fn of_file(
        &self,
        rule: &'static Rule,
        check: fn(&mut Context<'_>, FileId),
        file: FileId,
    ) -> impl Iterator<Item = Diagnostic> + use<> {
        self.report(rule, None, |ctx| check(ctx, file)).into_iter().map(|(_, diagnostic)| diagnostic)
    }

    /// Returns what a rule reports, each diagnostic with the subject that was looked at.
    pub(crate) fn report<'p>(
        &self,
        rule: &'static Rule,
        pass: Option<&'p Pass<'p>>,
        check: impl FnOnce(&mut Context<'_>),
    ) -> Vec<(Option<Of>, Diagnostic)>
    where
        'a: 'p,
    {
        let (setting, pinned) = self.config.setting(rule);
        let Setting::Report(severity) = setting else { return Vec::new() };
        let mut ctx = Context {
            workspace: self.inputs.workspace,
            register: self.inputs.workspace.register(),
            today: self.inputs.today,
            horizon: self.horizon,
            config: self.config,
            damage: self.damage,
            exists: self.inputs.exists,
            proofs: self.proofs,
            rule,
            severity,
            pinned,
            pass,
            out: Vec::new(),
        };
        check(&mut ctx);
        ctx.out
    }

    /// Takes out what is suppressed, and adds what is to be said of suppressions.
    pub(crate) fn conclude(&self, found: Vec<Diagnostic>, mut suppressions: Vec<Suppression>) -> Outcome {
        let mut used = vec![false; suppressions.len()];
        let mut outcome = Outcome::default();
        let index = Index::of(&suppressions);
        for diagnostic in found {
            let covering = index.covering(&diagnostic);
            for place in &covering {
                used[*place] = true;
            }
            // One that has expired suppresses nothing more; it is reported as expired, not as unused.
            match covering.into_iter().map(|place| &suppressions[place]).find(|by| !by.is_expired(self.inputs.today)) {
                Some(by) => outcome.suppressed.push(Suppressed { diagnostic, reason: by.reason.clone() }),
                None => outcome.diagnostics.push(diagnostic),
            }
        }
        for (suppression, used) in suppressions.iter_mut().zip(used) {
            suppression.used = used;
        }
        let mut about_suppressions: Vec<_> = RULES
            .iter()
            .filter_map(|rule| match rule.check {
                Check::Suppressions(check) => Some(self.report(rule, None, |ctx| check(ctx, &suppressions))),
                Check::File(_) | Check::Register(_) => None,
            })
            .flatten()
            .map(|(_, diagnostic)| diagnostic)
            .collect();
        // By themselves: a suppression must not change the fingerprint of what it does not suppress.
        finish(self.inputs.workspace, &mut about_suppressions);
        outcome.diagnostics.append(&mut about_suppressions);
        outcome.diagnostics.retain(|diagnostic| !self.damage.casts_doubt_on(diagnostic));
        sort(&mut outcome.diagnostics);
        outcome
    }
}

/// What a register sets. Whoever changed `lint.rules` alone has not silenced the rule that says so.
pub(crate) fn config(inputs: &Inputs<'_>, settings: &Register) -> Config {
    let mut config = Config::of(settings);
    if inputs.history.is_some_and(|history| history.unguarded.iter().any(|change| change.what == "lint.rules")) {
        config.unset("unguarded-governance-change");
    }
    config
}

fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let place = |d: &Diagnostic| (d.span.file, d.span.range.start(), d.span.range.end());
        // What is missing altogether is reported at one place: who is in charge comes before what they have to do.
        let rule = |d: &Diagnostic| (d.rule.group, d.rule.id);
        fn label(label: &Label) -> (FileId, TextSize, &str) {
            (label.span.file, label.span.range.start(), &label.message)
        }
        place(a)
            .cmp(&place(b))
            .then_with(|| rule(a).cmp(&rule(b)))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.labels.iter().map(label).cmp(b.labels.iter().map(label)))
    });
}

/// Sorts diagnostics and gives each its address and fingerprint.
fn finish(workspace: &Workspace, diagnostics: &mut Vec<Diagnostic>) {
    locate(workspace, diagnostics.iter_mut().collect());
    arrange(diagnostics);
}

/// Sorts diagnostics that have their address, leaves out what is told already, and tells those apart that share a fingerprint.
pub(crate) fn arrange(diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    diagnostics.retain(|diagnostic| !diagnostic.is_once || told.insert((diagnostic.rule.id, diagnostic.span)));
    sort(diagnostics);
    let mut seen: HashMap<u128, u32> = HashMap::new();
    for diagnostic in diagnostics {
        let hash = diagnostic.hash;
        let nth = seen.entry(hash).or_insert(0);
        if *nth > 0 {
            diagnostic.fingerprint = fingerprint(fnv1a(hash.to_le_bytes().into_iter().chain(nth.to_le_bytes())));
        }
        *nth += 1;
    }
}

fn fingerprint(hash: u128) -> Arc<str> {
    format!("{hash:032x}").into()
}

/// Fills in subject, key path and fingerprint, from the place.
pub(crate) fn locate(workspace: &Workspace, mut diagnostics: Vec<&mut Diagnostic>) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.range.start()));
    for of_file in diagnostics.chunk_by_mut(|a, b| a.span.file == b.span.file) {
        let manifest = workspace.manifest(of_file[0].span.file);
        let offsets: Vec<_> = of_file.iter().map(|diagnostic| diagnostic.span.range.start()).collect();
        // Those of one subject follow each other.
        let mut last: (Option<&[Step<'_>]>, Arc<str>) = (None, Arc::default());
        let paths = manifest.parse.paths_at(&offsets);
        for (diagnostic, steps) in of_file.iter_mut().zip(&paths) {
            if !diagnostic.is_about {
                let way = &steps[..steps.len().min(2)];
                if last.0 != Some(way) {
                    last = (Some(way), subject(way).into());
                }
                diagnostic.subject = last.1.clone();
            }
            diagnostic.key_path = shown_path(steps).into();
            // The path of a manifest counts only for what belongs to no subject: a subject may move between files.
            let place = if diagnostic.subject.is_empty() { manifest.path.as_str() } else { "" };
            let parts = [diagnostic.rule.id, &diagnostic.subject, &diagnostic.key_path, place];
            diagnostic.hash = fnv1a(parts.into_iter().flat_map(|part| part.bytes().chain([0])));
            diagnostic.fingerprint = fingerprint(diagnostic.hash);
        }
    }
}

/// The address of the subject a key path leads into; empty where it leads into none.
fn subject(path: &[Step<'_>]) -> String {
    let key = |nth: usize| match path.get(nth) {
        Some(Step::Entry(entry)) => Some(entry.name().unwrap_or_default()),
        _ => None,
    };
    let section = key(0).and_then(|key| Section::of_key(key).or_else(|| Section::meant_by(key)));
    match (section, key(1)) {
        (Some(section), _) if section.is_singleton() => section.key().to_owned(),
        (Some(section), Some(id)) => section.address(id),
        _ => String::new(),
    }
}

/// The 128-bit FNV-1a hash: small, and the same on every machine and in every version.
pub(crate) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u128 {
    bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}
