//! Makes AuditEvents of the journal's rows, each exactly once.
//!
//! Some hundreds of events go into the store with one commit, which also moves the tenant's cursor (`audit-reads.` and the journal's id)
//! behind the rows that they were made of: so a row becomes events once, wherever the process is killed. Only rows that are on the disk are
//! taken: the cursor never stands before a place that a power cut could give to other rows. A file all of whose rows are in the store is
//! removed.
//!
//! - `flight`: the commit that is under way while the next rows are read.
//! - `touched`: whose records a row is about.

mod flight;
mod touched;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use store::commit::{CommitError, Put, Tenant};
use store::contract::{ReadError, Store};

use self::flight::{Flight, Flown};
use self::touched::Records;
use crate::event::Scribe;
use crate::event::form::Forms;
use crate::happening::Happening;
use crate::journal::reader::Reader;
use crate::journal::{Journal, Place};

/// A commit has this many events, or those of one row.
const EVENTS_OF_A_COMMIT: usize = 500;

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Rows read.
    pub rows: u64,
    /// AuditEvents written.
    pub events: u64,
    /// Bytes that were no rows: torn by a kill at the end of a file, or damaged.
    pub damaged_bytes: u64,
    /// Whether there may be more to do at once.
    pub has_more: bool,
}

/// Why a step was not done. It is tried again by the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaterialiseError {
    /// A file of the journal cannot be read or removed: what the system said.
    File(String),
    /// The store does not answer.
    Read(ReadError),
    /// The store does not take the events.
    Commit(CommitError),
}

impl fmt::Display for MaterialiseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MaterialiseError::File(what) => write!(f, "a file of the audit trail of reads: {what}"),
            MaterialiseError::Read(error) => write!(f, "the audit trail of reads waits for the store: {error}"),
            MaterialiseError::Commit(error) => write!(f, "the store does not take the audit trail of reads: {error:?}"),
        }
    }
}

impl std::error::Error for MaterialiseError {}

impl From<std::io::Error> for MaterialiseError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.to_string())
    }
}

impl From<ReadError> for MaterialiseError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// A happening with what it touched.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What happened.
    pub happening: &'a Happening,
    /// For each of its entities, the patients in whose records it is.
    pub touched: &'a [Vec<Box<str>>],
    /// The family names of these patients, folded as searches fold them; empty when nobody asked for them.
    pub families: &'a [(Box<str>, Vec<Box<str>>)],
}

impl<'a> Seen<'a> {
    /// All patients that it touched.
    pub fn patients(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.happening.patients.iter().chain(self.touched.iter().flatten()).map(|id| &**id)
    }
}

/// Told of each happening that comes from the journal: what it returns goes into the store beside it.
pub trait Observer: Send {
    /// Looks at what happened.
    fn observe(&mut self, seen: &Seen<'_>) -> Vec<Happening>;
}

/// Makes AuditEvents of a journal's rows.
pub struct Materialiser {
    journal: Arc<Journal>,
    store: Arc<dyn Store>,
    scribe: Arc<Scribe>,
    observer: Option<Box<dyn Observer>>,
    reader: Option<Reader>,
    /// For each tenant met so far, the place behind its last row in the store.
    cursors: HashMap<Tenant, u64>,
    records: Records,
    forms: Forms,
    flight: Flight,
}

/// What the rows of one tenant become.
struct Batch {
    tenant: Tenant,
    puts: Vec<Put>,
    rows: u64,
    /// Where the cursor is behind its rows.
    behind: u64,
    /// Where the last of its rows ends.
    end: Place,
}

impl Materialiser {
    /// One for a journal and the store that the events go to.
    pub fn new(journal: Arc<Journal>, store: Arc<dyn Store>, scribe: Arc<Scribe>) -> Self {
        let records = Records::new(store.clone(), scribe.clone());
        Self {
            journal,
            store,
            scribe,
            observer: None,
            reader: None,
            cursors: HashMap::new(),
            records,
            forms: Forms::default(),
            flight: Flight::default(),
        }
    }

