//! `deed decide`

mod already;
mod beside;
mod draft;
mod foresee;
mod keys;
mod ledger;
mod message;
mod outcome;
mod standing;
mod subjects;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use deed_model::{Date, FileId, Level, Register};

use self::ledger::Ledger;
use self::write::Written;
use super::evidence::{history_mistake, look_at};
use super::output::{diff, shown};
use super::place::PlaceArgs;
use super::terminal::{Color, Terminal};
use super::{broken, day, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::commit::{Change, ChangedFile, Place, Plan, commit, recover};
use crate::load::git::Git;
use crate::load::{self, Project, current_directory, history};

/// Decide something, and commit that
///
/// The decision is made as the person that Git says you are, by a registered e-mail, today. It is written into the manifest,
/// and `git commit` records it with nothing else that is staged or changed: signed where Git is set up to sign or
/// `evidence.require` asks for it, with a message that names the decision and its fingerprint. What you have no authority for
/// is refused, and it is said who has it. Where the commit fails, everything is as it was.
#[derive(Args)]
#[command(
    override_usage = "deed decide [OPTIONS] <VERB> <SUBJECT>...\n       deed decide [OPTIONS] <DECISION>...",
    after_help = "\
Verbs: adopted, approved, accepted, granted, reviewed, held, acknowledged.

Examples:
  deed decide accepted risks.R-12 --until 2027-03-31    accept a risk
  deed decide accepted R-12 --note \"gone by Q4\"         by its id, and why
  deed decide reviewed A.5.15 A.5.16                    several at once, in one commit
  deed decide policies.backup.approved                  in one word
  deed decide approved soa --dry-run                    what it would do
  deed todo --for me                                    what waits for you"
)]
pub(super) struct DecideArgs {
    /// What is decided and about what, as in `accepted risks.R-12`; an id will do where it is the only one
    #[arg(value_name = "DECISION", required = true)]
    words: Vec<String>,

    /// Last day it holds [default: as long as the register allows, where it needs an end]
    #[arg(long, value_name = "DATE", value_parser = day::parse)]
    until: Option<Date>,

    /// Why, or under which conditions
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Role to decide in
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<String>,

    /// First line of the commit's message, instead of what was decided
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,

    /// Show what would be written and committed, and change nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    /// Write it into the manifest, and leave the commit to you
    #[arg(long, conflicts_with_all = ["dry_run", "message"])]
    no_commit: bool,

    #[command(flatten)]
    place: PlaceArgs,

    /// Day to decide on
    #[arg(long, value_name = "DATE", value_parser = day::parse, hide = true)]
    today: Option<Date>,
}

pub(super) fn run(args: &DecideArgs, color: Color) -> Result<Exit> {
    if args.note.as_ref().is_some_and(|note| note.trim().is_empty()) {
        return Err(Mistake::new("`--note` is empty").into());
    }
    if args.note.as_ref().is_some_and(|note| matches!(note.trim(), "…" | "...")) {
        return Err(Mistake::new("`--note` is still `…`")
            .hint("say in its place why, or under which conditions")
            .into());
    }
    if args.message.as_ref().is_some_and(|line| line.trim().is_empty() || line.contains('\n')) {
        return Err(Mistake::new("`--message` is the first line of the message, and a line has text and no end")
            .hint("what else there is to say goes into `--note`")
            .into());
    }
    let terminal = Terminal::of(&io::stdout(), color);
    let root = load::root_around(&args.place.directory);
    let here = look_at(&root, None)?;
    let today = args.today.unwrap_or_else(day::today);
    if args.no_commit {
        let is_whole = broken::tell(&here.workspace, "") == Exit::Clean;
        Ok(decided(is_whole, only_write(args, &here, today, &terminal)?))
    } else {
        let ledger = Ledger::open(&here)?;
        let committed = broken::tell(&ledger.committed, "in the last commit, ");
        // What is broken in the same way here is told once.
        let is_as_committed = broken::broken(&here.workspace) == broken::broken(&ledger.committed);
        let lies_here = if is_as_committed { Exit::Clean } else { broken::tell(&here.workspace, "") };
        let is_whole = (committed, lies_here) == (Exit::Clean, Exit::Clean);
        Ok(decided(is_whole, record(args, &ledger, &here, today, &terminal)?))
    }
}

