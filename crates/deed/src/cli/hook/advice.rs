//! Whose decisions a commit is about to record for them.

use std::path::Path;

use anyhow::Result;
use deed_history::Repository;
use deed_linter::words;
use deed_model::Register;

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
    let nothing = Register::default();
    for project in &staged.projects {
        let register = project.workspace.register();
        let was = before.iter().find(|before| before.root == project.root);
        let was = was.map_or(&nothing, |before| before.workspace.register());
        let me = register.person_at(&author.email).map(|person| person.head.id.as_str());
        for (head, decision) in register.decisions_beyond(was) {
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
