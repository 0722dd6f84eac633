//! The thread of the continuous backup: copies the write-ahead log as it grows, and now and then the database.

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use store::contract::Clock;

use super::base::{Base, Copying};
use super::chain::Chain;
use super::place::{self, Newest};
use super::segment::{self, Head};
use super::shipping::{Call, Shipping, Written};
use crate::error::{Result, StoreError};
use crate::truth::wal::{FRAME_HEAD, LogFile};
use crate::writer::queue::{Order, Queue};

/// How many frames a segment has, about, at most.
const MOST_FRAMES: u32 = 8192;

/// How long after a failure it tries again.
const RETRY: Duration = Duration::from_secs(2);

/// How often a failure that lasts is said.
const REMINDER: Duration = Duration::from_secs(60);

/// The backup's side.
pub(crate) struct Shipper {
    shipping: Arc<Shipping>,
    queue: Queue,
    clock: Arc<dyn Clock>,
    chain: Option<Chain>,
    copying: Option<Copying>,
    /// Whether the last round failed, and since when that is not said.
    failing: Option<Moment>,
    next_segment: Moment,
}

impl Shipper {
    pub(crate) fn new(shipping: Arc<Shipping>, queue: Queue, clock: Arc<dyn Clock>) -> Self {
        Self { shipping, queue, clock, chain: None, copying: None, failing: None, next_segment: Moment::now() }
    }

    /// Works until the store closes.
    pub(crate) fn run(mut self) {
        let mut pause = Duration::ZERO;
        loop {
            let call = self.shipping.next(pause);
            let now = self.clock.now();
            let done = self.round(&call);
            pause = match &done {
                Ok(()) if self.copying.is_some() => Duration::ZERO,
                Ok(()) => self.shipping.settings.every,
                Err(_) => RETRY,
            };
            self.tell(&done);
            let whole_at = self.chain.as_ref().filter(|chain| chain.has(&call.written) && chain.base_made.is_some()).map(|_| now);
            let is_awaited = self.shipping.report(done.is_ok(), whole_at);
            if call.is_closing || (is_awaited && self.queue.send(Order::Keep).is_err()) {
                return self.shipping.end();
            }
        }
    }

    fn round(&mut self, call: &Call) -> Result<()> {
        if call.is_broken {
            tracing::error!("the backup lost a part of the log, because its place could not be reached for too long: it begins anew");
            (self.chain, self.copying) = (None, None);
        }
        if self.failing.is_some() {
            self.copying = None;
            // Only where the place can be reached, what is not there is gone.
            std::fs::read_dir(&self.shipping.settings.to)?;
            self.chain = self.chain.take().filter(Chain::is_there);
        }
        self.find(&call.written)?;
        if self.copying.is_none() || call.is_urgent || self.next_segment <= Moment::now() {
            self.ship(&call.written)?;
            self.next_segment = Moment::now() + self.shipping.settings.every;
        }
        match self.copying.is_some() && !call.is_closing {
            true => self.copy(),
            false => Ok(()),
        }
    }

    /// Goes on with the chain that is there, or begins one.
    fn find(&mut self, written: &Written) -> Result<()> {
        if self.chain.is_some() {
            return Ok(());
        }
        let place = &self.shipping.settings.to;
        let chain = match Chain::find(&self.shipping, written)? {
            Ok(chain) => chain,
            Err(reason) => {
                tracing::info!("the backup in {} begins a new chain: {reason}", place.display());
                let chain = Chain::begin(place, written)?;
                self.copying = Some(Copying::begin(chain.stretch.clone(), 1, chain.newest.seal)?);
                self.shipping.resumed(chain.log, 0, chain.newest.seal);
                chain
            }
        };
        self.chain = Some(chain);
        Ok(())
    }

