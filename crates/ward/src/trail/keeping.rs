//! Who keeps the trail of a server up: a thread of its own, which gives way to those that answer. What waits for it is safe in the journal.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use audit::command::CHECKPOINT_EVERY_MS;
use audit::pace::Pace;
use audit::{Journal, Materialiser};
use store::Store;
use store::contract::Clock;
use tokio::sync::oneshot;

use super::notaries::Notaries;
use crate::clock;
use crate::command::Failure;

/// How often rows of the journal become AuditEvents.
const ROUND: Duration = Duration::from_millis(500);

/// How long a round goes on while there is more, and the last one, in milliseconds: reads may come faster than their rows become events, and what is left is
/// made into events after the next start.
const TURN_MS: i64 = 5_000;
const LAST_MS: i64 = 2_000;

/// How nice the thread is to others: a tenth of their share. Not less: what it locks for a moment others wait for.
const NICENESS: i32 = 10;

/// Whoever keeps it up while the server runs.
pub struct Keeper {
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Begins.
    ///
    /// Fails when the system gives no thread.
    pub(super) fn start(
        materialiser: Materialiser,
        journal: Arc<Journal>,
        notaries: Notaries,
        store: Arc<dyn Store>,
    ) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::failed(format!("who keeps the audit trail cannot start: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let keep = move || {
            // On Linux this is the thread alone, and those that it starts. Where it is not allowed, the pace is what gives way.
            if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
                tracing::debug!("the audit trail is kept at the usual priority: {error}");
            }
            runtime.block_on(kept(materialiser, journal, notaries, store, stopped));
            let _ = end.send(());
        };
        let thread = std::thread::Builder::new().name("ward-trail".to_owned()).spawn(keep).map_err(failed)?;
        Ok(Self { stop, ended, thread })
    }

    /// Does what there is to do, signs it, and ends.
    pub async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.ended.await;
        let _ = self.thread.join();
    }
}

async fn kept(
    mut materialiser: Materialiser,
    journal: Arc<Journal>,
    mut notaries: Notaries,
    store: Arc<dyn Store>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut signed_at = clock::of_process().now();
    let (mut pace, began, mut rest) = (Pace::default(), Instant::now(), ROUND);
    loop {
        let is_last = tokio::select! {
            () = tokio::time::sleep(rest) => false,
            _ = &mut stopped => true,
        };
        if is_last && let Err(error) = journal.sync() {
            tracing::error!("the last rows of the journal of reads are not on the disk: {error}");
        }
        let until = clock::of_process().now() + if is_last { LAST_MS } else { TURN_MS };
        rest = loop {
            let step_began = Instant::now();
            match materialiser.go_on().await {
                Ok(step) if step.has_more && clock::of_process().now() < until => {
                    let wanted = pace.rest(journal.appended(), journal.waiting(), step_began.elapsed(), began.elapsed());
                    if !is_last && !wanted.is_zero() {
                        break wanted;
                    }
                }
                Ok(step) => break if step.has_more { Duration::ZERO } else { ROUND },
                Err(error) => {
                    tracing::error!("what was read was not told as AuditEvents, and is tried again: {error}");
                    break ROUND;
                }
            }
        };
        if let Err(error) = materialiser.settle().await {
            tracing::error!("what was read was not told as AuditEvents, and is tried again: {error}");
        }
        let now = clock::of_process().now();
        if is_last || now - signed_at >= CHECKPOINT_EVERY_MS {
            signed_at = now;
            notaries.sign(&*store, now).await;
        }
        if is_last {
            return;
        }
    }
}
