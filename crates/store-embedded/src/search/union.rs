//! The resources of several types that pass, in one order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use store::query::{Step, Subject};

use super::budget::Result;
use super::passing::Passing;
use super::stream::Tail;
use super::view::View;
use super::window::{Direction, Window};

/// What passes of all types that are asked for, in natural order or from its end, one at a time.
pub(crate) struct Union<'v> {
    parts: Vec<Passing<'v>>,
    /// What each type has next; what is met first on top.
    heads: BinaryHeap<Reverse<(Tail, usize)>>,
    /// The types whose next one is not known: a type is looked into no further than is needed.
    open: Vec<usize>,
    direction: Direction,
}

impl<'v> Union<'v> {
    /// What lies in the window, in its direction.
    pub(crate) fn new(view: &'v View<'v>, subjects: &'v [Subject], window: Window) -> Result<Self> {
        let parts = subjects.iter().map(|subject| Passing::new(view, subject.kind, &subject.filter, window)).collect::<Result<Vec<_>>>()?;
        let open = (0..parts.len()).collect();
        Ok(Self { parts, heads: BinaryHeap::new(), open, direction: window.direction })
    }

    /// The next that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        for place in std::mem::take(&mut self.open) {
            if let Some(part) = self.parts.get_mut(place)
                && let Some(tail) = part.next()?
            {
                self.heads.push(Reverse((self.direction.key(tail), place)));
            }
        }
        let Some(Reverse((key, place))) = self.heads.pop() else {
            return Ok(None);
        };
        self.open.push(place);
        Ok(Some(self.direction.key(key)))
    }

    /// What passed of the resources that were written since the moment of the search, as long as nothing was asked for.
    pub(crate) fn rewound(&self) -> impl Iterator<Item = Tail> {
        self.parts.iter().flat_map(Passing::rewound)
    }

    /// How many more there are: [`Passing::count`].
    pub(crate) fn count(&mut self, is_estimate: bool) -> Result<u64> {
        let mut total = self.heads.drain().count() as u64;
        for part in &mut self.parts {
            total += part.count(is_estimate)?;
        }
        Ok(total)
    }

    /// Whether few candidates are looked at, however many are asked for.
    pub(crate) fn is_small(&mut self) -> Result<bool> {
        for part in &mut self.parts {
            if !part.is_small()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What was done for each type.
    pub(crate) fn explain(&self) -> Vec<Step> {
        self.parts.iter().flat_map(Passing::explain).collect()
    }
}
