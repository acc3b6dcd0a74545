//! What history shows of each decision of the register, and which one thing is to be said of it.
//!
//! A decision that was tampered with, or whose signature is somebody else's, is not called weak as well: one mistake is
//! one diagnostic.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use deed_model::evidence::{CommitFacts, DecisionEvidence, History, KeyFlaw, Problem};
use deed_model::{Date, Decision, FileRange, Head, Level, OwnershipModel, Register, Role, Section, Spanned, Verb};

use crate::pass::Of;
use crate::{Config, Inputs};

/// What history shows, by the place of each decision.
pub(crate) struct Proofs<'a> {
    pub(crate) history: &'a History,
    /// By subject.
    all: Vec<Proven<'a>>,
    /// Made when it is first needed.
    by_place: OnceLock<HashMap<FileRange, usize>>,
    /// Some decision stands elsewhere than in its subject, by an alias, and may be another's too.
    is_shared: bool,
}

/// A decision and what history shows of it.
pub(crate) struct Proven<'a> {
    /// Of which subject.
    pub(crate) of: Of,
    pub(crate) head: &'a Head,
    pub(crate) decision: &'a Decision,
    pub(crate) evidence: &'a DecisionEvidence,
    /// The level that is asked for.
    pub(crate) required: Required<'a>,
    /// What is to be said against it.
    pub(crate) told: Vec<&'a Problem>,
    /// The proof is below what is asked for, and nothing worse explains that.
    pub(crate) is_weak: bool,
    /// It is relied on: made by today and not over, of a subject in use, and not superseded.
    pub(crate) is_current: bool,
}

/// The lowest level that satisfies.
#[derive(Clone, Copy)]
pub(crate) struct Required<'a> {
    pub(crate) level: Level,
    /// Where the workspace says so; `None` where the ownership model does.
    pub(crate) said: Option<&'a Spanned<Level>>,
}

/// Returns the lowest level of evidence that satisfies for a kind of decision.
pub fn required(register: &Register, section: Section, verb: Verb) -> Level {
    Required::of(register, register.model(), section, verb).level
}

impl<'a> Required<'a> {
    /// Returns what is asked for of a kind of decision: what the workspace says, else `attributed`, else, under the
    /// executive-led model, one level higher.
    pub(crate) fn of(register: &'a Register, model: Option<OwnershipModel>, section: Section, verb: Verb) -> Self {
        let all = register.evidence().map_or(&[][..], |evidence| &evidence.require);
        let kind = format!("{}.{}", section.key(), verb.key());
        let named = |name: &str| all.iter().find(|line| *line.decision == name).and_then(|line| line.level.as_ref());
        let said = named(&kind).or_else(|| named("default"));
        let level = match (said, model) {
            (Some(said), _) => said.value,
            (None, Some(OwnershipModel::ExecutiveLed)) => Level::Vouched,
            (None, _) => Level::Attributed,
        };
        Self { level, said }
    }
}

impl<'a> Proofs<'a> {
    /// `settings` is the register that says which levels are asked for.
    pub(crate) fn of(inputs: &Inputs<'a>, config: &Config, settings: &Register) -> Option<Self> {
        let history = inputs.history?;
        let register = inputs.workspace.register();
        // They are in the order of the register, so that most need not be looked for.
        let mut next = history.decisions.iter();
        let elsewhere = OnceCell::new();
        let by_place = || history.decisions.iter().map(|evidence| (evidence.at, evidence)).collect::<HashMap<_, _>>();
        let mut find = |at: FileRange| match next.as_slice().first().filter(|evidence| evidence.at == at) {
            Some(_) => next.next(),
            None => elsewhere.get_or_init(by_place).get(&at).copied(),
        };
        let mut required: HashMap<(Section, Verb), Required<'_>> = HashMap::new();
        let asked_for = |section, verb| {
            let level = Required::of(settings, config.model(), section, verb).level;
            let said = Required::of(register, config.model(), section, verb).said;
            Required { level, said: said.filter(|said| said.value == level) }
        };
        let mut is_shared = false;
        let mut all: Vec<Proven<'_>> = Vec::with_capacity(history.decisions.len());
        for (place, head, decisions) in register.decided() {
            let of = Of { section: head.section, place };
            let is_in_use = OnceCell::new();
            for decision in decisions.into_iter().flatten() {
                let Some(evidence) = find(decision.range) else { continue };
                let required = *required
                    .entry((head.section, decision.verb))
                    .or_insert_with(|| asked_for(head.section, decision.verb));
                is_shared |= !head.range.range.contains_range(decision.range.range);
                let mut proven = Proven::new(of, head, decision, evidence, required);
                proven.is_current = decision.made_by(inputs.today)
                    && decision.until.as_ref().is_none_or(|until| **until >= inputs.today)
                    && *is_in_use.get_or_init(|| is_relied_on(register, of, inputs.today))
                    && is_holders(register, of, decision);
                all.push(proven);
            }
        }
        for alike in all.chunk_by_mut(|a, b| a.of == b.of && a.decision.key == b.decision.key) {
            let sound = alike.iter().filter(|proven| proven.is_current && proven.is_sound()).map(Proven::date).max();
            for proven in alike {
                proven.is_current &= sound.is_none_or(|sound| proven.date() >= sound);
            }
        }
        Some(Self { history, all, by_place: OnceLock::new(), is_shared })
    }

