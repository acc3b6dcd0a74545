//! Whose decisions a commit is about to record for them.

use std::collections::HashSet;
use std::path::Path;

use anyhow::Result;
use deed_history::Repository;
use deed_linter::words;
use deed_model::{Date, Decision, Head, Register, Section, Verb};

use super::super::evidence::history_mistake;
use super::super::say;
use crate::load::git::Git;
use crate::load::{Loaded, State, is_there, stored};

/// Says which decisions of somebody else's the commit in the making records. That is no mistake, but no proof either.
pub(super) fn give() -> Result<()> {
    let here = Path::new(".");
    let repository = Repository::open(here).map_err(|error| history_mistake(&error))?;
    // What a merge brings in was recorded elsewhere, and in a rebase others are the authors.
    if ["MERGE_HEAD", "rebase-merge", "rebase-apply"].iter().any(|name| is_there(&repository.git_dir().join(name))) {
        return Ok(());
    }
    let Ok(author) = Git::at(here).author() else { return Ok(()) };
    let staged = stored::whole(here, &State::Index, None)?;
    let Loaded { projects: before, .. } = stored::whole(here, &State::Commit("HEAD".to_owned()), None)?;
    for project in &staged.projects {
        let register = project.workspace.register();
        let was = before.iter().find(|before| before.root == project.root).map(|before| before.workspace.register());
        let known: HashSet<_> =
            was.into_iter().flat_map(Register::decisions).map(|(head, one)| act(head, one)).collect();
        let me = register.person_at(&author.email).map(|person| person.head.id.as_str());
        let new = register.decisions().filter(|(head, one)| !known.contains(&act(head, one)));
        for (head, decision) in new {
            let Some(by) = decision.by.as_ref().filter(|by| Some(by.as_str()) != me) else { continue };
            let address = format!("{}.{}", head.section.address(&head.id), decision.verb.key());
            let name = words::name(by, register);
            say(
                "note",
                &format!(
                    "this commit records `{address}` for {name}, as a draft: it proves nothing until they merge it, or decide themselves"
                ),
            );
            say("hint", &format!("{name} would run `deed decide {address}`"));
        }
    }
    Ok(())
}

/// What tells one act from another: about what, of which kind, by whom, when.
fn act<'r>(of: &'r Head, decision: &'r Decision) -> (Section, &'r str, Verb, Option<&'r str>, Option<Date>) {
    let by = decision.by.as_ref().map(|by| by.as_str());
    (of.section, &of.id, decision.verb, by, decision.date.as_ref().map(|date| date.value))
}
