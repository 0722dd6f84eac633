//! Ward's own doorkeeper: sessions and API keys by `identity`, access tokens by `oauth`, and what whoever has one may do.

use std::pin::Pin;
use std::sync::Arc;

use access::{Grant, Principal};
use identity::authenticator::{Authenticator, is_api_key};
use identity::error::IdentityError;
use oauth::bearer::is_access_token;
use oauth::{Fault, Provider};
use store::commit::{Instant, Tenant};
use store::contract::Clock;

use crate::caller::{Admission, Caller, Credential, Doorkeeper, Refusal, Visit};

/// What somebody may do, when it is known.
pub type Granting<'a> = Pin<Box<dyn Future<Output = Result<Arc<Grant>, Refusal>> + Send + 'a>>;

/// Tells what somebody may do.
pub trait Grants: Send + Sync {
    /// The grant of somebody. It is asked for each request: what was worked out before has to be remembered by whoever answers.
    fn grant<'a>(&'a self, principal: &'a Arc<Principal>) -> Granting<'a>;
}

/// The doorkeeper.
pub struct Door {
    authenticator: Arc<Authenticator>,
    provider: Arc<Provider>,
    grants: Arc<dyn Grants>,
    clock: Arc<dyn Clock>,
}

impl Door {
    /// One that knows these.
    pub fn new(authenticator: Arc<Authenticator>, provider: Arc<Provider>, grants: Arc<dyn Grants>, clock: Arc<dyn Clock>) -> Self {
        Self { authenticator, provider, grants, clock }
    }

    /// Whoever brings this, in a tenant.
    ///
    /// A cookie is only ever a session, and what stands in `Authorization` never is one: else a page of another site could use what a browser sends by
    /// itself, or a token that was found could be used as a session.
    pub async fn caller(&self, credential: Credential<'_>, tenant: Tenant) -> Result<Caller, Refusal> {
        let principal = match credential {
            Credential::Session(token) => self.authenticator.session(token, tenant).await.map_err(|error| self.refused(&error))?,
            Credential::Bearer(token) if is_access_token(token) => {
                self.provider.bearer(tenant, token).await.map_err(|refusal| match refusal.fault {
                    Fault::Busy | Fault::ServerError => Refusal::Unavailable,
                    _ => Refusal::Invalid,
                })?
            }
            Credential::Bearer(key) if is_api_key(key) => {
                self.authenticator.api_key(key, tenant).await.map_err(|error| self.refused(&error))?
            }
            Credential::Bearer(_) => return Err(Refusal::Invalid),
        };
        Ok(Caller { grant: self.grants.grant(&principal).await? })
    }

    fn refused(&self, error: &IdentityError) -> Refusal {
        match error {
            IdentityError::NoMembership => Refusal::Insufficient,
            IdentityError::Wait { until } | IdentityError::KeyLimit { until } => Refusal::TooOften(seconds(*until, self.clock.now())),
            IdentityError::Busy | IdentityError::Raced | IdentityError::Directory(_) | IdentityError::Unsealable => Refusal::Unavailable,
            _ => Refusal::Invalid,
        }
    }
}

impl Doorkeeper for Door {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        Box::pin(self.caller(visit.credential, visit.tenant))
    }
}

/// How many seconds it is until a moment, at least one.
fn seconds(until: Instant, now: Instant) -> u32 {
    u32::try_from((until - now).max(0)).unwrap_or(u32::MAX).div_ceil(1000).max(1)
}
