//! The connections that are open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::activity::{Activity, End, Rules};

/// How often connections are looked at, for those that take too long.
const INTERVAL: Duration = Duration::from_secs(1);

/// The connections that are open, by number.
pub(crate) struct Connections {
    rules: Arc<Rules>,
    most: usize,
    open: Mutex<Open>,
    left: Notify,
}

#[derive(Default)]
struct Open {
    by_number: HashMap<u64, Arc<Activity>>,
    next: u64,
    is_ending: bool,
}

/// A connection, open until this is dropped.
pub(crate) struct Member<'a> {
    connections: &'a Connections,
    number: u64,
    pub(crate) activity: Arc<Activity>,
}

impl Connections {
    /// Room for `most` connections.
    pub(crate) fn new(rules: Rules, most: usize) -> Self {
        Self { rules: Arc::new(rules), most, open: Mutex::default(), left: Notify::new() }
    }

    /// How many bytes of memory long heads take.
    pub(crate) fn heads_bytes(&self) -> usize {
        self.rules.heads.taken_bytes()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Arc<Activity>> {
        self.open().by_number.values().cloned().collect()
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.open().by_number.len()
    }

    /// A place for a new connection, when there is one.
    pub(crate) fn join(&self) -> Option<Member<'_>> {
        let mut open = self.open();
        if open.by_number.len() >= self.most || open.is_ending {
            return None;
        }
        let (number, activity) = (open.next, Activity::new(self.rules.clone()));
        open.next += 1;
        open.by_number.insert(number, activity.clone());
        Some(Member { connections: self, number, activity })
    }

    /// The same when all places are taken: the connection that has asked nothing for the longest gives way, when one has asked nothing
    /// for `spare`. `None` when it does not come to that within `wait`.
    pub(crate) async fn join_instead(&self, spare: Duration, wait: Duration) -> Option<Member<'_>> {
        let quiet = |activity: Arc<Activity>| Some((activity.quiet_since()?, activity));
        let (since, idlest) = self.all().into_iter().filter_map(quiet).min_by_key(|(since, _)| *since)?;
        if since.elapsed() < spare {
            return None;
        }
        idlest.end(End::Now);
        let joined = async {
            loop {
                let left = self.left.notified();
                if let Some(member) = self.join() {
                    return member;
                }
                left.await;
            }
        };
        tokio::time::timeout(wait, joined).await.ok()
    }

    /// Ends those that take too long, for ever.
    pub(crate) async fn watch(&self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = Instant::now();
            for activity in self.all() {
                activity.enforce(now);
            }
        }
    }

    /// Lets no more in, tells all to end when they have answered, and waits until they have.
    pub(crate) async fn end(&self) {
        self.open().is_ending = true;
        self.all().iter().for_each(|activity| activity.end(End::Gently));
        loop {
            let left = self.left.notified();
            if self.count() == 0 {
                return;
            }
            left.await;
        }
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        self.connections.open().by_number.remove(&self.number);
        self.connections.left.notify_waiters();
    }
}