    /// Returns what history shows of a decision, which may be about the subject that is being looked at.
    pub(crate) fn of_decision(&self, near: Option<Of>, decision: &Decision) -> Option<&Proven<'a>> {
        let is_it = |proven: &&Proven<'_>| proven.decision.range == decision.range;
        let near = near.filter(|_| !self.is_shared).and_then(|of| self.about(of).iter().find(is_it));
        near.or_else(|| {
            let places = || self.all.iter().zip(0..).map(|(proven, place)| (proven.decision.range, place)).collect();
            self.by_place.get_or_init(places).get(&decision.range).map(|place| &self.all[*place])
        })
    }

    /// Returns the decisions about one subject.
    pub(crate) fn about(&self, of: Of) -> &[Proven<'a>] {
        let from = self.all.partition_point(|proven| proven.of < of);
        let to = self.all.partition_point(|proven| proven.of <= of);
        &self.all[from..to]
    }

    pub(crate) fn all(&self) -> &[Proven<'a>] {
        &self.all
    }
}

impl<'a> Proven<'a> {
    fn new(
        of: Of,
        head: &'a Head,
        decision: &'a Decision,
        evidence: &'a DecisionEvidence,
        required: Required<'a>,
    ) -> Self {
        let told = told(&evidence.problems);
        let explained = told.iter().any(|problem| explains_level(problem)) || evidence.problems.iter().any(is_unknown);
        let is_weak = !explained && evidence.level < required.level;
        Self { of, head, decision, evidence, required, told, is_weak, is_current: false }
    }

    /// Returns whether nothing speaks against it that would make another decision necessary.
    pub(crate) fn is_sound(&self) -> bool {
        let harmless = |problem: &&Problem| match problem {
            Problem::ForgeOnly | Problem::TrailerOnly { .. } | Problem::ClockRegression => true,
            Problem::UntrustedKey(KeyFlaw::Unknown) => self.suffices(),
            _ => false,
        };
        !self.is_weak && self.told.iter().all(harmless)
    }

    /// Returns why the decider could not decide by the register before, if that is to be said.
    pub(crate) fn not_entitled(&self) -> Option<&'a str> {
        self.told.iter().find_map(|problem| match problem {
            Problem::NotEntitled { why } => Some(why.as_str()),
            _ => None,
        })
    }

    /// Returns whether the proof reaches what is asked for.
    pub(crate) fn suffices(&self) -> bool {
        self.evidence.level >= self.required.level
    }

    /// Returns whether history proves that the decider stands behind it.
    pub(crate) fn is_proven(&self) -> bool {
        self.evidence.level >= Level::Attributed && !self.told.iter().any(|problem| explains_level(problem))
    }

    /// Returns whether it is not what somebody decided: not in history yet, or changed there afterwards.
    pub(crate) fn was_touched(&self) -> bool {
        let touches = |problem: &&Problem| {
            matches!(problem, Problem::Uncommitted | Problem::Altered { .. } | Problem::Renewed { .. })
        };
        self.told.iter().any(touches)
    }

    /// Returns whether history could not look where it came from.
    pub(crate) fn is_unknown(&self) -> bool {
        self.evidence.problems.iter().any(is_unknown)
    }

    /// Returns whether nothing shows that it was the decider: then it has no day of theirs either.
    pub(crate) fn is_anybodys(&self) -> bool {
        self.is_weak && self.evidence.level < Level::Attributed
    }

    /// Returns whether what it covers has changed since, in history or in the working tree.
    pub(crate) fn is_outdated(&self) -> bool {
        self.evidence.is_outdated()
    }

    fn date(&self) -> Option<Date> {
        self.decision.date.as_ref().map(|date| date.value)
    }
}

