//! `cargo xtask test`: everything that proves Ward, with one command.

use std::process::Command;

use crate::tools::debian;
use crate::{Outcome, clients, engines, fuzz, instructions, letters, openapi, pages, run, testscripts};

/// Installs what the tests use beside cargo and a C compiler, checks the rules of the repository, and runs the tests of all crates;
/// with `cargo nextest` where it is installed. Then the instructions of fixed work are counted, stock clients, a browser, a server for mail, TestScripts and
/// engines of others have their turn, the server is judged by its OpenAPI documents, and each fuzz target runs for half a minute.
pub fn test() -> Outcome {
    debian("curl", "curl")?;
    debian("g++", "g++")?;
    crate::tidy::tidy()?;
    match crate::codegen::source_is_there() {
        true => crate::codegen::run(&["--check".to_owned()])?,
        false => println!("skipped: the definitions to generate from were not found"),
    }
    let nextest = Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if nextest {
        run("cargo", &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])?;
        run("cargo", &["test", "--workspace", "--locked", "--doc", "--quiet"])?;
    } else {
        run("cargo", &["test", "--workspace", "--locked", "--no-fail-fast"])?;
    }
    instructions::instructions(&[])?;
    clients::run_asked(&[])?;
    pages::pages()?;
    letters::letters()?;
    testscripts::run_all()?;
    engines::compare()?;
    openapi::run_all()?;
    fuzz::half_a_minute_each()
}
