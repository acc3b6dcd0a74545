//! Runs Git for what is Git's business: who commits, with which key, and the commit itself with its hooks.
//!
//! Evidence is never read this way.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Error, Result, bail};

use crate::exit::Mistake;

/// What would send Git to another repository than the one that was found, or to another index.
const ELSEWHERE: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// The user's `git`, in a working tree.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    top: PathBuf,
    index: Option<PathBuf>,
}

/// Who Git says somebody is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ident {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// How Git signs commits here.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Signing {
    /// `commit.gpgSign`; `None` where nothing is said.
    pub(crate) always: Option<bool>,
    /// `user.signingKey`.
    pub(crate) key: Option<String>,
    /// `gpg.format`.
    pub(crate) format: String,
    /// `gpg.ssh.defaultKeyCommand` is set.
    pub(crate) has_key_command: bool,
}

impl Signing {
    /// Whether there is something to sign with, as far as the settings tell.
    pub(crate) fn has_key(&self) -> bool {
        self.key.is_some()
            || self.format == "ssh" && self.has_key_command
            // With the key that the keyring has for the committer.
            || self.format == "openpgp" && self.always == Some(true)
    }

    /// Whether a commit is to be signed of which nobody says that it must be.
    pub(crate) fn is_wanted(&self) -> bool {
        self.always.unwrap_or_else(|| self.has_key())
    }
}

/// Says that Git could not be started.
pub(super) fn cannot_run(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Mistake::new("there is no `git` on PATH")
            .hint("install Git: it says who decides, and makes the commit")
            .into(),
        _ => Error::from(error).context("cannot run `git`"),
    }
}

impl Git {
    /// Git in a directory.
    pub(crate) fn at(directory: &Path) -> Self {
        Self { top: directory.to_owned(), index: None }
    }

    /// The same with another file as its index.
    pub(crate) fn with_index(&self, index: &Path) -> Self {
        Self { index: Some(index.to_owned()), ..self.clone() }
    }

    /// Returns a command that is not run yet. What it says comes through.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.top).args(arguments);
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        command
    }

    /// Runs Git and returns what it printed.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        self.tell(arguments, &[])
    }

    /// Runs Git with something on its standard input, and returns what it printed.
    pub(crate) fn tell(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
        let mut command = self.command(arguments);
        command.env("GIT_LITERAL_PATHSPECS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(cannot_run)?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read it to the end says why when it ends.
            let _ = stdin.write_all(input);
        }
        let output = child.wait_with_output().map_err(cannot_run)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
            let what = arguments.first().copied().unwrap_or_default();
            bail!("`git {what}` says: {}", said.strip_prefix("fatal: ").unwrap_or(&said));
        }
        Ok(output.stdout)
    }

    /// Runs Git and returns the line it printed.
    pub(crate) fn line(&self, arguments: &[&str]) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.ask(arguments)?).trim_end().to_owned())
    }

    /// Returns whom a commit would name as its author.
    pub(crate) fn author(&self) -> Result<Ident> {
        let line = self.line(&["var", "GIT_AUTHOR_IDENT"])?;
        let (name, rest) = line.split_once('<').context("`git var` does not say who you are")?;
        let (email, _) = rest.split_once('>').context("`git var` does not say who you are")?;
        Ok(Ident { name: name.trim().to_owned(), email: email.to_owned() })
    }

    /// Returns a setting; `None` where there is none.
    fn setting(&self, kind: &str, name: &str) -> Option<String> {
        self.line(&["config", kind, "--get", name]).ok().filter(|value| !value.is_empty())
    }

    /// Returns how commits are signed here.
    pub(crate) fn signing(&self) -> Signing {
        let text = |name| self.setting("--no-type", name);
        Signing {
            always: self.setting("--type=bool", "commit.gpgSign").map(|value| value == "true"),
            key: text("user.signingKey"),
            format: text("gpg.format").unwrap_or_else(|| "openpgp".to_owned()),
            has_key_command: text("gpg.ssh.defaultKeyCommand").is_some(),
        }
    }

    /// Returns the public key that commits would be signed with, as a manifest would have it; `None` where that cannot be
    /// told without signing.
    pub(crate) fn public_key(&self, signing: &Signing) -> Option<String> {
        let key = signing.key.as_deref();
        match signing.format.as_str() {
            "ssh" => {
                let key = key?;
                let literal = key.strip_prefix("key::").or(Some(key).filter(|key| key.starts_with("ssh-")));
                if let Some(literal) = literal {
                    return Some(literal.to_owned());
                }
                let path = self.top.join(self.setting("--type=path", "user.signingKey")?);
                let read = |path: &Path| Some(String::from_utf8_lossy(&super::file(path).ok()??).into_owned());
                let is_public = |text: &String| !text.contains("PRIVATE KEY");
                let beside = PathBuf::from(format!("{}.pub", path.display()));
                read(&path).filter(is_public).or_else(|| read(&beside))
            }
            "openpgp" => {
                let whose = key.map(str::to_owned).or_else(|| Some(self.author().ok()?.email))?;
                let text = |name| self.setting("--type=path", name);
                let program = text("gpg.openpgp.program").or_else(|| text("gpg.program"));
                let mut gpg = Command::new(program.unwrap_or_else(|| "gpg".to_owned()));
                gpg.args(["--batch", "--armor", "--export", "--", &whose]).current_dir(&self.top);
                let output = gpg.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
                Some(String::from_utf8_lossy(&output.stdout).into_owned()).filter(|text| !text.trim().is_empty())
            }
            _ => None,
        }
    }
}
