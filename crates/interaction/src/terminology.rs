//! What the terminology engine keeps and works with in a server: concept tables that are open, and what was compiled.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ::terminology::table::{Constraints, OpenTables};
use ::terminology::{Cache, Languages, Terminology, TerminologyError};
use concepts::Table;
use fhir::library::Library;

use crate::{Context, Error, Server};

/// What questions of terminology are answered with. It may be exchanged while questions are being answered.
#[derive(Default)]
pub(crate) struct Terms(RwLock<Arc<Known>>);

/// The concept tables that are open, and what was compiled of code systems and value sets while they were.
pub(crate) struct Known {
    tables: Vec<Arc<Table>>,
    open: OpenTables,
    constraints: Constraints,
    cache: Cache,
    generation: u64,
}

/// The next generation of tables; no two servers of a process have the same one.
static GENERATIONS: AtomicU64 = AtomicU64::new(1);

impl Default for Known {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Known {
    fn new(tables: Vec<Arc<Table>>) -> Self {
        let generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
        let (open, constraints) = (OpenTables::new(tables.iter().cloned(), generation), Constraints::new(tables.iter().cloned()));
        Self { tables, open, constraints, cache: Cache::new(), generation }
    }

    /// An engine that knows these conformance resources beside the tables. It is made for each request.
    pub(crate) fn engine<'a>(&'a self, library: &'a dyn Library) -> Terminology<'a> {
        Terminology::new(library, &self.open, &self.cache).with_ecl(&self.constraints)
    }

    /// The tables, in the order in which they were given.
    pub(crate) fn tables(&self) -> &[Arc<Table>] {
        &self.tables
    }

    /// A number that is another one whenever there are other tables.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }
}

impl Terms {
    /// What is known now. Whoever holds it goes on with the same tables, whatever comes after.
    pub(crate) fn known(&self) -> Arc<Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was compiled with other tables goes with them, and they are closed when the last question that they were asked is answered.
    fn replace(&self, tables: Vec<Arc<Table>>) {
        let known = Arc::new(Known::new(tables));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Server {
    /// Answers questions of terminology, and judges codes, by these tables in place of those of before. What is under way goes on with the ones that it
    /// has begun with.
    pub fn use_tables(&self, tables: impl IntoIterator<Item = Table>) {
        self.terms.replace(tables.into_iter().map(Arc::new).collect());
    }
}

impl Context {
    /// Does something with the terminology engine, on what is in force for the tenant. It takes processor time and waits for nothing.
    ///
    /// Fails as `work` does, or when the store cannot be read.
    pub async fn terminology<T>(&self, work: impl FnOnce(&Terminology<'_>) -> Result<T, TerminologyError>) -> Result<T, Error> {
        let library = self.server.library(self.tenant).await?;
        let languages = self.language.as_deref().and_then(Languages::parse);
        let known = self.server.terms.known();
        let engine = known.engine(&library);
        Ok(work(&languages.as_ref().map_or(engine, |languages| engine.with_languages(languages)))?)
    }
}
