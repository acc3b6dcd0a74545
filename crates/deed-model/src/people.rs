//! People, departments and the roles people hold.

use crate::lower::Fields;
use crate::{Date, Decision, FileRange, Head, Spanned, Verb};

/// A natural person, a team or a service account.
#[derive(Debug)]
pub struct Person {
    /// Address and place.
    pub head: Head,
    /// Full name.
    pub name: Option<Spanned<String>>,
    /// Addresses by which Git knows the person.
    pub emails: Vec<Spanned<String>>,
    /// Signing keys.
    pub keys: Vec<Key>,
    /// First day in the organisation.
    pub joined: Option<Spanned<Date>>,
    /// Last day in the organisation.
    pub left: Option<Spanned<Date>>,
    /// Only a natural person can be accountable.
    pub kind: PersonKind,
    /// Where the kind is written.
    pub kind_span: Option<FileRange>,
}

impl Person {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        let kind = fields.read("kind", PersonKind::of_name);
        Self {
            name: fields.text("name"),
            emails: fields.texts("emails"),
            keys: Key::list(fields, "keys"),
            joined: fields.date("joined"),
            left: fields.date("left"),
            kind_span: kind.as_ref().map(|kind| kind.span),
            kind: kind.map_or(PersonKind::Person, |kind| kind.value),
            head,
        }
    }

    /// Returns whether the person belongs to the organisation on a day; `joined` and `left` are both days inside.
    pub fn is_active(&self, on: Date) -> bool {
        self.joined.as_ref().is_none_or(|joined| **joined <= on) && self.left.as_ref().is_none_or(|left| on <= **left)
    }

    /// Returns whether the person can decide anything on a day: a natural person who belongs to the organisation.
    pub fn can_decide(&self, on: Date) -> bool {
        self.kind == PersonKind::Person && self.is_active(on)
    }

    /// Returns the name for a sentence: the full name, else the id.
    pub fn display(&self) -> &str {
        self.name.as_ref().map_or(&self.head.id, |name| name)
    }
}

/// What an entry of `people` stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PersonKind {
    /// One natural person.
    Person,
    /// A group, committee or mailbox.
    Team,
    /// A bot or service account.
    Service,
}

impl PersonKind {
    /// Returns the kind a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "person" => Self::Person,
            "team" => Self::Team,
            "service" => Self::Service,
            _ => return None,
        })
    }

    /// Returns the name as written in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Team => "team",
            Self::Service => "service",
        }
    }
}

/// A signing key, of a person or of a forge.
#[derive(Debug)]
pub struct Key {
    /// The OpenSSH public key, the armored OpenPGP block, or the path of one below the root.
    pub key: Spanned<String>,
    /// First day the key speaks for its owner.
    pub from: Option<Spanned<Date>>,
    /// Last day.
    pub until: Option<Spanned<Date>>,
    /// The day it was revoked.
    pub revoked: Option<Spanned<Date>>,
    /// Why it was revoked: `left` or `compromised`.
    pub reason: Option<Spanned<String>>,
}

impl Key {
    /// Reads the keys listed in a field.
    pub(crate) fn list(fields: &Fields<'_>, field: &str) -> Vec<Self> {
        fields.child(field).into_iter().flat_map(|keys| keys.items()).filter_map(|key| Self::lower(&key)).collect()
    }

    fn lower(item: &Fields<'_>) -> Option<Self> {
        if let Some(key) = item.as_text() {
            return Some(Self { key, from: None, until: None, revoked: None, reason: None });
        }
        Some(Self {
            key: item.text("key")?,
            from: item.date("from"),
            until: item.date("until"),
            revoked: item.date("revoked"),
            reason: item.text("reason"),
        })
    }
}

/// A part of the organisation.
#[derive(Debug)]
pub struct Department {
    /// Address and place.
    pub head: Head,
    /// What it is called.
    pub title: Option<Spanned<String>>,
    /// The role, or person, that heads it.
    pub headed_by: Option<Spanned<String>>,
    /// The department it belongs to.
    pub parent: Option<Spanned<String>>,
}

impl Department {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self { head, title: fields.text("title"), headed_by: fields.text("head"), parent: fields.text("parent") }
    }
}

/// Where a role stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Layer {
    /// Top management.
    Executive,
    /// Custodians of the ISMS: ISMS manager, CISO.
    Isms,
    /// Control owners: heads of departments.
    Owner,
    /// Those who do the work.
    Operator,
    /// Internal audit.
    Audit,
}

