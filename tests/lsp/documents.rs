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
