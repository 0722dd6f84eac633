//! The authorization server: what all endpoints share.

use std::sync::Arc;

use access::Principal;
use identity::directory::{Directory, Record};
use identity::random::{Random, SystemRandom};
use identity::sealer::Sealer;
use identity::secret::Secret;
use identity::seen::{Fingerprint, Seen};
use store::commit::Instant;
use store::contract::Clock;

use crate::client::fetch::{Fetch, Fetched};
use crate::client::origin::Known;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::signing::Ring;

/// The authorization server. Its endpoints are methods, each in the file of its name.
pub struct Provider {
    pub(crate) directory: Directory,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sealer: Arc<dyn Sealer>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) settings: Settings,
    pub(crate) fetched: Fetched,
    pub(crate) ring: Ring,
    pub(crate) seen: Seen<Principal>,
    pub(crate) origins: Known,
}

impl Provider {
    /// A server on the records of a directory: a clone of the one that accounts are in, so that a change of theirs is felt at once. `sealer` seals the private keys, `fetch` gets the keys of clients from their addresses.
    pub fn new(directory: Directory, clock: Arc<dyn Clock>, sealer: Arc<dyn Sealer>, fetch: Arc<dyn Fetch>, settings: Settings) -> Self {
        Self {
            directory,
            clock,
            sealer,
            random: Arc::new(SystemRandom),
            fetched: Fetched::new(fetch),
            ring: Ring::default(),
            seen: Seen::new(settings.remembered),
            origins: Known::default(),
            settings,
        }
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A new secret of 256 bits with what it begins with.
    pub(crate) fn fresh_secret(&self, prefix: &str) -> Result<Secret, Refusal> {
        let token = identity::random::token(&*self.random)?;
        Ok(Secret::new(format!("{prefix}{}", token.expose())))
    }

    /// A new id.
    pub(crate) fn id(&self, prefix: &str) -> Result<String, Refusal> {
        Ok(identity::random::id(&*self.random, prefix)?)
    }

    /// The record that is kept of a secret; `None` when there is none.
    pub(crate) async fn by_secret<R: Record>(&self, secret: &str) -> Result<Option<identity::directory::Kept<R>>, Refusal> {
        Ok(self.directory.get(&Fingerprint::of(secret).id()).await?)
    }
}
