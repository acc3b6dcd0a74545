//! Diagnostics of open and unopened manifests, while they change.

use serde_json::json;

use crate::client::Client;
use crate::{Folder, rules};

const ROOT: &str = "deed: 1\nisms: { x-note: \"\u{1f642}\", owner: ceo }\n";
const ROLES: &str = "roles:\n  ceo:\n    title: Chief Executive\n    layer: executive\n    held_by: ada\n";

#[test]
fn a_name_that_nobody_has_is_found_while_typing_and_its_place_is_right() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("roles.deed.yaml", ROLES)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 1, ROOT);
    assert!(!rules(&client.diagnostics(&uri, 1)).contains(&"unknown-reference"));

    let change = json!({ "range": { "start": { "line": 1, "character": 31 }, "end": { "line": 1, "character": 32 } }, "text": "x" });
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [change] }),
    );
    let diagnostics = client.diagnostics(&uri, 2);
    let unknown = diagnostics.iter().find(|it| it["code"] == "unknown-reference").expect("it is said");
    assert_eq!(
        unknown["range"],
        json!({ "start": { "line": 1, "character": 29 }, "end": { "line": 1, "character": 32 } })
    );
    assert_eq!(unknown["source"], "deed");
    client.close();
}

#[test]
fn an_edit_changes_what_is_said_of_other_manifests() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("roles.deed.yaml", ROLES)]);
    let mut client = Client::open(&folder.path());
    let (root, roles) = (folder.uri("deed.yaml"), folder.uri("roles.deed.yaml"));
    client.open_document(&roles, 1, ROLES);
    client.diagnostics(&roles, 1);
    client.replace(&roles, 2, &ROLES.replace("ceo:", "boss:"));
    client.wait(|message| {
        message["params"]["uri"] == root.as_str()
            && message["params"]["diagnostics"]
                .as_array()
                .is_some_and(|all| all.iter().any(|it| it["code"] == "unknown-reference"))
    });
    client.close();
}

#[test]
fn a_commit_and_a_policy_text_that_changes_are_noticed_without_an_edit() {
    let folder = Folder::with(&[]);
    let repo = deed_test::Repo::init(&folder.path().join("acme"));
    let ada = deed_test::Identity::new("Ada Moreau", "ada@acme.example");
    let root = "deed: 1\nisms: { owner: ceo }\npeople: { ada: { name: Ada, emails: [ada@acme.example] } }\nroles: { ceo: { layer: executive, held_by: ada, authority: { approve: [policies] } } }\n";
    let policies =
        "policies:\n  access:\n    document: access.md\n    owner: ceo\n    approved: { by: ada, date: 2026-01-05 }\n";
    repo.commit("Start").author(&ada).write("deed.yaml", root).write("access.md", "Text.\n").create();
    let path = folder.path().join("acme");
    std::fs::write(path.join("policies.deed.yaml"), policies).expect("written");
    let mut client = Client::open(&path);
    let uri = crate::client::uri(&path.join("policies.deed.yaml"));
    let says = |message: &serde_json::Value, rule: &str| {
        message["params"]["uri"] == uri.as_str()
            && message["params"]["diagnostics"].as_array().is_some_and(|all| all.iter().any(|it| it["code"] == rule))
    };
    client.wait(|message| says(message, "uncommitted-decision"));
    repo.commit("Approve").author(&ada).write("policies.deed.yaml", policies).create();
    client.wait(|message| message["params"]["uri"] == uri.as_str() && !says(message, "uncommitted-decision"));
    std::fs::write(path.join("access.md"), "Another text.\n").expect("written");
    client.wait(|message| says(message, "outdated-approval"));
    client.close();
}
