//! `deed check --watch`: says what a check says whenever that is something else than before.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Error, Result};

use super::before::Before;
use super::{Changes, CheckArgs, baseline, judged, notes};
use crate::cli::output::{self, Report, Talk, counted};
use crate::cli::progress::Progress;
use crate::cli::terminal::{Color, Terminal};
use crate::cli::{day, say, unbroken};
use crate::exit::{self, Exit};
use crate::load::{Watch, current_directory};

/// Goes to the top of an empty screen; what was there can still be scrolled back to.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// How often is looked whether somebody pressed Ctrl-C.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Watches until somebody presses Ctrl-C, which is how it ends well.
pub(super) fn run(args: &CheckArgs, color: Color) -> Result<Exit> {
    let pressed = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, pressed.clone()).context("cannot wait for Ctrl-C")?;
    let own = args.clone();
    let worker = thread::Builder::new().name("watch".to_owned());
    let worker = worker.spawn(move || work(&own, color)).context("cannot start a thread")?;
    while !worker.is_finished() {
        if pressed.load(Ordering::Relaxed) {
            return Ok(Exit::Clean);
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    let done = worker.join().map_err(|_| Error::msg("watching failed"))?;
    done.map(|()| Exit::Clean)
}

/// What is shown.
#[derive(PartialEq, Eq)]
struct Screen {
    notes: Vec<(&'static str, String)>,
    text: Vec<u8>,
    /// What is said below it on a terminal.
    footer: String,
}

/// Checks and shows until nobody reads it any more.
fn work(args: &CheckArgs, color: Color) -> Result<()> {
    let here = current_directory()?;
    let mut watch = Watch::new(args.request()?, here.clone());
    let mut before = None;
    let mut shown = None;
    loop {
        let today = args.day.day();
        let screen = match screen(args, color, &mut watch, &mut before, today, &here) {
            Ok(screen) => screen,
            // What was wrong from the start is a mistake; what has gone may come again.
            Err(error) if shown.is_none() => return Err(error),
            Err(error) => {
                let (notes, _) = exit::explained(&error);
                Screen { notes, text: Vec::new(), footer: "Waiting for it to come back; Ctrl-C ends.".to_owned() }
            }
        };
        if shown.as_ref() != Some(&screen) {
            match show(&screen, shown.is_none(), color) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                other => other.context("cannot write to standard output")?,
            }
            shown = Some(screen);
        }
        watch.wait(|| args.day.is_open() && day::today() != today);
    }
}

fn screen(
    args: &CheckArgs,
    color: Color,
    watch: &mut Watch,
    before: &mut Option<Before>,
    today: deed_model::Date,
    here: &Path,
) -> Result<Screen> {
    let progress = Progress::start("Checking", !args.quiet);
    let (loaded, outcomes, has_moved) = watch.judge(today)?;
    if let Some(state) = args.before().filter(|_| has_moved || before.is_none()) {
        *before = Some(Before::at(&state, args.place(), args.request()?.proof.as_ref(), today)?);
    }
    drop(progress);
    watch.watch_also(loaded.projects.iter().map(|it| baseline::path_of(&it.root, args.baseline.as_ref())).collect());
    let judged = loaded
        .projects
        .into_iter()
        .zip(outcomes)
        .map(|(project, outcome)| judged(project, Changes::default(), outcome, args, before.as_ref(), here));
    let talk = Talk { quiet: args.quiet, statistics: args.statistics, lets_wait: args.staged };
    let (judged, here) = (judged.collect::<Result<Vec<_>>>()?, here.to_owned());
    let manifests = judged.iter().map(|judged| judged.project.asked()).sum();
    let report = Report { judged, unreadable: loaded.unreadable, today, here, fail_on: args.fail_on(), talk };
    let mut text = Vec::new();
    output::write(args.format, &report, &Terminal::of(&io::stdout(), color), &mut text)?;
    let footer = format!("Watching {}; Ctrl-C ends.", counted(manifests, "manifest"));
    Ok(Screen { notes: notes(&report, &loaded.strays, before.as_ref()), text, footer })
}

fn show(screen: &Screen, is_first: bool, color: Color) -> io::Result<()> {
    let mut out = unbroken();
    let stdout = io::stdout();
    let is_terminal = stdout.is_terminal();
    if is_terminal {
        out.write_all(CLEAR.as_bytes())?;
    } else if !is_first {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    screen.notes.iter().for_each(|(kind, text)| say(kind, text));
    out.write_all(&screen.text)?;
    if is_terminal {
        let faint = Terminal::of(&stdout, color).paint.faint;
        writeln!(out, "\n{faint}{}{faint:#}", screen.footer)?;
    }
    out.flush()
}
