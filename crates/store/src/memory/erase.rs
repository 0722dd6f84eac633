//! An erase: versions lose everything but the fact that they were there.

use crate::commit::{Erase, Extent};
use crate::query::Erasure;

use super::state::{Row, TenantState};

/// Erases versions, and takes them out of the commits that wrote them. Says what is gone.
pub(super) fn erase(tenant: &mut TenantState, asked: &Erase) -> Erasure {
    let Erase { key, extent } = asked;
    let last = tenant.rows.iter().rfind(|row| row.key == *key).map_or(0, |row| row.version);
    let through = match extent {
        Extent::All => last,
        Extent::Past => last.saturating_sub(1),
    };
    let mut versions = 0;
    for row in tenant.rows.iter_mut().filter(|row| row.key == *key && row.version <= through && !row.is_erased) {
        Row::erase(row);
        versions += 1;
    }
    for change in &mut tenant.changes {
        change.versions.retain(|(written, version, _)| written != key || *version > through);
    }
    Erasure { key: key.clone(), through, versions }
}