impl Layer {
    /// Returns the layer a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "executive" => Self::Executive,
            "isms" => Self::Isms,
            "owner" => Self::Owner,
            "operator" => Self::Operator,
            "audit" => Self::Audit,
            _ => return None,
        })
    }

    /// Returns the name as written in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Executive => "executive",
            Self::Isms => "isms",
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Audit => "audit",
        }
    }
}

/// A role somebody holds.
#[derive(Clone, Debug)]
pub struct Role {
    /// Address and place.
    pub head: Head,
    /// What it is called.
    pub title: Option<Spanned<String>>,
    /// Where it stands.
    pub layer: Option<Spanned<Layer>>,
    /// The department it belongs to.
    pub department: Option<Spanned<String>>,
    /// Who holds it: one person, unless the manifest is wrong.
    pub held_by: Vec<Spanned<String>>,
    /// Who stands in; holds no authority by that alone.
    pub deputy: Option<Spanned<String>>,
    /// The last day of an acting holder; the role is vacant after it.
    pub acting_until: Option<Spanned<Date>>,
    /// The role it reports to.
    pub reports_to: Option<Spanned<String>>,
    /// What it may decide.
    pub authority: Option<Authority>,
    /// What it does.
    pub responsibilities: Vec<Spanned<String>>,
    /// What its holder must be able to do, with evidence.
    pub competence: Vec<Competence>,
    /// The holder takes the role on.
    pub acknowledged: Vec<Decision>,
}

impl Role {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            title: fields.text("title"),
            layer: fields.read("layer", Layer::of_name),
            department: fields.text("department"),
            held_by: fields.texts("held_by"),
            deputy: fields.text("deputy"),
            acting_until: fields.date("acting_until"),
            reports_to: fields.text("reports_to"),
            authority: Authority::lower(fields),
            responsibilities: fields.texts("responsibilities"),
            competence: fields
                .child("competence")
                .map(|items| items.items().map(|item| Competence::lower(&item)).collect())
                .unwrap_or_default(),
            acknowledged: Decision::lower(fields, Verb::Acknowledged),
            head,
        }
    }

    /// Returns whether the role may decide anything by its own authority.
    pub fn decides(&self) -> bool {
        self.authority.as_ref().is_some_and(|authority| !authority.is_empty())
    }

    /// Returns whether the role governs, owns or audits: it stands in any layer but that of operators.
    pub fn governs(&self) -> bool {
        self.layer.as_ref().is_some_and(|layer| **layer != Layer::Operator)
    }

    /// Returns whether the role stands in a layer.
    pub fn is_in(&self, layer: Layer) -> bool {
        self.layer.as_ref().is_some_and(|own| **own == layer)
    }

    /// Returns the title for a sentence: the title, else the id.
    pub fn display(&self) -> &str {
        self.title.as_ref().map_or(&self.head.id, |title| title)
    }
}

/// What a role, or a delegation, may decide.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The key and its mapping.
    pub span: FileRange,
    /// The highest risk level it may accept.
    pub accept_risk: Option<Spanned<String>>,
    /// Sections, or single subjects, it may approve.
    pub approve: Vec<Spanned<String>>,
    /// What it may grant: `exceptions`, `delegations`, or single subjects.
    pub grant: Vec<Spanned<String>>,
}

impl Authority {
    pub(crate) fn lower(fields: &Fields<'_>) -> Option<Self> {
        let (_, value) = fields.entry("authority")?;
        value.node().is_mapping().then(|| Self {
            span: value.range(),
            accept_risk: value.text("accept_risk"),
            approve: value.texts("approve"),
            grant: value.texts("grant"),
        })
    }

    /// Returns whether it names nothing to decide.
    pub fn is_empty(&self) -> bool {
        self.accept_risk.is_none() && self.approve.is_empty() && self.grant.is_empty()
    }
}

/// A competence a role asks of its holder (clause 7.2).
#[derive(Clone, Debug)]
pub struct Competence {
    /// The item, as written.
    pub span: FileRange,
    /// What is asked.
    pub requirement: Option<Spanned<String>>,
    /// The file that shows it.
    pub evidence: Option<Spanned<String>>,
}

impl Competence {
    fn lower(item: &Fields<'_>) -> Self {
        Self {
            span: item.range(),
            requirement: item.as_text().or_else(|| item.text("requirement")),
            evidence: item.text("evidence"),
        }
    }
}
