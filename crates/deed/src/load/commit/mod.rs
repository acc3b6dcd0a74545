//! Commits changes of manifests and nothing else, by the user's `git commit`.
//!
//! The index is locked, as Git does. Files and the index are written first, the commit is made from an index of its own, and
//! what was written is put back where it fails. Whenever a run is killed, each manifest is old or new and the index is whole:
//! what may be left is the lock, and a change that is staged and not committed; the next run takes away the one and commits
//! the other. Git may go on without us: then what lies here is what it commits.

mod changed;
mod index;
mod message;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};

use self::changed::write;
pub(crate) use self::changed::{Change, ChangedFile, Place};
pub(crate) use self::index::recover;
use self::index::{Index, entry, hash};
use self::message::{keep_trailers, last_paragraph, message_of};
use super::git::{Git, cannot_run};
use crate::exit::Mistake;

/// The commit to be made.
pub(crate) struct Plan<'p> {
    /// The top of the working tree.
    pub(crate) top: &'p Path,
    /// The commit it is made upon.
    pub(crate) upon: &'p str,
    pub(crate) files: &'p [&'p ChangedFile],
    pub(crate) message: &'p str,
    /// What the last paragraph of the message must have.
    pub(crate) trailers: &'p [String],
    /// To be signed, whatever the settings say.
    pub(crate) sign: bool,
}

/// The commit that was made.
pub(crate) struct Made {
    pub(crate) id: String,
    /// Paths that a hook added to it.
    pub(crate) also: Vec<String>,
    /// Paths of the changes themselves that are not in it as they were meant.
    pub(crate) altered: Vec<String>,
}

/// Makes the commit.
pub(crate) fn commit(plan: &Plan<'_>) -> Result<Made> {
    let git = Git::at(plan.top);
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in SIGNALS {
        // Git gets it as well, and ends; what it leaves is put back here.
        signal_hook::flag::register(*signal, interrupted.clone()).context("cannot catch signals")?;
    }
    let blobs = plan.files.iter().map(|file| hash(&git, &file.committed.after)).collect::<Result<Vec<_>>>()?;
    let index = Index::lock(&git)?;
    let own = index.own(plan, &blobs)?;
    let message = index.beside("message");
    fs::write(&message, plan.message).context("cannot write the message of the commit")?;
    let mut written = Written { index: &index, plan, files: Vec::new(), is_staged: false };
    let made = written.write(&blobs).and_then(|()| {
        if interrupted.load(Ordering::Relaxed) {
            bail!("interrupted");
        }
        run(&own, plan, &message)
    });
    match (made, whose(&git, plan)) {
        (made, Whose::Ours { id, is_named }) if made.is_ok() || is_named => {
            let staged = written.blobs(&blobs)?;
            drop(written);
            let id = if is_named { id } else { keep_trailers(&own, plan, &message, id)? };
            drop(index);
            let (also, altered) = follow(&git, plan, &id, &blobs, &staged)?;
            // So that nobody has to look at them again; it does not matter whether this succeeds.
            let paths = plan.files.iter().filter(|file| file.here.is_some()).map(|file| file.path.as_str());
            let _ = git.ask(&["add", "--refresh", "--"].into_iter().chain(paths).collect::<Vec<_>>());
            Ok(Made { id, also, altered })
        }
        (Ok(()), Whose::Upon { head, other }) => {
            // Between the look at HEAD and the commit there was another one, which this one would take back.
            let taken_back = git.ask(&["update-ref", "-m", "deed decide: taken back", "HEAD", &other, &head]);
            written.put_back()?;
            taken_back?;
            Err(in_the_meantime())
        }
        (made, whose) => {
            written.put_back()?;
            let why = made.err().unwrap_or_else(|| anyhow!("`git commit` made no commit"));
            Err(if interrupted.load(Ordering::Relaxed) {
                Mistake::new("interrupted: nothing was decided, and everything is as it was").into()
            } else if !matches!(whose, Whose::Nobodys) {
                in_the_meantime()
            } else {
                Mistake::new(format!("{why:#}: nothing was decided, and everything is as it was")).into()
            })
        }
    }
}

