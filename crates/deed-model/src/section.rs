//! The sections of a manifest.

/// A top-level key of a manifest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Section {
    /// The management system itself (singleton).
    Isms,
    /// Scales, levels and limits of risk (singleton).
    RiskCriteria,
    /// The Statement of Applicability as a whole (singleton).
    Soa,
    /// What proof is asked for (singleton).
    Evidence,
    /// Severities, options and ignored diagnostics (singleton).
    Lint,
    /// Natural persons, teams and service accounts.
    People,
    /// Parts of the organisation.
    Departments,
    /// Roles people hold.
    Roles,
    /// Annex A controls: one entry per control is the Statement of Applicability.
    Controls,
    /// Policies and their documents.
    Policies,
    /// The risk register.
    Risks,
    /// Time-limited deviations from a control.
    Exceptions,
    /// Authority passed on for a time.
    Delegations,
    /// Management reviews and internal audits.
    Reviews,
}

impl Section {
    /// Every section, in the order of the manifest format.
    pub const ALL: [Self; 14] = [
        Self::Isms,
        Self::RiskCriteria,
        Self::Soa,
        Self::Evidence,
        Self::Lint,
        Self::People,
        Self::Departments,
        Self::Roles,
        Self::Controls,
        Self::Policies,
        Self::Risks,
        Self::Exceptions,
        Self::Delegations,
        Self::Reviews,
    ];

    /// Returns the key as written in a manifest.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Isms => "isms",
            Self::RiskCriteria => "risk_criteria",
            Self::Soa => "soa",
            Self::Evidence => "evidence",
            Self::Lint => "lint",
            Self::People => "people",
            Self::Departments => "departments",
            Self::Roles => "roles",
            Self::Controls => "controls",
            Self::Policies => "policies",
            Self::Risks => "risks",
            Self::Exceptions => "exceptions",
            Self::Delegations => "delegations",
            Self::Reviews => "reviews",
        }
    }

    /// Returns what one subject of the section is called in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Isms => "ISMS",
            Self::RiskCriteria => "risk criteria",
            Self::Soa => "Statement of Applicability",
            Self::Evidence => "evidence settings",
            Self::Lint => "lint settings",
            Self::People => "person",
            Self::Departments => "department",
            Self::Roles => "role",
            Self::Controls => "control",
            Self::Policies => "policy",
            Self::Risks => "risk",
            Self::Exceptions => "exception",
            Self::Delegations => "delegation",
            Self::Reviews => "review",
        }
    }

    /// Returns the section a manifest key names.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.key() == key)
    }

    /// Returns the section that a key which names none was evidently meant to name: another spelling or number of its key, a
    /// slip of the finger, or a word for the same.
    pub fn meant_by(key: &str) -> Option<Self> {
        let word = key.to_lowercase().replace(['-', ' '], "_");
        let singular = |word: &str| match word.strip_suffix("ies").or_else(|| word.strip_suffix('y')) {
            Some(stem) => stem.to_owned(),
            None => word.strip_suffix('s').unwrap_or(word).to_owned(),
        };
        match word.as_str() {
            "persons" | "users" => return Some(Self::People),
            "units" => return Some(Self::Departments),
            "audits" => return Some(Self::Reviews),
            "config" => return Some(Self::Lint),
            "statement_of_applicability" => return Some(Self::Soa),
            _ => {}
        }
        let slips = |section: &Self| match section.key() {
            known if singular(known) == singular(&word) => 0,
            known => strsim::osa_distance(known, &word),
        };
        let forgiven = |section: &Self| match section.key().len().max(word.len()) {
            0..=2 => 0,
            3..=5 => 1,
            6..=9 => 2,
            _ => 3,
        };
        let near = Self::ALL.into_iter().filter(|section| slips(section) <= forgiven(section));
        near.min_by_key(slips)
    }

    /// Returns whether the section is one subject by itself.
    pub const fn is_singleton(self) -> bool {
        matches!(self, Self::Isms | Self::RiskCriteria | Self::Soa | Self::Evidence | Self::Lint)
    }

    /// Returns the address of a subject of this section.
    pub fn address(self, id: &str) -> String {
        if self.is_singleton() { self.key().to_owned() } else { format!("{}.{id}", self.key()) }
    }
}
