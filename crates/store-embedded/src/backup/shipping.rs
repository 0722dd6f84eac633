//! What the writer and the thread of the continuous backup tell each other.
//!
//! The writer says how far the write-ahead log is; the backup says how far it has copied it. The log is begun anew only when both are the same, or when it has
//! grown beyond its bound: then what is lost to the backup is said, and it begins again with a new base.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Moment};

use parking_lot::{Condvar, Mutex};
use store::commit::Instant;

use super::closing;
use super::sealed::Seal;
use super::segment::Reached;
use crate::error::Result;
use crate::options::Continuous;
use crate::truth::wal::Salts;

/// How long the writer waits for the last few frames to be copied, when the backup is well.
const PATIENCE: Duration = Duration::from_millis(250);

/// How many frames the writer waits for at most.
const FEW_FRAMES: u32 = 2048;

/// How long the last copy may take when the store closes.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// How far the log is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) salts: Salts,
    pub(crate) frames: u32,
    pub(crate) reached: Reached,
}

/// How far the backup is, for whoever watches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupState {
    /// The moment at which everything acknowledged was last known to be in the backup, and restorable, by the store's clock.
    pub whole_at: Instant,
    /// Whether everything acknowledged so far is in the backup, and restorable.
    pub is_whole: bool,
    /// Whether the last attempt to write went well.
    pub is_well: bool,
    /// How many segments were written since the store opened.
    pub segments: u64,
    /// How often the backup had to begin anew because its place could not be reached for too long.
    pub gaps: u64,
}

pub(crate) struct Shipping {
    pub(crate) settings: Continuous,
    /// The database file. It stays open: closing it would drop the locks that SQLite has on it in this process.
    pub(crate) database: File,
    pub(crate) path: PathBuf,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    written: Written,
    shipped: Option<(Salts, u32)>,
    seal: Option<Seal>,
    /// The last segment before the store was closed in good order, when nothing has touched the database since.
    closed_after: Option<Seal>,
    /// The log is to be copied to its end at once.
    is_urgent: bool,
    /// The writer wants to be told when it is.
    writer_waits: bool,
    /// The backup waits for a new log.
    wants_new_log: bool,
    /// Frames were lost to the backup.
    is_broken: bool,
    is_closing: bool,
    has_ended: bool,
    public: BackupState,
}

/// What the backup has to do next.
pub(crate) struct Call {
    pub(crate) written: Written,
    /// Whether frames were lost since the last call.
    pub(crate) is_broken: bool,
    /// Whether the log is to be copied at once.
    pub(crate) is_urgent: bool,
    pub(crate) is_closing: bool,
}

impl Shipping {
    /// For a database that was just opened.
    pub(crate) fn new(settings: Continuous, database: &Path, now: Instant) -> Result<Self> {
        let public = BackupState { whole_at: now, is_whole: false, is_well: true, segments: 0, gaps: 0 };
        let state = State {
            written: Written::default(),
            shipped: None,
            seal: None,
            closed_after: closing::seal_of(database),
            is_urgent: false,
            writer_waits: false,
            wants_new_log: false,
            is_broken: false,
            is_closing: false,
            has_ended: false,
            public,
        };
        Ok(Self { settings, database: File::open(database)?, path: database.to_owned(), state: Mutex::new(state), changed: Condvar::new() })
    }

    /// How far the backup is.
    pub(crate) fn state(&self) -> BackupState {
        let state = self.state.lock();
        BackupState { is_whole: state.public.is_whole && state.has_all(), ..state.public }
    }

    // What the writer says and asks.

    /// The log was written up to here, durably.
    pub(crate) fn publish(&self, written: Written) {
        self.state.lock().written = written;
    }

    /// Whether the backup waits for the log to be begun anew.
    pub(crate) fn wants_new_log(&self) -> bool {
        self.state.lock().wants_new_log
    }

