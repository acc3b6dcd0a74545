//! When a key was valid, by what it says of itself.

use super::window::judge_revocation;
use super::{Interval, Outside, Reason};
use crate::Time;

/// What an OpenPGP key and the signature it made say of their validity, in Unix seconds.
///
/// Of a subkey, what is said of the primary key counts too: the later creation, the earlier expiry, all revocations.
/// Empty for SSH keys, of which only a manifest can say such things.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Lifetime {
    /// When the key was created.
    pub created: Option<i64>,
    /// When the key expires, or the signature itself.
    pub expires: Option<i64>,
    /// The revocations that the key's owner signed.
    pub revocations: Vec<Revocation>,
}

/// A key's revocation by its owner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revocation {
    /// When, by its own account.
    pub at: i64,
    /// Why. A revocation that gives no reason counts as compromise, as for GnuPG.
    pub reason: Reason,
    /// What the owner wrote about it.
    pub text: String,
}

impl Lifetime {
    /// Whether the key was valid over the whole interval, by the rules of [`Window::covers`](super::Window::covers).
    pub fn covers(&self, interval: &Interval) -> Result<(), Outside> {
        let day = |seconds| Time { seconds, offset_minutes: 0 }.day();
        let (first, last) = (interval.not_before.seconds, interval.not_after.seconds);
        // A key is made moments before its first use, by a clock that need not be Git's: a day of grace.
        const GRACE: i64 = 86_400;
        if let Some(created) = self.created.filter(|created| first.saturating_add(GRACE) < *created) {
            return Err(Outside::Before(day(created)));
        }
        for revocation in &self.revocations {
            judge_revocation(day(revocation.at), revocation.reason, last < revocation.at, interval.anchored)?;
        }
        match self.expires {
            Some(expires) if last >= expires => Err(Outside::After(day(expires))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(lifetime: &Lifetime, first: i64, last: i64) -> bool {
        let [first, last] = [first, last].map(|seconds| Time { seconds, offset_minutes: 0 });
        lifetime.covers(&Interval::between(first, last)).is_ok()
    }

    #[test]
    fn a_key_is_valid_from_its_creation_to_its_expiry() {
        let lifetime = Lifetime { created: Some(1_000_000), expires: Some(2_000_000), revocations: Vec::new() };
        assert!(covers(&lifetime, 1_000_000, 1_999_999));
        assert!(!covers(&lifetime, 1_000_000, 2_000_000));
        assert!(!covers(&lifetime, 900_000, 1_500_000));
        assert!(covers(&Lifetime::default(), i64::MIN, i64::MAX));
    }

    #[test]
    fn a_hard_revocation_reaches_back_and_a_soft_one_does_not() {
        let revoked = |reason| {
            let revocations = vec![Revocation { at: 2_000_000, reason, text: String::new() }];
            Lifetime { revocations, ..Lifetime::default() }
        };
        assert!(covers(&revoked(Reason::Superseded), 1_000_000, 1_999_999));
        assert!(!covers(&revoked(Reason::Superseded), 1_000_000, 2_000_000));
        assert!(!covers(&revoked(Reason::Compromised), 1_000_000, 1_500_000));
    }
}
