//! The figures of `docs/benchmarks.md`: Ward beside the machine's own limit, in one run.
//!
//! `cargo xtask bench` builds the release binaries and calls this one. Every figure is a ratio of two measurements taken in turn,
//! so that what else the machine does falls on both.

mod bare;
mod data;
mod load;
mod page;
mod raw;
mod server;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `bench run WARD OUTPUT` measures; `bench bare` is the bare server that it starts for itself.
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["bare", file] => runtime.block_on(serve_bare(file)),
        ["run", ward, output] => runtime.block_on(work::run(&PathBuf::from(ward), &PathBuf::from(output))),
        _ => Err("usage: bench run WARD OUTPUT".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&*error),
    }
}

fn failed(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("bench: {error}");
    ExitCode::FAILURE
}

/// What goes wrong in a benchmark ends it.
type Failure = Box<dyn std::error::Error>;

async fn serve_bare(file: &str) -> Result<(), Failure> {
    let body = std::fs::read(file)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    Ok(bare::serve(listener, body.into()).await?)
}
