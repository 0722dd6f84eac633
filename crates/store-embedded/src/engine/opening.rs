//! Opening a store: the lock, the truth, the index brought up to it, the writer.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::Mutex;
use rusqlite::Connection;
use store::commit::Tenant;
use store::contract::Extract;
use tokio::sync::watch;

use super::Embedded;
use super::turns::Turns;
use crate::backup::shipper::Shipper;
use crate::backup::shipping::Shipping;
use crate::error::{Result, StoreError};
use crate::folder;
use crate::index::blind::Blind;
use crate::index::custom::Custom;
use crate::index::opening::{self, Making, Origin};
use crate::index::update::Grown;
use crate::index::{Index, definitions, replay};
use crate::indexer::Indexer;
use crate::options::Options;
use crate::samples::Samples;
use crate::shared::Shared;
use crate::truth::bodies::Bodies;
use crate::truth::dictionary::Dictionaries;
use crate::truth::pool::Pool;
use crate::truth::{self, erased_keys, log, sql};
use crate::writer::Writer;
use crate::writer::group::Last;
use crate::writer::queue::Queue;
use crate::writer::write_ahead::WriteAhead;

/// The file whose lock says that the data directory is in use.
const LOCK: &str = "ward.lock";

impl Embedded {
    /// Opens the store in a data directory, or makes one. An index that is behind is brought up to the truth first; one that
    /// is missing, damaged or of another origin is made anew, which takes a minute or so for each million versions.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open ([`hold`]), [`StoreError::Newer`] when a newer program wrote it; and
    /// whatever the files say.
    pub fn open(options: Options) -> Result<Self> {
        let held = match options.held.clone() {
            Some(held) => held,
            None => Arc::new(hold(&options.path)?),
        };
        let file = truth::path_in(&options.path);
        let mut connection = truth::open_writer(&file, &options)?;
        if let Some(most) = options.most_pages {
            connection.pragma_update(None, "max_page_count", most)?;
        }
        within_bounds(&connection, &options)?;
        let swept = erased_keys::sweep(&mut connection, options.body_seal.as_ref(), options.clock.now())?;
        if swept > 0 {
            tracing::info!("{swept} versions were emptied: their keys were destroyed");
        }
        let bodies = Bodies::new(dictionaries(&connection)?, options.body_seal.clone());
        let seal = |number| options.index_seal.clone().map(|keys| Blind::new(keys, Arc::clone(&options.extract), number));
        let blind = seal(opening::number(&connection)?);
        let origin = Origin::of(&connection, options.extract.fingerprint(), blind.as_ref())?;
        let index = opening::open(&connection, &options.path, Making { origin, sizes: options.index_sizes(), blind })?;
        define(&connection, &bodies, &index, &*options.extract)?;
        if options.replay {
            let on_progress = Arc::clone(&options.on_progress);
            let replayed = replay::catch_up(&connection, &bodies, &index, &*options.extract, &mut |done| on_progress(done))?;
            if replayed > 0 {
                tracing::info!("{replayed} versions were brought into the index");
            }
        }
        let shared = Arc::new(Shared::new(options.path.clone(), Pool::new(&file), bodies, index, options.cache_bytes));
        Self::start(options, shared, connection, held)
    }

