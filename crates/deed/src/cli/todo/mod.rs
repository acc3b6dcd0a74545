//! `deed todo`

mod csv;
mod entry;
mod ics;
mod json;
mod markdown;
mod text;

use std::io;

use anyhow::Result;
use clap::{Args, ValueEnum};
use deed_linter::words::name;
use deed_linter::{Doer, Task};
use deed_model::{Date, Period, Person, Register, Workspace};

use super::day::DayArgs;
use super::decide::who;
use super::evidence::{history_mistake, look_at};
use super::place::PlaceArgs;
use super::progress::Progress;
use super::proof::ProofArgs;
use super::terminal::{Color, Terminal};
use super::wrap::width;
use super::{broken, print, say};
use crate::exit::{Exit, Mistake};
use crate::load::Project;
use crate::load::git::Git;
use crate::load::history::Past;

/// List what waits for whom, soonest first
///
/// What somebody has to decide, review, collect, finish or hand over: what `deed check` reports today, as far as it takes
/// a person and not an edit, and what it would report by the end of the time asked for. Who it waits for is who may do it
/// by the register: the owner, who has the authority, who decided last; where nobody can, who is next above.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed todo                                  what is overdue, and what is due within 90 days
  deed todo --for me                         what waits for me, and the commands that do it
  deed todo --for chen --within 2w           what waits for Chen in the next two weeks
  deed todo --format ics > todo.ics          a calendar to subscribe to
  deed todo --format markdown                for an issue or a wiki
  deed todo --format json                    for a script; see `deed schema todo`

Exit codes: 0 listed, 2 could not run, or a manifest cannot be read to its end, 3 no manifest.")]
pub(super) struct TodoArgs {
    /// Only what waits for this person: an id, an e-mail, a name, or `me`
    #[arg(long = "for", value_name = "PERSON")]
    person: Option<String>,

    /// How far to look ahead, as in 30d, 6w, 12mo
    #[arg(long, value_name = "PERIOD", value_parser = period, default_value = "90d")]
    within: Period,

    #[command(flatten)]
    place: PlaceArgs,

    /// Format of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    #[command(flatten)]
    day: DayArgs,

    #[command(flatten)]
    proof: ProofArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// A list for people
    #[default]
    Text,
    /// For programs: one document, described by `deed schema todo`
    Json,
    /// For spreadsheets: a row each
    Csv,
    /// For calendars: an event each, all day long on its last day
    Ics,
    /// For an issue or a wiki: a list to tick off
    Markdown,
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).ok_or_else(|| "write a period as 30d, 6w, 12mo or 2y".to_owned())
}

/// What is shown.
struct Agenda<'p> {
    project: &'p Project,
    today: Date,
    /// The last day that is looked at.
    until: Date,
    /// Whose it is; everybody's where nobody is named.
    person: Option<&'p Person>,
    tasks: Vec<Task>,
}

pub(super) fn run(args: &TodoArgs, color: Color) -> Result<Exit> {
    let today = args.day.day();
    let progress = Progress::start("Reading", true);
    let project = look_at(&args.place.directory, args.proof.proof())?;
    if let Past::Unreadable(error) = &project.past {
        let hint = "`--no-evidence` lists what the manifests say without it";
        return Err(history_mistake(error).hint(hint).into());
    }
    let register = project.workspace.register();
    let person = args.person.as_deref().map(|asked| find(&project, register, asked)).transpose()?;
    let until = args.within.after(today);
    let mut tasks = project.tasks(today, until);
    if let Some(person) = person {
        tasks.retain(|task| task.concerns(&person.head.id));
    }
    drop(progress);
    let agenda = Agenda { project: &project, today, until, person, tasks };
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text::write(&agenda, &terminal, out),
        Format::Json => json::write(&agenda, out),
        Format::Csv => csv::write(&agenda, out),
        Format::Ics => ics::write(&agenda, out),
        Format::Markdown => markdown::write(&agenda, out),
    })?;
    Ok(notes(&project))
}

/// Says on standard error why there may be more to do than is listed.
fn notes(project: &Project) -> Exit {
    if matches!(project.past, Past::Outside) && project.workspace.register().decisions().next().is_some() {
        say("note", "this is in no Git repository, so nothing is known of who decided what");
    }
    broken::tell(&project.workspace, "")
}

/// Finds the person that is meant.
fn find<'r>(project: &Project, register: &'r Register, asked: &str) -> Result<&'r Person> {
    if asked == "me" {
        let email = who(&Git::at(&project.root))?.email;
        let mine = register.person_at(&email).ok_or_else(|| {
            Mistake::new(format!("Git says you are <{email}>, which is no one person's address in the register"))
                .hint("add it to `emails` of a person, or name the person: `--for ID`")
        });
        return Ok(mine?);
    }
    if let Some(person) = register.people.get(asked).or_else(|| register.person_at(asked)) {
        return Ok(person);
    }
    let named = |person: &&Person| person.display().to_lowercase() == asked.to_lowercase();
    let named: Vec<&Person> = register.people.iter().filter(named).collect();
    let mistake = match named.as_slice() {
        [person] => return Ok(person),
        [] => {
            let mistake = Mistake::new(format!("there is no person `{asked}`"));
            match near(register, asked) {
                Some(near) => mistake.hint(format!("did you mean `{near}`?")),
                None => mistake.hint("name an id, an e-mail or a full name of `people`, or `me`"),
            }
        }
        several => {
            let ids: Vec<_> = several.iter().map(|person| format!("`{}`", person.head.id)).collect();
            Mistake::new(format!("several people are called `{asked}`"))
                .hint(format!("name one of them: {}", ids.join(", ")))
        }
    };
    Err(mistake.into())
}

