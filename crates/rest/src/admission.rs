//! Who is let in: for each class of requests, so many are worked on at once, so many wait, each for so long, and the others are told to come
//! back.
//!
//! A read by id is answered faster than it could be queued: reads are let in as they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use interaction::table::Interaction;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::failure::Failure;
use crate::settings::Settings;

/// Requests that do the same kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Searches and histories.
    Search,
    /// Writes of one resource, or of those that match.
    Write,
    /// Operations and GraphQL.
    Operation,
    /// Batches and transactions.
    Bundle,
}

impl Class {
    /// The class of an interaction; `None`: it is let in as it comes.
    fn of(interaction: Interaction) -> Option<Self> {
        match interaction {
            Interaction::Read | Interaction::Vread | Interaction::Capabilities => None,
            Interaction::SearchSystem
            | Interaction::SearchType
            | Interaction::SearchCompartment
            | Interaction::SearchSystemPost
            | Interaction::SearchTypePost
            | Interaction::SearchCompartmentPost
            | Interaction::HistoryInstance
            | Interaction::HistoryType
            | Interaction::HistorySystem => Some(Class::Search),
            Interaction::Create
            | Interaction::Update
            | Interaction::ConditionalUpdate
            | Interaction::Patch
            | Interaction::ConditionalPatch
            | Interaction::Delete
            | Interaction::ConditionalDelete => Some(Class::Write),
            Interaction::Operation | Interaction::GraphQl | Interaction::GraphQlPost => Some(Class::Operation),
            Interaction::Process => Some(Class::Bundle),
        }
    }
}

/// The gates, one for each class.
pub(crate) struct Admission {
    gates: [Gate; 4],
}

/// The gate of a class.
pub(crate) struct Gate {
    /// The class, as metrics and refusals name it.
    pub(crate) name: &'static str,
    places: Arc<Semaphore>,
    most: usize,
    queue: Semaphore,
    wait: Duration,
    waiting: AtomicUsize,
    shed: AtomicU64,
}

/// A request's place among those that are worked on.
pub(crate) type Place = Option<OwnedSemaphorePermit>;

impl Admission {
    pub(crate) fn new(settings: &Settings) -> Self {
        let gate = |name, most| Gate::new(name, most, settings.max_queued, settings.queue_timeout);
        Self {
            gates: [
                gate("searches", settings.max_searches),
                gate("writes", settings.max_writes),
                gate("operations", settings.max_operations),
                gate("bundles", settings.max_bundles),
            ],
        }
    }

    /// A place for a request, at once or after a while in the queue. [`Failure::Overloaded`] when the queue is full, or its time over.
    pub(crate) async fn enter(&self, interaction: Interaction) -> Result<Place, Failure> {
        let Some(class) = Class::of(interaction) else { return Ok(None) };
        let [searches, writes, operations, bundles] = &self.gates;
        let gate = match class {
            Class::Search => searches,
            Class::Write => writes,
            Class::Operation => operations,
            Class::Bundle => bundles,
        };
        gate.enter().await.map(Some)
    }

    pub(crate) fn gates(&self) -> &[Gate] {
        &self.gates
    }
}

impl Gate {
    fn new(name: &'static str, most: usize, queued: usize, wait: Duration) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let queue = Semaphore::new(queued.min(Semaphore::MAX_PERMITS));
        let places = Arc::new(Semaphore::new(most));
        Self { name, places, most, queue, wait, waiting: AtomicUsize::new(0), shed: AtomicU64::new(0) }
    }

    async fn enter(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let entered = match self.queue.try_acquire() {
            Ok(_queued) => {
                let _waiting = Waiting::begin(&self.waiting);
                tokio::time::timeout(self.wait, self.places.clone().acquire_owned()).await.ok().and_then(Result::ok)
            }
            Err(_) => None,
        };
        entered.ok_or_else(|| {
            self.shed.fetch_add(1, Ordering::Relaxed);
            Failure::Overloaded { of: self.name }
        })
    }

    /// How many are worked on, how many wait, and how many were told to come back.
    pub(crate) fn figures(&self) -> (usize, usize, u64) {
        let at_work = self.most.saturating_sub(self.places.available_permits());
        (at_work, self.waiting.load(Ordering::Relaxed), self.shed.load(Ordering::Relaxed))
    }
}

/// One that waits, until this is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
