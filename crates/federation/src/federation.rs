//! The relying party: what all acts share.

use std::sync::Arc;

use identity::Identity;
use identity::directory::{Directory, Kept};
use identity::sealer::Sealer;
use oauth::Provider;
use oauth::client::fetch::{Fetch, Fetched};
use store::commit::{Instant, Tenant};

use crate::ask::Ask;
use crate::error::FederationError;
use crate::openid::Documents;
use crate::provider::{OutsideProvider, slug_in};

/// Providers outside, and who signs in by them.
pub struct Federation {
    pub(crate) identity: Identity,
    pub(crate) provider: Arc<Provider>,
    pub(crate) sealer: Arc<dyn Sealer>,
    pub(crate) ask: Arc<dyn Ask>,
    pub(crate) documents: Documents,
    pub(crate) keys: Fetched,
}

impl Federation {
    /// Over these accounts. `provider` signs what this server proves with elsewhere that it is it, `sealer` seals its secrets, `ask` is the way to other servers.
    pub fn new(identity: Identity, provider: Arc<Provider>, sealer: Arc<dyn Sealer>, ask: Arc<dyn Ask>) -> Self {
        let fetch: Arc<dyn Fetch> = ask.clone();
        Self { identity, provider, sealer, ask, documents: Documents::default(), keys: Fetched::new(fetch) }
    }

    pub(crate) fn directory(&self) -> &Directory {
        self.identity.directory()
    }

    pub(crate) fn now(&self) -> Instant {
        self.identity.now()
    }

    /// The provider of this slug in a tenant, if it is used.
    pub(crate) async fn used(&self, tenant: Tenant, slug: &str) -> Result<Kept<OutsideProvider>, FederationError> {
        let found = self.directory().find::<OutsideProvider>("slug", &slug_in(tenant, slug)).await?;
        found.filter(|kept| kept.record.active).ok_or(FederationError::NoProvider)
    }
}
