//! The engine: where it finds what it works with, and what it keeps compiled.

use std::sync::Arc;

use fhir::library::Library;

use crate::cache::Cache;
use crate::language::Languages;
use crate::system::{Rows, System};

/// Code systems that are not CodeSystem resources: tables on disk.
pub trait Tables: Send + Sync {
    /// The versions that there are of a code system, in any order; none when it is not known.
    fn versions(&self, url: &str) -> Vec<Option<Box<str>>>;

    /// The code system of this address and exactly this version.
    fn open(&self, url: &str, version: Option<&str>) -> Option<Arc<dyn System>>;

    /// The addresses of all of them, each once, in any order.
    fn urls(&self) -> Vec<Box<str>> {
        Vec::new()
    }

    /// The code system whose concepts, all of them, a value set of this address has.
    fn with_value_set(&self, _value_set: &str) -> Option<Box<str>> {
        None
    }

    /// A number that is another one whenever there are other tables, as [`Library::generation`] is.
    fn generation(&self) -> u64 {
        0
    }
}

/// No tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTables;

impl Tables for NoTables {
    fn versions(&self, _url: &str) -> Vec<Option<Box<str>>> {
        Vec::new()
    }

    fn open(&self, _url: &str, _version: Option<&str>) -> Option<Arc<dyn System>> {
        None
    }
}

/// Evaluates SNOMED CT's Expression Constraint Language.
pub trait Ecl: Send + Sync {
    /// The concepts that an expression describes.
    ///
    /// # Errors
    /// What is wrong with the expression, or what the system lacks, in a sentence.
    fn select(&self, system: &dyn System, expression: &str) -> Result<Rows, String>;
}

/// What an operation may take at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Codes in an expansion that is not paged.
    pub expansion: usize,
    /// Codes that are looked at to make one, in value sets that it includes too.
    pub work: usize,
    /// Levels of value sets that include value sets.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { expansion: 1_000, work: 2_000_000, depth: 40 }
    }
}

/// The engine. It is made for each request, which costs nothing; what lasts is in the [`Cache`].
#[derive(Clone, Copy)]
pub struct Terminology<'a> {
    pub(crate) library: &'a dyn Library,
    pub(crate) tables: &'a dyn Tables,
    pub(crate) cache: &'a Cache,
    pub(crate) ecl: Option<&'a dyn Ecl>,
    pub(crate) limits: Limits,
    pub(crate) languages: Option<&'a Languages>,
}

impl<'a> Terminology<'a> {
    /// An engine that finds resources in `library` and big code systems in `tables`.
    pub fn new(library: &'a dyn Library, tables: &'a dyn Tables, cache: &'a Cache) -> Self {
        Self { library, tables, cache, ecl: None, limits: Limits::default(), languages: None }
    }

    /// A number that is another one whenever something else can be found.
    pub(crate) fn generation(&self) -> u64 {
        // Either changing changes it, and they do not make up for each other.
        self.library.generation().wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(self.tables.generation())
    }

    /// Sets who evaluates ECL. Without it filters and implicit value sets that have an expression are errors.
    pub fn with_ecl(mut self, ecl: &'a dyn Ecl) -> Self {
        self.ecl = Some(ecl);
        self
    }

    /// Sets the languages that who asks prefers (`Accept-Language`): they count where the parameters of a request name none.
    pub fn with_languages(mut self, languages: &'a Languages) -> Self {
        self.languages = Some(languages);
        self
    }

    /// Sets the limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
