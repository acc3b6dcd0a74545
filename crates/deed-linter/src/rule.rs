//! What a rule is: data and one function.

use deed_model::{FileId, OwnershipModel};

use crate::{Context, Severity, Suppression};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the flagged state: reads well after "allow".
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// The clauses and sources it rests on.
    pub source: &'static str,
    /// How bad it is, by ownership model.
    pub severity: ByModel<Setting>,
    /// One line: the flagged state.
    pub summary: &'static str,
    /// What can be set in `lint.rules` beside the severity.
    pub options: &'static [RuleOption],
    /// The documentation, Markdown; its examples are tests.
    pub docs: &'static str,
    /// The function that finds it.
    pub check: Check,
}

/// What [`Rule::awaits`].
const AWAITING: &[&str] = &[
    "expired-acceptance",
    "expired-exception",
    "inactive-role-holder",
    "insufficient-approvers",
    "missed-management-review",
    "outdated-acceptance",
    "outdated-approval",
    "outdated-decision",
    "outdated-soa-approval",
    "overdue-ownership-review",
    "overdue-policy-review",
    "overdue-treatment",
    "owned-by-leaver",
    "paper-role",
    "stale-evidence",
    "unaccepted-risk",
    "unacknowledged-role",
    "unapproved-isms",
    "unapproved-risk-criteria",
    "unapproved-security-policy",
    "unapproved-soa",
    "unapproved-treatment-plan",
    "unaudited-control",
    "vacant-role",
];

impl Rule {
    /// Returns whether what it finds may be how things are, until somebody acts: a decision that is yet to be made or to be
    /// made again, a review, a successor. Whoever writes that down is not to be stopped, or the register could not tell it.
    #[must_use]
    pub fn awaits(&self) -> bool {
        AWAITING.contains(&self.id)
    }

    /// Returns the ids of all rules that [await](Self::awaits) somebody.
    pub const fn awaiting() -> &'static [&'static str] {
        AWAITING
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One manifest by itself; called once for each.
    File(fn(&mut Context<'_>, FileId)),
    /// The whole register.
    Register(fn(&mut Context<'_>)),
    /// The suppressions, after every other rule, when it is known which of them were used.
    Suppressions(fn(&mut Context<'_>, &[Suppression])),
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the documentation: `rules.csv` and the sections of a manifest")]
pub enum Group {
    Form,
    Organization,
    People,
    Controls,
    Policies,
    Risks,
    Exceptions,
    Reviews,
    Evidence,
    Proof,
}

impl Group {
    /// Every group, in the order of the rule index.
    pub const ALL: [Self; 10] = [
        Self::Form,
        Self::Organization,
        Self::People,
        Self::Controls,
        Self::Policies,
        Self::Risks,
        Self::Exceptions,
        Self::Reviews,
        Self::Evidence,
        Self::Proof,
    ];

    /// Returns the name for outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Organization => "organization",
            Self::People => "people",
            Self::Controls => "controls",
            Self::Policies => "policies",
            Self::Risks => "risks",
            Self::Exceptions => "exceptions",
            Self::Reviews => "reviews",
            Self::Evidence => "evidence",
            Self::Proof => "proof",
        }
    }
}

/// What a rule does: nothing, or report at a severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// It does not run.
    Allow,
    /// It reports.
    Report(Severity),
}

impl Setting {
    /// Reports at `error`.
    pub const ERROR: Self = Self::Report(Severity::Error);
    /// Reports at `warning`.
    pub const WARNING: Self = Self::Report(Severity::Warning);
    /// Reports at `info`.
    pub const INFO: Self = Self::Report(Severity::Info);

    /// Returns the setting a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "allow" => Self::Allow,
            "info" => Self::INFO,
            "warning" => Self::WARNING,
            "error" => Self::ERROR,
            _ => return None,
        })
    }

    /// Returns the name as written in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Report(severity) => severity.name(),
        }
    }
}

/// A value that ownership models may tighten or relax.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ByModel<T> {
    /// Where no model is declared.
    pub default: T,
    /// Under the centralized model.
    pub centralized: T,
    /// Under the federated model.
    pub federated: T,
    /// Under the executive-led model.
    pub executive_led: T,
}

impl<T: Copy> ByModel<T> {
    /// The same under every model.
    pub const fn all(value: T) -> Self {
        Self { default: value, centralized: value, federated: value, executive_led: value }
    }

    /// With another value under the centralized model.
    pub const fn centralized(self, value: T) -> Self {
        Self { centralized: value, ..self }
    }

    /// With another value under the federated model.
    pub const fn federated(self, value: T) -> Self {
        Self { federated: value, ..self }
    }

    /// With another value under the executive-led model.
    pub const fn executive_led(self, value: T) -> Self {
        Self { executive_led: value, ..self }
    }

    /// Returns the value under a model.
    pub const fn under(&self, model: Option<OwnershipModel>) -> T {
        match model {
            None => self.default,
            Some(OwnershipModel::Centralized) => self.centralized,
            Some(OwnershipModel::Federated) => self.federated,
            Some(OwnershipModel::ExecutiveLed) => self.executive_led,
        }
    }
}

/// Something that can be set in `lint.rules` for one rule.
#[derive(Debug)]
pub struct RuleOption {
    /// The key, `snake_case`.
    pub name: &'static str,
    /// One line: what it means, with its unit.
    pub summary: &'static str,
    /// Its kind and its value where nothing is set.
    pub default: Default,
    /// Which values find less.
    pub weaker: Weaker,
}

/// Which values of an option make a rule find less.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weaker {
    /// Higher numbers, longer periods.
    More,
    /// Lower numbers, shorter periods.
    Less,
    /// None: it says how something is found, or reported.
    Neither,
}

/// The value of an option where nothing is set.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    /// A period such as `12mo`.
    Period(ByModel<&'static str>),
    /// A whole number.
    Number(ByModel<u32>),
}
