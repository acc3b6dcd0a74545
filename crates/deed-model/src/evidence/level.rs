//! The rungs of the evidence ladder.

/// A rung of the evidence ladder; each includes those below it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// A manifest says so; the value is not committed.
    Asserted,
    /// It is in history: someone with write access wrote it.
    Recorded,
    /// The author is the decider by a registered e-mail.
    Attributed,
    /// A trusted forge signed the commit whose author is the decider.
    Vouched,
    /// A key of the decider signed it.
    Signed,
    /// The signed commit names the decision and its fingerprint.
    Decided,
    /// Another registered person signed for it too.
    Witnessed,
    /// A trusted time stamp bounds it.
    Anchored,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 8] = [
        Self::Asserted,
        Self::Recorded,
        Self::Attributed,
        Self::Vouched,
        Self::Signed,
        Self::Decided,
        Self::Witnessed,
        Self::Anchored,
    ];

    /// Returns the name as written in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Recorded => "recorded",
            Self::Attributed => "attributed",
            Self::Vouched => "vouched",
            Self::Signed => "signed",
            Self::Decided => "decided",
            Self::Witnessed => "witnessed",
            Self::Anchored => "anchored",
        }
    }

    /// Returns the level a manifest names.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}
