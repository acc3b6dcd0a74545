//! What is shown beside the text, for clients that can more and for clients that can less.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Folder;
use crate::client::Client;

const ROOT: &str = "\
deed: 1
isms: { owner: ceo }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example] }
roles:
  ceo: { title: Chief Executive, layer: executive, held_by: ada }
  it: { title: Head of IT, layer: owner, held_by: ada, reports_to: ceo }
";
const CONTROLS: &str = "\
controls:
  A.5.15:
    owner: it
  A.8.9:
    owner: it
    ow
";

fn folder() -> Folder {
    Folder::with(&[("deed.yaml", ROOT), ("controls.deed.yaml", CONTROLS)])
}

fn titles(lenses: &Value) -> Vec<&str> {
    lenses.as_array().into_iter().flatten().filter_map(|lens| lens["command"]["title"].as_str()).collect()
}

fn refreshing() -> Value {
    let refresh = json!({ "refreshSupport": true });
    json!({ "workspace": { "codeLens": refresh, "inlayHint": refresh, "semanticTokens": refresh } })
}

/// Waits until history has been looked at and nothing more is said: from then on only edits change anything.
fn settle(client: &mut Client) {
    while client.result("deed/evidence", json!({}))["roots"][0]["state"] != "none" {}
    while next_refresh(client).is_some() {}
}

/// What the client is asked to ask for again, if it is soon.
fn next_refresh(client: &mut Client) -> Option<String> {
    let is_refresh = |message: &Value| {
        let method = message["method"].as_str().unwrap_or_default();
        method.ends_with("/refresh") || method == "deed/evidenceChanged"
    };
    let message = client.wait_up_to(Duration::from_millis(700), is_refresh)?;
    message["method"].as_str().map(str::to_owned)
}

#[test]
fn lenses_and_hints_are_asked_for_again_when_another_manifest_makes_them_others() {
    let folder = folder();
    let mut client = Client::with(&folder.path(), refreshing(), json!({ "commands": ["deed.showEvidence"] }));
    let (root, controls) = (folder.uri("deed.yaml"), folder.uri("controls.deed.yaml"));
    client.open_document(&root, 1, ROOT);
    client.open_document(&controls, 1, CONTROLS);
    settle(&mut client);
    let of_root = json!({ "textDocument": { "uri": root } });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let hints_of_controls = json!({ "textDocument": { "uri": controls }, "range": whole });
    let lenses = client.result("textDocument/codeLens", of_root.clone());
    assert!(titles(&lenses).contains(&"owns 2 controls"), "{lenses}");
    assert!(client.result("textDocument/inlayHint", hints_of_controls.clone()).to_string().contains("Head of IT"));
    client.result("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": controls } }));
    client.result("deed/evidence", json!({}));

    // An edit that changes none of it is no reason to ask.
    client.replace(&controls, 2, &format!("{CONTROLS}# more\n"));
    client.diagnostics(&controls, 2);
    assert_eq!(next_refresh(&mut client), None);
    client.replace(&controls, 3, &CONTROLS.replacen("owner: it", "owner: ceo", 1));
    client.wait(|message| message["method"] == "workspace/codeLens/refresh");
    let lenses = client.result("textDocument/codeLens", of_root);
    assert!(titles(&lenses).contains(&"owns 1 control"), "{lenses}");
    assert!(client.result("textDocument/inlayHint", hints_of_controls.clone()).to_string().contains("Head of IT"));

    client.replace(&root, 2, &ROOT.replace("Head of IT", "Lead of IT"));
    client.wait(|message| message["method"] == "workspace/inlayHint/refresh");
    assert!(client.result("textDocument/inlayHint", hints_of_controls).to_string().contains("Lead of IT"));
    client.close();
}

