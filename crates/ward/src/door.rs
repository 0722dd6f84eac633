//! Who is let in, and what they may do: accounts, clients, tokens and rules put together on one store.
//!
//! - [`operator`]: tokens of whoever may read the data directory.
//! - [`keys`]: the keys of the installation.
//! - [`letters`]: letters to people who have accounts.
//! - [`fetch`]: the keys of clients, from their servers.

pub mod fetch;
pub mod keys;
pub mod letters;
pub mod operator;

use std::path::Path;
use std::sync::Arc;

use access::{Access, Principal};
use identity::random::SystemRandom;
use identity::{Authenticator, Directory, Identity, Surroundings};
use interaction::Server;
use oauth::Provider;
use rest::caller::{Admission, Caller, Credential, Doorkeeper, Refusal, Visit};
use store::contract::Clock;

use self::operator::OperatorKey;
use crate::clock;
use crate::command::Failure;
use crate::settings::Settings;

/// How many sessions, and how many API keys, are remembered.
const REMEMBERED: usize = 100_000;

/// Accounts, clients, tokens and rules on one store.
pub struct Door {
    /// The accounts.
    pub identity: Identity,
    /// What apps are given.
    pub provider: Arc<Provider>,
    rules: Arc<Rules>,
    others: rest::Door,
    operator: OperatorKey,
}

impl Door {
    /// The door of a data directory. `site` is the address under which people reach the pages, without a slash at its end.
    ///
    /// Fails when the keys in the data directory cannot be used.
    pub fn open(settings: &Settings, folder: &Path, server: &Server, site: &str) -> Result<Arc<Self>, Failure> {
        let operator = OperatorKey::of(folder)?;
        let sealer: Arc<dyn identity::sealer::Sealer> = Arc::new(keys::AccountSealer(keys::open(settings, folder)?));
        let directory = Directory::new(server.store.clone());
        let clock: Arc<dyn Clock> = clock::of_process();
        let surroundings = Surroundings {
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            outbox: Arc::new(letters::Folder::new(folder.join("outbox"), site.to_owned())),
            sealer: sealer.clone(),
        };
        let allowed = identity::Settings { registration: settings.registration == crate::settings::Registration::Open, ..identity::Settings::default() };
        let identity = Identity::new(directory.clone(), surroundings, allowed).map_err(|error| Failure::failed(error.to_string()))?;
        let fetch = Arc::new(fetch::Fetching::new(settings)?);
        let provider = Provider::new(directory, clock.clone(), sealer, fetch, oauth::Settings::default());
        let provider = Arc::new(provider);
        let rules = Arc::new(Rules(Access::new(server.store.clone(), server.parameters.clone()), clock.clone()));
        let sessions = Arc::new(Authenticator::new(identity.clone(), REMEMBERED));
        let others = rest::Door::new(sessions, provider.clone(), rules.clone(), clock);
        Ok(Arc::new(Self { identity, provider, rules, others, operator }))
    }

    /// Forgets what it remembers of accounts and tokens when their records change, as long as the store lives.
    pub async fn follow(self: Arc<Self>) {
        while let Err(error) = identity::seen::follow(self.identity.directory()).await {
            tracing::warn!("the feed of accounts was not followed, it is tried again: {error}");
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    }
}

impl Doorkeeper for Door {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        match visit.credential {
            Credential::Bearer(token) if operator::is_operator_token(token) => Box::pin(async move {
                let said = self.operator.said(token).filter(|said| self.identity.now() < said.until);
                let principal = said.and_then(|said| said.principal()).map(Arc::new).ok_or(Refusal::Invalid)?;
                Ok(Caller { grant: self.rules.grant(&principal).await? })
            }),
            _ => self.others.admit(visit),
        }
    }
}

/// What somebody may do, by the rules.
struct Rules(Access, Arc<dyn Clock>);

impl rest::Grants for Rules {
    fn grant<'a>(&'a self, principal: &'a Arc<Principal>) -> rest::Granting<'a> {
        Box::pin(async move { self.0.grant(principal, self.1.now()).await.map_err(|_| Refusal::Unavailable) })
    }
}
