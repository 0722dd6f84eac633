//! Definitions of extensions that a library has, read once each.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use fhir::canonical::Canonical;
use fhir::library::Library;

use super::definition::Definition;

/// How many addresses are remembered: what clients make up must not fill the memory.
const MAX_ADDRESSES: usize = 4096;

/// What one library has about extensions, kept as long as it stays as it is ([`Library::generation`]). To be used with one library only.
#[derive(Default)]
pub struct Cache {
    kept: RwLock<Kept>,
}

/// The definitions by address, `None` where there is none, and the library's generation.
#[derive(Default)]
struct Kept {
    generation: u64,
    definitions: HashMap<Box<str>, Option<Arc<Definition>>>,
}

impl Cache {
    pub(super) fn find(&self, library: &dyn Library, url: &str) -> Option<Arc<Definition>> {
        let generation = library.generation();
        {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = kept.definitions.get(url).filter(|_| kept.generation == generation) {
                return found.clone();
            }
        }
        let found = read(library, url);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.generation != generation || kept.definitions.len() >= MAX_ADDRESSES {
            *kept = Kept { generation, definitions: HashMap::new() };
        }
        kept.definitions.insert(url.into(), found.clone());
        found
    }
}

/// The definition in the library.
pub(super) fn read(library: &dyn Library, url: &str) -> Option<Arc<Definition>> {
    let structure = library.find("StructureDefinition", &Canonical::parse(url))?;
    Definition::read(&structure).map(Arc::new)
}
