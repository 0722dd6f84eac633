//! Makes AuditEvents of the journal's rows, each exactly once.
//!
//! Some hundreds of events go into the store with one commit, which also moves the tenant's cursor (`audit-reads.` and the journal's id)
//! behind the rows that they were made of: so a row becomes events once, wherever the process is killed. Only rows that are on the disk are
//! taken: the cursor never stands before a place that a power cut could give to other rows. A file all of whose rows are in the store is
//! removed.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use store::commit::{Commit, CommitError, Key, Put, Tenant};
use store::contract::{ReadError, Store};

use crate::event::Scribe;
use crate::happening::{Entity, Happening};
use crate::journal::reader::Reader;
use crate::journal::{Journal, Place};
use crate::patients;

/// A commit has this many events, or those of one row.
const EVENTS_OF_A_COMMIT: usize = 500;
/// For so many versions it is kept whose record they are in.
const MOST_KEPT: usize = 65_536;

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
    kept: HashMap<(Tenant, Entity), Vec<Box<str>>>,
    /// The family names of patients, as they were when they were first asked for.
    names: HashMap<(Tenant, Box<str>), Vec<Box<str>>>,
}

/// What the rows of one tenant become.
struct Batch {
    tenant: Tenant,
    puts: Vec<Put>,
    rows: u64,
    /// The place behind the last of its rows.
    behind: u64,
}

impl Materialiser {
    /// One for a journal and the store that the events go to.
    pub fn new(journal: Arc<Journal>, store: Arc<dyn Store>, scribe: Arc<Scribe>) -> Self {
        Self { journal, store, scribe, observer: None, reader: None, cursors: HashMap::new(), kept: HashMap::new(), names: HashMap::new() }
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
        let mut step = Step::default();
        // A file is done with when it was before it is read to its end.
        let synced = self.journal.synced();
        // Dropped after an error: the next step reads the file anew, up to the cursors.
        let Some(mut reader) = self.next_reader()? else { return Ok(step) };
        let (file, damaged) = (reader.id().number, reader.damaged);
        let (batches, is_at_end) = self.read_batches(&mut reader, synced).await?;
        step.damaged_bytes = reader.damaged - damaged;
        for batch in batches {
            step.rows += batch.rows;
            step.events += batch.puts.len() as u64;
            self.commit(batch).await?;
        }
        let is_done_with = is_at_end && file < synced.file;
        step.has_more = step.rows > 0 || is_done_with;
        if is_done_with {
            self.journal.remove(file)?;
        } else {
            self.reader = Some(reader);
        }
        Ok(step)
    }

    /// How many bytes of the journal are not in the store yet, about.
    pub fn behind(&self) -> u64 {
        self.journal.bytes().saturating_sub(self.reader.as_ref().map_or(0, |reader| reader.place().offset))
    }

    /// Does all that there is to do.
    pub async fn run(&mut self) -> Result<Step, MaterialiseError> {
        let mut all = Step::default();
        loop {
            let step = self.step().await?;
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
            let reader = Reader::open(&self.journal.path(number))?;
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
                batches.push(Batch { tenant, puts: Vec::new(), rows: 0, behind: 0 });
                batches.len() - 1
            });
            let batch = &mut batches[index];
            batch.puts.extend(puts);
            batch.rows += 1;
            batch.behind = place.number() + 1;
        }
        Ok((batches, false))
    }

    /// The events of a row, under ids that follow from its place.
    async fn puts(&mut self, place: Place, happening: &Happening) -> Result<Vec<Put>, MaterialiseError> {
        let mut touched = Vec::with_capacity(happening.entities.len());
        for entity in &happening.entities {
            touched.push(self.patients(happening.tenant, entity).await?);
        }
        let mut events = self.scribe.events(happening, &touched);
        if let Some(mut observer) = self.observer.take() {
            let families = self.families(happening, &touched).await;
            let found = families.map(|families| observer.observe(&Seen { happening, touched: &touched, families: &families }));
            self.observer = Some(observer);
            events.extend(found?.iter().flat_map(|found| self.scribe.events(found, &[])));
        }
        let id = |index: usize| format!("r{:016x}-{}-{}-{index}", self.journal.id(), place.file, place.offset);
        Ok(events.iter().enumerate().map(|(index, event)| self.scribe.put(&id(index), event)).collect())
    }

    /// The patients in whose records a version is; those of the current one when the row names none. None when it was erased.
    async fn patients(&mut self, tenant: Tenant, entity: &Entity) -> Result<Vec<Box<str>>, MaterialiseError> {
        if !patients::may_touch(entity.key.kind) {
            return Ok(Vec::new());
        }
        if entity.key.kind == patients::patient() {
            return Ok(vec![entity.key.id.clone()]);
        }
        let name = (tenant, entity.clone());
        if let Some(kept) = self.kept.get(&name).filter(|_| entity.version > 0) {
            return Ok(kept.clone());
        }
        let version = match entity.version {
            0 => self.store.read(tenant, &entity.key).await?,
            version => self.store.vread(tenant, &entity.key, version).await?,
        };
        let found = version.map_or_else(Vec::new, |version| patients::of_version(&self.scribe.registry(), &version));
        if entity.version > 0 {
            if self.kept.len() >= MOST_KEPT {
                self.kept.clear();
            }
            self.kept.insert(name, found.clone());
        }
        Ok(found)
    }

    /// The family names of all patients that a happening touched.
    async fn families(
        &mut self,
        happening: &Happening,
        touched: &[Vec<Box<str>>],
    ) -> Result<Vec<(Box<str>, Vec<Box<str>>)>, MaterialiseError> {
        let mut ids: Vec<&Box<str>> = happening.patients.iter().chain(touched.iter().flatten()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut families = Vec::with_capacity(ids.len());
        for id in ids {
            let name = (happening.tenant, id.clone());
            if !self.names.contains_key(&name) {
                let key = Key { kind: patients::patient(), id: id.clone() };
                let version = self.store.read(happening.tenant, &key).await?;
                let found = version.map_or_else(Vec::new, |version| patients::families(&self.scribe.registry(), &version));
                if self.names.len() >= MOST_KEPT {
                    self.names.clear();
                }
                self.names.insert(name.clone(), found);
            }
            families.push((id.clone(), self.names.get(&name).cloned().unwrap_or_default()));
        }
        Ok(families)
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

    async fn commit(&mut self, batch: Batch) -> Result<(), MaterialiseError> {
        let mut commit = Commit::new(batch.tenant, "ward", "audit");
        commit.audit = batch.puts;
        commit.advance = vec![(self.cursor_name(), batch.behind)];
        self.store.commit(commit).await.map_err(MaterialiseError::Commit)?;
        self.cursors.insert(batch.tenant, batch.behind);
        Ok(())
    }
}