#[test]
fn after_a_rename_over_two_documents_what_was_answered_in_between_is_asked_for_again() {
    let folder = folder();
    let mut client = Client::with(&folder.path(), refreshing(), json!({}));
    let (root, controls) = (folder.uri("deed.yaml"), folder.uri("controls.deed.yaml"));
    client.open_document(&root, 1, ROOT);
    client.open_document(&controls, 1, CONTROLS);
    client.diagnostics(&controls, 1);
    settle(&mut client);
    // The client changes one document, asks, and only then changes the other.
    client.replace(&root, 2, &ROOT.replace("  it:", "  tech:"));
    let of_root = json!({ "textDocument": { "uri": root } });
    let early = client.result("textDocument/codeLens", of_root.clone());
    assert!(!titles(&early).contains(&"owns 2 controls"), "{early}");
    while next_refresh(&mut client).is_some() {}
    client.replace(&controls, 2, &CONTROLS.replace(": it", ": tech"));
    client.wait(|message| message["method"] == "workspace/codeLens/refresh");
    let late = client.result("textDocument/codeLens", of_root);
    assert!(titles(&late).contains(&"owns 2 controls"), "{late}");
    client.close();
}

#[test]
fn the_view_of_evidence_is_told_of_edits_that_change_what_it_shows() {
    let folder = folder();
    let mut client = Client::with(&folder.path(), json!({}), json!({ "commands": ["deed.showEvidence"] }));
    let controls = folder.uri("controls.deed.yaml");
    client.open_document(&controls, 1, CONTROLS);
    settle(&mut client);
    let unowned = |client: &mut Client| client.result("deed/evidence", json!({}))["roots"][0]["unowned"].clone();
    let before = unowned(&mut client);
    client.replace(&controls, 2, &CONTROLS.replacen("    owner: it\n", "    status: planned\n", 1));
    client.wait(|message| message["method"] == "deed/evidenceChanged");
    let after = unowned(&mut client);
    assert!(after.as_array().map(Vec::len) > before.as_array().map(Vec::len), "{before}, then {after}");
    client.close();
}

/// What completes the owner of the first control, and its item for a role.
fn owners(client: &mut Client, controls: &str) -> (Value, Value) {
    let position = json!({ "line": 2, "character": 11 });
    let items =
        client.result("textDocument/completion", json!({ "textDocument": { "uri": controls }, "position": position }));
    let item = items.as_array().into_iter().flatten().find(|it| it["label"] == "it").expect("it is offered").clone();
    (items, item)
}

#[test]
fn documentation_of_ids_comes_when_somebody_looks() {
    let folder = folder();
    let completion = json!({ "completionItem": {
        "documentationFormat": ["markdown", "plaintext"], "resolveSupport": { "properties": ["documentation"] }
    } });
    let capabilities = json!({ "textDocument": { "completion": completion } });
    let mut client = Client::with(&folder.path(), capabilities, json!({}));
    let controls = folder.uri("controls.deed.yaml");
    client.open_document(&controls, 1, CONTROLS);
    let (_, item) = owners(&mut client, &controls);
    assert!(item.get("documentation").is_none(), "{item}");
    let whole = client.result("completionItem/resolve", item.clone());
    assert_eq!(whole["documentation"]["kind"], "markdown");
    assert!(whole["documentation"]["value"].as_str().is_some_and(|it| it.contains("Ada Moreau")), "{whole}");
    assert_eq!(whole["textEdit"], item["textEdit"]);
    // What is no subject, or none any more, comes back as it is.
    for data in [Value::Null, json!(7), json!({ "uri": controls, "subject": "roles.nobody" }), json!({ "uri": "x" })] {
        let mut other = item.clone();
        other["data"] = data;
        let same = client.result("completionItem/resolve", other);
        assert_eq!((&same["label"], same.get("documentation")), (&json!("it"), None));
    }
    client.close();
}

#[test]
fn a_client_that_asks_for_nothing_more_gets_documentation_at_once() {
    let folder = folder();
    let mut client = Client::open(&folder.path());
    let controls = folder.uri("controls.deed.yaml");
    client.open_document(&controls, 1, CONTROLS);
    let (_, item) = owners(&mut client, &controls);
    assert!(item["documentation"]["value"].as_str().is_some_and(|it| it.contains("Ada Moreau")), "{item}");
    assert!(item.get("data").is_none() && item.get("command").is_none(), "{item}");
    client.close();
}

