//! What follows from the search parameters in force, and is kept until these change.

use std::sync::{PoisonError, RwLock};

use ::search::Registry;
use store::contract::Extract;

/// Something that is made when somebody first asks for it, and again when other search parameters are in force.
pub struct Kept<T>(RwLock<Option<(u64, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T: Clone> Kept<T> {
    /// What follows from this registry: kept, or made now. Two who ask at the same time may both make it.
    pub fn get(&self, registry: &Registry, make: impl FnOnce() -> T) -> T {
        let identity = registry.identity();
        if let Some((of, made)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *of == identity
        {
            return made.clone();
        }
        let made = make();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((identity, made.clone()));
        made
    }
}
