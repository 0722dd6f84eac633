//! Writes rows: whoever finds nobody writing writes what waits, its own row among it. Nobody's thread stands still for somebody else's write: a write takes
//! microseconds, and as long as the disk takes when the file is being synced.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::JoinHandle;

use tokio::sync::{Notify, oneshot};

use super::format::{self, FileId, Place};
use super::open;
use super::queue::{Group, Queue, Segment};
use super::reader::Reader;
use super::seal::Seal;
use super::syncing::{self, Syncing};
use super::{JournalError, Mode, Recovered, Settings};
use crate::happening::{Happening, Outcome};

/// The file that is written to.
struct Output {
    file: Arc<File>,
    number: u32,
    end: u64,
}

/// What callers and the syncing thread share.
pub(super) struct Shared {
    pub(super) settings: Settings,
    journal: u64,
    seal: Option<Arc<Seal>>,
    queue: Mutex<Queue>,
    /// Locked before `queue` by whoever needs both.
    output: Mutex<Output>,
    pub(super) syncing: Syncing,
    /// [`Place::number`] of the end of what is on the disk.
    synced: AtomicU64,
    /// How long all files are together.
    bytes: AtomicU64,
    /// How long all rows are that were written since it was opened.
    appended: AtomicU64,
    /// How many bytes of the first file are in the store.
    told: AtomicU64,
    /// Tells those who wait that there may be room.
    room: Notify,
}

/// A journal of reads that is open.
pub struct Journal {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    recovered: Recovered,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Journal {
    /// Opens the journal of a folder: files that are there are left for the [`Materialiser`](crate::Materialiser), and a new one is begun.
    ///
    /// Fails when the folder cannot be read or written, or the rows of a file are sealed and its key cannot be had.
    pub fn open(settings: Settings) -> io::Result<Self> {
        let opened = open::open(&settings)?;
        let seal = opened.seal.map(Arc::new);
        let place = Place { file: opened.id.number, offset: format::start(seal.as_deref()) };
        let shared = Arc::new(Shared {
            settings,
            journal: opened.id.journal,
            queue: Mutex::new(Queue::new(opened.id, seal.clone())),
            seal,
            output: Mutex::new(Output { file: Arc::new(opened.file), number: place.file, end: place.offset }),
            syncing: Syncing::default(),
            synced: AtomicU64::new(place.number()),
            bytes: AtomicU64::new(opened.bytes + place.offset),
            appended: AtomicU64::new(0),
            told: AtomicU64::new(place.offset),
            room: Notify::new(),
        });
        let thread = Some(syncing::start(&shared)?);
        Ok(Self { shared, thread, recovered: opened.recovered })
    }

    /// What was there when it was opened.
    pub fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// What tells this journal from every other, for as long as its folder lives.
    pub fn id(&self) -> u64 {
        self.shared.journal
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.shared.settings.folder
    }

    /// Whether reads are told of at all.
    pub fn is_on(&self) -> bool {
        self.shared.settings.mode != Mode::Off
    }

    /// How long all its files are together, in bytes.
    pub fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// Writes a happening down, in one row however much it touched, and returns when that is as safe as the mode says: then, and only then,
    /// the answer may go out.
    ///
    /// What else is ready on the calling thread comes first, so that many rows are one write; then it writes on that thread, or waits for whoever is writing.
    /// When it is dropped before it returns, the row may be written or not.
    pub async fn record(&self, happening: &Happening) -> Result<(), JournalError> {
        let waits = match self.shared.settings.mode {
            Mode::Off if happening.what.is_request() && happening.outcome == Outcome::Done => return Ok(()),
            Mode::Off => false,
            Mode::Synced => true,
            Mode::Written => false,
        };
        let group = match self.shared.add(happening) {
            Err(JournalError::Full) => self.shared.add_when_there_is_room(happening).await?,
            added => added?,
        };
        self.shared.written(&group).await?;
        if !waits {
            return Ok(());
        }
        let (waiter, synced) = oneshot::channel();
        self.shared.syncing.written(Some(waiter));
        synced.await.unwrap_or_else(|_| Err(JournalError::Failed("the journal was closed".to_owned())))
    }

    /// How many bytes of rows were written since it was opened.
    pub fn appended(&self) -> u64 {
        self.shared.appended.load(Ordering::Relaxed)
    }

    /// Brings what was written to the disk, now. For shutting down, and for whoever cannot wait for the next group.
    pub fn sync(&self) -> Result<(), JournalError> {
        self.shared.sync()
    }

    /// The end of what is on the disk: rows before it will not change, and none is added before it.
    pub fn synced(&self) -> Place {
        Place::of(self.shared.synced.load(Ordering::Acquire))
    }

    /// The numbers of its files, in order.
    pub(crate) fn files(&self) -> io::Result<Vec<u32>> {
        format::numbers(self.folder())
    }

    /// The file of a number, from its first row on. `None` when its head is torn or damaged.
    pub(crate) fn reader(&self, number: u32) -> io::Result<Option<Reader>> {
        Reader::open(&format::path(self.folder(), number), self.shared.settings.keys.as_deref())
    }

    /// Removes a file that is not written to any more.
    pub(crate) fn remove(&self, number: u32) -> io::Result<()> {
        let path = format::path(self.folder(), number);
        let bytes = std::fs::metadata(&path)?.len();
        std::fs::remove_file(path)?;
        self.shared.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.shared.told.store(self.shared.start(), Ordering::Relaxed);
        self.shared.room.notify_waiters();
        Ok(())
    }

    /// How many bytes of rows are not in the store yet, about: the rest of the first file, and all others. 0 when all are.
    pub fn waiting(&self) -> u64 {
        self.shared.waiting()
    }