#[cfg(unix)]
const SIGNALS: &[i32] = &[signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: &[i32] = &[signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM];

fn in_the_meantime() -> anyhow::Error {
    Mistake::new("somebody else committed here in the meantime, so nothing was decided").hint("run it again").into()
}

/// Whose commit HEAD is now.
enum Whose {
    /// The one that was there before.
    Nobodys,
    /// One upon that, or one that a hook made upon ours; whether its last paragraph names the decisions.
    Ours { id: String, is_named: bool },
    /// One upon another that nobody had seen.
    Upon { head: String, other: String },
}

fn whose(git: &Git, plan: &Plan<'_>) -> Whose {
    let range = format!("{}..HEAD", plan.upon);
    let listed = git.line(&["rev-list", "--first-parent", &range, "--"]).unwrap_or_default();
    let since: Vec<&str> = listed.lines().collect();
    let Some(oldest) = since.last() else { return Whose::Nobodys };
    let message = |id: &str| message_of(git, id).unwrap_or_default();
    // A hook may have written behind the trailers.
    let is_ours = |id: &&&str| plan.trailers.iter().all(|trailer| message(id).lines().any(|line| line == trailer));
    match (since.iter().find(is_ours), since.as_slice()) {
        (Some(ours), [head, other, ..]) if ours == head => {
            Whose::Upon { head: (*head).to_owned(), other: (*other).to_owned() }
        }
        _ => {
            let last = last_paragraph(&message(oldest));
            let is_named = plan.trailers.iter().all(|trailer| last.contains(trailer));
            Whose::Ours { id: (*oldest).to_owned(), is_named }
        }
    }
}

/// Runs `git commit` where the user sees it.
fn run(own: &Git, plan: &Plan<'_>, message: &Path) -> Result<()> {
    let mut command = own.command(["commit", "--quiet", "--cleanup=whitespace"]);
    if plan.sign {
        command.arg("--gpg-sign");
    }
    let status = command.arg("--file").arg(message).stdout(Stdio::null()).status().map_err(cannot_run)?;
    if !status.success() {
        bail!("`git commit` failed");
    }
    Ok(())
}

/// What was written outside of the commit, to be put back.
struct Written<'w> {
    index: &'w Index,
    plan: &'w Plan<'w>,
    files: Vec<(PathBuf, &'w Change)>,
    is_staged: bool,
}

impl Written<'_> {
    /// The blobs that the files have in the index, given those that the commit has.
    fn blobs(&self, committed: &[String]) -> Result<Vec<String>> {
        let blob = |(file, blob): (&&ChangedFile, &String)| {
            let is_same = file.staged.change.after == file.committed.after;
            if is_same { Ok(blob.clone()) } else { hash(&self.index.git, &file.staged.change.after) }
        };
        self.plan.files.iter().zip(committed).map(blob).collect()
    }

    /// Brings the changes into the files here, then into the index: cut off between the two, a file is changed, and no more.
    fn write(&mut self, committed: &[String]) -> Result<()> {
        let blobs = self.blobs(committed)?;
        for file in self.plan.files {
            if let Some(change) = &file.here {
                let path = self.plan.top.join(&file.path);
                write(&path, change)?;
                self.files.push((path, change));
            }
        }
        self.index.stage(self.plan, &blobs)?;
        self.is_staged = true;
        Ok(())
    }

    /// Puts back what is still as it was written.
    fn put_back(&self) -> Result<()> {
        let back = |(path, Change { before, after }): &(PathBuf, &Change)| {
            // A hook may have done it.
            let is_back = fs::read(path).is_ok_and(|text| text == before.as_bytes());
            if is_back { Ok(()) } else { write(path, &Change { before: after.clone(), after: before.clone() }) }
        };
        let mut left: Vec<String> =
            self.files.iter().filter_map(|file| back(file).err()).map(|error| format!("{error:#}")).collect();
        if self.is_staged {
            left.extend(self.index.unstage().err().map(|error| format!("{error:#}")));
        }
        if left.is_empty() {
            return Ok(());
        }
        // Nothing that Git can be told takes back the decision and leaves what somebody else made of the file.
        Err(Mistake::new(format!("nothing was committed, but the decision is left here: {}", left.join("; ")))
            .hint("the same command again commits it; or take it out of the file in an editor")
            .into())
    }
}

/// Has the index follow what hooks made of the commit, where it had what the commit before had; returns which files came into
/// it beside the changes, and which of these are not what was meant. `committed` are the blobs that were, `staged` those that
/// the index has.
fn follow(
    git: &Git,
    plan: &Plan<'_>,
    head: &str,
    committed: &[String],
    staged: &[String],
) -> Result<(Vec<String>, Vec<String>)> {
    let listed = git.ask(&["diff-tree", "-r", "-z", "--no-renames", "--raw", plan.upon, head])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut also = Vec::new();
    // What a hook took back is not listed at all.
    let mut altered: Vec<String> = plan.files.iter().map(|file| file.path.clone()).collect();
    let mut parts = listed.split('\0');
    while let (Some(meta), Some(path)) = (parts.next(), parts.next()) {
        let fields: Vec<&str> = meta.trim_start_matches(':').split(' ').collect();
        let [_, mode, before, after, _] = fields.as_slice() else { continue };
        let own = plan.files.iter().position(|file| file.path == path);
        if own.is_some_and(|at| committed[at] == *after) {
            altered.retain(|known| known != path);
            continue;
        }
        if own.is_none() {
            also.push(path.to_owned());
        }
        let known = own.map_or(*before, |at| staged[at].as_str());
        let entry_now = git.line(&["ls-files", "--stage", "-z", "--", path])?;
        let has_known = entry_now.split([' ', '\t']).nth(1).map_or_else(|| zero(known), |blob| blob == known);
        if has_known {
            let line = if zero(after) { format!("0 {after}\t{path}\0") } else { entry(mode, after, path) };
            git.tell(&["update-index", "-z", "--index-info"], line.as_bytes())?;
        }
    }
    Ok((also, altered))
}

fn zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}
