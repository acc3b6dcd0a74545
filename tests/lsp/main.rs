//! The language server as a client sees it: the binary, over pipes.

mod agreement;
mod beside;
mod client;
mod disk;
mod documents;
mod features;
mod load;
#[cfg(unix)]
mod names;
mod protocol;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A directory with some files, away from any repository.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().expect("a place for files"));
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn path(&self) -> PathBuf {
        dunce::canonicalize(self.0.path()).expect("it is there")
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        client::uri(&self.path().join(path))
    }
}

/// The ids of rules in some diagnostics.
pub(crate) fn rules(diagnostics: &[serde_json::Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|it| it["code"].as_str()).collect()
}

/// The most memory that a process ever had, in megabytes.
pub(crate) fn most_memory(id: u32) -> u64 {
    let status = fs::read_to_string(Path::new("/proc").join(id.to_string()).join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kilobytes.expect("the system says it") / 1024
}

/// How long a process has computed, in hundredths of a second.
pub(crate) fn busy(id: u32) -> u64 {
    let stat = fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().skip(11).take(2));
    fields.expect("the system says it").filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Whether a process is there.
pub(crate) fn is_running(id: u32) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}
