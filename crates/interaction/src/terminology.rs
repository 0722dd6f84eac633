//! What the terminology engine keeps and works with in a server.

use ::terminology::{Cache, Languages, NoTables, Terminology, TerminologyError};
use fhir::library::Library;

use crate::{Context, Error};

/// What was compiled of the code systems and value sets that there are.
#[derive(Default)]
pub(crate) struct Terms {
    cache: Cache,
}

impl Terms {
    /// An engine that knows these conformance resources. It is made for each request.
    pub(crate) fn engine<'a>(&'a self, library: &'a dyn Library) -> Terminology<'a> {
        Terminology::new(library, &NoTables, &self.cache)
    }
}

impl Context {
    /// Does something with the terminology engine, on what is in force for the tenant. It takes processor time and waits for nothing.
    ///
    /// Fails as `work` does, or when the store cannot be read.
    pub async fn terminology<T>(&self, work: impl FnOnce(&Terminology<'_>) -> Result<T, TerminologyError>) -> Result<T, Error> {
        let library = self.server.library(self.tenant).await?;
        let languages = self.language.as_deref().and_then(Languages::parse);
        let engine = self.server.terms.engine(&library);
        Ok(work(&languages.as_ref().map_or(engine, |languages| engine.with_languages(languages)))?)
    }
}
