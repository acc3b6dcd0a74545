//! Frames on standard input and output: what keeps one bad frame, a client that does not read, or one that just leaves,
//! from stopping the server.
//!
//! [LSP 3.17, Base Protocol](https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#baseProtocol)

use std::future::poll_fn;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// The longest message that is read, in bytes.
const LONGEST: usize = 512 << 20;
/// The longest line of a header.
const LONGEST_HEADER: u64 = 4096;
/// How many messages wait to be looked at before no more are read.
const WAITING: usize = 1024;
/// How many bytes wait for a client that reads slowly before it has to read some of them.
const UNREAD: usize = 16 << 20;

/// Whether the client has said `shutdown`, so that `exit` is a good end.
pub(super) type ShutDown = Arc<AtomicBool>;

/// Messages from the client, each one whole and well formed.
pub(super) struct Input {
    frames: mpsc::Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
}

/// Messages to the client. A client that reads slowly holds up nobody, until it has very much to read; then nothing more
/// is done for it, and no message is lost.
#[derive(Clone)]
pub(super) struct Output {
    send: Sender<Vec<u8>>,
    unread: Arc<Unread>,
}

/// How much waits for the client.
#[derive(Default)]
struct Unread {
    bytes: AtomicUsize,
    /// Something was answered: before that the client may not be told anything.
    has_begun: AtomicBool,
    /// Nothing is waited for any more: the client has gone, or said `exit`.
    is_over: AtomicBool,
    /// Who waits until there is room.
    waiting: Mutex<Vec<Waker>>,
}

impl Unread {
    fn has_room(&self) -> bool {
        self.bytes.load(Ordering::SeqCst) < UNREAD || self.is_over.load(Ordering::SeqCst)
    }

    /// Waits until something holds; whoever waits is woken by whatever may make it so.
    fn poll_until(&self, cx: &Context<'_>, holds: impl Fn(&Self) -> bool) -> Poll<()> {
        if !holds(self) {
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(cx.waker().clone());
        }
        // It may have become so since it was looked first.
        if holds(self) { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Waits for room.
    fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        self.poll_until(cx, Self::has_room)
    }

    /// Waits for room, and until something was answered.
    fn poll_begun(&self, cx: &Context<'_>) -> Poll<()> {
        let has_begun = |it: &Self| it.has_begun.load(Ordering::SeqCst) || it.is_over.load(Ordering::SeqCst);
        self.poll_until(cx, |it| has_begun(it) && it.has_room())
    }

    fn begin(&self) {
        if !self.has_begun.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    fn written(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::SeqCst);
        if self.has_room() {
            self.wake();
        }
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// Starts to read frames; what is wrong with one is answered at once.
pub(super) fn input(from: impl Read + Send + 'static, answers: Output, shut_down: ShutDown) -> Input {
    let (send, frames) = mpsc::channel(WAITING);
    thread::spawn(move || {
        let mut from = BufReader::with_capacity(1 << 16, from);
        while let Ok(Some(body)) = read_frame(&mut from) {
            match check(&body, &shut_down) {
                Ok(is_end) => {
                    if is_end {
                        answers.unread.end();
                    }
                    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
                    frame.extend_from_slice(&body);
                    if send.blocking_send(frame).is_err() {
                        return;
                    }
                }
                Err(answer) => answers.message(&[&answer]),
            }
        }
        answers.unread.end();
    });
    Input { frames, current: io::Cursor::default() }
}

/// Starts to write frames; the thread ends once every [`Output`] is dropped and all is written, or nobody reads any more.
pub(super) fn output(mut to: impl Write + Send + 'static) -> (Output, JoinHandle<()>) {
    let (send, frames): (_, Receiver<Vec<u8>>) = channel();
    let unread = Arc::<Unread>::default();
    let output = Output { send, unread: unread.clone() };
    let thread = thread::spawn(move || {
        while let Ok(bytes) = frames.recv() {
            let mut write = |bytes: Vec<u8>| {
                let written = to.write_all(&bytes);
                unread.written(bytes.len());
                written
            };
            let mut written = write(bytes);
            // What has come in the meantime goes out with it.
            while let (Ok(()), Ok(bytes)) = (&written, frames.try_recv()) {
                written = write(bytes);
            }
            if written.and_then(|()| to.flush()).is_err() {
                break;
            }
        }
        drop(frames);
        unread.end();
    });
    (output, thread)
}

/// Reads the body of the next frame; `None` at the end. Lines that are no header are skipped.
fn read_frame(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if from.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if let Some(length) = length.filter(|_| line.is_empty()) {
            return body(from, length).map(Some);
        }
        // After a body of another length than was said, the next header may begin in the middle of a line.
        let header = line.to_ascii_lowercase();
        if let Some((_, value)) = header.rsplit_once("content-length:") {
            length = value.trim().parse::<usize>().ok();
        }
    }
}

/// Reads a body; of one that is too long only as much as shows that it is.
fn body(from: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    if length > LONGEST {
        io::copy(&mut from.take(length as u64), &mut io::sink())?;
        return Ok(Vec::new());
    }
    let mut body = Vec::new();
    from.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(body) }
}

/// What every message has. JSON-RPC 2.0, 4 and 5.
#[derive(Deserialize)]
struct Envelope<'m> {
    jsonrpc: Option<&'m RawValue>,
    #[serde(borrow)]
    id: Option<&'m RawValue>,
    method: Option<String>,
    #[serde(borrow)]
    params: Option<&'m RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'m RawValue>,
    #[serde(borrow)]
    error: Option<&'m RawValue>,
}

