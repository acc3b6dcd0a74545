//! What hooks put into the commit of a decision.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use deed_history::differing;
use deed_history::signature::PublicKey;
use deed_linter::words::{plain, short};
use deed_model::{FileId, Manifest, Workspace};

use super::ledger::Ledger;
use crate::cli::say;
use crate::exit::Exit;
use crate::load::commit::{ChangedFile, Made};
use crate::load::{self, Project, State, stored};

/// Says what is in a commit beside the decisions that were announced. Where that is more than files the register knows
/// nothing of, and manifests that say the same in another form, it is no clean end: whoever decides signs all of it.
pub(super) fn tell(ledger: &Ledger, root: &Path, files: &[(FileId, ChangedFile)], made: &Made) -> Result<Exit> {
    if made.also.is_empty() && made.altered.is_empty() {
        return Ok(Exit::Clean);
    }
    let more = more(ledger, root, files, made)?;
    if more.is_empty() {
        let named = |paths: &[String]| paths.iter().map(|path| format!("`{}`", plain(path))).collect::<Vec<_>>();
        if !made.also.is_empty() {
            say("warning", &format!("a hook put more into the commit: {}", named(&made.also).join(", ")));
        }
        if !made.altered.is_empty() {
            let paths = named(&made.altered).join(", ");
            say("note", &format!("a hook wrote {paths} in another form; the values are those that you decided on"));
        }
        return Ok(Exit::Clean);
    }
    let id = short(&made.id);
    let more: Vec<_> = more.iter().map(|it| format!("`{}`", plain(it))).collect();
    say("error", &format!("a hook made another commit of it than you were shown; it differs in {}", more.join(", ")));
    say("hint", &format!("`git show {id}` shows all that the commit says in your name"));
    // It keeps what is staged and what lies here, and the commit itself stays in the reflog.
    let is_last = ledger.git.line(&["rev-parse", "HEAD"]).is_ok_and(|head| head == made.id);
    say(
        "hint",
        &match is_last {
            true => format!(
                "`git reset --soft {}` takes it back and loses nothing: what is in it stays staged",
                short(&ledger.head)
            ),
            false => format!("`git revert {id}` takes it back, by another commit"),
        },
    );
    Ok(Exit::Diagnostics)
}

/// What the register says otherwise than with the announced decisions: addresses, and paths of files that count as part of
/// subjects.
fn more(ledger: &Ledger, root: &Path, files: &[(FileId, ChangedFile)], made: &Made) -> Result<Vec<String>> {
    let read = |commit: &str| -> Result<Vec<Project>> {
        Ok(stored::whole(&ledger.top, &State::Commit(commit.to_owned()), None)?.projects)
    };
    let planned = |(file, changed): &(FileId, ChangedFile)| {
        let format = ledger.committed.manifest(*file).parse.format();
        (*file, deed_syntax::parse(changed.committed.after.as_str(), format).into())
    };
    let planned = ledger.committed.edited(files.iter().map(planned));
    let (before, after) = (read(&ledger.head)?, read(&made.id)?);
    let mut more = Vec::new();
    let roots = before.iter().chain(&after).map(|project| project.root.as_path());
    for at in roots.collect::<BTreeSet<_>>() {
        let of = |projects: &[Project]| -> Vec<Manifest> {
            let project = projects.iter().find(|project| project.root == at);
            project.map_or_else(Vec::new, |project| project.workspace.manifests().to_vec())
        };
        let meant = if at == root { planned.manifests().to_vec() } else { of(&before) };
        let below = at.strip_prefix(&ledger.top).map(load::slashed).unwrap_or_default();
        let differ = differing(&meant, &of(&after)).into_iter();
        // Of another register it is said which.
        more.extend(differ.map(|it| if at == root { it } else { format!("{below}: {it}") }));
    }
    for project in &after {
        let below = project.root.strip_prefix(&ledger.top).map(load::slashed).unwrap_or_default();
        let counts = named(&project.workspace);
        let is_named =
            |path: &&String| counts.iter().any(|known| Path::new(&below).join(known) == Path::new(path.as_str()));
        more.extend(made.also.iter().filter(is_named).cloned());
    }
    Ok(more)
}

/// The files that count as part of subjects: texts of policies, and keys.
fn named(workspace: &Workspace) -> Vec<&str> {
    let register = workspace.register();
    let documents = register.policies.iter().filter_map(|policy| policy.document.as_ref()).map(|path| path.as_str());
    let forges = register.evidence().into_iter().flat_map(|evidence| &evidence.forges);
    let keys = register.people.iter().flat_map(|person| &person.keys).chain(forges).map(|key| key.key.trim());
    documents.chain(keys.filter(|key| PublicKey::is_path(key))).collect()
}
