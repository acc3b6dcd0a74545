//! What speaks against a decision.

use crate::Date;

/// Something that history says against a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// The value is not in history yet.
    Uncommitted,
    /// History is incomplete where the origin lies: nothing above `recorded` is claimed or denied.
    IncompleteHistory,
    /// A key registered to somebody else signed it.
    WrongSigner {
        /// Whose key it is: a person's id.
        signer: String,
    },
    /// The signature is by a key that did not speak for the decider then.
    UntrustedKey(KeyFlaw),
    /// The key, the person or the role it leans on arrived in the same commit, or on the same branch.
    SelfIntroduced {
        /// What arrived with it, as in `people.ada.keys`.
        what: String,
    },
    /// `date` lies before the commit that recorded it by more than the grace.
    Backdated {
        /// How many days before.
        days: i64,
    },
    /// `date` lies after the commit that recorded it.
    Postdated {
        /// How many days after.
        days: i64,
    },
    /// The origin is older than its parent, so its time proves nothing.
    ClockRegression,
    /// A signed decision was changed instead of being superseded.
    Altered {
        /// The commit that changed it.
        by: String,
        /// Who made that commit.
        author: String,
        /// Which of its fields changed.
        fields: Vec<String>,
    },
    /// The end was moved without a new decision.
    Renewed {
        /// The commit that moved it.
        by: String,
        /// Who made that commit.
        author: String,
        /// The end before.
        from: Date,
        /// The end now.
        to: Date,
    },
    /// By the register before the origin, the decider could not decide this.
    NotEntitled {
        /// As in "held no role that may approve policies".
        why: String,
    },
    /// By the register before the origin the decider could decide this, and could not any more by the one that adopted it:
    /// nothing shows that it was made in time.
    NoLongerEntitled {
        /// As in "held no role that may approve policies".
        why: String,
    },
    /// Only the forge signed.
    ForgeOnly,
    /// It approves a text that history does not have, so that nothing shows which one.
    TextNotInHistory {
        /// The document, from the root.
        path: String,
        /// It is a symbolic link: Git keeps where it leads, not what is there.
        is_link: bool,
    },
    /// A trailer names the decider, and nothing of theirs backs it.
    TrailerOnly {
        /// The line, as written.
        line: String,
    },
}

impl Problem {
    /// Returns the id of the rule that reports it.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Uncommitted => "uncommitted-decision",
            Self::IncompleteHistory => "incomplete-history",
            Self::WrongSigner { .. } => "wrong-signer",
            Self::UntrustedKey(_) => "untrusted-key",
            Self::SelfIntroduced { .. } => "self-introduced-key",
            Self::Backdated { .. } => "backdated-decision",
            Self::Postdated { .. } => "postdated-decision",
            Self::ClockRegression => "clock-regression",
            Self::Altered { .. } => "altered-decision",
            Self::Renewed { .. } => "silently-renewed-exception",
            Self::NotEntitled { .. } | Self::NoLongerEntitled { .. } => "decider-without-role",
            Self::ForgeOnly => "forge-signed-only",
            Self::TextNotInHistory { .. } => "untracked-document",
            Self::TrailerOnly { .. } => "trailer-as-approval",
        }
    }
}

/// Why a key does not count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyFlaw {
    /// Nobody had registered it in the state before.
    Unknown,
    /// Its `from` lies after the signature.
    NotYetValid(Date),
    /// Its `until`, or its own expiry, lies before the signature.
    Expired(Date),
    /// It had been revoked by then, or is revoked as compromised.
    Revoked(Date),
    /// The signature does not verify, or cannot be: why.
    Bad(String),
}
