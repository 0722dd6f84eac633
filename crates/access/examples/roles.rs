//! Writes `docs/roles.md`; `cargo xtask roles` calls it.

use std::process::ExitCode;

use access::role::page;

fn main() -> ExitCode {
    match std::fs::write(page::FILE, page::page()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", page::FILE);
            ExitCode::FAILURE
        }
    }
}
