//! `ward tenant delete NAME --for-good --confirm NAME`: everything of a tenant that is marked, gone for good.
//!
//! What was read and is not yet in the trail is put there first, so that nothing of it comes back at the next start. Then the tenant's keys are destroyed, its
//! members and clients leave, and every resource it ever had is erased with all versions, in commits of [`BATCH`] at most. Each step is done whether it was done
//! before or not, and the tenant is noted as deleted when all are: a command that was cut off is asked for again.

use std::collections::BTreeSet;
use std::sync::Arc;

use audit::notary::{log_path, tree_path};
use identity::accounts::Which;
use identity::api_key::KeysOf;
use identity::tenants::{Standing, Tenancy};
use store::Store;
use store::commit::{Commit, Erase, Extent, Key, Tenant};
use store::contract::Clock;
use vault::{Keyring, VaultError};

use crate::command::{Failure, Run};
use crate::door::{Door, keys};
use crate::trail::Trail;
use crate::{clock, tenants, wiring};

/// How many commits of the feed are read, and how many resources erased, at once.
const BATCH: u32 = 500;

/// How many clients are read at once.
const CLIENTS: u32 = 500;

/// Erases it.
pub(super) fn run(run: &Run, slug: &str, confirm: Option<&str>) -> Result<(), Failure> {
    if confirm != Some(slug) {
        return Err(Failure::refused(format!("{slug} would be gone for good: say --confirm {slug} to do it")));
    }
    let erased = wiring::with_server(&run.settings, async |server| {
        let rules = wiring::rules(&run.settings, server.store.clone(), server.parameters.clone())?;
        let door = Door::open(&run.settings, server.store.clone(), rules, &wiring::site(&run.settings))?;
        let tenancy = tenants::named(&door.tenants, Some(slug)).await?;
        if tenancy.standing != Standing::Ending {
            return Err(Failure::refused(format!("{slug} is {}: `ward tenant delete {slug}` marks it first", tenancy.standing.word())));
        }
        Trail::open(&run.settings, &server, "")?.take_in(server.store.clone()).await?;
        let ring = keys::open(&run.settings, &wiring::data_dir(&run.settings)?)?;
        destroy_keys(&ring, &tenancy)?;
        leave(&door, &tenancy).await?;
        let erased = erase(&server.store, tenancy.tenant()).await?;
        remove_proofs(run, &tenancy)?;
        door.tenants.forget(slug).await.map_err(|error| tenants::failed(&error))?;
        Ok(erased)
    });
    // As the store opens again, it makes an index whose files hold nothing of what is gone: also when only some of it went well.
    wiring::with_engine(&run.settings, async |_| Ok(()))?;
    let erased = erased?;
    eprintln!("{slug} is deleted, with {erased} resources; backups made before still have them");
    Ok(())
}

/// Destroys all keys of a tenant, so that what they sealed is unreadable wherever a copy of it is.
///
/// Refused while a legal hold is on the tenant or on one of its patients.
fn destroy_keys(ring: &Keyring, tenancy: &Tenancy) -> Result<(), Failure> {
    let begun = ring.begin_erasure(tenancy.number, None, clock::of_process().now());
    match begun.and_then(|key| ring.finish_erasure(key)) {
        Ok(()) | Err(VaultError::Destroyed) => Ok(()),
        Err(error @ VaultError::Held(_)) => Err(Failure::refused(format!("{} was not deleted: {error}", tenancy.slug))),
        Err(error) => Err(Failure::failed(format!("the keys of {} were not destroyed: {error}", tenancy.slug))),
    }
}

/// Its members leave, and its API keys and clients are removed.
async fn leave(door: &Door, tenancy: &Tenancy) -> Result<(), Failure> {
    let failed = |error: identity::IdentityError| Failure::failed(format!("{error}: {}", error.remedy()));
    loop {
        let found = door.identity.users(Which { tenant: Some(tenancy.tenant()), ..Which::default() }).await.map_err(failed)?;
        let members = found.iter().filter(|found| found.user.membership(tenancy.tenant()).is_some());
        let ids: Vec<&str> = members.map(|found| found.id.as_str()).collect();
        if ids.is_empty() {
            break;
        }
        for id in ids {
            door.identity.remove_membership(id, tenancy.tenant()).await.map_err(failed)?;
        }
    }
    loop {
        let keys = door.identity.api_keys(KeysOf::Tenant(tenancy.tenant())).await.map_err(failed)?;
        if keys.is_empty() {
            break;
        }
        for key in keys {
            door.identity.revoke_api_key(&key.handle).await.map_err(failed)?;
        }
    }
    loop {
        let clients =
            door.provider.list_clients(tenancy.tenant(), CLIENTS).await.map_err(|refusal| Failure::failed(refusal.to_string()))?;
        if clients.is_empty() {
            return Ok(());
        }
        for client in &clients {
            door.provider.remove_client(client).await.map_err(|refusal| Failure::failed(refusal.to_string()))?;
        }
    }
}

/// Erases every resource that the feed of a tenant tells of, and counts them.
async fn erase(store: &Arc<dyn Store>, tenant: Tenant) -> Result<u64, Failure> {
    let (mut place, mut erased) = (0, 0);
    loop {
        let changes = store.changes(tenant, place, BATCH).await.map_err(|error| Failure::failed(error.to_string()))?;
        let Some(last) = changes.last() else { return Ok(erased) };
        place = last.sequence;
        let keys: BTreeSet<&Key> = changes.iter().flat_map(|change| change.versions.iter().map(|(key, ..)| key)).collect();
        let keys: Vec<&Key> = keys.into_iter().collect();
        for some in keys.chunks(BATCH as usize) {
            let mut commit = Commit::new(tenant, "ward", "tenant is deleted");
            commit.erase = some.iter().map(|key| Erase { key: (*key).clone(), extent: Extent::All }).collect();
            store.commit(commit).await.map_err(|error| Failure::failed(format!("the store did not erase: {error:?}")))?;
            erased += some.len() as u64;
        }
    }
}

/// Removes what was signed over the trail of a tenant, which is no more.
fn remove_proofs(run: &Run, tenancy: &Tenancy) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    for path in [log_path(&folder, tenancy.tenant()), tree_path(&folder, tenancy.tenant())] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::failed(format!("{} cannot be removed: {error}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}