/// How a run ends that went well; by a register that cannot be read to its end nothing is sure.
fn decided(is_whole: bool, exit: Exit) -> Exit {
    if is_whole { exit } else { Exit::Diagnostics }
}

/// Writes the decisions into the files here, by the register as it lies here.
fn only_write(args: &DecideArgs, here: &Project, today: Date, terminal: &Terminal) -> Result<Exit> {
    let git = Git::at(&here.root);
    let register = here.workspace.register();
    let person = standing::identify(&who(&git)?, register, register, today)?;
    let decisions = draft::draft(args, person, register, &|| Ok(None), today)?;
    let mut written = false;
    for (file, of_file) in by_file(&decisions, register) {
        let (path, before) = (here.path(file), here.workspace.manifest(file).parse.text().to_owned());
        let after = write::write(&here.workspace.manifest(file).path, &before, &of_file, Place::Here)?;
        if after == before {
            continue;
        }
        written = true;
        show(&path, &Change { before: before.clone(), after: after.clone() }, terminal)?;
        load::save(&path, &here.root, &before, &after)
            .map_err(|error| error.context(format!("cannot write `{}`", path.display())))?;
    }
    if !written {
        already::said(&decisions.iter().collect::<Vec<_>>(), "written here");
    }
    uncommitted(here)
}

/// Says what decisions are worth that are not committed.
fn uncommitted(here: &Project) -> Result<Exit> {
    let nothing_yet = "not committed, so it proves nothing yet";
    match history::open(&here.root).map_err(|error| history_mistake(&error))? {
        None => say("note", &format!("{nothing_yet}; only the history of a Git repository would")),
        Some((repository, _)) if repository.head().map_err(|error| history_mistake(&error))?.id.is_none() => {
            say("note", &format!("{nothing_yet}; in a first commit, nothing before it vouches for who you are"));
            say("hint", "for better proof, commit the register without it, then decide");
        }
        Some(_) => say("note", &format!("{nothing_yet}; the same without `--no-commit` commits it")),
    }
    Ok(Exit::Clean)
}

