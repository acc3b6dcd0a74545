//! Lines above decisions and subjects: what proves a decision, what a role owns, who names a subject.

use std::collections::{BTreeMap, HashMap};

use deed_linter::words::{self, Owned};
use deed_model::evidence::{DecisionEvidence, Problem};
use deed_model::{Decision, FileId, FileRange, Head, Level, Section};
use deed_syntax::TextSize;
use foldhash::fast::RandomState;

use crate::{Analysis, Thing};

/// A line above a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// What it is about.
    pub range: FileRange,
    /// What it says.
    pub title: String,
    /// What it leads to.
    pub target: LensTarget,
}

/// What a lens leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LensTarget {
    /// Places: what names a subject, or what a role owns.
    Places(Vec<FileRange>),
    /// The evidence of a decision, by its address.
    Evidence(String),
}

/// How many digits of a commit's id a lens has room for.
const DIGITS: usize = 7;

impl<'a> Analysis<'a> {
    /// Returns the lenses of a manifest, in the order of its text: at each decision what history proves of it, at each
    /// subject what it owns and how often it is named.
    pub fn lenses(&self, file: FileId) -> Vec<Lens> {
        let mut lenses = self.decision_lenses(file);
        let here = |head: &&Head| head.key.file == file && !head.section.is_singleton();
        let heads: Vec<&Head> = self.register().heads().filter(here).collect();
        let owned = words::by_owner(self.register(), self.today);
        let mut named = self.uses_of(file, &heads);
        for head in heads {
            let owned = self.owned_by(head, &owned);
            if !owned.is_empty() {
                let places = owned.iter().map(|owned| owned.head.key).collect();
                let title = format!("owns {}", counted(&owned));
                lenses.push(Lens { range: head.key, title, target: LensTarget::Places(places) });
            }
            let places = named.remove(&head.key.range.start()).unwrap_or_default();
            if !places.is_empty() {
                let title = many(places.len(), "reference", "references");
                lenses.push(Lens { range: head.key, title, target: LensTarget::Places(places) });
            }
        }
        lenses.sort_by_key(|lens| lens.range.range.start());
        lenses
    }

    fn decision_lenses(&self, file: FileId) -> Vec<Lens> {
        let Some(history) = self.history else { return Vec::new() };
        let here = history.decisions.iter().filter(|evidence| evidence.at.file == file);
        let evidence: HashMap<FileRange, &DecisionEvidence, RandomState> =
            here.map(|evidence| (evidence.at, &**evidence)).collect();
        let decisions = self.register().decisions().map(|(_, decision)| decision);
        let lens = |decision: &Decision| {
            let evidence = evidence.get(&decision.range)?;
            let target = LensTarget::Evidence(evidence.decision.to_string());
            let range = if evidence.decision.by.is_some() { decision.by.as_ref()?.span } else { decision.key };
            Some(Lens { range, title: self.proof_in_short(decision, evidence), target })
        };
        decisions.filter(|decision| decision.range.file == file).filter_map(lens).collect()
    }

    /// What history proves of a decision, in a few words.
    fn proof_in_short(&self, decision: &Decision, evidence: &DecisionEvidence) -> String {
        let register = self.register();
        let is_tampered = |problem: &&Problem| matches!(problem, Problem::Altered { .. } | Problem::Renewed { .. });
        if evidence.level == Level::Asserted || evidence.problems.contains(&Problem::Uncommitted) {
            return "not committed yet".to_owned();
        }
        if let Some(problem) = evidence.problems.iter().find(is_tampered) {
            return words::problem(problem, evidence, register);
        }
        if evidence.is_outdated() {
            return format!("outdated: {}", since(evidence));
        }
        if evidence.problems.contains(&Problem::IncompleteHistory) {
            return "recorded: history is incomplete here".to_owned();
        }
        let name = |person: &str| words::name(person, register).to_owned();
        let by = decision.by.as_ref().map_or_else(|| "somebody".to_owned(), |by| name(by));
        let witness = evidence.proof.witness.as_deref();
        let signed = match evidence.level {
            Level::Recorded => {
                let why = evidence.problems.iter().find(|problem| words::explains_level(problem));
                let why = why.map(|problem| words::problem(problem, evidence, register));
                return format!("recorded only: {}", why.unwrap_or_else(|| format!("not by {by}, not signed")));
            }
            Level::Attributed if evidence.proof.by_merge => format!("merged by {by}, not signed"),
            Level::Attributed => format!("committed by {by}, not signed"),
            Level::Vouched => format!("committed by {by}, signed by the forge"),
            Level::Asserted | Level::Signed | Level::Decided | Level::Witnessed | Level::Anchored => {
                let witness = witness.map(|witness| format!(", witnessed by {}", name(witness)));
                format!("signed by {by}{}", witness.unwrap_or_default())
            }
        };
        let commit = evidence
            .act()
            .map(|commit| format!(" · {} · {}", commit.committer.day(), commit.id.get(..DIGITS).unwrap_or(&commit.id)));
        signed + &commit.unwrap_or_default()
    }

