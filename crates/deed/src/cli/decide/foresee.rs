//! What is known of decisions before they are committed: their fingerprints, what of their content is not committed, and
//! what the rules will say of them.

use std::sync::Arc;

use anyhow::{Result, bail};
use deed_history::evidence::{Foreseen, Intended};
use deed_linter::{Diagnostic, Inputs, Severity, words};
use deed_model::{Date, FileId, Person, Workspace};

use super::ledger::Ledger;
use super::write::Written;
use crate::cli::evidence::history_mistake;
use crate::cli::say;
use crate::exit::Mistake;
use crate::load::commit::ChangedFile;
use crate::load::{Project, history};

/// What is known of decisions.
pub(super) struct Foresight<'d> {
    /// Those that are new, each with what is known of it.
    pub(super) decisions: Vec<(&'d Written, Foreseen)>,
    /// What the rules will say of them.
    diagnostics: Vec<Diagnostic>,
}

impl Foresight<'_> {
    /// Refuses what the rules would call an error where an option mends it: the commit's hooks or a gate would refuse it
    /// later, when there is more to take back.
    pub(super) fn refuse(&self) -> Result<(), Mistake> {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error && it.rule.id == WITHOUT_NOTE;
        match self.diagnostics.iter().find(is_error) {
            None => Ok(()),
            Some(diagnostic) => {
                let mistake = Mistake::new(format!("{} ({})", words::plain(&diagnostic.message), diagnostic.rule.id));
                Err(help(diagnostic).into_iter().fold(mistake, Mistake::hint))
            }
        }
    }

    /// Says what the rules will say.
    pub(super) fn warn(&self) {
        for diagnostic in &self.diagnostics {
            say("warning", &format!("{} ({})", words::plain(&diagnostic.message), diagnostic.rule.id));
            if let Some(help) = help(diagnostic) {
                say("hint", &help);
            }
        }
    }
}

/// What is known of the decisions before they are committed; those that are there already are left out. Refuses to decide
/// on what is not what lies here.
pub(super) fn foresee<'d>(
    ledger: &Ledger,
    here: &Project,
    files: &[(FileId, ChangedFile)],
    decisions: &'d [Written],
    person: &Person,
    today: Date,
) -> Result<Foresight<'d>> {
    let parsed = |(file, changed): &(FileId, ChangedFile)| {
        let format = ledger.committed.manifest(*file).parse.format();
        (*file, Arc::new(deed_syntax::parse(changed.committed.after.as_str(), format)))
    };
    let after = ledger.committed.edited(files.iter().map(parsed));
    let changed: Vec<FileId> = files.iter().map(|(file, _)| *file).collect();
    let intended =
        decisions.iter().map(|it| Intended { section: it.section, id: &it.id, verb: it.verb, by: &person.head.id });
    let known = history::foresee(&here.root, &here.workspace, &after, &changed, &intended.collect::<Vec<_>>())
        .map_err(|error| history_mistake(&error))?;
    let mut all = Vec::new();
    for (decision, known) in decisions.iter().zip(known) {
        let Some(known) = known else {
            bail!("`{}` is not in the manifest that it was written into: this is a bug in Deed", decision.address());
        };
        if let [first, rest @ ..] = known.uncommitted.as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let verb = words::infinitive(decision.verb);
            return Err(Mistake::new(format!("`{first}`{more} is changed here and not committed"))
                .hint(format!("you would {verb} what is committed: commit the change first, or take it back"))
                .into());
        }
        if is_new(decision, &ledger.committed, &after) {
            all.push((decision, known));
        }
    }
    let diagnostics = said(&ledger.committed, &after, &all, today);
    Ok(Foresight { decisions: all, diagnostics })
}

/// The rule whose diagnostic `--note` mends.
const WITHOUT_NOTE: &str = "acceptance-without-rationale";

/// What to do about a diagnostic of a decision that is about to be made.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    if diagnostic.rule.id == WITHOUT_NOTE {
        return Some("say why it can be lived with, and on what conditions: `--note \"…\"`".to_owned());
    }
    diagnostic.help.first().map(|help| words::plain(help).into_owned())
}

/// What the rules say of the new decisions, and not of what was there before.
fn said(before: &Workspace, after: &Workspace, new: &[(&Written, Foreseen)], today: Date) -> Vec<Diagnostic> {
    let all = |workspace| deed_linter::lint(&Inputs { workspace, today, exists: None, history: None }).diagnostics;
    let before = all(before);
    // A decision that is made anew without a note lacks it anew.
    let is_new = |diagnostic: &Diagnostic| {
        diagnostic.rule.id == WITHOUT_NOTE || before.iter().all(|known| known.fingerprint != diagnostic.fingerprint)
    };
    let is_about = |diagnostic: &Diagnostic| {
        let decision = |it: &Written| format!("{}.{}", it.address(), it.verb.key());
        new.iter().any(|(it, _)| diagnostic.key_path.starts_with(&decision(it)))
    };
    let mut found = all(after);
    found.retain(|diagnostic| diagnostic.severity >= Severity::Warning && is_about(diagnostic) && is_new(diagnostic));
    found
}

/// Whether a decision stands in a register and did not stand in the one before.
fn is_new(decision: &Written, before: &Workspace, after: &Workspace) -> bool {
    let made = |workspace: &Workspace| {
        let of = workspace.register().decisions();
        let of = of.filter(|(head, it)| {
            (head.section, head.id.as_str(), it.verb) == (decision.section, decision.id.as_str(), decision.verb)
        });
        of.map(|(_, it)| workspace.text(it.range).to_owned()).collect::<Vec<_>>()
    };
    made(before) != made(after)
}
