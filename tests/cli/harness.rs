//! A directory with manifests, and runs of `deed` in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The day the tests are judged on.
pub(crate) const TODAY: &str = "2026-06-30";

/// A directory that is gone after the test.
pub(crate) struct Dir {
    _held: TempDir,
    path: PathBuf,
}

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Dir {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        let held = tempfile::tempdir().unwrap();
        let path = held.path().canonicalize().unwrap();
        Self { _held: held, path }
    }

    /// A directory with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let dir = Self::new();
        for (path, text) in files {
            dir.write(path, text);
        }
        dir
    }

    /// A workspace in which only these rules report.
    pub(crate) fn judged_by(rules: &[&str], files: &[(&str, &str)]) -> Self {
        let dir = Self::with(files);
        assert!(rules.iter().all(|rule| deed_linter::rule(rule).is_some()), "{rules:?}");
        let others = deed_linter::RULES.iter().filter(|rule| !rules.contains(&rule.id));
        let settings: String = others.map(|rule| format!("    {}: allow\n", rule.id)).collect();
        dir.write("zz.deed.yaml", format!("lint:\n  rules:\n{settings}"));
        dir
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path.join(path)).unwrap()
    }

    /// The command line, not yet run: for tests that set more.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deed"));
        command.args(args).current_dir(&self.path).env_clear().env("COLUMNS", "100").env("TZ", "UTC");
        // For where Git is run.
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).stdin(Stdio::null());
        command
    }

    /// Runs `deed` with these words.
    pub(crate) fn deed(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// Runs `deed check` on [`TODAY`].
    pub(crate) fn check(&self, args: &[&str]) -> Run {
        self.deed(&[&["check", "--today", TODAY], args].concat())
    }

    /// Runs `deed check` on [`TODAY`] with a text on standard input.
    pub(crate) fn check_text(&self, text: impl AsRef<[u8]>, args: &[&str]) -> Run {
        let mut command = self.command(&[&["check", "--today", TODAY], args].concat());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_ref()).unwrap();
        Run::of(child.wait_with_output().unwrap())
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// All of it in one text, for snapshots.
    pub(crate) fn all(&self) -> String {
        let part = |name: &str, text: &str| match text {
            "" => String::new(),
            text => format!("--- {name}\n{text}"),
        };
        format!("exit {}\n{}{}", self.code, part("stdout", &self.stdout), part("stderr", &self.stderr))
    }
}
