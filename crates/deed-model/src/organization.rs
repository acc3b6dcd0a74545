//! The management system itself, what proof it asks for, and how it is linted.

use deed_syntax::NodeId;

use crate::lower::Fields;
use crate::{Decision, FileRange, Head, Key, Level, Period, Spanned, Verb};

/// How an organisation spreads ownership.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OwnershipModel {
    /// One central function owns and coordinates.
    Centralized,
    /// Departments own; a group function coordinates.
    Federated,
    /// Executives own and show it by what they do.
    ExecutiveLed,
}

impl OwnershipModel {
    /// Every model.
    pub const ALL: [Self; 3] = [Self::Centralized, Self::Federated, Self::ExecutiveLed];

    /// Returns the name as written in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Centralized => "centralized",
            Self::Federated => "federated",
            Self::ExecutiveLed => "executive-led",
        }
    }

    /// Returns the model a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }
}

/// The information security management system (clauses 4 and 5).
#[derive(Debug)]
pub struct Isms {
    /// Address and place.
    pub head: Head,
    /// Whose ISMS it is.
    pub organization: Option<Spanned<String>>,
    /// The framework, as in `iso27001-2022`.
    pub framework: Option<Spanned<String>>,
    /// The ownership model.
    pub model: Option<Spanned<OwnershipModel>>,
    /// Clause 4.3.
    pub scope: Option<Spanned<String>>,
    /// Who is accountable for it (5.1): a role or person; more than one where the manifest is wrong.
    pub owner: Vec<Spanned<String>>,
    /// The custodian (5.3).
    pub manager: Option<Spanned<String>>,
    /// Who ensures conformity (5.3 a).
    pub conformity: Option<Spanned<String>>,
    /// Who reports on performance (5.3 b).
    pub reporting: Option<Spanned<String>>,
    /// Which policy is the one of clause 5.2.
    pub policy: Option<Spanned<String>>,
    /// How often management reviews the ISMS (9.3).
    pub review: Option<Spanned<Period>>,
    /// The ownership model is adopted.
    pub adopted: Vec<Decision>,
    /// Scope and framework are approved.
    pub approved: Vec<Decision>,
}

impl Isms {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self {
            head,
            organization: fields.text("organization"),
            framework: fields.text("framework"),
            model: fields.read("model", OwnershipModel::of_name),
            scope: fields.text("scope"),
            owner: fields.texts("owner"),
            manager: fields.text("manager"),
            conformity: fields.text("conformity"),
            reporting: fields.text("reporting"),
            policy: fields.text("policy"),
            review: fields.period("review"),
            adopted: Decision::lower(fields, Verb::Adopted),
            approved: Decision::lower(fields, Verb::Approved),
        }
    }
}

/// The Statement of Applicability as a whole (6.1.3 d).
#[derive(Debug)]
pub struct Soa {
    /// Address and place.
    pub head: Head,
    /// Its version.
    pub version: Option<Spanned<String>>,
    /// It is approved.
    pub approved: Vec<Decision>,
}

impl Soa {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        Self { head, version: fields.text("version"), approved: Decision::lower(fields, Verb::Approved) }
    }
}

/// What proof the workspace asks for.
#[derive(Debug)]
pub struct EvidenceSettings {
    /// Address and place.
    pub head: Head,
    /// The branch decisions are adopted on.
    pub branch: Option<Spanned<String>>,
    /// How long after its `date` a decision may be recorded.
    pub grace: Option<Spanned<Period>>,
    /// The lowest level that satisfies, by decision.
    pub require: Vec<Requirement>,
    /// Keys that sign for a forge.
    pub forges: Vec<Key>,
}

/// One line of `evidence.require`.
#[derive(Debug)]
pub struct Requirement {
    /// `default`, or a decision such as `risks.accepted`.
    pub decision: Spanned<String>,
    /// The lowest level that satisfies.
    pub level: Option<Spanned<Level>>,
}

impl EvidenceSettings {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        let require = fields.child("require").into_iter().flat_map(|require| {
            require.all().map(|(decision, _, level)| Requirement {
                decision,
                level: level
                    .as_text()
                    .and_then(|name| Some(Spanned { value: Level::of_name(&name)?, span: name.span })),
            })
        });
        Self {
            head,
            branch: fields.text("branch"),
            grace: fields.period("grace"),
            require: require.collect(),
            forges: Key::list(fields, "forges"),
        }
    }
}

/// How the workspace is linted.
#[derive(Debug)]
pub struct LintSettings {
    /// Address and place.
    pub head: Head,
    /// Severities and options by rule.
    pub rules: Vec<RuleSetting>,
    /// Diagnostics that are accepted for a time.
    pub ignore: Vec<Ignore>,
}

/// One entry of `lint.rules`.
#[derive(Debug)]
pub struct RuleSetting {
    /// The rule's id.
    pub rule: Spanned<String>,
    /// `allow`, `info`, `warning` or `error`.
    pub severity: Option<Spanned<String>>,
    /// The other fields: option names with their value as written.
    pub options: Vec<(Spanned<String>, Option<Spanned<String>>)>,
}

/// One entry of `lint.ignore`.
#[derive(Debug)]
pub struct Ignore {
    /// The entry, as written.
    pub span: FileRange,
    /// The entry's node.
    pub node: NodeId,
    /// The rule that is ignored.
    pub rule: Option<Spanned<String>>,
    /// The subject it is ignored for.
    pub subject: Option<Spanned<String>>,
    /// Why.
    pub reason: Option<Spanned<String>>,
    /// Who answers for it.
    pub owner: Option<Spanned<String>>,
    /// The last day it holds.
    pub until: Option<Spanned<crate::Date>>,
}

impl LintSettings {
    pub(crate) fn lower(head: Head, fields: &Fields<'_>) -> Self {
        let rules =
            fields.child("rules").into_iter().flat_map(|rules| rules.all()).map(|(rule, _, value)| RuleSetting {
                rule,
                severity: value.as_text().or_else(|| value.text("severity")),
                options: value
                    .all()
                    .filter(|(name, ..)| **name != "severity")
                    .map(|(name, _, option)| (name, option.as_text()))
                    .collect(),
            });
        let ignore = fields.child("ignore").into_iter().flat_map(|ignore| ignore.items()).map(|item| Ignore {
            span: item.range(),
            node: item.node().id(),
            rule: item.text("rule"),
            subject: item.text("subject"),
            reason: item.text("reason"),
            owner: item.text("owner"),
            until: item.date("until"),
        });
        Self { head, rules: rules.collect(), ignore: ignore.collect() }
    }
}
