//! Indexes what was there before a parameter was defined: one thread, in steps small enough for commits to go on between them.
//!
//! A step reads and extracts on this thread, and is written by the writer, who leaves out what was written meanwhile: that brought its entries
//! along. How far it is stands in the index, so that the work goes on there after a restart.

use std::ops::Bound;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rusqlite::Connection;
use store::commit::{Key, Tenant};
use store::contract::{Extract, Indexing};
use store::entry::EntryValue;
use tokio::sync::oneshot;

use crate::error::{Result, StoreError};
use crate::index::custom::Custom;
use crate::index::head::Head;
use crate::index::listed::{self, Listed};
use crate::index::tree::Slice;
use crate::index::{Index, keys};
use crate::options::{OnProgress, Progress};
use crate::shared::Shared;
use crate::truth::{self, log, pool};
use crate::writer::queue::{Order, Queue};

/// How many resources a step looks at.
const LOOKED_AT: usize = 2048;

/// How many of them it extracts.
const EXTRACTED: usize = 128;

/// A step, for the writer to write.
pub(crate) struct IndexStep {
    /// The extractor that made it.
    pub(crate) identity: u64,
    /// The index that it was made of.
    pub(crate) index: Arc<Index>,
    /// What it began with.
    pub(crate) from: Custom,
    /// The last resource that was looked at; `None` when there are no more.
    pub(crate) to: Option<(Tenant, u64)>,
    pub(crate) renewed: Vec<Renewed>,
}

/// A resource whose entries were extracted again.
pub(crate) struct Renewed {
    pub(crate) tenant: Tenant,
    pub(crate) key: Key,
    pub(crate) head: Head,
    pub(crate) listed: Arc<Listed>,
}

/// What the thread works with.
pub(crate) struct Indexer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) extract: Arc<dyn Extract>,
    pub(crate) queue: Queue,
    pub(crate) on_step: OnProgress,
}

impl Indexer {
    /// Works whenever it is woken, until nobody can wake it any more.
    pub(crate) fn run(self, woken: &mpsc::Receiver<()>) {
        while woken.recv().is_ok() {
            if let Err(e) = self.finish() {
                tracing::error!("resources were not indexed by what was defined: {e}");
            }
        }
    }

    /// Goes through all that is left.
    fn finish(&self) -> Result<()> {
        let connection = pool::open_reader(&truth::path_in(&self.shared.directory))?;
        let mut told = 0;
        loop {
            let index = self.shared.index();
            let custom = Custom::of(&index)?;
            if custom.is_complete() {
                return Ok(());
            }
            let total = log::last_row(&connection)?;
            let progress = Progress { done: custom.upto.1.min(total), total };
            self.shared.show_indexing(Indexing { done: progress.done, total });
            (self.on_step)(progress);
            if progress.done * 10 / total.max(1) > told {
                told = progress.done * 10 / total.max(1);
                tracing::info!("search parameters of resources: {} % indexed", told * 10);
            }
            let step = match self.step(&connection, index, custom) {
                // What the index has of it is gone in a moment.
                Err(StoreError::Erased) => {
                    std::thread::sleep(Duration::from_millis(1));
                    continue;
                }
                step => step?,
            };
            let is_last = step.to.is_none();
            let (answer, answered) = oneshot::channel();
            if self.queue.send(Order::Index(Box::new(step), answer)).is_err() {
                return Ok(());
            }
            match answered.blocking_recv() {
                Ok(true) if is_last => tracing::info!("search parameters of resources: all is indexed"),
                // Otherwise something has changed meanwhile, and the next step begins with that.
                Ok(_) => {}
                Err(_) => return Ok(()),
            }
        }
    }

    fn step(&self, connection: &Connection, index: Arc<Index>, from: Custom) -> Result<IndexStep> {
        let identity = self.extract.identity();
        let mut renewed = Vec::new();
        let mut to = None;
        {
            let snapshot = index.snapshot();
            let first = Bound::Excluded(keys::resource(from.upto.0, from.upto.1));
            let range = (first, Bound::Excluded(keys::resources_end()));
            for guard in snapshot.at.range(range).take(LOOKED_AT) {
                let (key, value) = guard?;
                let (head, resource) = Head::decode_with(&value)?;
                let tenant = keys::tenant_of(&key)?;
                to = Some((tenant, head.resource));
                if head.is_deleted() || !self.is_concerned(&from, &snapshot.list(tenant, head.resource)?, &resource)? {
                    continue;
                }
                let text = match log::text(connection, &self.shared.bodies, head.row) {
                    // Nothing is to be found by what cannot be read.
                    Err(StoreError::Destroyed) => continue,
                    text => text?,
                };
                let (entries, date) = self.extract.extract(resource.kind, &text);
                let mut listed = index.listed(tenant, resource.kind, date, &entries)?;
                listed.name(head.resource);
                renewed.push(Renewed { tenant, key: resource, head, listed: Arc::new(listed) });
                if renewed.len() == EXTRACTED {
                    break;
                }
            }
        }
        Ok(IndexStep { identity, index, from, to, renewed })
    }

    /// Whether a resource, or one that it contains, is of a type that is gone through.
    fn is_concerned(&self, custom: &Custom, list: &Option<Slice>, key: &Key) -> Result<bool> {
        if custom.dirty.contains(&keys::kind_code(key.kind)) {
            return Ok(true);
        }
        let Some(list) = list else { return Ok(false) };
        let (_, entries) = listed::decode(list)?;
        let is_dirty =
            |value: &EntryValue| matches!(value, EntryValue::Contained { kind, .. } if custom.dirty.contains(&keys::kind_code(*kind)));
        Ok(entries.iter().any(|entry| is_dirty(&entry.value)))
    }
}
