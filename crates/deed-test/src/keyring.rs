//! OpenPGP keys, made by the real `gpg` in a home of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::repo::text;

/// A GnuPG home that vanishes with the value, and with it the agent that GnuPG starts for it.
///
/// ```no_run
/// use deed_test::Keyring;
///
/// let keyring = Keyring::new();
/// let ada = keyring.generate("Ada Moreau <ada@acme.example>", "ed25519", "never", "20260101T090000");
/// let signature = keyring.sign(&ada, b"R-1", "20260301T100000");
/// ```
#[derive(Debug)]
pub struct Keyring {
    home: TempDir,
}

impl Default for Keyring {
    fn default() -> Self {
        Self::new()
    }
}

impl Keyring {
    /// Makes an empty one.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        make_private(home.path());
        Self { home }
    }

    /// Returns the directory to set `GNUPGHOME` to.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Makes a primary key that signs, in an algorithm and with an expiry as `--quick-generate-key` takes them, and
    /// returns its fingerprint. `at` is the time to make it at: `20260101T090000`.
    pub fn generate(&self, user: &str, algorithm: &str, expiry: &str, at: &str) -> String {
        self.gpg(at, &["--quick-generate-key", user, algorithm, "sign", expiry], b"");
        self.fingerprints(user).into_iter().next().expect("a key was made just now")
    }

    /// Adds a subkey that signs and returns its fingerprint.
    pub fn add_subkey(&self, primary: &str, algorithm: &str, expiry: &str, at: &str) -> String {
        self.gpg(at, &["--quick-add-key", primary, algorithm, "sign", expiry], b"");
        self.fingerprints(primary).pop().expect("a key was made just now")
    }

    /// Returns the fingerprints of a primary key and its subkeys.
    fn fingerprints(&self, key: &str) -> Vec<String> {
        let listing = self.gpg("", &["--with-colons", "--list-keys", key], b"");
        let lines = listing.lines().filter(|line| line.starts_with("fpr:"));
        lines.filter_map(|line| line.split(':').nth(9)).map(str::to_owned).collect()
    }

    /// Returns the armored public key block.
    pub fn export(&self, key: &str) -> String {
        self.gpg("", &["--armor", "--export", key], b"") + "\n"
    }

    /// Signs with exactly the key of that fingerprint and returns the armored signature.
    pub fn sign(&self, key: &str, data: &[u8], at: &str) -> String {
        self.gpg(at, &["--armor", "--local-user", &format!("{key}!"), "--detach-sign"], data) + "\n"
    }

    /// Answers the questions of an interactive command, one a line.
    pub fn answer(&self, arguments: &[&str], answers: &str, at: &str) -> String {
        let arguments = [&["--no-batch", "--yes", "--command-fd", "0"], arguments].concat();
        self.gpg(at, &arguments, answers.as_bytes())
    }

    /// Runs gpg at a time, or now where it is empty, and returns what it printed without the last line break.
    pub fn gpg(&self, at: &str, arguments: &[&str], input: &[u8]) -> String {
        let mut command = self.command(at);
        command.args(arguments);
        text(&mut command, input)
    }

    /// Returns a program for `gpg.program`: gpg as it would answer at a time.
    pub fn program(&self, at: &str) -> PathBuf {
        let path = self.home().join(format!("gpg-{at}"));
        fs::write(&path, format!("#!/bin/sh\nexec gpg --faked-system-time '{at}!' \"$@\"\n"))
            .expect("the home is ours");
        make_private(&path);
        path
    }

    fn command(&self, at: &str) -> Command {
        let mut command = Command::new("gpg");
        command.env("GNUPGHOME", self.home()).env("LC_ALL", "C");
        command.args(["--quiet", "--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""]);
        if !at.is_empty() {
            // The mark stops the clock: a key must not be a second younger than its subkey.
            command.args(["--faked-system-time", &format!("{at}!")]);
        }
        command
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        command.env("GNUPGHOME", self.home()).args(["--kill", "all"]);
        // An agent that lives on ends by itself when its home is gone.
        drop(command.output());
    }
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("the home is ours");
}

#[cfg(not(unix))]
fn make_private(_path: &Path) {}
