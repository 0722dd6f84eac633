//! Roles and policies of a tenant's own: each a record, which every node reads anew when it changes.

use std::sync::Arc;

use access::{Policy, RuleSource, Rules};
use fhir::Issue;
use search::Live;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Key, Tenant};
use store::contract::{Pending, ReadError};

use crate::chronicle::{Deed, Told};
use crate::directory::{Changes, Directory, DirectoryError, Kept, Record, TENANT};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::tenants::tenancy::{self, Tenancy};

/// What the ids of these records begin with: by it [`RuleSource::is_kept_in`] knows them.
const ID_PREFIX: &str = "policy-";

/// How many a tenant has at most.
pub const MOST: u32 = 500;

/// A role or policy of a tenant's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPolicy {
    /// Whose.
    pub tenant: u32,
    /// The code by which assignments name it: that of its text.
    pub name: String,
    /// The policy, as it was written: JSON.
    pub text: String,
    /// When it was written last.
    pub updated: Instant,
}

impl Record for OwnPolicy {
    const KIND: &'static str = "policy";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("name", name(Tenant(self.tenant), &self.name))]
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("tenant", self.tenant.to_string())]
    }
}

fn name(tenant: Tenant, name: &str) -> String {
    format!("{}|{name}", tenant.0)
}

impl Identity {
    /// The role or policy of a name that a tenant has written itself; `None` when it has none.
    ///
    /// Fails when the directory does.
    pub async fn own_policy(&self, tenant: Tenant, policy: &str) -> Result<Option<Kept<OwnPolicy>>, IdentityError> {
        Ok(self.directory().find("name", &name(tenant, policy)).await?)
    }

    /// All that a tenant has written itself, the newest first.
    ///
    /// Fails when the directory does.
    pub async fn own_policies(&self, tenant: Tenant) -> Result<Vec<Kept<OwnPolicy>>, IdentityError> {
        Ok(self.directory().list(Some(("tenant", &tenant.0.to_string())), MOST).await?)
    }

    /// Writes one: a new one, or in place of the one that was read. Its version comes back. `policy` is what was understood of `text`.
    ///
    /// Fails with [`IdentityError::Raced`] when another changed or made it first, with [`IdentityError::Invalid`] when there are [`MOST`] already, and when the directory does.
    pub async fn put_policy(
        &self,
        tenant: Tenant,
        known: Option<&Kept<OwnPolicy>>,
        policy: &Policy,
        text: &str,
    ) -> Result<u64, IdentityError> {
        let record = OwnPolicy { tenant: tenant.0, name: policy.name.to_string(), text: text.to_owned(), updated: self.now() };
        let deed = Deed::of_server(self.now(), [tenant], "a role or policy was written").about(record.name.as_str());
        let changes =
            Changes::new("write policy", Told::Errand(vec![deed])).of(format!("{} with {} rules: {text}", policy.name, policy.rules.len()));
        let changes = match known {
            Some(kept) => changes.update(kept, &record),
            None if self.own_policies(tenant).await?.len() >= MOST as usize => {
                return Err(IdentityError::Invalid { field: "policy", rule: "one of at most 500: remove one that nobody has" });
            }
            None => changes.create(&self.id(ID_PREFIX)?, &record),
        };
        match self.directory().apply(changes).await {
            // Two who write the first of a name: the other was faster.
            Err(DirectoryError::Taken(_)) => Err(IdentityError::Raced),
            done => Ok(done.map(|()| known.map_or(1, |kept| kept.version + 1))?),
        }
    }

    /// Removes one.
    ///
    /// Fails with [`IdentityError::Raced`] when another changed it first, and when the directory does.
    pub async fn remove_policy(&self, known: &Kept<OwnPolicy>) -> Result<(), IdentityError> {
        let OwnPolicy { tenant, name, .. } = &known.record;
        let deed = Deed::of_server(self.now(), [Tenant(*tenant)], "a role or policy was removed").about(name.as_str());
        Ok(self.directory().apply(Changes::new("remove policy", Told::Errand(vec![deed])).of(name).remove(known)).await?)
    }
}

/// Where access reads them.
pub struct Policies {
    directory: Directory,
    parameters: Live,
}

impl Policies {
    /// Those in a directory, understood by these search parameters.
    pub fn new(directory: Directory, parameters: impl Into<Live>) -> Self {
        Self { directory, parameters: parameters.into() }
    }

    async fn rules(&self, tenant: Tenant) -> Result<Rules, ReadError> {
        let found = self.directory.list::<OwnPolicy>(Some(("tenant", &tenant.0.to_string())), MOST).await.map_err(unread)?;
        let registry = self.parameters.current();
        let understood = found.into_iter().map(|kept| {
            let policy = Policy::read(kept.record.text.as_bytes(), &registry);
            // It was understood when it was written, and a search parameter may have gone since. What it denied must not become allowed by that.
            let policy = policy
                .inspect_err(|issues| unreadable(&kept.record, issues))
                .unwrap_or_else(|_| Policy::denying_everything(&kept.record.name));
            (Box::from(kept.record.name), Arc::new(policy))
        });
        let tenancy = self.directory.get::<Tenancy>(&tenancy::id_of(tenant)).await.map_err(unread)?;
        let zone = tenancy.and_then(|kept| kept.record.time_zone).map(Into::into);
        Ok(Rules { roles: understood.collect(), zone, ..Rules::default() })
    }
}

impl RuleSource for Policies {
    fn read(&self, tenant: Tenant) -> Pending<'_, Result<Rules, ReadError>> {
        Box::pin(self.rules(tenant))
    }

    fn is_kept_in(&self, tenant: Tenant, key: &Key) -> bool {
        tenant == TENANT && key.kind.name() == "Basic" && (key.id.starts_with(ID_PREFIX) || key.id.starts_with(tenancy::ID_PREFIX))
    }
}

fn unread(error: DirectoryError) -> ReadError {
    match error {
        DirectoryError::Busy => ReadError::Busy,
        other => ReadError::Engine(other.to_string()),
    }
}

fn unreadable(policy: &OwnPolicy, issues: &[Issue]) {
    let first = issues.first().map_or_else(String::new, |issue| format!("{}: {}", issue.expression, issue.diagnostics));
    tracing::error!(
        "the policy {} of tenant {} cannot be understood any more, and denies everything to whoever has it: {first}",
        policy.name,
        policy.tenant
    );
}
