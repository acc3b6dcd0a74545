//! Decisions that are recorded already.

use anyhow::Result;
use deed_linter::words;
use deed_model::evidence::History;
use deed_model::{Date, Person};

use super::ledger::Ledger;
use super::outcome;
use super::write::Written;
use crate::cli::say;
use crate::exit::Mistake;

/// Refuses to leave it at decisions that are recorded already, where they do not suffice: with the same values no commit
/// makes them anew.
pub(super) fn is_enough(
    ledger: &Ledger,
    decisions: &[&Written],
    person: &Person,
    history: Option<&History>,
) -> Result<(), Mistake> {
    for decision in decisions {
        let Some(why) = lacks(ledger, decision, person, history) else { continue };
        let address = format!("{}.{}", decision.address(), decision.verb.key());
        return Err(Mistake::new(format!("`{address}` is recorded like that already, {why}"))
            .hint("a decision is a new one where it says something else: say what is new with `--note`"));
    }
    Ok(())
}

/// Has decisions name the role that they are made in where all else is recorded already and does not suffice, such as a draft
/// that somebody agrees to as it is: by that, what the commit writes is the decider's own.
pub(super) fn renew<'h>(
    decisions: &mut [Written],
    ledger: &Ledger,
    person: &Person,
    history: &dyn Fn() -> Result<Option<&'h History>>,
    today: Date,
) -> Result<()> {
    let register = ledger.committed.register();
    for decision in decisions {
        let Some(head) = register.subject(decision.section, &decision.id) else { continue };
        let subject = ledger.committed.node(head.key.file, head.node);
        let decider = register.decider(register, head, decision.verb, person, today);
        let Some(role) = decider.and_then(|decider| decider.role).map(|role| &role.head.id) else { continue };
        let in_role = decision.in_role(role);
        let (is_there, is_there_in_role) = (decision.is_in(subject), in_role.is_in(subject));
        if is_there == is_there_in_role {
            continue;
        }
        match (is_there, lacks(ledger, decision, person, history()?)) {
            (true, Some(why)) => {
                let address = format!("{}.{}", decision.address(), decision.verb.key());
                say(
                    "note",
                    &format!("`{address}` is recorded like that already, {why}; it names the role `{role}` now"),
                );
                *decision = in_role;
            }
            (false, None) => *decision = in_role,
            // With the role there already, leaving it out is as new as naming it elsewhere.
            _ => {}
        }
    }
    Ok(())
}

/// Why a decision that is recorded does not suffice; `None` where it does, or nothing is known of it.
fn lacks(ledger: &Ledger, decision: &Written, person: &Person, history: Option<&History>) -> Option<String> {
    let register = ledger.committed.register();
    let (_, evidence) = outcome::find(register, history?, decision, &person.head.id)?;
    let required = deed_linter::required(register, decision.section, decision.verb);
    match evidence.outdated_by.first() {
        Some(change) => {
            Some(format!("but `{}` has changed since, in {}", change.what, words::short(&change.commit.id)))
        }
        None if evidence.is_transplanted => {
            Some("but was decided on something else, by its commit's message".to_owned())
        }
        None if evidence.level < required => {
            Some(format!("but is `{}` only, and `{}` is asked for", evidence.level.name(), required.name()))
        }
        None => None,
    }
}

/// Says how decisions are there already.
pub(super) fn said(decisions: &[&Written], how: &str) {
    for decision in decisions {
        say("note", &format!("`{}.{}` is {how} like that already", decision.address(), decision.verb.key()));
    }
}
