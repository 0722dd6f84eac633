//! Erases: rows of the truth are emptied, and the index forgets what they held.
//!
//! A commit that erases is a group of its own ([`joins`]), so that what is to be erased is all in the index.

use store::commit::{Erase, Extent, Sequence, Tenant};

use super::group::Group;
use super::queue::Order;
use crate::error::Result;
use crate::index::head::VersionAt;
use crate::index::keys;
use crate::index::update::Erased;
use crate::truth::log::{self, State};
use crate::truth::sql;

/// Whether an order erases.
pub(crate) fn erases(order: &Order) -> bool {
    matches!(order, Order::Commit(prepared, ..) if !prepared.commit.erase.is_empty())
}

/// Whether an order may join a group that has this many.
pub(crate) fn joins(order: &Order, count: usize) -> bool {
    matches!(order, Order::Commit(..) | Order::Take(..)) && (count == 0 || !erases(order))
}

/// Erases what the commit asks for. Says how many versions of each resource are gone.
pub(crate) fn apply(group: &mut Group<'_>, tenant: Tenant, sequence: Sequence, asked: &[Erase]) -> Result<Vec<u64>> {
    asked.iter().map(|erase| one(group, tenant, sequence, erase)).collect()
}

fn one(group: &mut Group<'_>, tenant: Tenant, sequence: Sequence, erase: &Erase) -> Result<u64> {
    let Erase { key, extent } = erase;
    let Some(current) = group.head(tenant, key)? else {
        return Ok(0);
    };
    let through = match extent {
        Extent::All => current.version,
        Extent::Past => current.version.saturating_sub(1),
    };
    let erasure = log::last_erasure(group.connection)? + 1;
    let mut count = 0;
    for guard in group.snapshot.at.prefix(keys::versions_of(tenant, current.resource)) {
        let (stored, value) = guard?;
        let version = keys::version_of(&stored)?;
        let at = VersionAt::decode(&value)?;
        if version > through || at.state == State::Erased {
            continue;
        }
        log::erase(group.connection, at.row, erasure)?;
        group.changes.erase(Erased { resource: current.resource, tenant, key: key.clone(), version, at }, current);
        count += 1;
    }
    if count > 0 {
        let row = (erasure as i64, tenant.0, sequence as i64, key.kind.name(), &*key.id, through as i64, count as i64);
        group.connection.prepare_cached(sql::INSERT_ERASURE)?.execute(row)?;
    }
    Ok(count)
}
