//! The keys of clients that are found at an address.

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

/// Gets documents from other servers. Whoever implements it refuses addresses of inner networks, follows no redirects, gives up in time, and reads no more than
/// [`MOST_BYTES`].
pub trait Fetch: Send + Sync {
    /// The document at an `https` address, and how many seconds its server says that it may be kept (`Cache-Control: max-age`; 0 for `no-store`).
    ///
    /// Fails with what went wrong, in words without any content.
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<(Vec<u8>, Option<u32>), String>>;
}

/// Fetches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFetch;

impl Fetch for NoFetch {
    fn fetch<'a>(&'a self, _uri: &'a str) -> Pending<'a, Result<(Vec<u8>, Option<u32>), String>> {
        Box::pin(async { Err("this server asks no other".to_owned()) })
    }
}

/// What was fetched lately.
pub(crate) struct Fetched {
    fetch: Arc<dyn Fetch>,
    sets: Cache<Box<str>, Arc<Set>>,
}

struct Set {
    keys: Vec<PublicKey>,
    fetched: Instant,
    until: Instant,
}

impl Fetched {
    pub(crate) fn new(fetch: Arc<dyn Fetch>) -> Self {
        Self { fetch, sets: Cache::new(1000) }
    }

    /// The key of this `kid` at an address; `None` when there is none. An address is asked again when what it said has ended, and when it did not have the
    /// key, so that clients change their keys at any time.
    ///
    /// Fails with what went wrong.
    pub(crate) async fn key(&self, uri: &str, kid: &str, now: Instant) -> Result<Option<PublicKey>, String> {
        let kept = self.sets.get(uri).filter(|set| now < set.until);
        let find = |set: &Set| set.keys.iter().find(|key| &*key.kid == kid).cloned();
        if let Some(set) = &kept {
            let found = find(set);
            if found.is_some() || now < set.fetched + PAUSE_MS {
                return Ok(found);
            }
        }
        let (text, max_age) = self.fetch.fetch(uri).await?;
        if text.len() > MOST_BYTES {
            return Err("the set of keys is too long".to_owned());
        }
        let keys = keys::parse(&text).map_err(|refusal| refusal.why)?;
        let seconds = max_age.unwrap_or(USUAL_SECONDS).min(MOST_SECONDS);
        let set = Arc::new(Set { keys, fetched: now, until: now + i64::from(seconds) * 1000 });
        self.sets.insert(uri.into(), set.clone());
        Ok(find(&set))
    }
}
