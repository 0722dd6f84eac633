//! A bounded memory of those who were seen lately.

use std::collections::HashMap;

use store::commit::Tenant;

/// Whom it is of.
pub(super) type Name = (Tenant, Box<str>);

/// Two generations: who is seen is in the young one; when that is full it becomes the old one, and who was in the old one is forgotten.
pub(super) struct Recent<T> {
    young: HashMap<Name, T>,
    old: HashMap<Name, T>,
    /// How many one generation has at most.
    most: usize,
}

impl<T: Default> Recent<T> {
    /// A memory of at most `most` at once, and of half as many always.
    pub(super) fn new(most: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), most: (most / 2).max(1) }
    }

    /// What is remembered of somebody; of a stranger nothing yet.
    pub(super) fn get(&mut self, name: &Name) -> &mut T {
        if !self.young.contains_key(name) {
            let known = self.old.remove(name).unwrap_or_default();
            if self.young.len() >= self.most {
                self.old = std::mem::take(&mut self.young);
            }
            self.young.insert(name.clone(), known);
        }
        self.young.entry(name.clone()).or_default()
    }
}
