//! Attempts, and how long one has to wait after many that failed.
//!
//! An attempt is written down before it is judged, and struck out when it was right. So however many come at once, they get no more tries than one after
//! another, also over a restart. Nobody is locked out for ever: the wait grows to a quarter of an hour and no further, a device that was used before
//! has an account of its own, and a reset of the password does not ask here.

mod turns;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::chronicle::Told;
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::{Identity, TRIES};
use crate::secret::Secret;

pub(crate) use turns::{Turn, Turns};

/// The first wait, in milliseconds. Each further failure doubles it.
const FIRST_WAIT_MS: i64 = 2_000;

/// The longest wait, in milliseconds: a quarter of an hour.
pub const LONGEST_WAIT_MS: i64 = 15 * 60_000;

/// After this long without an attempt, in milliseconds, all are forgotten: a day.
pub const FORGOTTEN_MS: i64 = 24 * 3_600_000;

/// What attempts are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    id: String,
    free: u32,
}

/// How many attempts failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How many, those that are not judged yet included.
    pub failed: u32,
    /// When the last one was.
    pub last: Instant,
    /// The next may come at this moment.
    pub until: Instant,
}

impl Record for Attempts {
    const KIND: &'static str = "attempts";

    fn ends(&self) -> Option<Instant> {
        Some(self.last + FORGOTTEN_MS)
    }
}

impl Counter {
    /// Of an account: 5 free. Also for a login that there is not, so that both behave alike.
    pub fn account(of: &str) -> Self {
        Self { id: format!("a-{}", &Secret::new(of).fingerprint()[..40]), free: 5 }
    }

    /// Of the second factors of an account, on devices that were used before or on others: 5 free.
    pub fn factor(user: &str, known_device: bool) -> Self {
        Self { id: format!("f-{}", &Secret::new(format!("{user}|{known_device}")).fingerprint()[..40]), free: 5 }
    }

    /// Of a device that was used before, by the id of its record: 5 free.
    pub fn device(id: &str) -> Self {
        Self { id: format!("d-{}", &Secret::new(id).fingerprint()[..40]), free: 5 }
    }

    /// Of a session, by its handle: 5 free.
    pub fn session(handle: &str) -> Self {
        Self { id: format!("s-{}", &Secret::new(handle).fingerprint()[..40]), free: 5 }
    }

    /// Of letters to an account, or for a login that there is not: 5 free.
    pub fn letters(of: &str) -> Self {
        Self { id: format!("l-{}", &Secret::new(of).fingerprint()[..40]), free: 5 }
    }

    /// Of a network address: 50 free, as a hospital may have one for all. Of IPv6 the first 64 bits count.
    pub fn address(address: IpAddr) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("{:?}", &address.segments()[..4]),
        };
        Self { id: format!("n-{}", &Secret::new(network).fingerprint()[..40]), free: 50 }
    }

    /// What stands after one more attempt at `now`; the moment to wait for when it comes too early.
    fn one_more(&self, before: Option<&Attempts>, now: Instant) -> Result<Attempts, Instant> {
        let before = before.filter(|known| now < known.last.saturating_add(FORGOTTEN_MS));
        // A moment beyond the longest wait was written by a clock that was ahead: nobody waits for that.
        let waits = before.filter(|known| now < known.until && known.until <= now.saturating_add(LONGEST_WAIT_MS));
        if let Some(known) = waits {
            return Err(known.until);
        }
        let failed = before.map_or(0, |known| known.failed).saturating_add(1);
        let doubled = failed.checked_sub(self.free).map_or(0, |over| FIRST_WAIT_MS << over.min(20));
        Ok(Attempts { failed, last: now, until: now + doubled.min(LONGEST_WAIT_MS) })
    }
}

/// What is tried is told, and not that it is counted.
const COUNTED: Told = Told::Nothing("what is tried is told, and not that it is counted");

impl Identity {
    /// Waits for the turn of these counters: what is judged meanwhile is judged alone, in this process.
    ///
    /// Fails with [`IdentityError::Busy`] when too many wait.
    pub(crate) async fn turn(&self, counters: &[Counter]) -> Result<Turn, IdentityError> {
        self.turns().take(counters).await
    }

    /// Writes down an attempt with all of these counters, before it is judged.
    ///
    /// Fails with [`IdentityError::Wait`] when it comes too early by one of them: then none has counted it. Fails also when the directory does.
    pub(crate) async fn attempt(&self, counters: &[Counter]) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let (now, mut changes) = (self.now(), Changes::new("attempt", COUNTED));
            for counter in counters {
                let kept = self.directory().get::<Attempts>(&counter.id).await?;
                let more = counter.one_more(kept.as_ref().map(|kept| &kept.record), now);
                changes = put(changes, counter, kept.as_ref(), &more.map_err(|until| IdentityError::Wait { until })?);
            }
            match self.directory().apply(changes).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Busy)
    }

    /// Strikes out an attempt that was right: nothing has failed by `own`, and one less by `shared`.
    pub(crate) async fn succeeded(&self, own: &[Counter], shared: &[Counter]) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let mut changes = Changes::new("attempt was right", COUNTED);
            for counter in own {
                if let Some(kept) = self.directory().get::<Attempts>(&counter.id).await? {
                    changes = changes.update(&kept, &Attempts { failed: 0, until: 0, ..kept.record });
                }
            }
            for counter in shared {
                if let Some(kept) = self.directory().get::<Attempts>(&counter.id).await? {
                    let failed = kept.record.failed.saturating_sub(1);
                    let until = if failed < counter.free { 0 } else { kept.record.until };
                    changes = changes.update(&kept, &Attempts { failed, until, ..kept.record });
                }
            }
            match self.directory().apply(changes).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Busy)
    }

    /// Until when attempts on an account have to wait; `None`: they need not. For administrators.
    ///
    /// Fails when the directory does.
    pub async fn locked_until(&self, user: &str) -> Result<Option<Instant>, IdentityError> {
        let mut latest = None;
        for counter in counters(user) {
            let kept = self.directory().get::<Attempts>(&counter.id).await?;
            latest = latest.max(kept.map(|kept| kept.record.until).filter(|until| self.now() < *until));
        }
        Ok(latest)
    }

    /// Forgets the attempts on an account: an administrator unlocks it.
    ///
    /// Fails when the directory does.
    pub async fn unlock(&self, user: &str) -> Result<(), IdentityError> {
        self.succeeded(&counters(user), &[]).await
    }
}

fn counters(user: &str) -> [Counter; 3] {
    [Counter::account(user), Counter::factor(user, false), Counter::factor(user, true)]
}

fn put(changes: Changes, counter: &Counter, kept: Option<&Kept<Attempts>>, attempts: &Attempts) -> Changes {
    match kept {
        Some(kept) => changes.update(kept, attempts),
        None => changes.create(&counter.id, attempts),
    }
}
