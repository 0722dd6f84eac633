//! Entries in natural order: newest first, then youngest first.
//!
//! What follows a value in the keys of `entries` is the resource's place in that order (its *tail*), so that the
//! entries of one value come in order by themselves, and those of several are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Bound;

use fjall::Readable;

use super::access::Range;
use super::budget::Result;
use super::scan;
use super::view::View;
use crate::index::keys::{self, TAIL};

/// A resource's place in natural order: date and number, both inverted.
pub(crate) type Tail = [u8; TAIL];

/// The resources that have one of some values, in natural order, each once.
pub(crate) struct Merge {
    sources: Vec<fjall::Iter>,
    /// What each source has next; the first of all on top.
    heads: BinaryHeap<Reverse<(Tail, usize)>>,
    last: Option<Tail>,
}

impl Merge {
    /// From behind `after` on, or from the start.
    pub(crate) fn new(view: &View<'_>, values: &[Vec<u8>], after: Option<Tail>) -> Result<Self> {
        let mut merge = Self { sources: Vec::with_capacity(values.len()), heads: BinaryHeap::new(), last: None };
        for value in values {
            let (start, end) = scan::below(value);
            let start = match after {
                Some(tail) => Bound::Excluded([value, &tail[..]].concat()),
                None => start,
            };
            merge.sources.push(view.snapshot.at.range(&view.snapshot.index.entries, (start, end)));
            merge.advance(merge.sources.len() - 1)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, source: usize) -> Result<()> {
        if let Some(guard) = self.sources.get_mut(source).and_then(Iterator::next) {
            let (_, tail) = keys::split_tail(&guard.key()?)?;
            self.heads.push(Reverse((tail, source)));
        }
        Ok(())
    }

    /// The next resource.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        while let Some(Reverse((tail, source))) = self.heads.pop() {
            self.advance(source)?;
            if self.last != Some(tail) {
                self.last = Some(tail);
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }
}

/// The different values that begin so, in order; `None` when there are more than `most`.
pub(crate) fn distinct(view: &View<'_>, prefix: &[u8], most: usize) -> Result<Option<Vec<Vec<u8>>>> {
    let (mut start, end) = scan::below(prefix);
    let mut values = Vec::new();
    while let Some(guard) = view.snapshot.at.range(&view.snapshot.index.entries, (start.clone(), end.clone())).next() {
        view.budget.step()?;
        let key = guard.key()?;
        let (value, _) = keys::split_tail(&key)?;
        if values.len() == most {
            return Ok(None);
        }
        values.push(value.to_vec());
        match scan::after(value) {
            Some(next) => start = Bound::Included(next),
            None => break,
        }
        if scan::is_empty(&(start.clone(), end.clone())) {
            break;
        }
    }
    Ok(Some(values))
}

/// The tails of all entries in the ranges, in natural order, each once; `None` when there are more than `most`.
pub(crate) fn collect(view: &View<'_>, ranges: &[Range], most: usize) -> Result<Option<Vec<Tail>>> {
    let mut tails: Vec<Tail> = Vec::new();
    let tidy = |tails: &mut Vec<Tail>| {
        tails.sort_unstable();
        tails.dedup();
        tails.len() <= most
    };
    for range in ranges.iter().filter(|range| !scan::is_empty(range)) {
        for guard in view.snapshot.at.range(&view.snapshot.index.entries, range.clone()) {
            view.budget.step()?;
            let key = guard.key()?;
            tails.push(keys::split_tail(&key)?.1);
            // A resource may have many entries in a range: they count once, and are dropped now and then.
            if tails.len() > most.saturating_mul(2) && !tidy(&mut tails) {
                return Ok(None);
            }
        }
    }
    Ok(tidy(&mut tails).then_some(tails))
}
