//! The keys that sign ID tokens: made at the first use, sealed in the directory, and replaced by others in time.
//!
//! Which key signs, and which are published, follows from when each was made, so that every node says the same: a key is published an hour before it signs, and as long
//! after it has signed last as an ID token holds.

mod pair;

use std::sync::{Arc, PoisonError, RwLock};

use fhir::{Value, object};
use identity::chronicle::{Deed, Told};
use identity::directory::{Changes, DirectoryError, Kept, Record};
use identity::tenants::FIRST;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::client::IdTokenAlg;
use crate::provider::Provider;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::settings::ID_TOKEN_MS;
use identity::base64url;

pub(crate) use pair::Pair;

/// How long a key is known before it signs.
const LEAD_MS: i64 = 3_600_000;
/// How long other nodes and clients may have an older list of keys.
const STALE_MS: i64 = 600_000;
/// How long the list of keys may be kept, in seconds.
const MAX_AGE_SECONDS: u32 = 300;
/// How often the list is read anew, in milliseconds: other nodes make keys, too.
const REREAD_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// A key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SigningKey {
    algorithm: IdTokenAlg,
    /// Of its algorithm, counted from 1.
    number: u32,
    /// The private key in PKCS #8, sealed for the id of the record, in base64url.
    sealed: String,
    /// From when on it signs.
    begins: Instant,
}

impl Record for SigningKey {
    const KIND: &'static str = "signing-key";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("number", format!("{}-{}", self.algorithm.code(), self.number))]
    }
}

/// The keys, opened.
#[derive(Default)]
pub(crate) struct Ring {
    keys: RwLock<Arc<Opened>>,
}

#[derive(Default)]
struct Opened {
    read: Instant,
    /// The newest first.
    keys: Vec<Arc<Key>>,
}

/// A key, opened.
pub(crate) struct Key {
    pub(crate) kid: Box<str>,
    record: SigningKey,
    pub(crate) pair: Pair,
}

impl Provider {
    /// The key that signs now with an algorithm. It is made when there is none, and its successor when it is old.
    ///
    /// Fails when the directory does, and when a key does not open.
    pub(crate) async fn signer(&self, algorithm: IdTokenAlg) -> Result<Arc<Key>, Refusal> {
        for _ in 0..4 {
            let opened = self.keys().await?;
            let now = self.now();
            let mut of_kind = opened.keys.iter().filter(|key| key.record.algorithm == algorithm);
            let newest = of_kind.clone().next();
            let is_old = newest.is_none_or(|key| now >= key.record.begins + i64::from(self.settings.key_days) * DAY_MS - LEAD_MS);
            match of_kind.find(|key| key.record.begins <= now) {
                Some(key) if !is_old => return Ok(key.clone()),
                signs => {
                    let begins = if signs.is_some() { now + LEAD_MS } else { now };
                    self.make_key(algorithm, newest.map_or(1, |key| key.record.number + 1), begins).await?;
                }
            }
        }
        Err(DirectoryError::Busy.into())
    }

    /// Replaces the keys at once: from now on others sign. For when one may be known to somebody.
    ///
    /// Fails when the directory does. The old ones stay published until what they signed has ended; [`Provider::withdraw_keys`] ends them at once.
    pub async fn rotate_keys(&self) -> Result<(), Refusal> {
        for algorithm in [IdTokenAlg::Rs256, IdTokenAlg::Es384] {
            let opened = self.keys().await?;
            if let Some(newest) = opened.keys.iter().find(|key| key.record.algorithm == algorithm) {
                self.make_key(algorithm, newest.record.number + 1, self.now()).await?;
            }
        }
        Ok(())
    }

    /// Removes all keys but those that sign: what others signed is worth nothing from now on.
    ///
    /// Fails when the directory does.
    pub async fn withdraw_keys(&self) -> Result<(), Refusal> {
        let newest = |all: &[Kept<SigningKey>], one: &SigningKey| {
            all.iter().all(|other| other.record.algorithm != one.algorithm || other.record.number <= one.number)
        };
        let all = self.directory.list::<SigningKey>(None, 1000).await?;
        let old = all.iter().filter(|kept| !newest(&all, &kept.record));
        self.directory
            .apply(old.fold(Changes::new("withdraw-keys", self.key_told("keys that signed ID tokens were withdrawn")), Changes::remove))
            .await?;
        self.forget_keys();
        Ok(())
    }

