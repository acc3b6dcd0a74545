//! A repository under test, driven through the real `git`.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};

use tempfile::TempDir;

use crate::draft::{Draft, Kind};
use crate::{Identity, Key};

/// The time of the first commit when a test gives none: 2026-01-05 09:00 UTC, a Monday.
const FIRST_COMMIT: i64 = 1_767_603_600;
/// How far apart commits are when a test gives no times.
const STEP: i64 = 3600;

/// A Git repository whose every commit id depends only on the calls made here.
///
/// All methods panic with what Git said when Git refuses: a test that cannot build its
/// repository has nothing left to do.
///
/// ```no_run
/// use deed_test::{Identity, Key, Repo};
///
/// let repo = Repo::temporary();
/// let ada = Identity::new("Ada Moreau", "ada@acme.example");
/// let key = Key::ed25519("ada-1");
/// repo.commit("Start").write("deed.yaml", "deed: 1\n").create();
/// repo.branch("risks");
/// repo.commit("Accept R-1").author(&ada).at("2026-03-01T10:00:00+0100").signed(&key)
///     .write("risks.deed.yaml", "risks: {}\n").create();
/// repo.switch("main");
/// repo.merge("risks", "Merge branch 'risks'").create();
/// ```
#[derive(Debug)]
pub struct Repo {
    dir: PathBuf,
    /// Private keys, allowed signers and an empty home: never inside the repository.
    outside: TempDir,
    clock: AtomicI64,
    /// Removes the repository with the value that made it.
    _temporary: Option<TempDir>,
}

impl Repo {
    /// Creates a repository with an unborn branch `main` in `dir`, which is created if need be.
    pub fn init(dir: &Path) -> Self {
        Self::init_with(dir, &[])
    }

    /// Creates a repository as [`Repo::init`] does, with more arguments for `git init`, such as `--object-format=sha256`.
    pub fn init_with(dir: &Path, arguments: &[&str]) -> Self {
        fs::create_dir_all(dir).unwrap_or_else(|error| panic!("cannot create {}: {error}", dir.display()));
        let repo = Self::open(dir);
        let mut init = vec!["init", "--quiet", "--initial-branch=main", "--template="];
        init.extend(arguments);
        repo.git(init);
        repo
    }

    /// Opens a repository that exists, such as a clone of another.
    pub fn open(dir: &Path) -> Self {
        let outside = tempfile::tempdir().expect("a temporary directory can be made");
        Self { dir: dir.to_owned(), outside, clock: AtomicI64::new(FIRST_COMMIT), _temporary: None }
    }

