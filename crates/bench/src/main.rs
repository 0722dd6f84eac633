//! The figures of `docs/benchmarks.md`: Ward beside the machine's own limits, and beside a peer.
//!
//! `cargo xtask bench` builds the release binaries and calls this one. A ratio is always one of measurements of the same run, taken in
//! turn, so that what else the machine does falls on both. Each subject has a file: [`reads`], [`writes`], [`imports`], [`transactions`],
//! [`searches`], [`access`], [`conformance`], [`harness`], [`growth`], [`connections`], [`sizes`], [`starts`]; [`parts`] is the table of them.

mod access;
mod answers;
mod arguments;
mod bare;
mod bench;
mod conformance;
mod connections;
mod files;
mod growth;
mod harness;
mod hospital;
mod imports;
mod instructions;
mod load;
mod machine;
mod page;
mod parts;
mod profile;
mod raw;
mod reads;
mod requests;
mod routes;
mod rows;
mod searches;
mod server;
mod sizes;
mod starts;
mod synthea;
mod transactions;
mod ward;
mod writes;

use std::path::Path;
use std::process::ExitCode;

use crate::arguments::Arguments;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What goes wrong in a benchmark ends the part that it happens in.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match work(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `bench bare FILE` and `bench routes FOLDER JUDGING` are servers that the benchmark starts for itself, `bench instructions` is for `cargo xtask instructions`;
/// everything else measures. Whether all of it could be done.
fn work(words: &[String]) -> Result<bool, Failure> {
    if words == ["instructions"] {
        return instructions::run().map(|()| true);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if let [word, file] = words
        && word == "bare"
    {
        return runtime.block_on(bare::serve(Path::new(file))).map(|()| true);
    }
    if let [word, folder, judging] = words
        && word == "routes"
        && let Some(judging) = routes::Judging::parse(judging)
    {
        return runtime.block_on(routes::serve(Path::new(folder), judging)).map(|()| true);
    }
    let arguments = Arguments::parse(words)?;
    runtime.block_on(parts::run(arguments))
}
