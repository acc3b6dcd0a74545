//! `deed log`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use deed_history::evidence::{LogChange, LogEntry, LogKind};
use deed_linter::words::{author, name, plain, short};
use deed_model::evidence::{CommitFacts, SignatureStatus};
use deed_model::{Register, Section, Verb};
use serde_json::json;

use super::evidence::{history_mistake, look_at};
use super::format::Format;
use super::place::PlaceArgs;
use super::subject::{in_full, whole};
use super::terminal::{Color, Terminal};
use super::wrap::wrap;
use super::{broken, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::history;

/// Show the time line of a subject: what changed, who did it, when it was adopted
///
/// What counts are values: moving an entry to another file, sorting or reformatting it is no change.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed log risks.R-12              everything that ever happened to it
  deed log risks.R-12.accepted     what happened to that decision
  deed log policies.backup         changes of its document's text included
  deed log isms --format json      for a script; see `deed schema log`")]
pub(super) struct LogArgs {
    /// The subject, as in risks.R-12 or isms; or a decision about it, as in risks.R-12.accepted
    #[arg(value_name = "SUBJECT")]
    subject: String,

    #[command(flatten)]
    place: PlaceArgs,

    /// Format of the time line, which has the newest first
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
}

pub(super) fn run(args: &LogArgs, color: Color) -> Result<Exit> {
    let project = look_at(&args.place.directory, None)?;
    let exit = broken::tell_with_history(&project.workspace, "");
    let register = project.workspace.register();
    let address = in_full(&args.subject, register)?;
    let decision = Asked::of(&address, register);
    let subject = decision.as_ref().map_or(&*address, |asked| asked.subject);
    let (section, id) = parse(subject)?;
    let entries =
        history::log(&project.root, &project.workspace, section, id).map_err(|error| history_mistake(&error))?;
    let Some(mut entries) = entries else { return Err(outside(&project.root).into()) };
    if entries.is_empty() {
        let known = register.subject(section, id).is_some();
        let mistake = Mistake::new(if known {
            format!("`{subject}` is not committed yet")
        } else {
            format!("history knows no `{subject}`")
        });
        return Err(mistake.into());
    }
    if let Some(asked) = &decision {
        entries.iter_mut().for_each(|entry| entry.changes.retain(|change| asked.is_it(change)));
        entries.retain(|entry| !entry.changes.is_empty());
        if entries.is_empty() {
            return Err(Mistake::new(format!("no commit has a decision `{address}`"))
                .hint(format!("`deed log {subject}` shows all that ever happened to the subject"))
                .into());
        }
    }
    if entries.iter().any(|entry| entry.is_cut) {
        say("warning", "history ends early here: what happened before is not known");
        say("hint", "`git fetch --unshallow` fetches the rest; in CI, `fetch-depth: 0`");
    }
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text(&address, register, section, id, &entries, &terminal, out),
        Format::Json => json(subject, &entries, out),
    })?;
    Ok(exit)
}

/// A decision that was asked for, as in `risks.R-12.accepted`, or `policies.backup.approved[ada]` of several.
pub(super) struct Asked<'a> {
    /// The address of its subject.
    pub(super) subject: &'a str,
    verb: Verb,
    by: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Reads an address; `None` where it is not one of a decision.
    pub(super) fn of(address: &'a str, register: &Register) -> Option<Self> {
        let several = address.strip_suffix(']').and_then(|inner| inner.rsplit_once('['));
        let (plain, by) = several.map_or((address, None), |(plain, by)| (plain, Some(by)));
        let (subject, verb) = plain.rsplit_once('.')?;
        let verb = Verb::of_key(verb)?;
        let (section, _) = parse(subject).ok()?;
        // An id may end like a verb.
        let is_subject = parse(address).is_ok_and(|(section, id)| register.subject(section, id).is_some());
        (!is_subject && section.verbs().any(|known| known == verb)).then_some(Self { subject, verb, by })
    }

    fn is_it(&self, change: &LogChange) -> bool {
        change.verb == Some(self.verb) && self.by.is_none_or(|by| change.deciders.iter().any(|known| known == by))
    }
}

/// That there is no repository.
pub(super) fn outside(root: &std::path::Path) -> Mistake {
    Mistake::new(format!("`{}` is in no Git repository, so nothing is on record", root.display()))
        .hint("`git init` starts one")
}