    /// Creates a repository that vanishes with the returned value.
    pub fn temporary() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory can be made");
        let repo = Self::init(dir.path());
        Self { _temporary: Some(dir), ..repo }
    }

    /// Clones the repository as one that vanishes with the returned value, with options such as `--depth=1`.
    pub fn cloned(&self, options: &[String]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory can be made");
        // By its address, not by its path: a local clone would have all of it.
        let from = format!("file://{}", self.dir.display());
        let to = dir.path().display().to_string();
        self.git(
            ["clone", "--quiet"].into_iter().chain(options.iter().map(String::as_str)).chain([from.as_str(), &to]),
        );
        let repo = Self::open(dir.path());
        Self { _temporary: Some(dir), ..repo }
    }

    /// Returns the working tree's directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Starts a commit on the current branch; [`Draft::create`] makes it.
    pub fn commit(&self, message: &str) -> Draft<'_> {
        Draft::new(self, Kind::Commit, message)
    }

    /// Starts a merge of `branch` (several, separated by spaces, make an octopus) that always makes a commit.
    ///
    /// What the draft writes or removes goes into the merge commit itself: it resolves conflicts,
    /// and it is how evil merges are made.
    pub fn merge(&self, branch: &str, message: &str) -> Draft<'_> {
        Draft::new(self, Kind::Merge { branch: branch.to_owned(), strategy: None }, message)
    }

    /// Starts an annotated tag at HEAD; `author` and `at` of the draft are its tagger and time.
    pub fn tag(&self, name: &str, message: &str) -> Draft<'_> {
        Draft::new(self, Kind::Tag { name: name.to_owned() }, message)
    }

    /// Creates a branch at HEAD and switches to it.
    pub fn branch(&self, name: &str) {
        self.git(["switch", "--quiet", "--create", name]);
    }

    /// Creates a branch with no commit and an empty tree, and switches to it.
    pub fn orphan(&self, name: &str) {
        self.git(["switch", "--quiet", "--orphan", name]);
    }

    /// Switches to a branch; working tree and index follow.
    pub fn switch(&self, name: &str) {
        self.git(["switch", "--quiet", name]);
    }

    /// Returns the object id that `revision` names.
    pub fn id(&self, revision: &str) -> String {
        self.git(["rev-parse", "--verify", "--end-of-options", revision])
    }

    /// Points a reference at an object without asking questions.
    pub fn set_ref(&self, name: &str, id: &str) {
        self.git(["update-ref", name, id]);
    }

    /// Writes an object byte by byte and returns its id: for commits that no Git command would make.
    pub fn write_object(&self, kind: &str, bytes: &[u8]) -> String {
        text(&mut self.command(["hash-object", "-t", kind, "-w", "--literally", "--stdin"]), bytes)
    }

    /// Returns an object's bytes as stored.
    pub fn read_object(&self, revision: &str) -> Vec<u8> {
        let kind = self.git(["cat-file", "-t", revision]);
        succeed(&mut self.command(["cat-file", &kind, revision]), b"")
    }

    /// Returns a file of the working tree.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.dir.join(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
    }

    /// Writes an allowed-signers file, which says whose signatures Git believes, and returns its path.
    pub fn allowed_signers(&self, signers: &[(&Identity, &Key)]) -> PathBuf {
        let lines: Vec<_> = signers.iter().map(|(who, key)| (*who, key.public_line())).collect();
        self.allow(&lines.iter().map(|(who, line)| (*who, line.as_str())).collect::<Vec<_>>())
    }

    /// Writes an allowed-signers file from lines of options and public keys: `valid-before="2026" ssh-ed25519 AAAA…`.
    pub fn allow(&self, signers: &[(&Identity, &str)]) -> PathBuf {
        let lines: String = signers.iter().map(|(who, line)| format!("{} {line}\n", who.email)).collect();
        let path = self.outside.path().join("allowed_signers");
        fs::write(&path, lines).expect("the directory is ours");
        path
    }

    /// Asks `git verify-commit`; the output's status is zero for a good signature by an allowed signer.
    pub fn verify_commit(&self, revision: &str, allowed_signers: &Path) -> Output {
        let allowed = format!("gpg.ssh.allowedSignersFile={}", allowed_signers.display());
        self.try_git(["-c", &allowed, "verify-commit", "--verbose", revision])
    }

    /// Runs Git in the repository and returns what it printed, without the last line break.
    pub fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        text(&mut self.command(arguments), b"")
    }

    /// Runs Git in the repository and returns whatever comes of it.
    pub fn try_git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        run(&mut self.command(arguments), b"")
    }

    /// Returns a `git` that knows no configuration but the repository's own, no user and no time zone.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("git");
        command.env_clear();
        for kept in ["PATH", "SystemRoot", "TMPDIR", "TEMP", "TMP"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        let nobody = Identity::default();
        let time = format!("{} +0000", self.clock.load(Ordering::Relaxed));
        command
            .env("HOME", self.outside.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.outside.path().join("gitconfig"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_NAME", &nobody.name)
            .env("GIT_AUTHOR_EMAIL", &nobody.email)
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_NAME", &nobody.name)
            .env("GIT_COMMITTER_EMAIL", &nobody.email)
            .env("GIT_COMMITTER_DATE", &time)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .current_dir(&self.dir);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(arguments);
        command
    }

    /// Moves the default clock on and returns the time before.
    pub(crate) fn tick(&self) -> i64 {
        self.clock.fetch_add(STEP, Ordering::Relaxed)
    }

    /// Returns the arguments that make Git sign with `key`.
    pub(crate) fn signing(&self, key: &Key) -> [String; 2] {
        ["-c".to_owned(), format!("user.signingKey={}", key.store(self.outside.path()).display())]
    }

    /// Returns where a path of the working tree lies on disk.
    pub(crate) fn on_disk(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }
}

/// Settings for every run, so that a newer Git's defaults change nothing, and nothing waits for the disk.
const SETTINGS: [&str; 8] = [
    "commit.gpgSign=false",
    "gpg.format=ssh",
    "core.autocrlf=false",
    "core.fsync=none",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
    "protocol.file.allow=always",
];

/// Runs a command with `input`, which must be small enough for a pipe.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(|error| {
            panic!("cannot run {}, which must be installed: {error}", command.get_program().display())
        });
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A command that does not read its input may be gone already; its status tells.
    drop(stdin.write_all(input));
    drop(stdin);
    child.wait_with_output().expect("a child can be waited for")
}

/// Runs a command and returns what it printed, or panics with what it said instead.
fn succeed(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let output = run(command, input);
    assert!(output.status.success(), "{}", said(command, &output));
    output.stdout
}

/// Runs a command as [`succeed`] does and returns its text without the last line break.
pub(crate) fn text(command: &mut Command, input: &[u8]) -> String {
    String::from_utf8_lossy(&succeed(command, input)).trim_end_matches('\n').to_owned()
}

/// Describes a failed command.
pub(crate) fn said(command: &Command, output: &Output) -> String {
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    format!(
        "{} {} ({}):\n{}{}",
        command.get_program().display(),
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
