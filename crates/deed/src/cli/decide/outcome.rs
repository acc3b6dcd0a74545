//! What came of it: the commit, how far the proof goes, and what would take it further.

use std::path::Path;

use anyhow::Result;
use deed_linter::words::{self, against, plain, short};
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Level, Person, Register};

use super::write::Written;
use crate::cli::evidence::{history_mistake, look_at};
use crate::cli::terminal::Terminal;
use crate::cli::wrap::wrap;
use crate::cli::{print, say};
use crate::exit::Exit;
use crate::load::commit::Made;
use crate::load::history::{self, Proof};

pub(super) struct Outcome<'o> {
    pub(super) root: &'o Path,
    pub(super) made: &'o Made,
    pub(super) branch: Option<&'o str>,
    pub(super) subject: &'o str,
    pub(super) person: &'o Person,
    pub(super) decisions: &'o [&'o Written],
    pub(super) is_signed: bool,
    pub(super) today: Date,
    pub(super) terminal: &'o Terminal,
}

/// Says what came of it.
pub(super) fn tell(outcome: &Outcome<'_>) -> Result<Exit> {
    let here = look_at(outcome.root, None)?;
    let history = history::of(outcome.root, &here.workspace, &Proof::default());
    let history = history.map_err(|error| history_mistake(&error))?.unwrap_or_default();
    let register = here.workspace.register();
    let paint = outcome.terminal.paint;
    print(|out| {
        let (strong, code, faint) = (paint.strong, paint.code, paint.faint);
        let branch = outcome.branch.unwrap_or("detached HEAD");
        writeln!(out, "\n[{branch} {code}{}{code:#}] {}", short(&outcome.made.id), plain(outcome.subject))?;
        for written in outcome.decisions {
            let address = format!("{}.{}", written.address(), written.verb.key());
            let Some((decision, evidence)) = find(register, &history, written, &outcome.person.head.id) else {
                writeln!(out, "{strong}{address}{strong:#} is committed; a sparse checkout leaves it out here")?;
                continue;
            };
            let level = match evidence.level {
                Level::Asserted | Level::Recorded => paint.warning,
                Level::Attributed | Level::Vouched => paint.strong,
                _ => paint.good,
            };
            writeln!(out, "{strong}{address}{strong:#} is {level}{}{level:#}", evidence.level.name())?;
            let room = outcome.terminal.width.saturating_sub(4).max(30);
            for said in against(evidence, register) {
                for (nth, line) in wrap(&said, room).into_iter().enumerate() {
                    let mark = if nth == 0 { "!" } else { " " };
                    writeln!(out, "  {0}{mark}{0:#} {line}", paint.warning)?;
                }
            }
            for said in next(outcome, register, &history, decision, evidence) {
                for line in wrap(&plain(&said), room) {
                    writeln!(out, "    {faint}{line}{faint:#}")?;
                }
            }
        }
        Ok(())
    })?;
    if !outcome.made.also.is_empty() {
        let paths: Vec<String> = outcome.made.also.iter().map(|path| format!("`{}`", plain(path))).collect();
        say("warning", &format!("a hook put more into the commit: {}", paths.join(", ")));
    }
    if outcome.branch.is_none() {
        say("warning", "HEAD is detached, so the commit is on no branch");
        say("hint", "`git switch -c NAME` keeps it");
    }
    Ok(Exit::Clean)
}

/// The decision as it stands now, and what history proves of it.
fn find<'h>(
    register: &'h Register,
    history: &'h History,
    written: &Written,
    by: &str,
) -> Option<(&'h Decision, &'h DecisionEvidence)> {
    let is_it = |decision: &Decision| decision.verb == written.verb && decision.is_by(by);
    let decisions = register.decisions().filter(|(head, _)| (head.section, &head.id) == (written.section, &written.id));
    let decision = decisions.map(|(_, decision)| decision).filter(|decision| is_it(decision)).last()?;
    Some((decision, history.of(decision.range)?))
}

/// What would take the proof further, and what is still to come.
fn next(
    outcome: &Outcome<'_>,
    register: &Register,
    history: &History,
    decision: &Decision,
    evidence: &DecisionEvidence,
) -> Vec<String> {
    let mut said = Vec::new();
    let next = Level::ALL.into_iter().find(|level| *level > evidence.level && *level != Level::Vouched);
    if evidence.level == Level::Attributed && !outcome.is_signed {
        said.push("unsigned: with a registered key in `user.signingKey` the next one is `decided`".to_owned());
    } else if let Some(next) = next {
        let steps = words::raise(register, decision, evidence, next, outcome.today);
        said.extend(steps.into_iter().map(|step| format!("to be `{}`: {step}", next.name())));
    }
    if let (None, Some(found)) = (&evidence.adoption, &history.branch.found) {
        said.push(format!("it counts as adopted once this is merged into `{found}`"));
    }
    if evidence.first_use {
        said.push("trust on first use: nothing before it vouches for who you are".to_owned());
    }
    said
}