    /// What a role owns, a person by name or through roles, the roles of a department.
    fn owned_by(&self, head: &Head, by_owner: &HashMap<&str, Vec<Owned<'a>>>) -> Vec<Owned<'a>> {
        let register = self.register();
        let id = head.id.as_str();
        let of = |id: &str| by_owner.get(id).into_iter().flatten().copied();
        match head.section {
            Section::Roles => of(id).collect(),
            Section::People => {
                let held = register.roles_of(id, self.today).into_iter().filter(|role| role.head.id != id);
                of(id).chain(held.flat_map(|role| of(&role.head.id))).collect()
            }
            Section::Departments => {
                let is_in = |department: &deed_model::Spanned<String>| **department == *id;
                let roles = register.roles.iter().filter(|role| role.department.as_ref().is_some_and(is_in));
                roles.flat_map(|role| of(&role.head.id)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The places that name some subjects of a manifest, by where these are defined.
    fn uses_of(&self, file: FileId, heads: &[&Head]) -> HashMap<TextSize, Vec<FileRange>, RandomState> {
        let mut named: HashMap<TextSize, Vec<FileRange>, RandomState> =
            heads.iter().map(|head| (head.key.range.start(), Vec::new())).collect();
        let register = self.register();
        register.visit_references(&mut |reference| {
            let Some(definition) = register.definition(&reference).map(Thing::from) else { return };
            let at = definition.definition();
            if at.file == file
                && let Some(places) = named.get_mut(&at.range.start())
            {
                places.push(self.range_of(&reference));
            }
        });
        named
    }
}

/// What a decision covers and has changed since, as in "title, owner changed since".
pub(crate) fn since(evidence: &DecisionEvidence) -> String {
    let subject = evidence.decision.subject();
    let own = |what: &str| {
        let field = what.strip_prefix(&subject).and_then(|field| field.strip_prefix('.'));
        field.unwrap_or(what).to_owned()
    };
    if evidence.is_transplanted && evidence.outdated_by.is_empty() && evidence.outdated_here.is_empty() {
        return "decided on something else".to_owned();
    }
    let committed = evidence.outdated_by.iter().map(|change| own(&change.what));
    let mut fields: Vec<String> = committed.chain(evidence.outdated_here.iter().map(|what| own(what))).collect();
    fields.sort();
    fields.dedup();
    let fields = match fields.as_slice() {
        [first, second, _, rest @ ..] if !rest.is_empty() => format!("{first}, {second} and {} more", rest.len() + 1),
        few => few.join(", "),
    };
    format!("{fields} changed since")
}

/// What is owned, counted by section: as in "3 controls, 2 risks".
fn counted(owned: &[Owned<'_>]) -> String {
    let mut sections: BTreeMap<Section, usize> = BTreeMap::new();
    for owned in owned {
        *sections.entry(owned.head.section).or_default() += 1;
    }
    let count = |(section, count): (Section, usize)| match section {
        Section::Isms => format!("the {}", section.noun()),
        _ => many(count, section.noun(), section.key()),
    };
    sections.into_iter().map(count).collect::<Vec<_>>().join(", ")
}

fn many(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
