//! What follows from what is in force (search parameters, guides), and is kept until that changes.

use std::sync::{PoisonError, RwLock};

/// Something that is made when somebody first asks for it, and again when it is to follow from something else.
pub struct Kept<T>(RwLock<Option<(u64, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T: Clone> Kept<T> {
    /// What follows from what has this identity, as a registry of search parameters has one: kept, or made now. Two who ask at the same time may both
    /// make it.
    pub fn get(&self, identity: u64, make: impl FnOnce() -> T) -> T {
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
