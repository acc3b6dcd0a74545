//! Commits changes of manifests and nothing else, by the user's `git commit`.
//!
//! The index is locked, as Git does. Files and the index are written first, the commit is made from an index of its own, and
//! what was written is put back where it fails. Whenever a run is killed, each manifest is old or new and the index is whole:
//! what may be left is the lock, and a change that is staged and not committed; the next run takes away the one and commits
//! the other. Git may go on without us: then what lies here is what it commits.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};

use super::git::Git;
use super::save;
use crate::exit::Mistake;

/// A text before a change and after.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) before: String,
    pub(crate) after: String,
}

/// A manifest with a change in it.
pub(crate) struct ChangedFile {
    /// Its path from the top, with `/` between the parts.
    pub(crate) path: String,
    /// The mode that the commit has it with.
    pub(crate) mode: String,
    /// As the last commit has it.
    pub(crate) committed: Change,
    pub(crate) staged: Staged,
    /// As it lies here; `None` where a sparse checkout leaves it out.
    pub(crate) here: Option<Change>,
}

/// A file as the index has it.
pub(crate) struct Staged {
    pub(crate) mode: String,
    /// `S` or `h`: it is not looked at here.
    pub(crate) tag: char,
    pub(crate) change: Change,
}

/// The commit to be made.
pub(crate) struct Plan<'p> {
    /// The top of the working tree.
    pub(crate) top: &'p Path,
    /// The commit it is made upon.
    pub(crate) upon: &'p str,
    pub(crate) files: &'p [ChangedFile],
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
}

impl ChangedFile {
    /// Reads a manifest as the last commit, the index and the working tree have it, with the text to be the same in each:
    /// `change` makes it, and is told where a text is from.
    pub(crate) fn read(
        git: &Git,
        top: &Path,
        upon: &str,
        path: &str,
        change: &dyn Fn(&str, Place) -> Result<String>,
    ) -> Result<Self> {
        let tree = git.ask(&["ls-tree", "-z", upon, "--", path])?;
        let tree = String::from_utf8_lossy(&tree).into_owned();
        let fields: Vec<&str> = tree.split([' ', '\t']).collect();
        let [mode, "blob", id, ..] = fields.as_slice() else {
            return Err(Mistake::new(format!("`{path}` is not committed")).hint("commit it first").into());
        };
        if *mode == "120000" {
            return Err(linked(path));
        }
        let blob = |id: &str, place: Place| -> Result<Change> {
            let before = text(git.ask(&["cat-file", "blob", id])?, path)?;
            Ok(Change { after: change(&before, place)?, before })
        };
        let id = id.trim_end_matches('\0');
        let committed = blob(id, Place::Committed)?;
        let listed = git.ask(&["ls-files", "-v", "--stage", "-z", "--", path])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let fields: Vec<&str> = listed.split([' ', '\t', '\0']).collect();
        let [tag, staged_mode, staged, stage, ..] = fields.as_slice() else {
            return Err(Mistake::new(format!("`{path}` is removed, or renamed, by what is staged"))
                .hint("commit that first, or take it back with `git restore --staged`")
                .into());
        };
        if *stage != "0" {
            return Err(Mistake::new(format!("`{path}` has a conflict that is not solved"))
                .hint("solve it and `git add` the file")
                .into());
        }
        let tag = tag.chars().next().unwrap_or('H');
        let staged_change = if *staged == id { committed.clone() } else { blob(staged, Place::Staged)? };
        let staged = Staged { mode: (*staged_mode).to_owned(), tag, change: staged_change };
        let file = top.join(path);
        let here = match file.symlink_metadata() {
            Err(_) if tag == 'S' => None,
            Err(_) => {
                return Err(Mistake::new(format!("`{path}` is deleted here"))
                    .hint("commit that first, or take it back with `git restore`")
                    .into());
            }
            Ok(_) if file.canonicalize().ok() != Some(file.clone()) => return Err(linked(path)),
            Ok(_) => {
                let bytes = fs::read(&file).with_context(|| format!("cannot read `{path}`"))?;
                let before = text(bytes, path)?;
                Some(if before == committed.before {
                    committed.clone()
                } else {
                    Change { after: change(&before, Place::Here)?, before }
                })
            }
        };
        Ok(Self { path: path.to_owned(), mode: (*mode).to_owned(), committed, staged, here })
    }
}

