//! `deed who`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use deed_linter::words::{self, against, name, plain, short};
use deed_model::authority::{Holder, Party};
use deed_model::evidence::{DecisionEvidence, History};
use deed_model::{Date, Decision, Register, Section, Spanned};
use serde_json::{Value, json};

use super::evidence::{history_mistake, is_believed, json, look_at};
use super::format::Format;
use super::log::{Asked, parse};
use super::place::PlaceArgs;
use super::subject::in_full;
use super::terminal::{Color, Terminal};
use super::wrap::wrap;
use super::{broken, day, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::history::{self, Proof};

/// Show who answers for a subject, on any day
///
/// Who is accountable and who does the work, who stands in, and what proves it. With `--on` the register is read as it
/// had been adopted by the end of that day: what counts is the order of adoption, not the dates people claim.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed who controls.A.8.8                    who answers for it now
  deed who controls.A.8.8 --on 2026-03-01    who answered for it on 1 March
  deed who roles.ciso                        who holds the role, and what it owns
  deed who people.ada                        what she holds and owns
  deed who risks.R-12 --format json          for a script; see `deed schema who`")]
pub(super) struct WhoArgs {
    /// The subject, as in controls.A.8.8
    #[arg(value_name = "SUBJECT")]
    subject: String,

    /// Day to answer for [default: now, with what is not committed]
    #[arg(long, value_name = "DATE", value_parser = day::parse)]
    on: Option<Date>,

    #[command(flatten)]
    place: PlaceArgs,

    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
}

/// A line of the answer.
struct Fact {
    what: &'static str,
    said: String,
    /// The role or person that is meant, by id.
    party: Option<String>,
    /// Who that comes down to, by id.
    person: Option<String>,
}

impl Fact {
    /// One that is about no single party.
    fn plain(what: &'static str, said: String) -> Self {
        Self { what, said, party: None, person: None }
    }

    fn of(what: &'static str, register: &Register, party: &str, on: Date) -> Self {
        let person = match register.party(party) {
            Some(Party::Role(role)) => match register.holder(role, on) {
                Holder::Held(person) => Some(person),
                _ => None,
            },
            Some(Party::Person(person)) => Some(person),
            None => None,
        };
        let person = person.map(|person| person.head.id.clone());
        Self { what, said: words::party(register, party, on), party: Some(party.to_owned()), person }
    }
}

pub(super) fn run(args: &WhoArgs, color: Color) -> Result<Exit> {
    let mut project = look_at(&args.place.directory, None)?;
    let register = project.workspace.register();
    let asked = in_full(&args.subject, register)?.into_owned();
    let subject = Asked::of(&asked, register).map(|decision| decision.subject.to_owned());
    if let Some(subject) = &subject {
        say("note", &format!("`{}` is a decision; who answers for what it is about, `{subject}`, is this", asked));
    }
    let subject = subject.as_ref().unwrap_or(&asked);
    let (section, id) = parse(subject)?;
    let on = args.on.unwrap_or_else(day::today);
    let mistaken = |error| history_mistake(&error);
    let (at, history) = match args.on {
        None => (None, history::of(&project.root, &project.workspace, &Proof::default()).map_err(mistaken)?),
        Some(on) => match history::on_day(&project.root, &project.workspace, on).map_err(mistaken)? {
            Some((snapshot, history)) => {
                project.workspace = snapshot.workspace.into();
                (Some(snapshot.commit.to_string()), Some(history))
            }
            None => {
                return Err(Mistake::new(format!("nothing had been adopted by {on}"))
                    .hint("`deed log SUBJECT` shows when a subject began")
                    .into());
            }
        },
    };
    let state = at.as_deref().map(|at| format!("in {}, ", short(at))).unwrap_or_default();
    let exit = broken::tell_with_history(&project.workspace, &state);
    let is_believed = history.as_ref().is_none_or(is_believed);
    let exit = if exit == Exit::Clean && !is_believed { Exit::Diagnostics } else { exit };
    let register = project.workspace.register();
    if register.subject(section, id).is_none() {
        let when = args.on.map(|on| format!(" on {on}")).unwrap_or_default();
        return Err(Mistake::new(format!("there is no `{subject}`{when}")).into());
    }
    let facts = facts(register, section, id, on);
    let proofs = proofs(register, history.as_ref(), section, id);
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => {
            let paint = &terminal.paint;
            let (strong, faint) = (paint.strong, paint.faint);
            let title = words::title(register, subject).map(|title| format!(" ({title})")).unwrap_or_default();
            let title = plain(&title);
            let state = at.as_deref().map_or_else(String::new, |at| format!(", as adopted in {}", short(at)));
            writeln!(out, "{strong}{subject}{title}{strong:#} on {on}{state}\n")?;
            let room = terminal.width.saturating_sub(18).max(30);
            for Fact { what, said, .. } in &facts {
                for (nth, line) in wrap(&plain(said), room).into_iter().enumerate() {
                    let what = if nth == 0 { what } else { "" };
                    writeln!(out, "  {faint}{what:14}{faint:#}{line}")?;
                }
            }
            for (decision, evidence) in &proofs {
                proof(register, decision, *evidence, &terminal, out)?;
            }
            Ok(())
        }
        Format::Json => {
            let document = json!({
                "version": 1,
                "subject": subject,
                "on": on.to_string(),
                "commit": at,
                "facts": facts.iter().map(fact_json).collect::<Vec<_>>(),
                "decisions": proofs.iter().map(|(decision, evidence)| proof_json(decision, *evidence)).collect::<Vec<_>>(),
            });
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)
        }
    })?;
    Ok(exit)
}

