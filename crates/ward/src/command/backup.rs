//! `ward backup FILE`.

use super::{Failure, Run};
use crate::cli::Backup;
use crate::wiring;

/// Writes a copy of the database as it is at one moment, also while a server holds it and writes go on.
pub fn run(run: Run, arguments: Backup) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    if arguments.file.exists() {
        return Err(Failure::refused(format!("{} exists: a backup is not written over another file", arguments.file.display())));
    }
    let report = store_embedded::backup(&folder, &arguments.file)
        .map_err(|error| Failure::failed(format!("the backup of {} failed: {error}", folder.display())))?;
    eprintln!("{} bytes up to commit {} written to {}", report.bytes, report.sequence, arguments.file.display());
    Ok(())
}
