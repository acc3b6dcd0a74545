//! `deed blame`

mod json;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use deed_history::{Answer, Blame, BlameEntry, BlameRequest, FileBlame, Oid, Unreadable};

use super::evidence::history_mistake;
use super::format::Format;
use super::progress::Progress;
use super::terminal::{Color, Terminal};
use super::{print, say};
use crate::exit::{Exit, Mistake};
use crate::load::tracked::{Tracked, tracked};

/// Show which commit gave each value its present form
///
/// Reads YAML and JSON files of any repository by value, not by line: reformatting, sorting, quoting, comments and
/// renames change nothing. At a merge a value comes from the first parent that has it; one that no parent has was made in
/// the merge.
#[derive(Args)]
#[command(after_help = "\
Examples:
  deed blame deed.yaml                          each value of a file
  deed blame . --format json                    all files below, in one walk over history
  deed blame risks.deed.yaml --key risks.R-12   the values below one key
  deed blame kep.yaml --at v1.30                as of a tag")]
pub(super) struct BlameArgs {
    /// Files and directories
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Show only what is at or below this key path, as in `risks.R-12.plan[0]`
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// The commit whose files are meant: any revision that Git knows
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    at: String,

    /// Format of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    /// Neither use nor keep what was found out before
    #[arg(long)]
    no_cache: bool,
}

/// What is shown.
struct Shown {
    at: Oid,
    blame: Blame,
    key: Option<String>,
}

impl Shown {
    /// The values of a file that were asked for.
    fn entries<'s>(&'s self, file: &'s FileBlame) -> impl Iterator<Item = &'s BlameEntry> {
        file.outcome.iter().flatten().filter(|entry| self.key.as_ref().is_none_or(|key| is_at(&entry.path, key)))
    }
}

/// Whether a key path is the one asked for, or below it.
fn is_at(path: &str, key: &str) -> bool {
    path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

pub(super) fn run(args: &BlameArgs, color: Color) -> Result<Exit> {
    let tracked = tracked(&args.paths).map_err(|error| history_mistake(&error))?;
    let at = tracked.repository.resolve(&args.at).map_err(|error| history_mistake(&error))?;
    if args.format == Format::Json && !args.no_cache {
        return again(args, &tracked, at);
    }
    let shown = shown(args, &tracked, at, &|_, _| false)?;
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text::write(&shown, &terminal, out),
        Format::Json => json::Words::of(&shown).write(out),
    })?;
    if args.format == Format::Text {
        warn(&shown);
    }
    Ok(exit(&shown))
}

/// Answers with what was said before, as far as it is kept.
fn again(args: &BlameArgs, tracked: &Tracked, at: Oid) -> Result<Exit> {
    // What is kept can turn out to be damaged when a part of it is said already. Then the rest is said in other words, which
    // are the same.
    let mut told = Told::default();
    let mut attempt = |say: &mut dyn FnMut(&mut dyn Write) -> io::Result<bool>| -> Result<bool> {
        let mut is_said = false;
        print(|out| say(&mut told.again(out)).map(|said| is_said = said))?;
        Ok(is_said)
    };
    let mut kept = Answer::to(&tracked.repository, &question(args.key.as_deref(), &tracked.paths), at);
    if attempt(&mut |out| kept.repeat(out))? {
        return Ok(Exit::Clean);
    }
    let name = |path: &[u8], since: Oid| [path, b"\0", since.as_bytes()].concat();
    // Whether anything is at a key is to be seen in the files.
    let known = |path: &[u8], since: Oid| args.key.is_none() && kept.has(&name(path, since));
    let mut found = shown(args, tracked, at, &known)?;
    if found.blame.is_whole() && exit(&found) == Exit::Clean {
        let Blame { all, files, .. } = &found.blame;
        let file = |path: &[u8]| files.binary_search_by(|file| (*file.path).cmp(path)).ok().map(|at| &files[at]);
        let words = json::Words::of(&found);
        let pieces = all.iter().map(|(path, since)| match file(path) {
            // Of files that are known it is known that they can be read.
            Some(FileBlame { outcome: Err(_), .. }) => Vec::new(),
            _ => name(path, *since),
        });
        let pieces: Vec<_> = pieces.collect();
        let mut say = |index: usize, out: &mut Vec<u8>| file(&all[index].0).map(|file| words.file(file, out)).is_some();
        let mut kept = Some(kept);
        let frame = [&*words.opening, json::END];
        if attempt(&mut |out| kept.take().map_or(Ok(false), |kept| kept.say(frame, &pieces, &mut say, out)))? {
            return Ok(Exit::Clean);
        }
    }
    if found.blame.files.len() < found.blame.all.len() {
        found = shown(args, tracked, at, &|_, _| false)?;
    }
    attempt(&mut |out| json::Words::of(&found).write(out).map(|()| true))?;
    Ok(exit(&found))
}