    /// Says that the rows before a place in the first file are in the store.
    pub(crate) fn told(&self, place: Place) {
        self.shared.told.store(place.offset, Ordering::Relaxed);
        self.shared.room.notify_waiters();
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.syncing.end();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn add(&self, happening: &Happening) -> Result<Arc<Group>, JournalError> {
        let mut queue = locked(&self.queue);
        if self.waiting() + queue.waiting() as u64 > self.settings.most_bytes {
            return Err(JournalError::Full);
        }
        queue.add(happening, &self.settings)
    }

    /// The same, for as long as the settings let a read wait: rows become events meanwhile.
    async fn add_when_there_is_room(&self, happening: &Happening) -> Result<Arc<Group>, JournalError> {
        let waiting = async {
            loop {
                let mut room = pin!(self.room.notified());
                room.as_mut().enable();
                match self.add(happening) {
                    Err(JournalError::Full) => room.await,
                    added => return added,
                }
            }
        };
        tokio::time::timeout(self.settings.patience, waiting).await.unwrap_or(Err(JournalError::Full))
    }

    /// Where the rows of each file that is begun now begin.
    fn start(&self) -> u64 {
        format::start(self.seal.as_deref())
    }

    fn waiting(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed).saturating_sub(self.told.load(Ordering::Relaxed))
    }

    /// Waits until a group is written, or refused; writes it when nobody else does.
    async fn written(&self, group: &Group) -> Result<(), JournalError> {
        tokio::task::yield_now().await;
        loop {
            let mut done = pin!(group.done.notified());
            done.as_mut().enable();
            if let Some(outcome) = group.outcome.get() {
                return outcome.clone();
            }
            if self.try_write() {
                self.hand_over();
            } else {
                // Whoever has the output says so when they are done with it.
                done.await;
            }
        }
    }

    /// Writes what waits, unless somebody else has the output.
    fn try_write(&self) -> bool {
        let mut output = match self.output.try_lock() {
            Ok(output) => output,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        self.write(&mut output);
        true
    }

    /// Writes what waits.
    fn write(&self, output: &mut Output) {
        let (group, segments) = locked(&self.queue).take();
        let mut outcome = Ok(());
        for segment in &segments {
            if let Err(error) = self.write_segment(output, segment) {
                outcome = Err(self.not_written(output, segment, &error));
                break;
            }
        }
        if !segments.is_empty() {
            self.syncing.written(None);
        }
        group.end(outcome);
    }

    /// Lets somebody write whose row came in while the output was taken. For whoever had it, when they have let go of it.
    fn hand_over(&self) {
        locked(&self.queue).wake_one();
    }

    fn write_segment(&self, output: &mut Output, segment: &Segment) -> io::Result<()> {
        if output.number != segment.number {
            // What is synced later is the new file: the old one is done with now.
            output.file.sync_data()?;
            let id = FileId { journal: self.journal, number: segment.number };
            let file = open::create(&self.settings.folder, id, self.seal.as_deref())?;
            *output = Output { file: Arc::new(file), number: segment.number, end: self.start() };
            self.bytes.fetch_add(self.start(), Ordering::Relaxed);
        }
        output.file.write_all_at(&segment.bytes, segment.start)?;
        output.end = segment.start + segment.bytes.len() as u64;
        self.bytes.fetch_add(segment.bytes.len() as u64, Ordering::Relaxed);
        self.appended.fetch_add(segment.bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Makes as if a segment had never been begun, so that the next one can stand in its place.
    fn not_written(&self, output: &Output, segment: &Segment, error: &io::Error) -> JournalError {
        let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge);
        let is_cut = output.number != segment.number || output.file.set_len(segment.start).is_ok();
        let why = if is_full && is_cut { JournalError::Full } else { JournalError::Failed(error.to_string()) };
        let mut queue = locked(&self.queue);
        queue.go_back(segment.number, segment.start, &why);
        if matches!(why, JournalError::Failed(_)) {
            queue.failed = Some(why.clone());
        }
        why
    }

    /// Writes what waits, and syncs it. A sync that fails is not tried again: what the disk has is not known any more, and nothing more is taken.
    pub(super) fn sync(&self) -> Result<(), JournalError> {
        let (file, place) = {
            let mut output = locked(&self.output);
            self.write(&mut output);
            (output.file.clone(), Place { file: output.number, offset: output.end })
        };
        self.hand_over();
        if let Some(failed) = &locked(&self.queue).failed {
            return Err(failed.clone());
        }
        if let Err(error) = file.sync_data() {
            let why = JournalError::Failed(error.to_string());
            locked(&self.queue).failed = Some(why.clone());
            return Err(why);
        }
        self.synced.fetch_max(place.number(), Ordering::AcqRel);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use store::commit::Tenant;

    use super::*;
    use crate::happening::What;

    #[test]
    fn whoever_has_the_output_wakes_one_whose_row_came_in_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(Settings::new(folder.path())).unwrap();
        let happening = Happening::new(0, Tenant(1), What::SignIn(None));
        let mut recording = pin!(journal.record(&happening));
        let mut told = Context::from_waker(Waker::noop());
        let mut poll = || recording.as_mut().poll(&mut told);
        let taken = locked(&journal.shared.output);
        // It lets others go first, then finds the output taken, and waits.
        assert!((0..3).all(|_| poll().is_pending()));
        drop(taken);
        assert_eq!(poll(), Poll::Pending, "nobody has said that the output is free");
        journal.shared.hand_over();
        assert_eq!(poll(), Poll::Ready(Ok(())));
        assert!(journal.appended() > 0);
    }
}
