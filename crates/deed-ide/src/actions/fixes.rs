//! The fixes that rules give.

use deed_linter::{Applicability, Collected, FileEdit, collect_fixes, is_withheld};
use deed_model::FileId;

use crate::Analysis;
use crate::actions::{Action, ActionKind};

impl Analysis<'_> {
    /// The fixes of some diagnostics, the surest first.
    pub(super) fn fixes(&self, touched: &[usize]) -> Vec<Action> {
        let mut all: Vec<Action> = Vec::new();
        for number in touched {
            let diagnostic = &self.diagnostics[*number];
            let fixes = diagnostic.fixes.iter().filter(|fix| !is_withheld(self.workspace, diagnostic, fix));
            // One that is only shown says what to do; here it has to do it.
            let fixes = fixes.filter(|fix| !fix.edits.is_empty());
            let mut is_first = true;
            for fix in fixes {
                let title = capitalized(&fix.title);
                let same = |action: &&mut Action| action.title == title && is_same(&action.edits, &fix.edits);
                if let Some(same) = all.iter_mut().find(same) {
                    same.diagnostics.push(*number);
                    continue;
                }
                let is_safe = fix.applicability == Applicability::Safe;
                all.push(Action {
                    title,
                    kind: ActionKind::Fix(fix.applicability),
                    edits: fix.edits.clone(),
                    diagnostics: vec![*number],
                    is_preferred: is_safe && is_first,
                    cursor: None,
                });
                is_first = false;
            }
        }
        let sureness = |action: &Action| match action.kind {
            ActionKind::Fix(applicability) => std::cmp::Reverse(applicability),
            _ => std::cmp::Reverse(Applicability::Display),
        };
        all.sort_by_key(sureness);
        all
    }

    /// For each rule that speaks here and of which a manifest has several diagnostics: all its fixes at once.
    pub(super) fn fix_rules(&self, file: FileId, touched: &[usize]) -> Vec<Action> {
        let mut rules: Vec<&str> = Vec::new();
        for number in touched {
            let rule = self.diagnostics[*number].rule.id;
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let several = |rule: &&str| {
            let (collected, numbers) = self.safe_fixes(file, Some(rule));
            (collected.applied > 1).then(|| Action {
                title: format!("Fix all `{rule}` in this manifest"),
                kind: ActionKind::FixRule,
                edits: edits_of(collected),
                diagnostics: numbers,
                is_preferred: false,
                cursor: None,
            })
        };
        rules.iter().filter_map(several).collect()
    }

    /// Returns every safe fix of a manifest's diagnostics at once; `None` where there is none. Fixes that touch the same
    /// text as another are left for the next time.
    pub fn fix_all(&self, file: FileId) -> Option<Action> {
        let (collected, numbers) = self.safe_fixes(file, None);
        (collected.applied > 0).then(|| Action {
            title: "Fix everything that is safe to fix in this manifest".to_owned(),
            kind: ActionKind::FixAll,
            edits: edits_of(collected),
            diagnostics: numbers,
            is_preferred: false,
            cursor: None,
        })
    }

    /// What `deed check --fix` would do about one manifest in its first round, as far as it stays in it.
    fn safe_fixes(&self, file: FileId, rule: Option<&str>) -> (Collected, Vec<usize>) {
        let stays = |number: &usize| {
            let diagnostic = &self.diagnostics[*number];
            let first = diagnostic.fixes.iter().find(|fix| fix.applicability == Applicability::Safe);
            diagnostic.span.file == file
                && rule.is_none_or(|rule| diagnostic.rule.id == rule)
                && first.is_some_and(|fix| fix.edits.iter().all(|edit| edit.file == file))
        };
        let numbers: Vec<usize> = (0..self.diagnostics.len()).filter(stays).collect();
        let diagnostics = numbers.iter().map(|number| &self.diagnostics[*number]);
        (collect_fixes(self.workspace, diagnostics, Applicability::Safe), numbers)
    }
}

fn edits_of(collected: Collected) -> Vec<FileEdit> {
    let of_file = |(file, edits): (FileId, Vec<_>)| edits.into_iter().map(move |edit| FileEdit { file, edit });
    collected.edits.into_iter().flat_map(of_file).collect()
}

/// A title as editors show it; in a terminal it stands behind a colon.
fn capitalized(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn is_same(a: &[FileEdit], b: &[FileEdit]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.file == b.file && a.edit == b.edit)
}
