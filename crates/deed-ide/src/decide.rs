//! A decision that whoever sits there could make now.

use deed_model::authority::Entitlement;
use deed_model::{Decision, Section, Verb};

use crate::Analysis;
use crate::completion::Draft;

/// A decision as it would be written.
pub(crate) struct DecisionDraft {
    /// What to call it in a list.
    pub(crate) label: String,
    /// Whose it is, or why it is nobody's.
    pub(crate) detail: String,
    /// What is written: a mapping in braces.
    pub(crate) draft: Draft,
    /// It is by the person who sits there, today.
    pub(crate) is_own: bool,
}

/// Whether the person who sits there may make a decision.
pub(crate) enum Standing<'a> {
    /// They may.
    May(&'a str),
    /// They may not, and why, in a sentence.
    MayNot(String),
    /// Nobody knows who sits there, or what they may.
    Unknown,
}

impl<'a> Analysis<'a> {
    /// Returns a decision of a kind: by the person who sits there, today, where the register says that they may make it;
    /// else with nobody's name and no day in it.
    pub(crate) fn decision_draft(&self, section: Section, id: &str, verb: Verb, rationale: bool) -> DecisionDraft {
        let standing = self.standing(section, id, verb);
        let mut fields = Vec::new();
        let (label, detail, is_own) = match standing {
            Standing::May(me) => {
                fields.push(("by", Draft::Text(me.to_owned())));
                fields.push(("date", Draft::Text(self.today.to_string())));
                let name = self.register().people.get(me).map_or(me, |person| person.display());
                (format!("by {me} on {}", self.today), format!("{} by {name}, today", verb.key()), true)
            }
            other => {
                fields.push(("by", Draft::Blank("person")));
                fields.push(("date", Draft::Blank("date")));
                let detail = match other {
                    Standing::MayNot(why) => why,
                    _ => format!("{} by somebody", verb.key()),
                };
                ("by …".to_owned(), detail, false)
            }
        };
        if let Some(last) = self.register().last_day(section, id, verb, self.today) {
            fields.push(("until", if is_own { Draft::Text(last.day.to_string()) } else { Draft::Blank("until") }));
        }
        if rationale && (section, verb) == (Section::Risks, Verb::Accepted) {
            fields.push(("note", Draft::Blank("why")));
        }
        DecisionDraft { label, detail, draft: Draft::Braces(fields), is_own }
    }

    /// Returns whether the person who sits there may make a decision today, by the register as it stands.
    pub(crate) fn standing(&self, section: Section, id: &str, verb: Verb) -> Standing<'a> {
        let Some(me) = self.me else { return Standing::Unknown };
        let register = self.register();
        let Some(person) = register.people.get(me).filter(|person| person.can_decide(self.today)) else {
            return Standing::Unknown;
        };
        let Some(head) = register.subject(section, id) else { return Standing::Unknown };
        let decision = Decision::proposed(head, verb, me, self.today);
        match register.entitlement(register, section, id, &decision) {
            Entitlement::Given => Standing::May(me),
            Entitlement::Lacking(why) => Standing::MayNot(format!("{} {why}", person.display())),
            Entitlement::Unknown => Standing::Unknown,
        }
    }
}
