//! What history proves of a decision.

use deed_linter::words;
use deed_model::evidence::{CommitFacts, Problem};
use deed_model::{Decision, Head, Level, Section, Verb};

use crate::decide::Standing;
use crate::markdown::{Card, code, escape, prose};
use crate::{Analysis, Place};

impl Analysis<'_> {
    pub(super) fn decision_card(&self, head: &Head, decision: &Decision, place: Place) -> Card {
        let register = self.register();
        let mut card = Card::new(format!("**{}** {}", decision.verb.key(), self.claim(decision)));
        self.proof_lines(&mut card, head, decision, place);
        if let Some(role) = decision.as_role.as_ref().and_then(|role| register.roles.get(role)) {
            card.field("As", escape(role.display()));
        }
        if let (Section::Risks, Verb::Accepted, Some(risk)) =
            (head.section, decision.verb, register.risks.get(&head.id))
            && let Some(level) = risk.accepted_rating().and_then(|rating| self.rating_in_words(rating))
        {
            card.field("Accepts", level);
        }
        if let Some(note) = &decision.note {
            card.field("Note", escape(note));
        }
        card
    }

    fn proof_lines(&self, card: &mut Card, head: &Head, decision: &Decision, place: Place) {
        if self.history.is_none() {
            return card.line("What history proves of it is not known yet.");
        }
        let Some(evidence) = self.evidence_of(decision) else {
            return card.line("History was not asked about it: it is new, or stands in a second definition.");
        };
        let told: Vec<&str> = self.rules_at(place).collect();
        if evidence.level == Level::Asserted || evidence.problems.contains(&Problem::Uncommitted) {
            card.line("**not committed yet**: a manifest says so, and nothing proves it");
        } else {
            card.line(format!("**{}**: {}", evidence.level.name(), meaning(evidence.level)));
        }
        let by = decision.by.as_ref().and_then(|by| self.register().people.get(by));
        if let Some(origin) = &evidence.origin {
            let email = &origin.author.email;
            let is_deciders = by.is_some_and(|by| by.emails.iter().any(|known| known.eq_ignore_ascii_case(email)));
            let author = words::author(origin, self.register());
            let author = if is_deciders { String::new() } else { format!(" by {}", escape(&author)) };
            card.field("Recorded", format!("{}{author}", commit(origin)));
        }
        let merge = evidence
            .adoption
            .as_ref()
            .filter(|adoption| evidence.origin.as_ref().is_none_or(|origin| origin.id != adoption.id));
        if let Some(merge) = merge {
            let how = if merge.is_merge { "merged" } else { "committed" };
            card.field(
                "Adopted",
                format!("{}, {how} by {}", commit(merge), escape(&words::author(merge, self.register()))),
            );
        }
        let is_deciders = |signer: &&String| decision.is_by(signer);
        if let Some(signer) = evidence.proof.signer.as_ref().filter(is_deciders) {
            let witness = evidence.proof.witness.as_ref();
            let witness = witness.map(|it| format!(", witnessed by {}", self.person_name(it))).unwrap_or_default();
            card.field("Signed by", format!("{}{witness}", self.person_name(signer)));
        }
        for problem in &evidence.problems {
            if *problem != Problem::Uncommitted && !told.contains(&problem.rule()) {
                card.line(format!("⚠ {}", prose(&words::problem(problem, evidence, self.register()))));
            }
        }
        if !told.iter().any(|rule| rule.starts_with("outdated-")) {
            for said in words::outdated(evidence, self.register()) {
                card.line(format!("⚠ {}", prose(&said)));
            }
        }
        if evidence.first_use && evidence.level > Level::Recorded {
            card.line("Trust on first use: nothing before it vouches for the names and keys it leans on.");
        }
        if evidence.is_outdated() {
            let can = by.filter(|by| by.can_decide(self.today) && !self.is_barred(&by.head.id, head, decision.verb));
            let who = can.map_or_else(|| "whoever may decide it now".to_owned(), |by| escape(by.display()));
            card.field("To count again", format!("let {who} {} it anew", words::infinitive(decision.verb)));
            return;
        }
        // A forge's word lies beside the way to a signature.
        let next = Level::ALL.into_iter().find(|level| *level > evidence.level && *level != Level::Vouched);
        if let Some(next) = next {
            let steps = words::raise(self.register(), decision, evidence, next, self.today);
            let steps: Vec<String> = steps.iter().map(|step| prose(step)).collect();
            card.field(&format!("To be *{}*", next.name()), steps.join("; "));
        }
    }

    /// Whether the register says that a person may not make a decision today.
    fn is_barred(&self, person: &str, head: &Head, verb: Verb) -> bool {
        let theirs = Analysis { me: Some(person), ..*self };
        matches!(theirs.standing(head.section, &head.id, verb), Standing::MayNot(_))
    }
}

/// What a level says, in the words of the manifest format.
pub(crate) fn meaning(level: Level) -> &'static str {
    let described = deed_schema::describe(&["evidence", "require", "default"].into_iter().collect());
    let values = described.map(|described| described.values).unwrap_or_default();
    values.iter().find(|value| value.value == level.name()).map_or("", |value| value.description)
}

/// A commit: its day, its id and what it says.
fn commit(facts: &CommitFacts) -> String {
    let summary = if facts.summary.is_empty() { String::new() } else { format!(" “{}”", escape(&facts.summary)) };
    format!("{} in {}{summary}", facts.committer.day(), code(words::short(&facts.id)))
}