    fn start(options: Options, shared: Arc<Shared>, mut connection: Connection, held: Arc<Held>) -> Result<Self> {
        let (index_sizes, index_seal) = (options.index_sizes(), options.index_seal.clone());
        let (queue, orders) = Queue::new(options.patience);
        let (applied, watcher) = watch::channel(0);
        let (tenants, last_at) = tenants(&connection)?;
        let (indexer, woken) = std::sync::mpsc::channel();
        let file = truth::path_in(&options.path);
        let shipping = options.continuous.map(|settings| Shipping::new(settings, &file, options.clock.now())).transpose()?.map(Arc::new);
        let write_ahead = WriteAhead::new(&mut connection, file, options.checkpoint_pages, shipping.clone())?;
        let mut writer = Writer {
            shared: Arc::clone(&shared),
            next_row: log::last_row(&connection)? + 1,
            connection,
            extract: Arc::clone(&options.extract),
            clock: Arc::clone(&options.clock),
            on_fatal: options.on_fatal,
            applied,
            tenants,
            last_at,
            grown: Grown::default(),
            indexer,
            write_ahead,
            answers_early: options.answers_early,
        };
        let index = shared.index();
        writer.redefine(&index, |custom| custom)?;
        let work =
            Indexer { shared: Arc::clone(&shared), extract: Arc::clone(&options.extract), queue: queue.clone(), on_step: options.on_step };
        let indexing = std::thread::Builder::new().name("ward-indexer".to_owned()).spawn(move || work.run(&woken))?;
        // The backup has to know how far the log is before it looks at it.
        writer.keep_log()?;
        if let Some(shipping) = shipping.clone() {
            let shipper = Shipper::new(shipping, queue.clone(), options.clock);
            // Nobody waits for it to end: its place may never answer.
            std::thread::Builder::new().name("ward-backup".to_owned()).spawn(move || shipper.run())?;
        }
        let thread = std::thread::Builder::new().name("ward-writer".to_owned()).spawn(move || writer.run(orders))?;
        Ok(Self {
            shared,
            queue,
            threads: Mutex::new(vec![thread, indexing]),
            applied: watcher,
            samples: Samples::default(),
            extract: options.extract,
            search_time: options.search_time,
            turns: Turns::new(options.searches, options.long_searches, options.patience),
            index_sizes,
            index_seal,
            closed: AtomicBool::new(false),
            shipping,
            opened_after: last_at,
            _held: held,
        })
    }
}

/// Refuses a clock that is too far from the newest commit.
fn within_bounds(connection: &Connection, options: &Options) -> Result<()> {
    let (Some(bounds), (tenants, newest)) = (options.clock_bounds, tenants(connection)?) else { return Ok(()) };
    let now = options.clock.now();
    let ms = |bound: std::time::Duration| i64::try_from(bound.as_millis()).unwrap_or(i64::MAX);
    let is_within = now >= newest.saturating_sub(ms(bounds.behind)) && now <= newest.saturating_add(ms(bounds.ahead));
    if tenants.is_empty() || is_within { Ok(()) } else { Err(StoreError::Clock { newest, now }) }
}

/// Whether a process has the store of a data directory open at this moment.
pub fn is_held(directory: &Path) -> bool {
    let lock = File::options().write(true).open(directory.join(LOCK));
    lock.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// A data directory that no other process opens as long as this is there.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

/// Takes a data directory for this process, which is made when it is missing: for whoever opens it later ([`Options::held`]), and lets nobody come in between.
///
/// # Errors
/// [`StoreError::InUse`] when another process has it; and whatever the file system says.
pub fn hold(directory: &Path) -> Result<Held> {
    folder::make(directory)?;
    lock(directory).map(|lock| Held { _lock: lock })
}

/// Takes the lock of a data directory.
pub(crate) fn lock(directory: &Path) -> Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(directory.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(directory.to_owned())),
        Err(TryLockError::Error(e)) => Err(e.into()),
    }
}

/// Takes over what the resources of the truth define, before what the index has missed is extracted by it.
fn define(connection: &Connection, bodies: &Bodies, index: &Index, extract: &dyn Extract) -> Result<()> {
    let Some(kind) = extract.definitions() else { return Ok(()) };
    extract.define(&definitions::current(connection, bodies, index, kind)?);
    // What is empty gets all entries from the replay.
    let custom = match index.applied()? {
        0 => Custom::complete(extract.defined()),
        _ => Custom::of(index)?.redefined(extract.defined()),
    };
    custom.write(index);
    Ok(())
}

fn dictionaries(connection: &Connection) -> Result<Dictionaries> {
    let dictionaries = Dictionaries::default();
    let mut statement = connection.prepare(sql::ALL_DICTIONARIES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        dictionaries.add(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(dictionaries)
}

/// How far each tenant is, and when the last commit was.
fn tenants(connection: &Connection) -> Result<(HashMap<Tenant, Last>, i64)> {
    let mut tenants = HashMap::new();
    let mut last_at = 0;
    let mut statement = connection.prepare(sql::ALL_TENANTS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let last = Last { sequence: row.get::<_, i64>(1)? as u64, job: row.get::<_, i64>(3)? as u64 };
        tenants.insert(Tenant(row.get(0)?), last);
        last_at = last_at.max(row.get(2)?);
    }
    Ok((tenants, last_at))
}