#[test]
fn a_client_that_shows_no_markdown_gets_plain_text() {
    let folder = folder();
    let controls = folder.uri("controls.deed.yaml");
    let formats = json!(["markdown", "plaintext"]);
    let markdown = json!({ "textDocument": {
        "hover": { "contentFormat": formats }, "completion": { "completionItem": { "documentationFormat": formats } }
    } });
    let only_plain = json!({ "textDocument": { "hover": { "contentFormat": ["plaintext"] } } });
    for (capabilities, kind) in [(markdown, "markdown"), (only_plain, "plaintext"), (json!({}), "plaintext")] {
        let mut client = Client::with(&folder.path(), capabilities, json!({}));
        client.open_document(&controls, 1, CONTROLS);
        let hover = client.hover(&controls, 1, 4)["contents"].clone();
        let (items, _) = owners(&mut client, &controls);
        let shown = items.as_array().into_iter().flatten().filter_map(|it| it.get("documentation"));
        for content in shown.chain([&hover]) {
            assert_eq!(content["kind"], kind);
            let text = content["value"].as_str().expect("a text");
            assert!(kind == "markdown" || !text.contains(['`', '*', '\\']), "{text}");
        }
        assert_eq!(hover["value"].as_str().is_some_and(|it| it.contains("**A.5.15**")), kind == "markdown", "{hover}");
        client.close();
    }
}

#[test]
fn what_follows_a_key_is_completed_where_the_client_runs_that() {
    let folder = folder();
    let mut client = Client::with(&folder.path(), json!({}), json!({ "commands": ["editor.action.triggerSuggest"] }));
    let controls = folder.uri("controls.deed.yaml");
    client.open_document(&controls, 1, CONTROLS);
    let items = client.result(
        "textDocument/completion",
        json!({ "textDocument": { "uri": controls }, "position": { "line": 5, "character": 6 } }),
    );
    let command = |label: &str| {
        let item = items.as_array().into_iter().flatten().find(|it| it["label"] == label).expect("it is offered");
        item["command"]["command"].clone()
    };
    assert_eq!(command("review"), "editor.action.triggerSuggest");
    assert_eq!(command("note"), Value::Null);
    client.close();
}

#[test]
fn where_a_reason_is_to_be_filled_in_the_cursor_goes() {
    let folder = folder();
    let capabilities = json!({
        "window": { "showDocument": { "support": true } }, "workspace": { "workspaceEdit": { "documentChanges": true } }
    });
    let mut client = Client::with(&folder.path(), capabilities, json!({}));
    let (root, controls) = (folder.uri("deed.yaml"), folder.uri("controls.deed.yaml"));
    client.open_document(&root, 1, ROOT);
    client.open_document(&controls, 1, CONTROLS);
    let range = json!({ "start": { "line": 1, "character": 3 }, "end": { "line": 1, "character": 3 } });
    let actions = client.result(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": controls }, "range": range, "context": { "diagnostics": [] } }),
    );
    let actions: Vec<_> = actions.as_array().expect("a list").clone();
    for action in &actions {
        assert!(action["title"].as_str().is_some_and(|title| title.starts_with(char::is_uppercase)), "{action}");
    }
    let ignore = actions.iter().find(|it| it["title"].as_str().is_some_and(|it| it.starts_with("Ignore")));
    let ignore = ignore.unwrap_or_else(|| panic!("{actions:#?}"));
    let command = &ignore["command"];
    client.result(
        "workspace/executeCommand",
        json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    let shown = client.wait(|message| message["method"] == "window/showDocument");
    // Its reason is the empty text in the last line but those of owner and end.
    let edit = &ignore["edit"]["documentChanges"][0]["edits"][0];
    let text = edit["newText"].as_str().expect("a text");
    let before = &text[..text.find("\"\"").expect("an empty reason") + 1];
    let line = edit["range"]["start"]["line"].as_u64().expect("a line") + before.matches('\n').count() as u64;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    assert_eq!(shown["params"]["uri"], root);
    assert_eq!(shown["params"]["selection"]["start"], json!({ "line": line, "character": column }));
    assert_eq!(shown["params"]["takeFocus"], true);
    for arguments in [json!([]), json!([7])] {
        let command = json!({ "command": command["command"], "arguments": arguments });
        assert_eq!(client.request("workspace/executeCommand", command)["error"]["code"], -32602);
    }
    client.close();
}
