//! `ward restore FOLDER`.

use super::{Failure, Run};
use crate::cli::Restore;
use crate::wiring;

/// Makes a data directory from a backup, after verifying it, and its index. A data directory that holds a database already is refused.
pub fn run(run: Run, arguments: Restore) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    store_embedded::restore(&arguments.folder, &folder)
        .map_err(|error| wiring::refusal(&format!("{} was not restored", arguments.folder.display()), &error))?;
    wiring::with_engine(&run.settings, async |_| Ok(()))?;
    eprintln!("restored into {}", folder.display());
    Ok(())
}
