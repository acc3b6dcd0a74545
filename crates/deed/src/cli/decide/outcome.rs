//! What came of it: the commit, how far the proof goes, and what would take it further.

use std::io::{self, Write};
use std::path::Path;

use annotate_snippets::renderer::Style;
use anyhow::Result;
use deed_linter::words::{self, against, plain, short};
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Level, Person, Register};

use super::write::Written;
use crate::cli::evidence::{history_mistake, look_at};
use crate::cli::terminal::Terminal;
use crate::cli::wrap::wrap;
use crate::cli::{print, say};
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
    /// A sparse checkout leaves out some of the manifests.
    pub(super) is_sparse: bool,
    pub(super) today: Date,
    pub(super) terminal: &'o Terminal,
}

/// Says that the commit is made.
pub(super) fn made(outcome: &Outcome<'_>) -> Result<()> {
    let paint = outcome.terminal.paint;
    let branch = outcome.branch.unwrap_or("detached HEAD");
    let id = short(&outcome.made.id);
    print(|out| writeln!(out, "\n[{branch} {0}{id}{0:#}] {1}", paint.code, plain(outcome.subject)))
}

/// Says how far the proof goes.
pub(super) fn tell(outcome: &Outcome<'_>) -> Result<()> {
    let paint = outcome.terminal.paint;
    let here = look_at(outcome.root, None)?;
    let history = history::of(outcome.root, &here.workspace, &Proof::default());
    let history = history.map_err(|error| history_mistake(&error))?.unwrap_or_default();
    let register = here.workspace.register();
    print(|out| {
        let (strong, faint) = (paint.strong, paint.faint);
        let room = outcome.terminal.width.saturating_sub(4).max(30);
        let mut steps = Vec::new();
        for written in outcome.decisions {
            let address = format!("{}.{}", written.address(), written.verb.key());
            let Some((decision, evidence)) = find(register, &history, written, &outcome.person.head.id) else {
                let how = match outcome.is_sparse {
                    true => "is committed; a sparse checkout leaves it out here",
                    false => "does not stand here any more",
                };
                writeln!(out, "{strong}{address}{strong:#} {how}")?;
                continue;
            };
            let level = match evidence.level {
                Level::Asserted | Level::Recorded => paint.warning,
                Level::Attributed | Level::Vouched => paint.strong,
                _ => paint.good,
            };
            writeln!(out, "{strong}{address}{strong:#} is {level}{}{level:#}", evidence.level.name())?;
            for said in against(evidence, register) {
                listed("!", paint.warning, &wrap(&said, room), out)?;
            }
            for step in next(outcome, register, &history, decision, evidence) {
                // Of several decisions most want the same.
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
        }
        for step in steps {
            listed("-", faint, &wrap(&plain(&step), room), out)?;
        }
        Ok(())
    })?;
    if outcome.branch.is_none() {
        say("warning", "HEAD is detached, so the commit is on no branch");
        say("hint", "`git switch -c NAME` keeps it");
    }
    Ok(())
}

/// Writes lines of which the first has a mark before it.
fn listed(mark: &str, style: Style, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    for (nth, line) in lines.iter().enumerate() {
        let mark = if nth == 0 { mark } else { " " };
        writeln!(out, "  {style}{mark}{style:#} {line}")?;
    }
    Ok(())
}

/// The decision as it stands now, and what history proves of it.
pub(super) fn find<'h>(
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
        let id = &outcome.person.head.id;
        said.push(if outcome.person.keys.is_empty() {
            format!("to be `decided` next time: register a key in `people.{id}.keys`, and have Git sign with it (`user.signingKey`)")
        } else {
            "to be `decided` next time: have Git sign with a registered key (`user.signingKey`, `commit.gpgSign`)".to_owned()
        });
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