    /// The same, with somebody who is told of each happening.
    pub fn with_observer(mut self, observer: Box<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Takes the next rows, as many as make some hundreds of events, into the store, and removes files that are done with.
    ///
    /// After an error the rows are still there for the next call; whoever observes may be told of them again.
    pub async fn step(&mut self) -> Result<Step, MaterialiseError> {
        let step = self.go_on().await?;
        self.settle().await?;
        Ok(step)
    }

    /// The same, but the last commit may be under way when it returns, so that events are made while others are written. An error may be that of an earlier call.
    pub async fn go_on(&mut self) -> Result<Step, MaterialiseError> {
        let gone_on = match self.gather().await {
            Ok((step, batches, done_with)) => self.hand_over(batches, done_with).await.map(|()| step),
            Err(error) => Err(error),
        };
        match gone_on {
            Ok(step) if step.has_more => Ok(step),
            Ok(step) => self.settle().await.map(|()| step),
            Err(error) => {
                self.give_up().await;
                Err(error)
            }
        }
    }

    /// Waits until all that was handed to the store is there.
    pub async fn settle(&mut self) -> Result<(), MaterialiseError> {
        while let Some(flown) = self.flight.land().await {
            if let Err(error) = self.landed(flown) {
                self.give_up().await;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Reads the next rows and makes their events. Gives the number of the file as well, when it is done with behind them.
    async fn gather(&mut self) -> Result<(Step, Vec<Batch>, Option<u32>), MaterialiseError> {
        let mut step = Step::default();
        // A file is done with when it was before it is read to its end.
        let synced = self.journal.synced();
        // Dropped after an error: the next step reads the file anew, up to the cursors.
        let Some(mut reader) = self.next_reader()? else { return Ok((step, Vec::new(), None)) };
        let (file, damaged) = (reader.id().number, reader.damaged);
        let (batches, is_at_end) = self.read_batches(&mut reader, synced).await?;
        step.damaged_bytes = reader.damaged - damaged;
        step.rows = batches.iter().map(|batch| batch.rows).sum();
        step.events = batches.iter().map(|batch| batch.puts.len() as u64).sum();
        let is_done_with = is_at_end && file < synced.file;
        step.has_more = step.rows > 0 || is_done_with;
        if !is_done_with {
            self.reader = Some(reader);
        }
        Ok((step, batches, is_done_with.then_some(file)))
    }

    /// Hands batches to the store, and removes the file that is done with behind them.
    async fn hand_over(&mut self, batches: Vec<Batch>, done_with: Option<u32>) -> Result<(), MaterialiseError> {
        for batch in batches {
            if let Some(flown) = self.flight.land().await {
                self.landed(flown)?;
            }
            self.flight.begin(self.store.clone(), batch, self.cursor_name());
            // Where there is one thread for all, the commit is brought to the store before the next events are made.
            tokio::task::yield_now().await;
        }
        if let Some(file) = done_with {
            if let Some(flown) = self.flight.land().await {
                self.landed(flown)?;
            }
            self.journal.remove(file)?;
        }
        Ok(())
    }

    fn landed(&mut self, flown: Flown) -> Result<(), MaterialiseError> {
        flown.result.map_err(MaterialiseError::Commit)?;
        self.cursors.insert(flown.tenant, flown.behind);
        self.journal.told(flown.end);
        Ok(())
    }

    /// After an error: what is under way ends as it will, and the next step begins with what the store has.
    async fn give_up(&mut self) {
        while self.flight.land().await.is_some() {}
        self.cursors.clear();
        self.reader = None;
    }

    /// How many bytes of rows are not in the store yet, about: [`Journal::waiting`].
    pub fn behind(&self) -> u64 {
        self.journal.waiting()
    }

    /// Does all that there is to do.
    pub async fn run(&mut self) -> Result<Step, MaterialiseError> {
        let mut all = Step::default();
        loop {
            let step = self.go_on().await?;
            all.rows += step.rows;
            all.events += step.events;
            all.damaged_bytes += step.damaged_bytes;
            if !step.has_more {
                return Ok(all);
            }
        }
    }

    /// The reader of the first file that has something to read, where it was left.
    fn next_reader(&mut self) -> Result<Option<Reader>, MaterialiseError> {
        if let Some(reader) = self.reader.take() {
            return Ok(Some(reader));
        }
        for number in self.journal.files()? {
            let reader = self.journal.reader(number)?;
            if let Some(reader) = reader.filter(|reader| reader.id().journal == self.journal.id()) {
                return Ok(Some(reader));
            }
        }
        Ok(None)
    }

    /// Reads rows until there are enough events, and says whether the file has no more for now.
    async fn read_batches(&mut self, reader: &mut Reader, synced: Place) -> Result<(Vec<Batch>, bool), MaterialiseError> {
        let until = if reader.id().number < synced.file { u64::MAX } else { synced.offset };
        let (mut batches, mut events): (Vec<Batch>, usize) = (Vec::new(), 0);
        while events < EVENTS_OF_A_COMMIT {
            let Some((place, happening)) = reader.next(until)? else { return Ok((batches, true)) };
            let tenant = happening.tenant;
            if place.number() < self.cursor(tenant).await? {
                continue;
            }
            let puts = self.puts(place, &happening).await?;
            events += puts.len();
            let index = batches.iter().position(|batch| batch.tenant == tenant).unwrap_or_else(|| {
                batches.push(Batch { tenant, puts: Vec::new(), rows: 0, behind: 0, end: place });
                batches.len() - 1
            });
            let batch = &mut batches[index];
            batch.puts.extend(puts);
            batch.rows += 1;
            (batch.behind, batch.end) = (place.number() + 1, reader.place());
        }
        Ok((batches, false))
    }

    /// The events of a row, under ids that follow from its place.
    async fn puts(&mut self, place: Place, happening: &Happening) -> Result<Vec<Put>, MaterialiseError> {
        let mut touched = Vec::with_capacity(happening.entities.len());
        for entity in &happening.entities {
            touched.push(self.records.patients(happening.tenant, entity).await?);
        }
        let id = |index: usize| format!("r{:016x}-{}-{}-{index}", self.journal.id(), place.file, place.offset);
        let mut puts = self.forms.puts(&self.scribe, happening, &touched, &id);
        if let Some(mut observer) = self.observer.take() {
            let families = self.records.families(happening, &touched).await;
            let found = families.map(|families| observer.observe(&Seen { happening, touched: &touched, families: &families }));
            self.observer = Some(observer);
            for event in found?.iter().flat_map(|found| self.scribe.events(found, &[])) {
                puts.push(self.scribe.put(&id(puts.len()), &event));
            }
        }
        Ok(puts)
    }

    async fn cursor(&mut self, tenant: Tenant) -> Result<u64, MaterialiseError> {
        if let Some(cursor) = self.cursors.get(&tenant) {
            return Ok(*cursor);
        }
        let cursor = self.store.cursor(tenant, &self.cursor_name()).await?;
        self.cursors.insert(tenant, cursor);
        Ok(cursor)
    }

    fn cursor_name(&self) -> String {
        format!("audit-reads.{:016x}", self.journal.id())
    }
}