fn fact_json(fact: &Fact) -> Value {
    json!({ "what": fact.what, "who": fact.said, "party": fact.party, "person": fact.person })
}

fn proof_json(decision: &Decision, evidence: Option<&DecisionEvidence>) -> Value {
    json!({
        "decision": decision.verb.key(),
        "by": decision.by.as_ref().map(|by| by.as_str()),
        "date": decision.date.as_ref().map(|date| date.value.to_string()),
        "until": decision.until.as_ref().map(|until| until.value.to_string()),
        "level": evidence.map(|evidence| evidence.level.name()),
        "origin": evidence.and_then(|evidence| evidence.origin.as_ref()).map(|commit| &commit.id),
        "adoption": evidence.and_then(|evidence| evidence.adoption.as_ref()).map(|commit| &commit.id),
        "outdated": evidence.map(json::outdated).unwrap_or_default(),
        "problems": evidence.map(json::problems).unwrap_or_default(),
    })
}

/// Who answers for the subject, who works on it, who stands in.
fn facts(register: &Register, section: Section, id: &str, on: Date) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |what: &'static str, parties: Vec<&str>| {
        for party in parties {
            facts.push(Fact::of(what, register, party, on));
        }
    };
    fn all(list: &[Spanned<String>]) -> Vec<&str> {
        list.iter().map(|it| it.as_str()).collect()
    }
    fn one(it: Option<&Spanned<String>>) -> Vec<&str> {
        it.map(|it| it.as_str()).into_iter().collect()
    }
    let mut owner: Vec<&str> = Vec::new();
    match section {
        Section::Isms => {
            if let Some(isms) = register.isms() {
                owner = all(&isms.owner);
                add("accountable", owner.clone());
                add("custodian", one(isms.manager.as_ref()));
                add("conformity", one(isms.conformity.as_ref()));
                add("reporting", one(isms.reporting.as_ref()));
            }
        }
        Section::Controls => {
            if let Some(control) = register.controls.get(id) {
                owner = all(&control.owner);
                add("accountable", owner.clone());
                add("responsible", all(&control.responsible));
                add("consulted", all(&control.consulted));
                add("informed", all(&control.informed));
                add("sponsor", one(control.sponsor.as_ref()));
            }
        }
        Section::Policies => {
            owner = register.policies.get(id).map(|it| all(&it.owner)).unwrap_or_default();
            add("accountable", owner.clone());
        }
        Section::Risks => {
            owner = register.risks.get(id).map(|it| all(&it.owner)).unwrap_or_default();
            add("accountable", owner.clone());
        }
        Section::Exceptions => {
            owner = register.exceptions.get(id).map(|it| all(&it.owner)).unwrap_or_default();
            add("accountable", owner.clone());
        }
        Section::Departments => {
            owner = register.departments.get(id).map(|it| one(it.headed_by.as_ref())).unwrap_or_default();
            add("headed by", owner.clone());
        }
        Section::Delegations => {
            if let Some(delegation) = register.delegations.get(id) {
                add("accountable", one(delegation.from.as_ref()));
                add("does the task", one(delegation.to.as_ref()));
            }
        }
        Section::Reviews => {
            if let Some(review) = register.reviews.get(id) {
                add("chair", one(review.chair.as_ref()));
                add("lead", one(review.lead.as_ref()));
            }
        }
        Section::Roles => {
            owner = vec![id];
            add("held by", vec![id]);
        }
        Section::People => {
            for hat in register.hats(id, on) {
                add("holds", vec![&hat.role.head.id]);
            }
        }
        Section::RiskCriteria | Section::Soa | Section::Evidence | Section::Lint => {
            let isms = register.isms().map(|isms| all(&isms.owner)).unwrap_or_default();
            add("accountable", isms);
        }
    }
    for owner in owner {
        if let Some(Party::Role(role)) = register.party(owner) {
            let chain = register.reporting_line(role);
            let line: Vec<String> = chain.above.iter().map(|role| format!("`{}`", role.head.id)).collect();
            if !line.is_empty() {
                facts.push(Fact::plain("reports to", line.join(" → ")));
            }
        }
        for delegation in register.delegations.iter().filter(|it| it.in_force(on)) {
            if delegation.from.as_ref().is_some_and(|from| **from == owner) {
                let to = delegation.to.as_ref().map_or("nobody", |to| to.as_str());
                let fact = Fact::of("delegated", register, to, on);
                facts.push(Fact { said: format!("{} to {}", delegation.head.id, fact.said), ..fact });
            }
        }
    }
    if matches!(section, Section::Roles | Section::People) {
        facts.extend(owned(register, id).map(|said| Fact::plain("owns", said)));
    }
    facts
}

