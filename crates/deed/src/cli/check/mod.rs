//! `deed check`

mod args;
mod baseline;
mod before;
mod fix;
mod known;
mod watch;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use deed_linter::{Diagnostic, Outcome};
use deed_model::Date;
use rayon::prelude::*;

pub(crate) use self::args::CheckArgs;
use self::baseline::Baseline;
use self::before::Before;
pub(crate) use self::fix::Changes;
pub(crate) use self::known::Known;
use super::output::{self, Judged, Report, Talk, Tally, counted, diff, shown};
use super::progress::Progress;
use super::terminal::{Color, Terminal};
use super::{print, say};
use crate::exit::{Exit, Mistake};
use crate::load::history::Past;
use crate::load::{self, Loaded, Overlay, Project, current_directory};

pub(super) fn run(args: &CheckArgs, color: Color) -> Result<Exit> {
    args.mistakes()?;
    if args.watch {
        return watch::run(args, color);
    }
    let today = args.day.day();
    let request = args.request()?;
    let progress = Progress::start("Reading", !args.quiet);
    let (loaded, before) = rayon::join(
        || load::load(&request, &|| progress.file()),
        || args.before().map(|state| Before::at(&state, args.place(), request.proof.as_ref(), today)).transpose(),
    );
    let Loaded { projects, unreadable, strays } = loaded?;
    let before = before?;
    progress.doing("Judging");
    let here = current_directory()?;
    let judge = |project| judge(project, args, before.as_ref(), today, &here);
    let judged = projects.into_par_iter().map(judge).collect::<Result<_>>()?;
    drop(progress);

    let talk = Talk { quiet: args.quiet, statistics: args.statistics, lets_wait: args.staged };
    let report = Report { judged, unreadable, today, here: here.clone(), fail_on: args.fail_on(), talk };
    notes(&report, &strays, before.as_ref()).iter().for_each(|(kind, text)| say(kind, text));
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

fn judge(mut project: Project, args: &CheckArgs, before: Option<&Before>, today: Date, here: &Path) -> Result<Judged> {
    let (changes, outcome) = match args.at_least() {
        Some(at_least) => fix::fix(&mut project, today, at_least, args.is_stdin()),
        None => (Changes::default(), project.lint(today)),
    };
    judged(project, changes, outcome, args, before, here)
}

/// Sorts what was found into what is reported and what is not.
fn judged(
    project: Project,
    changes: Changes,
    outcome: Outcome,
    args: &CheckArgs,
    before: Option<&Before>,
    here: &Path,
) -> Result<Judged> {
    let Outcome { mut diagnostics, mut suppressed } = outcome;
    if args.staged {
        // What is about to be committed is not committed yet: that is no news.
        diagnostics.retain(|diagnostic| diagnostic.rule.id != "uncommitted-decision");
    }
    // What is old is in the baseline even so: it is not mended.
    let (baseline, remark) = baseline(&project, args, &diagnostics, here)?;
    let mut old = before.map(|it| it.split(&project.root, &mut diagnostics)).unwrap_or_default();
    let mut baselined = baseline.as_ref().map(|it| it.split(&mut diagnostics)).unwrap_or_default();
    let all = diagnostics.len();
    diagnostics.retain(|diagnostic| project.is_asked(diagnostic.span.file));
    baselined.retain(|diagnostic| project.is_asked(diagnostic.span.file));
    old.retain(|diagnostic| project.is_asked(diagnostic.span.file));
    suppressed.retain(|it| project.is_asked(it.diagnostic.span.file));
    let elsewhere = all - diagnostics.len();
    Ok(Judged {
        project,
        changes,
        diagnostics,
        suppressed,
        has_baseline: baseline.is_some(),
        remark: remark.filter(|_| !args.quiet),
        baselined,
        old: old.len(),
        elsewhere,
    })
}

/// The baseline of a workspace, written first where that is asked for, and what there is to say of it.
fn baseline(
    project: &Project,
    args: &CheckArgs,
    diagnostics: &[Diagnostic],
    here: &Path,
) -> Result<(Option<Baseline>, Option<String>)> {
    if args.no_baseline {
        return Ok((None, None));
    }
    let path = baseline::path_of(&project.root, args.baseline.as_ref());
    let name = || shown(&path, here);
    if args.write_baseline {
        let baseline = Baseline::of(&project.workspace, diagnostics);
        baseline.write(&path)?;
        let remark = format!("wrote {} to `{}`", counted(baseline.len(), "diagnostic"), name());
        return Ok((Some(baseline), Some(remark)));
    }
    let Some(baseline) = Baseline::read(&path)? else {
        return match &args.baseline {
            None if !args.prune_baseline => Ok((None, None)),
            _ => Err(Mistake::new(format!("there is no baseline `{}`", path.display()))
                .hint("`deed check --write-baseline` writes one")
                .into()),
        };
    };
    let before = baseline.len();
    if args.prune_baseline {
        let pruned = baseline.pruned(diagnostics);
        if pruned.len() < before {
            pruned.write(&path)?;
        }
        let remark = format!("took {} out of `{}`", counted(before - pruned.len(), "diagnostic"), name());
        return Ok((Some(pruned), Some(remark)));
    }
    let mended = before - baseline.count_in(diagnostics);
    let remark = (mended > 0).then(|| {
        let (gone, are) = (counted(mended, "diagnostic"), if mended == 1 { "is" } else { "are" });
        format!("{gone} in `{}` {are} mended: `--prune-baseline` takes them out", name())
    });
    Ok((Some(baseline), remark))
}

/// What a reader of the report must know about how it came to be; it goes to standard error.
fn notes(report: &Report, strays: &[PathBuf], before: Option<&Before>) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    let mut note = |kind, text: String| notes.push((kind, text));
    for it in before.into_iter().flat_map(Before::unreadable).filter(|_| !report.talk.quiet) {
        let (path, reason) = (report.shown(&it.path), &it.reason);
        note("warning", format!("before, `{path}` cannot be read: {reason}; all of its workspace is taken for new"));
    }
    for it in &report.unreadable {
        note("error", format!("cannot read `{}`: {}", report.shown(&it.path), it.reason));
    }
    if !report.unreadable.is_empty() {
        let why = "without it whatever refers to it would look wrong, so its workspace was not judged";
        note("hint", why.to_owned());
    }
    for Judged { project, changes, remark, .. } in &report.judged {
        remark.iter().for_each(|remark| note("note", remark.clone()));
        if !changes.refused.is_empty() {
            let rules = changes.refused.join("`, `");
            note("warning", format!("the fixes of `{rules}` were not applied: they break the text or undo each other"));
            let hint = concat!("this is a bug in Deed, please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues");
            note("hint", hint.to_owned());
        }
        match &project.past {
            Past::Unreadable(error) => unread(format!("history was not looked at: {error}"), error.help(), &mut note),
            Past::Failed { why, hint } => unread(why.clone(), hint.clone(), &mut note),
            Past::Outside if !report.talk.quiet && project.workspace.register().decisions().next().is_some() => {
                let root = report.shown(&project.root);
                note("note", format!("`{root}` is in no Git repository, so nothing is known of who decided what"));
            }
            _ => {}
        }
        if !project.has_root_manifest && !report.talk.quiet {
            let root = report.shown(&project.root);
            note("note", format!("no `deed.yaml` at or above `{root}`: the manifests there are judged by themselves"));
        }
    }
    for stray in strays.iter().filter(|_| !report.talk.quiet) {
        let name = load::manifest_name(stray);
        note("note", format!("`{}` is not read, since the name decides: call it `{name}`", report.shown(stray)));
    }
    notes
}

/// Says that history was not looked at.
fn unread(why: String, hint: Option<String>, note: &mut impl FnMut(&'static str, String)) {
    note("error", why);
    hint.into_iter().for_each(|hint| note("hint", hint));
    note("hint", "`--no-evidence` judges what the manifests say without it".to_owned());
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
        judged.iter().flat_map(|judged| &judged.diagnostics).any(|diagnostic| report.fails(diagnostic))
    };
    let is_read = |judged: &Judged| !matches!(judged.project.past, Past::Unreadable(_));
    match (report.unreadable.is_empty() && judged.iter().all(is_read), bad && !args.exit_zero) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Diagnostics,
        (true, false) => Exit::Clean,
    }
}
