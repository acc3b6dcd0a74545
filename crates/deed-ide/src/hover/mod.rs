//! What a person needs to know of what is under the cursor.

mod decision;
mod form;
mod line;
mod party;
mod subject;

pub(crate) use subject::{attributes, control_heading};

use deed_model::evidence::DecisionEvidence;
use deed_model::{Decision, FileRange, Head, Section, catalogue};
use deed_syntax::TextSize;

use crate::markdown::Card;
use crate::{Analysis, Place, Thing};

/// What is shown of what is under the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// What it is about.
    pub range: FileRange,
    /// What is to be known, in Markdown.
    pub markdown: String,
}

impl<'a> Analysis<'a> {
    /// Returns what is to be known of what is at a place: of a decision its proof, of a name what it names, of a key what
    /// the manifest format says of it.
    pub fn hover(&self, place: Place) -> Option<Hover> {
        let form = || self.hover_form(place);
        let mut hover = self.hover_decision(place).or_else(|| self.hover_name(place)).or_else(form)?;
        // The place may be a quote, or what stands before the id in an address.
        if !hover.range.range.contains_inclusive(place.offset) {
            hover.range.range = hover.range.range.cover_offset(place.offset);
        }
        Some(hover)
    }

    fn hover_name(&self, place: Place) -> Option<Hover> {
        let hover = |range, card: Card| Some(Hover { range, markdown: card.markdown() });
        if let Some(named) = self.name_at(place) {
            return match named.thing {
                Thing::Subject(head) => hover(named.range, self.subject_card(head)?),
                Thing::Level(level) => hover(named.range, self.level_card(level)),
            };
        }
        let reference = self.reference_at(place)?;
        let is_control = matches!(reference.names, deed_model::Names::Subject([Section::Controls]));
        let card = is_control.then(|| catalogue_card(reference.name)).flatten()?;
        hover(self.range_of(&reference), card)
    }

    /// The decision whose key, decider or day is at a place; several where one key has a list of them.
    fn hover_decision(&self, place: Place) -> Option<Hover> {
        let in_key = |at: FileRange| at.file == place.file && at.range.contains_inclusive(place.offset);
        let mut cards = Vec::new();
        let mut range = None;
        for (head, decision) in self.register().decisions().filter(|(_, decision)| decision.key.file == place.file) {
            let at = if in_key(decision.key) {
                self.bare(decision.key)
            } else if let Some(at) = self.attested_at(decision, place.offset) {
                at
            } else {
                continue;
            };
            range.get_or_insert(at);
            cards.push(self.decision_card(head, decision, place).markdown());
        }
        Some(Hover { range: range?, markdown: cards.join("\n\n---\n\n") })
    }

    /// The entry of a decision at an offset that says who decided or when.
    fn attested_at(&self, decision: &Decision, offset: TextSize) -> Option<FileRange> {
        let file = decision.range.file;
        if !decision.range.range.contains_inclusive(offset) {
            return None;
        }
        let node = self.parse(file).node(decision.node);
        let mut entries = ["by", "date"].into_iter().filter_map(|key| node.get(key));
        let entry = entries.find(|entry| entry.range().contains_inclusive(offset))?;
        Some(FileRange { file, range: entry.range() })
    }

    /// What history shows of a decision.
    pub(crate) fn evidence_of(&self, decision: &Decision) -> Option<&'a DecisionEvidence> {
        self.history.and_then(|history| history.of(decision.range))
    }

    /// The rules that speak at a place: what they say is not said again.
    fn rules_at(&self, place: Place) -> impl Iterator<Item = &'static str> {
        let here = move |at: FileRange| at.file == place.file && at.range.contains_inclusive(place.offset);
        self.diagnostics.iter().filter(move |diagnostic| here(diagnostic.span)).map(|diagnostic| diagnostic.rule.id)
    }

    pub(crate) fn subject_card(&self, head: &Head) -> Option<Card> {
        let register = self.register();
        let id = head.id.as_str();
        Some(match head.section {
            Section::Controls => self.control_card(register.controls.get(id)?),
            Section::Policies => self.policy_card(register.policies.get(id)?),
            Section::Risks => self.risk_card(register.risks.get(id)?),
            Section::Exceptions => self.exception_card(register.exceptions.get(id)?),
            Section::Delegations => self.delegation_card(register.delegations.get(id)?),
            Section::Reviews => self.review_card(register.reviews.get(id)?),
            Section::People => self.person_card(register.people.get(id)?),
            Section::Departments => self.department_card(register.departments.get(id)?),
            Section::Roles => self.role_card(register.roles.get(id)?),
            Section::Isms => self.isms_card(register.isms()?),
            // What the format says of these is all there is to know.
            Section::RiskCriteria | Section::Soa | Section::Evidence | Section::Lint => return None,
        })
    }
}

/// What the catalogue knows of a control that is not in the register, be it one of the 2013 edition.
fn catalogue_card(id: &str) -> Option<Card> {
    match catalogue::control(id) {
        Some(control) => {
            let mut card = Card::new(subject::control_heading(id));
            card.line(subject::attributes(control));
            card.line("not in the register");
            Some(card)
        }
        None => subject::successors(id),
    }
}
