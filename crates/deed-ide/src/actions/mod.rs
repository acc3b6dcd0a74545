//! What can be done about a stretch of a manifest: fixes, suppressions, decisions.

mod fixes;
mod record;
mod suppress;

use deed_linter::{Applicability, Diagnostic, FileEdit};
use deed_model::{FileId, FileRange, Verb};
use deed_syntax::{TextRange, TextSize};

use crate::Analysis;

/// Something that can be done.
#[derive(Clone, Debug)]
pub struct Action {
    /// What it does, imperative.
    pub title: String,
    /// What sort of action it is.
    pub kind: ActionKind,
    /// The edits, which belong together.
    pub edits: Vec<FileEdit>,
    /// The diagnostics it is for, by their place in [`Analysis::diagnostics`].
    pub diagnostics: Vec<usize>,
    /// It is the one to take if nobody chooses.
    pub is_preferred: bool,
    /// What is to be filled in then: a manifest and an offset in its new text.
    pub cursor: Option<(FileId, TextSize)>,
}

/// Sorts of actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    /// Mends one diagnostic.
    Fix(Applicability),
    /// Mends every diagnostic of one rule in the manifest, as far as that is safe.
    FixRule,
    /// Mends every diagnostic in the manifest, as far as that is safe.
    FixAll,
    /// Holds a diagnostic back, with a reason that somebody has to give.
    Suppress,
    /// Records a decision of the person who sits there.
    Decide(Verb),
}

impl Analysis<'_> {
    /// Returns what can be done about a stretch of a manifest, in the order to show it.
    pub fn actions(&self, at: FileRange) -> Vec<Action> {
        let touched: Vec<usize> = self.touching(at).collect();
        let mut all = self.fixes(&touched);
        all.extend(self.decisions_to_make(at));
        all.extend(touched.iter().flat_map(|number| self.suppressions(*number)));
        all.extend(self.fix_rules(at.file, &touched));
        all.extend(self.fix_all(at.file));
        all
    }

    /// The diagnostics that a stretch touches.
    fn touching(&self, at: FileRange) -> impl Iterator<Item = usize> {
        let touches = move |diagnostic: &Diagnostic| {
            diagnostic.span.file == at.file && diagnostic.span.range.intersect(at.range).is_some()
        };
        self.diagnostics.iter().enumerate().filter(move |(_, diagnostic)| touches(diagnostic)).map(|(number, _)| number)
    }
}

/// Where an offset of a text is once edits are made that all lie before it or at it.
fn moved(offset: TextSize, edits: &[(TextRange, &str)]) -> TextSize {
    edits.iter().fold(offset, |offset, (range, new)| offset - range.len() + TextSize::of(*new))
}
