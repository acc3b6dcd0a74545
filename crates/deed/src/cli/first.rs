//! The first commit of a register, as commands to type.

use std::path::Path;

use super::output::shown;

/// Returns the commands that commit some files for the first time, from a directory: one that adds them, one that commits.
/// A hook of Deed's is passed by for once: to it everything there is to say would be new.
pub(super) fn commit(files: &[&Path], top: &Path, here: &Path, is_hooked: bool) -> [String; 2] {
    let (git, from) = match here.starts_with(top) {
        true => ("git".to_owned(), here),
        false => (format!("git -C {}", typed(top, here)), top),
    };
    let mut files: Vec<_> = files.iter().map(|file| typed(file, from)).collect();
    files.sort_unstable();
    let option = if is_hooked { " --no-verify" } else { "" };
    [format!("{git} add {}", files.join(" ")), format!("{git} commit{option} -m 'Begin the register of who owns what'")]
}

/// A path as it is typed in a command.
pub(super) fn typed(path: &Path, here: &Path) -> String {
    let path = shown(path, here);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%,:=".contains(c);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}
