//! `deed lsp`: the language server.
//!
//! In: messages of the Language Server Protocol on standard input. Out: messages on standard output; nothing is written
//! anywhere else. What the editor says lands on the [`desk`]; one thread, the [`worker`], reads and judges; everybody who
//! asks gets a [`view`], which never changes. What is asked is answered by `deed-ide`; here it is only put into the terms
//! of the protocol.
//!
//! Start at [`run`], then [`server`].

mod answers;
mod capabilities;
mod client;
mod convert;
mod desk;
mod diagnostics;
mod documents;
mod encoding;
mod guard;
mod names;
mod present;
mod publish;
mod server;
mod view;
mod wire;
mod worker;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::runtime::Builder;
use tower_lsp::LspService;

use self::desk::Desk;
use self::guard::Guarded;
use self::server::Server;
use crate::exit::Exit;

/// More requests than any editor has open; the framework answers no `$/cancelRequest` while its slots are taken.
const AT_ONCE: usize = 1 << 14;
/// How long the last messages may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Start the language server, which editors talk to on standard input and output
#[derive(clap::Args)]
pub(crate) struct LspArgs {
    /// Talk on standard input and output; the only way there is, which some editors name
    #[arg(long)]
    stdio: bool,
}

/// Has the process take its memory in small pages: it stays for days, and its allocator asks for huge ones, which are held
/// whole for whatever is left in them. Where that cannot be had, it only takes more.
fn use_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Serves until the client says `exit`, closes standard input, or is no more.
pub(crate) fn run(_: &LspArgs) -> Result<Exit> {
    use_small_pages();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot start the language server")?;
    let shut_down = Arc::new(AtomicBool::new(false));
    let (output, writer) = wire::output(io::stdout());
    let input = wire::input(io::stdin(), output.clone(), shut_down.clone());
    let desk = Arc::new(Desk::new());
    let told = Arc::new(output.clone());
    let (service, socket) = LspService::build(|client| Server::new(client, desk.clone(), Arc::downgrade(&told)))
        .custom_method("deed/evidence", Server::evidence)
        .finish();
    runtime.block_on(async {
        let orphaned = desk.orphaned();
        let serving = tower_lsp::Server::new(input, output, socket).concurrency_level(AT_ONCE).serve(Guarded(service));
        tokio::select! {
            () = serving => {}
            () = orphaned => {}
        }
    });
    desk.end();
    drop(told);
    runtime.shutdown_background();
    // What is on its way is let out; a client that reads no more is not waited for.
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || done.send(writer.join().is_ok()));
    let _ = is_done.recv_timeout(LAST_WORDS);
    // The protocol's own exit codes: 1 if nobody said `shutdown`.
    Ok(if shut_down.load(Ordering::Relaxed) { Exit::Clean } else { Exit::Diagnostics })
}