/// What was told of an answer that is always the same.
#[derive(Default)]
struct Told(usize);

impl Told {
    /// Tells it from the start, which is not written a second time.
    fn again<'t>(&'t mut self, out: &'t mut dyn Write) -> impl Write + 't {
        struct Rest<'t>(&'t mut usize, usize, &'t mut dyn Write);
        impl Write for Rest<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let before = self.0.saturating_sub(self.1).min(bytes.len());
                let written = if before < bytes.len() { self.2.write(&bytes[before..])? } else { 0 };
                self.1 += before + written;
                *self.0 = self.1.max(*self.0);
                Ok(before + written)
            }

            fn flush(&mut self) -> io::Result<()> {
                self.2.flush()
            }
        }
        Rest(&mut self.0, 0, out)
    }
}

/// Finds what is asked for, but for files that are known.
fn shown(args: &BlameArgs, tracked: &Tracked, at: Oid, known: &dyn Fn(&[u8], Oid) -> bool) -> Result<Shown> {
    let progress = Progress::start("Reading history", true);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let request = BlameRequest { at, paths: tracked.paths.clone(), threads, cache: !args.no_cache };
    let blame =
        deed_history::blame_unknown(&tracked.repository, &request, known).map_err(|error| history_mistake(&error))?;
    drop(progress);
    if blame.all.is_empty() {
        let asked: Vec<_> = args.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let message = format!("no YAML or JSON file is at {} in {}", asked.join(", "), args.at);
        return Err(Mistake::new(message).into());
    }
    let shown = Shown { at, blame, key: args.key.clone() };
    if let Some(key) = &args.key
        && shown.blame.files.iter().all(|file| shown.entries(file).next().is_none())
    {
        return Err(Mistake::new(format!("nothing is at the key `{key}`")).into());
    }
    Ok(shown)
}

/// What is known was kept because a file could be read.
fn exit(shown: &Shown) -> Exit {
    let blame = &shown.blame;
    let is_read = blame.files.len() < blame.all.len() || blame.files.iter().any(|file| file.outcome.is_ok());
    if is_read { Exit::Clean } else { Exit::Failed }
}

/// What is asked, beside the commit.
fn question(key: Option<&str>, paths: &[Vec<u8>]) -> Vec<u8> {
    let key = key.map(|key| ["key", key].join("=")).unwrap_or_default();
    let parts = [&b"blame json 2"[..], key.as_bytes()].into_iter().chain(paths.iter().map(Vec::as_slice));
    parts.flat_map(|part| [part, b"\0"].concat()).collect()
}

/// Says what the table does not hold.
fn warn(shown: &Shown) {
    for file in &shown.blame.files {
        if let Err(why) = file.outcome {
            say("warning", &format!("`{}` {}", String::from_utf8_lossy(&file.path), reason(why)));
        }
    }
    let unknown = shown.blame.files.iter().flat_map(|file| shown.entries(file)).filter(|entry| entry.commit.is_none());
    let unknown = unknown.count();
    if unknown > 0 {
        say("warning", &format!("where {unknown} values come from is unknown, since part of history is not here"));
        say("hint", "`git fetch --unshallow` or, for a partial clone, `git fetch --refetch` brings it");
    }
}

fn reason(why: Unreadable) -> String {
    match why {
        Unreadable::Syntax => "is left out: it has syntax errors".to_owned(),
        Unreadable::TooLarge(size) => {
            format!("is left out: it has {size} bytes, the limit is {}", deed_history::MAX_SIZE)
        }
        Unreadable::Missing => "is left out: it is not in this clone".to_owned(),
    }
}
