//! A client that says exactly what it is told to, and hears everything.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longer than anything takes, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server and what it said.
pub(crate) struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    heard: VecDeque<Value>,
    next_id: i64,
    /// Whether what comes out is read.
    reads: Arc<(Mutex<bool>, Condvar)>,
    /// Whether what the server asks is answered.
    pub(crate) answers: bool,
}

impl Client {
    /// Starts a server and says nothing yet.
    pub(crate) fn start(directory: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deed"));
        command.arg("lsp").current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let mut child = command.spawn().expect("the server starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let (send, from) = channel();
        let reads = Arc::new((Mutex::new(true), Condvar::new()));
        let may_read = reads.clone();
        thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                let (lock, told) = &*may_read;
                drop(told.wait_while(lock.lock().expect("no panic"), |reads| !*reads));
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let to = child.stdin.take();
        Self { child, to, from, heard: VecDeque::new(), next_id: 0, reads, answers: true }
    }

    /// Starts a server for a directory and shakes hands.
    pub(crate) fn open(directory: &Path) -> Self {
        Self::with(directory, json!({}), json!({}))
    }

    /// Starts a server with what the client can do and the options it gives.
    pub(crate) fn with(directory: &Path, capabilities: Value, options: Value) -> Self {
        let mut client = Self::start(directory);
        let uri = uri(directory);
        let answer = client.request(
            "initialize",
            json!({
                "processId": std::process::id(), "rootUri": uri, "capabilities": capabilities,
                "initializationOptions": options, "workspaceFolders": [{ "uri": uri, "name": "root" }]
            }),
        );
        assert!(answer["result"]["capabilities"].is_object(), "{answer}");
        client.notify("initialized", json!({}));
        client
    }

    /// Stops reading, but for one message, or goes on with it.
    pub(crate) fn read(&self, reads: bool) {
        let (lock, told) = &*self.reads;
        *lock.lock().expect("no panic") = reads;
        told.notify_all();
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let to = self.to.as_mut().expect("open");
        to.write_all(bytes).and_then(|()| to.flush()).expect("the server reads");
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting; returns its id.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
        self.next_id
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Sends a request and waits for its result.
    pub(crate) fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.request(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for the answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// Waits for a message; what else comes is kept, and what the server asks is answered with nothing.
    pub(crate) fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        self.wait_up_to(PATIENCE, is_it).unwrap_or_else(|| panic!("it never came; heard: {:#?}", self.heard))
    }

    /// Waits for a message, not for ever.
    pub(crate) fn wait_up_to(&mut self, patience: Duration, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
        if let Some(at) = self.heard.iter().position(&is_it) {
            return self.heard.remove(at);
        }
        let until = Instant::now() + patience;
        loop {
            let message = self.from.recv_timeout(until.saturating_duration_since(Instant::now())).ok()?;
            if self.answers && message.get("method").is_some() && message.get("id").is_some() {
                self.say_nothing_to(&message);
            }
            if is_it(&message) {
                return Some(message);
            }
            self.heard.push_back(message);
        }
    }

    /// Answers what the server asked with nothing.
    pub(crate) fn say_nothing_to(&mut self, message: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
    }

    /// Waits until a document of any version has been said something of that fits.
    pub(crate) fn said(&mut self, uri: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["diagnostics"].as_array().is_some_and(|all| fits(all))
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// Waits for the diagnostics of a version of a document.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// How many messages of a method came that nobody waited for.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.heard.iter().filter(|message| message["method"] == method).count()
    }

    pub(crate) fn open_document(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({ "uri": uri, "languageId": "yaml", "version": version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces all of a document.
    pub(crate) fn replace(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({ "uri": uri, "version": version });
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
    }

    /// Replaces a stretch of a document.
    pub(crate) fn change(&mut self, uri: &str, version: i64, from: (i64, i64), to: (i64, i64), text: &str) {
        let at = |(line, character): (i64, i64)| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": at(from), "end": at(to) }, "text": text });
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] }),
        );
    }

    pub(crate) fn close_document(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// Tells of files that changed on disk.
    pub(crate) fn files_changed(&mut self, uris: &[&str]) {
        let changes: Vec<_> = uris.iter().map(|uri| json!({ "uri": uri, "type": 2 })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// What is said when somebody points at a place.
    pub(crate) fn hover(&mut self, uri: &str, line: i64, character: i64) -> Value {
        let position = json!({ "line": line, "character": character });
        self.result("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }))
    }

    /// Where the text of a document ends, by the server's account.
    pub(crate) fn end_of(&mut self, uri: &str) -> (i64, i64) {
        let start = json!({ "line": 0, "character": 0 });
        let selections =
            self.result("textDocument/selectionRange", json!({ "textDocument": { "uri": uri }, "positions": [start] }));
        let mut widest = &selections[0];
        while widest["parent"].is_object() {
            widest = &widest["parent"];
        }
        let end = &widest["range"]["end"];
        (end["line"].as_i64().expect("a line"), end["character"].as_i64().expect("a column"))
    }

    /// Closes standard input.
    pub(crate) fn hang_up(&mut self) {
        self.to = None;
    }

    /// Waits until the server has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// Says good-bye and expects a good end.
    pub(crate) fn close(mut self) {
        self.result("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.ended().and_then(|status| status.code()), Some(0));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().ok();
        }
    }
    let mut body = vec![0; length?];
    out.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A file's address.
pub(crate) fn uri(path: &Path) -> String {
    let path = path.display().to_string();
    if cfg!(windows) { format!("file:///{}", path.replace('\\', "/")) } else { format!("file://{path}") }
}
