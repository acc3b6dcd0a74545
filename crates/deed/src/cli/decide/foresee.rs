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
    /// Says what the rules will say.
    pub(super) fn warn(&self) {
        for diagnostic in &self.diagnostics {
            say("warning", &format!("{} ({})", words::plain(&diagnostic.message), diagnostic.rule.id));
            for help in diagnostic.help.iter().take(1) {
                say("hint", &words::plain(help));
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
    let new: Vec<&Written> = decisions.iter().filter(|it| is_new(it, &ledger.committed, &after)).collect();
    let intended: Vec<Intended<'_>> =
        new.iter().map(|it| Intended { section: it.section, id: &it.id, verb: it.verb, by: &person.head.id }).collect();
    let known = history::foresee(&here.root, &here.workspace, &after, &changed, &intended)
        .map_err(|error| history_mistake(&error))?;
    let mut all = Vec::new();
    for (decision, known) in new.into_iter().zip(known) {
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
        all.push((decision, known));
    }
    let diagnostics = said(&ledger.committed, &after, &all, today);
    Ok(Foresight { decisions: all, diagnostics })
}

/// What the rules say of the new decisions, and not of what was there before.
fn said(before: &Workspace, after: &Workspace, new: &[(&Written, Foreseen)], today: Date) -> Vec<Diagnostic> {
    let all = |workspace| deed_linter::lint(&Inputs { workspace, today, exists: None, history: None }).diagnostics;
    let before = all(before);
    let is_new = |diagnostic: &Diagnostic| before.iter().all(|known| known.fingerprint != diagnostic.fingerprint);
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
