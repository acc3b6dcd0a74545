//! How decisions and commits are told in a sentence.

use deed_model::evidence::CommitFacts;
use deed_model::{Decision, FileRange, Head, Period, Register, Section, Verb};

use crate::Context;
use crate::ownership::described;
use crate::proof::Proven;

/// Returns the name of a person for a sentence: the full name, else the id.
pub(crate) fn name<'r>(register: &'r Register, person: &'r str) -> &'r str {
    register.people.get(person).map_or(person, |person| person.display())
}

/// Returns an object id cut to what people compare.
pub fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// Returns a commit for a sentence, as in "commit 0123456789 (Ada Moreau, 2026-03-01)".
pub(crate) fn commit(facts: &CommitFacts) -> String {
    format!("commit {} ({}, {})", short(&facts.id), author(facts), facts.committer.day())
}

/// Returns who a commit says wrote it.
pub(crate) fn author(facts: &CommitFacts) -> &str {
    if facts.author.name.is_empty() { &facts.author.email } else { &facts.author.name }
}

/// Returns what was decided and by whom, as in "risk `R-5` was accepted by Mei Tan on 2026-05-01".
pub(crate) fn decided(register: &Register, head: &Head, decision: &Decision) -> String {
    let by = decision.by.as_ref().map_or_else(|| "somebody".to_owned(), |by| name(register, by).to_owned());
    let on = decision.date.as_ref().map(|date| format!(" on {}", date.value)).unwrap_or_default();
    format!("{} {} {} by {by}{on}", what(head, decision.verb), was(head.section), decision.verb.key())
}

/// Returns "was", or "were" of what is many by its name.
pub(crate) const fn was(section: Section) -> &'static str {
    match section {
        Section::RiskCriteria => "were",
        _ => "was",
    }
}

/// Returns what a decision is about, as in "the treatment plan of risk `R-5`".
pub(crate) fn what(head: &Head, verb: Verb) -> String {
    match (head.section, verb) {
        (Section::Isms, Verb::Adopted) => "the ownership model".to_owned(),
        (Section::Risks, Verb::Approved) => format!("the treatment plan of {}", described(head)),
        _ => described(head),
    }
}

impl<'r> Proven<'r> {
    /// Returns what was decided, by whom and when.
    pub(crate) fn decided(&self, register: &Register) -> String {
        decided(register, self.head, self.decision)
    }

    /// Returns the decider's name.
    pub(crate) fn who<'n>(&'n self, register: &'n Register) -> &'n str {
        self.decision.by.as_ref().map_or("the decider", |by| name(register, by))
    }

    /// Returns the decider's id; empty where none is named.
    pub(crate) fn by(&self) -> &'r str {
        self.decision.by.as_ref().map_or("", |by| by.as_str())
    }

    /// Returns the place that names the decider.
    pub(crate) fn by_place(&self) -> FileRange {
        self.decision.by.as_ref().map_or(self.decision.range, |by| by.span)
    }

    /// Returns the place that says the day.
    pub(crate) fn date_place(&self) -> FileRange {
        self.decision.date.as_ref().map_or(self.decision.range, |date| date.span)
    }

    /// Returns who may decide anew: the decider, unless they are none any more.
    pub(crate) fn doer<'n>(&'n self, ctx: &Context<'n>) -> &'n str {
        let person = ctx.register.people.get(self.by());
        let can = person.is_none_or(|person| person.can_decide(ctx.today));
        if can { self.who(ctx.register) } else { "whoever may decide it now" }
    }

    /// Returns what to ask for, as in "let Mei Tan accept it anew".
    pub(crate) fn anew(&self, ctx: &Context<'_>) -> String {
        format!("let {} {} it anew", self.doer(ctx), infinitive(self.decision.verb))
    }
}

/// Returns what somebody does who decides.
pub const fn infinitive(verb: Verb) -> &'static str {
    match verb {
        Verb::Adopted => "adopt",
        Verb::Approved => "approve",
        Verb::Accepted => "accept",
        Verb::Granted => "grant",
        Verb::Reviewed => "review",
        Verb::Held => "record",
        Verb::Acknowledged => "acknowledge",
    }
}

/// Returns a number of days, as in "1 day" or "49 days".
pub(crate) fn days(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Returns how long after its day a decision may be recorded, as the workspace says.
pub(crate) fn grace<'r>(ctx: &Context<'r>) -> Option<&'r deed_model::Spanned<Period>> {
    ctx.register.evidence().and_then(|evidence| evidence.grace.as_ref())
}

/// Returns the place of a field of a decision: its key, else the whole decision.
pub(crate) fn field_place(ctx: &Context<'_>, decision: &Decision, field: &str) -> FileRange {
    let file = decision.range.file;
    let node = ctx.workspace.manifest(file).parse.node(decision.node);
    node.get(field).map_or(decision.range, |entry| FileRange { file, range: entry.value().range() })
}

/// Returns that a decision once stood where none does now, if history has it.
pub(crate) fn vanished(ctx: &Context<'_>, head: &Head, verb: Verb) -> Option<String> {
    let lost = ctx.history()?.vanished.iter().find(|vanished| {
        let decision = &vanished.decision;
        (decision.section, decision.verb) == (head.section, verb) && decision.id == head.id
    })?;
    let by = lost.by.as_ref().map(|by| format!(" by {}", name(ctx.register, by))).unwrap_or_default();
    let on = lost.date.map(|date| format!(" on {date}")).unwrap_or_default();
    Some(format!("it was {}{by}{on}, which {} removed: see `vanished-decision`", verb.key(), commit(&lost.commit)))
}