/// Whether anything rests on decisions about a subject: it is in use.
fn is_relied_on(register: &Register, Of { section, place }: Of, today: Date) -> bool {
    match section {
        Section::Controls => register.controls.definition_at(place).is_none_or(|control| !control.is_excluded()),
        Section::Risks => register.risks.definition_at(place).is_none_or(|risk| risk.is_open(today)),
        Section::Exceptions => register.exceptions.definition_at(place).is_none_or(|it| it.is_open(today)),
        _ => true,
    }
}

/// Whether a decision, where it is about a role, is the present holder's.
fn is_holders(register: &Register, of: Of, decision: &Decision) -> bool {
    let role = (of.section == Section::Roles).then(|| register.roles.definition_at(of.place)).flatten();
    role.is_none_or(|role: &Role| role.held_by.iter().any(|holder| decision.is_by(holder)))
}

/// Whether history could not look where the decision came from: then nothing is claimed of it.
fn is_unknown(problem: &Problem) -> bool {
    matches!(problem, Problem::IncompleteHistory)
}

/// What is to be said, of several things that speak against one decision: what explains the others.
fn told(problems: &[Problem]) -> Vec<&Problem> {
    if problems.is_empty() {
        return Vec::new();
    }
    let first = |wanted: &dyn Fn(&Problem) -> bool| problems.iter().find(|problem| wanted(problem));
    if problems.iter().any(is_unknown) {
        return Vec::new();
    }
    let tampered = first(&|problem| matches!(problem, Problem::Renewed { .. }))
        .or_else(|| first(&|problem| matches!(problem, Problem::Altered { .. })))
        .or_else(|| first(&|problem| matches!(problem, Problem::Uncommitted)));
    if let Some(tampered) = tampered {
        return vec![tampered];
    }
    // Whose the signature is says more than that its key is nobody's, and that more than what came with it.
    let signature = first(&|problem| matches!(problem, Problem::WrongSigner { .. }))
        .or_else(|| first(&|problem| matches!(problem, Problem::SelfIntroduced { .. })))
        .or_else(|| first(&|problem| matches!(problem, Problem::UntrustedKey(_))));
    let forged = signature.is_some_and(|problem| !matches!(problem, Problem::UntrustedKey(_)));
    let no_time = first(&|problem| matches!(problem, Problem::ClockRegression)).is_some();
    let others = problems.iter().filter(|problem| match problem {
        // What is not the decider's has no day of theirs.
        Problem::Backdated { .. } => !no_time && !forged,
        Problem::Postdated { .. } => !no_time,
        Problem::NotEntitled { .. } | Problem::NoLongerEntitled { .. } => !forged,
        Problem::ForgeOnly | Problem::TrailerOnly { .. } => signature.is_none(),
        Problem::ClockRegression => true,
        _ => false,
    });
    signature.into_iter().chain(others).collect()
}

/// Returns whether a problem is why the level of proof is no higher.
pub fn explains_level(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Uncommitted
            | Problem::Renewed { .. }
            | Problem::Altered { .. }
            | Problem::WrongSigner { .. }
            | Problem::SelfIntroduced { .. }
            | Problem::UntrustedKey(_)
    )
}

/// Groups decisions by the commit that recorded them, in the order of the decisions.
pub(crate) fn by_origin<'p, 'a>(
    proven: impl Iterator<Item = &'p Proven<'a>>,
) -> Vec<(&'a CommitFacts, Vec<&'p Proven<'a>>)> {
    let mut groups: Vec<(&CommitFacts, Vec<&Proven<'_>>)> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for proven in proven {
        let Some(origin) = &proven.evidence.origin else { continue };
        let place = *at.entry(&origin.id).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(proven),
            None => groups.push((origin, vec![proven])),
        }
    }
    groups
}
