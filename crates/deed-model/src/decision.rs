//! Decisions: who took what on, approved or accepted it, and when.

use std::hash::Hash;

use deed_syntax::{NodeId, TextRange};

use crate::lower::Fields;
use crate::{Date, FileRange, Head, Spanned};

/// A decision key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verb {
    /// Top management adopts the ownership model.
    Adopted,
    /// Somebody with the authority approves a text or a plan.
    Approved,
    /// An owner takes a control on, or somebody with the authority accepts residual risk.
    Accepted,
    /// An exception or a delegation is granted.
    Granted,
    /// The owner confirms that the entry still holds.
    Reviewed,
    /// A review took place.
    Held,
    /// The holder of a role takes it on.
    Acknowledged,
}

impl Verb {
    /// Every decision key.
    pub const ALL: [Self; 7] =
        [Self::Adopted, Self::Approved, Self::Accepted, Self::Granted, Self::Reviewed, Self::Held, Self::Acknowledged];

    /// Returns the key as written in a manifest.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::Approved => "approved",
            Self::Accepted => "accepted",
            Self::Granted => "granted",
            Self::Reviewed => "reviewed",
            Self::Held => "held",
            Self::Acknowledged => "acknowledged",
        }
    }

    /// Returns the verb a manifest key names.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.key() == key)
    }
}

/// One person's decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What was done.
    pub verb: Verb,
    /// The decision key, as written.
    pub key: FileRange,
    /// The decision's mapping.
    pub range: FileRange,
    /// The mapping's node in its manifest's tree.
    pub node: NodeId,
    /// Who decided: a person's id.
    pub by: Option<Spanned<String>>,
    /// The day it was made, as claimed.
    pub date: Option<Spanned<Date>>,
    /// The last day it is in force.
    pub until: Option<Spanned<Date>>,
    /// The role it was made in.
    pub as_role: Option<Spanned<String>>,
    /// Rationale or conditions.
    pub note: Option<Spanned<String>>,
}

impl Decision {
    /// Returns a decision of somebody's as if it stood in its subject: to ask whether they could make it.
    #[must_use]
    pub fn proposed(of: &Head, verb: Verb, by: &str, on: Date) -> Self {
        let nowhere = FileRange { file: of.key.file, range: TextRange::empty(of.key.range.start()) };
        Self {
            verb,
            key: nowhere,
            range: nowhere,
            node: of.node,
            by: Some(Spanned { value: by.to_owned(), span: nowhere }),
            date: Some(Spanned { value: on, span: nowhere }),
            until: None,
            as_role: None,
            note: None,
        }
    }

    /// Returns the decision as if it was made in a role.
    #[must_use]
    pub fn in_role(mut self, role: &str) -> Self {
        self.as_role = Some(Spanned { value: role.to_owned(), span: self.key });
        self
    }

    /// Reads the decisions under one key: a mapping, or a list of them when several people decide together.
    pub(crate) fn lower(fields: &Fields<'_>, verb: Verb) -> Vec<Self> {
        let Some((key, value)) = fields.entry(verb.key()) else { return Vec::new() };
        let one = |decision: Fields<'_>| Self {
            verb,
            key,
            range: decision.range(),
            node: decision.node().id(),
            by: decision.text("by"),
            date: decision.date("date"),
            until: decision.date("until"),
            as_role: decision.text("as"),
            note: decision.text("note"),
        };
        if value.node().is_sequence() {
            value.items().filter(|item| item.node().is_mapping()).map(one).collect()
        } else if value.node().is_mapping() {
            vec![one(value)]
        } else {
            Vec::new()
        }
    }

    /// Returns whether the decision is in force on a day: made by then, and not past its `until`.
    ///
    /// A decision without a readable date is not in force.
    pub fn in_force(&self, on: Date) -> bool {
        self.made_by(on) && self.until.as_ref().is_none_or(|until| on <= **until)
    }

    /// Returns whether the decision was made on or before a day, be it still in force or not.
    pub fn made_by(&self, on: Date) -> bool {
        self.date.as_ref().is_some_and(|date| **date <= on)
    }

    /// Returns its values: what tells it from another decision about the same subject.
    pub(crate) fn values(&self) -> impl Eq + Hash + '_ {
        fn text(text: &Option<Spanned<String>>) -> Option<&str> {
            text.as_ref().map(|text| text.as_str())
        }
        let day = |day: &Option<Spanned<Date>>| day.as_ref().map(|day| day.value);
        let (by, role, note) = (text(&self.by), text(&self.as_role), text(&self.note));
        (self.verb, by, day(&self.date), day(&self.until), role, note)
    }

    /// Returns whether a person made this decision.
    pub fn is_by(&self, person: &str) -> bool {
        self.by.as_ref().is_some_and(|by| **by == person)
    }
}
