//! Controls of the Statement of Applicability, and policies.

use deed_syntax::NodeId;

use crate::lower::Fields;
use crate::{Date, Decision, FileRange, Head, Period, Spanned, Verb};

/// How far a control is implemented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ControlStatus {
    /// Not yet begun.
    Planned,
    /// In part.
    Partial,
    /// In place.
    Implemented,
}

impl ControlStatus {
    /// Returns the status a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "planned" => Self::Planned,
            "partial" => Self::Partial,
            "implemented" => Self::Implemented,
            _ => return None,
        })
    }
}

/// One Annex A control: its line of the Statement of Applicability.
#[derive(Debug)]
pub struct Control {
    /// Address and place; the id is an Annex A id such as `A.5.15`.
    pub head: Head,
    /// Whether it is included; absent reads as not said.
    pub applicable: Option<Spanned<bool>>,
    /// Inclusion drivers, or the exclusion's justification.
    pub because: Vec<Spanned<String>>,
    /// How far it is implemented.
    pub status: Option<Spanned<ControlStatus>>,
    /// The accountable role or person; more than one where the manifest is wrong.
    pub owner: Vec<Spanned<String>>,
    /// Who does the work.
    pub responsible: Vec<Spanned<String>>,
    /// Who is asked.
    pub consulted: Vec<Spanned<String>>,
    /// Who is told.
    pub informed: Vec<Spanned<String>>,
    /// The executive behind it (executive-led model).
    pub sponsor: Option<Spanned<String>>,
    /// The department that operates it.
    pub department: Option<Spanned<String>>,
    /// What shows that it works.
    pub evidence: Vec<EvidenceItem>,
    /// How often its owner reviews it.
    pub review: Option<Spanned<Period>>,
    /// The owner takes it on.
    pub accepted: Vec<Decision>,
    /// The owner confirms it.
    pub reviewed: Vec<Decision>,
}

impl Control {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            applicable: fields.flag("applicable"),
            because: fields.texts("because"),
            status: fields.read("status", ControlStatus::of_name),
            owner: fields.texts("owner"),
            responsible: fields.texts("responsible"),
            consulted: fields.texts("consulted"),
            informed: fields.texts("informed"),
            sponsor: fields.text("sponsor"),
            department: fields.text("department"),
            evidence: fields
                .child("evidence")
                .map(|items| items.items().map(|item| EvidenceItem::lower(&item)).collect())
                .unwrap_or_default(),
            review: fields.period("review"),
            accepted: Decision::lower(fields, Verb::Accepted),
            reviewed: Decision::lower(fields, Verb::Reviewed),
        }
    }

    /// Returns whether the control is excluded from the ISMS.
    pub fn is_excluded(&self) -> bool {
        self.applicable.as_ref().is_some_and(|applicable| !**applicable)
    }
}

/// One file that shows a control works.
#[derive(Debug)]
pub struct EvidenceItem {
    /// The item, as written.
    pub span: FileRange,
    /// The item's node.
    pub node: NodeId,
    /// The file, below the root.
    pub path: Option<Spanned<String>>,
    /// The day it was collected.
    pub date: Option<Spanned<Date>>,
    /// How long it holds.
    pub ttl: Option<Spanned<Period>>,
}

impl EvidenceItem {
    fn lower(item: &Fields<'_>) -> Self {
        Self {
            span: item.range(),
            node: item.node().id(),
            path: item.as_text().or_else(|| item.text("path")),
            date: item.date("date"),
            ttl: item.period("ttl"),
        }
    }

    /// Returns the last day the evidence holds, where date and time to live are both given.
    pub fn holds_until(&self) -> Option<Date> {
        Some(self.ttl.as_ref()?.after(**self.date.as_ref()?))
    }
}

/// A policy with its document.
#[derive(Debug)]
pub struct Policy {
    /// Address and place.
    pub head: Head,
    /// What it is called.
    pub title: Option<Spanned<String>>,
    /// The text under approval, a file below the root.
    pub document: Option<Spanned<String>>,
    /// The accountable role or person; more than one where the manifest is wrong.
    pub owner: Vec<Spanned<String>>,
    /// Who drafted it.
    pub author: Option<Spanned<String>>,
    /// Its version.
    pub version: Option<Spanned<String>>,
    /// Who may read it.
    pub classification: Option<Spanned<String>>,
    /// How often it is reviewed.
    pub review: Option<Spanned<Period>>,
    /// When and to whom it was made known.
    pub communicated: Option<Communication>,
    /// It is approved.
    pub approved: Vec<Decision>,
    /// The owner confirms it.
    pub reviewed: Vec<Decision>,
}

impl Policy {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            title: fields.text("title"),
            document: fields.text("document"),
            owner: fields.texts("owner"),
            author: fields.text("author"),
            version: fields.text("version"),
            classification: fields.text("classification"),
            review: fields.period("review"),
            communicated: fields.child("communicated").map(|record| Communication {
                span: record.range(),
                date: record.date("date"),
                to: record.text("to"),
                evidence: record.text("evidence"),
            }),
            approved: Decision::lower(fields, Verb::Approved),
            reviewed: Decision::lower(fields, Verb::Reviewed),
        }
    }

    /// Returns the title for a sentence: the title, else the id.
    pub fn display(&self) -> &str {
        self.title.as_ref().map_or(&self.head.id, |title| title)
    }
}

/// When and to whom a policy was made known (5.2 f).
#[derive(Debug)]
pub struct Communication {
    /// The record, as written.
    pub span: FileRange,
    /// The day.
    pub date: Option<Spanned<Date>>,
    /// The audience.
    pub to: Option<Spanned<String>>,
    /// The file that shows it.
    pub evidence: Option<Spanned<String>>,
}