/// Where a text is from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The last commit.
    Committed,
    /// The index.
    Staged,
    /// The working tree.
    Here,
}

fn linked(path: &str) -> anyhow::Error {
    Mistake::new(format!("`{path}` is a symbolic link, or lies behind one, so a commit has no decision in it"))
        .hint("put the manifest itself in its place")
        .into()
}

fn text(bytes: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Mistake::new(format!("`{path}` is not UTF-8")).into())
}

/// Writes a file back if it is what it was when it was read.
pub(crate) fn write(file: &Path, change: &Change) -> Result<()> {
    let within = file.parent().unwrap_or(file);
    save(file, within, &change.before, &change.after).with_context(|| format!("cannot write `{}`", file.display()))
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
    let mut index = Index::lock(&git)?;
    let own = index.own(plan, &blobs)?;
    let message = index.beside("message");
    fs::write(&message, plan.message).context("cannot write the message of the commit")?;
    let mut written = Written { index: &mut index, plan, files: Vec::new(), is_staged: false };
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
            let also = follow(&git, plan, &id, &blobs, &staged)?;
            // So that nobody has to look at the files again; it does not matter whether this succeeds.
            let _ = git.ask(&["update-index", "-q", "--refresh"]);
            Ok(Made { id, also })
        }
        (Ok(()), Whose::Upon { head, other }) => {
            // Between the look at HEAD and the commit there was another one, which this one would take back.
            git.ask(&["update-ref", "-m", "deed decide: taken back", "HEAD", &other, &head])?;
            written.put_back()?;
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
    let is_named = |id: &&&str| {
        let last = message_of(git, id).map(|message| last_paragraph(&message)).unwrap_or_default();
        plan.trailers.iter().all(|trailer| last.contains(trailer))
    };
    match (since.as_slice(), since.iter().find(is_named)) {
        ([], _) => Whose::Nobodys,
        ([.., oldest], Some(named)) if named == oldest => Whose::Ours { id: (*named).to_owned(), is_named: true },
        ([only], _) => Whose::Ours { id: (*only).to_owned(), is_named: false },
        ([head, other, ..], _) => Whose::Upon { head: (*head).to_owned(), other: (*other).to_owned() },
    }
}

/// Runs `git commit` where the user sees it.
fn run(own: &Git, plan: &Plan<'_>, message: &Path) -> Result<()> {
    let mut command = own.command(["commit", "--quiet", "--cleanup=whitespace"]);
    if plan.sign {
        command.arg("--gpg-sign");
    }
    let status = command.arg("--file").arg(message).stdout(Stdio::null()).status().context("cannot run `git`")?;
    if !status.success() {
        bail!("`git commit` failed");
    }
    Ok(())
}

/// What our lock of an index says, and then whose it is.
const MARK: &str = "locked by `deed decide` ";

/// The index, locked against everybody else, and files beside it that are gone when the run ends.
struct Index {
    git: Git,
    path: PathBuf,
    lock: PathBuf,
}

