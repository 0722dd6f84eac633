//! `ward serve --demo`: a fresh database with a synthetic hospital.

mod people;

use std::sync::Arc;

use fhir::object;
use interaction::Server;
use store::query::Change;

use crate::command::Failure;
use crate::door::Door;
use crate::import::ledger::{Rejected, Summary};
use crate::import::pipeline::{Pipeline, Work};
use crate::import::rejects::Origin;
use crate::import::target::Target;
use crate::settings::Settings;
use crate::wiring;

/// The file that says that a data directory holds the demonstration, and how to reach it.
const FILE_NAME: &str = "demo.json";

/// Who writes a synthetic hospital.
const ACTOR: &str = "seed";

/// Of so many commits it is looked at whose they are.
const FIRST: u32 = 256;

/// The number from which the demonstration's hospital follows.
const SEED: u64 = 1;

/// Whether the data directory holds the demonstration.
pub fn is_there(settings: &Settings) -> Result<bool, Failure> {
    Ok(wiring::data_dir(settings)?.join(FILE_NAME).exists())
}

/// Fills a fresh database with a hospital of so many patients, and writes `demo.json` beside it. What an earlier start has not finished is gone on
/// with; a database that holds anything else is refused.
///
/// Where whoever asks has to be known, it makes an account for each role, a service and a token, and writes them there too: passwords that are written down are for a
/// demonstration only.
pub async fn fill(settings: &Settings, server: &Arc<Server>, door: Option<&Door>, (site, patients): (&str, u32)) -> Result<(), Failure> {
    let folder = wiring::data_dir(settings)?;
    let changes = server.store.changes(wiring::TENANT, 0, FIRST).await.map_err(|error| Failure::failed(error.to_string()))?;
    if changes.iter().any(is_others) {
        return Err(Failure::refused(format!(
            "{} holds data that is not the demonstration: give --demo a data directory of its own with --data-dir",
            folder.display()
        )));
    }
    let summary = seed(server, patients, SEED, wiring::today()).await?;
    eprintln!("{} resources of a synthetic hospital with {patients} patients, in {:.1} s", summary.written, summary.seconds);
    let base_url = match settings.base_url.as_str() {
        "" => format!("{site}/fhir"),
        given => given.to_owned(),
    };
    let mut content = object! { "base_url": base_url, "patients": u64::from(patients), "seed": SEED };
    if let Some(door) = door {
        people::add(door, site, &mut content).await?;
    }
    let file = folder.join(FILE_NAME);
    std::fs::write(&file, fhir::json::pretty(&content)).map_err(|error| Failure::failed(format!("{}: {error}", file.display())))
}

/// Whether a commit is of somebody else's data. What only tells in the audit trail, such as that a client was registered, is none.
fn is_others(change: &Change) -> bool {
    change.actor != ACTOR && change.versions.iter().any(|(key, ..)| key.kind.name() != "AuditEvent")
}

/// Writes a synthetic hospital as it is on a day.
pub async fn seed(server: &Arc<Server>, patients: u32, seed: u64, today: (i32, u8, u8)) -> Result<Summary, Failure> {
    let hospital = seed::Hospital::new(seed::Plan { patients, seed, today });
    let pipeline = Pipeline::new(Target::store(server.clone(), ACTOR), 0, Rejected::Named);
    pipeline
        .run(move |take| {
            hospital.into_iter().all(|resource| take(Work::Resource(resource, Origin::default())));
        })
        .await
}
