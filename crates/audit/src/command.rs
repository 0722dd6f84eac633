//! What `ward audit verify`, `report` and `checkpoint` do, for a command to call: on a store that is open, with the files of a folder.

use std::fmt::Write;
use std::io;
use std::path::Path;

use store::commit::{Instant, Tenant};
use store::contract::Store;

use crate::checkpoint::{Signer, Verifier};
use crate::notary::{self, Made, Notary, Witness};
use crate::report::Line;
use crate::tree::{LeafFile, TreeError};
use crate::verify::{self, Evidence, Finding, Report, Wrong};

/// The largest file of a witness that is read.
const MOST_NOTE_BYTES: u64 = 64 << 10;

/// The usual number of milliseconds between checkpoints: a minute.
pub const CHECKPOINT_EVERY_MS: i64 = 60_000;

/// `ward audit verify`: compares a tenant's AuditEvents with the leaves and checkpoints in `folder`, and with the checkpoints that a
/// witness has kept in a folder of its own, all `.txt` files there. Files of other tenants' checkpoints are passed over.
///
/// Fails when the store does not answer or a folder cannot be read. Whatever is wrong is in the report; the command ends with 1 when there
/// is something.
pub async fn verify(
    store: &dyn Store,
    folder: &Path,
    tenant: Tenant,
    verifier: &Verifier,
    witness: Option<&Path>,
) -> Result<Report, TreeError> {
    let checkpoints = notary::read_log(&notary::log_path(folder, tenant))?;
    let witnessed = witness.map_or(Ok(Vec::new()), |place| witnessed(place, &notary::origin(verifier.name(), tenant)))?;
    let (leaves, problem) = match LeafFile::read(&notary::tree_path(folder, tenant), tenant) {
        Ok(file) => (Some(file), None),
        // Nothing was ever followed: there is no file to miss.
        Err(error) if error.kind() == io::ErrorKind::NotFound && checkpoints.is_empty() && witnessed.is_empty() => (None, None),
        Err(error) => (None, Some(format!("the file of leaves cannot be read: {error}"))),
    };
    let evidence = Evidence { tenant, verifier, checkpoints: &checkpoints, witnessed: &witnessed, leaves: leaves.as_ref() };
    let mut report = verify::verify(store, &evidence).await?;
    report.findings.extend(problem.map(|text| Finding { wrong: Wrong::DamagedLeaves, place: None, event: None, text }));
    Ok(report)
}

/// The checkpoints that a witness has of this origin, in the order of their files' names.
fn witnessed(place: &Path, origin: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for file in std::fs::read_dir(place)? {
        let file = file?;
        let is_note = file.path().extension().is_some_and(|extension| extension == "txt");
        if is_note && file.metadata()?.len() <= MOST_NOTE_BYTES {
            files.push(file.path());
        }
    }
    files.sort();
    let mut notes = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
        if text.lines().next() == Some(origin) {
            notes.push(text);
        }
    }
    Ok(notes)
}

/// `ward audit checkpoint`: makes one now, if something came in since the last.
///
/// Fails as [`Notary::open`] and [`Notary::checkpoint`] do.
pub async fn checkpoint(
    store: &dyn Store,
    folder: &Path,
    tenant: Tenant,
    signer: Signer,
    witnesses: Vec<Box<dyn Witness>>,
    now: Instant,
) -> Result<Made, TreeError> {
    Notary::open(folder, tenant, signer, witnesses)?.checkpoint(store, now).await
}

/// The names of the columns of [`csv`].
pub const COLUMNS: [&str; 10] = ["at", "user", "name", "address", "action", "patient", "resource", "outcome", "purpose", "id"];

/// `ward audit report`: lines as comma-separated values (RFC 4180), with a heading when `has_heading`. A text that a spreadsheet would take
/// for a formula has an apostrophe before it.
pub fn csv(lines: &[Line], has_heading: bool) -> String {
    let mut text = String::new();
    if has_heading {
        text.push_str(&COLUMNS.join(","));
        text.push_str("\r\n");
    }
    for line in lines {
        let Line { id, at, user, name, address, action, patient, resource, outcome, purpose } = line;
        let values = [at, user, name, address, action, patient, resource, outcome, purpose, id];
        for (index, value) in values.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
            // Writing to a String does not fail.
            let _ = match value.contains([',', '"', '\n', '\r']) {
                true => write!(text, "{comma}\"{guard}{}\"", value.replace('"', "\"\"")),
                false => write!(text, "{comma}{guard}{value}"),
            };
        }
        text.push_str("\r\n");
    }
    text
}
