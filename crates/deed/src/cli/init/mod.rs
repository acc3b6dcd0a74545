//! `deed init`

mod answers;
mod ask;
mod ground;
mod manifests;
mod next;
mod plan;
mod settings;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use deed_history::Repository;
use deed_model::Section;

use self::answers::{Answers, Mailbox};
use self::ask::Dialogue;
use self::ground::Ground;
use self::plan::Plan;
use super::evidence::history_mistake;
use super::output::diff;
use super::terminal::{Color, Terminal};
use super::{hook, print, say};
use crate::exit::{Exit, Mistake};
use crate::load;

/// Begin a register
///
/// Writes the manifests of an ownership model: the ISMS and its ownership model, its people and their roles, the criteria to
/// accept risk by, and all 93 controls of Annex A. They hold what `deed check` can be satisfied with but for what only
/// people can decide. On a terminal it asks for what no option says. What is there is never touched.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed init                                 ask, then write the manifests here
  deed init --dry-run --yes                 show what would be written
  deed init compliance --git                in a directory of its own, as a new repository
  deed init --organization 'Acme Pay Ltd' --model federated \\
    --owner 'Ada Moreau <ada@acme.example>' --manager 'Ben Okafor <ben@acme.example>'
  deed init --hooks --ci github             have each commit and pull request checked as well")]
pub(super) struct InitArgs {
    /// Directory that is to become the root; made if it is not there
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,

    /// Name of the organisation
    #[arg(long, value_name = "NAME", value_parser = answers::organization)]
    organization: Option<String>,

    /// How accountability is spread [default: federated]
    #[arg(long, value_enum, value_name = "MODEL")]
    model: Option<Model>,

    /// The executive who is accountable for the ISMS, as in 'Ada Moreau <ada@acme.example>'
    #[arg(long, value_name = "PERSON", value_parser = Mailbox::parse)]
    owner: Option<Mailbox>,

    /// The custodian who runs the ISMS day to day [default: who Git says you are]
    #[arg(long, value_name = "PERSON", value_parser = Mailbox::parse)]
    manager: Option<Mailbox>,

    /// Settings to write for an editor
    #[arg(long, value_enum, value_name = "EDITOR", help_heading = "Beside the manifests")]
    editor: Option<Editor>,

    /// Have Git check each commit, as `deed hook install` does
    #[arg(long, help_heading = "Beside the manifests")]
    hooks: bool,

    /// Workflow to write for a CI service
    #[arg(long, value_enum, value_name = "SERVICE", help_heading = "Beside the manifests")]
    ci: Option<Service>,

    /// Make a Git repository where there is none
    #[arg(long, help_heading = "Beside the manifests")]
    git: bool,

