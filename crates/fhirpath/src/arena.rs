//! A place for values that an evaluation makes.

use std::cell::OnceCell;

use fhir::Value;

/// Keeps the values that `%factory` makes for as long as the items that point to them live. It belongs to the caller, since the items
/// outlive the evaluation.
#[derive(Default)]
pub struct Arena {
    first: OnceCell<Box<Kept>>,
}

struct Kept {
    value: Value,
    next: OnceCell<Box<Kept>>,
}

impl Arena {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a value.
    pub(crate) fn keep(&self, value: Value) -> &Value {
        let mut place = &self.first;
        while let Some(kept) = place.get() {
            place = &kept.next;
        }
        &place.get_or_init(|| Box::new(Kept { value, next: OnceCell::new() })).value
    }
}

impl Drop for Arena {
    /// Takes the chain apart link by link: dropping it as a whole would recurse as deep as it is long.
    fn drop(&mut self) {
        let mut next = self.first.take();
        while let Some(mut kept) = next {
            next = kept.next.take();
        }
    }
}
