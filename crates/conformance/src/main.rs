//! Writes `docs/conformance/search.md`; `cargo xtask conformance` calls it.

use std::path::Path;
use std::process::ExitCode;

use conformance::page;

fn main() -> ExitCode {
    let file = Path::new(page::FILE);
    let folder = file.parent().unwrap_or(Path::new("."));
    match std::fs::create_dir_all(folder).and_then(|()| std::fs::write(file, page::page())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", page::FILE);
            ExitCode::FAILURE
        }
    }
}