/// Writes the decisions and commits them.
fn record(args: &DecideArgs, ledger: &Ledger, here: &Project, today: Date, terminal: &Terminal) -> Result<Exit> {
    let register = ledger.committed.register();
    let who = who(&ledger.git)?;
    let person = standing::identify(&who, register, here.workspace.register(), today)?;
    ledger.note_what_is_ahead();
    let history = || ledger.history(&here.root);
    let mut decisions = draft::draft(args, person, register, &history, today)?;
    if args.role.is_none() {
        already::renew(&mut decisions, ledger, person, &history, today)?;
    }
    if required(register, &decisions) > Level::Recorded {
        standing::is_known(&who, person, ledger, &here.root)?;
    }
    let signing = keys::choose(ledger, person, &decisions, today)?;
    let by_file = by_file(&decisions, register);
    let mut files = Vec::new();
    for (file, of_file) in &by_file {
        let path = ledger.path(*file);
        let change = |text: &str, place: Place| write::write(&path, text, of_file, place);
        files.push((*file, ChangedFile::read(&ledger.git, &ledger.top, &ledger.head, &path, &change)?));
    }
    if !args.dry_run {
        let paths: Vec<PathBuf> = files.iter().map(|(_, file)| ledger.top.join(&file.path)).collect();
        recover(&ledger.git, paths.iter().map(PathBuf::as_path))?;
    }
    files.retain(|(_, file)| file.committed.before != file.committed.after);
    let foresight = foresee::foresee(ledger, here, &files, &decisions, person, today)?;
    let new = &foresight.decisions;
    let is_old = |decision: &&Written| !new.iter().any(|(new, _)| std::ptr::eq(*new, *decision));
    let old: Vec<&Written> = decisions.iter().filter(is_old).collect();
    if !old.is_empty() {
        already::is_enough(ledger, &old, person, history()?)?;
        already::said(&old, "recorded");
    }
    if new.is_empty() {
        return Ok(Exit::Clean);
    }
    foresight.refuse()?;
    let trailers: Vec<String> =
        new.iter().map(|(decision, known)| message::trailer(decision, &known.fingerprint)).collect();
    let decisions: Vec<&Written> = new.iter().map(|(decision, _)| *decision).collect();
    let subject = args.message.clone().unwrap_or_else(|| message::subject(&decisions));
    let message = message::message(&subject, message::note(&decisions), &trailers);
    for (_, file) in &files {
        show(&ledger.top.join(&file.path), file.here.as_ref().unwrap_or(&file.committed), terminal)?;
    }
    signing.warn();
    foresight.warn();
    if args.dry_run {
        print(|out| {
            let faint = terminal.paint.faint;
            let signed = if signing.sign { ", signed" } else { "" };
            writeln!(out, "\n{faint}would be committed by {} <{}>{signed}:{faint:#}\n", who.name, who.email)?;
            message.lines().try_for_each(|line| writeln!(out, "{}", format!("    {line}").trim_end()))
        })?;
        return Ok(Exit::Clean);
    }
    let changed: Vec<&ChangedFile> = files.iter().map(|(_, file)| file).collect();
    let made = commit(&Plan {
        top: &ledger.top,
        upon: &ledger.head,
        files: &changed,
        message: &message,
        trailers: &trailers,
        sign: signing.sign,
    })?;
    let outcome = outcome::Outcome {
        root: &here.root,
        made: &made,
        branch: ledger.branch.as_deref(),
        subject: &subject,
        person,
        decisions: &decisions,
        is_signed: signing.sign,
        is_sparse: changed.iter().any(|file| file.here.is_none()),
        today,
        terminal,
    };
    // First of all, since it is done, whatever becomes of the look at it.
    outcome::made(&outcome)?;
    let told = beside::tell(ledger, &here.root, &files, &made).and_then(|exit| {
        outcome::tell(&outcome)?;
        Ok(exit)
    });
    told.or_else(|error| {
        say("error", &format!("the commit is made, but what is in it cannot be looked at: {error:#}"));
        Ok(Exit::Diagnostics)
    })
}

/// Whom Git would name.
pub(super) fn who(git: &Git) -> Result<crate::load::git::Ident> {
    git.author().map_err(|error| {
        if error.is::<Mistake>() {
            return error;
        }
        // Git gives the same advice, over many lines.
        let mistake = match error.to_string().contains("Please tell me who you are") {
            true => Mistake::new("Git does not know who you are"),
            false => Mistake::new(format!("Git does not know who you are: {error}")),
        };
        mistake
            .hint("say it: `git config user.name \"NAME\"` and `git config user.email ADDRESS`, as `people` has them")
            .into()
    })
}

/// The decisions by the manifests that they are written into.
fn by_file<'d>(decisions: &'d [Written], register: &Register) -> BTreeMap<FileId, Vec<&'d Written>> {
    let mut all: BTreeMap<FileId, Vec<&Written>> = BTreeMap::new();
    for decision in decisions {
        if let Some(head) = register.subject(decision.section, &decision.id) {
            all.entry(head.key.file).or_default().push(decision);
        }
    }
    all
}

/// The lowest level of evidence that the register asks for, over some decisions.
fn required(register: &Register, decisions: &[Written]) -> Level {
    let levels = decisions.iter().map(|it| deed_linter::required(register, it.section, it.verb));
    levels.max().unwrap_or(Level::Attributed)
}

fn show(path: &Path, change: &Change, terminal: &Terminal) -> Result<()> {
    let path = shown(path, &current_directory()?);
    print(|out| diff::write(&path, &change.before, &change.after, terminal, out))
}
