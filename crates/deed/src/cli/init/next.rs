//! What was done, and what is left for people to do, as the rules say.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use deed_history::Repository;

use super::ground::Ground;
use super::plan::{PARTS, Plan};
use crate::cli::day;
use crate::cli::output::counted;
use crate::load::history::Proof;
use crate::load::{self, Loaded, Request};

/// What there is to do in each part, in the words of somebody who does it.
const TASKS: [&str; PARTS.len()] = [
    "write the scope; have it and the model approved",
    "enter who heads departments, and deputies",
    "write the policy, and have it approved",
    "have the criteria approved; enter the risks",
    "name who owns each control, and because of what",
];

/// The report on a run.
pub(super) fn report(ground: &Ground, plan: &Plan, done: &[String], is_hooked: bool) -> Result<String> {
    let mut text = String::new();
    let width = plan.files.iter().map(|file| ground.shown(&file.path).chars().count()).max().unwrap_or(0);
    if !plan.files.is_empty() {
        text += "Wrote\n";
    }
    for file in &plan.files {
        let _ = writeln!(text, "  {:width$}  {}", ground.shown(&file.path), file.about);
    }
    if !plan.there.is_empty() {
        let width = plan.there.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
        text += if plan.files.is_empty() {
            "Everything is there already:\n"
        } else {
            "There already, and left as it is:\n"
        };
        for (path, what) in &plan.there {
            let _ = writeln!(text, "  {path:width$}  {what}");
        }
    }
    for done in done {
        let mut letters = done.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        let _ = writeln!(text, "{first}{}.", letters.as_str());
    }
    Ok(text + &left(ground)? + &commit(ground, plan, is_hooked))
}

/// What is left, manifest by manifest, in an order to work through it.
fn left(ground: &Ground) -> Result<String> {
    let proof = Some(Proof::default());
    let request = Request { paths: vec![ground.root.clone()], proof, ..Request::default() };
    let Loaded { projects, .. } = load::load(&request, &|| {})?;
    let Some(project) = projects.iter().find(|project| project.root == ground.root) else { return Ok(String::new()) };
    let diagnostics = project.lint(day::today()).diagnostics;
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for diagnostic in &diagnostics {
        *counts.entry(&project.workspace.manifest(diagnostic.span.file).path).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok("\n`deed check` finds nothing wrong.\n".to_owned());
    }
    let mut steps: Vec<(&str, usize, &str)> = Vec::new();
    for ((name, _), task) in PARTS.iter().zip(TASKS) {
        steps.extend(counts.remove(name).map(|count| (*name, count, task)));
    }
    let mut others: Vec<_> = counts.into_iter().map(|(path, count)| (path, count, "")).collect();
    others.sort_unstable();
    steps.extend(others);
    let width = steps.iter().map(|(path, ..)| path.chars().count()).max().unwrap_or(0);
    let digits = steps.iter().map(|(_, count, _)| count.to_string().len()).max().unwrap_or(0);
    let mut text =
        format!("\nWhat is left, only people can decide: {}, file by file\n", counted(diagnostics.len(), "diagnostic"));
    for (number, (path, count, task)) in (1..).zip(&steps) {
        let line = format!("  {number}. {path:width$}  {count:>digits$}  {task}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if let Some((first, ..)) = steps.first() {
        let _ = writeln!(text, "Begin with `deed check {}`.", ground.typed(&ground.root.join(first)));
        text += "`deed todo` tells who has to decide what, and `deed decide` records it.\n";
    }
    Ok(text)
}

/// How to commit what was written, which is up to whoever asked for it.
fn commit(ground: &Ground, plan: &Plan, is_hooked: bool) -> String {
    if plan.files.is_empty() {
        return String::new();
    }
    let mut files: Vec<PathBuf> = plan.files.iter().map(|file| file.path.clone()).collect();
    // What an earlier run wrote waits for the same commit.
    let is_first = |repository: &Repository| repository.head().is_ok_and(|head| head.id.is_none());
    if ground.repository.as_ref().is_none_or(is_first) {
        files.extend(ground.workspace.manifests().iter().map(|manifest| ground.root.join(&manifest.path)));
        files.sort_unstable();
        files.dedup();
    }
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let [add, commit] = ground.first_commit(&files, is_hooked);
    let why = if is_hooked { "For once past the hook, to which all that is left would be new.\n" } else { "" };
    format!(
        "
Nothing is committed yet. When it is as you want it:
  {add}
  {commit}
{why}"
    )
}
