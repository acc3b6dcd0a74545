//! Decisions that are recorded already.

use deed_linter::words;
use deed_model::Person;
use deed_model::evidence::History;

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
    let register = ledger.committed.register();
    for decision in decisions {
        let Some(evidence) =
            history.and_then(|history| Some(outcome::find(register, history, decision, &person.head.id)?.1))
        else {
            continue;
        };
        let required = deed_linter::required(register, decision.section, decision.verb);
        let why = match evidence.outdated_by.first() {
            Some(change) => format!("but `{}` has changed since, in {}", change.what, words::short(&change.commit.id)),
            None if evidence.is_transplanted => "but was decided on something else, by its commit's message".to_owned(),
            None if evidence.level < required => {
                format!("but is `{}` only, and `{}` is asked for", evidence.level.name(), required.name())
            }
            None => continue,
        };
        let address = format!("{}.{}", decision.address(), decision.verb.key());
        return Err(Mistake::new(format!("`{address}` is recorded like that already, {why}"))
            .hint("a decision is a new one where it says something else: say what is new with `--note`"));
    }
    Ok(())
}

/// Says how decisions are there already.
pub(super) fn said(decisions: &[&Written], how: &str) {
    for decision in decisions {
        say("note", &format!("`{}.{}` is {how} like that already", decision.address(), decision.verb.key()));
    }
}