impl Index {
    /// Locks the index as Git does. A lock that a killed run left is no lock.
    fn lock(git: &Git) -> Result<Self> {
        let path = PathBuf::from(git.line(&["rev-parse", "--path-format=absolute", "--git-path", "index"])?);
        let lock = PathBuf::from(format!("{}.lock", path.display()));
        let holder = super::file(&lock).ok().flatten().map(|text| String::from_utf8_lossy(&text).into_owned());
        let holder = holder.as_deref().and_then(|text| text.strip_prefix(MARK)?.trim().parse().ok());
        if let Some(process) = holder.filter(|process| super::is_running(*process) == Some(false)) {
            sweep(&path, process);
            let _ = fs::remove_file(&lock);
        }
        let made = OpenOptions::new().write(true).create_new(true).open(&lock);
        let made = made.and_then(|mut file| writeln!(file, "{MARK}{}", std::process::id()));
        match made {
            Ok(()) => Ok(Self { git: git.clone(), path, lock }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Mistake::new(format!("another Git process is at work here: there is `{}`", lock.display()))
                    .hint("wait for it; if there is none, remove the file")
                    .into())
            }
            Err(error) => Err(error).with_context(|| format!("cannot lock `{}`", path.display())),
        }
    }

    fn beside(&self, what: &str) -> PathBuf {
        beside(&self.path, what, std::process::id())
    }

    /// Makes an index that has what the last commit has, and the changes.
    fn own(&self, plan: &Plan<'_>, blobs: &[String]) -> Result<Git> {
        let path = self.beside("own");
        let own = self.git.with_index(&path);
        // What is known of the files here is worth keeping: else all of them would be read again.
        let is_copied = fs::copy(&self.path, &path).is_ok() && own.ask(&["read-tree", "-m", plan.upon]).is_ok();
        if !is_copied {
            let _ = fs::remove_file(&path);
            own.ask(&["read-tree", plan.upon])?;
        }
        let lines: String =
            plan.files.iter().zip(blobs).map(|(file, blob)| entry(&file.mode, blob, &file.path)).collect();
        own.tell(&["update-index", "-z", "--index-info"], lines.as_bytes())?;
        Ok(own)
    }

    /// Gives the files' entries these blobs; keeps the index as it was beside it.
    fn stage(&self, plan: &Plan<'_>, blobs: &[String]) -> Result<()> {
        let (before, next) = (self.beside("before"), self.beside("next"));
        let copied = fs::copy(&self.path, &before).and_then(|_| fs::copy(&self.path, &next));
        copied.with_context(|| format!("cannot copy `{}`", self.path.display()))?;
        let git = self.git.with_index(&next);
        let files = || plan.files.iter().zip(blobs);
        let lines: String = files().map(|(file, blob)| entry(&file.staged.mode, blob, &file.path)).collect();
        git.tell(&["update-index", "-z", "--index-info"], lines.as_bytes())?;
        for (tag, flag) in [('S', "--skip-worktree"), ('h', "--assume-unchanged")] {
            let paths: Vec<&str> =
                files().filter(|(file, _)| file.staged.tag == tag).map(|(file, _)| file.path.as_str()).collect();
            if !paths.is_empty() {
                git.ask(&[&["update-index", flag, "--"], paths.as_slice()].concat())?;
            }
        }
        fs::rename(&next, &self.path).with_context(|| format!("cannot write `{}`", self.path.display()))
    }

    /// Puts the index back as it was.
    fn unstage(&self) -> Result<()> {
        fs::rename(self.beside("before"), &self.path).with_context(|| format!("cannot write `{}`", self.path.display()))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        sweep(&self.path, std::process::id());
        // Last, so that until now nobody saw what is not finished. Where it is gone already there is nothing to do.
        let _ = fs::remove_file(&self.lock);
    }
}

fn beside(index: &Path, what: &str, process: u32) -> PathBuf {
    index.with_file_name(format!("deed-{process}-{what}"))
}

/// Removes what a run has beside the index; most of it may never have been there.
fn sweep(index: &Path, process: u32) {
    for what in ["own", "own.lock", "before", "next", "next.lock", "message"] {
        let _ = fs::remove_file(beside(index, what, process));
    }
}

fn entry(mode: &str, blob: &str, path: &str) -> String {
    format!("{mode} {blob} 0\t{path}\0")
}

fn hash(git: &Git, text: &str) -> Result<String> {
    let id = git.tell(&["hash-object", "-w", "-t", "blob", "--stdin"], text.as_bytes())?;
    Ok(String::from_utf8_lossy(&id).trim().to_owned())
}

