//! How many diagnostics there are of each kind: what two runs have in common.

use std::collections::HashMap;
use std::hash::Hash;

/// What tells diagnostics apart, as a rule their fingerprint, each as often as it comes.
#[derive(Clone)]
pub(crate) struct Known<K>(HashMap<K, usize>);

impl<K: Hash + Eq> Known<K> {
    pub(crate) fn of(keys: impl Iterator<Item = K>) -> Self {
        let mut all = HashMap::new();
        for key in keys {
            *all.entry(key).or_default() += 1;
        }
        Self(all)
    }

    /// Takes one out; returns whether it was there.
    pub(crate) fn take(&mut self, key: &K) -> bool {
        match self.0.get_mut(key) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}
