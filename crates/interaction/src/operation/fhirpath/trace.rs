//! What `trace()` is called with, as parts of the result.

use std::cell::RefCell;

use ::fhirpath::{Item, Tracer};
use fhir::{Object, Value};

use super::parts::part;

/// More items are not told of.
const MAX_TRACED: usize = 1000;

/// What was traced since it was last asked for.
#[derive(Default)]
pub(super) struct Traces {
    heard: RefCell<Vec<Value>>,
    items: RefCell<usize>,
}

impl Traces {
    /// A part for each call, and starts anew.
    pub(super) fn take(&self) -> Vec<Value> {
        self.heard.take()
    }
}

impl Tracer for Traces {
    fn trace(&self, name: &str, items: &[Item<'_>]) {
        let left = MAX_TRACED.saturating_sub(*self.items.borrow());
        *self.items.borrow_mut() += items.len() + 1;
        if left == 0 {
            return;
        }
        let mut traced = Object::from_iter([("name", Value::from("trace")), ("valueString", name.into())]);
        let parts: Vec<Value> = items.iter().take(left).map(|item| part(item, None)).collect();
        if !parts.is_empty() {
            traced.push("part", parts);
        }
        self.heard.borrow_mut().push(traced.into());
    }
}
