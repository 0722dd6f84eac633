//! The run: the same resources in every engine, a search for each place of the matrix, then any searches; every answer is compared.

mod answer;
mod compare;
mod report;

use std::collections::BTreeMap;
use std::sync::Arc;

use fhir::definitions::ResourceType;
use search::Registry;

use crate::engines::{self, Engines};
use crate::matrix::{self, Cell};
use crate::oracle::Oracle;
use crate::queries::{Asker, Data};
use crate::random::Random;
use crate::resources::pool::BASE;
use crate::resources::{meaning, resources};

pub use report::{Hits, Report};

/// How often a place of the matrix is tried until a search has found something and passed something over.
const ATTEMPTS: u64 = 24;

/// How many tasks ask at once.
const WORKERS: usize = 4;

/// What is asked about, and whom.
pub struct World {
    pub(crate) seed: u64,
    pub(crate) engines: Engines,
    pub(crate) registry: Arc<Registry>,
    pub(crate) data: Data,
    pub(crate) oracle: Oracle,
}

impl World {
    /// The resources of `seed` in every engine: some of them with two versions, some deleted.
    ///
    /// # Panics
    /// When the engines differ, or refuse a resource.
    pub async fn new(seed: u64) -> Self {
        let engines = Engines::new();
        engines.write(&meaning::resources()).await;
        engines.write(&resources(seed)).await;
        let again: Vec<_> = resources(seed.wrapping_add(1 << 32)).into_iter().skip(3).step_by(7).collect();
        engines.write(&again).await;
        let kinds: Vec<ResourceType> = ResourceType::all().collect();
        let deleted: Vec<(&str, &str)> = kinds.iter().step_by(3).map(|kind| (kind.name(), "zz")).collect();
        engines.delete(&deleted).await;
        let registry = Registry::with_bases([BASE]).with_words(true);
        let mut data = Data::new(&registry);
        for kind in kinds {
            let (resources, is_whole) = engines::current(&engines, kind).await;
            data.add(kind, resources, is_whole);
        }
        Self { seed, engines, data, oracle: Oracle::new(), registry }
    }

    /// Asks about every place of the matrix, and then anything, `queries` times.
    ///
    /// # Panics
    /// When a task of its own does.
    pub async fn ask(self: Arc<Self>, queries: u64) -> Report {
        let mut cells: Vec<Cell> =
            matrix::cells(&self.registry).into_iter().filter(|(_, support)| support.is_ok()).map(|(cell, _)| cell).collect();
        Random::new(self.seed, u64::MAX).shuffle(&mut cells);
        let cells = Arc::new(cells);
        let mut report = self.clone().spread(|world, worker| world.about_cells(cells.clone(), worker)).await;
        report.add(self.ask_anything(queries).await);
        report
    }

    /// Asks anything, `queries` times.
    ///
    /// # Panics
    /// As [`World::ask`].
    pub async fn ask_anything(self: Arc<Self>, queries: u64) -> Report {
        self.spread(|world, worker| world.anything(queries, worker)).await
    }

    /// Does a task as many times as there are workers, at once.
    async fn spread<F>(self: Arc<Self>, task: impl Fn(Arc<Self>, usize) -> F) -> Report
    where
        F: Future<Output = Report> + Send + 'static,
    {
        let tasks: Vec<_> = (0..WORKERS).map(|worker| tokio::spawn(task(self.clone(), worker))).collect();
        let mut report = Report::default();
        for task in tasks {
            report.add(task.await.expect("a task that ends"));
        }
        report
    }

    /// The worker's part of the matrix.
    async fn about_cells(self: Arc<Self>, cells: Arc<Vec<Cell>>, worker: usize) -> Report {
        let mut report = Report::default();
        for (index, cell) in cells.iter().enumerate().skip(worker).step_by(WORKERS) {
            let mut hits = Hits::default();
            for attempt in 0..ATTEMPTS {
                let stream = (index as u64) * ATTEMPTS + attempt;
                let asker = Asker::new(&self.registry, &self.data, self.seed, stream);
                // What chance does not find is asked for.
                let mut asker = if hits.missed && !hits.matched { asker.sure() } else { asker };
                let Some(question) = asker.about(*cell) else { continue };
                let seen = self.compare(&question, false, &mut report).await;
                hits.add(cell, &seen, self.data.of(question.kind).len());
                if hits.is_complete() || report.is_full() {
                    break;
                }
            }
            report.cells.insert(*cell, hits);
        }
        report
    }

    /// The worker's part of `queries` searches.
    async fn anything(self: Arc<Self>, queries: u64, worker: usize) -> Report {
        let mut report = Report { cells: BTreeMap::new(), ..Report::default() };
        let mut stream = (1 << 40) + worker as u64;
        while report.queries < queries / WORKERS as u64 && !report.is_full() {
            let question = Asker::new(&self.registry, &self.data, self.seed, stream).anything();
            stream += WORKERS as u64;
            self.compare(&question, stream.is_multiple_of(3), &mut report).await;
        }
        report
    }
}
