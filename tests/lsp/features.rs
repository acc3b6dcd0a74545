//! What an editor adds, over the protocol; what it says in words is tried in `deed-ide`.

use serde_json::{Value, json};

use crate::Folder;
use crate::client::Client;

const ROOT: &str = "\
deed: 1
isms: { owner: ceo }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example] }
  ben: { name: Ben Okafor, emails: [ben@acme.example] }
roles:
  ceo: { title: Chief Executive, layer: executive, held_by: ada }
  head-of-it: { title: Head of IT, layer: owner, held_by: ben, reports_to: ceo }
";
const CONTROLS: &str = "\
controls:
  A.5.15:
    owner: head-of-it
    evidence: [{ path: proof.txt, date: 2026-01-01 }]
  A.8.9:
    owner: head-of-it
    ow
";

struct Desk {
    client: Client,
    root: String,
    controls: String,
    _folder: Folder,
}

fn desk(options: Value) -> Desk {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("controls.deed.yaml", CONTROLS), ("proof.txt", "")]);
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } }
    });
    let mut client = Client::with(&folder.path(), capabilities, options);
    let (root, controls) = (folder.uri("deed.yaml"), folder.uri("controls.deed.yaml"));
    client.open_document(&controls, 7, CONTROLS);
    Desk { client, root, controls, _folder: folder }
}

impl Desk {
    /// Asks about a place in the manifest of controls.
    fn at(&mut self, method: &str, needle: &str, more: Value) -> Value {
        let offset = CONTROLS.find(needle).expect("it is there");
        let line = CONTROLS[..offset].matches('\n').count();
        let character = offset - CONTROLS[..offset].rfind('\n').map_or(0, |at| at + 1);
        let mut params = json!({
            "textDocument": { "uri": self.controls }, "position": { "line": line, "character": character + 1 }
        });
        for (key, value) in more.as_object().expect("a mapping") {
            params[key] = value.clone();
        }
        self.client.result(method, params)
    }

    /// Asks about all of the manifest of controls.
    fn of_all(&mut self, method: &str) -> Value {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        self.client.result(method, json!({ "textDocument": { "uri": self.controls }, "range": range }))
    }
}

#[test]
fn a_name_leads_to_its_definition_and_is_renamed_everywhere() {
    let mut desk = desk(json!({}));
    let definition = desk.at("textDocument/definition", "head-of-it", json!({}));
    assert_eq!(definition["uri"], desk.root);
    assert_eq!(definition["range"]["start"], json!({ "line": 7, "character": 2 }));
    let file = desk.at("textDocument/definition", "proof.txt", json!({}));
    assert!(file["uri"].as_str().is_some_and(|uri| uri.ends_with("/proof.txt")), "{file}");
    assert_eq!(desk.at("textDocument/definition", "2026-01-01", json!({})), Value::Null);
    let references =
        desk.at("textDocument/references", "head-of-it", json!({ "context": { "includeDeclaration": true } }));
    assert_eq!(references.as_array().map(Vec::len), Some(3));

    let edit = desk.at("textDocument/rename", "head-of-it", json!({ "newName": "it-lead" }));
    let changes = edit["documentChanges"].as_array().expect("changes with versions");
    let count = |uri: &str| {
        let of = changes.iter().find(|it| it["textDocument"]["uri"] == uri).expect("it changes");
        (of["textDocument"]["version"].clone(), of["edits"].as_array().map(Vec::len))
    };
    assert_eq!(count(&desk.controls.clone()), (json!(7), Some(2)));
    assert_eq!(count(&desk.root.clone()), (Value::Null, Some(1)));
    let offset = json!({ "line": 1, "character": 3 });
    let refused = desk.client.request(
        "textDocument/rename",
        json!({ "textDocument": { "uri": desk.controls }, "position": offset, "newName": "A.5.16" }),
    );
    assert!(refused["error"]["message"].as_str().is_some_and(|it| it.contains("A.5.15")), "{refused}");
    desk.client.close();
}

