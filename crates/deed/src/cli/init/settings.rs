//! Files beside the manifests: for an editor, for CI. They lie at the top of the repository.

use deed_syntax::Format;
use deed_syntax::edit::quote;

use super::ground::Ground;
use super::plan::{NewFile, Plan};
use super::{Editor, Service, Wishes};
use crate::load;

pub(super) const EXTENSIONS: &str = ".vscode/extensions.json";
const SETTINGS: &str = ".vscode/settings.json";
pub(super) const GITHUB: &str = ".github/workflows/deed-check.yml";
pub(super) const GITLAB: &str = ".gitlab/deed-check.yml";
const GITLAB_CI: &str = ".gitlab-ci.yml";

const EXTENSION: &str = "deed-lint.deed";
const SCHEMA: &str = concat!(
    "https://raw.githubusercontent.com/deed-lint/deed/v",
    env!("CARGO_PKG_VERSION"),
    "/schemas/deed.schema.json"
);

/// Adds what is wished for and not there; says of what is there what it may lack.
pub(super) fn add(plan: &mut Plan, ground: &Ground, wishes: &Wishes, branch: &str) {
    match wishes.editor {
        Some(Editor::Vscode) => {
            let text = format!("{{\n  \"recommendations\": [\"{EXTENSION}\"]\n}}\n");
            let lack = format!("add \"{EXTENSION}\" to its recommendations");
            file(plan, ground, EXTENSIONS, text, "the extension for VS Code", Some((EXTENSION, &lack)));
            let manifests = r#"["deed.yaml", "deed.yml", "*.deed.yaml", "*.deed.yml"]"#;
            let text = format!("{{\n  \"yaml.schemas\": {{\n    \"{SCHEMA}\": {manifests}\n  }}\n}}\n");
            let lack = format!("add to its \"yaml.schemas\": \"{SCHEMA}\": {manifests}");
            file(
                plan,
                ground,
                SETTINGS,
                text,
                "the schema, for who has only the YAML extension",
                Some(("deed.schema.json", &lack)),
            );
        }
        None => {}
    }
    match wishes.ci {
        Some(Service::Github) => {
            file(plan, ground, GITHUB, github(ground, branch), "checks each pull request", None);
        }
        Some(Service::Gitlab) => {
            file(plan, ground, GITLAB, gitlab(ground), "checks each merge request", None);
            let text = format!("include:\n  - local: {GITLAB}\n");
            let lack = format!("add to its `include`: `- local: {GITLAB}`");
            file(plan, ground, GITLAB_CI, text, "includes it", Some((GITLAB, &lack)));
        }
        None => {}
    }
}

/// Adds a file, or says what one that is there lacks: the word that is looked for in it.
fn file(plan: &mut Plan, ground: &Ground, path: &str, text: String, about: &str, lack: Option<(&str, &str)>) {
    let full = ground.top.join(path);
    if !load::is_there(&full) {
        plan.files.push(NewFile { path: full, text, about: about.to_owned() });
        return;
    }
    let there = load::file(&full).ok().flatten().unwrap_or_default();
    let shown = ground.shown(&full);
    match lack {
        Some((word, lack)) if !String::from_utf8_lossy(&there).contains(word) => {
            plan.notes.push(format!("`{shown}` is there and left as it is: {lack}"));
        }
        _ => plan.there.push((shown, about.to_owned())),
    }
}

fn github(ground: &Ground, branch: &str) -> String {
    include_str!("github.yml")
        .replace("branches: [main]", &format!("branches: [{}]", quote(branch, Format::Yaml)))
        .replace("path: .\n", &format!("path: {}\n", below(ground)))
        .replace("deed@v0.1.0", concat!("deed@v", env!("CARGO_PKG_VERSION")))
}

fn gitlab(ground: &Ground) -> String {
    include_str!("gitlab.yml")
        .replace("DEED_PATH: .\n", &format!("DEED_PATH: {}\n", below(ground)))
        .replace("\"0.1.0\"", concat!("\"", env!("CARGO_PKG_VERSION"), "\""))
}

/// The root, from the top of the repository.
fn below(ground: &Ground) -> String {
    let below = ground.root.strip_prefix(&ground.top).map(load::slashed).unwrap_or_default();
    if below.is_empty() { ".".to_owned() } else { quote(&below, Format::Yaml) }
}
