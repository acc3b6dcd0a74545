//! More than the server can do at once: it does what it can, says so where it does not, and forgets nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::{Folder, most_memory};

const ROOT: &str = "deed: 1\nisms: { owner: ceo }\n";

/// A manifest with that many risks.
fn risks(count: usize) -> String {
    let risk = |mut all: String, number| {
        let _ = write!(all, "  R-{number}:\n    title: Risk number {number}\n    owner: ceo\n");
        all
    };
    (1..=count).fold("risks:\n".to_owned(), risk)
}

/// The answers to some requests, by id, each with the code of its error: none twice.
fn answers(client: &mut Client, count: usize) -> BTreeMap<i64, Value> {
    let mut all = BTreeMap::new();
    while all.len() < count {
        let answer = client.wait(|message| message["id"].is_i64() && message.get("method").is_none());
        let id = answer["id"].as_i64().expect("a number");
        assert!(all.insert(id, answer["error"]["code"].clone()).is_none(), "{id} was answered twice");
    }
    all
}

fn of(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

#[test]
fn what_is_cancelled_says_so_and_what_is_quick_is_not_starved() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("risks.deed.yaml", &risks(2_000))]);
    let mut client = Client::open(&folder.path());
    let (root, risks) = (folder.uri("deed.yaml"), folder.uri("risks.deed.yaml"));
    client.end_of(&root);
    let asked: Vec<i64> = (0..200).map(|_| client.ask("textDocument/documentSymbol", of(&risks))).collect();
    let kept: Vec<i64> = asked.iter().copied().filter(|id| id % 20 == 0).collect();
    for id in asked.iter().filter(|id| !kept.contains(id)) {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    let quick = client.ask("textDocument/foldingRange", of(&root));
    let answers = answers(&mut client, asked.len() + 1);
    assert!(kept.iter().chain([&quick]).all(|id| answers[id].is_null()), "{answers:?}");
    // What was done already when it was cancelled has its answer.
    let cancelled = answers.values().filter(|code| **code == -32800).count();
    let done = answers.values().filter(|code| code.is_null()).count();
    assert_eq!(cancelled + done, answers.len(), "{answers:?}");
    assert!(cancelled > 100, "only {cancelled} were cancelled");
    client.close();
}

#[test]
fn more_requests_than_there_are_slots_are_each_answered_once() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    let asked: Vec<i64> = (0..20_000).map(|_| client.ask("textDocument/foldingRange", of(&uri))).collect();
    for id in &asked[100..] {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    let answers = answers(&mut client, asked.len());
    assert!(asked[..100].iter().all(|id| answers[id].is_null()));
    assert!(answers.values().all(|code| code.is_null() || *code == -32800));
    client.close();
}

/// The most memory that a server had, once it does nothing more.
fn memory_at_rest(client: &Client) -> u64 {
    let mut busy = crate::busy(client.id());
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1_500));
        let before = std::mem::replace(&mut busy, crate::busy(client.id()));
        if busy - before < 2 {
            break;
        }
    }
    most_memory(client.id())
}

#[test]
fn a_client_that_reads_late_gets_everything_and_costs_little_memory() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("risks.deed.yaml", &risks(1_000))]);
    let mut client = Client::open(&folder.path());
    let (root, risks) = (folder.uri("deed.yaml"), folder.uri("risks.deed.yaml"));
    client.end_of(&risks);
    client.read(false);
    client.open_document(&root, 1, ROOT);
    for version in 2..=100 {
        client.replace(&root, version, &format!("{ROOT}# {version}\n"));
    }
    // Until the server waits: how much it has then does not depend on how much is asked.
    let mut asked: Vec<i64> = (0..110).map(|_| client.ask("textDocument/documentSymbol", of(&risks))).collect();
    let some = memory_at_rest(&client);
    asked.extend((0..190).map(|_| client.ask("textDocument/documentSymbol", of(&risks))));
    let more = memory_at_rest(&client);
    client.read(true);

    let (mut versions, mut answered, mut bytes) = (Vec::new(), Vec::new(), 0);
    while answered.len() < asked.len() || versions.last() != Some(&100) {
        let message = client.wait(|message| message["id"].is_i64() || message["params"]["version"].is_i64());
        versions.extend(message["params"]["version"].as_i64());
        answered.extend(message["id"].as_i64().filter(|_| message["result"].is_array()));
        bytes += message.to_string().len();
    }
    answered.sort_unstable();
    assert_eq!(answered, asked);
    assert!(versions.is_sorted(), "{versions:?}");
    assert!(bytes > 40 << 20, "{bytes} bytes are no load");
    assert!(more < some + 20, "{some} MB, then {more} MB");
    client.close();
}

