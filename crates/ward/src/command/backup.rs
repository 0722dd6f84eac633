//! `ward backup FOLDER` and `ward backup --list FOLDER`.

use fhir::primitive::instant_text;
use fhir::{Value, object};
use store_embedded::Span;

use super::{Failure, Run};
use crate::cli::Backup;
use crate::code_systems;
use crate::progress::Progress;
use crate::wiring;

/// Writes a copy of the database as it is at one moment, also while a server holds it and writes go on; or lists what a backup can restore.
pub fn run(run: Run, arguments: Backup) -> Result<(), Failure> {
    if arguments.list {
        return list(&run, &arguments);
    }
    let folder = wiring::data_dir(&run.settings)?;
    let mut progress = Progress::start("pages");
    let report = store_embedded::backup(&folder, &arguments.folder, &mut |copied| progress.show(copied.done, copied.total));
    progress.clear();
    report.map_err(|error| wiring::refusal(&format!("{} was not backed up", folder.display()), &error))?;
    // The newest list at hand is beside it, when it is put back where there is none.
    vault::copies::newest_erasures(&folder, &arguments.folder).map_err(|error| Failure::failed(error.to_string()))?;
    eprintln!("{} is backed up in {}", folder.display(), arguments.folder.display());
    let loaded = code_systems::of(&run.settings)?.open_all().map_or(0, |(opened, _)| opened.len());
    if loaded > 0 {
        eprintln!("the {loaded} code systems of `ward terminology load` are not in it: keep the files that they were loaded from");
    }
    Ok(())
}

fn list(run: &Run, arguments: &Backup) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let spans =
        store_embedded::moments(folder).map_err(|error| wiring::refusal(&format!("{} cannot be listed", folder.display()), &error))?;
    if run.json {
        println!("{}", fhir::json::to_string(&Value::Array(spans.iter().map(as_json).collect())));
        return Ok(());
    }
    for span in &spans {
        let Span { chain, from, until, bases, newest } = span;
        println!("{} to {}  {bases} bases, {newest} segments  {}", instant_text(*from), instant_text(*until), chain.display());
    }
    if spans.is_empty() {
        eprintln!("{} has no continuous backup that could be restored", folder.display());
    }
    Ok(())
}

fn as_json(span: &Span) -> Value {
    object! {
        "from": instant_text(span.from).as_str(),
        "until": instant_text(span.until).as_str(),
        "bases": span.bases,
        "segments": span.newest,
        "folder": span.chain.display().to_string().as_str(),
    }
}