    /// Ask nothing, and take what would be suggested
    #[arg(long, short)]
    yes: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// How an organisation spreads ownership.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
enum Model {
    /// One security function owns and steers; departments take part
    Centralized,
    /// Heads of departments own their controls and risks; a small function coordinates
    #[default]
    Federated,
    /// Executives sponsor and decide; custodians prepare
    ExecutiveLed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Editor {
    /// Visual Studio Code: the extension to install, and the schema for who has none
    Vscode,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Service {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
}

/// Where pull requests are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Forge {
    /// A workflow for GitHub Actions
    Github,
    /// A job for GitLab CI
    Gitlab,
    /// Nowhere
    None,
}

/// What is wanted beside the manifests.
struct Wishes {
    editor: Option<Editor>,
    hooks: bool,
    ci: Option<Service>,
}

pub(super) fn run(args: &InitArgs, color: Color) -> Result<Exit> {
    let is_asked = !args.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    // Of several runs at once, each looks when it is its turn: what another has begun by then is there.
    let mut turn = (!args.dry_run && !is_asked).then(|| load::hold(&args.path));
    let mut ground = Ground::survey(&args.path)?;
    let mut dialogue = is_asked.then_some(Dialogue);
    let makes_repository = ground.repository.is_none() && repository_is_wanted(args, &ground, dialogue.as_mut())?;
    let answers = answers(args, &ground, dialogue.as_mut())?;
    let wishes = wishes(args, &ground, dialogue.as_mut())?;
    if args.dry_run {
        return dry_run(&ground, &Plan::of(&ground, &answers, &wishes), makes_repository, &wishes, color);
    }
    if turn.is_none() {
        // Nobody has to wait while somebody thinks about an answer.
        turn = Some(load::hold(&args.path));
        ground = Ground::survey(&args.path)?;
    }
    let makes_repository = makes_repository && ground.repository.is_none();
    let exit = write(&ground, Plan::of(&ground, &answers, &wishes), makes_repository, &wishes);
    drop(turn);
    exit
}

/// Whether to make a repository where there is none; a mistake where there is to be none.
fn repository_is_wanted(args: &InitArgs, ground: &Ground, dialogue: Option<&mut Dialogue>) -> Result<bool> {
    let place = ground.shown(&ground.root);
    let wanted = match dialogue {
        _ if args.git => true,
        Some(dialogue) => dialogue.confirm(&format!("`{place}` is in no Git repository. Make one?"), true)?,
        None => false,
    };
    if !wanted {
        let mistake = Mistake::new(format!("`{place}` is in no Git repository, and history is what proves decisions"));
        return Err(mistake.hint("`deed init --git` makes one, or name a directory that is in one").into());
    }
    Ok(true)
}

fn answers(args: &InitArgs, ground: &Ground, mut dialogue: Option<&mut Dialogue>) -> Result<Answers> {
    let (isms, roles) = (ground.is_missing(Section::Isms), ground.is_missing(Section::Roles));
    unused(args, isms, roles);
    if let Some(dialogue) = dialogue.as_deref_mut().filter(|_| isms || roles) {
        dialogue.say("Enter takes what stands in brackets; Ctrl-C ends, and nothing is written.\n\n")?;
    }
    let mut answers = Answers { organization: String::new(), model: Model::default(), owner: None, manager: None };
    if isms {
        answers.organization = organization(args, ground, dialogue.as_deref_mut())?;
        answers.model = match (args.model, dialogue.as_deref_mut()) {
            (None, Some(dialogue)) => dialogue.choice("Ownership model", Model::default())?,
            (given, _) => given.unwrap_or_default(),
        };
    }
    if roles {
        answers.owner = match (&args.owner, dialogue.as_deref_mut()) {
            (None, Some(dialogue)) => {
                dialogue.ask("Accountable executive, as in Ada Moreau <ada@acme.example>", UNKNOWN, |answer| {
                    answer.map(Mailbox::parse).transpose()
                })?
            }
            (given, _) => given.clone(),
        };
        let me = ground.me();
        answers.manager = match (&args.manager, dialogue) {
            (None, Some(dialogue)) => dialogue.ask(
                "Custodian who runs it day to day",
                &me.as_ref().map_or_else(|| UNKNOWN.to_owned(), Mailbox::to_string),
                |answer| answer.map_or_else(|| Ok(me.clone()), |answer| Mailbox::parse(answer).map(Some)),
            )?,
            (given, _) => given.clone().or(me),
        };
    }
    Ok(answers)
}

/// What stands in the place of a person nobody knows.
const UNKNOWN: &str = "not known yet";

fn organization(args: &InitArgs, ground: &Ground, dialogue: Option<&mut Dialogue>) -> Result<String> {
    let suggested = ground.name();
    match (&args.organization, dialogue, suggested) {
        (Some(given), ..) => Ok(given.clone()),
        (None, Some(dialogue), suggested) => {
            dialogue.ask("Organisation", suggested.as_deref().unwrap_or_default(), |answer| {
                answers::organization(answer.or(suggested.as_deref()).unwrap_or_default())
            })
        }
        (None, None, Some(suggested)) if args.yes => Ok(suggested),
        (None, None, suggested) => {
            let mistake = Mistake::new("whose register is it? `--organization` has to say, where nobody can be asked");
            let hint = suggested.map(|name| format!("`--yes` takes the name of the directory: `{name}`"));
            Err(hint.into_iter().fold(mistake, Mistake::hint).into())
        }
    }
}

/// Says which options come too late.
fn unused(args: &InitArgs, isms: bool, roles: bool) {
    let given = [
        ("--organization", args.organization.is_some() && !isms),
        ("--model", args.model.is_some() && !isms),
        ("--owner", args.owner.is_some() && !roles),
        ("--manager", args.manager.is_some() && !roles),
    ];
    for (option, _) in given.iter().filter(|(_, is_late)| *is_late) {
        say("note", &format!("`{option}` changes nothing: the register says it already, and is not touched"));
    }
}

fn wishes(args: &InitArgs, ground: &Ground, dialogue: Option<&mut Dialogue>) -> Result<Wishes> {
    let mut wishes = Wishes { editor: args.editor, hooks: args.hooks, ci: args.ci };
    let Some(dialogue) = dialogue else { return Ok(wishes) };
    if wishes.editor.is_none() && !ground.is_there(settings::EXTENSIONS) {
        let used = ground.is_there(".vscode");
        wishes.editor = dialogue.confirm("Settings for VS Code?", used)?.then_some(Editor::Vscode);
    }
    if !wishes.hooks && !ground.has_hook()? && !ground.shares_hooks() {
        wishes.hooks = dialogue.confirm("Have Git check each commit?", true)?;
    }
    if wishes.ci.is_none() && !ground.is_there(settings::GITHUB) && !ground.is_there(settings::GITLAB) {
        wishes.ci = match dialogue.choice("Check pull requests", ground.forge())? {
            Forge::Github => Some(Service::Github),
            Forge::Gitlab => Some(Service::Gitlab),
            Forge::None => None,
        };
    }
    dialogue.say("\n")?;
    Ok(wishes)
}

fn dry_run(ground: &Ground, plan: &Plan, makes_repository: bool, wishes: &Wishes, color: Color) -> Result<Exit> {
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| {
        plan.files.iter().try_for_each(|file| diff::write(&ground.shown(&file.path), "", &file.text, &terminal, out))
    })?;
    plan.notes.iter().for_each(|note| say("note", note));
    let also: Vec<&str> = [(makes_repository, "make a repository"), (wishes.hooks, "install the hook")]
        .into_iter()
        .filter_map(|(is_wanted, what)| is_wanted.then_some(what))
        .collect();
    let also = if also.is_empty() { String::new() } else { format!("; it would also {}", also.join(" and ")) };
    say("note", &format!("nothing was written{also}"));
    Ok(Exit::Clean)
}

fn write(ground: &Ground, mut plan: Plan, makes_repository: bool, wishes: &Wishes) -> Result<Exit> {
    let files: Vec<_> = plan.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let there = load::create_all(&files).context("nothing was written")?;
    for path in there {
        plan.files.retain(|file| file.path != path);
        plan.notes.push(format!("`{}` came in the meantime, and is left as it is", ground.shown(&path)));
    }
    let mut done = Vec::new();
    if makes_repository {
        let made = Repository::create(&ground.root).map_err(|error| history_mistake(&error));
        made.context("the manifests are written, but no repository is made")?;
        done.push(format!("made a Git repository in `{}`", ground.shown(&ground.root)));
    }
    if wishes.hooks {
        let repository = Repository::open(&ground.root).map_err(|error| history_mistake(&error))?;
        done.push(hook::install(repository).context("the manifests are written, but no hook is installed")?);
    }
    plan.notes.iter().for_each(|note| say("note", note));
    let is_hooked = wishes.hooks || ground.has_hook()?;
    let report = next::report(ground, &plan, &done, is_hooked)?;
    print(|out| out.write_all(report.as_bytes()))?;
    Ok(Exit::Clean)
}