    /// Whether everything published is copied. When little is missing and the backup is well, that is waited for, a moment.
    pub(crate) fn has_all(&self) -> bool {
        if !self.settings.keeps_log {
            return true;
        }
        let mut state = self.state.lock();
        if state.has_all() {
            return true;
        }
        (state.is_urgent, state.writer_waits) = (true, true);
        self.changed.notify_all();
        let until = Moment::now() + PATIENCE;
        while state.public.is_well && state.missing() <= FEW_FRAMES && !state.has_all() {
            if self.changed.wait_until(&mut state, until).timed_out() {
                // Until it has written something, nobody waits for it again.
                state.public.is_well = false;
                break;
            }
        }
        state.has_all()
    }

    /// The log will be begun anew although not all of it was copied.
    pub(crate) fn give_up(&self) {
        let mut state = self.state.lock();
        (state.is_broken, state.closed_after) = (true, None);
        state.public.gaps += 1;
    }

    /// The file of the log was emptied.
    pub(crate) fn emptied(&self) {
        self.state.lock().written.frames = 0;
    }

    /// Lets the backup copy what is left, and end. Says whether all is copied, and the seal of the last segment.
    pub(crate) fn finish(&self) -> (bool, Option<Seal>) {
        let mut state = self.state.lock();
        state.is_closing = true;
        self.changed.notify_all();
        let until = Moment::now() + LAST_PATIENCE;
        while !state.has_ended && !self.changed.wait_until(&mut state, until).timed_out() {}
        (state.has_all(), state.seal)
    }

    // What the backup says and asks.

    /// Waits for the next thing to do: at most for `pause`.
    pub(crate) fn next(&self, pause: Duration) -> Call {
        let mut state = self.state.lock();
        let until = Moment::now() + pause;
        while !state.is_urgent && !state.is_closing && !self.changed.wait_until(&mut state, until).timed_out() {}
        let is_urgent = std::mem::take(&mut state.is_urgent) || state.is_closing;
        Call { written: state.written.clone(), is_broken: std::mem::take(&mut state.is_broken), is_urgent, is_closing: state.is_closing }
    }

    /// How far the log is now; `None` when frames were lost since the last call.
    pub(crate) fn written(&self) -> Option<Written> {
        let state = self.state.lock();
        (!state.is_broken).then(|| state.written.clone())
    }

    /// A segment was written: the log is copied up to here.
    pub(crate) fn shipped(&self, log: Salts, frames: u32, seal: Seal) {
        let mut state = self.state.lock();
        state.shipped = Some((log, frames));
        state.seal = Some(seal);
        state.public.segments += 1;
        state.public.is_well = true;
        self.changed.notify_all();
    }

    /// The backup goes on after what is in its place already, or begins there.
    pub(crate) fn resumed(&self, log: Salts, frames: u32, seal: Seal) {
        let mut state = self.state.lock();
        state.shipped = Some((log, frames));
        state.seal = Some(seal);
    }

    /// Whether the log is to be begun anew, as soon as it can be.
    pub(crate) fn want_new_log(&self, wants: bool) {
        self.state.lock().wants_new_log = wants;
    }

    /// A round of work ended; `whole_at`: everything from before then can be restored. Says whether the writer is to be told that all is copied.
    pub(crate) fn report(&self, is_well: bool, whole_at: Option<Instant>) -> bool {
        let mut state = self.state.lock();
        state.public.is_well = is_well;
        state.public.is_whole = whole_at.is_some();
        state.public.whole_at = whole_at.unwrap_or(state.public.whole_at);
        self.changed.notify_all();
        let is_awaited = state.has_all() && (state.writer_waits || state.wants_new_log);
        state.writer_waits &= !is_awaited;
        is_awaited
    }

    /// Whether the database is as it was closed when the segment with this seal was the last one.
    pub(crate) fn was_closed_after(&self, seal: Seal) -> bool {
        self.state.lock().closed_after == Some(seal)
    }

    /// The thread of the backup ends.
    pub(crate) fn end(&self) {
        self.state.lock().has_ended = true;
        self.changed.notify_all();
    }
}

impl State {
    fn has_all(&self) -> bool {
        !self.is_broken && (self.written.frames == 0 || self.shipped == Some((self.written.salts, self.written.frames)))
    }

    /// How many frames are not copied.
    fn missing(&self) -> u32 {
        match self.shipped {
            Some((salts, frames)) if salts == self.written.salts => self.written.frames - frames.min(self.written.frames),
            _ => self.written.frames,
        }
    }
}
