//! Tasks of this repository, run as `cargo xtask TASK`.
//!
//! - `codegen [--check] [DIRECTORY]`: writes `crates/fhir/generated/*.tsv` from HL7's definition bundles.

mod codegen;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((task, rest)) if task == "codegen" => codegen::run(rest),
        _ => {
            eprintln!("usage: cargo xtask codegen [--check] [DIRECTORY]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
