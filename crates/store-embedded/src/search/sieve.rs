//! The entries in a range whose values pass a test.

use std::ops::Bound;

use super::access::Part;
use super::budget::Result;
use super::scan;
use super::stream::Tail;
use super::view::View;
use crate::index::keys;
use crate::index::tree::Pairs;

/// How many entries of a value that does not pass are read one by one, before the rest of them is passed over by a seek: that costs as much as
/// reading about ten.
const MOST_OF_ONE: u32 = 16;

/// What passes of a part, in the order of its keys. The entries of a value stand together: it is judged once, however many resources have it.
pub(crate) struct Sieve<'p, 'v> {
    view: &'v View<'v>,
    part: &'p Part,
    pairs: Pairs,
    /// The value that was met last, and whether it passes.
    value: Vec<u8>,
    passes: Option<bool>,
    /// How many entries of it were read although it does not pass.
    missed: u32,
}

/// A resource whose entry passes.
pub(crate) struct Passed {
    /// Its place in natural order.
    pub(crate) tail: Tail,
    /// Whether the key told so; otherwise its entries have to be looked at.
    pub(crate) is_sure: bool,
}

impl<'p, 'v> Sieve<'p, 'v> {
    /// Before the first entry of a part whose range is not empty by its bounds.
    pub(crate) fn new(view: &'v View<'v>, part: &'p Part) -> Self {
        let pairs = view.snapshot.at.range(part.range.clone());
        Self { view, part, pairs, value: Vec::new(), passes: None, missed: 0 }
    }

    /// The next entry that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Passed>> {
        while let Some(pair) = self.pairs.next() {
            self.view.budget.read()?;
            let key = pair?.0;
            let (value, tail) = keys::split_tail(&key)?;
            if *value != *self.value {
                self.value.clear();
                self.value.extend_from_slice(value);
                (self.passes, self.missed) = (self.part.passes(value), 0);
            }
            match self.passes {
                Some(false) => {
                    self.missed += 1;
                    if self.missed == MOST_OF_ONE && !self.pass_over() {
                        return Ok(None);
                    }
                }
                told => return Ok(Some(Passed { tail, is_sure: told.is_some() })),
            }
        }
        Ok(None)
    }

    /// Goes on behind the value that was met last; whether there can be more.
    fn pass_over(&mut self) -> bool {
        let Some(start) = scan::after(&self.value) else { return false };
        let range = (Bound::Included(start), self.part.range.1.clone());
        if scan::is_empty(&range) {
            return false;
        }
        self.pairs = self.view.snapshot.at.range(range);
        true
    }
}
