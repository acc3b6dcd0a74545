//! How many diagnostics there are with each fingerprint: what two runs have in common.

use std::collections::HashMap;

use deed_linter::Diagnostic;

/// Fingerprints, each as often as it comes.
#[derive(Clone, Default)]
pub(super) struct Fingerprints(HashMap<String, usize>);

impl Fingerprints {
    pub(super) fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut all = Self::default();
        for diagnostic in diagnostics {
            *all.0.entry(diagnostic.fingerprint.to_string()).or_default() += 1;
        }
        all
    }

    /// Takes one out; returns whether it was there.
    pub(super) fn take(&mut self, fingerprint: &str) -> bool {
        match self.0.get_mut(fingerprint) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}