    /// The public keys (RFC 7517), for `jwks_uri`: at least the one that signs by RS256. They may be kept for five minutes. 503 when the directory is busy, 500 when it fails.
    pub async fn jwks(&self) -> Reply {
        self.key_set().await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn key_set(&self) -> Result<Reply, Refusal> {
        self.signer(IdTokenAlg::Rs256).await?;
        let opened = self.keys().await?;
        let keys: Vec<Value> = published(&opened, self.now()).map(|key| key.pair.jwk(&key.kid)).collect();
        Ok(Reply::document(object! { "keys": keys }, MAX_AGE_SECONDS))
    }

    /// The public half of the key of this `kid`, whether it signs, has signed or is to sign; `None` when there is none. One that was withdrawn is none.
    pub(crate) async fn own_key(&self, kid: &str) -> Result<Option<Value>, Refusal> {
        let opened = self.keys().await?;
        Ok(opened.keys.iter().find(|key| &*key.kid == kid).map(|key| key.pair.jwk(&key.kid)))
    }

    async fn make_key(&self, algorithm: IdTokenAlg, number: u32, begins: Instant) -> Result<(), Refusal> {
        let private = Pair::make(algorithm).await?;
        let id = self.id("k-")?;
        let sealed = base64url::encode(&self.sealer.seal(&context(&id), &private)?);
        let key = SigningKey { algorithm, number, sealed, begins };
        let made =
            self.directory.apply(Changes::new("make-key", self.key_told("a key that signs ID tokens was made")).create(&id, &key)).await;
        self.forget_keys();
        match made {
            // Another node made this one first: that one it is.
            Ok(()) | Err(DirectoryError::Taken(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What is told of keys, in the first tenant: they sign for all.
    fn key_told(&self, what: &'static str) -> Told {
        Told::Errand(vec![Deed::of_server(self.now(), [FIRST], what)])
    }

    fn forget_keys(&self) {
        *self.ring.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    async fn keys(&self) -> Result<Arc<Opened>, Refusal> {
        let known = self.ring.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.now();
        if !known.keys.is_empty() && (known.read..known.read + REREAD_MS).contains(&now) {
            return Ok(known);
        }
        let mut keys = Vec::new();
        for kept in self.directory.list::<SigningKey>(None, 1000).await? {
            keys.push(match known.keys.iter().find(|key| key.kid == kept.id) {
                Some(key) => key.clone(),
                None => Arc::new(self.open_key(kept)?),
            });
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.record.number));
        let opened = Arc::new(Opened { read: now, keys });
        *self.ring.keys.write().unwrap_or_else(PoisonError::into_inner) = opened.clone();
        Ok(opened)
    }

    fn open_key(&self, kept: Kept<SigningKey>) -> Result<Key, Refusal> {
        let sealed = base64url::decode(&kept.record.sealed).unwrap_or_default();
        let private = self.sealer.open(&context(&kept.id), &sealed)?;
        let pair = Pair::open(kept.record.algorithm, &private)?;
        Ok(Key { kid: kept.id, record: kept.record, pair })
    }
}

/// The keys that may have signed something that holds, or are about to.
fn published(opened: &Opened, now: Instant) -> impl Iterator<Item = &Arc<Key>> {
    let ends = move |key: &Arc<Key>| {
        let successors = opened.keys.iter().filter(|other| other.record.algorithm == key.record.algorithm);
        let next = successors.filter(|other| other.record.number > key.record.number).map(|other| other.record.begins).min();
        next.map_or(Instant::MAX, |begins| begins + ID_TOKEN_MS + STALE_MS)
    };
    opened.keys.iter().filter(move |key| now < ends(key))
}

/// What the private key of a record is sealed for.
fn context(id: &str) -> String {
    format!("signing-key|{id}")
}
