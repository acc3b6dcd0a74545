//! Pieces of lines that several cards have.

use std::collections::BTreeMap;

use deed_linter::words;
use deed_model::authority::{ChainEnd, Party};
use deed_model::{Decision, Head, Role, Section, Spanned};

use crate::distance::{from_today, until};
use crate::markdown::{Card, code, escape, few, prose};
use crate::{Analysis, Thing};

impl Analysis<'_> {
    /// A subject's id and title, for a heading.
    pub(super) fn heading(&self, head: &Head) -> String {
        let title = self.title(head);
        let title = if title.is_empty() { String::new() } else { format!(" {}", escape(&title)) };
        format!("**{}**{title}", escape(&head.id))
    }

    /// Who an owner field comes down to, and the line above.
    pub(super) fn owner_lines(&self, card: &mut Card, what: &str, owners: &[Spanned<String>]) {
        let register = self.register();
        match owners {
            [] => card.field(what, "nobody"),
            [owner] => {
                card.field(what, prose(&words::party(register, owner, self.today)));
                if let Some(Party::Role(role)) = register.party(owner) {
                    self.department_line(card, role);
                    card.field("Reports to", self.line_above(role));
                }
            }
            several => card.field(what, format!("{}: only one can be", few(several.iter().map(|it| it.as_str())))),
        }
    }

    /// The department of a role and who heads it, if that is another.
    pub(super) fn department_line(&self, card: &mut Card, role: &Role) {
        let register = self.register();
        let Some(department) = role.department.as_ref().and_then(|id| register.departments.get(id)) else { return };
        let title = department.title.as_ref().map_or(department.head.id.as_str(), |title| title);
        let head = department.headed_by.as_ref().filter(|head| head.value != role.head.id);
        let head = head.map(|head| format!(", headed by {}", words::party(register, head, self.today)));
        card.field("Department", prose(&format!("{title}{}", head.unwrap_or_default())));
    }

    /// The reporting line above a role, nearest first.
    pub(super) fn line_above(&self, role: &Role) -> String {
        let chain = self.register().reporting_line(role);
        let mut above: Vec<String> = chain.above.iter().map(|role| self.role_in_words(role)).collect();
        match chain.end {
            ChainEnd::Top => {}
            ChainEnd::Unknown => above.push("a role nobody defined".to_owned()),
            ChainEnd::Circle => above.push("and round in a circle".to_owned()),
        }
        above.join(" → ")
    }

    /// A role with who holds it, as in "Head of IT (Chen Li)".
    pub(super) fn role_in_words(&self, role: &Role) -> String {
        let holder = words::holder(self.register().holder(role, self.today));
        format!("{} ({})", escape(role.display()), escape(&holder))
    }

    /// What names a thing, by section: as in "risks `R-12`, `R-3`".
    pub(super) fn uses_line(&self, head: &Head, sections: &[Section]) -> String {
        let mut users: BTreeMap<Section, Vec<&str>> = BTreeMap::new();
        self.visit_uses(Thing::Subject(head), &mut |reference| {
            let user = reference.head;
            let known = users.entry(user.section).or_default();
            if sections.contains(&user.section) && known.last() != Some(&user.id.as_str()) {
                known.push(&user.id);
            }
        });
        let listed = users.into_iter().filter(|(_, ids)| !ids.is_empty());
        let listed: Vec<String> = listed.map(|(section, ids)| format!("{} {}", section.key(), few(ids))).collect();
        listed.join(", ")
    }

    /// The latest of some decisions in one line, with how far its proof goes.
    pub(super) fn decision_line(&self, card: &mut Card, what: &str, decisions: &[Decision]) {
        let latest = decisions.iter().max_by_key(|decision| decision.date.as_ref().map(|date| date.value));
        let Some(decision) = latest else { return };
        let mut line = self.claim(decision);
        if let Some(evidence) = self.evidence_of(decision) {
            line += &format!(": {}", evidence.level.name());
            if evidence.is_outdated() {
                line += ", outdated";
            }
        }
        card.field(what, line);
    }

    /// Who says to have decided, when and for how long.
    pub(super) fn claim(&self, decision: &Decision) -> String {
        let by = decision.by.as_ref().map_or_else(|| "somebody".to_owned(), |by| self.person_name(by));
        let mut said = format!("by {by}");
        if let Some(date) = &decision.date {
            said += &format!(" on {}", date.value);
            if date.value > self.today {
                said += &format!(" ({})", from_today(self.today, date.value));
            }
        }
        if let Some(last) = &decision.until {
            said += &format!(" until {} ({})", last.value, until(self.today, last.value));
        }
        said
    }

    /// A person's name, or their id.
    pub(super) fn person_name(&self, id: &str) -> String {
        self.register().people.get(id).map_or_else(|| code(id), |person| escape(person.display()))
    }

    /// What a role or person owns, by section, with the first few.
    pub(super) fn owned_line(owned: &[words::Owned<'_>]) -> String {
        let mut by_section: BTreeMap<Section, Vec<&str>> = BTreeMap::new();
        for it in owned {
            by_section.entry(it.head.section).or_default().push(&it.head.id);
        }
        let count = |(section, ids): (Section, Vec<&str>)| match (section, ids.len()) {
            (Section::Isms, _) => format!("the {}", section.noun()),
            (_, 1) => format!("{} {}", section.noun(), few(ids)),
            (_, several) => format!("{several} {} ({})", section.key(), few(ids)),
        };
        by_section.into_iter().map(count).collect::<Vec<_>>().join(", ")
    }
}
