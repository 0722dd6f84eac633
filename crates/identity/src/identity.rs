//! The one handle on accounts: what it is made of. What it can do stands in the files beside, one for each thing.

use std::sync::Arc;

use store::commit::Instant;
use store::contract::Clock;

use crate::api_key::ApiKey;
use crate::attempts::{Attempts, Turns};
use crate::chronicle::{Told, named};
use crate::credentials::Credentials;
use crate::directory::{Changes, Directory, Kept, Record};
use crate::error::IdentityError;
use crate::outbox::{About, Letter, Outbox};
use crate::password::Hasher;
use crate::random::{self, Random};
use crate::sealer::Sealer;
use crate::secret::Secret;
use crate::session::Session;
use crate::settings::{RelyingParty, Settings};
use crate::user::User;

/// How often something is tried again when another changed the same record first.
pub(crate) const TRIES: usize = 64;

/// Accounts, and everything that proves who somebody is. Clones are the same.
#[derive(Clone)]
pub struct Identity {
    parts: Arc<Parts>,
    party: Party,
}

/// For whom passkeys are made on a page.
#[derive(Clone, Debug, Default)]
pub enum Party {
    /// For the party of the settings.
    #[default]
    Usual,
    /// For this one.
    Other(Arc<RelyingParty>),
    /// For nobody: browsers make none there.
    Nobody,
}

struct Parts {
    directory: Directory,
    surroundings: Surroundings,
    settings: Settings,
    hasher: Hasher,
    turns: Turns,
}

/// What is handed in.
#[derive(Clone)]
pub struct Surroundings {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness.
    pub random: Arc<dyn Random>,
    /// Takes letters.
    pub outbox: Arc<dyn Outbox>,
    /// Seals what must be read again.
    pub sealer: Arc<dyn Sealer>,
}

impl Identity {
    /// Accounts in a directory.
    ///
    /// Fails with [`IdentityError::Invalid`] when the settings ask for a cost of hashing that argon2 does not take.
    pub fn new(directory: Directory, surroundings: Surroundings, settings: Settings) -> Result<Self, IdentityError> {
        let hasher = Hasher::new(settings.cost, settings.hashing_at_once, settings.hashing_waiting)?;
        Ok(Self { parts: Arc::new(Parts { directory, surroundings, settings, hasher, turns: Turns::default() }), party: Party::Usual })
    }

    /// The same on the pages of another relying party: passkeys that are made there belong to it, and only those are used there.
    pub fn at(&self, party: Party) -> Self {
        Self { parts: self.parts.clone(), party }
    }

    pub(crate) fn relying_party(&self) -> Result<&RelyingParty, IdentityError> {
        let party = match &self.party {
            Party::Usual => self.settings().relying_party.as_ref(),
            Party::Other(party) => Some(&**party),
            Party::Nobody => None,
        };
        party.ok_or(IdentityError::WrongState("on a server where passkeys are set up"))
    }

    /// By what passkeys name the party to which they belong: its id, and nothing for that of the settings.
    pub(crate) fn party_of_passkeys(&self) -> &str {
        match &self.party {
            Party::Other(party) => &party.id,
            Party::Usual | Party::Nobody => "",
        }
    }

    /// The records.
    pub fn directory(&self) -> &Directory {
        &self.parts.directory
    }

    /// What is set.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.parts.surroundings.clock.now()
    }

    /// Removes what is worth nothing any more (ended sessions and links, forgotten attempts), and what proofs, sessions and counters said before; at most about `most` of each. (What
    /// accounts said before stays, as long as they are not deleted: who had which role is asked years later.) How many records went comes back. Once in an hour is enough.
    ///
    /// Fails when the directory does.
    pub async fn sweep(&self, most: u64) -> Result<u64, IdentityError> {
        let removed = self.directory().sweep(self.now(), most).await?;
        self.directory().trim(&[Credentials::KIND, Session::KIND, Attempts::KIND, ApiKey::KIND], most).await?;
        Ok(removed)
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.parts.surroundings.random
    }

    pub(crate) fn sealer(&self) -> &dyn Sealer {
        &*self.parts.surroundings.sealer
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.parts.hasher
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.parts.turns
    }

    pub(crate) fn token(&self) -> Result<Secret, IdentityError> {
        random::token(self.random())
    }

    pub(crate) fn id(&self, prefix: &str) -> Result<String, IdentityError> {
        random::id(self.random(), prefix)
    }

    pub(crate) fn post(&self, to: &str, user: &User, about: About, link: Option<(Secret, Instant)>) {
        let (token, until) = link.map_or((None, None), |(token, until)| (Some(token), Some(until)));
        let letter = Letter { to: to.to_owned(), name: user.name.clone(), locale: user.locale.clone(), about, token, until };
        self.parts.surroundings.outbox.post(letter);
    }

    /// The account of this id.
    pub(crate) async fn known(&self, user: &str) -> Result<Kept<User>, IdentityError> {
        self.directory().get(user).await?.ok_or(IdentityError::Unknown("account"))
    }

    /// The proofs of an account; `None`: it has none yet.
    pub(crate) async fn credentials(&self, user: &str) -> Result<Option<Kept<Credentials>>, IdentityError> {
        Ok(self.directory().get(&Credentials::id_of(user)).await?)
    }

    /// Changes an account as `change` says, and again when another was faster. `told` says what is told of it, of the account as it was.
    pub(crate) async fn change_user(
        &self,
        user: &str,
        reason: &'static str,
        told: impl Fn(&User) -> Told,
        change: impl Fn(&mut User) -> Result<(), IdentityError>,
    ) -> Result<User, IdentityError> {
        for _ in 0..TRIES {
            let kept = self.known(user).await?;
            let mut changed = kept.record.clone();
            change(&mut changed)?;
            changed.updated = self.now();
            let changes = Changes::new(reason, told(&kept.record)).of(named(user, &changed));
            match self.directory().apply(changes.update(&kept, &changed)).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done.map(|()| changed),
            }
        }
        Err(IdentityError::Raced)
    }
}

/// Adds to changes what the proofs of an account are from now on.
pub(crate) fn put_credentials(changes: Changes, known: Option<&Kept<Credentials>>, new: &Credentials) -> Changes {
    match known {
        Some(kept) => changes.update(kept, new),
        None => changes.create(&Credentials::id_of(&new.user), new),
    }
}
