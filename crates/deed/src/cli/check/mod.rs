//! `deed check`

mod args;
mod fix;

use std::io::{self, Write};

use anyhow::{Context as _, Result};
use deed_linter::Outcome;
use deed_model::Date;
use rayon::prelude::*;

pub(crate) use self::args::CheckArgs;
pub(crate) use self::fix::Changes;
use super::output::{self, Judged, Report, Talk, Tally, diff, shown};
use super::progress::Progress;
use super::terminal::{Color, Terminal};
use super::{day, print, say};
use crate::exit::Exit;
use crate::load::history::Past;
use crate::load::{self, Loaded, Overlay, Project, current_directory};

pub(super) fn run(args: &CheckArgs, color: Color) -> Result<Exit> {
    args.mistakes()?;
    let today = args.today.unwrap_or_else(day::today);
    let request = args.request()?;
    let progress = Progress::start("Reading", !args.quiet);
    let Loaded { projects, unreadable, strays } = load::load(&request, &|| progress.file())?;
    progress.doing("Judging");
    let judged = projects.into_par_iter().map(|project| judge(project, args, today)).collect();
    drop(progress);

    let talk = Talk { quiet: args.quiet, statistics: args.statistics };
    let report = Report { judged, unreadable, today, here: current_directory()?, talk };
    notes(&report);
    for stray in strays.iter().filter(|_| !args.quiet) {
        let name = load::manifest_name(stray);
        say("note", &format!("`{}` is not read, since the name decides: call it `{name}`", report.shown(stray)));
    }
    let terminal = Terminal::of(&io::stdout(), color);
    if args.diff {
        print(|out| diffs(&report, &terminal, out))?;
        told(&report);
    } else if let (true, Some(overlay)) = (args.fix, &request.overlay) {
        // The text takes standard output, so the report goes to standard error; nobody reading that is no error.
        print(|out| out.write_all(&fixed_text(overlay, &report)))?;
        let terminal = Terminal::of(&io::stderr(), color);
        let _ = output::write(args.format, &report, &terminal, &mut io::stderr().lock());
    } else {
        save(&report)?;
        print(|out| output::write(args.format, &report, &terminal, out))?;
    }
    let exit = exit(&report, args);
    // The process is about to end, and taking ten thousand trees apart would be the last thing it does.
    std::mem::forget(report);
    Ok(exit)
}

fn judge(mut project: Project, args: &CheckArgs, today: Date) -> Judged {
    let (changes, outcome) = match args.at_least() {
        Some(at_least) => fix::fix(&mut project, today, at_least, args.is_stdin()),
        None => (Changes::default(), project.lint(today)),
    };
    let Outcome { mut diagnostics, suppressed } = outcome;
    let all = diagnostics.len();
    diagnostics.retain(|diagnostic| project.is_asked(diagnostic.span.file));
    let suppressed = suppressed.iter().filter(|it| project.is_asked(it.diagnostic.span.file)).count();
    let elsewhere = all - diagnostics.len();
    Judged { project, changes, diagnostics, suppressed, elsewhere }
}

/// Says on standard error what a reader of the report must know about how it came to be.
fn notes(report: &Report) {
    for it in &report.unreadable {
        say("error", &format!("cannot read `{}`: {}", report.shown(&it.path), it.reason));
    }
    if !report.unreadable.is_empty() {
        say("hint", "without it whatever refers to it would look wrong, so its workspace was not judged");
    }
    for Judged { project, changes, .. } in &report.judged {
        if !changes.refused.is_empty() {
            let rules = changes.refused.join("`, `");
            say("warning", &format!("the fixes of `{rules}` were not applied: they break the text or undo each other"));
            say("hint", concat!("this is a bug in Deed, please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues"));
        }
        match &project.past {
            Past::Unreadable(error) => {
                say("error", &format!("history was not looked at: {error}"));
                if let Some(hint) = error.help() {
                    say("hint", &hint);
                }
                say("hint", "`--no-evidence` judges what the manifests say without it");
            }
            Past::Outside if !report.talk.quiet && project.workspace.register().decisions().next().is_some() => {
                let root = report.shown(&project.root);
                say("note", &format!("`{root}` is in no Git repository, so nothing is known of who decided what"));
            }
            _ => {}
        }
        if !project.has_root_manifest && !report.talk.quiet {
            let root = report.shown(&project.root);
            say("note", &format!("no `deed.yaml` at or above `{root}`: the manifests there are judged by themselves"));
        }
    }
}

fn diffs(report: &Report, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    for Judged { project, changes, .. } in &report.judged {
        for (file, before, after) in changes.texts(project) {
            diff::write(&report.shown(&project.path(file)), before, after, terminal, out)?;
        }
    }
    Ok(())
}

/// Says what the diff comes to.
fn told(report: &Report) {
    if report.talk.quiet {
        return;
    }
    let fixed: usize = report.judged.iter().map(|judged| judged.changes.count()).sum();
    let fixed = if fixed == 0 { "there is nothing certain to fix".to_owned() } else { format!("this fixes {fixed}") };
    let more = match Tally::of(report).likely {
        0 => String::new(),
        more => format!("; `--unsafe-fixes` shows {more} more"),
    };
    say("note", &(fixed + &more));
}

fn save(report: &Report) -> Result<()> {
    for Judged { project, changes, .. } in &report.judged {
        for (file, before, after) in changes.texts(project) {
            let path = project.path(file);
            load::save(&path, &project.root, before, after)
                .with_context(|| format!("cannot write `{}`", shown(&path, &report.here)))?;
        }
    }
    Ok(())
}

/// The text from standard input with its fixes; byte for byte what came in where there are none.
fn fixed_text(overlay: &Overlay, report: &Report) -> Vec<u8> {
    let mut texts = report.judged.iter().flat_map(|judged| judged.changes.texts(&judged.project));
    texts.next().map_or_else(|| overlay.text.clone(), |(_, _, after)| after.as_bytes().to_vec())
}

fn exit(report: &Report, args: &CheckArgs) -> Exit {
    let judged = &report.judged;
    let bad = if args.diff {
        judged.iter().any(|judged| judged.changes.texts(&judged.project).next().is_some())
    } else {
        let mut severities = judged.iter().flat_map(|judged| &judged.diagnostics).map(|it| it.severity);
        severities.any(|severity| severity >= args.fail_on())
    };
    let is_read = |judged: &Judged| !matches!(judged.project.past, Past::Unreadable(_));
    match (report.unreadable.is_empty() && judged.iter().all(is_read), bad && !args.exit_zero) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Diagnostics,
        (true, false) => Exit::Clean,
    }
}