/// Reads an address such as `risks.R-12` or `isms`.
pub(super) fn parse(address: &str) -> Result<(Section, &str), Mistake> {
    let (section, id) = address.split_once('.').unwrap_or((address, ""));
    let section = Section::of_key(section).ok_or_else(|| {
        let keys: Vec<_> = Section::ALL.iter().map(|section| section.key()).collect();
        Mistake::new(format!("`{address}` names no section")).hint(format!("the sections are {}", keys.join(", ")))
    })?;
    match (section.is_singleton(), id.is_empty()) {
        (true, true) | (false, false) => Ok((section, id)),
        (true, false) => {
            Err(Mistake::new(format!("there is one `{}` only", section.key()))
                .hint(format!("write `{}`", section.key())))
        }
        (false, true) => Err(whole(section.key())),
    }
}

fn text(
    address: &str,
    register: &Register,
    section: Section,
    id: &str,
    entries: &[LogEntry],
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = &terminal.paint;
    let (strong, faint, code) = (paint.strong, paint.faint, paint.code);
    let gone = if register.subject(section, id).is_none() { ", which is no more" } else { "" };
    writeln!(out, "{strong}{address}{strong:#}{gone}")?;
    for entry in entries {
        let commit = &entry.commit;
        let (day, id) = (commit.committer.day(), short(&commit.id));
        if entry.is_cut {
            writeln!(out, "\n{strong}{day}{strong:#}  {code}{id}{code:#}  history ends here")?;
            writeln!(out, "  {faint}what was there by then may be older, and anybody's{faint:#}")?;
        } else {
            let (author, signed) = (author(commit, register), signed(commit, register));
            writeln!(out, "\n{strong}{day}{strong:#}  {code}{id}{code:#}  {author}{signed}")?;
            writeln!(out, "  {faint}{}{faint:#}", plain(&commit.summary))?;
        }
        match entry.adoption.as_deref() {
            None if entry.is_cut => {}
            None => writeln!(out, "  {faint}not adopted yet{faint:#}")?,
            Some(adoption) if adoption.id != commit.id => writeln!(
                out,
                "  {faint}adopted on {} in {} by {}{}{faint:#}",
                adoption.committer.day(),
                short(&adoption.id),
                author(adoption, register),
                signed(adoption, register)
            )?,
            Some(_) => {}
        }
        for change in &entry.changes {
            let (mark, style) = match change.kind {
                LogKind::Added => ("+", paint.added),
                LogKind::Changed => ("~", paint.warning),
                LogKind::Removed => ("-", paint.removed),
            };
            let said = said(change);
            for (nth, line) in wrap(&plain(&said), terminal.width.saturating_sub(6).max(30)).into_iter().enumerate() {
                let mark = if nth == 0 { mark } else { " " };
                writeln!(out, "  {style}{mark}{style:#} {}{line}", if nth == 0 { "" } else { "  " })?;
            }
        }
    }
    Ok(())
}

fn said(change: &LogChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    match change.kind {
        LogKind::Added => format!("{}: {}", change.field, value(&change.after)),
        LogKind::Removed => format!("{}: {}", change.field, value(&change.before)),
        LogKind::Changed => format!("{}: {} → {}", change.field, value(&change.before), value(&change.after)),
    }
}

/// What there is of a signature: whose it is, where that is not whose name the commit bears.
fn signed(commit: &CommitFacts, register: &Register) -> String {
    let signature = &commit.signature;
    match (signature.status, signature.person.as_deref().map(|person| name(person, register))) {
        (SignatureStatus::None, _) => String::new(),
        (SignatureStatus::Good, Some(signer)) if signer != commit.author.name => {
            format!(" (signed by {})", plain(signer))
        }
        (SignatureStatus::Good, _) => " (signed)".to_owned(),
        (SignatureStatus::Bad, _) => " (signed, which does not count)".to_owned(),
        (SignatureStatus::Unknown, _) => " (signed with an unknown key)".to_owned(),
    }
}

fn json(address: &str, entries: &[LogEntry], out: &mut dyn Write) -> io::Result<()> {
    let commit = super::evidence::json::commit;
    let kind = |kind| match kind {
        LogKind::Added => "added",
        LogKind::Changed => "changed",
        LogKind::Removed => "removed",
    };
    let entries = entries.iter().map(|entry| {
        let changes = entry.changes.iter().map(|change| {
            json!({
                "field": change.field,
                "decision": change.verb.is_some(),
                "kind": kind(change.kind),
                "before": change.before,
                "after": change.after,
            })
        });
        json!({
            "commit": commit(&entry.commit),
            "adoption": entry.adoption.as_deref().map(commit),
            "cut": entry.is_cut,
            "changes": changes.collect::<Vec<_>>(),
        })
    });
    let document = json!({ "version": 1, "subject": address, "entries": entries.collect::<Vec<_>>() });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
