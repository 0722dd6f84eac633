//! Keys that are found at an address: those of clients, and of providers outside.

use std::convert::Infallible;
use std::sync::Arc;

use quick_cache::sync::Cache;
use store::commit::Instant;
use store::contract::Pending;

use crate::client::keys;
use crate::jwt::PublicKey;

/// How long keys are believed when their server does not say, in seconds.
const USUAL_SECONDS: u32 = 300;
/// How long they are believed at most, whatever their server says, in seconds.
const MOST_SECONDS: u32 = 3600;
/// An address is not asked more often than this for a key that it did not have, in milliseconds.
const PAUSE_MS: i64 = 10_000;
/// How many bytes a set of keys may have.
pub const MOST_BYTES: usize = 256 * 1024;

/// A document, and how many seconds its server says that it may be kept (`Cache-Control: max-age`; 0 for `no-store`).
pub type Document = (Vec<u8>, Option<u32>);

/// Gets documents from other servers. Whoever implements it refuses addresses of inner networks, follows no redirects, gives up in time, and reads no more than
/// [`MOST_BYTES`].
pub trait Fetch: Send + Sync {
    /// The document at an `https` address.
    ///
    /// Fails with what went wrong, in words without any content.
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<Document, String>>;
}

/// Fetches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFetch;

impl Fetch for NoFetch {
    fn fetch<'a>(&'a self, _uri: &'a str) -> Pending<'a, Result<Document, String>> {
        Box::pin(async { Err("this server asks no other".to_owned()) })
    }
}

/// What was fetched lately.
pub struct Fetched {
    fetch: Arc<dyn Fetch>,
    sets: Cache<String, Arc<Set>>,
}

struct Set {
    /// The keys; else why they could not be had.
    keys: Result<Vec<PublicKey>, String>,
    fetched: Instant,
    until: Instant,
}

impl Fetched {
    /// Nothing yet; `fetch` gets it. At most 1000 addresses are remembered.
    pub fn new(fetch: Arc<dyn Fetch>) -> Self {
        Self { fetch, sets: Cache::new(1000) }
    }

    /// The key of this `kid` at an address; `None` when there is none. An address is asked again when what it said has ended, and when it did not have the
    /// key, so that clients change their keys at any time; by many at once it is asked once.
    ///
    /// Fails with what went wrong.
    pub async fn key(&self, uri: &str, kid: &str, now: Instant) -> Result<Option<PublicKey>, String> {
        let is_stale = |set: &Arc<Set>| {
            let misses = set.find(kid).is_ok_and(|key| key.is_none());
            !(set.fetched..set.until).contains(&now) || (misses && now >= set.fetched + PAUSE_MS)
        };
        self.sets.remove_if(uri, is_stale);
        let fetched = async { Ok::<_, Infallible>(Arc::new(self.set(uri, now).await)) };
        let Ok(set) = self.sets.get_or_insert_async(uri, fetched).await;
        set.find(kid)
    }

    /// The only key at an address, for a token that names none (OpenID Connect Core, section 10.1); `None` when there are several.
    ///
    /// Fails with what went wrong.
    pub async fn only_key(&self, uri: &str, now: Instant) -> Result<Option<PublicKey>, String> {
        self.key(uri, "", now).await?;
        let keys = self.sets.get(uri).map_or(Ok(Vec::new()), |set| set.keys.clone())?;
        Ok(<[PublicKey; 1]>::try_from(keys).ok().map(|[key]| key))
    }

    async fn set(&self, uri: &str, now: Instant) -> Set {
        let read = |(text, max_age): Document| match text.len() > MOST_BYTES {
            true => Err("the set of keys is too long".to_owned()),
            false => Ok((keys::parse(&text).map_err(|refusal| refusal.why)?, max_age)),
        };
        let (keys, lasts_ms) = match self.fetch.fetch(uri).await.and_then(read) {
            Ok((keys, max_age)) => (Ok(keys), i64::from(max_age.unwrap_or(USUAL_SECONDS).min(MOST_SECONDS)) * 1000),
            Err(why) => (Err(why), PAUSE_MS),
        };
        Set { keys, fetched: now, until: now + lasts_ms }
    }
}

impl Set {
    fn find(&self, kid: &str) -> Result<Option<PublicKey>, String> {
        let keys = self.keys.as_ref().map_err(Clone::clone)?;
        Ok(keys.iter().find(|key| &*key.kid == kid).cloned())
    }
}
