//! Writes the example organisation's repository: `cargo run -p deed-test --bin example-org -- DIR`.

use std::path::Path;
use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks on its terminal")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [dir] = arguments.as_slice() else {
        eprintln!("usage: example-org DIR");
        return ExitCode::from(2);
    };
    match deed_test::example::generate(Path::new(dir)) {
        Ok(repo) => {
            let commits = repo.git(["rev-list", "--count", "HEAD"]);
            println!("{}: {commits} commits, HEAD {}", repo.dir().display(), repo.id("HEAD"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("example-org: {error}");
            ExitCode::from(2)
        }
    }
}