#[test]
fn what_stands_beside_the_text_is_there() {
    let mut desk = desk(json!({ "commands": ["deed.showReferences", "deed.showEvidence"] }));
    let hover = desk.at("textDocument/hover", "head-of-it", json!({}));
    assert!(hover["contents"]["value"].as_str().is_some_and(|it| it.contains("Ben Okafor")), "{hover}");

    let hints = desk.of_all("textDocument/inlayHint");
    assert!(hints.to_string().contains("Head of IT"), "{hints}");

    let tokens = desk.of_all("textDocument/semanticTokens/full");
    let numbers = tokens["data"].as_array().expect("numbers").len();
    assert!(numbers > 0 && numbers.is_multiple_of(5));

    let links = desk.of_all("textDocument/documentLink");
    assert!(links[0]["target"].as_str().is_some_and(|it| it.ends_with("/proof.txt")), "{links}");

    let folds = desk.of_all("textDocument/foldingRange");
    assert!(folds.as_array().is_some_and(|all| !all.is_empty()));

    let uri = desk.root.clone();
    let lenses = desk.client.result("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    let owns = lenses.as_array().into_iter().flatten().find(|it| it["command"]["title"] == "owns 2 controls");
    let owns = owns.unwrap_or_else(|| panic!("{lenses}"));
    assert_eq!(owns["command"]["command"], "deed.showReferences");
    assert_eq!(owns["command"]["arguments"][2].as_array().map(Vec::len), Some(2));
    desk.client.close();
}

#[test]
fn a_client_without_our_commands_is_not_asked_to_run_them() {
    let mut desk = desk(json!({}));
    let uri = desk.root.clone();
    let lenses = desk.client.result("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    let commands: Vec<_> = lenses.as_array().into_iter().flatten().map(|it| &it["command"]["command"]).collect();
    assert!(!commands.is_empty() && commands.iter().all(|it| **it == ""), "{lenses}");
    desk.client.close();
}

#[test]
fn reporting_lines_go_up_and_down() {
    let mut desk = desk(json!({}));
    let items = desk.at("textDocument/prepareCallHierarchy", "head-of-it", json!({}));
    assert_eq!(items[0]["name"], "Head of IT");
    let up = desk.client.result("callHierarchy/outgoingCalls", json!({ "item": items[0] }));
    assert_eq!(up[0]["to"]["name"], "Chief Executive");
    let down = desk.client.result("callHierarchy/incomingCalls", json!({ "item": up[0]["to"] }));
    assert_eq!(down[0]["from"]["name"], "Head of IT");
    desk.client.close();
}

#[test]
fn half_a_key_is_completed_and_symbols_are_found() {
    let mut desk = desk(json!({}));
    let items = desk.at("textDocument/completion", "w\n", json!({}));
    let labels: Vec<_> = items.as_array().into_iter().flatten().filter_map(|it| it["label"].as_str()).collect();
    assert!(labels.contains(&"responsible"), "{labels:?}");

    let found = desk.client.result("workspace/symbol", json!({ "query": "headit" }));
    assert_eq!(found[0]["location"]["uri"], desk.root);
    let outline = desk.of_all("textDocument/documentSymbol");
    assert_eq!(outline[0]["children"][0]["name"], "A.5.15");
    desk.client.close();
}

#[test]
fn outside_of_git_the_view_of_evidence_says_why_it_is_empty() {
    let mut desk = desk(json!({ "commands": ["deed.showEvidence"] }));
    desk.client.wait(|message| message["method"] == "deed/evidenceChanged");
    let view = loop {
        let view = desk.client.result("deed/evidence", json!({}));
        if view["roots"][0]["state"] != "pending" {
            break view;
        }
    };
    assert_eq!(view["roots"][0]["state"], "none");
    assert!(view["roots"][0]["why"].as_str().is_some_and(|it| it.contains("no Git repository")), "{view}");
    desk.client.close();
}

#[test]
fn what_is_asked_of_files_that_are_none_of_ours_is_answered_with_nothing() {
    let mut desk = desk(json!({}));
    for uri in
        ["untitled:deed.yaml", "file:///no/such/deed.yaml", "file:///etc/passwd", "http://x/deed.yaml", "file:///"]
    {
        let hover = desk.client.result(
            "textDocument/hover",
            json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } }),
        );
        assert_eq!(hover, Value::Null, "{uri}");
    }
    desk.client.close();
}
