//! `ward backup FOLDER`.

use super::{Failure, Run};
use crate::cli::Backup;
use crate::progress::Progress;
use crate::wiring;

/// Writes a copy of the database as it is at one moment, also while a server holds it and writes go on.
pub fn run(run: Run, arguments: Backup) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    let mut progress = Progress::start("pages");
    let report = store_embedded::backup(&folder, &arguments.folder, &mut |copied| progress.show(copied.done, copied.total));
    progress.clear();
    report.map_err(|error| wiring::refusal(&format!("{} was not backed up", folder.display()), &error))?;
    eprintln!("{} is backed up in {}", folder.display(), arguments.folder.display());
    Ok(())
}
