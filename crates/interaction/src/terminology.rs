//! What the terminology engine keeps and works with in a server.

use std::sync::Arc;

use ::terminology::{Cache, NoTables, Tables, Terminology, TerminologyError};
use fhir::library::Library;

use crate::{Context, Error};

/// The code systems on disk, and what was compiled of all that there is.
pub struct Terms {
    tables: Arc<dyn Tables>,
    cache: Cache,
}

impl Default for Terms {
    /// Without code systems on disk.
    fn default() -> Self {
        Self::new(Arc::new(NoTables))
    }
}

impl Terms {
    /// With these code systems beside those that are resources.
    pub fn new(tables: Arc<dyn Tables>) -> Self {
        Self { tables, cache: Cache::default() }
    }

    /// An engine that knows these conformance resources. It is made for each request.
    pub fn engine<'a>(&'a self, library: &'a dyn Library) -> Terminology<'a> {
        Terminology::new(library, &*self.tables, &self.cache)
    }
}

impl Context {
    /// Does something with the terminology engine, on what is in force for the tenant. It takes processor time and waits for nothing.
    ///
    /// Fails as `work` does, or when the store cannot be read.
    pub async fn terminology<T>(&self, work: impl FnOnce(&Terminology<'_>) -> Result<T, TerminologyError>) -> Result<T, Error> {
        let library = self.server.library(self.tenant).await?;
        Ok(work(&self.server.terms.engine(&library))?)
    }
}
