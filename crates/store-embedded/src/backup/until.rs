//! Up to where something is restored.

use store::commit::{Instant, Sequence, Tenant};

use super::segment::Reached;

/// Up to where something is restored: what comes later is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The commits whose time is not after this moment, in milliseconds since 1970.
    Moment(Instant),
    /// The commits of a tenant up to this one, with those of other tenants that were applied before the next. Commits that were applied together are
    /// restored together or not at all.
    Commit(Tenant, Sequence),
}

impl Until {
    /// Whether a state is not beyond it.
    pub(crate) fn admits(self, reached: &Reached) -> bool {
        match self {
            Until::Moment(moment) => reached.at <= moment,
            Until::Commit(tenant, sequence) => reached.commit(tenant) <= sequence,
        }
    }
}
