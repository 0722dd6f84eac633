//! What a backup that is put back must not bring back.
//!
//! The list of erasures is brought up to the newest one that is at hand before the database is put there. What was sealed with a key that the list names cannot be read, and is
//! emptied as the database is opened. What was not sealed is removed here, before anybody may ask.

use std::path::Path;
use std::sync::Arc;

use interaction::erase::{EraseRecordRequest, erase_record};
use interaction::{Context, Server};
use store::commit::{Instant, Key};
use store::query::{HistoryQuery, Scope};
use vault::{Erasures, Keyring, copies};

use super::telling::Telling;
use crate::command::Failure;
use crate::door::keys;
use crate::settings::Settings;
use crate::wiring;

/// How many versions are looked at at once.
const PAGE: u32 = 1000;

/// Brings the newest list of erasures, of those beside the backup and beside the copy of the keys, into the data directory, and the keys where it has none.
///
/// Fails when two lists contradict each other, and when there are erasures and nobody could tell whose.
pub fn prepare(folder: &Path, backup: &Path, copy: Option<&Path>) -> Result<(), Failure> {
    store_embedded::folder::make(folder).map_err(|error| Failure::failed(format!("{}: {error}", folder.display())))?;
    let refused = |error: vault::VaultError| Failure::refused(format!("nothing was restored: {error}"));
    for place in copy.into_iter().chain([backup]) {
        copies::newest_erasures(place, folder).map_err(refused)?;
    }
    if let Some(copy) = copy.filter(|_| !copies::has_keys(folder)) {
        if !copies::has_keys(copy) {
            return Err(Failure::usage(format!("--keys: there is no copy of keys in {}", copy.display())));
        }
        copies::copy(vault::KEYS_FILE, copy, folder).map_err(refused)?;
    }
    let erasures = vault::ErasureFile::in_directory(folder).load().map_err(refused)?;
    if !erasures.is_empty() && !copies::has_keys(folder) {
        return Err(Failure::refused(format!(
            "nothing was restored: {} erasures are listed, and without the keys nobody knows whose records they are: name the folder with a copy of them by --keys",
            erasures.len()
        )));
    }
    Ok(())
}

/// Removes the records that were erased and that the backup has brought back. Says how many.
///
/// Fails when something cannot be read or removed: then the database must not be served.
pub async fn erase_again(settings: &Settings, server: &Arc<Server>) -> Result<u64, Failure> {
    let folder = wiring::data_dir(settings)?;
    if !copies::has_keys(&folder) {
        return Ok(0);
    }
    let ring = keys::open(settings, &folder)?;
    if ring.erasures() == 0 {
        return Ok(0);
    }
    let ctx = wiring::context(server.clone(), "ward restore", "");
    let telling = Telling::new(settings, server.clone());
    let back = come_back(&ctx, &ring).await?;
    for patient in &back {
        let request = EraseRecordRequest { patient: patient.clone(), force: true, by_law: true, most_time: None };
        let done = erase_record(&ctx, request).await;
        done.map_err(|error| Failure::failed(format!("{patient} was erased before, and is in the database again: {error:?}")))?;
        let told = telling.erased(wiring::TENANT, patient, true).await;
        told.map_err(|error| Failure::failed(format!("that {patient} was erased again could not be told: {error:?}")))?;
    }
    Ok(back.len() as u64)
}

/// The patients with a version that is older than their erasure. One who came later under the same id is somebody else.
async fn come_back(ctx: &Context, ring: &Keyring) -> Result<Vec<Key>, Failure> {
    let Some(kind) = fhir::definitions::ResourceType::parse("Patient") else { return Ok(Vec::new()) };
    let mut query = HistoryQuery {
        tenant: ctx.tenant,
        scope: Scope::Type(kind),
        since: None,
        until: None,
        before: None,
        most_bytes: None,
        count: PAGE,
    };
    let mut back = std::collections::BTreeSet::new();
    loop {
        let page = ctx.store().history(&query).await.map_err(|error| Failure::failed(error.to_string()))?;
        for version in &page.versions {
            let erased: Option<Instant> =
                ring.erased_at(ctx.tenant.0, &version.key.to_string()).map_err(|error| Failure::failed(error.to_string()))?;
            if erased.is_some_and(|erased| version.last_updated <= erased) {
                back.insert(version.key.clone());
            }
        }
        query.before = page.next;
        if page.next.is_none() {
            return Ok(back.into_iter().collect());
        }
    }
}
