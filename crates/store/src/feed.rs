//! The change feed, followed from now on.

use crate::commit::{Sequence, Tenant};
use crate::contract::{ReadError, Store};
use crate::query::Change;

/// How many commits are read at once.
const BATCH: u32 = 256;

/// Tells of each commit of a tenant that comes after now, in order, whoever commits it, until the store shuts down. `begun` is called when the place of now is found: what was read before that may
/// be older than what will be told of.
///
/// Fails when the store does: what comes after is not told of until this is called again.
pub async fn follow(store: &dyn Store, tenant: Tenant, begun: impl FnOnce(), heard: impl Fn(&Change)) -> Result<(), ReadError> {
    let mut commits = store.watch();
    let mut place = newest(store, tenant).await?;
    begun();
    loop {
        let changes = store.changes(tenant, place, BATCH).await?;
        for change in &changes {
            place = change.sequence;
            heard(change);
        }
        if changes.is_empty() && commits.changed().await.is_err() {
            return Ok(());
        }
    }
}

/// The place of the newest commit of a tenant; 0 when there is none. It is found by doubling and halving, as the contract does not tell it.
async fn newest(store: &dyn Store, tenant: Tenant) -> Result<Sequence, ReadError> {
    let (mut known, mut beyond) = (0, 1);
    while !store.changes(tenant, beyond - 1, 1).await?.is_empty() {
        (known, beyond) = (beyond, beyond * 2);
    }
    while known + 1 < beyond {
        let middle = known + (beyond - known) / 2;
        match store.changes(tenant, middle - 1, 1).await?.is_empty() {
            true => beyond = middle,
            false => known = middle,
        }
    }
    Ok(known)
}
