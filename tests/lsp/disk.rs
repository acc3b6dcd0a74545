//! What happens on disk, and in Git, under a server that runs.

use std::fs;

use serde_json::{Value, json};

use crate::client::Client;
use crate::{Folder, rules};

const ROOT: &str = "deed: 1\nisms: { owner: ceo }\n";
const ROLES: &str = "roles: { ceo: { title: Chief Executive, layer: executive, held_by: ada } }\n";

#[test]
fn a_file_that_is_no_text_is_reported_until_it_is_mended() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    folder.write("roles.deed.yaml", b"roles: \xff\xfe\x00\n");
    let mut client = Client::open(&folder.path());
    let roles = folder.uri("roles.deed.yaml");
    client.said(&roles, |all| rules(all).contains(&"syntax-error"));
    folder.write("roles.deed.yaml", ROLES);
    client.files_changed(&[&roles]);
    client.said(&roles, |all| !rules(all).contains(&"syntax-error"));
    client.close();
}

#[test]
fn a_file_that_is_deleted_is_no_longer_spoken_of() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("roles.deed.yaml", ROLES)]);
    let mut client = Client::open(&folder.path());
    let (root, roles) = (folder.uri("deed.yaml"), folder.uri("roles.deed.yaml"));
    client.said(&roles, |all| rules(all).contains(&"unknown-reference"));
    fs::remove_file(folder.path().join("roles.deed.yaml")).expect("deleted");
    client.files_changed(&[&roles]);
    client.said(&roles, |all| all.is_empty());
    // What referred into it has lost it.
    client.said(&root, |all| rules(all).contains(&"unknown-reference"));
    assert_eq!(client.hover(&roles, 0, 10), Value::Null);
    client.close();
}

#[test]
fn a_document_whose_directory_is_deleted_is_still_edited_and_closed() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("team/roles.deed.yaml", ROLES)]);
    let mut client = Client::open(&folder.path());
    let roles = folder.uri("team/roles.deed.yaml");
    client.open_document(&roles, 1, ROLES);
    client.diagnostics(&roles, 1);
    fs::remove_dir_all(folder.path().join("team")).expect("deleted");
    client.files_changed(&[&roles]);
    client.change(&roles, 2, (0, 0), (0, 0), "# above\n");
    client.diagnostics(&roles, 2);
    assert_eq!(client.end_of(&roles), (2, 0));
    client.close_document(&roles);
    client.said(&roles, |all| all.is_empty());
    assert_eq!(client.hover(&roles, 0, 10), Value::Null);
    client.close();
}

/// Windows lets nobody delete the directory that a program runs in.
#[cfg(unix)]
#[test]
fn a_workspace_folder_that_is_deleted_is_empty_until_it_is_back() {
    let folder = Folder::with(&[("acme/deed.yaml", ROOT), ("acme/roles.deed.yaml", ROLES)]);
    let directory = folder.path().join("acme");
    let mut client = Client::open(&directory);
    let roles = folder.uri("acme/roles.deed.yaml");
    client.said(&roles, |all| !all.is_empty());
    fs::remove_dir_all(&directory).expect("deleted");
    client.files_changed(&[&roles]);
    client.said(&roles, |all| all.is_empty());
    assert_eq!(client.result("workspace/symbol", json!({ "query": "" })), json!([]));
    folder.write("acme/deed.yaml", ROOT);
    folder.write("acme/roles.deed.yaml", ROLES);
    client.files_changed(&[&roles]);
    client.said(&roles, |all| !all.is_empty());
    client.close();
}

