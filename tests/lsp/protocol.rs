//! What must not stop the server: bad frames, bad manners, bad luck.

use serde_json::json;

use crate::client::Client;
use crate::{Folder, is_running};

const ROOT: &str = "deed: 1\n";

#[test]
fn exit_without_shutdown_is_a_bad_end() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    client.notify("exit", json!(null));
    assert_eq!(client.ended().and_then(|status| status.code()), Some(1));
}

#[test]
fn a_client_that_hangs_up_ends_the_server() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    client.hang_up();
    assert!(client.ended().is_some());
}

#[test]
fn a_parent_that_dies_ends_the_server() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut parent = std::process::Command::new("sleep").arg("600").spawn().expect("sleep");
    let mut client = Client::start(&folder.path());
    client.result("initialize", json!({ "processId": parent.id(), "capabilities": {} }));
    parent.kill().and_then(|()| parent.wait()).expect("it ends");
    assert!(client.ended().is_some());
    assert!(!is_running(client.id()));
}

#[test]
fn garbage_is_answered_and_the_server_goes_on() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    client.raw(b"Content-Length: 7\r\n\r\n{\"a\": 1");
    client.wait(|message| message["error"]["code"] == -32700);
    client.raw(b"hello?\r\n\r\nContent-Length: nine\r\n\r\nContent-Length: 2\r\n\r\n[]");
    client.wait(|message| message["error"]["code"] == -32600);
    client.raw(b"Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc");
    client.wait(|message| message["error"]["code"] == -32700);
    let answer = client.request("textDocument/definition", json!({ "textDocument": 7 }));
    assert_eq!(answer["error"]["code"], -32602);
    assert_eq!(client.request("no/suchThing", json!({}))["error"]["code"], -32601);
    client.close();
}

#[test]
fn fifty_thousand_changes_are_taken_in_order() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 0, "#\n");
    for version in 1..=50_000 {
        // Each writes its number in the place of the one before.
        let end = if version == 1 { 1 } else { 1 + (version - 1_i32).to_string().len() };
        let range = json!({ "start": { "line": 0, "character": 1 }, "end": { "line": 0, "character": end } });
        let change = json!({ "range": range, "text": version.to_string() });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] }),
        );
    }
    let selections = client.result(
        "textDocument/selectionRange",
        json!({ "textDocument": { "uri": uri }, "positions": [{ "line": 0, "character": 0 }] }),
    );
    // All of the text: its end is behind the last number.
    assert_eq!(selections[0]["range"]["end"], json!({ "line": 1, "character": 0 }));
    client.diagnostics(&uri, 50_000);
    client.close();
}

#[test]
fn a_burst_is_judged_a_few_times_at_most() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 0, ROOT);
    client.diagnostics(&uri, 0);
    for version in 1..=50 {
        client.replace(&uri, version, &format!("deed: 1\n# {version}\n"));
    }
    client.diagnostics(&uri, 50);
    // How many of them it hears of at once is for the machine to say; it must not be each by itself.
    assert!(client.count("textDocument/publishDiagnostics") < 10);
    client.close();
}