/// What was written outside of the commit, to be put back.
struct Written<'w> {
    index: &'w mut Index,
    plan: &'w Plan<'w>,
    files: Vec<(PathBuf, &'w Change)>,
    is_staged: bool,
}

impl Written<'_> {
    /// The blobs that the files have in the index, given those that the commit has.
    fn blobs(&self, committed: &[String]) -> Result<Vec<String>> {
        let blob = |(file, blob): (&ChangedFile, &String)| {
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
            write(path, &Change { before: after.clone(), after: before.clone() })
        };
        let mut left: Vec<String> =
            self.files.iter().filter_map(|file| back(file).err()).map(|error| format!("{error:#}")).collect();
        if self.is_staged {
            left.extend(self.index.unstage().err().map(|error| format!("{error:#}")));
        }
        if left.is_empty() {
            return Ok(());
        }
        Err(Mistake::new(format!("nothing was committed, but the change is still here: {}", left.join("; ")))
            .hint("take it back with `git restore --staged --worktree`, or run it again to commit it")
            .into())
    }
}

/// Has the index follow what hooks made of the commit, where it had what the commit before had; returns which files came into
/// it beside the changes. `committed` are the blobs that were meant, `staged` those that the index has.
fn follow(git: &Git, plan: &Plan<'_>, head: &str, committed: &[String], staged: &[String]) -> Result<Vec<String>> {
    let listed = git.ask(&["diff-tree", "-r", "-z", "--no-renames", "--raw", plan.upon, head])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut also = Vec::new();
    let mut parts = listed.split('\0');
    while let (Some(meta), Some(path)) = (parts.next(), parts.next()) {
        let fields: Vec<&str> = meta.trim_start_matches(':').split(' ').collect();
        let [_, mode, before, after, _] = fields.as_slice() else { continue };
        let own = plan.files.iter().position(|file| file.path == path);
        if own.is_some_and(|at| committed[at] == *after) {
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
    Ok(also)
}

fn zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

fn message_of(git: &Git, commit: &str) -> Result<String> {
    let text = git.ask(&["cat-file", "commit", commit])?;
    let text = String::from_utf8_lossy(&text);
    Ok(text.split_once("\n\n").map_or(String::new(), |(_, message)| message.to_owned()))
}

/// The last paragraph of a message, with the blank line before it; empty where it is the first.
fn last_paragraph(message: &str) -> Vec<String> {
    let lines: Vec<&str> = message.trim_end().lines().collect();
    let blank = lines.iter().rposition(|line| line.trim().is_empty()).unwrap_or(lines.len());
    lines[blank..].iter().map(|line| (*line).to_owned()).collect()
}

/// Makes the commit anew where a hook wrote behind the trailers: in the last paragraph they count, further up they do not.
fn keep_trailers(own: &Git, plan: &Plan<'_>, file: &Path, head: String) -> Result<String> {
    let message = message_of(own, &head)?;
    let rest = message.lines().filter(|line| !plan.trailers.iter().any(|trailer| trailer == line));
    let rest = rest.collect::<Vec<_>>().join("\n");
    let rest = rest.trim_end();
    let is_trailer = |line: &String| {
        line.split_once(": ")
            .is_some_and(|(key, _)| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    let behind = last_paragraph(rest);
    let gap = if behind.len() > 1 && behind[1..].iter().all(is_trailer) { "\n" } else { "\n\n" };
    fs::write(file, format!("{rest}{gap}{}\n", plan.trailers.join("\n"))).context("cannot write the message")?;
    // The hooks have seen this commit; once more, and they would do it again.
    let mut command = own.command(["-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--amend", "--no-verify"]);
    command.arg("--cleanup=whitespace").arg("--file").arg(file).stdout(Stdio::null());
    if plan.sign {
        command.arg("--gpg-sign");
    }
    let is_amended = command.status().context("cannot run `git`")?.success();
    if !is_amended {
        // The commit is there, without what names the decision.
        return Ok(head);
    }
    own.line(&["rev-parse", "--verify", "HEAD"])
}
