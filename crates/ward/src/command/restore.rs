//! `ward restore FOLDER [--keys FOLDER] [--at MOMENT]`.

use std::path::Path;

use fhir::primitive::{Temporal, instant_text};
use store_embedded::{Restored, Until};

use super::{Failure, Run};
use crate::cli::Restore;
use crate::custody::returned;
use crate::trail;
use crate::wiring::{self, TENANT};

/// Makes a data directory from a backup, after verifying it, and its index. A data directory that holds a database already is refused.
pub fn run(run: Run, arguments: Restore) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    let until = arguments.at.as_deref().map(until).transpose()?;
    returned::prepare(&folder, &arguments.folder, arguments.keys.as_deref())?;
    let restored = store_embedded::restore(&arguments.folder, &folder, until)
        .map_err(|error| wiring::refusal(&format!("{} was not restored", arguments.folder.display()), &error))?;
    let erased = made_fit(&run, &folder).inspect_err(|_| {
        // Nobody is to serve it: the directory is without a database, as before.
        let _ = std::fs::remove_file(folder.join(store_embedded::FILE_NAME));
    })?;
    if erased > 0 {
        eprintln!("{erased} records that were erased after the backup was made were erased again");
    }
    let Restored { at, commits } = restored;
    let commit = commits.iter().find(|(tenant, _)| *tenant == TENANT).map_or(0, |(_, sequence)| *sequence);
    if run.json {
        println!("{}", fhir::json::to_string(&fhir::object! { "commit": commit, "at": instant_text(at).as_str() }));
    }
    match commit {
        0 => eprintln!("restored into {}: there was no commit yet", folder.display()),
        _ => eprintln!("restored into {}, up to commit {commit} of {}", folder.display(), instant_text(at)),
    }
    eprintln!(
        "code systems of `ward terminology load` are in no backup: load those that are missing again, `ward terminology list` tells what is there"
    );
    Ok(())
}

/// Takes out of the database what was erased since, and signs that the audit trail goes back. Says how many records were removed.
fn made_fit(run: &Run, folder: &Path) -> Result<u64, Failure> {
    let erased = wiring::with_server(&run.settings, async |server| {
        let store = server.store.clone();
        trail::restored(&run.settings, folder, &*store).await?;
        returned::erase_again(&run.settings, &server).await
    })?;
    if erased > 0 {
        // The files of the index are made anew, without what is gone.
        wiring::with_engine(&run.settings, async |_| Ok(()))?;
    }
    Ok(erased)
}

fn until(text: &str) -> Result<Until, Failure> {
    if let Ok(commit) = text.parse() {
        return Ok(Until::Commit(TENANT, commit));
    }
    match Temporal::parse(text).filter(|moment| moment.offset_min.is_some()) {
        Some(moment) => Ok(Until::Moment(moment.first_ms())),
        None => Err(Failure::usage(format!(
            "--at takes a moment with its zone, as 2026-01-31T08:00:00Z, or the number of a commit, and not {text:?}"
        ))),
    }
}
