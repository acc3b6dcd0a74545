//! Keeps what a message must end with, whatever hooks write behind it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};

use super::{Git, Plan, cannot_run};

pub(super) fn message_of(git: &Git, commit: &str) -> Result<String> {
    let text = git.ask(&["cat-file", "commit", commit])?;
    let text = String::from_utf8_lossy(&text);
    Ok(text.split_once("\n\n").map_or(String::new(), |(_, message)| message.to_owned()))
}

/// The last paragraph of a message, with the blank line before it; empty where it is the first.
pub(super) fn last_paragraph(message: &str) -> Vec<String> {
    let lines: Vec<&str> = message.trim_end().lines().collect();
    let blank = lines.iter().rposition(|line| line.trim().is_empty()).unwrap_or(lines.len());
    lines[blank..].iter().map(|line| (*line).to_owned()).collect()
}

/// Makes the commit anew where a hook wrote behind the trailers: in the last paragraph they count, further up they do not.
pub(super) fn keep_trailers(own: &Git, plan: &Plan<'_>, file: &Path, head: String) -> Result<String> {
    if own.line(&["rev-parse", "--verify", "HEAD"])? != head {
        // A hook has made another one upon it.
        return Ok(head);
    }
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
    let is_amended = command.status().map_err(cannot_run)?.success();
    if !is_amended {
        // The commit is there, without what names the decision.
        return Ok(head);
    }
    own.line(&["rev-parse", "--verify", "HEAD"])
}
