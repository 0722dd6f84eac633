//! Where tenants keep roles and policies of their own.

use store::ReadError;
use store::commit::{Key, Tenant};
use store::contract::Pending;

use super::Rules;

/// A place where roles and policies are kept. `identity` keeps them as records of its directory.
pub trait RuleSource: Send + Sync {
    /// All that a tenant has defined itself.
    ///
    /// It fails when it cannot be read: then nobody is given a grant.
    fn read(&self, tenant: Tenant) -> Pending<'_, Result<Rules, ReadError>>;

    /// Whether a resource of a tenant is where a role or policy, of whichever tenant, is kept.
    fn is_kept_in(&self, tenant: Tenant, key: &Key) -> bool;
}