#[test]
fn a_client_that_reads_no_more_can_still_end_the_server() {
    let folder = Folder::with(&[("deed.yaml", ROOT), ("risks.deed.yaml", &risks(5_000))]);
    let mut client = Client::open(&folder.path());
    let risks = folder.uri("risks.deed.yaml");
    client.end_of(&risks);
    client.read(false);
    for _ in 0..100 {
        client.ask("textDocument/documentSymbol", of(&risks));
    }
    client.ask("shutdown", Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.ended().and_then(|status| status.code()), Some(0));
}

#[test]
fn the_server_waits_for_no_answer_of_the_client() {
    let folder = Folder::with(&[]);
    let repo = deed_test::Repo::init(&folder.path().join("acme"));
    let ada = deed_test::Identity::new("Ada Moreau", "ada@acme.example");
    repo.commit("Start").author(&ada).write("deed.yaml", ROOT).create();
    let path = folder.path().join("acme");
    let refresh = json!({ "refreshSupport": true });
    let capabilities = json!({
        "window": { "workDoneProgress": true },
        "workspace": {
            "codeLens": refresh, "inlayHint": refresh, "semanticTokens": refresh,
            "didChangeWatchedFiles": { "dynamicRegistration": true }
        }
    });
    let mut client = Client::with(&path, capabilities, json!({}));
    client.answers = false;
    let uri = crate::client::uri(&path.join("deed.yaml"));
    client.open_document(&uri, 0, ROOT);
    for version in 1..=500 {
        client.replace(&uri, version, &format!("{ROOT}# {version}\n"));
    }
    let is_asked = |method: &'static str| move |message: &Value| message["method"] == method && message["id"].is_i64();
    let asked: Vec<Value> = ["client/registerCapability", "workspace/codeLens/refresh", "workspace/inlayHint/refresh"]
        .map(|method| client.wait(is_asked(method)))
        .to_vec();
    // Nothing is answered yet, and yet everything works.
    client.diagnostics(&uri, 500);
    assert!(client.hover(&uri, 1, 1).is_object());
    // The answers come with many changes before them.
    for version in 501..=1_000 {
        client.replace(&uri, version, &format!("{ROOT}# {version}\n"));
    }
    asked.iter().for_each(|message| client.say_nothing_to(message));
    client.diagnostics(&uri, 1_000);
    client.close();
}

#[test]
fn ten_megabytes_can_be_pasted_in_and_taken_out_again() {
    let folder = Folder::with(&[("deed.yaml", ROOT)]);
    let mut client = Client::open(&folder.path());
    let uri = folder.uri("deed.yaml");
    client.open_document(&uri, 0, ROOT);
    client.diagnostics(&uri, 0);
    // Of sound lines less: in a debug build each of their thousands of diagnostics takes its time.
    let lines = risks(1 << 20 >> 6);
    let prose = "lorem ipsum dolor: sit amet, consectetur - adipiscing elit\n".repeat(10 << 20 >> 6);
    let minified = format!("x-paste: {}", "[{\"a\":\"b\"},".repeat(10 << 20 >> 3));
    let one_word = "deadbeef".repeat(10 << 20 >> 3);
    for (number, paste) in (0..).zip([lines, prose, minified, one_word]) {
        let version = 2 * number + 1;
        client.change(&uri, version, (2, 0), (2, 0), &paste);
        client.hover(&uri, 1, 8);
        // What is said of it is no more than anybody reads.
        let said = client.diagnostics(&uri, version);
        assert!(Value::from(said).to_string().len() < 8 << 20);
        let (line, column) = (paste.matches('\n').count(), paste.len() - paste.rfind('\n').map_or(0, |at| at + 1));
        client.change(&uri, version + 1, (2, 0), (2 + line as i64, column as i64), "");
        client.diagnostics(&uri, version + 1);
        assert_eq!(client.end_of(&uri), (2, 0));
    }
    client.close();
}
