//! What files are called: what the client calls them, by whatever way it came to them.

use std::os::unix::fs::symlink;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::{Folder, rules};

const ROOT: &str = "deed: 1\nisms: { owner: ceo }\n";
const ROLES: &str = "roles: { ceo: { title: Chief Executive, layer: executive, held_by: ada } }\n";

/// Everything that an answer or message calls a file.
fn named(message: &Value) -> Vec<&str> {
    match message {
        Value::Object(fields) => {
            let own = ["uri", "target"].into_iter().filter_map(|key| fields.get(key)?.as_str());
            let keys =
                fields.get("changes").and_then(Value::as_object).into_iter().flatten().map(|(uri, _)| uri.as_str());
            own.chain(keys).chain(fields.values().flat_map(named)).collect()
        }
        Value::Array(items) => items.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

/// Asks all that names files, of a workspace that the client calls `base`, where `deed.yaml` is open.
fn all_is_called(client: &mut Client, base: &str) {
    let (root, roles) = (format!("{base}/deed.yaml"), format!("{base}/roles.deed.yaml"));
    client.open_document(&root, 1, ROOT);
    client.diagnostics(&root, 1);
    client.said(&roles, |all| rules(all).contains(&"unknown-reference"));
    let at = json!({ "textDocument": { "uri": root }, "position": { "line": 1, "character": 16 } });
    let with = |key: &str, value: Value| {
        let mut params = at.clone();
        params[key] = value;
        params
    };
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let here = json!({ "textDocument": { "uri": roles }, "range": range, "context": { "diagnostics": [] } });
    let mut count = 0;
    for (method, params) in [
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with("context", json!({ "includeDeclaration": true }))),
        ("textDocument/rename", with("newName", json!("boss"))),
        ("textDocument/prepareCallHierarchy", at.clone()),
        ("textDocument/codeAction", here),
        ("workspace/symbol", json!({ "query": "" })),
        ("deed/evidence", json!({})),
    ] {
        let answer = client.result(method, params);
        for uri in named(&answer) {
            assert!(uri == base || uri == root || uri == roles, "{method} says {uri}, and the client {base}");
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
    client.close_document(&root);
}

#[test]
fn a_folder_behind_a_symbolic_link_is_called_by_the_link() {
    let folder = Folder::with(&[("real/deed.yaml", ROOT), ("real/roles.deed.yaml", ROLES)]);
    symlink(folder.path().join("real"), folder.path().join("link")).expect("a link");
    let mut client = Client::open(&folder.path().join("link"));
    all_is_called(&mut client, &folder.uri("link"));
    client.close();
}

#[test]
fn a_document_behind_a_symbolic_link_is_called_by_the_link_and_so_is_what_lies_beside_it() {
    let folder = Folder::with(&[("real/deed.yaml", ROOT), ("real/roles.deed.yaml", ROLES), ("other/x", "")]);
    symlink(folder.path().join("real"), folder.path().join("link")).expect("a link");
    let mut client = Client::open(&folder.path().join("other"));
    all_is_called(&mut client, &folder.uri("link"));
    client.close();
}

#[test]
fn spaces_umlauts_and_signs_are_called_as_the_client_encodes_them() {
    let directory = "\u{dc}ber uns #1 (c+d), 100%";
    let path = |name: &str| format!("{directory}/{name}");
    let folder = Folder::with(&[(&path("deed.yaml"), ROOT), (&path("roles.deed.yaml"), ROLES)]);
    // What VS Code makes of it, the least that has to be, and small letters.
    for encoded in [
        "%C3%9Cber%20uns%20%231%20%28c%2Bd%29%2C%20100%25",
        "%C3%9Cber%20uns%20%231%20(c+d),%20100%25",
        "%c3%9cber%20uns%20%231%20(c%2bd),%20100%25",
    ] {
        let base = format!("{}/{encoded}", uri(&folder.path()));
        let mut client = Client::start(&folder.path());
        client.result(
            "initialize",
            json!({ "processId": null, "capabilities": {}, "workspaceFolders": [{ "uri": base, "name": "x" }] }),
        );
        client.notify("initialized", json!({}));
        all_is_called(&mut client, &base);
        client.close();
    }
}

#[test]
fn a_slash_at_the_end_of_a_folder_is_not_doubled() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("roles.deed.yaml", ROLES)]);
    let base = uri(&folder.path());
    let mut client = Client::start(&folder.path());
    client.result("initialize", json!({ "processId": null, "capabilities": {}, "rootUri": format!("{base}/") }));
    client.notify("initialized", json!({}));
    all_is_called(&mut client, &base);
    client.close();
}

#[test]
fn one_file_by_two_names_is_two_documents_of_which_the_later_counts() {
    let folder = Folder::with(&[("real/deed.yaml", ROOT)]);
    symlink(folder.path().join("real"), folder.path().join("link")).expect("a link");
    let mut client = Client::open(&folder.path().join("real"));
    let (real, link) = (folder.uri("real/deed.yaml"), folder.uri("link/deed.yaml"));
    client.open_document(&real, 1, ROOT);
    client.open_document(&link, 7, "# by the link\ndeed: 1\nisms: { owner: ceo }\n");
    client.diagnostics(&link, 7);
    // An edit of one leaves the other as it is.
    client.change(&real, 2, (0, 0), (1, 0), "");
    client.diagnostics(&real, 2);
    assert_eq!(client.end_of(&real), (1, 0));
    client.change(&link, 8, (0, 0), (0, 0), "#\n");
    client.diagnostics(&link, 8);
    assert_eq!(client.end_of(&link), (4, 0));
    client.close_document(&link);
    client.diagnostics(&real, 2);
    assert_eq!(client.end_of(&real), (1, 0));
    client.close();
}

#[test]
fn what_a_directory_for_programs_hides_is_no_manifest() {
    let hidden = ".github/workflows/deed.yml";
    let folder = Folder::with(&[("deed.yaml", ROOT), (hidden, "on: push\n"), (".git/HEAD", "")]);
    let mut client = Client::open(&folder.path());
    client.open_document(&folder.uri(hidden), 1, "on: push\n");
    client.open_document(&folder.uri("deed.yaml"), 1, ROOT);
    client.diagnostics(&folder.uri("deed.yaml"), 1);
    let at = json!({ "textDocument": { "uri": folder.uri(hidden) }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.result("textDocument/completion", at), Value::Null);
    let said = |message: &Value| message["params"]["uri"] == folder.uri(hidden).as_str();
    assert_eq!(client.wait_up_to(Duration::from_millis(200), said), None);
    client.close();
}
