//! Counts what a report says.

use std::collections::{BTreeMap, HashSet};

use deed_linter::{Applicability, Diagnostic, Group, Rule, Severity};
use deed_model::FileId;

use super::Report;

/// Diagnostics by severity.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Counts {
    /// How many errors.
    pub(crate) errors: usize,
    /// How many warnings.
    pub(crate) warnings: usize,
    /// How many infos.
    pub(crate) infos: usize,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }

    /// Returns how many of any severity.
    pub(crate) const fn total(&self) -> usize {
        self.errors + self.warnings + self.infos
    }

    /// Returns the parts that are not zero, worst first, each with its name.
    pub(crate) fn parts(&self) -> Vec<(Severity, String)> {
        let all = [
            (Severity::Error, self.errors, "error"),
            (Severity::Warning, self.warnings, "warning"),
            (Severity::Info, self.infos, "info"),
        ];
        let some = all.into_iter().filter(|(_, count, _)| *count > 0);
        some.map(|(severity, count, noun)| (severity, counted(count, noun))).collect()
    }
}

/// What a report counts up to.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    /// All diagnostics.
    pub(crate) all: Counts,
    /// By what they are about.
    pub(crate) groups: BTreeMap<Group, Counts>,
    /// By rule, most first.
    pub(crate) rules: Vec<(&'static Rule, Severity, usize, bool)>,
    /// How many manifests were asked for.
    pub(crate) manifests: usize,
    /// How many of them have diagnostics.
    pub(crate) affected: usize,
    /// How many diagnostics `--fix` mends.
    pub(crate) safe: usize,
    /// How many more `--unsafe-fixes` does.
    pub(crate) likely: usize,
    /// How many diagnostics suppressions held back.
    pub(crate) suppressed: usize,
    /// How many more are in the baseline.
    pub(crate) baselined: usize,
    /// How many more were there before.
    pub(crate) old: usize,
    /// How many diagnostics there are in manifests that were not asked for.
    pub(crate) elsewhere: usize,
    /// How many only wait for somebody's act.
    pub(crate) waiting: usize,
    /// The controls of every register.
    pub(crate) controls: usize,
    /// The risks of every register.
    pub(crate) risks: usize,
}

impl Tally {
    /// Counts.
    pub(crate) fn of(report: &Report) -> Self {
        let mut tally = Self::default();
        let mut rules: BTreeMap<&str, (&'static Rule, Severity, usize, bool)> = BTreeMap::new();
        for judged in &report.judged {
            let mut affected: HashSet<FileId> = HashSet::new();
            for diagnostic in &judged.diagnostics {
                affected.insert(diagnostic.span.file);
                tally.all.add(diagnostic.severity);
                tally.waiting += usize::from(diagnostic.rule.awaits());
                tally.groups.entry(diagnostic.rule.group).or_default().add(diagnostic.severity);
                let mendable = mendable(diagnostic);
                match mendable {
                    Some(Applicability::Safe) => tally.safe += 1,
                    Some(Applicability::Unsafe) => tally.likely += 1,
                    _ => {}
                }
                let rule = diagnostic.rule;
                let (_, severity, count, fixable) = rules.entry(rule.id).or_insert((rule, Severity::Info, 0, false));
                *severity = diagnostic.severity.max(*severity);
                *count += 1;
                *fixable |= mendable.is_some();
            }
            let register = judged.project.workspace.register();
            tally.affected += affected.len();
            tally.manifests += judged.project.asked();
            tally.suppressed += judged.suppressed.len();
            tally.baselined += judged.baselined.len();
            tally.old += judged.old;
            tally.elsewhere += judged.elsewhere;
            tally.controls += register.controls.len();
            tally.risks += register.risks.len();
        }
        tally.rules = rules.into_values().collect();
        tally.rules.sort_by_key(|(_, severity, count, _)| std::cmp::Reverse((*count, *severity)));
        tally
    }

    /// Returns what is not among the diagnostics and why, as in "3 suppressed", leaving out what there is none of.
    pub(crate) fn aside(&self) -> Vec<String> {
        let all = [(self.suppressed, "suppressed"), (self.baselined, "in the baseline"), (self.old, "there before")];
        all.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

/// Returns how sure the surest fix is that can be applied at all.
fn mendable(diagnostic: &Diagnostic) -> Option<Applicability> {
    let fixes = diagnostic.fixes.iter().map(|fix| fix.applicability);
    fixes.filter(|applicability| *applicability != Applicability::Display).max()
}

/// Returns several things in a row, as in "one, two and three".
pub(crate) fn joined(parts: &[impl AsRef<str>]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}

/// Returns a number with its noun, as in "3 errors".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