    /// Writes what of the log is not in the chain.
    fn ship(&mut self, written: &Written) -> Result<()> {
        let Some(chain) = &mut self.chain else { return Ok(()) };
        if written.frames == 0 {
            return Ok(());
        }
        if chain.log != written.salts {
            // The writer begins a log only when all of the one before is copied.
            (chain.log, chain.frames) = (written.salts, 0);
            if self.copying.is_none() && is_due(chain, &self.shipping, &*self.clock) {
                let first = chain.newest.number + 1;
                let stretch = place::stretch(&chain.folder, first);
                place::remove(&stretch)?;
                std::fs::create_dir(&stretch)?;
                self.copying = Some(Copying::begin(stretch.clone(), first, chain.newest.seal)?);
                chain.stretch = stretch;
            }
        }
        if chain.frames < written.frames {
            let log = LogFile::open(&self.shipping.path)?.filter(|log| log.salts == written.salts);
            let log = log.ok_or_else(|| StoreError::Io(std::io::Error::other("the write-ahead log was replaced")))?;
            while chain.frames < written.frames {
                add(chain, &log, written, &self.shipping)?;
            }
        }
        let wants_new_log = self.copying.is_none() && is_due(chain, &self.shipping, &*self.clock);
        self.shipping.want_new_log(wants_new_log);
        Ok(())
    }

    /// Copies a piece of the database, or ends its copy.
    fn copy(&mut self) -> Result<()> {
        let Some(copying) = &mut self.copying else { return Ok(()) };
        if copying.piece(&self.shipping.database)? {
            return Ok(());
        }
        // What was written back while it was copied came from the log up to here at most.
        let Some(written) = self.shipping.written() else { return Ok(()) };
        self.ship(&written)?;
        let (Some(chain), Some(copying)) = (&mut self.chain, self.copying.take()) else { return Ok(()) };
        let made = self.clock.now();
        copying.finish(chain.newest.number, written.reached, made)?;
        chain.base_made = Some(made);
        self.prune(made)
    }

    /// Removes what no moment that is to be kept needs.
    fn prune(&self, now: i64) -> Result<()> {
        let Some(chain) = &self.chain else { return Ok(()) };
        let keep = i64::try_from(self.shipping.settings.keep.as_millis()).unwrap_or(i64::MAX);
        let is_old = |made: i64| made < now.saturating_sub(keep);
        let stretches = place::stretches(&chain.folder)?;
        let made = |stretch| Base::of(stretch, false).ok().flatten().map(|base| base.made);
        // What is before a base that is old enough is needed by nothing that is kept.
        let kept = stretches.iter().rposition(|(_, stretch)| made(stretch).is_some_and(is_old)).unwrap_or(0);
        for (_, stretch) in stretches.iter().take(kept) {
            place::remove(stretch)?;
        }
        if stretches.iter().find_map(|(_, stretch)| made(stretch)).is_some_and(is_old) {
            for (_, folder) in place::chains(&self.shipping.settings.to)?.iter().filter(|(_, folder)| *folder != chain.folder) {
                place::remove(folder)?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, done: &Result<()>) {
        match (done, self.failing) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => {
                tracing::warn!("the backup in {} goes on", self.shipping.settings.to.display());
                self.failing = None;
            }
            (Err(_), Some(said)) if said.elapsed() < REMINDER => {}
            (Err(e), _) => {
                tracing::error!("the backup in {} stands still, and is tried again: {e}", self.shipping.settings.to.display());
                self.failing = Some(Moment::now());
            }
        }
    }
}

/// Whether another base is to be made.
fn is_due(chain: &Chain, shipping: &Shipping, clock: &dyn Clock) -> bool {
    let every = i64::try_from(shipping.settings.base_every.as_millis()).unwrap_or(i64::MAX);
    chain.base_made.is_none_or(|made| clock.now().saturating_sub(made) >= every)
}

/// Adds a segment with the next frames.
fn add(chain: &mut Chain, log: &LogFile, written: &Written, shipping: &Shipping) -> Result<()> {
    let frames = log.frames(chain.frames, written.frames, MOST_FRAMES)?;
    let count = u32::try_from(frames.len() / (FRAME_HEAD + log.page_bytes)).unwrap_or(u32::MAX);
    let head = Head {
        number: chain.newest.number + 1,
        after: chain.newest.seal,
        from: chain.until,
        reached: written.reached.clone(),
        first: chain.frames,
        count,
        page_bytes: log.page_bytes,
    };
    let seal = segment::write(&chain.stretch, &head, &frames)?;
    let newest = Newest { number: head.number, seal };
    newest.write(&chain.folder)?;
    (chain.newest, chain.until) = (newest, head.reached.at);
    chain.frames += count;
    shipping.shipped(chain.log, chain.frames, seal);
    Ok(())
}