fn near<'r>(register: &'r Register, asked: &str) -> Option<&'r str> {
    let asked = asked.to_lowercase();
    let score = |known: &str| strsim::jaro_winkler(&asked, &known.to_lowercase());
    let score = |person: &Person| {
        let first = person.display().split(' ').next().unwrap_or_default();
        score(&person.head.id).max(score(person.display())).max(score(first))
    };
    let scored = register.people.iter().map(|person| (score(person), person.head.id.as_str()));
    scored.filter(|(score, _)| *score > 0.85).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
}

/// A stretch of time, to group by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Overdue,
    Now,
    Week,
    Month,
    Later,
}

impl When {
    fn of(task: &Task, today: Date) -> Self {
        let days = |due: Date| today.until(due).map_or(0, |span| span.get_days());
        match task.due.map(days) {
            None => Self::Now,
            Some(..0) => Self::Overdue,
            Some(0..=7) => Self::Week,
            Some(8..=30) => Self::Month,
            Some(_) => Self::Later,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Now => "Now",
            Self::Week => "Within a week",
            Self::Month => "Within a month",
            Self::Later => "Later",
        }
    }
}

impl Agenda<'_> {
    fn register(&self) -> &Register {
        self.project.workspace.register()
    }

    /// The tasks, those of one stretch of time together.
    fn groups(&self) -> impl Iterator<Item = (When, &[Task])> {
        let when = |task: &Task| When::of(task, self.today);
        self.tasks.chunk_by(move |a, b| when(a) == when(b)).map(move |group| (when(&group[0]), group))
    }

    fn organization(&self) -> &str {
        let organization = self.register().isms().and_then(|isms| isms.organization.as_ref());
        organization.map_or("Deed", |name| name.as_str())
    }

    /// What it comes to, as in "3 overdue, 2 now, 5 by 2027-02-22".
    fn summary(&self) -> String {
        let count = |sort: fn(When) -> bool| self.tasks.iter().filter(|task| sort(When::of(task, self.today))).count();
        let to_come = count(|when| !matches!(when, When::Overdue | When::Now));
        let parts = [
            (count(|when| when == When::Overdue), "overdue".to_owned()),
            (count(|when| when == When::Now), "now".to_owned()),
            (to_come, format!("by {}", self.until)),
        ];
        let parts: Vec<_> =
            parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if parts.is_empty() { format!("nothing to do by {}", self.until) } else { parts.join(", ") }
    }

    /// What to do and why, with what the subject is called.
    fn line(&self, task: &Task) -> String {
        let title = if task.title.is_empty() || task.what.contains(&task.title) {
            String::new()
        } else {
            format!(" ({})", cut(&task.title))
        };
        let because = if task.because.is_empty() { String::new() } else { format!(": {}", task.because) };
        format!("{}{title}{because}", task.what)
    }

    /// Who a task waits for, as in "Ada Moreau (ceo) or Bo Lind (cfo)"; but for the person whose list it is.
    fn who(&self, task: &Task, role: impl Fn(&str) -> String) -> String {
        let named = |doer: &Doer| {
            let name = name(&doer.person, self.register());
            doer.role.as_deref().map_or_else(|| name.to_owned(), |id| format!("{name} ({})", role(id)))
        };
        match (task.waits_for.as_slice(), &task.escalates_to) {
            ([], None) => "nobody".to_owned(),
            ([], Some(above)) => format!("nobody; {} sees to it", named(above)),
            ([one], _) => named(one),
            ([one, other], _) => format!("{} or {}", named(one), named(other)),
            ([one, rest @ ..], _) => format!("{} or one of {} others", named(one), rest.len()),
        }
    }
}

/// A title, not longer than it takes to know what is meant.
fn cut(title: &str) -> String {
    let mut words = title.split_whitespace();
    let mut cut = words.next().unwrap_or_default().to_owned();
    for word in words {
        if width(&cut) + 1 + width(word) > 44 {
            return cut + " …";
        }
        cut = cut + " " + word;
    }
    cut
}

/// The command that does tasks which are alike but for their subjects, where there is somebody who can; what is to be filled
/// in is `…`.
fn command(workspace: &Workspace, tasks: &[&Task]) -> Option<String> {
    let first = tasks.first().filter(|task| !task.waits_for.is_empty())?;
    let (verb, _) = first.decision()?;
    let subjects: Vec<&str> = tasks.iter().map(|task| task.subject.as_str()).collect();
    let note = if tasks.iter().any(|task| task.asks_for_note(workspace)) { " --note \"…\"" } else { "" };
    Some(format!("deed decide {} {}{note}", verb.key(), subjects.join(" ")))
}

/// A text without the backticks around ids.
fn bare(text: &str) -> String {
    text.replace('`', "")
}