/// A field that is there, even if it is `null`: most answers of editors are.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}

/// Looks whether a body is a message, and whether it is the last one; the error is the answer to one that is none.
fn check(body: &[u8], shut_down: &AtomicBool) -> Result<bool, String> {
    if body.is_empty() {
        return Err(refusal(None, -32700, "the message is empty, or longer than any is"));
    }
    let parsed: Result<&RawValue, _> = serde_json::from_slice(body);
    let raw = parsed.map_err(|error| refusal(None, -32700, &format!("this is no JSON: {error}")))?;
    let envelope: Result<Envelope<'_>, _> = serde_json::from_str(raw.get());
    let envelope = envelope.map_err(|_| refusal(None, -32600, "this is no message of JSON-RPC"))?;
    let starts = |value: Option<&RawValue>, with: &[char]| value.is_none_or(|value| value.get().starts_with(with));
    let id_form = |c: char| c.is_ascii_digit() || matches!(c, '-' | '"' | 'n');
    let is_formed = envelope.jsonrpc.is_some_and(|version| version.get() == "\"2.0\"")
        && envelope.id.is_none_or(|id| id.get().starts_with(id_form))
        && starts(envelope.params, &['{', '[', 'n']);
    let is_request = envelope.method.is_some();
    let is_answer = envelope.id.is_some() && (envelope.result.is_some() != envelope.error.is_some());
    if !is_formed || !(is_request || is_answer) {
        let id = envelope.id.filter(|id| is_request && id.get().starts_with(id_form));
        return Err(refusal(id, -32600, "this is no message of JSON-RPC 2.0"));
    }
    if envelope.method.as_deref() == Some("shutdown") {
        shut_down.store(true, Ordering::Relaxed);
    }
    Ok(envelope.method.as_deref() == Some("exit"))
}

fn refusal(id: Option<&RawValue>, code: i32, message: &str) -> String {
    let id = id.map_or("null", RawValue::get);
    let message = serde_json::Value::from(message);
    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{message}}}}}"#)
}

impl Output {
    fn send(&self, bytes: Vec<u8>) -> io::Result<()> {
        self.unread.bytes.fetch_add(bytes.len(), Ordering::SeqCst);
        self.send.send(bytes).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Tells the client something, of which the parameters are JSON already; waits as answers do. Must not be called by what
    /// `runtime` runs.
    pub(super) fn notify(&self, runtime: &Handle, method: &str, params: &str) {
        runtime.block_on(poll_fn(|cx| self.unread.poll_begun(cx)));
        let (start, end) = (format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":"#), "}");
        // All diagnostics of a manifest may be in it: it is put together once.
        self.message(&[&start, params, end]);
    }

    /// Sends a message, of which these are the parts.
    fn message(&self, parts: &[&str]) {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        let head = format!("Content-Length: {len}\r\n\r\n");
        // Where nobody reads there is nobody to tell.
        let _ = self.send([&[&*head], parts].concat().concat().into_bytes());
    }
}

impl AsyncRead for Input {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.current.position() >= self.current.get_ref().len() as u64 {
            match self.frames.poll_recv(cx) {
                Poll::Ready(Some(frame)) => self.current = io::Cursor::new(frame),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
        Pin::new(&mut self.current).poll_read(cx, buf)
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.unread.poll(cx) {
            Poll::Ready(()) => {
                let sent = self.send(bytes.to_vec()).map(|()| bytes.len());
                self.unread.begin();
                Poll::Ready(sent)
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> Vec<String> {
        let mut from = BufReader::new(bytes);
        let mut all = Vec::new();
        while let Ok(Some(body)) = read_frame(&mut from) {
            all.push(String::from_utf8_lossy(&body).into_owned());
        }
        all
    }

    #[test]
    fn frames_are_found_behind_garbage() {
        let text = "what?\r\nCONTENT-LENGTH: 2\r\nContent-Type: x\r\n\r\n{}xx{\"Content-Length: 3\r\n\r\n[1]Content-Length: 9\r\n\r\ncut";
        assert_eq!(frames(text.as_bytes()), ["{}", "[1]"]);
    }

    #[test]
    fn what_is_no_message_is_answered() {
        let shut_down = AtomicBool::new(false);
        let code = |body: &str| {
            check(body.as_bytes(), &shut_down).err().map(|answer| {
                let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
                (answer["error"]["code"].as_i64(), answer["id"].clone())
            })
        };
        assert_eq!(code("{"), Some((Some(-32700), serde_json::Value::Null)));
        assert_eq!(code("[]"), Some((Some(-32600), serde_json::Value::Null)));
        assert_eq!(code(r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#), Some((Some(-32600), 7.into())));
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":7}"#), Some((Some(-32600), serde_json::Value::Null)));
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":"a","method":"shutdown"}"#), None);
        assert!(shut_down.load(Ordering::Relaxed));
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"result":null}"#), None);
    }
}
