//! Hooks of a repository: scripts that Git runs, put beside what is there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use deed_history::Repository;

use super::create;
use super::read::is_there;

/// What a script of ours has in its second line.
const MARK: &str = "# Written by `deed hook install`; `deed hook uninstall` takes it out.";
/// What a hook that was there before is called, so that ours can run it first.
const BEFORE: &str = "before-deed";

/// What installing or removing a hook came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// There was none: now there is, or the other way round.
    Plain,
    /// One that was there runs first; it is put back when ours goes.
    Chained,
    /// It is as was asked for already.
    Nothing,
}

/// Returns the directory in which Git looks for the hooks of a repository, as `git rev-parse --git-path hooks` does.
pub(crate) fn directory(repository: &Repository) -> PathBuf {
    let top = repository.workdir().unwrap_or(repository.git_dir());
    let set = repository.setting("core.hooksPath").filter(|path| !path.is_empty());
    set.map_or_else(
        || repository.common_dir().join("hooks"),
        |path| match (path.strip_prefix("~/"), std::env::home_dir()) {
            (Some(below), Some(home)) => home.join(below),
            _ => top.join(path),
        },
    )
}

/// Whether the hooks of a repository are those of others, too: a relative path is another place in each.
pub(crate) fn is_shared(repository: &Repository) -> bool {
    let set = repository.setting("core.hooksPath").filter(|_| repository.is_general("core.hooksPath"));
    set.is_some_and(|path| path.starts_with('~') || Path::new(&path).is_absolute())
}

/// Returns what `core.hooksPath` would be for the hooks of a repository alone.
pub(crate) fn own_directory(repository: &Repository) -> PathBuf {
    let own = repository.common_dir().join("hooks");
    let top = repository.workdir().unwrap_or(repository.common_dir());
    own.strip_prefix(top).map_or_else(|_| own.clone(), Path::to_owned)
}

/// Puts a hook there that runs what was there before, and then the program on PATH, or else `program`, with the words of
/// `command`. Where Git tells a hook something on standard
/// input, both are told.
pub(crate) fn install(directory: &Path, name: &str, program: &Path, command: &str, is_told: bool) -> Result<Outcome> {
    let program = super::slashed(program).replace('\'', r"'\''");
    let (hook, before) = (directory.join(name), directory.join(format!("{name}.{BEFORE}")));
    let [read, tell] = if is_told { ["told=$(cat)\n", "printf '%s\\n' \"$told\" | "] } else { ["", ""] };
    let script = format!(
        "#!/bin/sh\n{MARK}\n{read}before=$(dirname \"$0\")/{name}.{BEFORE}\nif [ -x \"$before\" ]; then {tell}\"$before\" \"$@\" || exit; fi\n\
         program=$(command -v deed || printf '%s' '{program}')\n{tell}\"$program\" {command}\n"
    );
    let there = super::file(&hook).with_context(|| format!("cannot read `{}`", hook.display()))?;
    let outcome = match there {
        Some(text) if text == script.as_bytes() => return Ok(Outcome::Nothing),
        Some(text) if is_ours(&text) && !is_there(&before) => Outcome::Plain,
        Some(text) if is_ours(&text) => Outcome::Chained,
        Some(_) if is_there(&before) => {
            anyhow::bail!("`{}` and `{}` are both there, and neither is Deed's", hook.display(), before.display())
        }
        Some(_) => {
            fs::rename(&hook, &before).with_context(|| format!("cannot rename `{}`", hook.display()))?;
            Outcome::Chained
        }
        None => Outcome::Plain,
    };
    let written =
        fs::create_dir_all(directory).map_err(anyhow::Error::from).and_then(|()| create(&hook, script.as_bytes()));
    written.and_then(|()| make_executable(&hook)).with_context(|| format!("cannot write `{}`", hook.display()))?;
    Ok(outcome)
}

/// Whether a hook is ours.
pub(crate) fn is_installed(directory: &Path, name: &str) -> Result<bool> {
    let hook = directory.join(name);
    let text = super::file(&hook).with_context(|| format!("cannot read `{}`", hook.display()))?;
    Ok(text.is_some_and(|text| is_ours(&text)))
}

/// Takes a hook of ours out, and puts back what was there before.
pub(crate) fn uninstall(directory: &Path, name: &str) -> Result<Outcome> {
    let (hook, before) = (directory.join(name), directory.join(format!("{name}.{BEFORE}")));
    match super::file(&hook).with_context(|| format!("cannot read `{}`", hook.display()))? {
        Some(text) if is_ours(&text) => {}
        _ => return Ok(Outcome::Nothing),
    }
    if is_there(&before) {
        fs::rename(&before, &hook).with_context(|| format!("cannot rename `{}`", before.display()))?;
        return Ok(Outcome::Chained);
    }
    fs::remove_file(&hook).with_context(|| format!("cannot remove `{}`", hook.display()))?;
    Ok(Outcome::Plain)
}

fn is_ours(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).lines().nth(1) == Some(MARK)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// Elsewhere Git runs a hook whatever its mode.
#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}
