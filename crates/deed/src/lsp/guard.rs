//! What keeps one message from holding up the others: a panic becomes the answer to it, and answers are computed aside.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response, Result};
use tower_service::Service;

/// A service whose panics are answers.
pub(super) struct Guarded<S>(pub(super) S);

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + Unpin + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Option<Response>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        let begun = catch_unwind(AssertUnwindSafe(|| self.0.call(request)));
        Box::pin(async move {
            let Ok(mut answer) = begun else { return Ok(failure(id)) };
            let polled = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut answer).poll(cx))) {
                Ok(poll) => poll.map(Ok),
                Err(panic) => Poll::Ready(Err(panic)),
            });
            polled.await.unwrap_or_else(|_| Ok(failure(id)))
        })
    }
}

/// The answer to a request that failed; a notification has none.
fn failure(id: Option<Id>) -> Option<Response> {
    id.map(|id| Response::from_error(id, bug()))
}

/// Something failed that must not.
fn bug() -> Error {
    Error { code: ErrorCode::InternalError, message: Cow::Borrowed("this failed, which is a bug in Deed"), data: None }
}

/// How many answers are computed at once: more than there are processors, so that what is quick gets its turn.
const TURNS: usize = 8;

/// Where answers are computed: away from the messages, some at a time. Until an answer is taken to be written its turn is not
/// over, so that a client that does not read is not answered ahead without end.
pub(super) struct Turns(Semaphore);

impl Turns {
    pub(super) const fn new() -> Self {
        Self(Semaphore::const_new(TURNS))
    }

    /// Computes something; a panic becomes an answer. What nobody waits for any more is not begun.
    pub(super) async fn aside<T: Send + 'static>(&self, compute: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.0.acquire().await.map_err(|_| bug())?;
        let task = AbortOnDrop(tokio::task::spawn_blocking(compute));
        task.await.map_err(|_| bug())
    }
}

/// A task that is called off when whoever waits for it is gone.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Future for AbortOnDrop<T> {
    type Output = std::result::Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tower_lsp::ls_types::{InitializeParams, InitializeResult};
    use tower_lsp::{LanguageServer, LspService};

    use super::*;

    struct Clumsy(Turns);

    impl LanguageServer for Clumsy {
        async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
            Ok(InitializeResult::default())
        }

        async fn shutdown(&self) -> Result<()> {
            Ok(())
        }
    }

    impl Clumsy {
        #[expect(clippy::unused_async, reason = "methods are")]
        async fn at_once(&self, _: Value) -> Result<Value> {
            panic!("at once")
        }

        async fn later(&self, _: Value) -> Result<Value> {
            tokio::task::yield_now().await;
            panic!("later")
        }

        async fn aside(&self, _: Value) -> Result<Value> {
            self.0.aside(|| panic!("aside")).await
        }

        async fn told(&self, _: Value) {
            tokio::task::yield_now().await;
            panic!("told")
        }

        #[expect(clippy::unused_async, reason = "methods are")]
        async fn well(&self, _: Value) -> Result<Value> {
            Ok(json!("well"))
        }
    }

    /// What the server answers to some messages, by id.
    fn answers(messages: &[Value]) -> Vec<(Value, Value)> {
        let (service, socket) = LspService::build(|_| Clumsy(Turns::new()))
            .custom_method("at/once", Clumsy::at_once)
            .custom_method("later", Clumsy::later)
            .custom_method("aside", Clumsy::aside)
            .custom_method("told", Clumsy::told)
            .custom_method("well", Clumsy::well)
            .finish();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let (input, output) = tokio::io::split(server);
        let serving = tower_lsp::Server::new(input, output, socket).serve(Guarded(service));
        let talking = async {
            let mut written = String::new();
            for (number, message) in messages.iter().enumerate() {
                let body = message.to_string();
                let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
                client.write_all(frame.as_bytes()).await.expect("there is room");
                // Before the first is answered nothing else may be said.
                if number == 0 {
                    let mut start = [0; 4096];
                    let read = client.read(&mut start).await.expect("an answer");
                    written += std::str::from_utf8(&start[..read]).expect("UTF-8");
                }
            }
            client.shutdown().await.expect("it ends");
            client.read_to_string(&mut written).await.expect("UTF-8");
            written
        };
        let (written, ()) = runtime.block_on(async { tokio::join!(talking, serving) });
        let bodies = written.split("\r\n\r\n").skip(1).map(|part| part.split("Content-Length").next().expect("a body"));
        let answers = bodies.map(|body| serde_json::from_str::<Value>(body).expect("JSON"));
        answers.map(|answer| (answer["id"].clone(), answer["error"]["code"].clone())).collect()
    }

    #[test]
    fn a_panic_is_an_answer_and_the_server_goes_on() {
        let request = |id: i32, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": {} });
        let mut answers = answers(&[
            json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": { "capabilities": {} } }),
            request(1, "at/once"),
            request(2, "later"),
            request(3, "aside"),
            json!({ "jsonrpc": "2.0", "method": "told", "params": {} }),
            request(4, "well"),
        ]);
        answers.sort_by_key(|(id, _)| id.as_i64());
        let internal = || json!(-32603);
        let expected = [Value::Null, internal(), internal(), internal(), Value::Null];
        assert_eq!(answers, (0..).map(Value::from).zip(expected).collect::<Vec<_>>());
    }
}
