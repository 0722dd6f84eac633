//! `ward restore FILE`.

use super::{Failure, Run};
use crate::cli::Restore;
use crate::wiring;

/// Makes a data directory from a backup, after verifying it. A data directory that holds a database already is refused.
pub fn run(run: Run, arguments: Restore) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    if folder.join(store_embedded::FILE_NAME).exists() {
        return Err(Failure::refused(format!("{} holds a database: restore into another --data-dir", folder.display())));
    }
    store_embedded::restore(&arguments.file, &folder)
        .map_err(|error| Failure::failed(format!("{} was not restored: {error}", arguments.file.display())))?;
    let engine = wiring::open_engine(&run.settings)?;
    engine.close();
    eprintln!("restored into {}", folder.display());
    Ok(())
}