#[test]
fn a_folder_that_is_taken_out_of_the_workspace_is_no_longer_spoken_of() {
    let folder = Folder::with(&[("one/deed.yaml", ROOT), ("two/deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path().join("one"));
    let (one, two) = (folder.uri("one/deed.yaml"), folder.uri("two/deed.yaml"));
    client.said(&one, |all| !all.is_empty());
    let named = |name: &str| json!([{ "uri": folder.uri(name), "name": name }]);
    let event = json!({ "added": named("two"), "removed": named("one") });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    client.said(&two, |all| !all.is_empty());
    client.said(&one, |all| all.is_empty());
    client.close();
}

#[test]
fn evidence_comes_with_a_repository_and_goes_with_it() {
    let root = "deed: 1\nisms: { owner: ceo }\npeople: { ada: { name: Ada, emails: [ada@acme.example] } }\nroles: { ceo: { layer: executive, held_by: ada, authority: { approve: [policies] } } }\npolicies: { access: { document: access.md, owner: ceo, approved: { by: ada, date: 2026-01-05 } } }\n";
    let folder = Folder::with(&[("deed.yaml", root), ("access.md", "Text.\n")]);
    let mut client = Client::with(&folder.path(), json!({}), json!({ "commands": ["deed.showEvidence"] }));
    let uri = folder.uri("deed.yaml");
    let until = |client: &mut Client, state: &str, head: Option<&str>| loop {
        let view = client.result("deed/evidence", json!({}));
        let root = view["roots"][0].clone();
        if root["state"] == state && root["head"].as_str() == head {
            return root;
        }
        client.wait(|message| message["method"] == "deed/evidenceChanged");
    };
    // Without one everything but evidence works, and it is said why.
    let without = until(&mut client, "none", None);
    assert!(without["why"].as_str().is_some_and(|why| why.contains("no Git repository")), "{without}");
    client.open_document(&uri, 1, root);
    assert!(client.diagnostics(&uri, 1).iter().all(|it| it["code"] != "uncommitted-decision"));
    assert!(client.hover(&uri, 4, 15).is_object());

    let repo = deed_test::Repo::init(&folder.path());
    let ada = deed_test::Identity::new("Ada", "ada@acme.example");
    repo.commit("Start").author(&ada).write("deed.yaml", root).write("access.md", "Text.\n").create();
    let commit = repo.id("HEAD");
    let with = until(&mut client, "ready", Some(&commit));
    assert_eq!(with["decisions"][0]["commit"], commit.as_str(), "{with}");

    fs::remove_dir_all(folder.path().join(".git")).expect("deleted");
    let without = until(&mut client, "none", None);
    assert!(without["why"].as_str().is_some_and(|why| why.contains("no Git repository")), "{without}");
    // And once more: what the editor has is not what was committed there.
    let repo = deed_test::Repo::init(&folder.path());
    repo.commit("Begin anew").author(&ada).write("deed.yaml", ROOT).create();
    client.said(&uri, |all| rules(all).contains(&"uncommitted-decision"));
    client.close();
}

#[test]
fn a_broken_repository_costs_the_evidence_only() {
    let folder = Folder::with(&[("deed.yaml", ROOT), (".git/HEAD", "nonsense\n")]);
    let mut client = Client::with(&folder.path(), json!({}), json!({ "commands": ["deed.showEvidence"] }));
    let uri = folder.uri("deed.yaml");
    client.said(&uri, |all| rules(all).contains(&"unknown-reference"));
    let state = loop {
        let view = client.result("deed/evidence", json!({}));
        if view["roots"][0]["state"] != "pending" {
            break view["roots"][0].clone();
        }
    };
    assert_eq!(state["state"], "none", "{state}");
    assert!(state["why"].as_str().is_some_and(|why| !why.is_empty()), "{state}");
    // It is noticed when it is mended.
    fs::remove_dir_all(folder.path().join(".git")).expect("deleted");
    let repo = deed_test::Repo::init(&folder.path());
    let ada = deed_test::Identity::new("Ada", "ada@acme.example");
    repo.commit("Start").author(&ada).write("deed.yaml", ROOT).create();
    while client.result("deed/evidence", json!({}))["roots"][0]["state"] != "ready" {
        client.wait(|message| message["method"] == "deed/evidenceChanged");
    }
    client.close();
}

#[test]
fn edits_out_of_range_are_taken_at_the_ends() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 1, "deed: 1\n# \u{1f642}\n");
    client.change(&uri, 2, (99, 0), (100, 7), "# end\n");
    assert_eq!(client.end_of(&uri), (3, 0));
    client.change(&uri, 3, (0, 99), (0, 999), " # still in the first line");
    assert_eq!(client.end_of(&uri), (3, 0));
    // From the end to the start, and into the middle of a character.
    client.change(&uri, 4, (2, 5), (2, 2), "END");
    client.change(&uri, 5, (1, 3), (1, 3), "x");
    client.diagnostics(&uri, 5);
    assert_eq!(client.end_of(&uri), (3, 0));
    client.change(&uri, 6, (4_294_967_295, 4_294_967_295), (0, 0), "");
    assert_eq!(client.end_of(&uri), (0, 0));
    client.close();
}

#[test]
fn what_belongs_to_no_document_changes_nothing() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let (uri, other) = (folder.uri("deed.yaml"), folder.uri("no/such.deed.yaml"));
    client.change(&uri, 2, (0, 0), (1, 0), "");
    client.close_document(&uri);
    client.close_document(&other);
    client.open_document(&other, 1, ROOT);
    for uri in ["untitled:deed.yaml", "http://x/deed.yaml", "file:///", "deed.yaml:1", "file:relative/deed.yaml"] {
        client.open_document(uri, 1, ROOT);
        client.change(uri, 2, (0, 0), (0, 0), "x");
    }
    // No position, a negative one, one that is no number; no changes, no text.
    for position in [json!(null), json!({ "line": -1, "character": 0 }), json!({ "line": "0", "character": 0 })] {
        let answer =
            client.request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }));
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
    for params in [json!(null), json!([]), json!({ "textDocument": { "uri": uri } }), json!({ "textDocument": 1 })] {
        client.notify("textDocument/didChange", params.clone());
        client.notify("textDocument/didOpen", params.clone());
        client.notify("workspace/didChangeWorkspaceFolders", params);
    }
    assert_eq!(client.request("workspace/executeCommand", json!({ "command": "rm" }))["error"]["code"], -32602);
    assert_eq!(client.end_of(&uri), (2, 0), "what lies on disk counts");
    client.close();
}

#[test]
fn a_document_opened_twice_is_the_second_text() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 1, ROOT);
    client.open_document(&uri, 1, "deed: 1\n");
    assert_eq!(client.end_of(&uri), (1, 0));
    client.close_document(&uri);
    assert_eq!(client.end_of(&uri), (2, 0));
    client.close();
}