/// What a role or person owns, by section.
fn owned(register: &Register, owner: &str) -> impl Iterator<Item = String> {
    let is = |owners: &[Spanned<String>]| owners.iter().any(|it| **it == owner);
    let controls =
        register.controls.iter().filter(|it| is(&it.owner)).map(|it| it.head.id.as_str()).collect::<Vec<_>>();
    let policies = register.policies.iter().filter(|it| is(&it.owner)).map(|it| it.head.id.as_str()).collect();
    let risks = register.risks.iter().filter(|it| is(&it.owner)).map(|it| it.head.id.as_str()).collect();
    [("control", "controls", controls), ("policy", "policies", policies), ("risk", "risks", risks)]
        .into_iter()
        .filter(|(.., ids): &(_, _, Vec<&str>)| !ids.is_empty())
        .map(|(one, several, ids)| {
            let noun = if ids.len() == 1 { one } else { several };
            format!("{} {noun}: {}", ids.len(), ids.join(", "))
        })
}

/// The subject's decisions with what history proves of them.
fn proofs<'a>(
    register: &'a Register,
    history: Option<&'a History>,
    section: Section,
    id: &str,
) -> Vec<(&'a Decision, Option<&'a DecisionEvidence>)> {
    let own = register.decisions().filter(|(head, _)| head.section == section && head.id == id);
    own.map(|(_, decision)| (decision, history.and_then(|history| history.of(decision.range)))).collect()
}

fn proof(
    register: &Register,
    decision: &Decision,
    evidence: Option<&DecisionEvidence>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (faint, warning) = (terminal.paint.faint, terminal.paint.warning);
    let by = plain(decision.by.as_ref().map_or("nobody", |by| name(by, register)));
    let date = decision.date.as_ref().map_or_else(|| "no day".to_owned(), |date| date.value.to_string());
    let until = decision.until.as_ref().map(|until| format!(" until {}", until.value)).unwrap_or_default();
    let proven = evidence.map_or_else(String::new, |evidence| match evidence.act() {
        Some(act) => {
            let how = if evidence.proof.by_merge { "merged" } else { "recorded" };
            format!(": {}, {how} {} in {}", evidence.level.name(), act.committer.day(), short(&act.id))
        }
        None => format!(": {}", evidence.level.name()),
    });
    writeln!(out, "  {faint}{:14}{faint:#}by {by} on {date}{until}{proven}", decision.verb.key())?;
    for said in evidence.into_iter().flat_map(|evidence| against(evidence, register)) {
        for (nth, line) in wrap(&said, terminal.width.saturating_sub(20).max(30)).into_iter().enumerate() {
            let mark = if nth == 0 { "!" } else { " " };
            writeln!(out, "  {:14}{warning}{mark}{warning:#} {line}", "")?;
        }
    }
    Ok(())
}
